//! A broker: exchanges, queues, the messages that pass through them, and who consumes.
//!
//! ```text
//!  publish -> exchange -> bindings -> queue (one channel each) -> deliveries to consumers
//!                ^                      |
//!                +---- dead letters ----+
//! ```

use std::collections::BTreeMap;

use channel::{DeadLetterReason, Rejection, Subscription, Tag};
use kernel::{Span, Time};

use super::exchange::Exchange;
use super::queue::{Arguments, Queue};
use crate::drivers::Stop;

/// A message, or one of its lives: a dead letter is published as a new one.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) exchange: String,
    pub(super) key: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) priority: u8,
    pub(super) expiration: Option<Span>,
    /// `delivery_mode` 1.
    pub(super) transient: bool,
    pub(super) mandatory: bool,
    /// The header `x-death`, latest first.
    pub(super) deaths: Vec<Death>,
}

/// How often a message was put aside by a queue for a reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Death {
    pub(super) queue: String,
    pub(super) reason: DeadLetterReason,
    pub(super) count: u32,
}

/// What the publisher saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The broker took it, if only to drop it.
    Confirmed,
    /// A queue refused it.
    Refused,
    /// It was mandatory, and no queue was there for it.
    Returned,
    /// There is no such exchange.
    Closed,
}

/// Somebody who consumes from a queue, or fetched from it.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) name: String,
    pub(super) queue: String,
    pub(super) prefetch: Option<u32>,
    pub(super) automatic: bool,
    /// It asked with `basic.get`, one at a time.
    pub(super) fetches: bool,
    subscription: Subscription,
    /// It is given messages: it was not cancelled, and its connection holds.
    pub(super) attached: bool,
    /// Its connection holds.
    open: bool,
    /// What it has not settled, in the order in which it came.
    pub(super) hand: Vec<(u32, Tag)>,
}

/// A delivery, as a consumer writes it down.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) who: String,
    pub(super) message: u32,
    pub(super) redelivered: bool,
    /// The header `x-delivery-count`, where there is one.
    pub(super) delivery_count: Option<u16>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Broker {
    pub(super) exchanges: BTreeMap<String, Exchange>,
    queues: BTreeMap<String, Queue>,
    messages: Vec<Message>,
    pub(super) consumers: Vec<Consumer>,
    pub(super) rows: Vec<Row>,
    /// What was put into which queue, in order.
    pub(super) arrivals: Vec<(String, u32)>,
    now: Time,
}

impl Broker {
    pub(super) fn now(&self) -> Time {
        self.now
    }

    pub(super) fn message(&self, handle: u32) -> &Message {
        &self.messages[handle as usize]
    }

    /// The queue of that name, if it is there.
    pub(super) fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.get(name).filter(|queue| queue.is_there())
    }

    /// The names of the queues that are there.
    pub(super) fn queues(&self) -> impl Iterator<Item = &String> {
        self.queues.iter().filter(|(_, queue)| queue.is_there()).map(|(name, _)| name)
    }

    /// Makes a queue, unless there is one of that name.
    pub(super) fn declare(&mut self, name: &str, arguments: &Arguments) -> Result<(), Stop> {
        if self.queue(name).is_none() {
            let queue = Queue::new(arguments.clone(), self.now)?;
            self.queues.insert(name.to_owned(), queue);
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, name: &str) {
        self.queues.remove(name);
        self.exchanges.values_mut().for_each(|exchange| exchange.forget(name));
        self.consumers.iter_mut().filter(|consumer| consumer.queue == name).for_each(|consumer| {
            (consumer.attached, consumer.open) = (false, false);
            consumer.hand.clear();
        });
    }

    pub(super) fn purge(&mut self, name: &str) {
        if let Some(queue) = self.queues.get_mut(name) {
            queue.purge();
        }
    }

    pub(super) fn publish(&mut self, message: Message) -> Outcome {
        let found = match self.route(&message.exchange, &message, 0) {
            None => return Outcome::Closed,
            Some(found) => found,
        };
        let unroutable = if message.mandatory { Outcome::Returned } else { Outcome::Confirmed };
        let mut outcome = if found.is_empty() { unroutable } else { Outcome::Confirmed };
        let handle = self.messages.len() as u32;
        for name in found {
            let Some(queue) = self.queues.get_mut(&name) else { continue };
            let receipt = queue.publish(handle, |publication| {
                publication.priority = message.priority;
                publication.time_to_live = message.expiration;
                publication.persistent = !message.transient;
            });
            if receipt.accepted {
                self.arrivals.push((name, handle));
            } else {
                outcome = Outcome::Refused;
            }
        }
        self.messages.push(message);
        self.carry_out();
        outcome
    }

    /// The queues that get a message; `None` if there is no such exchange.
    fn route(&self, exchange: &str, message: &Message, hops: u32) -> Option<Vec<String>> {
        if exchange.is_empty() {
            return Some(self.queue(&message.key).map(|_| message.key.clone()).into_iter().collect());
        }
        let exchange = self.exchanges.get(exchange)?;
        let mut found = exchange.route(&message.key, &message.headers);
        found.retain(|queue| self.queue(queue).is_some());
        match &exchange.alternate {
            Some(alternate) if found.is_empty() && hops < 8 => self.route(alternate, message, hops + 1),
            Some(_) | None => Some(found),
        }
    }

    /// Attaches a consumer; `prefetch` is 0 or absent for as many as there are. Returns false without a queue.
    pub(super) fn consume(
        &mut self,
        name: &str,
        queue: &str,
        prefetch: Option<u32>,
        automatic: bool,
    ) -> bool {
        self.attach(name, queue, prefetch.filter(|&most| most > 0), automatic, false).is_some()
    }

    /// Fetches one message. Returns false if there is none.
    pub(super) fn get(&mut self, name: &str, queue: &str, automatic: bool) -> bool {
        if self.queue(queue).is_none_or(|queue| queue.ready().is_empty()) {
            return false;
        }
        let Some(index) = self.attach(name, queue, Some(1), false, true) else { return false };
        self.cancel_at(index);
        let fetched = self.consumers[index].hand.first().copied();
        if automatic && let Some((_, tag)) = fetched {
            self.acknowledge(index, tag);
        }
        fetched.is_some()
    }

    /// Fetches and settles everything that waits in a queue.
    pub(super) fn drain(&mut self, name: &str, queue: &str) {
        if let Some(index) = self.attach(name, queue, None, true, true) {
            self.close_at(index, true);
        }
    }

    fn attach(
        &mut self,
        name: &str,
        queue: &str,
        prefetch: Option<u32>,
        automatic: bool,
        fetches: bool,
    ) -> Option<usize> {
        let channel = self.queues.get_mut(queue).filter(|queue| queue.is_there())?;
        self.consumers.push(Consumer {
            name: name.to_owned(),
            queue: queue.to_owned(),
            prefetch,
            automatic,
            fetches,
            subscription: channel.subscribe(prefetch, automatic),
            attached: true,
            open: true,
            hand: Vec::new(),
        });
        self.carry_out();
        Some(self.consumers.len() - 1)
    }

    /// A consumer gets nothing more, and keeps what it has. Returns false if there is nobody of that name.
    pub(super) fn cancel(&mut self, name: &str) -> bool {
        let found = self.open(name, |consumer| consumer.attached);
        found.iter().for_each(|&index| self.cancel_at(index));
        !found.is_empty()
    }

    fn cancel_at(&mut self, index: usize) {
        let consumer = &mut self.consumers[index];
        consumer.attached = false;
        let who = consumer.subscription;
        if let Some(queue) = self.queues.get_mut(&consumer.queue) {
            queue.with(|channel, _| channel.cancel(who));
        }
    }

    /// A consumer's connection ends: in order, or cut off. Returns false if there is nobody of that name.
    pub(super) fn close(&mut self, name: &str, in_order: bool) -> bool {
        let found = self.open(name, |_| true);
        found.iter().for_each(|&index| self.close_at(index, in_order));
        !found.is_empty()
    }

    fn open(&self, name: &str, also: impl Fn(&Consumer) -> bool) -> Vec<usize> {
        let wanted = |consumer: &Consumer| consumer.name == name && consumer.open && also(consumer);
        (0..self.consumers.len()).filter(|&index| wanted(&self.consumers[index])).collect()
    }

    fn close_at(&mut self, index: usize, in_order: bool) {
        let consumer = &mut self.consumers[index];
        (consumer.attached, consumer.open) = (false, false);
        consumer.hand.clear();
        let who = consumer.subscription;
        if let Some(queue) = self.queues.get_mut(&consumer.queue) {
            queue.with(|channel, effects| match in_order {
                true => channel.leave(who, effects),
                false => channel.disconnect(who, effects),
            });
        }
        self.carry_out();
        self.forget_deleted();
    }

    /// Exclusive queues that went with their consumer.
    fn forget_deleted(&mut self) {
        let gone: Vec<String> =
            self.queues.iter().filter(|(_, queue)| !queue.is_there()).map(|(name, _)| name.clone()).collect();
        gone.iter().for_each(|name| self.delete(name));
    }

    /// Who holds a message with this id: the one of that name, or anybody.
    pub(super) fn holder(&self, name: Option<&str>, id: &str) -> Option<(usize, Tag)> {
        let named = |consumer: &Consumer| name.is_none_or(|name| consumer.name == name);
        let holding = |(index, consumer): (usize, &Consumer)| {
            let held = consumer.hand.iter().find(|&&(message, _)| self.message(message).id == id);
            held.map(|&(_, tag)| (index, tag))
        };
        self.consumers.iter().enumerate().filter(|(_, consumer)| named(consumer)).find_map(holding)
    }

    pub(super) fn acknowledge(&mut self, consumer: usize, tag: Tag) {
        self.settle(consumer, tag, None);
    }

    pub(super) fn reject(&mut self, consumer: usize, tag: Tag, requeue: bool) {
        self.settle(consumer, tag, Some(if requeue { Rejection::Requeue } else { Rejection::Discard }));
    }

    fn settle(&mut self, consumer: usize, tag: Tag, rejection: Option<Rejection>) {
        let consumer = &mut self.consumers[consumer];
        consumer.hand.retain(|&(_, held)| held != tag);
        let who = consumer.subscription;
        if let Some(queue) = self.queues.get_mut(&consumer.queue) {
            queue.with(|channel, effects| match rejection {
                None => channel.acknowledge(who, tag, effects),
                Some(how) => channel.reject(who, tag, how, effects),
            });
        }
        self.carry_out();
    }

    /// When something happens next by itself.
    pub(super) fn next_instant(&mut self) -> Option<Time> {
        self.queues.values_mut().filter_map(Queue::next_instant).min()
    }

    pub(super) fn pass(&mut self, span: Span) {
        let then = self.now + span;
        // An instant may come twice, but time goes on in the end.
        for _ in 0..100_000 {
            let Some(due) = self.next_instant().filter(|&due| due <= then) else { break };
            self.pass_until(due.max(self.now));
        }
        self.pass_until(then);
    }

    pub(super) fn pass_until(&mut self, then: Time) {
        self.now = then;
        self.queues.values_mut().for_each(|queue| queue.pass_until(then));
        self.carry_out();
    }

    /// Hands deliveries to consumers and dead letters to their exchange, until nothing more comes.
    fn carry_out(&mut self) {
        let mut dead = Vec::new();
        for (name, queue) in &mut self.queues {
            for delivered in queue.deliveries() {
                let held_by = |consumer: &&mut Consumer| {
                    consumer.queue == *name && consumer.subscription == delivered.to
                };
                let Some(consumer) = self.consumers.iter_mut().rfind(held_by) else { continue };
                if let Some(tag) = delivered.tag {
                    consumer.hand.push((delivered.message, tag));
                }
                // Consumers see the header from the second delivery on, who fetches always.
                let before = delivered.delivery.saturating_sub(1);
                let counted = queue.arguments.quorum && (before > 0 || consumer.fetches);
                self.rows.push(Row {
                    who: consumer.name.clone(),
                    message: delivered.message,
                    redelivered: delivered.redelivered,
                    delivery_count: counted.then_some(before),
                });
            }
            let arguments = &queue.arguments;
            if let Some(exchange) = arguments.dead_letter_exchange.clone() {
                let key = arguments.dead_letter_key.clone();
                let letters = queue.dead_letters();
                dead.extend(
                    letters.into_iter().map(|(message, reason)| {
                        (message, name.clone(), reason, exchange.clone(), key.clone())
                    }),
                );
            }
        }
        for (message, queue, reason, exchange, key) in dead {
            let mut letter = self.message(message).clone();
            letter.die(queue, reason);
            letter.key = key.unwrap_or(letter.key);
            self.publish(Message { exchange, mandatory: false, expiration: None, ..letter });
        }
    }

    /// The broker goes down and comes up again. Consumers are gone; so is what is not durable.
    pub(super) fn restart(&mut self, killed: bool) {
        for consumer in &mut self.consumers {
            (consumer.attached, consumer.open) = (false, false);
            consumer.hand.clear();
        }
        let lost = |queue: &Queue| queue.arguments.transient || queue.arguments.exclusive;
        let gone: Vec<String> =
            self.queues.iter().filter(|(_, queue)| lost(queue)).map(|(name, _)| name.clone()).collect();
        gone.iter().for_each(|name| self.delete(name));
        self.exchanges.retain(|_, exchange| !exchange.transient);
        for (name, queue) in &mut self.queues {
            queue
                .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
            for consumer in self.consumers.iter().filter(|consumer| consumer.queue == *name) {
                queue.with(|channel, effects| channel.disconnect(consumer.subscription, effects));
            }
            queue.with(|channel, effects| channel.restart(effects));
        }
        self.carry_out();
    }
}

impl Message {
    /// Writes a death into the header.
    fn die(&mut self, queue: String, reason: DeadLetterReason) {
        let same = |death: &Death| death.queue == queue && death.reason == reason;
        let before = self.deaths.iter().position(same).map_or(0, |index| self.deaths.remove(index).count);
        self.deaths.insert(0, Death { queue, reason, count: before + 1 });
    }
}
