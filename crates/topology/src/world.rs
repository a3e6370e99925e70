//! The world: where a run has come to.
//!
//! ```text
//!            Request                Travel                  Worked, Timeout
//!  client ------------> message ------------> service: inbox -> worker runs the handler's steps
//!                          |                     ^                      |
//!                          | Travel              | Travel               | send, publish, call, reply
//!                          v                     |                      v
//!                       channel ---- effects ----+                   message ...
//! ```
//!
//! What is scheduled in the agenda validates itself: it names a slot, and the slot says for which instant it
//! waits. An occurrence whose slot does not wait for this instant is void. So nothing is ever unscheduled.

mod cells;
mod channels;
mod clients;
mod control;
mod faults;
mod handlers;
mod history;
mod keys;
mod parts;
mod services;
mod travel;
mod values;
mod view;

use std::sync::Arc;

use channel::{Effect, Subscription};
use kernel::{Agenda, Digest, Time};

use crate::slab::Slab;
use crate::{
    ChannelId, Kinds, Ledger, LossReason, MessageKind, Place, Plan, Record, RecordKind, Retry, TypeId,
};
use cells::Cells;
pub use cells::{CellView, KeptFor};
use channels::ChannelState;
pub use channels::DeadLetter;
use control::{Control, Waiters};
use history::History;
use keys::Keys;
pub use parts::{Awaited, CaseView, Halt, Message, MessageState, Outcome, Task, TaskState, WorkerState};
use parts::{Case, ClientState, Happening, Luck, Report, RouteState, Row, ServiceState};
use values::Fields;

/// A run in progress. Cloning it makes a second future from the present.
#[derive(Clone, Debug)]
pub struct World {
    plan: Arc<Plan>,
    seed: u64,
    now: Time,
    agenda: Agenda,
    occurrences: u64,
    /// Occurrences since time last moved.
    standing: u32,
    messages: Slab<Message>,
    tasks: Slab<Task>,
    cases: Slab<Case>,
    /// Counters of each case slot, see [`Row`].
    counters: Vec<u16>,
    row: Row,
    services: Vec<ServiceState>,
    channels: Vec<ChannelState>,
    clients: Vec<ClientState>,
    routes: Vec<RouteState>,
    /// Chance by place, in the order of [`Plan::places`].
    luck: Vec<Luck>,
    /// Every (channel, subscriber) pair, for occurrences that name one.
    subscriptions: Vec<(u16, u16)>,
    messages_made: u32,
    cases_made: u32,
    ledger: Ledger,
    digest: Digest,
    records_made: u64,
    records: Vec<Record>,
    /// Which records are kept.
    keeps: Kinds,
    halted: Option<(Halt, Place)>,
    /// What the channel engine asks for; kept to be used again.
    effects: Vec<Effect>,
    /// Deliveries that were read, or are done with, and whose channels wait to hear of it.
    finished: Vec<(ChannelId, Subscription)>,
    /// What handlers need that wait, try again, branch, or are run in another way than most.
    controls: Slab<Control>,
    waiters: Waiters,
    /// Retries that each of [`Plan::retries`] may still make; of use where it has a budget.
    budgets: Vec<f64>,
    /// What messages and tasks carry.
    fields: Fields,
    /// What services keep.
    cells: Cells,
    keys: Keys,
    /// What can be read again.
    history: History,
}

impl World {
    /// The greatest number of messages at one time.
    pub const LIVE_MESSAGES_MAX: usize = 2_000_000;
    /// The greatest number of open cases at one time.
    pub const LIVE_CASES_MAX: usize = 1_000_000;

    /// The greatest number of occurrences at one instant: more means that time will never move again.
    pub const OCCURRENCES_AT_ONCE_MAX: u32 = 20_000_000;

    /// The beginning of a run. The same plan and seed give the same run, record by record.
    pub fn new(plan: Arc<Plan>, seed: u64) -> Self {
        let mut world = World {
            seed,
            now: Time::ZERO,
            agenda: Agenda::default(),
            occurrences: 0,
            standing: 0,
            messages: Slab::default(),
            tasks: Slab::default(),
            cases: Slab::default(),
            counters: Vec::new(),
            row: Row::of(&plan),
            services: plan.services.iter().map(|service| ServiceState::new(service.workers)).collect(),
            channels: channels(&plan, seed),
            clients: vec![ClientState::default(); plan.clients.len()],
            routes: vec![RouteState::default(); plan.routes.len()],
            luck: plan.places().map(|place| Luck::of(seed, plan.name_of(place))).collect(),
            subscriptions: subscriptions(&plan),
            messages_made: 0,
            cases_made: 0,
            ledger: Ledger::default(),
            digest: Digest::default(),
            records_made: 0,
            records: Vec::new(),
            keeps: Kinds::NONE,
            halted: None,
            effects: Vec::new(),
            finished: Vec::new(),
            controls: Slab::default(),
            waiters: Waiters::default(),
            budgets: vec![Retry::BUDGET_MOST; plan.retries.len()],
            fields: Fields::of(&plan, seed),
            cells: Cells::of(&plan),
            keys: Keys::of(&plan, seed),
            history: History::of(&plan),
            plan,
        };
        world.note_loops();
        world.look_at_channels();
        for (index, fault) in world.plan.clone().faults.iter().enumerate() {
            world.schedule(fault.at, Happening::Fault(index as u32));
        }
        world.open_clients();
        world
    }

    /// Keeps records from now on, until they are taken.
    pub fn record(self) -> Self {
        self.record_only(Kinds::ALL)
    }

    /// Keeps records of some kinds from now on, until they are taken. The digest is over all of them.
    pub fn record_only(mut self, kinds: Kinds) -> Self {
        self.keeps = kinds;
        self
    }

    /// Lets the next occurrence happen, unless it is later than `limit`, after the end of the plan, or the run
    /// is halted. Returns whether anything happened.
    #[inline]
    pub fn step(&mut self, limit: Time) -> bool {
        let limit = limit.min(self.plan.length);
        if self.halted.is_some() || self.agenda.next_time().is_none_or(|next| next > limit) {
            return false;
        }
        let Some((time, code)) = self.agenda.pop() else { return false };
        self.standing = if time > self.now { 0 } else { self.standing + 1 };
        self.now = time;
        self.occurrences += 1;
        if self.standing > Self::OCCURRENCES_AT_ONCE_MAX {
            let place = self.place_of(Happening::decode(code));
            self.halt(Halt::Standstill, place);
        }
        match Happening::decode(code) {
            Happening::Request(client) => self.request(client),
            Happening::Travel(message) => self.arrive(message),
            Happening::Worked(task) => self.worked(task),
            Happening::Timeout(task) => self.timed_out(task),
            Happening::GiveUp(case) => self.give_up(case),
            Happening::Fault(index) => self.planned_fault(index),
            Happening::Disconnect(subscription) => self.notice_disconnect(subscription),
            Happening::Connect(subscription) => self.notice_connect(subscription),
            Happening::Heartbeat(message) => self.notice_loss(message),
            Happening::Channel(channel) => self.channel_due(channel),
            Happening::Deadline(task) => self.deadline_passed(task),
            Happening::Leave(message) => self.leave(message),
            Happening::LookAgain(task) => self.look_again(task),
        }
        self.wake();
        self.tell_finished();
        true
    }

    /// Lets everything happen up to and including `time`, or the end of the plan.
    pub fn run_until(&mut self, time: Time) {
        while self.step(time) {}
        self.pass(time);
    }

    /// Lets time pass in which nothing happens: up to `time`, the next occurrence, or the end of the plan.
    pub fn pass(&mut self, time: Time) {
        let next = self.next_time().unwrap_or(Time::MAX);
        if self.halted.is_none() {
            self.now = self.now.max(time.min(next).min(self.plan.length));
        }
    }

    fn schedule(&mut self, time: Time, happening: Happening) {
        self.agenda.push(time, happening.encode());
        if self.agenda.exhausted() {
            let place = self.place_of(happening);
            self.halt(Halt::Numbers, place);
        }
    }

    fn halt(&mut self, why: Halt, place: Place) {
        if self.halted.is_none() {
            self.halted = Some((why, place));
            self.emit(0, None, None, place, RecordKind::Halted);
        }
    }

    /// Where something happens.
    fn place_of(&self, happening: Happening) -> Place {
        match happening {
            Happening::Request(client) => Place::Client(crate::ClientId(client as u16)),
            Happening::Travel(message) | Happening::Leave(message) | Happening::Heartbeat(message) => {
                self.plan.routes[self.messages[message].route.index()].to
            }
            Happening::Worked(task)
            | Happening::Timeout(task)
            | Happening::Deadline(task)
            | Happening::LookAgain(task) => Place::Service(self.tasks[task].service),
            Happening::GiveUp(case) => Place::Client(self.cases[case].client),
            Happening::Fault(index) => self.plan.faults[index as usize].act.place(),
            Happening::Disconnect(index) | Happening::Connect(index) => {
                Place::Channel(ChannelId(self.subscriptions[index as usize].0))
            }
            Happening::Channel(channel) => Place::Channel(ChannelId(channel as u16)),
        }
    }

    /// Makes a record, and returns its number. Inlined where the kind is known, so that its digest is a few
    /// instructions.
    #[inline(always)]
    fn emit(
        &mut self,
        cause: u64,
        case: Option<u32>,
        message: Option<(u32, TypeId)>,
        place: Place,
        kind: RecordKind,
    ) -> u64 {
        self.records_made += 1;
        let (message, message_type) = message.unwrap_or((Record::NONE, TypeId(0)));
        let case = case.map_or(Record::NONE, |slot| self.cases[slot].number);
        let number = self.records_made;
        let record = Record { number, time: self.now, cause, case, message, message_type, place, kind };
        record.digest_into(&mut self.digest);
        if self.keeps.contain(&kind) {
            self.records.push(record);
        }
        number
    }

    /// Makes a record about the message in a slot, with the message's own last record as its cause, and makes
    /// it the message's last record.
    #[inline(always)]
    fn emit_about(&mut self, slot: u32, place: Place, kind: RecordKind) -> u64 {
        let message = &self.messages[slot];
        let (cause, case) = (message.cause, message.case);
        let about = (message.number, message.message_type);
        let number = self.emit(cause, Some(case), Some(about), place, kind);
        self.messages[slot].cause = number;
        number
    }

    /// Puts a message into another state, and keeps the ledger.
    #[inline]
    fn set_state(&mut self, slot: u32, state: MessageState) {
        let message = &mut self.messages[slot];
        let before = std::mem::replace(&mut message.state, state);
        self.ledger.in_flight += u64::from(state == MessageState::Travelling);
        self.ledger.in_flight -= u64::from(before == MessageState::Travelling);
        self.ledger.waiting += u64::from(state.is_waiting());
        self.ledger.waiting -= u64::from(before.is_waiting());
    }

    /// The receiver is done with the message.
    #[inline]
    fn deliver(&mut self, slot: u32, place: Place) {
        self.ledger.delivered += 1;
        self.emit_about(slot, place, RecordKind::Delivered);
        self.remove(slot);
    }

    /// The message is gone.
    fn lose(&mut self, slot: u32, place: Place, reason: LossReason) {
        self.ledger.lost_by[reason as usize] += 1;
        let message = &self.messages[slot];
        // Where a channel handed a message out a second time, the first is no more than a spare.
        let spare = message.tag.is_some() && !message.kept;
        let asked = matches!(message.kind, MessageKind::Command | MessageKind::Event);
        let missed = asked && reason.is_missed() && !spare;
        if missed {
            self.cases[message.case].complete = false;
        }
        let route = message.route;
        self.emit_about(slot, place, RecordKind::Lost { reason, route, missed });
        self.remove(slot);
    }

    /// Frees the slot of a message that has gone to one of the ledger's final accounts.
    #[inline]
    fn remove(&mut self, slot: u32) {
        self.set_state(slot, MessageState::Vacant);
        let message = &mut self.messages[slot];
        message.kept = false;
        let case = message.case;
        if message.report == Report::Due {
            self.note_finished(slot);
        }
        self.messages.release(slot);
        self.cases[case].live -= 1;
        self.close_if_over(case);
    }

    /// The channel that a delivery came from waits to hear of it.
    fn note_finished(&mut self, slot: u32) {
        let message = &self.messages[slot];
        if let Place::Channel(channel) = self.plan.routes[message.route.index()].from {
            self.finished.push((channel, message.subscription));
        }
    }

    /// How often a draw of this kind was made before, by a counter of the case.
    #[inline]
    fn count(&mut self, counter: usize) -> u64 {
        let before = self.counters[counter];
        self.counters[counter] = before.wrapping_add(1);
        u64::from(before)
    }

    #[inline]
    fn luck(&self, place: Place) -> &Luck {
        &self.luck[self.plan.place_index(place)]
    }
}

fn channels(plan: &Plan, seed: u64) -> Vec<ChannelState> {
    let state = |(index, channel): (usize, &crate::ChannelPlan)| {
        let rules = (channel.profile, &channel.rules);
        ChannelState::new(plan, ChannelId(index as u16), rules, Time::ZERO, seed)
    };
    plan.channels.iter().enumerate().map(state).collect()
}

fn subscriptions(plan: &Plan) -> Vec<(u16, u16)> {
    let of_channel = |(index, channel): (usize, &crate::ChannelPlan)| {
        (0..channel.subscribers.len() as u16).map(move |subscriber| (index as u16, subscriber))
    };
    plan.channels.iter().enumerate().flat_map(of_channel).collect()
}
