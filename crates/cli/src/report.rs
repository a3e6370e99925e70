//! The summary of a run, for people and for programs.

use std::fmt::Write as _;

use analysis::{CheckState, Figure, Sides, Spread};
use kernel::Span;
use serde_json::{Map, Value, json};
use topology::{LossReason, Record, World};

use crate::run::Finished;

/// The summary as JSON. Names and units are part of the interface: `_ms` is milliseconds.
pub fn json(title: &str, variant: &str, seed: u64, finished: &Finished) -> String {
    let summary = &finished.summary;
    let (ledger, cases) = (&summary.ledger, &summary.cases);
    let lost: Map<String, Value> =
        LossReason::ALL.iter().map(|&reason| (reason.name().into(), ledger.lost_to(reason).into())).collect();
    let facts: Map<String, Value> =
        summary.facts.iter().map(|(name, set, ..)| (name.clone(), (*set).into())).collect();
    let figures: Map<String, Value> =
        summary.figures.iter().map(|known| (known.name.clone(), figure(known))).collect();
    let value = json!({
        "title": title,
        "variant": variant,
        "seed": seed,
        "ended_at_ms": finished.world.now().millis(),
        "halted": finished.world.halted().map(|halt| halt.words()),
        "digest": summary.digest,
        "records": summary.records,
        "ledger": {
            "published": ledger.published,
            "delivered": ledger.delivered,
            "in_flight": ledger.in_flight,
            "waiting": ledger.waiting,
            "dead_lettered": ledger.dead_lettered,
            "lost": lost,
            "duplicated": ledger.duplicated,
            "out_of_order": ledger.out_of_order,
            "redelivered": ledger.redelivered,
        },
        "cases": {
            "started": cases.started,
            "answered": cases.answered,
            "refused": cases.refused,
            "gave_up": cases.gave_up,
            "done": cases.done,
        },
        "response_ms": spread(&summary.response),
        "completion_ms": spread(&summary.completion),
        "facts": facts,
        "figures": figures,
        "checks": summary.checks.iter().map(check).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn spread(spread: &Spread) -> Value {
    let millis = |span: Option<Span>| span.map(Span::millis);
    json!({
        "p50": millis(spread.p50),
        "p95": millis(spread.p95),
        "p99": millis(spread.p99),
        "mean": millis(spread.mean),
    })
}

/// In the unit in which it was measured.
fn figure(figure: &Figure) -> Value {
    json!({
        "count": figure.count,
        "p50": figure.p50,
        "p99": figure.p99,
        "max": figure.max,
        "mean": figure.mean,
    })
}

fn check(check: &CheckState) -> Value {
    let first = check.first();
    let side = |name: &str, value: i64| json!({ "name": name, "value": value });
    let sides = check.sides.as_ref();
    json!({
        "name": check.name,
        "why": check.why,
        // Null: not decided.
        "held": check.held,
        "violations": check.violations,
        // For so many cases.
        "undecided": check.undecided,
        // Of the first violation. There is no case if it is about all, and no record if time broke it.
        "at_ms": first.map(|first| first.at.millis()),
        "case": first.map(|first| first.case).filter(|&case| case != Record::NONE),
        "record": first.map(|first| first.record).filter(|&record| record > 0),
        // Of a promise that compares totals.
        "actual": sides.map(|sides| side(&sides.actual_name, sides.actual)),
        "expected": sides.map(|sides| side(&sides.expected_name, sides.expected)),
    })
}

/// The summary as text.
pub fn text(title: &str, variant: &str, seed: u64, finished: &Finished) -> String {
    let summary = &finished.summary;
    let (ledger, cases) = (&summary.ledger, &summary.cases);
    let mut out = String::new();
    let mut line = |name: &str, text: String| {
        let _ = writeln!(out, "{name:12} {text}");
    };
    line(title, format!("({variant}, seed {seed}, {})", finished.world.now()));
    line(
        "customers",
        format!(
            "{} came: {} answered, {} refused, {} gave up",
            cases.started, cases.answered, cases.refused, cases.gave_up
        ),
    );
    line("", format!("{} cases complete, nothing of them lost", cases.done));
    line("response", spread_text(&summary.response));
    line("completion", spread_text(&summary.completion));
    line(
        "messages",
        format!(
            "{} published = {} delivered + {} in flight + {} waiting + {} dead-lettered + {} lost",
            ledger.published,
            ledger.delivered,
            ledger.in_flight,
            ledger.waiting,
            ledger.dead_lettered,
            ledger.lost()
        ),
    );
    for reason in LossReason::ALL.into_iter().filter(|&reason| ledger.lost_to(reason) > 0) {
        line("", format!("{} lost: {}", ledger.lost_to(reason), reason.words()));
    }
    line(
        "",
        format!(
            "{} doubled by the network, {} redelivered, {} out of order",
            ledger.duplicated, ledger.redelivered, ledger.out_of_order
        ),
    );
    for (name, set, cases, twice) in &summary.facts {
        let more = if *twice > 0 { format!(", {twice} of them more than once") } else { String::new() };
        line("fact", format!("{name}: set {set} times, for {cases} cases{more}"));
    }
    for figure in &summary.figures {
        line("figure", figure_text(figure));
    }
    for check in &summary.checks {
        line("check", check_text(check));
    }
    line("digest", format!("{} over {} records", summary.digest, summary.records));
    out
}

fn spread_text(spread: &Spread) -> String {
    let millis = |span: Option<Span>| span.map_or("-".into(), |span| format!("{:.1} ms", span.millis()));
    let (p50, p95, p99) = (millis(spread.p50), millis(spread.p95), millis(spread.p99));
    format!("half within {p50}, 95 % within {p95}, 99 % within {p99}; mean {}", millis(spread.mean))
}

fn figure_text(figure: &Figure) -> String {
    let Figure { name, count, p50: Some(p50), p99: Some(p99), max: Some(max), mean: Some(mean) } = figure
    else {
        return format!("{}: never measured", figure.name);
    };
    format!("{name}: half within {p50}, 99 % within {p99}, at most {max}; mean {mean:.1} of {count}")
}

/// That a limit stopped the run, when and where.
pub fn stopped(world: &World) -> String {
    let place = world.halted_at().map_or("", |place| world.plan().name_of(place));
    format!("STOPPED at {}, in {place}", world.now())
}

/// One promise in a line.
pub fn check_text(check: &CheckState) -> String {
    let name = &check.name;
    let sides = check.sides.as_ref().map_or_else(String::new, sides_text);
    match (check.held, check.first()) {
        (Some(false), Some(first)) if first.case == Record::NONE && sides.is_empty() => {
            format!("BROKEN  {name} - at {:.3} s", first.at.seconds())
        }
        (Some(false), Some(first)) if first.case == Record::NONE => format!("BROKEN  {name}{sides}"),
        (Some(false), Some(first)) => format!(
            "BROKEN  {name} - {} times, first at {:.3} s in case {}",
            check.violations,
            first.at.seconds(),
            first.case
        ),
        (Some(_), _) => format!("held    {name}{sides}"),
        (None, _) if check.undecided > 0 => {
            format!("open    {name} - not decided for {} cases", check.undecided)
        }
        (None, _) if check.sides.is_some() => format!("open    {name} - not decided before the end{sides}"),
        (None, _) => format!("open    {name} - not broken before the run was stopped"),
    }
}

/// What is and what is expected: `150 paid, 100 accepted`.
fn sides_text(sides: &Sides) -> String {
    let side = |name: &str, value: i64, number: &str| match name {
        _ if name.parse::<i64>().is_ok() => format!("{value} {number}"),
        _ if name.contains(' ') => format!("{value} = {name}"),
        _ => format!("{value} {name}"),
    };
    let actual = side(&sides.actual_name, sides.actual, "given");
    format!("   {actual}, {}", side(&sides.expected_name, sides.expected, "expected"))
}

#[cfg(test)]
mod tests {
    use analysis::Violation;
    use kernel::Time;
    use topology::Operator;

    use super::*;

    fn state(held: Option<bool>, broken_by: &[Violation], sides: Option<(&str, i64, &str, i64)>) -> String {
        let sides = sides.map(|(actual_name, actual, expected_name, expected)| Sides {
            actual_name: actual_name.into(),
            actual,
            relation: Operator::Equal,
            expected_name: expected_name.into(),
            expected,
        });
        let violations = broken_by.len() as u64;
        let undecided = if held.is_none() && sides.is_none() { 3 } else { 0 };
        check_text(&CheckState {
            name: "the promise".into(),
            why: String::new(),
            held,
            violations,
            undecided,
            broken_by: broken_by.to_vec(),
            sides,
        })
    }

    #[test]
    fn a_total_is_told_as_if_it_were_about_a_case() {
        let end = Violation { at: Time::from_nanos(60_000_000_000), case: Record::NONE, record: 0 };
        let paid = Some(("paid", 150, "accepted", 100));
        assert_eq!(state(Some(false), &[end], paid), "BROKEN  the promise   150 paid, 100 accepted");
        assert_eq!(state(Some(false), &[end], None), "BROKEN  the promise - at 60.000 s");
        let balance = Some(("balance", 90, "100 - withdrawn", 90));
        assert_eq!(state(Some(true), &[], balance), "held    the promise   90 balance, 90 = 100 - withdrawn");
        let number = Some(("paid", 3, "4", 4));
        assert_eq!(
            state(None, &[], number),
            "open    the promise - not decided before the end   3 paid, 4 expected"
        );
    }

    #[test]
    fn where_a_promise_was_broken_first_is_not_told() {
        let first = Violation { at: Time::from_nanos(1_500_000_000), case: 7, record: 40 };
        assert_eq!(
            state(Some(false), &[first, Violation { case: 9, ..first }], None),
            "BROKEN  the promise - 2 times, first at 1.500 s in case 7"
        );
        assert_eq!(state(None, &[], None), "open    the promise - not decided for 3 cases");
    }

    #[test]
    fn a_figure_that_nobody_measured_has_a_value() {
        let mut figure =
            Figure { name: "staleness".into(), count: 0, p50: None, p99: None, max: None, mean: None };
        assert_eq!(figure_text(&figure), "staleness: never measured");
        (figure.count, figure.p50, figure.p99) = (4, Some(20), Some(80));
        (figure.max, figure.mean) = (Some(81), Some(35.25));
        assert_eq!(
            figure_text(&figure),
            "staleness: half within 20, 99 % within 80, at most 81; mean 35.2 of 4"
        );
    }
}
