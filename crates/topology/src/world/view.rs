//! What others may see of a world: everything, and nothing that they could change.

use std::sync::Arc;

use channel::{Channel, Group, HeldView, Rules, Subscription};
use kernel::Time;

use super::World;
use super::channels::DeadLetter;
use super::parts::{
    Awaited, CaseView, Halt, Message, MessageState, ServiceState, Task, TaskState, WorkerState,
};
use crate::{
    ChannelId, ClientId, FactId, FieldId, GroupPlan, Ledger, Place, Plan, Record, RouteId, ServiceId,
};

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
        self.halted.map(|(halt, _)| halt)
    }

    /// Where that limit was reached.
    pub fn halted_at(&self) -> Option<Place> {
        self.halted.map(|(_, place)| place)
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

    /// The message in a slot, as [`World::waiting_in`] and [`World::inbox`] name it.
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
            key: (case.entity != Record::NONE).then_some(case.entity),
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

    /// What the message in a slot carries in a field.
    pub fn field(&self, slot: u32, field: FieldId) -> i32 {
        self.fields.row(slot)[field.index()]
    }

    /// Whether a service or channel is up; clients always are.
    pub fn is_up(&self, place: Place) -> bool {
        match place {
            Place::Client(_) => true,
            Place::Service(service) => self.services[service.index()].up,
            Place::Channel(channel) => self.channels[channel.index()].engine.is_up(),
        }
    }

    /// How many times as long a service's work takes.
    pub fn slowness(&self, service: ServiceId) -> f32 {
        self.services[service.index()].factor
    }

    /// Slots of the messages in a service's inbox, first to come first.
    pub fn inbox(&self, service: ServiceId) -> impl ExactSizeIterator<Item = u32> + '_ {
        let state = &self.services[service.index()];
        Inbox { waiting: state.inbox.iter(), messages: state.messages_waiting() }
    }

    /// How many handlers of a service hold no worker: they have given it back while they wait, or lie in its log.
    pub fn parked(&self, service: ServiceId) -> usize {
        self.services[service.index()].parked as usize
    }

    /// These handlers, with the messages they handle and what each waits for, in the order in which they began.
    pub fn parked_tasks(&self, service: ServiceId) -> impl Iterator<Item = (&Task, &Message, Awaited)> {
        self.in_order_of_beginning(service).into_iter().filter_map(|slot| {
            let task = &self.tasks[slot];
            Some((task, &self.messages[task.message], self.awaited(slot)?))
        })
    }

    /// What a task waits for, if it waits.
    fn awaited(&self, slot: u32) -> Option<Awaited> {
        match self.tasks[slot].state {
            TaskState::Vacant | TaskState::Running | TaskState::Working => None,
            TaskState::Waiting => Some(Awaited::Answer),
            TaskState::Sleeping => Some(self.condition_of(slot).map_or(Awaited::Time, Awaited::Condition)),
            TaskState::Joining => Some(Awaited::Branches),
            TaskState::Ready => Some(Awaited::Worker),
            TaskState::Suspended => Some(Awaited::Restart),
        }
    }

    /// What each worker of a service does.
    pub fn workers(&self, service: ServiceId) -> impl ExactSizeIterator<Item = WorkerState> + '_ {
        self.services[service.index()].workers.iter().map(|task| match task {
            None => WorkerState::Idle,
            Some(task) if self.only_waits(*task) => WorkerState::Waiting,
            Some(_) => WorkerState::Working,
        })
    }

    /// Whether a task waits; one with branches, whether all of them do.
    fn only_waits(&self, task: u32) -> bool {
        match self.tasks[task].state {
            TaskState::Waiting | TaskState::Sleeping => true,
            TaskState::Joining => self.branches_of(task).all(|branch| self.only_waits(branch)),
            TaskState::Vacant
            | TaskState::Running
            | TaskState::Working
            | TaskState::Ready
            | TaskState::Suspended => false,
        }
    }

    /// Every task, branches too, with the message it handles.
    pub fn tasks(&self) -> impl Iterator<Item = (&Task, &Message)> {
        let busy = self.tasks.iter().filter(|(_, task)| task.state != TaskState::Vacant);
        busy.map(|(_, task)| (task, &self.messages[task.message]))
    }

    /// The engine of a channel, whose handles [`World::waiting_in`] and [`World::held_in`] resolve.
    pub fn channel(&self, channel: ChannelId) -> &Channel {
        &self.channels[channel.index()].engine
    }

    /// The profile that a channel follows now.
    pub fn profile(&self, channel: ChannelId) -> &'static str {
        self.channels[channel.index()].profile
    }

    /// The groups that a channel has now, by their numbers in the engine.
    pub fn groups(&self, channel: ChannelId) -> &[GroupPlan] {
        &self.channels[channel.index()].groups
    }

    /// Slots of the messages that wait for a group of a channel, first to come first.
    pub fn waiting_in(&self, channel: ChannelId, group: Group) -> impl Iterator<Item = u32> + '_ {
        let handles = self.channel(channel).ready(group).chain(self.channel(channel).delayed(group));
        handles.filter_map(move |handle| self.find(channel, handle, group))
    }

    /// What a group's members hold, with the slots of the copies that the channel answers for.
    pub fn held_in(&self, channel: ChannelId, group: Group) -> impl Iterator<Item = (u32, HeldView)> + '_ {
        let held = self.channel(channel).held(group);
        held.filter_map(move |held| Some((self.find(channel, held.message, group)?, held)))
    }

    /// Whose a subscription to a channel is: the service and, where each worker is a consumer with a loop of
    /// its own, the worker.
    pub fn subscriber_of(&self, channel: ChannelId, who: Subscription) -> Option<(ServiceId, Option<u16>)> {
        let member = self.channels[channel.index()].member(who)?;
        Some((self.subscriber(channel, member.subscriber), member.worker))
    }

    /// The subscriptions of one of [`crate::ChannelPlan::subscribers`].
    pub fn subscriptions_of(
        &self,
        channel: ChannelId,
        subscriber: u16,
    ) -> impl Iterator<Item = Subscription> + '_ {
        self.channels[channel.index()].members_of(subscriber)
    }

    /// Whether a channel sees one of [`crate::ChannelPlan::subscribers`] as connected.
    pub fn is_listening(&self, channel: ChannelId, subscriber: u16) -> bool {
        self.subscriptions_of(channel, subscriber).any(|who| self.channel(channel).is_connected(who))
    }

    /// How many messages a channel has put aside.
    pub fn dead_lettered(&self, channel: ChannelId) -> u64 {
        self.channels[channel.index()].dead_lettered
    }

    /// The latest messages that a channel has put aside, oldest first.
    pub fn dead_letters(&self, channel: ChannelId) -> impl ExactSizeIterator<Item = &DeadLetter> {
        self.channels[channel.index()].dead_letters.iter()
    }

    /// Rules that a channel can be given from now on: their number for [`crate::Act::Profile`].
    pub fn offer(&mut self, channel: ChannelId, profile: &'static str, rules: Rules) -> u16 {
        Arc::make_mut(&mut self.plan).alternative(channel, profile, rules)
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

/// The messages in an inbox, without the handlers that wait there for a worker.
struct Inbox<'a> {
    waiting: std::collections::vec_deque::Iter<'a, u32>,
    /// How many are still to come.
    messages: usize,
}

impl Iterator for Inbox<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let slot = self.waiting.by_ref().copied().find(|&waiting| waiting & ServiceState::TASK == 0)?;
        self.messages -= 1;
        Some(slot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.messages, Some(self.messages))
    }
}

impl ExactSizeIterator for Inbox<'_> {}
