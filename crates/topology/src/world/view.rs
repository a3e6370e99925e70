//! What others may see of a world: everything, and nothing that they could change.

use std::sync::Arc;

use channel::Channel;
use kernel::Time;

use super::World;
use super::parts::{CaseView, Halt, Message, MessageState, Task, TaskState, WorkerState};
use crate::{ChannelId, ClientId, FactId, Ledger, Place, Plan, Record, RouteId, ServiceId};

impl World {
    /// The plan that is run.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The seed of all chance.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When something happens next, if anything ever does.
    pub fn next_time(&mut self) -> Option<Time> {
        self.agenda.next_time()
    }

    /// Whether nothing more will happen.
    pub fn is_over(&mut self) -> bool {
        let length = self.plan.length;
        self.halted.is_some() || self.agenda.next_time().is_none_or(|next| next > length)
    }

    /// The limit that ended the run early, if one did.
    pub fn halted(&self) -> Option<Halt> {
        self.halted
    }

    /// How many occurrences have happened.
    pub fn occurrences(&self) -> u64 {
        self.occurrences
    }

    /// Where every message has gone.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The digest of every record so far.
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// How many records were made, whether kept or not.
    pub fn records_made(&self) -> u64 {
        self.records_made
    }

    /// The records kept since they were last taken.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Forgets the records kept so far. Who folds them reads [`World::records`] first.
    pub fn clear_records(&mut self) {
        self.records.clear();
    }

    /// Every message that is on its way or waits, with the slot that names it.
    pub fn messages(&self) -> impl Iterator<Item = (u32, &Message)> {
        self.messages.iter().filter(|(_, message)| message.state != MessageState::Vacant)
    }

    /// The message in a slot, as [`Channel::ready`] and [`World::inbox`] name it.
    pub fn message(&self, slot: u32) -> &Message {
        &self.messages[slot]
    }

    /// The case of a message.
    pub fn case_of(&self, message: &Message) -> CaseView {
        self.case(message.case)
    }

    fn case(&self, slot: u32) -> CaseView {
        let case = &self.cases[slot];
        CaseView {
            number: case.number,
            client: case.client,
            outcome: case.outcome,
            started: case.started,
            gives_up: case.gives_up,
        }
    }

    /// Every case that is not over.
    pub fn cases(&self) -> impl Iterator<Item = CaseView> + '_ {
        let open = self.cases.iter().filter(|(_, case)| case.outcome != super::Outcome::Vacant);
        open.map(|(slot, _)| self.case(slot))
    }

    /// How often a fact of a message's case was set.
    pub fn fact(&self, message: &Message, fact: FactId) -> u16 {
        self.counters[self.row.fact(message.case, fact.index())]
    }

    /// Whether a service or channel is up; clients always are.
    pub fn is_up(&self, place: Place) -> bool {
        match place {
            Place::Client(_) => true,
            Place::Service(service) => self.services[service.index()].up,
            Place::Channel(channel) => self.channels[channel.index()].rules.is_up(),
        }
    }

    /// How many times as long a service's work takes.
    pub fn slowness(&self, service: ServiceId) -> f32 {
        self.services[service.index()].factor
    }

    /// Slots of the messages in a service's inbox, first to come first.
    pub fn inbox(&self, service: ServiceId) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.services[service.index()].inbox.iter().copied()
    }

    /// What each worker of a service does.
    pub fn workers(&self, service: ServiceId) -> impl ExactSizeIterator<Item = WorkerState> + '_ {
        self.services[service.index()].workers.iter().map(|task| match task {
            None => WorkerState::Idle,
            Some(task) if self.tasks[*task].state == TaskState::Waiting => WorkerState::Waiting,
            Some(_) => WorkerState::Working,
        })
    }

    /// Every task in hand, with the message it handles.
    pub fn tasks(&self) -> impl Iterator<Item = (&Task, &Message)> {
        let busy = self.tasks.iter().filter(|(_, task)| task.state != TaskState::Vacant);
        busy.map(|(_, task)| (task, &self.messages[task.message]))
    }

    /// A channel's own view of what it holds.
    pub fn channel(&self, channel: ChannelId) -> &Channel {
        &self.channels[channel.index()].rules
    }

    /// How many messages a channel has put aside.
    pub fn dead_lettered(&self, channel: ChannelId) -> u64 {
        self.channels[channel.index()].dead_lettered
    }

    /// How many messages were lost on a route.
    pub fn lost_on(&self, route: RouteId) -> u64 {
        self.routes[route.index()].lost
    }

    /// Customers of a client that left: answered, refused, out of patience.
    pub fn departures(&self, client: ClientId) -> (u32, u32, u32) {
        let state = &self.clients[client.index()];
        (state.answered, state.refused, state.gave_up)
    }
}
