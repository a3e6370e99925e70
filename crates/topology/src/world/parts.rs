//! The parts of a world: what is true now of messages, tasks, cases, services, channels, clients and routes.

mod tasks;

use std::collections::VecDeque;

use channel::{Group, Subscription, Tag};
use kernel::{Purpose, Stream, Time};

use crate::{ClientId, MessageKind, Plan, RouteId, TypeId};
pub(crate) use tasks::Asked;
pub use tasks::{Awaited, Task, TaskState, WorkerState};

/// One copy of a message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number in the run, from 0.
    pub number: u32,
    /// The number of the first copy of the same message.
    pub origin: u32,
    /// Its type.
    pub message_type: TypeId,
    /// What it is for.
    pub kind: MessageKind,
    /// Where it is.
    pub state: MessageState,
    /// Whether the network made it out of another.
    pub duplicate: bool,
    /// For a reply or an acknowledgement: whether it says yes.
    pub ok: bool,
    /// The way it travels, or last travelled.
    pub route: RouteId,
    /// How often it was handed out by a channel.
    pub deliveries: u16,
    /// When it set out on that way.
    pub departed: Time,
    /// When it arrives; in [`MessageState::Unreachable`], when the channel notices.
    pub arrives: Time,
    /// The slot of its case.
    pub(crate) case: u32,
    /// Its place in the order in which the messages of its case were made.
    pub(crate) ordinal: u16,
    /// The session of the receiver for which a channel sent it.
    pub(crate) session: u16,
    /// The number of the record that led to its present state.
    pub(crate) cause: u64,
    /// Who asked, for a command; who is answered, for a reply.
    pub(crate) asker: Asker,
    /// For a delivery that is to be acknowledged, and for the acknowledgement: the tag.
    pub(crate) tag: Option<Tag>,
    /// For a delivery and its acknowledgement: which subscription.
    pub(crate) subscription: Subscription,
    /// For a delivery: by which handle its channel knows it, and for which group it is.
    pub(crate) handle: u32,
    pub(crate) group: Group,
    /// Whether a channel answers for it: it comes again if it is lost, and the channel says when it is done.
    pub kept: bool,
    pub(crate) report: Report,
}

impl Message {
    /// In place of an ordinal: it may come at any time, or so many messages were made that order is no longer kept.
    pub(crate) const WITHOUT_ORDER: u16 = u16::MAX;
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Nowhere: the slot is free.
    Vacant,
    /// On its way.
    Travelling,
    /// In a channel, to be handed out.
    Ready,
    /// In the inbox of a service.
    Inbox,
    /// In a worker's hands.
    AtWork,
    /// Handled; the acknowledgement is on its way.
    Handled,
    /// Held by its channel for a consumer that will never acknowledge it: the delivery or its acknowledgement
    /// was lost, or the consumer crashed. It comes back when the channel notices.
    Unreachable,
}

impl MessageState {
    pub(crate) fn is_waiting(self) -> bool {
        !matches!(self, MessageState::Vacant | MessageState::Travelling)
    }
}

/// What the channel of a delivery hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// Nothing yet, or nothing at all.
    Nothing,
    /// It needs no acknowledgement, but the channel waits to hear that its consumer has read it, or is done.
    Due,
    /// Its consumer is done with it; the acknowledgement is on its way, or was.
    Sent,
}

/// Who waits for the answer to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Nobody,
    Customer,
    Task {
        slot: u32,
        /// The number of the request, which the task waits for.
        request: u32,
    },
}

/// How a request ended for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The slot is free.
    Vacant,
    /// The customer waits.
    Waiting,
    /// The customer expects no answer.
    NotAsked,
    /// The answer came.
    Answered,
    /// Turned away, or told that it failed.
    Refused,
    /// Lost patience.
    GaveUp,
}

/// A case that is not over.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) number: u32,
    /// What chance is keyed by: the client and the number of its request, so that it is the same in every
    /// variant even when several clients' requests come in another order.
    pub(crate) key: u64,
    pub(crate) client: ClientId,
    pub(crate) outcome: Outcome,
    pub(crate) started: Time,
    pub(crate) gives_up: Time,
    /// Copies of messages that are not done.
    pub(crate) live: u32,
    /// Messages made so far, up to 65,535: beyond, messages of one case are no longer found out of order.
    pub(crate) made: u16,
    pub(crate) complete: bool,
    /// What it is about, or [`crate::Record::NONE`] if it is a key of its own.
    pub(crate) entity: u32,
    /// Whether something of it was published that may be read again after its end.
    pub(crate) is_published: bool,
    /// Whether it was over, and something of it is done once more.
    pub(crate) was_over: bool,
}

/// A case as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseView {
    /// Its number in the run, from 0.
    pub number: u32,
    /// Whose customer.
    pub client: ClientId,
    /// How it stands with the customer.
    pub outcome: Outcome,
    /// When the request was made.
    pub started: Time,
    /// When the customer's patience ends; [`Time::MAX`]: never.
    pub gives_up: Time,
    /// What the request is about, if cases are not keys of their own.
    pub key: Option<u32>,
}

/// The counters of one case: one row of a table with a column for each fact, place and service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    facts: usize,
    places: usize,
    services: usize,
}

impl Row {
    pub(crate) fn of(plan: &Plan) -> Self {
        let services = plan.services.len();
        let places = plan.clients.len() + services + plan.channels.len();
        Row { facts: plan.facts.len(), places, services }
    }

    pub(crate) fn width(self) -> usize {
        self.facts + self.places + 2 * self.services
    }

    /// How often a fact was set.
    #[inline]
    pub(crate) fn fact(self, case: u32, fact: usize) -> usize {
        case as usize * self.width() + fact
    }

    /// How many messages were sent to a place.
    #[inline]
    pub(crate) fn hops(self, case: u32, place: usize) -> usize {
        case as usize * self.width() + self.facts + place
    }

    /// How often a service worked.
    #[inline]
    pub(crate) fn works(self, case: u32, service: usize) -> usize {
        case as usize * self.width() + self.facts + self.places + service
    }

    /// One more than the latest ordinal that a service took up.
    #[inline]
    pub(crate) fn latest(self, case: u32, service: usize) -> usize {
        self.works(case, service) + self.services
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ServiceState {
    pub(crate) up: bool,
    /// When it last went down or came up.
    pub(crate) since: Time,
    /// Counts restarts: what was sent to an earlier session does not reach a later one.
    pub(crate) session: u16,
    pub(crate) factor: f32,
    /// Slots of messages, and of tasks that wait for a worker: those with [`ServiceState::TASK`].
    pub(crate) inbox: VecDeque<u32>,
    /// How many tasks are in the inbox.
    pub(crate) tasks_ready: u32,
    /// How many handlers hold no worker.
    pub(crate) parked: u32,
    /// The task of each worker.
    pub(crate) workers: Vec<Option<u32>>,
    /// Free workers; the last is taken next.
    pub(crate) free: Vec<u16>,
    /// Whether some of its messages wait for others of the same consumer's loop.
    pub(crate) has_loops: bool,
}

impl ServiceState {
    /// Marks a task in the inbox.
    pub(crate) const TASK: u32 = 1 << 31;

    pub(crate) fn new(workers: u16) -> Self {
        ServiceState {
            up: true,
            since: Time::ZERO,
            session: 0,
            factor: 1.0,
            inbox: VecDeque::new(),
            tasks_ready: 0,
            parked: 0,
            workers: vec![None; usize::from(workers)],
            free: (0..workers).rev().collect(),
            has_loops: false,
        }
    }

    /// How many messages are in the inbox.
    #[inline]
    pub(crate) fn messages_waiting(&self) -> usize {
        self.inbox.len() - self.tasks_ready as usize
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ClientState {
    /// Requests made so far.
    pub(crate) requests: u32,
    pub(crate) answered: u32,
    pub(crate) refused: u32,
    pub(crate) gave_up: u32,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct RouteState {
    /// When the last message that keeps its place in the line arrives.
    pub(crate) last: Time,
    pub(crate) cut: bool,
    pub(crate) lost: u64,
}

/// Chance, keyed by name, for one place.
#[derive(Clone, Debug)]
pub(crate) struct Luck {
    pub(crate) arrival: Stream,
    pub(crate) customer: Stream,
    pub(crate) work: Stream,
    pub(crate) branch: Stream,
    pub(crate) jitter: Stream,
    pub(crate) latency: Stream,
    pub(crate) loss: Stream,
    pub(crate) duplication: Stream,
    pub(crate) reordering: Stream,
}

impl Luck {
    pub(crate) fn of(seed: u64, name: &str) -> Self {
        let stream = |purpose| Stream::new(seed, purpose, name);
        Luck {
            arrival: stream(Purpose::Arrival),
            customer: stream(Purpose::Customer),
            work: stream(Purpose::Work),
            branch: stream(Purpose::Branch),
            jitter: stream(Purpose::Jitter),
            latency: stream(Purpose::Latency),
            loss: stream(Purpose::Loss),
            duplication: stream(Purpose::Duplication),
            reordering: stream(Purpose::Reordering),
        }
    }
}

/// A named limit that ended the run early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// More messages than [`crate::World::LIVE_MESSAGES_MAX`] at one time: a storm.
    LiveMessages,
    /// More cases than [`crate::World::LIVE_CASES_MAX`] at one time.
    LiveCases,
    /// More occurrences than [`crate::World::OCCURRENCES_AT_ONCE_MAX`] without any time passing, or a handler with
    /// more than [`crate::World::STEPS_WITHOUT_TIME_MAX`] steps that take none, or handlers that wake each other
    /// more often than that.
    Standstill,
    /// The numbers of messages, cases or occurrences are used up.
    Numbers,
}

impl Halt {
    /// What happened and what to do, for a person.
    pub fn words(self) -> &'static str {
        match self {
            Halt::LiveMessages => {
                "more than 2,000,000 messages wait or travel at once: something multiplies messages or nobody \
                 takes them; lower the rate, add workers, or bound the inbox"
            }
            Halt::LiveCases => {
                "more than 1,000,000 cases are open at once: lower the rate, add workers, or give the customers \
                 patience"
            }
            Halt::Standstill => {
                "time does not move any more: services answer each other for ever over links that take no time, or \
                 something that fails at once is tried again for ever without a pause; give the links a latency and \
                 the retries a pause"
            }
            Halt::Numbers => "the run has used up its four billion message numbers: make it shorter",
        }
    }
}

/// What the agenda holds: a kind in the upper 4 bits and an index in the lower 28.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// A client makes a request.
    Request(u32),
    /// A message arrives.
    Travel(u32),
    /// A task has done its work.
    Worked(u32),
    /// A task has waited long enough.
    Timeout(u32),
    /// A customer loses patience.
    GiveUp(u32),
    /// A planned fault.
    Fault(u32),
    /// A channel notices that a subscriber is gone.
    Disconnect(u32),
    /// A channel notices that a subscriber is back.
    Connect(u32),
    /// A channel notices that a delivery is lost.
    Heartbeat(u32),
    /// Something falls due in a channel by itself.
    Channel(u32),
    /// A deadline of a task passes.
    Deadline(u32),
    /// A message leaves that was to leave later.
    Leave(u32),
    /// Something that a task waits for was kept for a time, which is over.
    LookAgain(u32),
}

const INDEX_BITS: u32 = 28;

impl Happening {
    #[inline]
    pub(crate) fn encode(self) -> u32 {
        let (kind, index) = match self {
            Happening::Request(index) => (0, index),
            Happening::Travel(index) => (1, index),
            Happening::Worked(index) => (2, index),
            Happening::Timeout(index) => (3, index),
            Happening::GiveUp(index) => (4, index),
            Happening::Fault(index) => (5, index),
            Happening::Disconnect(index) => (6, index),
            Happening::Connect(index) => (7, index),
            Happening::Heartbeat(index) => (8, index),
            Happening::Channel(index) => (9, index),
            Happening::Deadline(index) => (10, index),
            Happening::Leave(index) => (11, index),
            Happening::LookAgain(index) => (12, index),
        };
        debug_assert!(index < 1 << INDEX_BITS);
        kind << INDEX_BITS | index
    }

    #[inline]
    pub(crate) fn decode(code: u32) -> Self {
        let index = code & ((1 << INDEX_BITS) - 1);
        match code >> INDEX_BITS {
            0 => Happening::Request(index),
            1 => Happening::Travel(index),
            2 => Happening::Worked(index),
            3 => Happening::Timeout(index),
            4 => Happening::GiveUp(index),
            5 => Happening::Fault(index),
            6 => Happening::Disconnect(index),
            7 => Happening::Connect(index),
            8 => Happening::Heartbeat(index),
            9 => Happening::Channel(index),
            10 => Happening::Deadline(index),
            11 => Happening::Leave(index),
            _ => Happening::LookAgain(index),
        }
    }
}
