//! The engine that follows the rules.

use kernel::{Span, Time};

use crate::{Delivery, Effect, Group, Position, Publication, Receipt, Rejection, Rules, Subject, Subscription, Tag};

/// A channel with its messages, named by handles of the caller's.
#[derive(Clone, Debug)]
pub struct Channel {
    rules: Rules,
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
    /// Whether it reads what it is sent (a slow subscriber does not).
    pub reads: bool,
}

#[allow(unused_variables, missing_docs, clippy::todo, reason = "to be written")]
impl Channel {
    pub fn new(rules: Rules, seed: u64) -> Self { todo!() }
    pub fn rules(&self) -> &Rules { &self.rules }
    /// Other rules from now on, for messages that come and that wait. What the channel keeps must stay of the same kind.
    pub fn set_rules(&mut self, rules: Rules, effects: &mut Vec<Effect>) { todo!() }
    pub fn is_up(&self) -> bool { todo!() }
    /// Lets time pass up to `now`, with all that falls due. All other methods happen at that time.
    pub fn advance(&mut self, now: Time, effects: &mut Vec<Effect>) { todo!() }
    /// When something falls due next by itself (a time-out, a poll, an expiry).
    pub fn next_instant(&mut self) -> Option<Time> { todo!() }

    pub fn subject(&mut self, name: &str) -> Subject { todo!() }
    pub fn add_group(&mut self, terms: GroupTerms) -> Group { todo!() }
    /// Lets a group have what matches a pattern, at most at this quality (1 where qualities do not matter). Retained messages that match are sent.
    pub fn bind(&mut self, group: Group, pattern: &str, quality: u8, effects: &mut Vec<Effect>) { todo!() }
    pub fn unbind(&mut self, group: Group, pattern: &str) { todo!() }
    /// Removes a group with all that waits for it.
    pub fn remove_group(&mut self, group: Group, effects: &mut Vec<Effect>) { todo!() }
    pub fn has_group(&self, group: Group) -> bool { todo!() }
    /// Adds a connected member, which gets what it has room for.
    pub fn subscribe(&mut self, group: Group, terms: MemberTerms, effects: &mut Vec<Effect>) -> Subscription { todo!() }
    /// No more is handed to a member; what it holds it keeps (AMQP basic.cancel).
    pub fn cancel(&mut self, who: Subscription) { todo!() }
    /// A member leaves in order: what it holds comes back at once, partitions are assigned anew at once.
    pub fn leave(&mut self, who: Subscription, effects: &mut Vec<Effect>) { todo!() }
    /// Forgets a member with all it holds (Redis XGROUP DELCONSUMER). Returns how many messages it held.
    pub fn forget(&mut self, who: Subscription, effects: &mut Vec<Effect>) -> usize { todo!() }
    pub fn disconnect(&mut self, who: Subscription, effects: &mut Vec<Effect>) { todo!() }
    pub fn connect(&mut self, who: Subscription, effects: &mut Vec<Effect>) { todo!() }

    pub fn publish(&mut self, publication: &Publication, effects: &mut Vec<Effect>) -> Receipt { todo!() }
    /// A member asks for up to `most` messages. It gets what there is; if there is nothing and it `waits`, it
    /// gets something as soon as there is. Returns how many it got now.
    pub fn receive(&mut self, who: Subscription, most: u32, waits: bool, effects: &mut Vec<Effect>) -> u32 { todo!() }
    /// A member waits no more.
    pub fn withdraw(&mut self, who: Subscription) { todo!() }
    /// The consumer takes a delivery up. Where the work begins with a claim (conditional update, claims that commit, acknowledgement before the work)
    /// it is settled now. Returns false if somebody else has it: then there is nothing to do.
    pub fn take_up(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool { todo!() }
    pub fn acknowledge(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool { todo!() }
    pub fn reject(&mut self, from: Subscription, tag: Tag, how: Rejection, effects: &mut Vec<Effect>) -> bool { todo!() }
    /// The consumer needs longer: the time after which the message comes again begins anew.
    pub fn extend(&mut self, from: Subscription, tag: Tag) -> bool { todo!() }
    pub fn delivery_failed(&mut self, to: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool { todo!() }
    /// A member takes over what was held for at least `idle`, oldest first, at most `most` (Redis XAUTOCLAIM): delivered to it anew. With `silent`
    /// nothing is delivered and the delivery does not count (JUSTID). Returns the positions.
    pub fn claim(&mut self, by: Subscription, idle: Span, most: u32, silent: bool, effects: &mut Vec<Effect>) -> Vec<Position> { todo!() }
    /// A member is given what it holds once more, with a new delivery each (Redis XREADGROUP with 0; a session that resumes).
    pub fn deliver_again(&mut self, who: Subscription, effects: &mut Vec<Effect>) -> u32 { todo!() }
    /// What was held for at least `idle` comes back to the channel (a reaper). Returns how many.
    pub fn reap(&mut self, group: Group, idle: Span, effects: &mut Vec<Effect>) -> usize { todo!() }
    /// Everything before `offset` in the partition counts as done for the group.
    pub fn commit(&mut self, group: Group, partition: u16, offset: u64, effects: &mut Vec<Effect>) { todo!() }
    /// The group reads on from `offset`.
    pub fn seek(&mut self, group: Group, partition: u16, offset: u64, effects: &mut Vec<Effect>) { todo!() }
    /// Removes an entry from a log (Redis XDEL, a JetStream delete).
    pub fn delete(&mut self, position: Position, effects: &mut Vec<Effect>) -> bool { todo!() }
    /// The broker is killed: connections break, and what does not survive is lost.
    pub fn crash(&mut self, effects: &mut Vec<Effect>) { todo!() }
    /// The broker is stopped in order.
    pub fn stop(&mut self, effects: &mut Vec<Effect>) { todo!() }
    /// The broker is up again; members that the caller sees as connected are connected.
    pub fn restart(&mut self, effects: &mut Vec<Effect>) { todo!() }

    // Views.
    /// Messages that wait for a group, first to come first (a table polled naively: also those being worked on).
    pub fn ready(&self, group: Group) -> impl Iterator<Item = u32> + '_ { std::iter::empty() }
    pub fn ready_len(&self, group: Group) -> usize { todo!() }
    /// What a group's members hold: in order of position.
    pub fn held(&self, group: Group) -> impl Iterator<Item = HeldView> + '_ { std::iter::empty() }
    pub fn held_len(&self, group: Group) -> usize { todo!() }
    pub fn groups(&self) -> impl Iterator<Item = Group> + '_ { std::iter::empty() }
    pub fn members(&self, group: Group) -> impl Iterator<Item = Subscription> + '_ { std::iter::empty() }
    pub fn group_of(&self, who: Subscription) -> Group { todo!() }
    pub fn is_connected(&self, who: Subscription) -> bool { todo!() }
    pub fn partitions(&self) -> u16 { todo!() }
    /// The entries of a partition, oldest first.
    pub fn entries(&self, partition: u16) -> impl Iterator<Item = (u64, u32)> + '_ { std::iter::empty() }
    /// The offset after the last entry.
    pub fn end(&self, partition: u16) -> u64 { todo!() }
    /// The next offset that a group will be handed, and the one that it has committed.
    pub fn offsets(&self, group: Group, partition: u16) -> (u64, u64) { todo!() }
    /// Who owns a partition.
    pub fn owner(&self, group: Group, partition: u16) -> Option<Subscription> { todo!() }
}

/// A delivery in somebody's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldView {
    /// The caller's handle.
    pub message: u32,
    /// What to settle it by.
    pub tag: Tag,
    /// Who holds it.
    pub by: Subscription,
    /// Since when.
    pub since: Time,
    /// The how-many-th delivery it is, from 1.
    pub delivery: u16,
}
