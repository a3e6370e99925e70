//! The summary of a run, for people and for programs.

use std::fmt::Write as _;

use analysis::{CheckState, Spread};
use kernel::Span;
use serde_json::{Map, Value, json};
use topology::LossReason;

use crate::run::Finished;

/// The summary as JSON. Names and units are part of the interface: `_ms` is milliseconds.
pub fn json(title: &str, variant: &str, seed: u64, finished: &Finished) -> String {
    let summary = &finished.summary;
    let (ledger, cases) = (&summary.ledger, &summary.cases);
    let lost: Map<String, Value> =
        LossReason::ALL.iter().map(|&reason| (reason.name().into(), ledger.lost_to(reason).into())).collect();
    let facts: Map<String, Value> =
        summary.facts.iter().map(|(name, set, ..)| (name.clone(), (*set).into())).collect();
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

fn check(check: &CheckState) -> Value {
    json!({
        "name": check.name,
        "why": check.why,
        "held": check.held,
        "violations": check.violations,
        // Of the first violation.
        "at_ms": check.first().map(|first| first.at.millis()),
        "case": check.first().map(|first| first.case),
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

/// One promise in a line.
pub fn check_text(check: &CheckState) -> String {
    match (check.held, check.first()) {
        (Some(false), Some(first)) => format!(
            "BROKEN  {} - {} times, first at {:.3} s in case {}",
            check.name,
            check.violations,
            first.at.seconds(),
            first.case
        ),
        (None, _) => format!("open    {} - not decided for {} cases", check.name, check.undecided),
        (Some(_), _) => format!("held    {}", check.name),
    }
}
