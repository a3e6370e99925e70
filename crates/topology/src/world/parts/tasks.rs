//! Tasks: handlers in progress.

use kernel::Time;

use crate::{ExpressionId, RouteId, ServiceId};

/// A worker handling a message.
#[derive(Clone, Debug)]
pub struct Task {
    /// Whose worker.
    pub service: ServiceId,
    /// Which worker; `None` while it waits and has given its worker back.
    pub worker: Option<u16>,
    /// What it does right now.
    pub state: TaskState,
    /// When it began that.
    pub since: Time,
    /// When it will be done with that; [`Time::MAX`] if it waits for ever.
    pub until: Time,
    /// The way its request went, while it waits.
    pub route: RouteId,
    /// The slot of the message it handles.
    pub(crate) message: u32,
    /// The next step.
    pub(crate) step: u32,
    /// The request whose answer it waits for.
    pub(crate) request: u32,
    /// What else its call says.
    pub(crate) asked: Asked,
    /// Whether it has answered.
    pub(crate) answered: bool,
    /// The number of the record that led to its present state.
    pub(crate) cause: u64,
    /// Its [`crate::world::control::Control`], or [`Task::SIMPLE`] if it needs none.
    pub(crate) control: u32,
}

impl Task {
    /// In place of a control: none.
    pub(crate) const SIMPLE: u32 = u32::MAX;
}

/// What a call says, besides whom it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Where the handler goes on if the call fails.
    pub(crate) on_error: u32,
    /// Which fields it takes over from the answer: an index into [`Plan::takes`], or `u16::MAX`.
    pub(crate) takes: u16,
    /// Whether the other side is told when the handler waits no longer.
    pub(crate) cancels: bool,
}

/// What a task does right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Nothing: the slot is free.
    Vacant,
    /// Steps that take no time.
    Running,
    /// Work.
    Working,
    /// Waits for an answer.
    Waiting,
    /// Waits for a time, or for a condition.
    Sleeping,
    /// Waits for its branches.
    Joining,
    /// Could go on, and waits for a worker; a branch: begins as soon as those before it are under way.
    Ready,
    /// Lies in the log of a service that is down.
    Suspended,
}

/// What a handler waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// For a time: a pause, or the pause before it tries again.
    Time,
    /// Until this is true.
    Condition(ExpressionId),
    /// For the answer to a call.
    Answer,
    /// For its branches.
    Branches,
    /// For a worker.
    Worker,
    /// For its service to come up again.
    Restart,
}

/// A worker as its lamp shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// Nothing to do.
    Idle,
    /// Works.
    Working,
    /// Waits for somebody's reply.
    Waiting,
}
