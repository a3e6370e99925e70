//! What things are called, for people and in files.

use super::Report;
use crate::{Better, Group, Row, Source, Unit};

/// The question that a group of rows answers, as a heading.
pub(super) fn group(group: Group) -> &'static str {
    match group {
        Group::Customer => "What the customer sees",
        Group::Completion => "When everything is done",
        Group::Failures => "What failures do",
        Group::Coupling => "Who depends on whom",
        Group::Throughput => "How much gets done",
        Group::Consistency => "What is not yet true, or never",
        Group::Messages => "What became of messages",
        Group::Parts => "What there is to know",
        Group::Explaining => "What there is to read",
    }
}

pub(super) fn group_key(group: Group) -> &'static str {
    match group {
        Group::Customer => "customer",
        Group::Completion => "completion",
        Group::Failures => "failures",
        Group::Coupling => "coupling",
        Group::Throughput => "throughput",
        Group::Consistency => "consistency",
        Group::Messages => "messages",
        Group::Parts => "parts",
        Group::Explaining => "explaining",
    }
}

pub(super) fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Milliseconds => "milliseconds",
        Unit::Share => "share",
        Unit::Count => "count",
        Unit::PerSecond => "per_second",
        Unit::Factor => "factor",
    }
}

pub(super) fn better_key(better: Better) -> &'static str {
    match better {
        Better::Less => "less",
        Better::More => "more",
    }
}

pub(super) fn source_key(source: Source) -> &'static str {
    match source {
        Source::Runs => "runs",
        Source::Probes => "probes",
        Source::Plan => "plan",
    }
}

/// The name of a row, with a mark if it comes from experiments.
pub(super) fn name(row: &Row) -> String {
    match row.source {
        Source::Probes => format!("{} °", row.name),
        Source::Runs | Source::Plan => row.name.clone(),
    }
}

/// What the mark says, if some row has it.
pub(super) fn mark(report: &Report<'_>) -> Option<&'static str> {
    let is_marked = report.table.lines.iter().any(|line| line.row.source == Source::Probes);
    is_marked.then_some("° From experiments with one seed, so without an interval.")
}

/// Where a row's values come from, in a sentence.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Runs => {
            "The mean over the runs, with the interval that covers the true mean in 95 of 100 studies."
        }
        Source::Probes => "From experiments with one seed, so without an interval.",
        Source::Plan => "From the architecture itself, so exact.",
    }
}

pub(super) fn better(better: Better) -> &'static str {
    match better {
        Better::Less => "less is better",
        Better::More => "more is better",
    }
}

/// How it was made: `100 seeds, 0 to 99; the same customers and the same luck for all`.
pub(super) fn made(report: &Report<'_>) -> String {
    let (settings, seeds) = (&report.study.settings, report.table.seeds);
    let first = settings.first;
    let mut parts = vec![match seeds {
        0 => "no run has ended in every contender yet".to_owned(),
        1 => format!("one run each, seed {first}"),
        _ if settings.independent => format!("{seeds} runs each, every contender with seeds of its own"),
        _ => format!("{seeds} runs each, seeds {first} to {}", first.wrapping_add(seeds - 1)),
    }];
    if settings.warm_up.nanos() > 0 {
        let warm_up = super::shown(settings.warm_up.millis(), Unit::Milliseconds);
        parts.push(format!("customers of the first {warm_up} not counted"));
    }
    if report.table.partial {
        parts.push("partial: not everything was played".into());
    }
    parts.join(", ")
}

/// That runs were stopped, if they were.
pub(super) fn halted(halted: u64, seeds: u64) -> Option<String> {
    (halted > 0).then(|| format!("{halted} of {} runs stopped", seeds.max(halted)))
}
