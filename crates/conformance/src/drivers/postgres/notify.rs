//! LISTEN and NOTIFY: a broadcast out of transactions.
//!
//! A NOTIFY is sent at once, unless a later `commit` or `rollback` says that it was of its transaction. One
//! transaction says the same thing once only.

use std::collections::{BTreeMap, BTreeSet};

use channel::{GroupTerms, MemberTerms, Subscription};
use kernel::Span;
use serde_json::json;

use crate::bench::Bench;
use crate::drivers::{self, Stop};
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::{Step, Vector};

/// The topic that is meant where none is named.
const TOPIC: &str = "c";

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut bench = Bench::new(drivers::rules("postgres-notify", &[])?);
    let mut replay = Replay::default();
    let mut listening: BTreeMap<String, Vec<Subscription>> = BTreeMap::new();
    let of_transactions = of_transactions(&vector.steps)?;
    let mut sent: Vec<String> = Vec::new();
    for step in &vector.steps {
        bench.pass(Span::from_millis(1));
        match step.op.as_str() {
            "sleep" => bench.pass(Span::from_millis(step.number("ms")?)),
            "listen" => {
                let (who, topic) = (step.text("who")?, step.text_if("channel")?.unwrap_or(TOPIC));
                replay.consumer(who);
                let terms = GroupTerms { exclusive: true, ..GroupTerms::default() };
                let group = bench.add_group(&format!("{who} {}", step.number), terms);
                bench.with(|channel, effects| channel.bind(group, topic, 1, effects));
                let terms = MemberTerms { asks_again: false, ..MemberTerms::default() };
                let subscription = bench.subscribe(who, group, terms);
                listening.entry(who.to_owned()).or_default().push(subscription);
            }
            "disconnect" | "crash" | "unlisten" | "close" => {
                for subscription in listening.remove(step.text("who")?).unwrap_or_default() {
                    bench.with(|channel, effects| channel.disconnect(subscription, effects));
                }
            }
            "notify" if of_transactions.contains(&step.number) => {}
            "notify" => sent.extend(notify(&mut bench, step)?),
            "commit" => {
                let mut said = BTreeSet::new();
                for notified in members(&vector.steps, step)? {
                    let notified = &vector.steps[notified];
                    if said.insert((notified.text_if("channel")?, notified.text("id")?)) {
                        sent.extend(notify(&mut bench, notified)?);
                    }
                }
            }
            "rollback" => {}
            "stop" | "kill" => {
                bench.with(|channel, effects| channel.crash(effects));
                for subscription in std::mem::take(&mut listening).into_values().flatten() {
                    bench.with(|channel, effects| channel.disconnect(subscription, effects));
                }
            }
            "start" => bench.with(|channel, effects| channel.restart(effects)),
            _ => return Err(step.unknown("postgres")),
        }
        for delivered in bench.deliveries() {
            let row = json!({ "id": bench.id(delivered.message) });
            replay.row(bench.name(delivered.to), row);
        }
    }
    for question in Question::all(&vector.observed).filter(|question| question.says("lost")) {
        let named = vector.steps.iter().filter_map(|step| step.raw("who")?.as_str());
        if let Some(who) = named.into_iter().find(|who| question.names(who)) {
            let rows = replay.consumer(who).clone();
            let got = |id: &String| {
                rows.as_array().is_some_and(|rows| rows.iter().any(|row| row["id"] == json!(id)))
            };
            let lost: Vec<&String> = sent.iter().filter(|id| !got(id)).collect();
            replay.set(question.key, question.ids(&lost));
        }
    }
    Ok(replay)
}

fn notify(bench: &mut Bench, step: &Step) -> Result<Vec<String>, Stop> {
    let id = step.text("id")?;
    bench.publish(id, step.text_if("channel")?.unwrap_or(TOPIC));
    Ok(vec![id.to_owned()])
}

/// Steps that wait for the end of their transaction.
fn of_transactions(steps: &[Step]) -> Result<BTreeSet<usize>, Stop> {
    let mut all = BTreeSet::new();
    for step in steps.iter().filter(|step| step.op == "commit" || step.op == "rollback") {
        all.extend(members(steps, step)?);
    }
    Ok(all)
}

/// The notifications of the transaction that a step ends: the latest before it with these ids.
fn members(steps: &[Step], end: &Step) -> Result<Vec<usize>, Stop> {
    let mut ids: Vec<&str> = end.text("of")?.split(',').map(str::trim).collect();
    let mut found = Vec::new();
    for step in steps[..end.number].iter().rev().filter(|step| step.op == "notify") {
        let id = step.text("id")?;
        if let Some(place) = ids.iter().rposition(|wanted| *wanted == id) {
            ids.remove(place);
            found.push(step.number);
        }
    }
    found.reverse();
    Ok(found)
}
