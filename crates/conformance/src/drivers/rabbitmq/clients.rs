//! What clients do although no step says it.

use channel::Tag;
use serde_json::Value;

use super::broker::Consumer;
use super::plan::{self, Takes};
use super::play::Stage;
use super::queue::Queue;
use crate::drivers::Stop;
use crate::vector::Step;

/// So many times at most somebody waits for what does not come.
const WAITS_MAX: u32 = 1_000;

impl Stage<'_> {
    /// Lets whoever is meant have a message in hand: it acknowledges what comes before, and waits for it.
    pub(super) fn obtain(&mut self, who: Option<&str>, id: &str) -> Result<Option<(usize, Tag)>, Stop> {
        for _ in 0..WAITS_MAX {
            if let Some(found) = self.broker.holder(who, id) {
                return Ok(Some(found));
            }
            if self.attach_needed(who, id) || who.is_none() && self.fetch_needed(id) {
                continue;
            }
            let working = |name: &str| match who {
                Some(who) => name == who,
                None => self.plan.others.get(name) == Some(&Takes::WhenNeeded),
            };
            let busy = self.broker.consumers.iter().position(|consumer| {
                consumer.attached && working(&consumer.name) && !consumer.hand.is_empty()
            });
            if !self.work_off(busy) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// A consumer acknowledges the oldest that it holds; if there is none, time passes until something happens.
    fn work_off(&mut self, consumer: Option<usize>) -> bool {
        let oldest = consumer.and_then(|index| Some((index, *self.broker.consumers[index].hand.first()?)));
        if let Some((index, (message, tag))) = oldest {
            self.acknowledge(index, message, tag);
            return true;
        }
        let next = self.broker.next_instant();
        if let Some(next) = next {
            self.broker.pass_until(next.max(self.broker.now()));
        }
        next.is_some()
    }

    /// Who looks into a queue at the end has fetched from it before, where nobody is named. Returns whether it did.
    fn fetch_needed(&mut self, id: &str) -> bool {
        let Some(queue) = self.queue_with(Some(id)) else { return false };
        let looks = |takes: &Takes| matches!(takes, Takes::Queue(into) if *into == queue);
        let found = self.plan.others.iter().find(|(_, takes)| looks(takes));
        found.is_some_and(|(name, _)| self.broker.get(name, &queue, false))
    }

    /// Attaches somebody whom no step attaches, to the queue where the message waits. Returns whether it did.
    fn attach_needed(&mut self, who: Option<&str>, id: &str) -> bool {
        let wanted = |name: &String, takes: &Takes| {
            *takes == Takes::WhenNeeded
                && who.is_none_or(|who| name == who)
                && !self.broker.consumers.iter().any(|consumer| consumer.name == *name)
        };
        let found = self.plan.others.iter().find(|(name, takes)| wanted(name, takes));
        let Some((name, queue)) = found.map(|(name, _)| name.clone()).zip(self.queue_with(Some(id))) else {
            return false;
        };
        self.broker.consume(&name, &queue, Some(1), false)
    }

    /// A queue in which this message waits, or anything does: that which was named last, else the first; not the
    /// one for dead letters.
    fn queue_with(&self, id: Option<&str>) -> Option<String> {
        let waits = |name: &&String| {
            let ready = self.broker.queue(name).map(Queue::ready).unwrap_or_default();
            ready.iter().any(|&message| id.is_none_or(|id| self.broker.message(message).id == id))
        };
        let latest = Some(&self.latest).filter(|_| id.is_some());
        let all = self.broker.queues().filter(|name| !plan::is_for_dead_letters(name));
        latest.into_iter().chain(all).find(waits).cloned()
    }

    /// Somebody whom no step attaches fetches what a later step settles.
    pub(super) fn fetch_early(&mut self, step: &Step, id: &str) {
        let takes_early = |takes: &Takes| *takes == Takes::Early;
        let Some((name, _)) = self.plan.others.iter().find(|(_, takes)| takes_early(takes)) else { return };
        let settled = self.vector.steps[step.number + 1..].iter().any(|later| {
            matches!(later.op.as_str(), "ack" | "nack" | "reject")
                && later.raw("id").and_then(Value::as_str) == Some(id)
        });
        if let (true, Some(queue)) = (settled, self.queue_with(Some(id))) {
            self.broker.get(name, &queue, false);
        }
    }

    /// Whoever consumes for as long as others do begins with them.
    pub(super) fn go_along(&mut self) -> Result<(), Stop> {
        for (name, takes) in &self.plan.others {
            let Takes::Along(queue) = takes else { continue };
            if !self.broker.consumers.iter().any(|consumer| consumer.name == *name && consumer.attached) {
                self.need(queue)?;
                self.broker.consume(name, queue, None, true);
            }
        }
        Ok(())
    }

    /// What a recording does after its last step without saying so: those whom no step attaches take what is
    /// left, and consumers that were seen to get more than they can hold acknowledge, oldest first.
    pub(super) fn wind_up(&mut self) -> Result<(), Stop> {
        for (name, takes) in &self.plan.others {
            let came_before = self.broker.consumers.iter().any(|consumer| consumer.name == *name);
            if *takes == Takes::Rest
                && !came_before
                && let Some(queue) = self.queue_with(None)
            {
                self.broker.consume(name, &queue, None, false);
            }
        }
        // What waits to be tried again is tried again.
        while self.broker.queue(plan::WAIT).is_some_and(|wait| !wait.ready().is_empty())
            && self.work_off(None)
        {}
        self.let_consumers_work();
        for (name, takes) in &self.plan.others {
            if let Takes::Queue(queue) = takes {
                self.broker.drain(name, queue);
            }
        }
        // Who fetched one by one, and got more than that, has gone on.
        for index in 0..self.broker.consumers.len() {
            if self.broker.consumers[index].fetches && self.got_more(index) {
                let Consumer { name, queue, .. } = self.broker.consumers[index].clone();
                self.broker.drain(&name, &queue);
            }
        }
        Ok(())
    }

    fn let_consumers_work(&mut self) {
        let mut waits = 0;
        while waits < WAITS_MAX {
            let wanting: Vec<usize> = (0..self.broker.consumers.len())
                .filter(|&index| self.broker.consumers[index].attached && self.got_more(index))
                .collect();
            let busy: Vec<usize> = wanting
                .iter()
                .copied()
                .filter(|&index| !self.broker.consumers[index].hand.is_empty())
                .collect();
            if wanting.is_empty() || busy.is_empty() && !self.work_off(None) {
                break;
            }
            busy.iter().for_each(|&index| {
                self.work_off(Some(index));
            });
            waits += 1;
        }
    }

    /// Whether a consumer was seen to get more than it has got.
    fn got_more(&self, consumer: usize) -> bool {
        let name = &self.broker.consumers[consumer].name;
        let seen = self.vector.consumer(name).and_then(Value::as_array).map_or(0, Vec::len);
        self.broker.rows.iter().filter(|row| row.who == *name).count() < seen
    }
}
