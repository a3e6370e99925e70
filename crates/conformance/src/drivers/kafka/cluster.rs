//! The cluster, and the script's steps.

use std::collections::BTreeMap;

use channel::{Position, Rejection, Tag, Value as Setting};
use kernel::{Span, Time};
use serde_json::Value;

use super::Verb;
use super::groups::{Consumer, ConsumerGroup};
use super::settings;
use crate::bench::Bench;
use crate::drivers::nats::unsaid::Unsaid;
use crate::drivers::{Stop, rules};
use crate::vector::{Step, Vector};

/// A Kafka cluster and its clients, while a script runs.
pub(super) struct Cluster<'a> {
    pub(super) vector: &'a Vector,
    pub(super) unsaid: &'a mut Unsaid,
    pub(super) now: Time,
    pub(super) topics: Vec<Topic>,
    pub(super) groups: Vec<ConsumerGroup>,
    pub(super) consumers: Vec<Consumer>,
    /// Every delivery.
    pub(super) rows: Vec<Row>,
    /// Everything that was produced, in order.
    pub(super) produced: Vec<Produced>,
    /// Messages whose work was not finished: who had them, and the id.
    pub(super) unfinished: Vec<(usize, String)>,
    /// Steps that nobody here understands, and what they say.
    pub(super) not_understood: Vec<String>,
}

/// A topic.
pub(super) struct Topic {
    name: String,
    pub(super) bench: Bench,
    /// Where each message lies, by its handle.
    pub(super) positions: Vec<Position>,
}

/// One delivery.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) consumer: usize,
    pub(super) group: usize,
    pub(super) id: String,
    pub(super) position: Position,
    pub(super) tag: Option<Tag>,
    pub(super) at: Time,
}

/// A message as it was produced.
#[derive(Clone, Debug)]
pub(super) struct Produced {
    pub(super) id: String,
    pub(super) key: Option<String>,
    pub(super) partitioner: String,
    pub(super) position: Position,
}

/// How long a partition that was sought back is fetched anew; any time will do, as none passes meanwhile.
const FETCH: Span = Span::from_millis(1);

impl<'a> Cluster<'a> {
    pub(super) fn new(vector: &'a Vector, unsaid: &'a mut Unsaid) -> Cluster<'a> {
        Cluster {
            vector,
            unsaid,
            now: Time::ZERO,
            topics: Vec::new(),
            groups: Vec::new(),
            consumers: Vec::new(),
            rows: Vec::new(),
            produced: Vec::new(),
            unfinished: Vec::new(),
            not_understood: Vec::new(),
        }
    }

    pub(super) fn run(&mut self) -> Result<(), Stop> {
        self.vector.steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match Verb::read(step)? {
            Verb::CreateTopic => {
                let partitions = step.number_if("partitions")?.unwrap_or(1);
                let name = step.text_if("topic")?.or(step.text_if("name")?).unwrap_or("t");
                self.create_topic(name, partitions)?;
            }
            Verb::Produce => {
                self.produce(step, step.text("id")?)?;
                self.poll_until_nothing_comes();
            }
            Verb::ProduceMany => {
                for number in 1..=step.number("n")? {
                    self.produce(step, &format!("m{number}"))?;
                }
                self.poll_until_nothing_comes();
            }
            Verb::Subscribe => {
                let consumer = self.join(step, None)?;
                self.poll_first(consumer, step)?;
            }
            Verb::Assign => self.assign(step)?,
            Verb::Poll => {
                let most =
                    step.number_if("n")?.or(step.number_if("max")?).or(step.number_if("num_messages")?);
                let consumer = self.consumer_of(step)?;
                self.poll(consumer, most.map_or(usize::MAX, |most| most as usize));
            }
            Verb::Commit => self.commit(step)?,
            Verb::Seek => self.seek(step)?,
            Verb::SeekBack => self.seek_back(step)?,
            Verb::Close => {
                let consumer = self.consumer_of(step)?;
                self.go(consumer, false);
                self.poll_until_nothing_comes();
            }
            Verb::Crash => {
                let consumer = self.consumer_of(step)?;
                self.go(consumer, true);
                self.poll_until_nothing_comes();
            }
            Verb::Sleep => {
                let millis = step.number("ms")?;
                self.pass(Span::from_millis(millis));
                self.put_out_who_does_not_poll();
                self.poll_until_nothing_comes();
            }
            Verb::Look => {}
            Verb::Words => self.work_on(step)?,
        }
        Ok(())
    }

    /// Time passes, and whoever polls goes on polling.
    pub(super) fn pass(&mut self, span: Span) {
        self.now += span;
        self.topics.iter_mut().for_each(|topic| topic.bench.pass_until(self.now));
        for consumer in self.consumers.iter_mut().filter(|consumer| consumer.polls) {
            consumer.last_poll = self.now;
        }
        (0..self.groups.len()).for_each(|group| self.note_shares(group));
    }

    fn create_topic(&mut self, name: &str, partitions: u64) -> Result<(), Stop> {
        let mut bench = Bench::new(rules("kafka", &[("partitions", Setting::Count(partitions as u32))])?);
        bench.pass_until(self.now);
        self.topics.push(Topic { name: name.to_owned(), bench, positions: Vec::new() });
        Ok(())
    }

    /// The topic that a step names, else the last.
    pub(super) fn topic_of(&mut self, step: &Step) -> Result<usize, Stop> {
        let name = step.text_if("topic")?;
        if self.topics.is_empty() {
            self.create_topic(name.unwrap_or("t"), 1)?;
        }
        let named = self.topics.iter().position(|topic| Some(topic.name.as_str()) == name);
        Ok(named.unwrap_or(self.topics.len() - 1))
    }

    /// The consumer that a step names, in its latest life; else the latest of all.
    pub(super) fn consumer_of(&self, step: &Step) -> Result<usize, Stop> {
        let who = step.text_if("who")?;
        let found = self.consumers.iter().rposition(|consumer| who.is_none_or(|who| who == consumer.who));
        found.ok_or_else(|| step.wrong("who", "somebody who subscribed"))
    }

    fn produce(&mut self, step: &Step, id: &str) -> Result<(), Stop> {
        let topic = self.topic_of(step)?;
        let partitions = self.topics[topic].bench.channel.partitions();
        let key = step.text_if("key")?.map(str::to_owned);
        let name = match step.text_if("partitioner")? {
            Some(name) => name.to_owned(),
            None => self.unsaid_partitioner(step),
        };
        let partition = match (step.number_if("partition")?, &key) {
            (Some(partition), _) => partition as u16,
            (None, Some(key)) => settings::partitioner(&name)
                .ok_or_else(|| Stop::Skip(format!("the partitioner {name} is outside of the model")))?
                .partition(key.as_bytes(), partitions),
            (None, None) => self.recorded_partition(id).unwrap_or(0),
        };
        if partition >= partitions {
            return Err(step.wrong("partition", "a partition of the topic"));
        }
        let bench = &mut self.topics[topic].bench;
        let receipt = bench.publish_with(id, "t", |publication| publication.partition = Some(partition));
        let position = receipt.position.unwrap_or(Position::new(partition, 0));
        self.topics[topic].positions.push(position);
        self.produced.push(Produced { id: id.to_owned(), key, partitioner: name, position });
        Ok(())
    }

    /// The partitioner of a message with a key: where several were looked at, each has its share.
    fn unsaid_partitioner(&self, step: &Step) -> String {
        let mut names =
            self.vector.observed.values().filter_map(Value::as_object).map(|object| object.keys());
        let names = names.find(|names| names.clone().all(|name| settings::partitioner(name).is_some()));
        let names: Vec<&String> = names.into_iter().flatten().collect();
        let configured = self.vector.config.get("partitioner").and_then(Value::as_str);
        let keyed = |step: &&Step| Verb::of(step) == Some(Verb::Produce) && step.raw("key").is_some();
        let all = self.vector.steps.iter().filter(keyed).count();
        let before =
            self.vector.steps.iter().filter(keyed).filter(|other| other.number < step.number).count();
        match names.get(before * names.len() / all.max(1)) {
            Some(name) => (*name).clone(),
            None => configured.unwrap_or("consistent_random").to_owned(),
        }
    }

    /// Where chance had put a message.
    fn recorded_partition(&self, id: &str) -> Option<u16> {
        let consumers = self.vector.observed.get("consumers")?.as_object()?;
        let mut rows = consumers.values().filter_map(Value::as_array).flatten();
        let row = rows.find(|row| row["id"].as_str() == Some(id))?;
        row["partition"].as_u64().and_then(|partition| u16::try_from(partition).ok())
    }

    /// A consumer that takes its partitions itself reads from an offset: one partition, or all.
    fn assign(&mut self, step: &Step) -> Result<(), Stop> {
        let from = step.number_if("offset")?.unwrap_or(0);
        let consumer = self.join(step, Some(from))?;
        if let Some(only) = step.number_if("partition")? {
            let group = self.consumers[consumer].group;
            let id = self.groups[group].group;
            let bench = self.bench_of(group);
            for partition in (0..bench.channel.partitions()).filter(|partition| u64::from(*partition) != only)
            {
                let end = bench.channel.end(partition);
                bench.with(|channel, effects| channel.seek(id, partition, end, effects));
            }
        }
        self.poll_first(consumer, step)
    }

    /// Commits what lies before an offset, or all that a consumer has got. It counts as long as the consumer is
    /// in its group.
    fn commit(&mut self, step: &Step) -> Result<(), Stop> {
        let consumer = self.consumer_of(step)?;
        let (group, there) = (self.consumers[consumer].group, self.consumers[consumer].is_there);
        let id = step.text_if("id")?;
        let next = step.number_if("next_offset")?.or(step.number_if("offset")?);
        let partition = step.number_if("partition")?.map(|partition| partition as u16);
        let mut offsets: BTreeMap<u16, u64> = BTreeMap::new();
        let own = self.rows.iter().filter(|row| row.consumer == consumer);
        for row in own.filter(|row| id.is_none_or(|id| id == row.id)) {
            let reached = next.unwrap_or(row.position.offset() + 1);
            if partition.is_none_or(|only| only == row.position.partition()) {
                offsets.insert(row.position.partition(), reached);
            }
        }
        if let (Some(partition), Some(next)) = (partition, next) {
            offsets.insert(partition, next);
        }
        let known = self.groups[group].group;
        if there {
            for (partition, offset) in offsets {
                self.bench_of(group)
                    .with(|channel, effects| channel.commit(known, partition, offset, effects));
            }
        }
        Ok(())
    }

    /// Reads on from an offset of a partition, or of the partition of a message.
    fn seek(&mut self, step: &Step) -> Result<(), Stop> {
        let consumer = self.consumer_of(step)?;
        let group = self.consumers[consumer].group;
        let id = step.text_if("id")?;
        let found = self.produced.iter().find(|produced| Some(produced.id.as_str()) == id);
        let found = found.map(|produced| produced.position);
        let partition = step.number_if("partition")?.map(|partition| partition as u16);
        let partition = partition.or(found.map(Position::partition)).unwrap_or(0);
        let offset = step.number_if("offset")?.or(found.map(Position::offset)).unwrap_or(0);
        let known = self.groups[group].group;
        self.bench_of(group).with(|channel, effects| channel.seek(known, partition, offset, effects));
        self.poll_until_nothing_comes();
        Ok(())
    }

    /// Gives back the message that a consumer has just got: while its partition is fetched anew, the others go on.
    fn seek_back(&mut self, step: &Step) -> Result<(), Stop> {
        let consumer = self.consumer_of(step)?;
        let (group, member) = (self.consumers[consumer].group, self.consumers[consumer].member);
        let id = step.text("id")?;
        let own = |row: &&Row| row.consumer == consumer && row.id == id;
        let tag = self.rows.iter().rev().find(own).and_then(|row| row.tag);
        if let Some(tag) = tag {
            self.bench_of(group).reject(member, tag, Rejection::After(FETCH));
            self.poll(consumer, usize::MAX);
            self.pass(FETCH);
            self.poll_to(consumer, id);
        }
        Ok(())
    }

    /// A consumer works on a message for longer than its commits are apart.
    fn work_on(&mut self, step: &Step) -> Result<(), Stop> {
        let Some(id) = self.message_in(&step.op) else {
            self.not_understood.push(format!("step {} only says \"{}\"", step.number, step.op));
            return Ok(());
        };
        let consumer = self.consumer_of(step)?;
        self.unfinished.push((consumer, id));
        if let Some(every) = self.consumers[consumer].client.commits_every {
            self.pass(every + every);
            self.put_out_who_does_not_poll();
        }
        Ok(())
    }
}
