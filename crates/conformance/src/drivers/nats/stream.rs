//! JetStream: a stream is a log with one partition, each of its consumers a group.

use std::collections::BTreeMap;

use channel::routing::Grammar;
use channel::{
    Effect, Group, GroupTerms, Keeps, Loss, MemberTerms, Position, Retention, Start, Subscription, Survives,
};
use kernel::{Span, Time};

use super::Verb;
use super::terms::{self, Settings};
use crate::bench::{Bench, NEW_GROUP, PLAIN_MEMBER};
use crate::drivers::Stop;
use crate::vector::Step;

/// Fields of a consumer that are no settings of the profile.
const OF_A_CONSUMER: [&str; 17] = [
    "who",
    "name",
    "durable",
    "durable_name",
    "consumer",
    "stream",
    "subject",
    "filter_subject",
    "queue",
    "deliver_group",
    "deliver_subject",
    "deliver_policy",
    "opt_start_seq",
    "replay_policy",
    "inactive_threshold",
    "inactive_threshold_ms",
    "description",
];

/// A stream with its consumers.
pub(super) struct Stream {
    pub(super) name: String,
    pub(super) subjects: Vec<String>,
    pub(super) bench: Bench,
    settings: Settings,
    pub(super) consumers: Vec<Consumer>,
    /// How many messages were stored when the first consumer came, and after each fetch.
    pub(super) stored: Vec<usize>,
    /// The publications with an id of their own: its number, and the sequence it got.
    identities: BTreeMap<String, (u64, u64)>,
    /// Fetches that stay open, and for how many more messages.
    open: Vec<(Subscription, u32)>,
}

/// A consumer: what the server keeps of a reader's position.
pub(super) struct Consumer {
    pub(super) name: String,
    pub(super) group: Group,
    /// How many messages may be in hand.
    pub(super) max_ack_pending: Option<u32>,
    is_ephemeral: bool,
    members: Vec<(String, Subscription)>,
}

/// What a publisher learns.
pub(super) enum Published {
    /// It was stored, or might have been if anybody were interested, under this sequence.
    Stored(u64),
    /// It is there already, under this sequence.
    Duplicate(u64),
    /// There is no room.
    Refused,
}

impl Stream {
    pub(super) fn new(
        name: &str,
        subjects: Vec<String>,
        settings: Settings,
        now: Time,
    ) -> Result<Stream, Stop> {
        let mut bench = Bench::new(terms::rules(settings.clone())?);
        bench.pass_until(now);
        Ok(Stream {
            name: name.to_owned(),
            subjects,
            bench,
            settings,
            consumers: Vec::new(),
            stored: Vec::new(),
            identities: BTreeMap::new(),
            open: Vec::new(),
        })
    }

    pub(super) fn takes(&self, subject: &str) -> bool {
        self.subjects.iter().any(|pattern| Grammar::Nats.matches(pattern, subject))
    }

    /// Whether its messages are gone with the server.
    pub(super) fn is_in_memory(&self) -> bool {
        self.bench.channel.rules().survives == Survives::Nothing
    }

    pub(super) fn has_age(&self) -> bool {
        self.bench.channel.rules().time_to_live.is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.bench.channel.entries(0).count()
    }

    pub(super) fn publish(&mut self, subject: &str, id: &str, msg_id: Option<&str>) -> Published {
        let next = self.identities.len() as u64;
        let known = msg_id.and_then(|msg_id| self.identities.get(msg_id).copied());
        let identity = msg_id.map(|_| known.map_or(next, |(number, _)| number));
        let receipt = self.bench.publish_with(id, subject, |publication| publication.identity = identity);
        if receipt.duplicate {
            return Published::Duplicate(known.map_or(0, |(_, sequence)| sequence));
        }
        let Some(position) = receipt.position.filter(|_| receipt.accepted) else { return Published::Refused };
        let sequence = position.offset() + 1;
        if let (Some(msg_id), Some(number)) = (msg_id, identity) {
            self.identities.insert(msg_id.to_owned(), (number, sequence));
        }
        Published::Stored(sequence)
    }

    /// Whether another consumer with these subjects is refused.
    pub(super) fn is_taken(&self) -> bool {
        let retention = match self.bench.channel.rules().keeps {
            Keeps::Log { retention, .. } => Some(retention),
            Keeps::Nothing | Keeps::Queue => None,
        };
        let there = |consumer: &Consumer| self.bench.channel.has_group(consumer.group);
        retention == Some(Retention::WorkQueue) && self.consumers.iter().any(there)
    }

    /// Adds a consumer with what a step says of it; `more` are settings that no step says.
    pub(super) fn add_consumer(
        &mut self,
        name: &str,
        step: Option<&Step>,
        more: Settings,
    ) -> Result<usize, Stop> {
        let mut settings = self.settings.clone();
        if let Some(step) = step {
            settings.extend(terms::settings(step, &OF_A_CONSUMER)?);
        }
        settings.extend(more);
        let mut expires = None;
        let mut start = Start::First;
        let mut filter = None;
        if let Some(step) = step {
            (start, filter) = (start_of(step)?, step.text_if("filter_subject")?);
            expires = terms::span(step, "inactive_threshold")?;
            if pushes(step) {
                settings.extend(terms::setting("deliver_group", &true.into())?);
            }
        }
        let delivery = terms::rules(settings)?.delivery;
        let max_ack_pending = delivery.group_prefetch;
        if self.consumers.is_empty() {
            self.stored.push(self.len());
        }
        let group = self.bench.add_group(
            name,
            GroupTerms {
                start,
                delivery: Some(delivery),
                exclusive: expires.is_some(),
                expires_after: expires.unwrap_or(Span::ZERO),
                ..NEW_GROUP
            },
        );
        let patterns = filter.map_or_else(|| self.subjects.clone(), |filter| vec![filter.to_owned()]);
        for pattern in patterns {
            self.bench.with(|channel, effects| channel.bind(group, &pattern, 1, effects));
        }
        let is_ephemeral = expires.is_some();
        let name = name.to_owned();
        self.consumers.push(Consumer { name, group, max_ack_pending, is_ephemeral, members: Vec::new() });
        let consumer = self.consumers.len() - 1;
        if is_ephemeral {
            let founder = self.member(consumer, "founder");
            self.rest(consumer, founder);
        }
        Ok(consumer)
    }

    /// An ephemeral consumer is inactive unless somebody fetches.
    pub(super) fn rest(&mut self, consumer: usize, member: Subscription) {
        if self.consumers[consumer].is_ephemeral {
            self.bench.with(|channel, effects| channel.disconnect(member, effects));
        }
    }

    pub(super) fn consumer(&self, name: &str) -> Option<usize> {
        self.consumers
            .iter()
            .position(|consumer| consumer.name == name && self.bench.channel.has_group(consumer.group))
    }

    /// Whether anybody of that name has read it.
    pub(super) fn is_read_by(&self, who: &str) -> bool {
        self.consumers.iter().any(|consumer| consumer.members.iter().any(|(name, _)| name == who))
    }

    pub(super) fn consumer_name(&self, group: Group) -> &str {
        let found = self.consumers.iter().find(|consumer| consumer.group == group);
        found.map_or("?", |consumer| consumer.name.as_str())
    }

    pub(super) fn delete_consumer(&mut self, name: &str) {
        if let Some(consumer) = self.consumer(name) {
            let group = self.consumers[consumer].group;
            self.bench.with(|channel, effects| channel.remove_group(group, effects));
        }
    }

    /// Removes everything.
    pub(super) fn purge(&mut self) {
        let stored: Vec<u64> = self.bench.channel.entries(0).map(|(offset, _)| offset).collect();
        stored.into_iter().for_each(|offset| self.delete(offset + 1));
    }

    pub(super) fn delete(&mut self, sequence: u64) {
        let position = Position::new(0, sequence.saturating_sub(1));
        self.bench.with(|channel, effects| channel.delete(position, effects));
    }

    /// Lets time pass until everything that is stored is too old.
    pub(super) fn grow_old(&mut self) {
        if let Some(age) = self.bench.channel.rules().time_to_live {
            self.bench.pass(age);
        }
    }

    /// A fetch that waits is served one message at a time, in turn with the others, until it has as many as it
    /// asked for.
    pub(super) fn leave_open(&mut self, member: Subscription, most: u32) {
        self.open.retain(|(other, _)| *other != member);
        self.open.push((member, most));
    }

    /// A member has got a message: if its fetch is open still, it waits for the next.
    pub(super) fn ask_on(&mut self, member: Subscription) {
        let Some((_, more)) = self.open.iter_mut().find(|(other, _)| *other == member) else { return };
        *more = more.saturating_sub(1);
        let more = *more;
        if more > 0 {
            self.bench.with(|channel, effects| channel.receive(member, 1, true, effects));
        }
    }

    /// Who fetches for a consumer, or is sent its messages; connected, if it was not.
    pub(super) fn member(&mut self, consumer: usize, who: &str) -> Subscription {
        let group = self.consumers[consumer].group;
        let known = self.consumers[consumer].members.iter().find(|(name, _)| name == who);
        let Some(&(_, member)) = known else {
            let member = self.bench.subscribe(who, group, MemberTerms { reads: true, ..PLAIN_MEMBER });
            self.consumers[consumer].members.push((who.to_owned(), member));
            return member;
        };
        self.bench.with(|channel, effects| channel.connect(member, effects));
        member
    }

    /// A client's connection ends: the server does not mind.
    pub(super) fn disconnect(&mut self, who: &str) {
        let members: Vec<Subscription> = (self.consumers.iter())
            .flat_map(|consumer| consumer.members.iter())
            .filter(|(name, _)| name == who)
            .map(|&(_, member)| member)
            .collect();
        for member in members {
            self.bench.with(|channel, effects| channel.disconnect(member, effects));
        }
    }

    /// Lets time pass until something comes again to a consumer. Returns whether anything did.
    pub(super) fn wait_for_more(&mut self, consumer: usize) -> bool {
        let group = self.consumers[consumer].group;
        let before = self.bench.channel.ready(group).count();
        // Timers may be void, but there is one for each delivery at most.
        for _ in 0..self.bench.effects().len() {
            let Some(next) = self.bench.channel.next_instant() else { return false };
            self.bench.pass_until(next);
            if self.bench.channel.ready(group).count() > before {
                return true;
            }
        }
        false
    }

    /// How often each message had been delivered that a consumer gave up.
    pub(super) fn given_up_after(&self) -> Vec<u16> {
        let mut deliveries: BTreeMap<(u32, Group), u16> = BTreeMap::new();
        let mut given_up = Vec::new();
        for (_, effect) in self.bench.effects() {
            match *effect {
                Effect::Deliver { message, group, delivery, .. } => {
                    deliveries.insert((message, group), delivery);
                }
                Effect::Lost { message, group: Some(group), reason: Loss::GivenUp } => {
                    given_up.extend(deliveries.get(&(message, group)));
                }
                Effect::Kept { .. }
                | Effect::Missed { .. }
                | Effect::NobodyListening { .. }
                | Effect::Refused { .. }
                | Effect::Duplicate { .. }
                | Effect::Lost { .. }
                | Effect::Returned { .. }
                | Effect::Done { .. }
                | Effect::DeadLettered { .. }
                | Effect::CutOff { .. } => {}
            }
        }
        given_up
    }
}

fn start_of(step: &Step) -> Result<Start, Stop> {
    let Some(policy) = step.raw("deliver_policy") else { return Ok(Start::First) };
    Ok(match terms::word(policy).as_str() {
        "all" => Start::First,
        "new" => Start::New,
        "last" => Start::Last,
        "lastpersubject" => Start::LastPerSubject,
        "bystartsequence" => {
            let first = step
                .raw("opt_start_seq")
                .and_then(|first| first.as_u64().or_else(|| first.as_str()?.parse().ok()));
            Start::Offset(first.ok_or_else(|| step.wrong("opt_start_seq", "a sequence"))?.saturating_sub(1))
        }
        "bystarttime" => return Err(Stop::Skip("a start by time of day is outside of the model".to_owned())),
        _ => return Err(step.wrong("deliver_policy", "a deliver policy")),
    })
}

/// A push consumer sends by itself, and with a deliver group to any of its members.
fn pushes(step: &Step) -> bool {
    ["queue", "deliver_group", "deliver_subject"].iter().any(|name| step.raw(name).is_some())
        || matches!(Verb::of(step), Some(Verb::Subscribe | Verb::SubscribeToStream))
}
