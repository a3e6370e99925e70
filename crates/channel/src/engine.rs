//! The engine that follows the rules.

use std::collections::{BTreeMap, VecDeque};

use crate::{Absent, Acknowledgement, Audience, DeadLetterReason, Overflow, Return, Rules};

/// A subscriber or consumer: its number in the order in which they subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscription(pub u16);

/// A delivery that awaits its acknowledgement, as AMQP numbers them; never 0.
pub type Tag = u32;

/// What the caller has to carry out, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send the message (or a copy of it, where every subscription gets one) to a subscription.
    Deliver {
        /// Who gets it.
        to: Subscription,
        /// The caller's handle of the message.
        message: u32,
        /// What to acknowledge it by; `None` where nothing is to be acknowledged.
        tag: Option<Tag>,
        /// Whether it was handed out before.
        redelivered: bool,
    },
    /// This subscription is away, and nothing is kept for it.
    Missed {
        /// Who would have got it.
        to: Subscription,
        /// The caller's handle.
        message: u32,
    },
    /// Nobody has subscribed, or nobody is there.
    NobodyListening {
        /// The caller's handle.
        message: u32,
    },
    /// The sender is told that the message was not taken.
    Refused {
        /// The caller's handle.
        message: u32,
    },
    /// The channel is down, or lost what it had in memory.
    LostInCrash {
        /// The caller's handle.
        message: u32,
    },
    /// The message is back in the channel and waits; a delivery of it that is still on its way is void.
    Returned {
        /// The caller's handle.
        message: u32,
    },
    /// The message is done.
    Done {
        /// The caller's handle.
        message: u32,
    },
    /// The message is put aside.
    DeadLettered {
        /// The caller's handle.
        message: u32,
        /// Why.
        reason: DeadLetterReason,
    },
}

/// A channel with its messages, named by handles of the caller's.
#[derive(Clone, Debug)]
pub struct Channel {
    rules: Rules,
    up: bool,
    members: Vec<Member>,
    /// Who subscribed to a subject, by the subject's number.
    interested: Vec<Vec<Subscription>>,
    /// Messages that wait in publication order.
    ready: VecDeque<Waiting>,
    /// Messages that came back, by original position; all of them are older than the head of `ready`,
    /// or were overtaken by it while they were held.
    returned: BTreeMap<u64, Waiting>,
    next_position: u64,
    next_tag: Tag,
    /// The consumer whose turn it is.
    turn: usize,
}

#[derive(Clone, Debug)]
struct Member {
    connected: bool,
    /// By tag; in the same kind of map as `returned`, because each kind weighs 4 KB on the page.
    held: BTreeMap<u64, Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    message: u32,
    /// How often it was handed out and came back by rejection or disconnection.
    returns: u32,
    position: u64,
}

impl Channel {
    /// An empty channel that follows these rules.
    pub fn new(rules: Rules) -> Self {
        Channel {
            rules,
            up: true,
            members: Vec::new(),
            interested: Vec::new(),
            ready: VecDeque::new(),
            returned: BTreeMap::new(),
            next_position: 0,
            next_tag: 0,
            turn: 0,
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether the broker is up.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Adds a connected subscriber to these subjects (numbers of the caller's choosing).
    pub fn subscribe(&mut self, subjects: &[u16]) -> Subscription {
        let subscription = Subscription(self.members.len() as u16);
        self.members.push(Member { connected: true, held: BTreeMap::new() });
        for &subject in subjects {
            let subject = usize::from(subject);
            if self.interested.len() <= subject {
                self.interested.resize_with(subject + 1, Vec::new);
            }
            self.interested[subject].push(subscription);
        }
        subscription
    }

    /// Takes a message in, and hands out what can be handed out.
    pub fn publish(&mut self, message: u32, subject: u16, effects: &mut Vec<Effect>) {
        if !self.up {
            effects.push(Effect::LostInCrash { message });
            return;
        }
        match self.rules.audience {
            Audience::EverySubscription => self.fan_out(message, subject, effects),
            Audience::OneConsumer => self.enqueue(message, effects),
        }
    }

    /// The consumer is done with a delivery. Returns false, and changes nothing, if the tag is unknown: the
    /// message came back to the channel in the meantime.
    pub fn acknowledge(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let Some(waiting) = self.release(from, tag) else { return false };
        effects.push(Effect::Done { message: waiting.message });
        self.hand_out(effects);
        true
    }

    /// The consumer could not do it, and wants it to come again. Returns false if the tag is unknown.
    pub fn reject(&mut self, from: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let Some(waiting) = self.release(from, tag) else { return false };
        // A quorum queue puts a rejected message at the tail, unless it has a delivery limit
        // (recorded on RabbitMQ 3.10).
        let to =
            if self.rules.delivery_limit.is_some() { Return::OriginalPlace } else { self.rules.rejected_to };
        self.take_back(waiting, to, effects);
        self.hand_out(effects);
        true
    }

    /// The connection of a subscriber broke: everything it held comes back, at its original place.
    pub fn disconnect(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(usize::from(who.0)) else { return };
        member.connected = false;
        for waiting in std::mem::take(&mut member.held).into_values() {
            self.take_back(waiting, Return::OriginalPlace, effects);
        }
        self.hand_out(effects);
    }

    /// A subscriber is there again, and gets what it has room for.
    pub fn connect(&mut self, who: Subscription, effects: &mut Vec<Effect>) {
        if let Some(member) = self.members.get_mut(usize::from(who.0)) {
            member.connected = true;
        }
        self.hand_out(effects);
    }

    /// One delivery got lost on the network, and the broken connection was noticed. Returns false if the tag
    /// is unknown.
    pub fn delivery_failed(&mut self, to: Subscription, tag: Tag, effects: &mut Vec<Effect>) -> bool {
        let Some(waiting) = self.release(to, tag) else { return false };
        self.take_back(waiting, Return::OriginalPlace, effects);
        self.hand_out(effects);
        true
    }

    /// The broker crashes: connections break, and what is not durable is lost.
    pub fn crash(&mut self, effects: &mut Vec<Effect>) {
        self.up = false;
        for member in &mut self.members {
            for waiting in std::mem::take(&mut member.held).into_values() {
                effects.push(Effect::Returned { message: waiting.message });
                let returns = waiting.returns + 1;
                self.returned.insert(waiting.position, Waiting { returns, ..waiting });
            }
        }
        if !self.rules.durable {
            let gone =
                std::mem::take(&mut self.returned).into_values().chain(std::mem::take(&mut self.ready));
            effects.extend(gone.map(|waiting| Effect::LostInCrash { message: waiting.message }));
        }
    }

    /// The broker is up again; subscribers that are connected get what waits.
    pub fn restart(&mut self, effects: &mut Vec<Effect>) {
        self.up = true;
        self.hand_out(effects);
    }

    /// Handles of the messages that wait to be handed out, first to come first.
    pub fn ready(&self) -> impl Iterator<Item = u32> + '_ {
        let mut returned = self.returned.values().peekable();
        let mut fresh = self.ready.iter().peekable();
        std::iter::from_fn(move || match (returned.peek(), fresh.peek()) {
            (Some(old), Some(new)) if new.position < old.position => fresh.next(),
            (Some(_), _) => returned.next(),
            (None, _) => fresh.next(),
        })
        .map(|waiting| waiting.message)
    }

    /// How many messages wait to be handed out.
    pub fn ready_len(&self) -> usize {
        self.ready.len() + self.returned.len()
    }

    /// Handles of the messages that were handed out to a subscription and are not yet acknowledged.
    pub fn held(&self, by: Subscription) -> impl Iterator<Item = u32> + '_ {
        let member = self.members.get(usize::from(by.0));
        member.into_iter().flat_map(|member| member.held.values().map(|waiting| waiting.message))
    }

    /// Whether the channel sees a subscriber as connected.
    pub fn is_connected(&self, who: Subscription) -> bool {
        self.members.get(usize::from(who.0)).is_some_and(|member| member.connected)
    }

    fn fan_out(&mut self, message: u32, subject: u16, effects: &mut Vec<Effect>) {
        let interested = self.interested.get(usize::from(subject)).map_or(&[][..], Vec::as_slice);
        let mut heard = false;
        for &to in interested {
            if self.members[usize::from(to.0)].connected {
                heard = true;
                effects.push(Effect::Deliver { to, message, tag: None, redelivered: false });
            } else {
                effects.push(Effect::Missed { to, message });
            }
        }
        if !heard {
            effects.push(Effect::NobodyListening { message });
        }
    }

    fn enqueue(&mut self, message: u32, effects: &mut Vec<Effect>) {
        if self.rules.absent != Absent::Kept && !self.members.iter().any(|member| member.connected) {
            effects.push(match self.rules.absent {
                Absent::Refused => Effect::Refused { message },
                Absent::Lost | Absent::Kept => Effect::NobodyListening { message },
            });
            return;
        }
        if let Some(bound) = self.rules.length
            && self.ready_len() >= bound.max as usize
        {
            match bound.overflow {
                Overflow::RejectPublish => {
                    effects.push(Effect::Refused { message });
                    return;
                }
                Overflow::DropHead => {
                    if let Some(oldest) = self.take_first() {
                        let reason = DeadLetterReason::LengthLimit;
                        effects.push(Effect::DeadLettered { message: oldest.message, reason });
                    }
                }
            }
        }
        self.next_position += 1;
        self.ready.push_back(Waiting { message, returns: 0, position: self.next_position });
        self.hand_out(effects);
    }

    /// Gives ready messages to consumers that have room, each in turn.
    fn hand_out(&mut self, effects: &mut Vec<Effect>) {
        while self.up && self.ready_len() > 0 {
            let Some(index) = self.next_consumer() else { return };
            let Some(waiting) = self.take_first() else { return };
            self.turn = (index + 1) % self.members.len();
            let tag = match self.rules.acknowledgement {
                Acknowledgement::OnHandOut => None,
                Acknowledgement::AfterWork => {
                    self.next_tag += 1;
                    self.members[index].held.insert(self.next_tag.into(), waiting);
                    Some(self.next_tag)
                }
            };
            effects.push(Effect::Deliver {
                to: Subscription(index as u16),
                message: waiting.message,
                tag,
                redelivered: waiting.returns > 0,
            });
        }
    }

    fn next_consumer(&self) -> Option<usize> {
        let room = |member: &Member| {
            member.connected && self.rules.prefetch.is_none_or(|most| member.held.len() < most as usize)
        };
        let count = self.members.len();
        (0..count).map(|offset| (self.turn + offset) % count).find(|&index| room(&self.members[index]))
    }

    fn take_first(&mut self) -> Option<Waiting> {
        let returned = self.returned.first_key_value().map(|(&position, _)| position);
        let fresh = self.ready.front().map(|waiting| waiting.position);
        match (returned, fresh) {
            (Some(old), Some(new)) if new < old => self.ready.pop_front(),
            (Some(_), _) => self.returned.pop_first().map(|(_, waiting)| waiting),
            (None, _) => self.ready.pop_front(),
        }
    }

    fn release(&mut self, from: Subscription, tag: Tag) -> Option<Waiting> {
        self.members.get_mut(usize::from(from.0))?.held.remove(&tag.into())
    }

    fn take_back(&mut self, waiting: Waiting, to: Return, effects: &mut Vec<Effect>) {
        let returns = waiting.returns + 1;
        if self.rules.delivery_limit.is_some_and(|limit| returns > limit) {
            let reason = DeadLetterReason::DeliveryLimit;
            effects.push(Effect::DeadLettered { message: waiting.message, reason });
            return;
        }
        effects.push(Effect::Returned { message: waiting.message });
        let to_tail = match to {
            Return::OriginalPlace => false,
            Return::Tail => true,
            Return::TailUnlessLimited => self.rules.delivery_limit.is_none(),
        };
        if to_tail {
            self.next_position += 1;
            self.ready.push_back(Waiting { returns, position: self.next_position, ..waiting });
        } else {
            self.returned.insert(waiting.position, Waiting { returns, ..waiting });
        }
    }
}
