//! The engine that follows the rules.
//!
//! ```text
//!  publish -> bindings -> each group's line -> serve: to a member that has room, asks, or owns the partition
//!                 |             ^                          |
//!                 v             |  reject, time-out,       v
//!                log ---------->+  disconnect  <------- held by tag -> acknowledge, commit: done
//! ```
//!
//! A queue's line is the group's own; a log is shared, and a group's line is what lies behind its cursor.

mod broker;
mod entry;
mod group;
mod intake;
mod line;
mod log;
mod members;
mod partitions;
mod serve;
mod settle;
mod time;
mod view;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kernel::{Agenda, Purpose, Span, Stream, Time};

use crate::routing::{Bindings, Grammar};
use crate::{Delivery, Effect, Group as GroupId, Keeps, Publication, Routing, Rules, Subject, Subscription};
use entry::Held;
use group::{Group, Member};
use log::Partition;
pub use view::HeldView;

/// A channel with its messages, named by handles of the caller's.
#[derive(Clone, Debug)]
pub struct Channel {
    rules: Rules,
    up: bool,
    now: Time,
    chance: Stream,
    subjects: Vec<Topic>,
    bindings: Bindings,
    groups: Vec<Group>,
    members: Vec<Member>,
    shares: Vec<Share>,
    log: Vec<Partition>,
    /// The last retained message of each subject.
    retained: Vec<Publication>,
    /// Times to live of messages that have one of their own, by position.
    own_times: BTreeMap<u64, u64>,
    /// When each identity was seen first, within the duplicate window, and in which order.
    seen: BTreeMap<u64, u64>,
    seen_in_order: VecDeque<(Time, u64)>,
    next_offset: u64,
    /// Random choices made so far.
    choices: u64,
    timers: Agenda,
}

/// A subject, and who wants to hear of it: each group once, with the quality of the binding that counts.
#[derive(Clone, Debug)]
struct Topic {
    name: Box<str>,
    found: Arc<[(u16, u8)]>,
}

/// Groups of which one gets each message.
#[derive(Clone, Debug)]
struct Share {
    number: u16,
    turn: usize,
}

/// How a group begins.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupTerms {
    /// Where it begins to read, in a log.
    pub start: Start,
    /// Rules of its own; `None`: those of the channel.
    pub delivery: Option<Delivery>,
    /// It is removed when its last member leaves or breaks off (exclusive queues, clean sessions, ephemeral
    /// consumers).
    pub exclusive: bool,
    /// With `exclusive`: removed only after this time without members (session expiry, inactive threshold).
    pub expires_after: Span,
    /// Groups of the same share get each message once among them (`$share`, NATS queue groups).
    pub share: Option<u16>,
}

impl Default for GroupTerms {
    /// A lasting group that begins with what is new.
    fn default() -> Self {
        GroupTerms {
            start: Start::New,
            delivery: None,
            exclusive: false,
            expires_after: Span::ZERO,
            share: None,
        }
    }
}

/// Where a new group begins to read a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With what is published from now on.
    New,
    /// With the oldest entry there is.
    First,
    /// With the newest entry there is.
    Last,
    /// With the newest entry of each subject.
    LastPerSubject,
    /// At this offset of every partition.
    Offset(u64),
}

/// How one member takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberTerms {
    /// A limit of its own on unacknowledged messages; `None`: that of the group's rules.
    pub prefetch: Option<u32>,
    /// Whether what it is handed counts as done at once, whatever the rules say (AMQP `no-ack`).
    pub automatic: bool,
    /// Whether it asks again by itself as soon as it is done with what it has, as a consumer's loop does.
    /// Otherwise [`Channel::receive`] is called for it.
    pub asks_again: bool,
    /// Whether it reads what it is sent (a slow subscriber does not): otherwise [`Channel::consumed`] says when.
    pub reads: bool,
}

impl Default for MemberTerms {
    /// A consumer in a loop.
    fn default() -> Self {
        MemberTerms { prefetch: None, automatic: false, asks_again: true, reads: true }
    }
}

impl Channel {
    /// An empty channel that follows these rules. The seed decides what the rules leave to chance.
    pub fn new(rules: Rules, seed: u64) -> Self {
        let grammar = match rules.routing {
            Routing::Bindings(grammar) => grammar,
            Routing::ConsistentHash => Grammar::Everything,
        };
        let partitions = match rules.keeps {
            Keeps::Nothing | Keeps::Queue => 0,
            Keeps::Log { partitions, .. } => partitions.max(1),
        };
        Channel {
            rules,
            up: true,
            now: Time::ZERO,
            chance: Stream::new(seed, Purpose::Delivery, ""),
            subjects: Vec::new(),
            bindings: Bindings::new(grammar),
            groups: Vec::new(),
            members: Vec::new(),
            shares: Vec::new(),
            log: vec![Partition::default(); usize::from(partitions)],
            retained: Vec::new(),
            own_times: BTreeMap::new(),
            seen: BTreeMap::new(),
            seen_in_order: VecDeque::new(),
            next_offset: Self::FIRST_OFFSET,
            choices: 0,
            timers: Agenda::default(),
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Other rules from now on, for messages that come and that wait. What the channel keeps stays of the
    /// same kind: a queue remains a queue, and a log keeps its partitions.
    pub fn set_rules(&mut self, rules: Rules, effects: &mut Vec<Effect>) {
        let keeps = match (self.rules.keeps, rules.keeps) {
            (Keeps::Log { partitions, .. }, Keeps::Log { partitioner, retention, .. }) => {
                Keeps::Log { partitions, partitioner, retention }
            }
            (before, _) => before,
        };
        self.rules = Rules { keeps, ..rules };
        for index in 0..self.groups.len() {
            if self.groups[index].terms.delivery.is_none() {
                self.groups[index].delivery = self.rules.delivery.clone();
            }
        }
        self.start_timers();
        self.trim_logs(effects);
        self.serve_all(effects);
    }

    /// Whether the broker is up.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// The number of a subject's name.
    pub fn subject(&mut self, name: &str) -> Subject {
        if let Some(known) = self.subjects.iter().position(|topic| *topic.name == *name) {
            return Subject(known as u16);
        }
        self.subjects.push(Topic { name: name.into(), found: interested(&self.bindings, name) });
        Subject(self.subjects.len() as u16 - 1)
    }

    /// A new group, without bindings.
    pub fn add_group(&mut self, terms: GroupTerms) -> GroupId {
        let delivery = terms.delivery.clone().unwrap_or_else(|| self.rules.delivery.clone());
        if let Some(share) = terms.share
            && !self.shares.iter().any(|known| known.number == share)
        {
            self.shares.push(Share { number: share, turn: 0 });
        }
        let start = terms.start;
        self.groups.push(Group::new(terms, delivery, self.log.len()));
        let group = self.groups.len() - 1;
        self.start_reading(group, start);
        self.start_group_timers(group);
        GroupId(group as u16)
    }

    /// Lets a group have what matches a pattern, at most at this quality (1 where qualities do not matter).
    /// Retained messages that match are sent.
    pub fn bind(&mut self, group: GroupId, pattern: &str, quality: u8, effects: &mut Vec<Effect>) {
        let target = u32::from(group.0) | u32::from(quality) << 16;
        let known: Vec<u32> = self
            .bindings
            .iter()
            .filter(|(bound, target)| *bound == pattern && *target as u16 == group.0)
            .map(|(_, target)| target)
            .collect();
        for before in known {
            self.bindings.remove(pattern, before);
        }
        self.bindings.insert(pattern, target);
        let grammar = self.bindings.grammar();
        for topic in &mut self.subjects {
            if grammar.matches(pattern, &topic.name) {
                topic.add(group.0, quality_of(&self.bindings, group.0, &topic.name).unwrap_or(quality));
            }
        }
        if let Start::Last | Start::LastPerSubject = self.groups[usize::from(group.0)].terms.start {
            let start = self.groups[usize::from(group.0)].terms.start;
            self.start_reading(usize::from(group.0), start);
        }
        self.send_retained(group, pattern, quality, effects);
        self.serve(usize::from(group.0), effects);
    }

    /// Takes a binding back.
    pub fn unbind(&mut self, group: GroupId, pattern: &str) {
        let bound: Vec<u32> = self
            .bindings
            .iter()
            .filter(|(bound, target)| *bound == pattern && *target as u16 == group.0)
            .map(|(_, target)| target)
            .collect();
        for target in bound {
            self.bindings.remove(pattern, target);
        }
        self.find_again();
    }

    /// Works out anew who wants to hear of which subject.
    fn find_again(&mut self) {
        for topic in &mut self.subjects {
            topic.found = interested(&self.bindings, &topic.name);
        }
    }

    /// Removes a group with all that waits for it.
    pub fn remove_group(&mut self, group: GroupId, effects: &mut Vec<Effect>) {
        let index = usize::from(group.0);
        self.lose_line(index, crate::Loss::HolderGone, effects);
        self.groups[index].removed = true;
        let patterns: Vec<(String, u32)> = self
            .bindings
            .iter()
            .filter(|(_, target)| *target as u16 == group.0)
            .map(|(pattern, target)| (pattern.to_string(), target))
            .collect();
        for (pattern, target) in patterns {
            self.bindings.remove(&pattern, target);
        }
        self.find_again();
        for member in std::mem::take(&mut self.groups[index].members) {
            self.members[usize::from(member)].inactive = true;
        }
        self.forget_done_entries(effects);
    }

    /// Whether a group is there still.
    pub fn has_group(&self, group: GroupId) -> bool {
        self.groups.get(usize::from(group.0)).is_some_and(|group| !group.removed)
    }

    fn member(&self, who: Subscription) -> &Member {
        &self.members[usize::from(who.0)]
    }

    fn group_index(&self, who: Subscription) -> usize {
        usize::from(self.member(who).group)
    }
}

impl Topic {
    /// Lets a group hear of it, or at another quality.
    fn add(&mut self, group: u16, quality: u8) {
        let others = self.found.iter().copied();
        self.found = match self.found.iter().position(|&(known, _)| known == group) {
            Some(at) => {
                others.enumerate().map(|(n, one)| if n == at { (group, quality) } else { one }).collect()
            }
            None => others.chain([(group, quality)]).collect(),
        };
    }
}

/// Who wants to hear of a subject: each group once, in the order in which they were bound.
fn interested(bindings: &Bindings, subject: &str) -> Arc<[(u16, u8)]> {
    let mut targets = Vec::new();
    bindings.matching(subject, &mut targets);
    let mut found: Vec<(u16, u8)> = Vec::new();
    for (group, quality) in targets.into_iter().map(|target| (target as u16, (target >> 16) as u8)) {
        match found.iter_mut().find(|(known, _)| *known == group) {
            Some(known) => known.1 = quality_of(bindings, group, subject).unwrap_or(quality),
            None => found.push((group, quality)),
        }
    }
    found.into()
}

/// The quality at which a group gets a subject: of several bindings that match, the first counts. Mosquitto looks
/// for them level by level, for the literal name before `+`, for that before `#`, and for what is longer before
/// what ends there; elsewhere it is the first that was bound.
fn quality_of(bindings: &Bindings, group: u16, subject: &str) -> Option<u8> {
    let grammar = bindings.grammar();
    let rank = |pattern: &str| -> Vec<u8> {
        let level = |level: &str| match level {
            "+" => 1,
            "#" => 2,
            _ => 0,
        };
        if grammar == Grammar::Mqtt { pattern.split('/').map(level).chain([3]).collect() } else { Vec::new() }
    };
    let own = bindings
        .iter()
        .filter(|&(pattern, target)| target as u16 == group && grammar.matches(pattern, subject));
    own.min_by_key(|(pattern, _)| rank(pattern)).map(|(_, target)| (target >> 16) as u8)
}
