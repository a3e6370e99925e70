//! What experiments say together, as values and in words.

use topology::Plan;

use super::Experiment;
use super::anatomy::Anatomy;
use super::effect::Effect;
use super::part::Part;
use crate::Found;

/// A part hangs together with the customers' answers if more than this share of them changes.
const MATTERS: f64 = 0.05;
/// If twice the workers do so many times as much, those planned are not only too few.
const COLLAPSES: f64 = 2.2;

pub(super) fn rows(
    plan: &Plan,
    experiments: &[Experiment],
    found: &[Option<Found>],
) -> Vec<(&'static str, f64, String)> {
    let values = |wanted: Experiment| {
        let at = experiments.iter().position(|&experiment| experiment == wanted)?;
        found.get(at)?.as_ref().map(|found| found.values.as_slice())
    };
    let mut rows = Vec::new();
    if let Some(anatomy) = values(Experiment::Anatomy).and_then(Anatomy::of) {
        rows.extend(explaining(&anatomy));
    }
    if let Some(&[planned, came, doubled, twice]) = values(Experiment::Crowd) {
        rows.push(scaling((planned, came), (doubled, twice)));
    }
    let effect = |wanted| Effect::of(values(wanted)?, plan);
    if let Some(usual) = effect(Experiment::Baseline) {
        // A row that needs an experiment which was not made has no value.
        let parts = |which: &dyn Fn(&Experiment) -> Option<Part>| {
            let of_part = |it: &Experiment| which(it).map(|part| Some((part, effect(*it)?)));
            experiments.iter().filter_map(of_part).collect::<Option<Vec<(Part, Effect)>>>()
        };
        let down = |it: &Experiment| if let Experiment::Down(part) = *it { Some(part) } else { None };
        let slow =
            |it: &Experiment| if let Experiment::Slow(it) = *it { Some(Part::Service(it)) } else { None };
        if let Some(parts) = parts(&down) {
            rows.push(blast_radius(plan, &usual, &parts));
            rows.push(must_be_up(plan, &usual, &parts));
        }
        if let Some(parts) = parts(&slow) {
            rows.push(must_be_fast(plan, &usual, &parts));
        }
    }
    rows
}

fn explaining(anatomy: &Anatomy) -> [(&'static str, f64, String); 3] {
    let read = format!("over {} requests", anatomy.requests);
    let hops = format!("over {} answers", anatomy.answers);
    [
        ("hops_to_answer", anatomy.hops, hops),
        ("records_to_read", anatomy.records, read.clone()),
        ("places_to_look", anatomy.places, read),
    ]
}

/// Each with how many requests are done a second, of how many that come.
fn scaling(planned: (f64, f64), doubled: (f64, f64)) -> (&'static str, f64, String) {
    let ((planned, came), (doubled, twice)) = (planned, doubled);
    if came.is_nan() {
        return ("scaling", f64::NAN, "nobody who works is ever busy".into());
    }
    let mut detail = format!(
        "of {came:.1} requests a second {planned:.1} are done with the workers as planned, of {twice:.1} {doubled:.1} \
         with twice as many"
    );
    // Where nothing gets done, twice as much is nothing too.
    let value = if planned > 0.0 { doubled / planned } else { f64::NAN };
    if value > COLLAPSES {
        detail += "; above 2: as planned it collapses under that load";
    }
    ("scaling", value, detail)
}

fn blast_radius(plan: &Plan, usual: &Effect, parts: &[(Part, Effect)]) -> (&'static str, f64, String) {
    let (mut sum, mut count) = (0.0, 0);
    let (mut spread, mut contained) = (Vec::new(), Vec::new());
    for (part, without) in parts {
        let missing = usual.missing_in(without, *part, plan);
        if missing.is_nan() {
            continue;
        }
        (sum, count) = (sum + missing, count + 1);
        let name = part.name(plan);
        match (missing * 100.0 + 0.5) as u32 {
            0 => contained.push(name),
            percent => spread.push(format!("{name} {percent} %")),
        }
    }
    let value = if count > 0 { sum / f64::from(count) } else { f64::NAN };
    (
        "blast_radius",
        value,
        both(&spread, &contained, &|others| format!("without {others} nothing else fails")),
    )
}

fn must_be_up(plan: &Plan, usual: &Effect, parts: &[(Part, Effect)]) -> (&'static str, f64, String) {
    let turned_away = |without: &Effect| without.taken() < usual.taken() * (1.0 - MATTERS);
    let nobody = |others: &str| format!("without {others} nobody is turned away");
    counted("must_be_up", plan, usual, parts, &turned_away, &nobody)
}

fn must_be_fast(plan: &Plan, usual: &Effect, parts: &[(Part, Effect)]) -> (&'static str, f64, String) {
    let delayed = |slow: &Effect| {
        slow.response() > usual.response() * (1.0 + MATTERS) || slow.taken() < usual.taken() * (1.0 - MATTERS)
    };
    let nobody = |others: &str| format!("nobody waits longer for a slow {others}");
    counted("must_be_fast", plan, usual, parts, &delayed, &nobody)
}

/// How many parts matter, if anybody is answered at all.
fn counted(
    row: &'static str,
    plan: &Plan,
    usual: &Effect,
    parts: &[(Part, Effect)],
    matters: &dyn Fn(&Effect) -> bool,
    nobody: &dyn Fn(&str) -> String,
) -> (&'static str, f64, String) {
    let is_answered = usual.taken() > 0.0;
    if !is_answered {
        return (row, f64::NAN, "nobody is answered, even if nothing is wrong".into());
    }
    let (mut matter, mut others) = (Vec::new(), Vec::new());
    for (part, effect) in parts {
        let names = if matters(effect) { &mut matter } else { &mut others };
        names.push(part.name(plan));
    }
    (row, matter.len() as f64, both(&matter, &others, nobody))
}

/// The parts that matter, and what is said of those that do not.
fn both(matter: &[String], others: &[String], said: &dyn Fn(&str) -> String) -> String {
    let mut words = Vec::new();
    if !matter.is_empty() {
        words.push(matter.join(", "));
    }
    if !others.is_empty() {
        words.push(said(&others.join(", ")));
    }
    words.join("; ")
}
