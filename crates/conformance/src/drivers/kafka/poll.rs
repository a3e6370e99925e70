//! Polling: how much a consumer takes, where the steps do not say it.

use super::Verb;
use super::cluster::{Cluster, Row};
use crate::drivers::Stop;
use crate::vector::Step;

/// How far a consumer polls by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Until {
    /// Until nothing more comes.
    Nothing,
    /// Until it has this message.
    Message(String),
    /// So many messages, if there are as many.
    Count(usize),
    /// Its polls are steps.
    Steps,
}

impl Cluster<'_> {
    /// A consumer that has just joined polls.
    pub(super) fn poll_first(&mut self, consumer: usize, step: &Step) -> Result<(), Stop> {
        match self.until(consumer, step)? {
            Until::Nothing => self.poll_until_nothing_comes(),
            Until::Message(id) => {
                self.poll_to(consumer, &id);
                self.consumers[consumer].polls = false;
            }
            Until::Count(most) => {
                self.poll(consumer, most);
                self.consumers[consumer].polls = false;
            }
            Until::Steps => self.consumers[consumer].polls = false,
        }
        Ok(())
    }

    fn until(&mut self, consumer: usize, step: &Step) -> Result<Until, Stop> {
        let who = self.consumers[consumer].who.clone();
        let later = &self.vector.steps[step.number + 1..];
        let own = |step: &&Step| matches!(step.text_if("who"), Ok(Some(other)) if other == who);
        if later.iter().any(|step| own(&step) && Verb::of(step) == Some(Verb::Poll)) {
            return Ok(Until::Steps);
        }
        // A seek back need not say who seeks: it is whoever polled last.
        let mut next = later.iter().enumerate();
        let next = next
            .find(|(n, step)| own(step) || *n == 0 && step.raw("who").is_none() || *n == 0 && is_sleep(step));
        let Some((n, next)) = next else { return Ok(Until::Nothing) };
        let verb = Verb::read(next)?;
        let beginning = |name: &str| name.split('_').next().unwrap_or(name).to_owned();
        let returns = |step: &Step| {
            let who_else = step.text_if("who").ok().flatten();
            Verb::of(step) == Some(Verb::Subscribe) && who_else.map(beginning) == Some(beginning(&who))
        };
        let may_stop = match verb {
            Verb::SeekBack => return Ok(Until::Message(next.text("id")?.to_owned())),
            Verb::Words => match self.message_in(&next.op) {
                Some(id) => return Ok(Until::Message(id)),
                None => true,
            },
            Verb::Crash => true,
            Verb::Sleep => n == 0,
            Verb::Close | Verb::Commit => {
                later.iter().any(returns)
                    || later.iter().any(|step| own(&step) && Verb::of(step) == Some(Verb::Crash))
            }
            Verb::CreateTopic
            | Verb::Produce
            | Verb::ProduceMany
            | Verb::Subscribe
            | Verb::Assign
            | Verb::Poll
            | Verb::Seek
            | Verb::Look => false,
        };
        if !may_stop {
            return Ok(Until::Nothing);
        }
        let group = self.consumers[consumer].group;
        let id = self.groups[group].group;
        let most = self.bench_of(group).channel.ready(id).count();
        Ok(match self.unsaid.pick(most + 1) {
            0 => Until::Nothing,
            fewer => Until::Count(most - fewer),
        })
    }

    /// The id of a message that a sentence speaks of.
    pub(super) fn message_in(&self, words: &str) -> Option<String> {
        let known = |word: &&str| self.vector.steps.iter().any(|step| is_production_of(step, word));
        words.split(' ').find(known).map(str::to_owned)
    }

    /// Everybody who polls does so until nothing more comes, and where a member crashed, until its partitions
    /// have gone to others.
    pub(super) fn poll_until_nothing_comes(&mut self) {
        for _ in 0..=self.consumers.len() {
            for consumer in 0..self.consumers.len() {
                if self.consumers[consumer].polls {
                    self.poll(consumer, usize::MAX);
                }
            }
            let polled =
                |group: &usize| self.consumers.iter().any(|state| state.group == *group && state.polls);
            let groups = (0..self.groups.len()).filter(polled);
            let Some(span) = groups.filter_map(|group| self.until_sessions_end(group)).max() else { return };
            self.pass(span);
        }
    }

    /// A consumer polls for so many messages, as long as there are any.
    pub(super) fn poll(&mut self, consumer: usize, most: usize) {
        for _ in 0..most {
            if self.poll_once(consumer).is_none() {
                break;
            }
        }
    }

    /// A consumer polls until it has a message.
    pub(super) fn poll_to(&mut self, consumer: usize, id: &str) {
        while let Some(got) = self.poll_once(consumer) {
            if got == id {
                break;
            }
        }
    }

    /// One message, if there is any: its id.
    fn poll_once(&mut self, consumer: usize) -> Option<String> {
        let (group, member) = (self.consumers[consumer].group, self.consumers[consumer].member);
        self.consumers[consumer].last_poll = self.now;
        let (at, topic) = (self.now, self.groups[group].topic);
        let bench = self.bench_of(group);
        bench.with(|channel, effects| channel.receive(member, 1, false, effects));
        let delivered = bench.deliveries().pop()?;
        let id = bench.id(delivered.message).to_owned();
        let position = self.topics[topic].positions[delivered.message as usize];
        let row = Row { consumer, group, id: id.clone(), position, tag: delivered.tag, at };
        self.rows.push(row);
        Some(id)
    }
}

fn is_sleep(step: &Step) -> bool {
    Verb::of(step) == Some(Verb::Sleep)
}

fn is_production_of(step: &Step, id: &str) -> bool {
    Verb::of(step) == Some(Verb::Produce) && matches!(step.text_if("id"), Ok(Some(known)) if known == id)
}
