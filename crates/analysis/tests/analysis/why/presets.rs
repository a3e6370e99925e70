//! Every preset, every variant: whatever goes wrong with the scenario's own seed has a root.

use std::sync::Arc;

use analysis::{Fold, Question, Root, Story, Why};
use topology::{FactId, Plan, Record, RecordKind, World};

use super::{holds_together, text_of};

#[allow(clippy::disallowed_methods, reason = "the scenarios that come with the product are files")]
fn scenarios() -> Vec<(String, scenario::Scenario)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/scenarios");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let reading = scenario::read(&std::fs::read_to_string(path).unwrap());
        (path.file_stem().unwrap().to_string_lossy().into_owned(), reading.scenario.unwrap())
    };
    paths.iter().map(read).collect()
}

/// What went wrong in a run: every promise that was broken, and the first of each kind of mishap.
fn questions(fold: &Fold, records: &[Record], facts: usize) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for (check, state) in fold.checks().iter().enumerate() {
        let few = state.broken_by.iter().take(5);
        questions.extend(few.map(|&violation| Question::Broken { check, violation }));
    }
    let mut seen = Vec::new();
    for record in records {
        let lost = if let RecordKind::Lost { reason, .. } = record.kind { Some(reason) } else { None };
        let aside = matches!(record.kind, RecordKind::DeadLettered { .. });
        let left = matches!(record.kind, RecordKind::CaseRefused | RecordKind::CaseGaveUp);
        let question = match left {
            true => Question::Refused { case: record.case },
            false if aside || lost.is_some() => Question::Lost { message: record.message },
            false => continue,
        };
        if !seen.contains(&(record.place, lost)) {
            seen.push((record.place, lost));
            questions.push(question);
        }
    }
    for fact in (0..facts as u16).map(FactId) {
        let twice = records.iter().find(|record| {
            matches!(record.kind, RecordKind::FactSet { fact: other, before: 1.., .. } if other == fact)
        });
        questions.extend(twice.map(|record| Question::Twice { case: record.case, fact }));
    }
    questions
}

/// What a run of a plan comes to.
fn run(plan: &Arc<Plan>, seed: u64) -> (Vec<Record>, Fold) {
    let mut world = World::new(plan.clone(), seed).record();
    world.run_until(plan.length);
    let mut fold = Fold::new(plan);
    world.records().iter().for_each(|record| fold.take(record));
    fold.pass(world.now());
    (world.records().to_vec(), fold)
}

/// A root that is an act was needed: chance is common to both runs, so what broke a promise does not happen without
/// it.
#[test]
fn what_is_named_as_the_root_was_not_needed() {
    let (mut without, mut wrong) = (0, Vec::new());
    for (file, scenario) in scenarios() {
        for variant in &scenario.variants {
            let (records, fold) = run(&variant.plan, scenario.seed);
            let story = Story::new(&variant.plan, &records);
            for (check, state) in fold.checks().iter().enumerate() {
                let Some(violation) = state.first().filter(|it| it.case != Record::NONE) else { continue };
                let why = story.explain(&Question::Broken { check, violation });
                let Root::Act(act) = why.root else { continue };
                let time = why.links.last().unwrap().record.unwrap().time;
                let mut plan = Plan::clone(&variant.plan);
                assert!(plan.faults.iter().any(|fault| (fault.at, fault.act) == (time, act)));
                // A whole process, whose services all crash at one moment, does not crash.
                plan.faults.retain(|fault| fault.at != time);
                let (_, cured) = run(&Arc::new(plan), scenario.seed);
                let again = |it: &analysis::Violation| it.case == violation.case;
                if cured.checks()[check].broken_by.iter().any(again) {
                    let name = &variant.name;
                    wrong.push(format!("{file} {name}: {}\n{}", why.summary, text_of(&why)));
                }
                without += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(without > 15, "only {without} roots are acts");
}

#[test]
fn something_that_goes_wrong_in_a_preset_has_no_root() {
    let (mut asked, mut wrong) = (0, Vec::new());
    for (file, scenario) in scenarios() {
        for variant in &scenario.variants {
            let (records, fold) = run(&variant.plan, scenario.seed);
            let story = Story::new(&variant.plan, &records);
            for question in questions(&fold, &records, variant.plan.facts.len()) {
                let why: Why = story.explain(&question);
                let name = &variant.name;
                asked += 1;
                if why.root == Root::Unknown || why.links.len() > 40 {
                    wrong.push(format!("{file} {name} {question:?}: {}\n{}", why.summary, text_of(&why)));
                    continue;
                }
                holds_together(&why, &records);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(asked > 100, "only {asked} things went wrong");
}
