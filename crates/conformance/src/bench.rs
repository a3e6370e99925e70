//! A channel on the bench: ids instead of handles, names instead of numbers, and everything that came out.

use std::collections::BTreeMap;

use channel::{
    Acknowledgement, Channel, Effect, Group, GroupTerms, MemberTerms, Publication, Receipt, Rejection, Rules,
    Start, Subscription, Tag,
};
use kernel::{Span, Time};

/// What the engine draws chance from: any constant will do, since what varies is not compared literally.
const SEED: u64 = 20_261_121;

/// No recording goes on for longer: a week of what happens each millisecond is enough.
const RUN_MAX: Time = Time::from_nanos(7 * 24 * 3600 * 1_000_000_000);

/// A group that starts with what is published from now on, by the channel's own rules.
pub(crate) const NEW_GROUP: GroupTerms = GroupTerms {
    start: Start::New,
    delivery: None,
    exclusive: false,
    expires_after: Span::ZERO,
    share: None,
};

/// A member that is sent what there is, and reads it.
pub(crate) const PLAIN_MEMBER: MemberTerms =
    MemberTerms { prefetch: None, automatic: false, asks_again: false, reads: true };

/// A delivery that arrived, in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Delivered {
    /// The handle of the message.
    pub(crate) message: u32,
    /// In the name of which group.
    pub(crate) group: Group,
    /// Who got it.
    pub(crate) to: Subscription,
    /// What to acknowledge it by.
    pub(crate) tag: Option<Tag>,
    /// Whether it was, or may have been, handed out before.
    pub(crate) redelivered: bool,
    /// The how-many-th delivery this is, from 1.
    pub(crate) delivery: u16,
    /// The lesser quality of publication and binding.
    pub(crate) quality: u8,
    /// Whether it is a retained message, not a live one.
    pub(crate) retained: bool,
    /// When.
    pub(crate) at: Time,
}

/// A channel, with its clock and all that it said.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    /// The engine, for what the bench does not wrap: call it with [`Bench::with`] where it has effects.
    pub(crate) channel: Channel,
    now: Time,
    ids: Vec<String>,
    names: BTreeMap<Subscription, String>,
    groups: BTreeMap<String, Group>,
    effects: Vec<(Time, Effect)>,
    inbox: Vec<Delivered>,
}

impl Bench {
    /// A new channel with these rules.
    pub(crate) fn new(rules: Rules) -> Bench {
        Bench {
            channel: Channel::new(rules, SEED),
            now: Time::ZERO,
            ids: Vec::new(),
            names: BTreeMap::new(),
            groups: BTreeMap::new(),
            effects: Vec::new(),
            inbox: Vec::new(),
        }
    }

    /// Calls a method of the engine that has effects, and keeps them.
    pub(crate) fn with<T>(&mut self, call: impl FnOnce(&mut Channel, &mut Vec<Effect>) -> T) -> T {
        let mut effects = Vec::new();
        let result = call(&mut self.channel, &mut effects);
        for effect in effects {
            self.keep(effect);
        }
        result
    }

    fn keep(&mut self, effect: Effect) {
        self.effects.push((self.now, effect));
        if let Effect::Deliver { message, group, to, tag, redelivered, delivery, quality, retained } = effect
        {
            let at = self.now;
            self.inbox.push(Delivered {
                message,
                group,
                to,
                tag,
                redelivered,
                delivery,
                quality,
                retained,
                at,
            });
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Time {
        self.now
    }

    /// Lets time pass, stopping wherever something falls due.
    pub(crate) fn pass(&mut self, span: Span) {
        self.pass_until(self.now + span);
    }

    /// Lets time pass up to an instant; does nothing if that is over. A channel's time ends after a week.
    pub(crate) fn pass_until(&mut self, then: Time) {
        let then = then.min(RUN_MAX);
        while let Some(due) = self.channel.next_instant() {
            if due > then {
                break;
            }
            self.now = self.now.max(due);
            let now = self.now;
            self.with(|channel, effects| channel.advance(now, effects));
            if self.channel.next_instant() == Some(due) {
                break;
            }
        }
        self.now = self.now.max(then);
        let now = self.now;
        self.with(|channel, effects| channel.advance(now, effects));
    }

    /// A new handle for a message with this id. The same id may have several: two messages that a person
    /// calls the same.
    pub(crate) fn handle(&mut self, id: &str) -> u32 {
        self.ids.push(id.to_owned());
        u32::try_from(self.ids.len() - 1).unwrap_or(u32::MAX)
    }

    /// The id of a handle.
    pub(crate) fn id(&self, message: u32) -> &str {
        self.ids.get(message as usize).map_or("?", String::as_str)
    }

    /// Adds a group under a name.
    pub(crate) fn add_group(&mut self, name: &str, mut terms: GroupTerms) -> Group {
        if let Some(delivery) = &mut terms.delivery
            && let Acknowledgement::Offset { automatic: Some(every) } = &mut delivery.acknowledgement
        {
            // What is due again after no time at all would be due for ever.
            *every = (*every).max(Span::from_millis(1));
        }
        let group = self.channel.add_group(terms);
        self.groups.insert(name.to_owned(), group);
        group
    }

    /// The group of that name, if it was added and not removed.
    pub(crate) fn group(&self, name: &str) -> Option<Group> {
        self.groups.get(name).copied().filter(|group| self.channel.has_group(*group))
    }

    /// The name of a group.
    pub(crate) fn group_name(&self, group: Group) -> &str {
        self.groups.iter().find(|(_, known)| **known == group).map_or("?", |(name, _)| name)
    }

    /// Adds a member under a name, which need not be unique.
    pub(crate) fn subscribe(&mut self, name: &str, group: Group, terms: MemberTerms) -> Subscription {
        let mut effects = Vec::new();
        let who = self.channel.subscribe(group, terms, &mut effects);
        self.names.insert(who, name.to_owned());
        for effect in effects {
            self.keep(effect);
        }
        who
    }

    /// The name of a member.
    pub(crate) fn name(&self, who: Subscription) -> &str {
        self.names.get(&who).map_or("?", String::as_str)
    }

    /// Publishes an ordinary message about a subject.
    pub(crate) fn publish(&mut self, id: &str, subject: &str) -> Receipt {
        self.publish_with(id, subject, |_| {})
    }

    /// Publishes a message that is more than ordinary.
    pub(crate) fn publish_with(
        &mut self,
        id: &str,
        subject: &str,
        more: impl FnOnce(&mut Publication),
    ) -> Receipt {
        let message = self.handle(id);
        let subject = self.channel.subject(subject);
        let mut publication = Publication::new(message, subject);
        more(&mut publication);
        self.with(|channel, effects| channel.publish(&publication, effects))
    }

    /// Acknowledges a delivery. Returns whether it counted.
    pub(crate) fn acknowledge(&mut self, from: Subscription, tag: Tag) -> bool {
        self.with(|channel, effects| channel.acknowledge(from, tag, effects))
    }

    /// Rejects a delivery. Returns whether it counted.
    pub(crate) fn reject(&mut self, from: Subscription, tag: Tag, how: Rejection) -> bool {
        self.with(|channel, effects| channel.reject(from, tag, how, effects))
    }

    /// The deliveries that arrived since this was last asked.
    pub(crate) fn deliveries(&mut self) -> Vec<Delivered> {
        std::mem::take(&mut self.inbox)
    }

    /// The deliveries to one member that arrived since they were last asked for; others stay.
    pub(crate) fn deliveries_to(&mut self, who: Subscription) -> Vec<Delivered> {
        let (for_them, others) =
            std::mem::take(&mut self.inbox).into_iter().partition(|delivered| delivered.to == who);
        self.inbox = others;
        for_them
    }

    /// Everything that the engine said from the start, with the time.
    pub(crate) fn effects(&self) -> &[(Time, Effect)] {
        &self.effects
    }
}
