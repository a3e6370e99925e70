//! Answers to what a recording asks beside the events of each worker.

use kernel::Span;
use serde_json::{Value, json};

use super::part::{Part, Start};
use crate::question::Question;

/// What a worker does at once when it comes.
const AT_ONCE: Span = Span::from_millis(1000);

/// Everything that the key may mean, in each of the parts that it may speak of.
pub(super) fn answer(question: Question, parts: &[Part]) -> Vec<Value> {
    let words = question.words();
    let multiplier = words.iter().find_map(|word| word.strip_prefix("multiplier")?.parse::<u32>().ok());
    let speaks_of = |part: &&Part| {
        let has = |start: &Start| question.names(&start.worker);
        let names_somebody = parts.iter().any(|part| part.starts.iter().any(has));
        multiplier.is_none_or(|multiplier| part.multiplier == multiplier)
            && (!names_somebody || multiplier.is_some() || part.starts.iter().any(has))
    };
    parts.iter().filter(speaks_of).filter_map(|part| of_part(question, part)).collect()
}

fn of_part(question: Question, part: &Part) -> Option<Value> {
    let says = |word: &str| question.says(word);
    let workers = part.starts.iter().map(|start| &start.worker);
    let words = question.words();
    let place = |name: &str| words.iter().position(|word| *word == name.to_lowercase());
    let mut named: Vec<&String> = workers.filter(|name| question.names(name)).collect();
    named.sort_by_key(|name| (place(name), name.as_str()));
    named.dedup();
    let of_id = part.sent.iter().find(|id| question.names(id));
    let meant = |start: &&Start| {
        named.first().is_none_or(|name| start.worker == **name) && of_id.is_none_or(|id| start.id == *id)
    };
    let starts: Vec<&Start> = part.starts.iter().filter(meant).collect();
    let ids = |starts: Vec<&Start>| {
        let ids: Vec<&String> = starts.iter().map(|start| &start.id).collect();
        if question.is_list() { question.ids(&ids) } else { question.count(ids.len()) }
    };
    if says("queue") && says("left") {
        return Some(json!(part.waiting()));
    }
    if says("queue") {
        return Some(json!(part.waiting_before.unwrap_or_else(|| part.waiting())));
    }
    if says("lost") && !says("start") {
        let done = |id: &&String| part.dones.contains(id);
        let lost: Vec<&String> = part.sent.iter().filter(|id| !done(id)).collect();
        return Some(question.ids(&lost));
    }
    if says("all") && says("done") {
        let times = |id: &String| part.dones.iter().filter(|done| *done == id).count();
        let each = |id: &String| if says("once") { times(id) == 1 } else { times(id) > 0 };
        return Some(json!(part.sent.iter().all(each)));
    }
    if says("busy") {
        let busy = named.get(1).map(|name| name.as_str());
        let during = |start: &&&Start| match busy {
            Some(busy) => start.while_busy.iter().any(|name| name == busy),
            None => !start.while_busy.is_empty(),
        };
        return Some(ids(starts.iter().filter(during).copied().collect()));
    }
    if says("at") && says("least") {
        let least: usize = question.words().last()?.parse().ok()?;
        return Some(json!(if says("done") { part.dones.len() } else { starts.len() } >= least));
    }
    if says("once") && says("start") {
        return Some(ids(starts.iter().filter(|start| start.after <= AT_ONCE).copied().collect()));
    }
    if says("start") && (says("after") || says("later")) {
        return Some(ids(starts.iter().filter(|start| start.after > AT_ONCE).copied().collect()));
    }
    if says("start") || says("run") || says("ran") {
        return Some(ids(starts));
    }
    if says("done") {
        let dones: Vec<&String> = part.dones.iter().filter(|id| of_id.is_none_or(|of| of == *id)).collect();
        return Some(if question.is_list() { question.ids(&dones) } else { question.count(dones.len()) });
    }
    None
}
