//! Promises and figures, on runs whose outcome is known.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod memory;
mod naive;
mod promises;
mod runs;
mod tape;
mod totals;
mod why;

use std::sync::Arc;

use analysis::{CheckState, Fold, Summary, sentence};
use kernel::{Distribution, Span, Time};
use topology::{
    Act, Arrivals, Check, Client, Expression, FactId, Flow, Link, Operator, Place, Plan, PlanBuilder,
    Promise, RecordKind, Service, ServiceId, Target, Term, World,
};

fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

/// One service that works 100 ms on each of these requests and then does what `flow` says.
fn plan(
    at: &[u64],
    flow: impl FnOnce(FactId, Flow) -> Flow,
    promise: impl FnOnce(FactId) -> Promise,
) -> PlanBuilder {
    let mut plan = PlanBuilder::new("test", Time::ZERO + millis(10_000));
    plan.default_link(Link::with_latency(Distribution::constant(Span::ZERO)));
    let service = plan.service(Service::named("payment").work(Distribution::constant(millis(100))));
    let (charge, paid) = (plan.message_type("charge"), plan.fact("paid"));
    let arrivals = Arrivals::Times { at: at.iter().copied().map(millis).collect() };
    plan.client(Client::named("shopper", arrivals, charge, Target::Service(service)));
    plan.handler(service, charge, flow(paid, Flow::new().work()));
    plan.check(Check { name: "the promise".into(), why: String::new(), promise: promise(paid) });
    plan
}

fn run(plan: Arc<Plan>, until: u64) -> (World, Summary) {
    let mut fold = Fold::new(&plan);
    let mut world = World::new(plan, 1).record();
    world.run_until(Time::ZERO + millis(until));
    world.records().iter().for_each(|record| fold.take(record));
    let summary = Summary::of(&world, &mut fold);
    (world, summary)
}

fn check_of(plan: PlanBuilder, until: u64) -> CheckState {
    run(plan.build().unwrap(), until).1.checks.remove(0)
}

fn twice(fact: FactId) -> Promise {
    Promise::Never(Expression::compare(Term::Fact(fact), Operator::Above, 1))
}

#[test]
fn a_double_charge_goes_unnoticed() {
    let check = check_of(plan(&[0, 500], |paid, flow| flow.set(paid).set(paid), twice), 1000);
    assert_eq!((check.held, check.violations), (Some(false), 2));
    let first = check.first().unwrap();
    assert_eq!((first.at.millis(), first.case), (100.0, 0));
    assert!(first.record > 0);
}

#[test]
fn an_honest_run_breaks_a_promise() {
    let check = check_of(plan(&[0, 500], |paid, flow| flow.set(paid), twice), 1000);
    assert_eq!((check.held, check.violations, check.first()), (Some(true), 0, None));
}

fn within(span: u64) -> impl FnOnce(FactId) -> Promise {
    move |paid| Promise::Within { span: millis(span), reach: vec![paid] }
}

#[test]
fn a_promise_is_decided_before_its_time() {
    let slow = |paid, flow: Flow| flow.reply().work_for(Distribution::constant(millis(400))).set(paid);
    assert_eq!(check_of(plan(&[0], slow, within(600)), 300).held, None);
    assert_eq!(check_of(plan(&[0], slow, within(600)), 700).held, Some(true));
    let broken = check_of(plan(&[0], slow, within(450)), 460);
    assert_eq!(broken.held, Some(false));
    assert_eq!(broken.first().unwrap().at.millis(), 450.0);
}

#[test]
fn a_fact_that_comes_too_late_heals_a_broken_promise() {
    let slow = |paid, flow: Flow| flow.reply().work_for(Distribution::constant(millis(400))).set(paid);
    assert_eq!(check_of(plan(&[0], slow, within(450)), 9000).violations, 1);
}

#[test]
fn a_yes_after_the_time_was_up_is_not_counted() {
    // The customer is answered after 500 ms, and had been promised the fact within 200 ms.
    let late = |paid, flow: Flow| flow.work_for(Distribution::constant(millis(400))).set(paid).reply();
    assert_eq!(check_of(plan(&[0], late, within(200)), 300).held, None);
    assert_eq!(check_of(plan(&[0], late, within(200)), 9000).held, Some(false));
}

#[test]
fn a_refused_customer_was_promised_something() {
    let refuse = |_, flow: Flow| flow.fail();
    let check = check_of(plan(&[0, 300], refuse, within(450)), 9000);
    assert_eq!((check.held, check.violations), (Some(true), 0));
}

#[test]
fn an_implication_is_looked_at_only_in_the_end() {
    let promise = |paid| {
        let twice = Expression::compare(Term::Fact(paid), Operator::AtLeast, 2);
        Promise::Always(Expression::holds(paid).with(Operator::Implies, twice))
    };
    // After the first `set` the promise is broken, though the second mends it.
    let check = check_of(plan(&[0], |paid, flow| flow.set(paid).set(paid), promise), 1000);
    assert_eq!(check.held, Some(false));
}

#[test]
fn the_figures_disagree_with_what_happened() {
    let (_, summary) = run(plan(&[0, 50, 500], |paid, flow| flow.set(paid), twice).build().unwrap(), 1000);
    assert_eq!((summary.cases.started, summary.cases.answered, summary.cases.done), (3, 3, 3));
    assert_eq!(summary.facts, [("paid".into(), 3, 3, 0)]);
    // 100 ms, 150 ms (it waits 50 ms for the worker), 100 ms.
    assert_eq!(summary.response.p50, Some(millis(100)));
    assert_eq!(summary.response.p99, Some(millis(150)));
    assert_eq!(summary.ledger.published, 6, "three requests and three answers");
}

/// The fold knows only records; the engine keeps its own books.
#[test]
fn records_and_ledger_tell_different_stories() {
    let mut builder = plan(&[0, 10, 20, 30, 900], |paid, flow| flow.set(paid), twice);
    builder.fault(Time::ZERO + millis(150), Act::Crash { place: Place::Service(ServiceId(0)) });
    builder.fault(Time::ZERO + millis(500), Act::Restart { place: Place::Service(ServiceId(0)) });
    let (world, summary) = run(builder.build().unwrap(), 2000);
    let count = |wanted: fn(&RecordKind) -> bool| {
        world.records().iter().filter(|record| wanted(&record.kind)).count() as u64
    };
    let ledger = &summary.ledger;
    assert_eq!(count(|kind| matches!(kind, RecordKind::Sent { .. })), ledger.published);
    assert_eq!(count(|kind| matches!(kind, RecordKind::Delivered)), ledger.delivered);
    assert_eq!(count(|kind| matches!(kind, RecordKind::Lost { .. })), ledger.lost());
    assert_eq!(ledger.lost(), 3, "one in hand and two in the inbox");
    assert_eq!((summary.cases.answered, summary.cases.refused), (2, 3));
    assert_eq!((summary.cases.ended, summary.cases.done), (5, 2));
}

#[test]
fn a_sentence_speaks_in_numbers_or_not_at_all() {
    let mut builder = plan(&[0], |paid, flow| flow.set(paid), twice);
    builder.fault(Time::ZERO + millis(150), Act::Crash { place: Place::Service(ServiceId(0)) });
    let (world, _) = run(builder.build().unwrap(), 2000);
    let sentences: Vec<String> =
        world.records().iter().map(|record| sentence(record, world.plan())).collect();
    assert!(sentences.contains(&"shopper sends charge to payment".to_string()), "{sentences:#?}");
    assert!(sentences.contains(&"case 0 is paid, says payment".to_string()), "{sentences:#?}");
    assert!(sentences.contains(&"payment crashes".to_string()), "{sentences:#?}");
}
