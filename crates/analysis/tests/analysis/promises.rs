//! Each kind of promise: held, broken or not decided, at the right moment and by the right record.

use topology::{
    ClientId, Expression, LossReason, MessageKind, Operator, Place, Promise, Record, RecordKind, Term,
};

use crate::tape::{PAID, PAYMENT, SEEN, SHIPPED, STALENESS, Tape, at, fact, plan, route};

const ANSWERED: RecordKind = RecordKind::CaseAnswered;

fn tape(promise: Promise) -> Tape {
    Tape::new(&plan(&[promise]))
}

#[test]
fn a_charge_by_an_amount_counts_as_a_second_one() {
    let mut tape = tape(Promise::Never(Expression::compare(Term::Fact(PAID), Operator::Above, 5)));
    let (one, other) = (tape.starts(0), tape.starts(0));
    tape.set(10, one, PAID, (0, 5));
    tape.set(10, other, PAID, (0, 3));
    assert_eq!(tape.broken_by(), (Some(true), vec![]));
    let second = tape.set(20, other, PAID, (3, 6));
    tape.set(30, other, PAID, (6, 7));
    assert_eq!(tape.broken_by(), (Some(false), vec![(20.0, other, second)]), "once for each case");
    assert_eq!(tape.fold.facts()[..], [12, 0]);
    assert_eq!(tape.fold.fact_cases()[0], (2, 1), "two cases are paid, one of them was set again");
}

#[test]
fn what_customers_were_told_is_no_change() {
    let paid = fact(PAID);
    let mut tape =
        tape(Promise::Always(Expression::Term(Term::Answered).with(Operator::Implies, paid.clone())));
    let (paid, unpaid) = (tape.starts(0), tape.starts(0));
    tape.set(10, paid, PAID, (0, 1));
    tape.add(20, paid, ANSWERED);
    let yes = tape.add(30, unpaid, ANSWERED);
    tape.set(40, unpaid, PAID, (0, 1));
    assert_eq!(tape.broken_by(), (Some(false), vec![(30.0, unpaid, yes)]));
}

#[test]
fn a_storm_of_messages_is_mistaken_for_copies() {
    let mut tape = tape(Promise::Never(Expression::compare(Term::Messages, Operator::Above, 2)));
    let (calm, storm) = (tape.starts(0), tape.starts(0));
    for case in [calm, storm] {
        tape.sends(1, case, MessageKind::Command, Place::Client(ClientId(0)));
        tape.sends(2, case, MessageKind::Event, PAYMENT);
    }
    tape.sends(3, calm, MessageKind::Reply, PAYMENT);
    let queue = Place::Channel(topology::ChannelId(0));
    tape.sends(4, calm, MessageKind::Event, queue);
    assert_eq!(tape.broken_by().0, Some(true));
    let third = tape.sends(5, storm, MessageKind::Event, PAYMENT);
    assert_eq!(tape.broken_by().1, [(5.0, storm, third)]);
}

#[test]
fn a_measure_or_what_is_kept_for_a_case_is_not_looked_at() {
    let stale = Promise::Never(Expression::compare(Term::Figure(STALENESS), Operator::Above, 100));
    let negative = Promise::Never(Expression::compare(Term::Cell(SEEN), Operator::Below, 0));
    let mut tape = Tape::new(&plan(&[stale, negative]));
    let case = tape.starts(0);
    for (millis, value) in [(1, 100), (2, 101)] {
        tape.add(millis, case, RecordKind::Measured { figure: STALENESS, value });
    }
    let below = tape.stores(3, case, SEEN, (Record::NONE, -1));
    let first = |check: usize| tape.fold.checks()[check].first().unwrap();
    assert_eq!((first(0).record, first(0).at), (3, at(2)));
    assert_eq!((first(1).record, first(1).at), (below, at(3)));
    let figure = tape.fold.figures().remove(0);
    assert_eq!((figure.name.as_str(), figure.count, figure.max), ("staleness", 2, Some(101)));
    assert_eq!((figure.p50, figure.p99, figure.mean), (Some(100), Some(101), Some(100.5)));
}

fn paid_then_shipped() -> Promise {
    Promise::Finally(fact(PAID).with(Operator::Implies, fact(SHIPPED)))
}

#[test]
fn an_order_that_is_still_on_its_way_breaks_a_promise_about_its_end() {
    let mut tape = tape(paid_then_shipped());
    let case = tape.starts(0);
    tape.set(10, case, PAID, (0, 1));
    assert_eq!((tape.check().held, tape.check().undecided), (None, 1));
    tape.set(20, case, SHIPPED, (0, 1));
    tape.ends(30, case);
    assert_eq!((tape.check().held, tape.check().undecided), (Some(true), 0));
}

#[test]
fn what_is_missing_at_the_end_is_blamed_on_another_record() {
    let mut tape = tape(paid_then_shipped());
    let case = tape.starts(0);
    let paid = tape.set(10, case, PAID, (0, 1));
    tape.add(15, case, RecordKind::Queued);
    tape.ends(30, case);
    assert_eq!(tape.broken_by(), (Some(false), vec![(30.0, case, paid)]));
    let case = tape.starts(40);
    tape.set(50, case, PAID, (0, 1));
    let answered = tape.add(60, case, ANSWERED);
    tape.ends(70, case);
    assert_eq!(tape.broken_by().1[1], (70.0, case, answered));
}

#[test]
fn a_case_to_which_nothing_ever_happened_ends_unseen() {
    let mut tape = tape(Promise::Finally(fact(PAID)));
    let case = tape.starts(0);
    let ended = tape.ends(30, case);
    assert_eq!(tape.broken_by(), (Some(false), vec![(30.0, case, ended)]));
}

#[test]
fn a_broken_promise_waits_for_the_cases_that_are_open() {
    let mut tape = tape(Promise::Finally(fact(PAID)));
    let case = tape.starts(0);
    tape.starts(0);
    tape.ends(30, case);
    assert_eq!((tape.check().held, tape.check().undecided), (Some(false), 1));
}

fn within(millis: u64) -> Promise {
    Promise::Within { span: kernel::Span::from_millis(millis), reach: vec![PAID, SHIPPED] }
}

#[test]
fn time_alone_breaks_no_promise() {
    let mut tape = tape(within(100));
    let case = tape.starts(5);
    tape.set(10, case, PAID, (0, 1));
    tape.add(20, case, ANSWERED);
    assert_eq!(tape.passes(104).broken_by(), (None, vec![]));
    assert_eq!(tape.passes(105).broken_by(), (Some(false), vec![(105.0, case, 0)]));
    tape.set(106, case, SHIPPED, (0, 1));
    assert_eq!(tape.passes(999).broken_by(), (Some(false), vec![(105.0, case, 0)]));
}

#[test]
fn the_very_last_moment_is_too_late() {
    let mut tape = tape(within(100));
    let case = tape.starts(0);
    tape.add(20, case, ANSWERED);
    tape.set(100, case, PAID, (0, 1));
    tape.set(100, case, SHIPPED, (0, 1));
    assert_eq!(tape.passes(100).broken_by(), (Some(true), vec![]));
}

#[test]
fn a_case_that_is_over_is_forgotten_before_its_time_is_up() {
    let mut tape = tape(within(100));
    let case = tape.starts(0);
    tape.add(20, case, ANSWERED);
    tape.ends(21, case);
    assert_eq!(tape.check().undecided, 1);
    // Others come and go in the meantime, and take their rooms.
    for millis in 30..60 {
        let other = tape.starts(millis);
        tape.set(millis, other, PAID, (0, 1));
        tape.set(millis, other, SHIPPED, (0, 1));
        tape.add(millis, other, ANSWERED);
        tape.ends(millis, other);
    }
    assert_eq!(tape.passes(5000).broken_by(), (Some(false), vec![(100.0, case, 0)]));
}

#[test]
fn whoever_waits_too_long_is_told_yes_for_nothing() {
    let mut tape = tape(within(100));
    let (yes, no, waits) = (tape.starts(0), tape.starts(1), tape.starts(2));
    assert_eq!((tape.passes(500).check().held, tape.check().undecided), (None, 3));
    let answered = tape.add(600, yes, ANSWERED);
    tape.add(600, no, RecordKind::CaseRefused);
    assert_eq!(tape.broken_by(), (Some(false), vec![(600.0, yes, answered)]));
    assert_eq!(tape.check().undecided, 1, "{waits} still waits");
    tape.add(700, waits, RecordKind::CaseGaveUp);
    assert_eq!(tape.check().undecided, 0);
}

#[test]
fn a_message_out_of_order_elsewhere_counts() {
    let mut tape = tape(Promise::Ordered(PAYMENT));
    let case = tape.starts(0);
    let shipping = Place::Service(topology::ServiceId(1));
    tape.add_at(shipping, 10, case, RecordKind::OutOfOrder);
    assert_eq!(tape.broken_by().0, Some(true));
    let first = tape.add(20, case, RecordKind::OutOfOrder);
    let second = tape.add(30, case, RecordKind::OutOfOrder);
    assert_eq!(tape.broken_by(), (Some(false), vec![(20.0, case, first), (30.0, case, second)]));
}

/// Whether a loss at a place, on a way, breaks the promise that nothing is lost at the queue and at shipping.
fn lossless(at: &str, (from, to): (&str, &str), reason: LossReason, missed: bool) -> [bool; 2] {
    let places = ["queue", "shipping"].map(|name| plan(&[]).place_named(name).unwrap());
    let plan = plan(&places.map(Promise::Lossless));
    let mut tape = Tape::new(&plan);
    let case = tape.starts(0);
    let kind = RecordKind::Lost { reason, route: route(&plan, from, to), missed };
    tape.add_at(plan.place_named(at).unwrap(), 10, case, kind);
    let checks = tape.fold.checks();
    [checks[0].held == Some(false), checks[1].held == Some(false)]
}

#[test]
fn a_loss_is_charged_to_the_wrong_place() {
    let (network, crash) = (LossReason::Network, LossReason::Crash);
    assert_eq!(lossless("payment", ("payment", "queue"), network, true), [true, false], "on the way there");
    assert_eq!(lossless("queue", ("queue", "shipping"), network, true), [true, true], "handed out by it");
    assert_eq!(lossless("shipping", ("queue", "shipping"), crash, true), [true, true], "in its hands");
    assert_eq!(lossless("payment", ("shopper", "payment"), crash, true), [false, false], "elsewhere");
    let away = LossReason::SubscriberAway;
    assert_eq!(lossless("shipping", ("payment", "queue"), away, true), [true, true], "while it was away");
    assert_eq!(lossless("shipping", ("shipping", "queue"), network, true), [true, false], "what it sends");
    assert_eq!(lossless("queue", ("queue", "shipping"), network, false), [false, false], "not missed");
}

#[test]
fn what_was_put_aside_is_not_missed() {
    let queue = Place::Channel(topology::ChannelId(0));
    let mut tape = tape(Promise::Lossless(queue));
    let case = tape.starts(0);
    let reason = channel::DeadLetterReason::Rejected;
    let aside = tape.add_at(queue, 10, case, RecordKind::DeadLettered { reason });
    assert_eq!(tape.broken_by(), (Some(false), vec![(10.0, case, aside)]));
}

#[test]
fn a_promise_that_is_broken_for_ever_fills_the_memory() {
    let mut tape = tape(Promise::Never(fact(PAID)));
    for millis in 0..500 {
        let case = tape.starts(millis);
        tape.set(millis, case, PAID, (0, 1));
    }
    let check = tape.check();
    assert_eq!((check.violations, check.broken_by.len()), (500, analysis::CheckState::SHOWN_MAX));
    assert_eq!(check.broken_by[99].case, 99, "the first are kept");
}
