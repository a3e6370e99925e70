//! Promises about totals: what is, and what is expected.

use kernel::Span;
use topology::{Act, Expression, FactId, Operator, Promise, Record, RecordKind, ServiceId, Term};

use crate::tape::{BALANCE, PAID, PAYMENT, SEEN, SERVED, SHIPPED, STALENESS, Tape, at, equal, fact, plan};

fn number(number: i64) -> Expression {
    Expression::Number(number)
}

fn tape(condition: Expression) -> Tape {
    Tape::new(&plan(&[Promise::Total(condition)]))
}

/// Both sides, with their names.
fn sides(tape: &Tape) -> (String, i64, String, i64) {
    let sides = tape.check().sides.unwrap();
    (sides.actual_name, sides.actual, sides.expected_name, sides.expected)
}

#[test]
fn totals_that_match_only_at_the_very_end_are_broken() {
    let mut tape = tape(equal(Term::Fact(PAID), Term::Fact(SHIPPED)));
    let case = tape.starts(0);
    tape.set(10, case, PAID, (0, 1));
    tape.passes(5000);
    assert_eq!((tape.check().held, tape.check().violations), (None, 0));
    assert_eq!(sides(&tape), ("paid".into(), 1, "shipped".into(), 0));
    tape.set(10_000, case, SHIPPED, (0, 1));
    assert_eq!(tape.check().held, None, "the run goes on");
    tape.passes(10_000);
    assert_eq!(tape.broken_by(), (Some(true), vec![]));
}

#[test]
fn a_total_that_is_wrong_at_the_end_is_not_told() {
    let mut tape = tape(equal(Term::Fact(PAID), Term::Requests));
    for millis in 0..100 {
        let case = tape.starts(millis);
        tape.set(millis, case, PAID, (0, 1));
        if millis % 2 == 0 {
            tape.set(millis, case, PAID, (1, 2));
        }
        tape.ends(millis, case);
    }
    tape.passes(10_000);
    assert_eq!(sides(&tape), ("paid".into(), 150, "requests".into(), 100));
    assert_eq!(tape.broken_by(), (Some(false), vec![(10_000.0, Record::NONE, 0)]));
}

#[test]
fn a_total_that_compares_nothing_has_sides() {
    let mut tape = tape(fact(PAID).with(Operator::And, fact(SHIPPED)));
    assert_eq!((tape.check().held, tape.check().sides.clone()), (None, None));
    assert_eq!(tape.passes(10_000).check().held, Some(false));
}

#[test]
fn what_customers_were_told_is_not_added_up() {
    let told = [Term::Answered, Term::Refused, Term::GaveUp].map(Expression::Term);
    let [answered, refused, gave_up] = told;
    let sum = answered.with(Operator::Plus, refused).with(Operator::Plus, gave_up);
    let mut tape = tape(sum.with(Operator::Equal, Expression::Term(Term::Requests)));
    let kinds = [RecordKind::CaseAnswered, RecordKind::CaseAnswered, RecordKind::CaseRefused];
    for kind in kinds.into_iter().chain([RecordKind::CaseGaveUp]) {
        let case = tape.starts(0);
        tape.add(10, case, kind);
    }
    tape.starts(20);
    assert_eq!(sides(&tape), ("answered + refused + gave_up".into(), 4, "requests".into(), 5));
}

#[test]
fn an_account_that_nobody_touched_has_no_balance() {
    let expected = number(200).with(Operator::Plus, Expression::Term(Term::Fact(PAID)));
    let mut tape = tape(Expression::Term(Term::Cell(BALANCE)).with(Operator::Equal, expected));
    assert_eq!(sides(&tape), ("balance".into(), 200, "200 + paid".into(), 200));
    let (one, other) = (tape.starts_about(0, 3, true), tape.starts_about(0, 3, true));
    tape.stores(10, one, BALANCE, (3, 15));
    tape.set(10, one, PAID, (0, 5));
    tape.stores(20, other, BALANCE, (3, 22));
    tape.set(20, other, PAID, (0, 7));
    assert_eq!(sides(&tape), ("balance".into(), 212, "200 + paid".into(), 212));
    assert_eq!(tape.passes(10_000).broken_by(), (Some(true), vec![]));
}

#[test]
fn a_crash_takes_what_is_in_the_database_or_leaves_what_is_in_memory() {
    let value = |tape: &Tape| {
        let sides = tape.fold.checks().into_iter().filter_map(|check| check.sides);
        sides.map(|sides| sides.actual).collect()
    };
    let totals = [BALANCE, SEEN, SERVED]
        .map(|cell| Promise::Total(Expression::compare(Term::Cell(cell), Operator::Equal, 0)));
    // Because of it something is still known of a case that is over.
    let within = Promise::Within { span: Span::from_millis(1_000), reach: vec![PAID] };
    let mut tape = Tape::new(&plan(&[&totals[..], &[within]].concat()));
    let (over, open) = (tape.starts_about(0, 3, true), tape.starts_about(0, 4, true));
    for case in [over, open] {
        tape.stores(10, case, SEEN, (Record::NONE, 1));
        tape.stores(10, case, SERVED, (Record::NONE, 8));
        tape.stores(10, case, BALANCE, (3 + case, 0));
    }
    tape.ends(20, over);
    let before: Vec<i64> = value(&tape);
    assert_eq!(before, [180, 2, 8]);
    tape.add(30, Record::NONE, RecordKind::Act { act: Act::Crash { place: PAYMENT } });
    let after: Vec<i64> = value(&tape);
    assert_eq!(after, [180, 1, 1], "what a case had when it was over stays in the total");
    tape.add(40, Record::NONE, RecordKind::Act { act: Act::Rebuild { service: ServiceId(0) } });
    let rebuilt: Vec<i64> = value(&tape);
    assert_eq!(rebuilt, [200, 1, 1]);
}

#[test]
fn the_greatest_measure_is_forgotten_or_begins_at_zero() {
    let mut tape = tape(Expression::compare(Term::Figure(STALENESS), Operator::AtMost, 4));
    let case = tape.starts(0);
    for (value, greatest) in [(-7, -7), (-2, -2), (9, 9), (3, 9)] {
        tape.add(10, case, RecordKind::Measured { figure: STALENESS, value });
        assert_eq!(sides(&tape), ("staleness".into(), greatest, "4".into(), 4));
    }
}

#[test]
fn an_expression_is_spelled_as_another() {
    let term = |fact: FactId| Expression::Term(Term::Fact(fact));
    let (paid, shipped) = (|| term(PAID), || term(SHIPPED));
    let difference = paid().with(Operator::Minus, shipped().with(Operator::Minus, number(1)));
    let product = paid().with(Operator::Plus, shipped()).with(Operator::Times, number(2));
    let least = paid().with(Operator::Least, shipped().with(Operator::Plus, number(1)));
    let logic = Expression::Not(Box::new(paid().with(Operator::And, shipped()))).with(Operator::Or, paid());
    let compared = paid().with(Operator::Above, number(1)).with(Operator::And, shipped());
    for (expression, spelling) in [
        (difference, "paid - (shipped - 1)"),
        (product, "(paid + shipped) * 2"),
        (least, "min(paid, shipped + 1)"),
        (logic, "not (paid and shipped) or paid"),
        (compared, "paid > 1 and shipped"),
    ] {
        let tape = tape(expression.with(Operator::Equal, number(-5)));
        let (actual, _, expected, _) = sides(&tape);
        assert_eq!((actual.as_str(), expected.as_str()), (spelling, "-5"));
    }
}

#[test]
fn a_run_that_was_stopped_before_its_end_is_judged() {
    let mut tape = tape(equal(Term::Fact(PAID), Term::Requests));
    tape.starts(0);
    tape.add(10, Record::NONE, RecordKind::Halted);
    assert_eq!(tape.passes(9_999).check().held, None);
    assert_eq!(tape.passes(10_000).check().first().unwrap().at, at(10_000));
}
