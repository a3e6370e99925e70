//! The steps, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use channel::Tag;
use kernel::Span;
use serde_json::{Value, json};

use super::broker::{Broker, Message, Outcome, Row};
use super::exchange::{Binding, headers_of};
use super::facts;
use super::plan::{self, Plan, Takes};
use super::queue::{Arguments, Queue, number};
use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::{Step, Vector};

/// A recording while it is played.
pub(super) struct Stage<'a> {
    pub(super) vector: &'a Vector,
    pub(super) plan: &'a Plan,
    pub(super) broker: Broker,
    /// What it looked like after each step.
    pub(super) scenes: Vec<Scene>,
    /// What was published, and what the publisher saw of it.
    pub(super) outcomes: Vec<Published>,
    /// Ids in the order in which they were acknowledged.
    pub(super) completed: Vec<String>,
    /// What was left in each queue after each restart, and whether the broker was killed.
    pub(super) restarts: Vec<Restart>,
    /// The queue that a step named last.
    pub(super) latest: String,
    /// What the recording says and the model cannot do.
    problems: Vec<(usize, String)>,
}

/// What was published.
#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) id: String,
    pub(super) key: String,
    /// Whether the publisher asked for a confirm.
    pub(super) confirm: bool,
    pub(super) outcome: Outcome,
}

/// What it looked like after a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// What is ready, by queue.
    pub(super) ready: BTreeMap<String, Vec<String>>,
    /// What is held, by consumer.
    pub(super) held: BTreeMap<String, Vec<String>>,
    /// How many deliveries there were.
    pub(super) rows: usize,
    /// How long steps have only waited.
    pub(super) waited: Span,
}

/// What a restart left.
#[derive(Clone, Debug)]
pub(super) struct Restart {
    pub(super) killed: bool,
    /// The queue that a step named last before it.
    pub(super) latest: String,
    /// What was in the queues that are there still: id, and whether it is marked as redelivered.
    pub(super) queues: BTreeMap<String, Vec<(String, bool)>>,
    /// The exchanges that are there still.
    pub(super) exchanges: BTreeSet<String>,
}

/// Plays a recording as the plan reads it.
pub(super) fn play(vector: &Vector, plan: &Plan) -> Result<Replay, Stop> {
    let mut stage = Stage {
        vector,
        plan,
        broker: Broker::default(),
        scenes: Vec::new(),
        outcomes: Vec::new(),
        completed: Vec::new(),
        restarts: Vec::new(),
        latest: String::new(),
        problems: Vec::new(),
    };
    stage.set_up()?;
    for step in &vector.steps {
        stage.step(step)?;
        stage.look(step);
    }
    stage.wind_up()?;
    let mut replay = Replay::default();
    for row in stage.broker.rows.clone() {
        let written = facts::row(&stage.broker, &row);
        replay.row(&row.who, written);
    }
    for (number, problem) in &stage.problems {
        replay.row(&format!("step {number}"), json!(problem));
    }
    facts::answer(&stage, &mut replay);
    Ok(replay)
}

impl Stage<'_> {
    /// Whether the recording speaks of a queue of that name.
    pub(super) fn named_queue(&self, name: &str) -> bool {
        self.plan.queues.contains_key(name)
    }

    /// Whether a message with this id was published.
    pub(super) fn published(&self, id: &str) -> bool {
        self.outcomes.iter().any(|one| one.id == id)
    }

    /// Whether a message with this routing key went through an exchange that has a name.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.keys().iter().any(|known| *known == key)
    }

    /// The routing keys by which exchanges with a name chose.
    pub(super) fn keys(&self) -> Vec<&String> {
        let keys = self.outcomes.iter().map(|one| &one.key);
        keys.filter(|key| !key.is_empty() && !self.plan.queues.contains_key(*key)).collect()
    }

    fn set_up(&mut self) -> Result<(), Stop> {
        self.broker.exchanges.clone_from(&self.plan.exchanges);
        let bound = self.plan.bindings.iter().map(|(_, binding)| binding.queue.clone());
        let looked_into = self.plan.others.values().filter_map(|takes| match takes {
            Takes::Queue(queue) => Some(queue.clone()),
            Takes::Rest | Takes::WhenNeeded | Takes::Early | Takes::Along(_) => None,
        });
        let roles =
            self.plan.queues.keys().filter(|name| plan::is_for_dead_letters(name) || *name == plan::WAIT);
        let names: BTreeSet<String> = bound.chain(looked_into).chain(roles.cloned()).collect();
        // What some step declares or binds is not there before.
        let declared = |name: &String| {
            let declares = |step: &&Step| plan::declares_queue(step) || plan::is_binding(step);
            self.vector.steps.iter().filter(declares).any(|step| plan::queue_of(step).as_ref() == Some(name))
        };
        names.into_iter().filter(|name| !declared(name)).try_for_each(|name| self.need(&name))
    }

    /// Sees to it that a queue is there.
    pub(super) fn need(&mut self, name: &str) -> Result<(), Stop> {
        let arguments = self.plan.queues.get(name).cloned().unwrap_or_default();
        self.declare(name, &arguments)
    }

    fn declare(&mut self, name: &str, arguments: &Arguments) -> Result<(), Stop> {
        self.broker.declare(name, arguments)?;
        for (exchange, binding) in self.plan.bindings.iter().filter(|(_, binding)| binding.queue == name) {
            if let Some(exchange) = self.broker.exchanges.get_mut(exchange) {
                exchange.bind(binding.clone());
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        self.latest = plan::queue_of(step).unwrap_or(std::mem::take(&mut self.latest));
        match step.op.as_str() {
            "publish" | "basic_publish" => self.publish(step, None)?,
            "publish_many" => {
                for n in 1..=step.number("n")? {
                    self.publish(step, Some(format!("m{n}")))?;
                }
            }
            "consume" | "subscribe" | "basic_consume" => self.consume(step)?,
            "get" | "basic_get" | "drain" => self.get(step)?,
            "ack" | "basic_ack" => self.settle(step, None)?,
            "nack" | "basic_nack" => self.settle(step, Some(step.flag_if("requeue")?.unwrap_or(true)))?,
            // A recording writes `requeue` where a rejection does not put the message aside.
            "reject" | "basic_reject" => self.settle(step, Some(step.flag("requeue")?))?,
            "cancel" | "basic_cancel" => {
                let known = self.broker.cancel(step.text("who")?);
                self.expect(step, known, "nobody of that name consumes");
            }
            "crash" | "kill" | "close" | "disconnect" | "leave" => self.close(step)?,
            "reconnect" => self.reconnect(step)?,
            "bind" | "queue_bind" | "unbind" | "queue_unbind" => self.bind(step)?,
            "queue_declare" | "declare_queue" | "declare" => self.need(&queue(step)?)?,
            "exchange_declare" | "declare_exchange" => {}
            "purge" | "queue_purge" => self.broker.purge(&queue(step)?),
            "delete" | "queue_delete" => self.broker.delete(&queue(step)?),
            "sleep" | "wait" => self.broker.pass(Span::from_millis(step.number("ms")?)),
            "restart" => self.restart(step)?,
            // Part of the protocol that changes nothing here.
            "confirm_select" | "qos" | "basic_qos" | "connect" | "channel" => {}
            remark if remark.contains(' ') => {}
            _ => return Err(step.unknown("RabbitMQ")),
        }
        Ok(())
    }

    fn expect(&mut self, step: &Step, holds: bool, otherwise: &str) {
        if !holds {
            self.problems.push((step.number, otherwise.to_owned()));
        }
    }

    fn publish(&mut self, step: &Step, numbered: Option<String>) -> Result<(), Stop> {
        let exchange = step.text_if("exchange")?.unwrap_or("").to_owned();
        let to = plan::queue_of(step).or_else(|| self.only_queue());
        let key = step.text_if("routing_key")?.map(str::to_owned).or(to.clone()).unwrap_or_default();
        if exchange.is_empty()
            && let Some(to) = plan::queue_of(step).or(to.filter(|_| !step.has("routing_key")))
            && self.plan.queues.contains_key(&to)
            && !self.is_deleted(&to, step)
        {
            self.need(&to)?;
        }
        let id = match numbered {
            Some(id) => id,
            None => step.text("id")?.to_owned(),
        };
        let message = Message {
            id: id.clone(),
            exchange,
            key,
            headers: headers_of(step),
            priority: step.number_if("priority")?.map_or(0, |priority| priority.min(255) as u8),
            expiration: step.raw("expiration").and_then(number).map(Span::from_millis),
            transient: step.number_if("delivery_mode")? == Some(1)
                || step.flag_if("persistent")? == Some(false),
            mandatory: step.flag("mandatory")?,
            deaths: Vec::new(),
        };
        let (key, confirm) = (message.key.clone(), step.flag("confirm")?);
        let outcome = self.broker.publish(message);
        self.outcomes.push(Published { id: id.clone(), key, confirm, outcome });
        self.fetch_early(step, &id);
        Ok(())
    }

    /// Whether a step before this one deleted a queue that no step before this one declared again.
    fn is_deleted(&self, queue: &str, step: &Step) -> bool {
        let before = self.vector.steps[..step.number].iter().rev();
        let mut about = before.filter(|step| plan::queue_of(step).as_deref() == Some(queue));
        about
            .find(|step| plan::declares_queue(step) || step.op.ends_with("delete"))
            .is_some_and(|step| step.op.ends_with("delete"))
    }

    /// The queue of a recording in which only one is named.
    fn only_queue(&self) -> Option<String> {
        let mut names = self.vector.steps.iter().filter_map(plan::queue_of);
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }

    fn consume(&mut self, step: &Step) -> Result<(), Stop> {
        let (who, queue) = (step.text("who")?, queue(step)?);
        let prefetch = match step.raw("prefetch") {
            Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            Some(_) | None => None,
        };
        let automatic = step.flag("auto_ack")? || step.flag("no_ack")?;
        self.need(&queue)?;
        self.broker.consume(who, &queue, prefetch, automatic);
        self.go_along()
    }

    fn get(&mut self, step: &Step) -> Result<(), Stop> {
        let queue = queue(step)?;
        let who = step.text_if("who")?.unwrap_or(&queue).to_owned();
        if step.op == "drain" {
            self.broker.drain(&who, &queue);
        } else {
            self.broker.get(&who, &queue, step.flag("auto_ack")?);
        }
        Ok(())
    }

    fn settle(&mut self, step: &Step, requeue: Option<bool>) -> Result<(), Stop> {
        let (who, id) = (step.text_if("who")?, step.text("id")?);
        let Some((consumer, tag)) = self.obtain(who, id)? else {
            self.expect(step, false, "nobody holds this message");
            return Ok(());
        };
        let hand = self.broker.consumers[consumer].hand.clone();
        let upto = hand.iter().position(|&(_, held)| held == tag).unwrap_or(0);
        let first = if step.flag("multiple")? { 0 } else { upto };
        for &(message, tag) in &hand[first..=upto.min(hand.len() - 1)] {
            match requeue {
                None => self.acknowledge(consumer, message, tag),
                Some(requeue) => self.broker.reject(consumer, tag, requeue),
            }
        }
        Ok(())
    }

    pub(super) fn acknowledge(&mut self, consumer: usize, message: u32, tag: Tag) {
        self.completed.push(self.broker.message(message).id.clone());
        self.broker.acknowledge(consumer, tag);
    }

    fn close(&mut self, step: &Step) -> Result<(), Stop> {
        let in_order = !matches!(step.op.as_str(), "crash" | "kill");
        if self.broker.close(step.text("who")?, in_order) {
            for (name, takes) in &self.plan.others {
                if matches!(takes, Takes::Along(_)) {
                    self.broker.close(name, in_order);
                }
            }
        }
        Ok(())
    }

    /// Somebody who consumed before consumes again, from the same queue.
    fn reconnect(&mut self, step: &Step) -> Result<(), Stop> {
        let who = step.text("who")?;
        let before =
            self.broker.consumers.iter().rfind(|consumer| consumer.name == who && !consumer.attached);
        if let Some(before) = before.cloned() {
            self.need(&before.queue)?;
            self.broker.consume(who, &before.queue, before.prefetch, before.automatic);
        }
        Ok(())
    }

    fn bind(&mut self, step: &Step) -> Result<(), Stop> {
        let queue = queue(step)?;
        self.need(&queue)?;
        // Where a step does not say how it binds, the queue is bound as the plan has it.
        let Some(key) = plan::binding_key(step) else { return Ok(()) };
        let arguments = step.raw("arguments").or_else(|| step.raw("headers"));
        let mut binding = Binding::by_key(&queue, key);
        if let Some(arguments) = arguments {
            binding.headers = Binding::wanted(arguments);
        }
        let named = step.text_if("exchange")?;
        for (name, exchange) in &mut self.broker.exchanges {
            // Where no exchange is named, all are meant that the recording publishes to.
            if named.is_some_and(|named| named != name) || name == plan::ALTERNATE {
                continue;
            }
            if step.op.ends_with("unbind") {
                exchange.unbind(&binding);
            } else {
                exchange.bind(binding.clone());
            }
        }
        Ok(())
    }

    /// The broker is stopped and started. If the recording looks into the queues afterwards, they are empty then.
    fn restart(&mut self, step: &Step) -> Result<(), Stop> {
        let killed =
            step.text_if("signal")?.is_some_and(|signal| signal.ends_with("KILL")) || step.flag("crash")?;
        self.broker.restart(killed);
        let mut restart = Restart {
            killed,
            latest: self.vector.steps[..step.number]
                .iter()
                .rev()
                .find_map(plan::queue_of)
                .unwrap_or_default(),
            queues: BTreeMap::new(),
            exchanges: self.broker.exchanges.keys().cloned().collect(),
        };
        if self.vector.observed.contains_key("modes") {
            for name in self.broker.queues().cloned().collect::<Vec<_>>() {
                let before = self.broker.rows.len();
                self.broker.drain("", &name);
                let rows = self.broker.rows.split_off(before);
                let row = |row: &Row| (self.broker.message(row.message).id.clone(), row.redelivered);
                restart.queues.insert(name, rows.iter().map(row).collect());
            }
            // What the restart did not leave is made anew for what follows.
            for (name, exchange) in &self.plan.exchanges {
                self.broker.exchanges.entry(name.clone()).or_insert_with(|| exchange.clone());
            }
        }
        self.restarts.push(restart);
        Ok(())
    }

    fn look(&mut self, step: &Step) {
        let ids = |messages: Vec<u32>| -> Vec<String> {
            messages.into_iter().map(|message| self.broker.message(message).id.clone()).collect()
        };
        let ready = |name: &String| self.broker.queue(name).map(Queue::ready).unwrap_or_default();
        let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for consumer in &self.broker.consumers {
            let hand = consumer.hand.iter().map(|&(message, _)| message).collect();
            held.entry(consumer.name.clone()).or_default().extend(ids(hand));
        }
        let waits = matches!(step.op.as_str(), "sleep" | "wait");
        let before = self.scenes.last().map_or(Span::ZERO, |scene| scene.waited);
        let this = step.raw("ms").and_then(Value::as_u64).map_or(Span::ZERO, Span::from_millis);
        self.scenes.push(Scene {
            ready: self.broker.queues().map(|name| (name.clone(), ids(ready(name)))).collect(),
            held,
            rows: self.broker.rows.len(),
            waited: if waits { before + this } else { Span::ZERO },
        });
    }
}

fn queue(step: &Step) -> Result<String, Stop> {
    plan::queue_of(step).ok_or_else(|| step.wrong("queue", "the name of a queue"))
}
