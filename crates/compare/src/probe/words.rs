//! What experiments say together, as values and in words.

use topology::{Place, Plan};

use super::Experiment;
use super::anatomy::Anatomy;
use super::effect::Effect;
use crate::Found;

/// A part hangs together with the customers' answers if more than this share of them changes.
const MATTERS: f64 = 0.05;
/// If at least this share of a crowd's requests gets done, it is no crowd.
const KEEPS_UP: f64 = 0.95;

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
    let crowd = [1, 2].map(|workers| values(Experiment::Crowd { workers }));
    if let [Some(&[planned, came]), Some(&[doubled, _])] = crowd {
        rows.push(scaling(planned, doubled, came));
    }
    let effect = |wanted| Effect::of(values(wanted)?, plan);
    if let Some(usual) = effect(Experiment::Baseline) {
        // A row that needs an experiment which was not made has no value.
        let parts = |which: &dyn Fn(&Experiment) -> Option<Place>| {
            let of_part = |it: &Experiment| which(it).map(|place| Some((place, effect(*it)?)));
            experiments.iter().filter_map(of_part).collect::<Option<Vec<(Place, Effect)>>>()
        };
        let down = |it: &Experiment| if let Experiment::Down(place) = *it { Some(place) } else { None };
        let slow =
            |it: &Experiment| if let Experiment::Slow(it) = *it { Some(Place::Service(it)) } else { None };
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
    let read = match anatomy.wrong as u64 {
        0 => "nothing goes wrong: over all requests of the run".to_owned(),
        1 => "1 request goes wrong in the run".to_owned(),
        wrong => format!("over {wrong} requests that go wrong in the run"),
    };
    let hops = format!("over {} answers", anatomy.answers);
    [
        ("hops_to_answer", anatomy.hops, hops),
        ("records_to_read", anatomy.records, read.clone()),
        ("places_to_look", anatomy.places, read),
    ]
}

fn scaling(planned: f64, doubled: f64, came: f64) -> (&'static str, f64, String) {
    if planned >= came * KEEPS_UP && doubled < planned * (1.0 + MATTERS) {
        return ("scaling", f64::NAN, "ten times the requests are done with the workers as planned".into());
    }
    let detail = format!(
        "{planned:.1} requests a second are done with the workers as planned, {doubled:.1} with twice as many"
    );
    // Where nothing gets done, twice as much is nothing too.
    ("scaling", if planned > 0.0 { doubled / planned } else { f64::NAN }, detail)
}

fn blast_radius(plan: &Plan, usual: &Effect, parts: &[(Place, Effect)]) -> (&'static str, f64, String) {
    let (mut sum, mut count) = (0.0, 0);
    let (mut spread, mut contained) = (Vec::new(), Vec::new());
    for (place, without) in parts {
        let missing = usual.missing_in(without, *place, plan);
        if missing.is_nan() {
            continue;
        }
        (sum, count) = (sum + missing, count + 1);
        let name = plan.name_of(*place);
        match (missing * 100.0 + 0.5) as u32 {
            0 => contained.push(name.to_owned()),
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

fn must_be_up(plan: &Plan, usual: &Effect, parts: &[(Place, Effect)]) -> (&'static str, f64, String) {
    let turned_away = |without: &Effect| without.taken() < usual.taken() * (1.0 - MATTERS);
    let nobody = |others: &str| format!("without {others} nobody is turned away");
    counted("must_be_up", plan, usual, parts, &turned_away, &nobody)
}

fn must_be_fast(plan: &Plan, usual: &Effect, parts: &[(Place, Effect)]) -> (&'static str, f64, String) {
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
    parts: &[(Place, Effect)],
    matters: &dyn Fn(&Effect) -> bool,
    nobody: &dyn Fn(&str) -> String,
) -> (&'static str, f64, String) {
    let is_answered = usual.taken() > 0.0;
    if !is_answered {
        return (row, f64::NAN, "nobody is answered, even if nothing is wrong".into());
    }
    let (mut matter, mut others) = (Vec::new(), Vec::new());
    for (place, effect) in parts {
        let names = if matters(effect) { &mut matter } else { &mut others };
        names.push(plan.name_of(*place).to_owned());
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
