//! Which stream and consumer a fetch is for, and when a consumer that no step adds has begun.
//!
//! Scripts write down a fetch by who fetches, and leave out the client's own setting up. So:
//!
//! - `consumer` or `durable`, and `stream`, name them if they are there.
//! - Else, whoever is called like a consumer that a step adds, fetches for that one.
//! - Else, whoever is called like a stream or its subject (in any case, and also with more behind a `_`: `i`
//!   and `i_second` for the stream `I`), has a durable consumer of its own there; that they share one is tried too.
//! - Else it is the stream that was published to last before, and there the consumer whose name is part of the
//!   reader's (`one` for `A_one`), or that a step added last; if none did, all who fetch there share one durable
//!   consumer, or some of them do, which is tried.
//! - A consumer that no step adds was added before the publications that come right before its first fetch.

use std::collections::{BTreeMap, BTreeSet};

use channel::routing::Grammar;

use super::Verb;
use crate::drivers::Stop;
use crate::vector::Step;

/// Where a fetch reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) stream: String,
    pub(super) consumer: String,
}

/// What the steps leave out about consumers.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// By the number of the step that fetches.
    pub(super) readers: BTreeMap<usize, Reader>,
    /// Consumers that are added before a step, by its number.
    pub(super) begins: BTreeMap<usize, Vec<Reader>>,
    /// Streams that no step adds: they are called like the subject.
    pub(super) implied: Vec<String>,
}

/// A stream as the steps name it.
struct Named {
    name: String,
    subjects: Vec<String>,
}

impl Plan {
    /// Asks `choose` for one of so many ways where the steps do not tell who shares a consumer.
    pub(super) fn new(steps: &[Step], mut choose: impl FnMut(usize) -> usize) -> Result<Plan, Stop> {
        let mut shared = Shared::default();
        let mut plan = Plan::default();
        let mut streams = streams(steps)?;
        let published = steps.iter().filter(|step| Verb::of(step) == Some(Verb::PublishToStream));
        for step in published.filter(|_| streams.is_empty()) {
            if let Some(subject) = step.text_if("subject")?
                && !plan.implied.iter().any(|known| known == subject)
            {
                plan.implied.push(subject.to_owned());
            }
        }
        let named = |name: &String| Named { name: name.clone(), subjects: vec![name.clone()] };
        streams.extend(plan.implied.iter().map(named));
        for (at, step) in steps.iter().enumerate() {
            if Verb::of(step) == Some(Verb::Fetch) {
                let before = &steps[..at];
                let Some(reader) = reader(before, step, &streams, &mut shared, &mut choose)? else {
                    continue;
                };
                let known = plan.readers.values().any(|known| *known == reader);
                let added = steps[..at].iter().any(|step| adds(step, &reader.consumer));
                if !known && !added {
                    let begins = beginning(&steps[..=at], &reader.stream, &streams)?;
                    plan.begins.entry(steps[begins].number).or_default().push(reader.clone());
                }
                plan.readers.insert(step.number, reader);
            }
        }
        Ok(plan)
    }

    /// Whether several fetch for a consumer, or one fetches single messages.
    pub(super) fn is_read_one_by_one(&self, reader: &Reader, steps: &[Step]) -> bool {
        let fetches = || steps.iter().filter(|step| self.readers.get(&step.number) == Some(reader));
        let names: BTreeSet<&str> = fetches().filter_map(|step| step.text_if("who").ok().flatten()).collect();
        names.len() > 1 || fetches().all(|step| matches!(step.number_if("n"), Ok(Some(1))))
    }
}

/// The consumer that a step adds.
pub(super) fn added_by(step: &Step, steps: &[Step]) -> Result<Reader, Stop> {
    let streams = streams(steps)?;
    let stream = of_consumer(step, &streams)?.map_or(String::new(), |stream| stream.name.clone());
    let consumer = consumer_name(step)?.unwrap_or(&step.op).to_owned();
    Ok(Reader { stream, consumer })
}

/// Consumers that no step adds: by stream, who fetches for which.
#[derive(Debug, Default)]
struct Shared(BTreeMap<String, Vec<(String, String)>>);

impl Shared {
    /// The consumer that somebody shares with others, or begins; the likelier comes first. It is called like who
    /// began it.
    fn consumer(
        &mut self,
        stream: &str,
        who: &str,
        own: bool,
        choose: &mut impl FnMut(usize) -> usize,
    ) -> String {
        let of_stream = self.0.entry(stream.to_owned()).or_default();
        if let Some((_, consumer)) = of_stream.iter().find(|(known, _)| known == who) {
            return consumer.clone();
        }
        let mut consumers: Vec<&String> = Vec::new();
        for (_, consumer) in of_stream.iter() {
            if !consumers.contains(&consumer) {
                consumers.push(consumer);
            }
        }
        let new = who.to_owned();
        consumers.insert(if own { 0 } else { consumers.len() }, &new);
        let chosen = if consumers.len() > 1 { choose(consumers.len()) } else { 0 };
        let consumer = consumers[chosen].clone();
        of_stream.push((who.to_owned(), consumer.clone()));
        consumer
    }
}

fn publishes(step: &Step) -> bool {
    matches!(Verb::of(step), Some(Verb::Publish | Verb::PublishToStream))
}

fn streams(steps: &[Step]) -> Result<Vec<Named>, Stop> {
    let added = steps.iter().filter(|step| Verb::of(step) == Some(Verb::AddStream));
    added.map(|step| Ok(Named { name: step.text("name")?.to_owned(), subjects: subjects(step)? })).collect()
}

/// The subjects of a stream: its name, if none are given.
pub(super) fn subjects(step: &Step) -> Result<Vec<String>, Stop> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    match step.raw("subjects") {
        None => Ok(vec![step.text("name")?.to_owned()]),
        Some(serde_json::Value::Array(subjects)) => {
            let subjects: Option<Vec<String>> = subjects.iter().map(text).collect();
            subjects.ok_or_else(|| step.wrong("subjects", "a list of subjects"))
        }
        Some(one) => {
            text(one).map(|one| vec![one]).ok_or_else(|| step.wrong("subjects", "a list of subjects"))
        }
    }
}

fn reader(
    before: &[Step],
    step: &Step,
    streams: &[Named],
    shared: &mut Shared,
    choose: &mut impl FnMut(usize) -> usize,
) -> Result<Option<Reader>, Stop> {
    let who = step.text_if("who")?.unwrap_or("durable");
    let own = durable(step)?;
    let consumer = own.unwrap_or(who);
    let reader = |stream: &Named, consumer: &str| {
        Some(Reader { stream: stream.name.clone(), consumer: consumer.to_owned() })
    };
    let said = step.text_if("stream")?.and_then(|name| streams.iter().find(|stream| stream.name == name));
    let adding = before.iter().rev().find(|step| adds(step, consumer));
    if let Some(adding) = adding
        && let Some(stream) = said.or(of_consumer(adding, streams)?)
    {
        return Ok(reader(stream, consumer));
    }
    if said.is_none()
        && own.is_none()
        && let Some(stream) = streams.iter().find(|stream| stream.is_called(who))
    {
        let consumer = shared.consumer(&stream.name, who, true, choose);
        return Ok(reader(stream, &consumer));
    }
    let Some(stream) = said.or_else(|| last_used(before, streams)) else { return Ok(None) };
    if let Some(own) = own {
        return Ok(reader(stream, own));
    }
    let mut added = Vec::new();
    for adding in before.iter().rev().filter(|step| Verb::of(step) == Some(Verb::AddConsumer)) {
        if of_consumer(adding, streams)?.is_some_and(|of| of.name == stream.name) {
            added.extend(consumer_name(adding)?);
        }
    }
    let is_part = |name: &&&str| who.split('_').any(|part| part == **name);
    if let Some(name) = added.iter().find(is_part).or(added.first()) {
        return Ok(reader(stream, name));
    }
    let consumer = shared.consumer(&stream.name, who, false, choose);
    Ok(reader(stream, &consumer))
}

impl Named {
    fn is_called(&self, who: &str) -> bool {
        let beginning = who.split('_').next().unwrap_or(who);
        let names = || std::iter::once(&self.name).chain(&self.subjects);
        let first_word = |name: &String| name.split(['.', '_']).next().unwrap_or_default().to_lowercase();
        names().any(|name| name.eq_ignore_ascii_case(who) || name.eq_ignore_ascii_case(beginning))
            || names().any(|name| name.len() > 1 && first_word(name) == beginning.to_lowercase())
    }

    fn takes(&self, subject: &str) -> bool {
        self.subjects.iter().any(|pattern| Grammar::Nats.matches(pattern, subject))
    }
}

fn durable(step: &Step) -> Result<Option<&str>, Stop> {
    for name in ["consumer", "durable", "durable_name"] {
        if let Some(durable) = step.text_if(name)? {
            return Ok(Some(durable));
        }
    }
    Ok(None)
}

/// What a consumer that a step adds is called.
pub(super) fn consumer_name(step: &Step) -> Result<Option<&str>, Stop> {
    Ok(match durable(step)? {
        Some(durable) => Some(durable),
        None => step.text_if("name")?.or(step.text_if("who")?),
    })
}

fn adds(step: &Step, consumer: &str) -> bool {
    Verb::of(step) == Some(Verb::AddConsumer)
        && matches!(consumer_name(step), Ok(Some(name)) if name == consumer)
}

/// The stream that a step adds a consumer to.
fn of_consumer<'a>(step: &Step, streams: &'a [Named]) -> Result<Option<&'a Named>, Stop> {
    if let Some(name) = step.text_if("stream")? {
        return Ok(streams.iter().find(|stream| stream.name == name));
    }
    let filter = step.text_if("filter_subject")?.or(step.text_if("subject")?);
    let takes = |stream: &&Named| {
        filter.is_none_or(|filter| {
            stream.takes(filter) || stream.subjects.iter().any(|subject| subject == filter)
        })
    };
    Ok(streams.iter().rev().find(takes))
}

/// The stream that was published to last.
fn last_used<'a>(before: &[Step], streams: &'a [Named]) -> Option<&'a Named> {
    let published = before.iter().rev().filter(|step| publishes(step));
    let mut subjects = published.filter_map(|step| step.text_if("subject").ok().flatten());
    let used = subjects.find_map(|subject| streams.iter().find(|stream| stream.takes(subject)));
    used.or(streams.last())
}

/// Before which step a consumer that reads with the last one was added.
fn beginning(steps: &[Step], stream: &str, streams: &[Named]) -> Result<usize, Stop> {
    let fetches = steps.len() - 1;
    let mut begins = None;
    for (at, step) in steps.iter().enumerate().rev() {
        let into = match step.text_if("subject")? {
            _ if !publishes(step) => None,
            Some(subject) => streams.iter().find(|stream| stream.takes(subject)),
            None => streams.last(),
        };
        match (into.is_some_and(|into| into.name == stream), begins) {
            (true, _) => begins = Some(at),
            (false, None) => {}
            (false, Some(_)) => break,
        }
    }
    Ok(begins.unwrap_or(fetches))
}
