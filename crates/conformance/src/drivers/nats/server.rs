//! The server, and the script's steps.

use std::collections::BTreeMap;

use channel::Subscription;
use kernel::{Span, Time};
use serde_json::{Value, json};

use super::Verb;
use super::core::Core;
use super::errors::{Refusal, Refused};
use super::plan::{self, Plan, Reader};
use super::settle::{Hand, Hands};
use super::stream::{Published, Stream};
use super::terms;
use super::unsaid::Unsaid;
use crate::bench::{Bench, Delivered};
use crate::drivers::Stop;
use crate::vector::{Step, Vector};

/// A NATS server and its clients, while a script runs.
pub(super) struct Server<'a> {
    pub(super) vector: &'a Vector,
    /// All steps of the recording, or a stretch of them.
    pub(super) steps: &'a [Step],
    pub(super) unsaid: &'a mut Unsaid,
    pub(super) plan: Plan,
    pub(super) now: Time,
    pub(super) core: Core,
    pub(super) streams: Vec<Stream>,
    pub(super) hands: Hands,
    pub(super) books: Books,
}

/// What is written down besides the channels' own memory.
#[derive(Default)]
pub(super) struct Books {
    /// Deliveries by consumer, in the order of arrival.
    pub(super) rows: BTreeMap<String, Vec<Row>>,
    /// The number of the step that is being done.
    pub(super) at: usize,
    /// Each delivery of a stream: stream, consumer, id, and the how-many-th it was.
    pub(super) delivered: Vec<(String, String, String, u16)>,
    /// Everything that was published: subject and id.
    pub(super) published: Vec<(String, String)>,
    /// What JetStream answered to publishers: id, sequence, whether it was a duplicate.
    pub(super) answers: Vec<Value>,
    pub(super) refusals: Vec<Refusal>,
    /// Steps that nobody here understands, and what they say.
    pub(super) not_understood: Vec<String>,
}

/// A delivery as it is written down.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// By which of all subscriptions, with core NATS.
    pub(super) by: usize,
    /// During which step.
    pub(super) at: usize,
    pub(super) row: Value,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        vector: &'a Vector,
        steps: &'a [Step],
        unsaid: &'a mut Unsaid,
    ) -> Result<Server<'a>, Stop> {
        let plan = Plan::new(steps, |of| unsaid.pick(of))?;
        Ok(Server {
            vector,
            steps,
            unsaid,
            plan,
            now: Time::ZERO,
            core: Core::new()?,
            streams: Vec::new(),
            hands: Hands::default(),
            books: Books::default(),
        })
    }

    pub(super) fn run(&mut self) -> Result<(), Stop> {
        for name in std::mem::take(&mut self.plan.implied) {
            let in_memory = name.starts_with("mem").then(|| terms::setting("storage", &json!("memory")));
            let settings = in_memory.transpose()?.flatten().into_iter().collect();
            self.streams.push(Stream::new(&name, vec![name.clone()], settings, self.now)?);
        }
        for step in self.steps {
            self.books.at = step.number;
            for reader in self.plan.begins.remove(&step.number).unwrap_or_default() {
                self.add_consumer(&reader, None)?;
            }
            self.step(step)?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match Verb::of(step).ok_or_else(|| step.unknown("NATS"))? {
            Verb::AddStream => {
                let settings = terms::settings(step, &["name", "subjects", "description", "num_replicas"])?;
                let stream = Stream::new(step.text("name")?, plan::subjects(step)?, settings, self.now)?;
                self.streams.push(stream);
            }
            Verb::DeleteStream => {
                let name = self.stream_of(step)?.name.clone();
                self.streams.retain(|stream| stream.name != name);
            }
            Verb::Purge => self.stream_of(step)?.purge(),
            Verb::DeleteMessage => {
                let sequence = step.number("seq")?;
                self.stream_of(step)?.delete(sequence);
            }
            Verb::AddConsumer => {
                let reader = plan::added_by(step, self.steps)?;
                self.add_consumer(&reader, Some(step))?;
            }
            Verb::DeleteConsumer => {
                let name = plan::consumer_name(step)?.unwrap_or_default().to_owned();
                self.stream_of(step)?.delete_consumer(&name);
            }
            Verb::PublishToStream => self.publish_to_stream(step)?,
            Verb::Publish => self.publish(step)?,
            Verb::PublishMany => self.publish_many(step)?,
            Verb::Request => {
                let id = step.text_if("id")?.unwrap_or("request");
                self.request(id, step.text_if("subject")?.unwrap_or("nobody"));
            }
            Verb::Subscribe if self.streams.is_empty() || step.has("subject") => self.subscribe(step)?,
            Verb::Subscribe | Verb::SubscribeToStream => self.subscribe_to_stream(step)?,
            Verb::Unsubscribe => {
                let subject = step.text_if("subject")?;
                self.core.unsubscribe(step.text("who")?, subject);
            }
            Verb::Fetch => self.fetch(step)?,
            Verb::Settle => self.settle(step)?,
            Verb::Disconnect | Verb::Crash => {
                let who = step.text("who")?;
                self.core.unsubscribe(who, None);
                self.streams.iter_mut().for_each(|stream| stream.disconnect(who));
            }
            Verb::Reconnect => self.core.reconnect(step.text("who")?),
            Verb::Restart => self.restart(step.text_if("signal")? == Some("SIGKILL")),
            Verb::Sleep => self.pass(terms::sleep(step)?),
            Verb::Look => {}
            Verb::Words => self.in_words(step)?,
        }
        self.take_in();
        Ok(())
    }

    pub(super) fn pass(&mut self, span: Span) {
        self.now += span;
        self.core.bench.pass_until(self.now);
        self.streams.iter_mut().for_each(|stream| stream.bench.pass_until(self.now));
    }

    /// Everything catches up with what came first.
    fn keep_up(&mut self) {
        let latest = self.streams.iter().map(|stream| stream.bench.now()).max().unwrap_or(self.now);
        self.pass(latest.since(self.now));
    }

    /// The stream that a step is about.
    fn stream_of(&mut self, step: &Step) -> Result<&mut Stream, Stop> {
        let name = step.text_if("stream")?.or(step.text_if("name")?);
        let subject = step.text_if("subject")?;
        let found = self.streams.iter().position(|stream| match (name, subject) {
            (Some(name), _) => stream.name == name,
            (None, Some(subject)) => stream.takes(subject),
            (None, None) => false,
        });
        let last = self.streams.len().checked_sub(1);
        match found.or(last) {
            Some(index) => Ok(&mut self.streams[index]),
            None => Err(step.wrong("stream", "a stream that was added")),
        }
    }

    pub(super) fn add_consumer(&mut self, reader: &Reader, step: Option<&Step>) -> Result<(), Stop> {
        let Some(index) = self.streams.iter().position(|stream| stream.name == reader.stream) else {
            return Ok(());
        };
        if self.streams[index].is_taken() {
            self.refuse(Refused::Taken, &reader.stream);
            return Ok(());
        }
        let more = self.unsaid_settings(reader)?;
        self.streams[index].add_consumer(&reader.consumer, step, more)?;
        Ok(())
    }

    fn publish_to_stream(&mut self, step: &Step) -> Result<(), Stop> {
        let id = step.text("id")?;
        let only = self.streams.last().and_then(|stream| stream.subjects.first().cloned());
        let subject = step.text_if("subject")?.map(str::to_owned).or(only).unwrap_or_default();
        let Some(index) = self.streams.iter().position(|stream| stream.takes(&subject)) else {
            self.refuse(Refused::NoStream, id);
            return Ok(());
        };
        self.store(index, &subject, id, step.text_if("msg_id")?);
        self.core.bench.publish(id, &subject);
        self.books.published.push((subject, id.to_owned()));
        Ok(())
    }

    fn store(&mut self, index: usize, subject: &str, id: &str, msg_id: Option<&str>) {
        if self.streams[index].has_age() && self.streams[index].len() > 0 && self.unsaid.is_so() {
            self.streams[index].grow_old();
            self.keep_up();
        }
        let answer = match self.streams[index].publish(subject, id, msg_id) {
            Published::Stored(sequence) => json!([id, sequence, false]),
            Published::Duplicate(sequence) => json!([id, sequence, true]),
            Published::Refused => return self.refuse(Refused::Full, id),
        };
        self.books.answers.push(answer);
    }

    fn publish(&mut self, step: &Step) -> Result<(), Stop> {
        let named = step.text_if("subject")?.map(str::to_owned);
        let subject = named.or(self.core.first_subject().map(str::to_owned)).unwrap_or("s".to_owned());
        let id = step.text_if("id")?.unwrap_or(&subject).to_owned();
        if let Some(index) = self.streams.iter().position(|stream| stream.takes(&subject)) {
            self.store(index, &subject, &id, step.text_if("msg_id")?);
        }
        self.books.published.push((subject.clone(), id.clone()));
        self.core.bench.publish(&id, &subject);
        Ok(())
    }

    /// Many messages of the same size: the subject is that of the first subscriber, if none is given. A limit in
    /// bytes becomes one in messages.
    fn publish_many(&mut self, step: &Step) -> Result<(), Stop> {
        let subject = step.text_if("subject")?.or(self.core.first_subject()).unwrap_or("s").to_owned();
        if let (Some(limit), Some(bytes)) = (self.vector.setting("max_pending"), step.number_if("bytes")?) {
            self.core.limit_unread((limit / bytes.max(1) as f64) as u32);
        }
        for number in 1..=step.number("n")? {
            let id = format!("m{number}");
            self.core.bench.publish(&id, &subject);
            self.books.published.push((subject.clone(), id));
        }
        Ok(())
    }

    /// Asks whoever hears of a subject.
    pub(super) fn request(&mut self, id: &str, subject: &str) {
        if self.core.bench.publish(id, subject).receivers == 0 {
            self.refuse(Refused::NoResponders, subject);
        }
    }

    fn subscribe(&mut self, step: &Step) -> Result<(), Stop> {
        let first = self.steps.iter().find_map(|step| step.text_if("subject").ok().flatten());
        let subject = step.text_if("subject")?.or(first).unwrap_or("s");
        let reads = step.flag_if("reads")?.unwrap_or(true);
        self.core.subscribe(step.text("who")?, subject, step.text_if("queue")?, reads);
        Ok(())
    }

    /// A push consumer: with a queue it is shared by all who subscribe with that queue.
    fn subscribe_to_stream(&mut self, step: &Step) -> Result<(), Stop> {
        let who = step.text("who")?;
        let shared = step.text_if("durable")?.or(step.text_if("queue")?).unwrap_or(who).to_owned();
        let stream = self.stream_of(step)?.name.clone();
        let reader = Reader { stream, consumer: shared };
        let known = self
            .streams
            .iter()
            .any(|stream| stream.name == reader.stream && stream.consumer(&reader.consumer).is_some());
        if !known {
            self.add_consumer(&reader, Some(step))?;
        }
        if let Some(index) = self.streams.iter().position(|stream| stream.name == reader.stream)
            && let Some(consumer) = self.streams[index].consumer(&reader.consumer)
        {
            self.streams[index].member(consumer, who);
        }
        Ok(())
    }

    fn fetch(&mut self, step: &Step) -> Result<(), Stop> {
        let who = step.text_if("who")?.unwrap_or("durable").to_owned();
        let most = step.number_if("n")?.or(step.number_if("batch")?);
        let most = most.unwrap_or(if step.op == "fetch_all" { u64::from(u32::MAX) } else { 1 }) as u32;
        let Some((index, consumer)) = self.reader_of(step) else {
            return Err(step.wrong("who", "somebody who reads a stream"));
        };
        self.time_before_fetch(step, index, consumer);
        let stream = &mut self.streams[index];
        let member = stream.member(consumer, &who);
        let got = stream.bench.with(|channel, effects| channel.receive(member, most, false, effects));
        if got == 0 && self.waits(step, index)? {
            let stream = &mut self.streams[index];
            stream.bench.with(|channel, effects| channel.receive(member, most, true, effects));
            stream.leave_open(member, if self.unsaid.is_so() { most } else { 1 });
        }
        self.take_in_for(Some(step));
        let stream = &mut self.streams[index];
        stream.rest(consumer, member);
        stream.stored.push(stream.len());
        Ok(())
    }

    /// The stream and the consumer that a fetch is for.
    fn reader_of(&mut self, step: &Step) -> Option<(usize, usize)> {
        let reader = self.plan.readers.get(&step.number)?;
        let index = self.streams.iter().position(|stream| stream.name == reader.stream)?;
        let consumer = self.streams[index].consumer(&reader.consumer)?;
        Some((index, consumer))
    }

    /// Whether a fetch that found nothing waits for what comes later.
    fn waits(&mut self, step: &Step, stream: usize) -> Result<bool, Stop> {
        let later = self.steps.iter().filter(|later| later.number > step.number);
        let mut published =
            later.filter(|later| matches!(Verb::of(later), Some(Verb::Publish | Verb::PublishToStream)));
        let into = |later: &Step| match later.text_if("subject") {
            Ok(Some(subject)) => self.streams[stream].takes(subject),
            Ok(None) => true,
            Err(_) => false,
        };
        if !published.any(into) {
            return Ok(false);
        }
        let said = ["waits", "waiting", "blocks"].iter().find_map(|name| step.flag_if(name).transpose());
        match said {
            Some(said) => said,
            None => Ok(step.op == "fetch_waiting" || self.unsaid.is_so()),
        }
    }

    /// Time that passed before a consumer's last fetch without a word of it.
    fn time_before_fetch(&mut self, step: &Step, index: usize, consumer: usize) {
        let reader = self.plan.readers.get(&step.number);
        let last = self.plan.readers.iter().rev().find(|(_, other)| reader == Some(other));
        if last.is_none_or(|(number, _)| *number != step.number) {
            return;
        }
        let stream = &self.streams[index];
        let group = stream.consumers[consumer].group;
        let is_put_off = stream.bench.channel.delayed(group).next().is_some();
        let held = stream.bench.channel.held(group);
        let is_recorded_again =
            held.into_iter().any(|held| self.is_recorded_again(stream.bench.id(held.message), held.delivery));
        if is_put_off || is_recorded_again {
            self.streams[index].wait_for_more(consumer);
            self.keep_up();
        }
    }

    /// Writes down what has arrived.
    pub(super) fn take_in(&mut self) {
        self.take_in_for(None);
    }

    fn take_in_for(&mut self, fetch: Option<&Step>) {
        for delivered in self.core.bench.deliveries() {
            let who = self.core.bench.name(delivered.to).to_owned();
            let (by, subject) = self.core.came_by(&delivered);
            let id = self.core.bench.id(delivered.message);
            let published = self.books.published.iter().rev().find(|(_, known)| known == id);
            let about = published.map_or("", |(about, _)| about);
            // Names that a script may have for the two.
            let mut row = json!({ "id": id, "subject": about });
            for name in ["via", "sub", "subscription", "pattern", "filter"] {
                row[name] = json!(subject);
            }
            let at = self.books.at;
            self.books.rows.entry(who).or_default().push(Row { by, at, row });
        }
        for index in 0..self.streams.len() {
            loop {
                let arrived = self.streams[index].bench.deliveries();
                if arrived.is_empty() {
                    break;
                }
                let hands = arrived.iter().map(|delivered| self.write_down(index, delivered)).collect();
                self.take_in_hand(hands, fetch);
                arrived.iter().for_each(|delivered| self.streams[index].ask_on(delivered.to));
            }
        }
    }

    pub(super) fn write_down(&mut self, index: usize, delivered: &Delivered) -> Hand {
        let stream = &self.streams[index];
        let who = stream.bench.name(delivered.to).to_owned();
        let id = stream.bench.id(delivered.message).to_owned();
        let row =
            json!({ "id": id, "num_delivered": delivered.delivery, "redelivered": delivered.redelivered });
        let at = self.books.at;
        self.books.rows.entry(who.clone()).or_default().push(Row { by: 0, at, row });
        let consumer = stream.consumer_name(delivered.group).to_owned();
        self.books.delivered.push((stream.name.clone(), consumer, id.clone(), delivered.delivery));
        let member: Subscription = delivered.to;
        Hand { stream: index, who, member, id, tag: delivered.tag, delivery: delivered.delivery }
    }

    /// The server goes down and comes up again; the clients reconnect.
    pub(super) fn restart(&mut self, killed: bool) {
        for stream in &mut self.streams {
            go_down(&mut stream.bench, killed);
            stream.bench.with(|channel, effects| channel.restart(effects));
        }
        self.streams.retain(|stream| !stream.is_in_memory());
        go_down(&mut self.core.bench, killed);
        self.core.bench.with(|channel, effects| channel.restart(effects));
    }
}

/// The broker is killed, or stopped in order.
fn go_down(bench: &mut Bench, killed: bool) {
    bench.with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
}
