//! `signalbox why`: from a wrong outcome back to its root.

use std::fmt::Write as _;
use std::path::PathBuf;

use analysis::{Question, Story, Why};
use kernel::Time;
use serde_json::{Value, json};
use topology::{FactId, Kinds, LossReason, Place, Plan, Record, RecordKind};

use crate::records::record_json;
use crate::run::play;
use crate::{Failure, Format, files, print, seeds};

#[derive(clap::Args)]
pub struct Options {
    /// A scenario file, YAML or JSON.
    file: PathBuf,
    /// Which variant; by default the first.
    #[arg(long)]
    variant: Option<String>,
    /// The seed of all chance; by default the scenario's.
    #[arg(long, value_parser = seeds::seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Only this check: its number from 1, or a part of what it says. By default every check that was broken.
    #[arg(long, conflicts_with_all = ["case", "lost"])]
    check: Option<String>,
    /// What went wrong with this case: its number.
    #[arg(long)]
    case: Option<u32>,
    /// Why this fact of the case was set twice, or never.
    #[arg(long, requires = "case")]
    fact: Option<String>,
    /// Why messages were lost: the first of each place and reason.
    #[arg(long, conflicts_with_all = ["case", "fact"])]
    lost: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A question, and what it is about in the words of the scenario.
type Asked = (String, Question);

pub fn why(options: &Options) -> Result<(), Failure> {
    let scenario = files::read(&options.file)?;
    let variant = files::variant(&scenario, options.variant.as_deref(), &options.file)?;
    let (plan, seed) = (&variant.plan, options.seed.unwrap_or(scenario.seed));
    let mut records: Vec<Record> = Vec::new();
    let (_, fold) = play(plan, seed, Time::MAX, Kinds::ALL, |world| {
        records.extend_from_slice(world.records());
        Ok(())
    })?;
    let mut asked = match (options.case, options.lost) {
        (_, true) => losses(plan, &records),
        (Some(case), false) => about_case(plan, &records, case, options.fact.as_deref())?,
        (None, false) => Vec::new(),
    };
    if options.case.is_none() && !options.lost || options.case.is_some() && options.fact.is_none() {
        let wanted = |index: usize, name: &str| match options.check.as_deref() {
            None => true,
            Some(given) => {
                given.parse() == Ok(index + 1) || given.parse::<usize>().is_err() && name.contains(given)
            }
        };
        let checks = fold.checks();
        if options.check.is_some() && !checks.iter().enumerate().any(|(index, it)| wanted(index, &it.name)) {
            let names: Vec<&str> = checks.iter().map(|it| it.name.as_str()).collect();
            return Err(Failure::Input(format!("there is no such check; there are: {}", names.join(", "))));
        }
        for (check, state) in checks.iter().enumerate().filter(|(index, it)| wanted(*index, &it.name)) {
            let of_case = |it: &&analysis::Violation| options.case.is_none_or(|case| case == it.case);
            if let Some(&violation) = state.broken_by.iter().find(of_case) {
                asked.push((state.name.clone(), Question::Broken { check, violation }));
            }
        }
    }
    let story = Story::new(plan, &records);
    let answers: Vec<(String, Why)> =
        asked.into_iter().map(|(about, question)| (about, story.explain(&question))).collect();
    print(&match options.format {
        Format::Text => {
            let title = format!("{} ({}, seed {seed})", scenario.title, variant.name);
            if answers.is_empty() {
                format!("{title}\n\n{}\n", nothing(options))
            } else {
                text(&title, plan, &answers)
            }
        }
        Format::Json => format!("{:#}\n", Value::Array(answers.iter().map(|it| json_of(plan, it)).collect())),
    })
}

/// The first command or event that is missed, of each place and reason.
fn losses(plan: &Plan, records: &[Record]) -> Vec<Asked> {
    let mut seen: Vec<(Place, Option<LossReason>)> = Vec::new();
    let mut asked = Vec::new();
    for record in records {
        let why = if let RecordKind::Lost { reason, missed: true, .. } = record.kind {
            Some(reason)
        } else if let RecordKind::DeadLettered { .. } = record.kind {
            None
        } else {
            continue;
        };
        if !seen.contains(&(record.place, why)) {
            seen.push((record.place, why));
            let what = &plan.types[record.message_type.index()].name;
            let how = why.map_or("put aside", LossReason::words);
            let about = format!("{what} at {}: {how}", plan.name_of(record.place));
            asked.push((about, Question::Lost { message: record.message }));
        }
    }
    asked
}

/// What went wrong with a case, or with a fact of it.
fn about_case(plan: &Plan, records: &[Record], case: u32, fact: Option<&str>) -> Result<Vec<Asked>, Failure> {
    let of_case: Vec<&Record> = records.iter().filter(|it| it.case == case).collect();
    if of_case.is_empty() {
        return Err(Failure::Input(format!("there is no case {case} in this run")));
    }
    if let Some(name) = fact {
        let Some(index) = plan.facts.iter().position(|known| known == name) else {
            let names = plan.facts.join(", ");
            return Err(Failure::Input(format!("there is no fact {name}; there are: {names}")));
        };
        let fact = FactId(index as u16);
        let is_it =
            |it: &&&Record| matches!(it.kind, RecordKind::FactSet { fact: other, .. } if other == fact);
        let question = match of_case.iter().filter(is_it).count() {
            0 => Question::Missing { case, fact },
            1 => return Ok(Vec::new()),
            _ => Question::Twice { case, fact },
        };
        return Ok(vec![(format!("{name} of case {case}"), question)]);
    }
    let mut asked = Vec::new();
    for record in of_case {
        if matches!(record.kind, RecordKind::CaseRefused | RecordKind::CaseGaveUp) {
            asked.push((format!("customer {case}"), Question::Refused { case }));
        }
        if matches!(record.kind, RecordKind::Lost { missed: true, .. } | RecordKind::DeadLettered { .. }) {
            let about = plan.types[record.message_type.index()].name.clone();
            asked.push((about, Question::Lost { message: record.message }));
        }
    }
    Ok(asked)
}

/// Why there is no answer: what was asked about did not go wrong.
fn nothing(options: &Options) -> String {
    match (options.case, &options.fact, &options.check) {
        _ if options.lost => "no message is lost".into(),
        (Some(case), Some(fact), _) => format!("{fact} of case {case} is set once, as it should be"),
        (Some(case), None, _) => format!("nothing is wrong with case {case}"),
        (None, _, Some(check)) => format!("check {check} is not broken: without --check each one that is"),
        (None, _, None) => "no promise is broken, so nothing is explained: ask with --case or --lost".into(),
    }
}

fn text(title: &str, plan: &Plan, answers: &[(String, Why)]) -> String {
    let mut out = format!("{title}\n");
    let names = answers.iter().flat_map(|(_, why)| &why.links).filter_map(|link| link.record.as_ref());
    let width = names.map(|record| plan.name_of(record.place).chars().count()).max().unwrap_or(0);
    for (about, why) in answers {
        let _ = writeln!(out, "\n{about}\n  {}\n", why.summary);
        for (index, link) in why.links.iter().enumerate() {
            let (time, place) = match &link.record {
                Some(record) => (record.time.to_string(), plan.name_of(record.place)),
                None => (String::new(), ""),
            };
            let _ = writeln!(out, "  {:>3}  {time:>10}  {place:width$}  {}", index + 1, link.text);
        }
    }
    out
}

fn json_of(plan: &Plan, (about, why): &(String, Why)) -> Value {
    let links: Vec<Value> = why
        .links
        .iter()
        .map(|link| json!({ "text": link.text, "record": link.record.as_ref().map(|it| record_json(it, plan)) }))
        .collect();
    json!({ "about": about, "summary": why.summary, "root": why.root.name(), "links": links })
}
