//! What a reader of the table should know.

use topology::{Plan, Step};

use super::mean::{Mean, Widths};
use super::{complete, halt, values};
use crate::listed::{LISTED_MAX, listed};
use crate::render::shown;
use crate::{Found, Study, Unit, row};

/// Notes on a table of the runs with these numbers.
pub(super) fn notes(
    study: &Study,
    runs: &[Vec<Option<Found>>],
    numbers: &[usize],
    over: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    other_work(study, &mut notes);
    other_checks(study, &mut notes);
    stopped(study, runs, numbers, &mut notes);
    match numbers.len() {
        0 => notes.push("There is no seed yet with which all contenders have been run.".into()),
        1 => notes.push("Only one seed: what is chance cannot be told, so there are no intervals.".into()),
        _ => {}
    }
    if over && let Some(wide) = too_wide(study, runs, study.settings.seeds) {
        notes.push(wide);
    }
    notes
}

/// Contenders that do not do the same work: they never set what a promise waits for. Other facts may say what is done
/// wrong, and who never sets one may be the better for it.
fn other_work(study: &Study, notes: &mut Vec<String>) {
    let sets = |plan: &Plan, fact: &str| {
        let is_it =
            |step: &Step| matches!(step, Step::Set { fact: set, .. } if plan.facts[set.index()] == fact);
        plan.program.iter().any(is_it)
    };
    let Some(first) = study.contenders.first() else { return };
    for fact in row::awaited(&first.plan) {
        let (mut others, mut never) = (0, Vec::new());
        for contender in &study.contenders {
            if sets(&contender.plan, fact) {
                others += 1;
            } else {
                never.push(contender.name.as_str());
            }
        }
        if others > 0 && !never.is_empty() {
            let (set, it_does, work) = match never.len() {
                1 => ("sets", "it does", "the others"),
                _ => ("set", "they do", "the others"),
            };
            notes.push(format!(
                "{} never {set} {fact}: {it_does} not do the same work as {work}.",
                listed(&never)
            ));
        }
    }
}

/// Contenders whose checks are as many, but not the same: rows are named after those of the first.
fn other_checks(study: &Study, notes: &mut Vec<String>) {
    let Some(first) = study.contenders.first() else { return };
    let others = study.contenders.iter().filter(|other| other.plan.checks != first.plan.checks);
    let names: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    if !names.is_empty() {
        let (has, its) = if names.len() == 1 { ("has", "its") } else { ("have", "their") };
        notes.push(format!(
            "{} {has} other checks than {}, after which rows are named: {its} broken promises are of {its} own checks.",
            listed(&names),
            first.name
        ));
    }
}

/// Contenders that were stopped by a limit.
fn stopped(study: &Study, runs: &[Vec<Option<Found>>], numbers: &[usize], notes: &mut Vec<String>) {
    let mut more = 0;
    for (contender, runs) in study.contenders.iter().zip(runs) {
        let halts: Vec<&str> = numbers.iter().filter_map(|&number| halt(runs, number)).collect();
        let Some(why) = halts.first() else { continue };
        if notes.len() >= LISTED_MAX {
            more += 1;
            continue;
        }
        let (name, count, of) = (&contender.name, halts.len(), numbers.len());
        let runs = if of == 1 { "run" } else { "runs" };
        notes.push(format!(
            "{name} was stopped in {count} of {of} {runs}: {why}. Its figures are of what came before."
        ));
    }
    if more > 0 {
        let (contenders, were) = if more == 1 { ("contender", "was") } else { ("contenders", "were") };
        notes.push(format!("{more} more {contenders} {were} stopped in some runs."));
    }
}

/// Whether the precision that was asked for is not reached with the seeds before this number: in which contender, in
/// a sentence. A contender in which the row has no value at all holds nobody up.
pub(crate) fn too_wide(study: &Study, runs: &[Vec<Option<Found>>], before: u64) -> Option<String> {
    let precision = study.settings.precision.as_ref()?;
    let row = study.row(&precision.row)?;
    let name = &study.rows[row].name;
    let asked = shown(precision.share, Unit::Share);
    let numbers = complete(runs, before);
    let (mut widths, mut some) = (Widths::default(), false);
    for (contender, runs) in study.contenders.iter().zip(runs) {
        let contender = &contender.name;
        let Some(mean) = Mean::of_numbers(&values(runs, &numbers, row)) else { continue };
        some = true;
        let Some(half) = widths.half(&mean) else {
            return Some(format!("{name}: {contender} has one value, so there is no interval of ±{asked}."));
        };
        if half > precision.share * mean.value.abs() {
            let is = shown(half / mean.value.abs(), Unit::Share);
            return Some(format!(
                "{name}: the interval of {contender} is ±{is} of its value, not ±{asked} as asked for; more seeds \
                 would make it narrower."
            ));
        }
    }
    (!some).then(|| format!("{name} has no value in any contender, so it cannot be known to ±{asked}."))
}
