//! Logs that can be read again: what was published on them, and the cases that have ended since.
//!
//! A channel's engine keeps a log's entries, but the world keeps a message only as long as somebody is owed it. So
//! what a service would read again when it is rebuilt is kept here. Only channels to which a service listens that
//! can be rebuilt have a history.

use std::collections::BTreeMap;

use channel::{Acknowledgement, Effect, Group};
use kernel::Time;

use super::channels::ChannelState;
use super::parts::{Case, Message, MessageState, Outcome, Report};
use super::{Halt, World};
use crate::{Act, ChannelId, LossReason, Place, Plan, RecordKind, ServiceId};

#[derive(Clone, Debug)]
pub(super) struct History {
    /// Of each channel; `None`: nobody will read it again.
    channels: Vec<Option<Published>>,
    /// Cases of which something was published, and that have ended.
    ended: Vec<Ended>,
    /// As soon as so many have ended, those are dropped of which nothing is published any more.
    sweep_at: usize,
}

/// What was published on a channel, in its order.
#[derive(Clone, Debug, Default)]
struct Published {
    messages: Vec<Past>,
    /// As soon as there are so many, those are dropped that the log does not have any more.
    sweep_at: usize,
}

#[derive(Clone, Debug)]
struct Past {
    message: Message,
    /// The number of its case.
    case: u32,
    fields: Vec<i32>,
    /// Its place among the messages of its key.
    place: u32,
}

#[derive(Clone, Debug)]
struct Ended {
    case: Case,
    /// Its facts and other counters.
    counters: Vec<u16>,
}

/// So much is kept in any case.
const SWEEP_MIN: usize = 1_024;

impl History {
    pub(super) fn of(plan: &Plan) -> Self {
        let can_be_rebuilt = |service: ServiceId| {
            plan.cells.iter().any(|cell| cell.service == service)
                || plan.faults.iter().any(|fault| fault.act == Act::Rebuild { service })
        };
        let channels = plan.channels.iter().map(|channel| {
            let read_again = channel.subscribers.iter().any(|subscriber| can_be_rebuilt(subscriber.service));
            read_again.then(|| Published { messages: Vec::new(), sweep_at: SWEEP_MIN })
        });
        History { channels: channels.collect(), ended: Vec::new(), sweep_at: SWEEP_MIN }
    }
}

impl World {
    /// Keeps what is published on a log, for those who may read it again.
    #[inline]
    pub(super) fn note_published(&mut self, slot: u32, channel: ChannelId) {
        if self.history.channels[channel.index()].is_some()
            && self.channels[channel.index()].engine.partitions() > 0
        {
            self.keep_published(slot, channel);
        }
    }

    fn keep_published(&mut self, slot: u32, channel: ChannelId) {
        let message = self.messages[slot].clone();
        let case = &mut self.cases[message.case];
        case.is_published = true;
        let fields = if self.fields.is_empty() { Vec::new() } else { self.fields.row(slot).to_vec() };
        let past = Past { case: case.number, fields, place: self.keys.place(slot), message };
        let Some(published) = &mut self.history.channels[channel.index()] else { return };
        if published.messages.len() >= published.sweep_at {
            let there = numbers_in(&self.channels[channel.index()]);
            published.messages.retain(|past| there.contains_key(&past.message.number.into()));
            published.sweep_at = SWEEP_MIN.max(2 * published.messages.len());
        }
        published.messages.push(past);
    }

    /// A case is over of which something was published.
    pub(super) fn note_ended(&mut self, slot: u32) {
        let row = self.row.fact(slot, 0);
        let counters = self.counters[row..row + self.row.width()].to_vec();
        self.history.ended.push(Ended { case: self.cases[slot].clone(), counters });
        if self.history.ended.len() < self.history.sweep_at {
            return;
        }
        let mut cases = BTreeMap::new();
        for past in self.history.channels.iter().flatten().flat_map(|published| &published.messages) {
            cases.insert(u64::from(past.case), 0u32);
        }
        self.history.ended.retain(|ended| cases.contains_key(&ended.case.number.into()));
        self.history.sweep_at = SWEEP_MIN.max(2 * self.history.ended.len());
    }

    /// A service forgets all that it keeps, and reads every log from its beginning again. What it has in hand of
    /// a log is given up: it comes again in its order.
    pub(super) fn rebuild(&mut self, service: ServiceId, cause: u64) {
        self.forget_order(service);
        let channels: Vec<ChannelId> = (0..self.plan.channels.len() as u16).map(ChannelId).collect();
        let read_again: Vec<(ChannelId, Vec<Group>)> = channels
            .into_iter()
            .filter(|&channel| self.history.channels[channel.index()].is_some())
            .map(|channel| (channel, self.groups_of(channel, service)))
            .filter(|(channel, _)| self.channels[channel.index()].engine.partitions() > 0)
            .collect();
        for &(channel, _) in &read_again {
            self.give_up_deliveries(channel, service, cause);
        }
        self.lose_cells(service, true, cause);
        for (channel, groups) in read_again {
            for group in groups {
                self.read_from_start(channel, group, cause);
            }
        }
        self.serve(service);
    }

    /// The groups of a channel in which a service is.
    fn groups_of(&self, channel: ChannelId, service: ServiceId) -> Vec<Group> {
        let groups = self.channels[channel.index()].groups.iter().enumerate();
        let is_in = |subscriber: &u16| self.subscriber(channel, *subscriber) == service;
        groups
            .filter(|(_, group)| group.subscribers.iter().any(is_in))
            .map(|(index, _)| Group(index as u16))
            .collect()
    }

    fn read_from_start(&mut self, channel: ChannelId, group: Group, cause: u64) {
        let effects = self.ask_channel(channel, |engine, effects| {
            let by_offset = matches!(engine.rules().delivery.acknowledgement, Acknowledgement::Offset { .. });
            for partition in 0..engine.partitions() {
                let first = engine.entries(partition).next().map_or(engine.end(partition), |entry| entry.0);
                if by_offset {
                    engine.commit(group, partition, first, effects);
                }
                engine.seek(group, partition, first, effects);
            }
        });
        self.bring_all_back(channel, group, &effects, cause);
        self.carry_out_alone(channel, effects);
    }

    /// The copies that a group was owed are gone. They are there again before they are handed out.
    fn bring_all_back(&mut self, channel: ChannelId, group: Group, effects: &[Effect], cause: u64) {
        let mut wanted = BTreeMap::new();
        for effect in effects {
            if let Effect::Deliver { message, .. } = *effect {
                wanted.insert(u64::from(message), 0u32);
            }
        }
        for handle in self.channels[channel.index()].engine.ready(group) {
            wanted.insert(handle.into(), 0);
        }
        let mut ended = BTreeMap::new();
        for (index, case) in self.history.ended.iter().enumerate() {
            ended.insert(u64::from(case.case.number), index as u32);
        }
        let mut open = BTreeMap::new();
        for (slot, case) in self.cases.iter().filter(|(_, case)| case.outcome != Outcome::Vacant) {
            open.insert(u64::from(case.number), slot);
        }
        let Some(published) = self.history.channels[channel.index()].take() else { return };
        for past in &published.messages {
            let (number, case) = (past.message.number, u64::from(past.case));
            if !wanted.contains_key(&number.into()) || self.find(channel, number, group).is_some() {
                continue;
            }
            if !open.contains_key(&case)
                && let Some(slot) = ended.get(&case).and_then(|&index| self.open_again(index))
            {
                open.insert(case, slot);
            }
            if let Some(&slot) = open.get(&case) {
                self.bring_back(past, slot, channel, group, cause);
            }
        }
        self.history.channels[channel.index()] = Some(published);
        self.history.ended.retain(|ended| !open.contains_key(&ended.case.number.into()));
    }

    /// A group is owed a message again.
    fn bring_back(&mut self, past: &Past, case: u32, channel: ChannelId, group: Group, cause: u64) {
        let handle = past.message.number;
        let slot = self.make(Message {
            case,
            state: MessageState::Vacant,
            kept: true,
            handle,
            group,
            // It was handed out before.
            deliveries: 1,
            report: Report::Nothing,
            tag: None,
            cause,
            ..past.message.clone()
        });
        if !self.fields.is_empty() {
            self.fields.set_row(slot, &past.fields);
        }
        self.keys.set_place(slot, past.place);
        self.channels[channel.index()].kept.insert(ChannelState::key(handle, group), slot);
        self.emit_about(slot, Place::Channel(channel), RecordKind::Queued);
        self.set_state(slot, MessageState::Ready);
    }

    /// Something is to be done once more for a case that was over.
    fn open_again(&mut self, index: u32) -> Option<u32> {
        let ended = self.history.ended.get(index as usize)?.clone();
        if self.cases.len() >= World::LIVE_CASES_MAX {
            self.halt(Halt::LiveCases, Place::Client(ended.case.client));
            return None;
        }
        let slot = self.place_case(Case { was_over: true, ..ended.case });
        let row = self.row.fact(slot, 0);
        self.counters[row..row + self.row.width()].copy_from_slice(&ended.counters);
        Some(slot)
    }

    /// Whatever a service has of a channel is taken from it. Who keeps its own progress goes on.
    fn give_up_deliveries(&mut self, channel: ChannelId, service: ServiceId, cause: u64) {
        let place = Place::Service(service);
        let there = |message: &Message| self.plan.routes[message.route.index()].to == place;
        for slot in self.slots_from(channel, there) {
            match self.messages[slot].state {
                MessageState::Travelling => {}
                MessageState::Inbox => self.leave_inbox(slot),
                MessageState::AtWork => {
                    let Some(task) = self.task_about(slot).map(|task| self.handler_of(task)) else {
                        continue;
                    };
                    if self.is_durable(task) {
                        continue;
                    }
                    self.messages[slot].cause = cause;
                    self.emit_about(slot, place, RecordKind::Cancelled);
                    self.give_up_step(task);
                    self.end_task(task);
                }
                MessageState::Vacant
                | MessageState::Ready
                | MessageState::Handled
                | MessageState::Unreachable => continue,
            }
            if self.messages[slot].kept {
                self.set_unreachable(slot, Time::MAX);
            } else {
                self.lose(slot, place, LossReason::Cancelled);
            }
        }
    }
}

/// The numbers of all messages in a log, as its engine knows them.
fn numbers_in(state: &ChannelState) -> BTreeMap<u64, u32> {
    let mut numbers = BTreeMap::new();
    for partition in 0..state.engine.partitions() {
        for (_, handle) in state.engine.entries(partition) {
            numbers.insert(handle.into(), 0);
        }
    }
    numbers
}
