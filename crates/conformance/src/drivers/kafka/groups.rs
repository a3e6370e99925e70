//! Who is in which group, and how its partitions are shared out.

use std::collections::BTreeMap;

use channel::{Group, GroupTerms, Start, Subscription};
use kernel::{Span, Time};

use super::cluster::Cluster;
use super::settings::{self, Client};
use crate::bench::{Bench, NEW_GROUP, PLAIN_MEMBER};
use crate::drivers::Stop;
use crate::vector::Step;

/// A consumer group of a topic.
pub(super) struct ConsumerGroup {
    /// What the script calls it; nothing, for a consumer that assigns itself its partitions.
    pub(super) label: Option<String>,
    pub(super) topic: usize,
    pub(super) group: Group,
    pub(super) session_timeout: Span,
    /// After each change: who is there, and which partitions each has.
    pub(super) shares: Vec<Shares>,
}

/// How the partitions of a group are shared out after somebody came or went.
pub(super) struct Shares {
    pub(super) at: Time,
    /// How many deliveries there had been before.
    pub(super) after_rows: usize,
    pub(super) of: BTreeMap<usize, Vec<u16>>,
}

/// One consumer, from its subscription to its end.
pub(super) struct Consumer {
    pub(super) who: String,
    pub(super) group: usize,
    pub(super) member: Subscription,
    pub(super) client: Client,
    /// Whether it polls; otherwise it works, or is gone.
    pub(super) polls: bool,
    pub(super) is_there: bool,
    /// When its process died, if it did.
    pub(super) crashed: bool,
    pub(super) last_poll: Time,
    /// Whether it was put out of its group because it did not poll.
    pub(super) put_out: bool,
    /// What the group's coordinator told its client.
    pub(super) events: Vec<&'static str>,
}

impl Cluster<'_> {
    /// Joins a group, or begins to read by itself from an offset.
    pub(super) fn join(&mut self, step: &Step, from: Option<u64>) -> Result<usize, Stop> {
        let (delivery, client) = settings::consumer(self.vector, step)?;
        let topic = self.topic_of(step)?;
        let label =
            from.is_none().then(|| step.text_if("group").map(|group| group.unwrap_or("g").to_owned()));
        let label = label.transpose()?;
        let known =
            |group: &ConsumerGroup| group.topic == topic && group.label.is_some() && group.label == label;
        let group = match self.groups.iter().rposition(known) {
            Some(group) if !self.unsaid.is_so() => group,
            Some(_) | None => {
                let start = match from {
                    Some(offset) => Start::Offset(offset),
                    None if client.latest => Start::New,
                    None => Start::First,
                };
                let session_timeout = delivery.session_timeout;
                let terms = GroupTerms { start, delivery: Some(delivery), ..NEW_GROUP };
                let bench = &mut self.topics[topic].bench;
                let group = bench.add_group(&format!("group {}", self.groups.len()), terms);
                bench.with(|channel, effects| channel.bind(group, "", 1, effects));
                self.groups.push(ConsumerGroup { label, topic, group, session_timeout, shares: Vec::new() });
                self.groups.len() - 1
            }
        };
        let who = step.text("who")?.to_owned();
        let member = self.topics[topic].bench.subscribe(&who, self.groups[group].group, PLAIN_MEMBER);
        self.consumers.push(Consumer {
            who,
            group,
            member,
            client,
            polls: true,
            is_there: true,
            crashed: false,
            last_poll: self.now,
            put_out: false,
            events: Vec::new(),
        });
        self.note_shares(group);
        Ok(self.consumers.len() - 1)
    }

    /// The bench that a group's topic lies on.
    pub(super) fn bench_of(&mut self, group: usize) -> &mut Bench {
        &mut self.topics[self.groups[group].topic].bench
    }

    /// A consumer is gone: in order, or its process was killed.
    pub(super) fn go(&mut self, consumer: usize, crashes: bool) {
        let (group, member) = (self.consumers[consumer].group, self.consumers[consumer].member);
        let state = &mut self.consumers[consumer];
        (state.polls, state.crashed) = (false, crashes);
        if !std::mem::take(&mut state.is_there) {
            return;
        }
        self.bench_of(group).with(|channel, effects| match crashes {
            true => channel.disconnect(member, effects),
            false => channel.leave(member, effects),
        });
        self.note_shares(group);
    }

    /// Clients that have not polled for too long leave their groups by themselves.
    pub(super) fn put_out_who_does_not_poll(&mut self) {
        for consumer in 0..self.consumers.len() {
            let state = &self.consumers[consumer];
            if state.is_there
                && !state.polls
                && self.now.since(state.last_poll) >= state.client.max_poll_interval
            {
                self.consumers[consumer].put_out = true;
                self.go(consumer, false);
            }
        }
    }

    /// How long it takes until partitions of members that crashed go to those who poll.
    pub(super) fn until_sessions_end(&self, group: usize) -> Option<Span> {
        let topic = &self.topics[self.groups[group].topic];
        let partitions = 0..topic.bench.channel.partitions();
        let mut owners =
            partitions.filter_map(|partition| topic.bench.channel.owner(self.groups[group].group, partition));
        let dead = owners.any(|owner| {
            self.consumers
                .iter()
                .any(|consumer| consumer.group == group && consumer.member == owner && consumer.crashed)
        });
        dead.then_some(self.groups[group].session_timeout)
    }

    /// Writes down how the partitions of a group are shared out now, and what its members are told.
    pub(super) fn note_shares(&mut self, group: usize) {
        let (id, topic) = (self.groups[group].group, self.groups[group].topic);
        let channel = &self.topics[topic].bench.channel;
        let there =
            self.consumers.iter().enumerate().filter(|(_, state)| state.group == group && state.is_there);
        let of: BTreeMap<usize, Vec<u16>> = there
            .map(|(index, state)| {
                let owned = |&partition: &u16| channel.owner(id, partition) == Some(state.member);
                (index, (0..channel.partitions()).filter(owned).collect())
            })
            .collect();
        if let Some(last) = self.groups[group].shares.last() {
            if last.of == of {
                return;
            }
            for index in last.of.iter().filter(|(_, had)| !had.is_empty()).map(|(&index, _)| index) {
                if self.consumers[index].is_there {
                    self.consumers[index].events.push("revoke");
                }
            }
        }
        for index in of.iter().filter(|(_, has)| !has.is_empty()).map(|(&index, _)| index) {
            self.consumers[index].events.push("assign");
        }
        let shares = Shares { at: self.now, after_rows: self.rows.len(), of };
        self.groups[group].shares.push(shares);
    }
}
