//! What a handler is, lowered: steps in one list, with jumps.

use kernel::Span;

use crate::{CellId, ExpressionId, FactId, FieldId, FigureId, RouteId, ServiceId, TypeId};

/// What a service does with one type of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Who.
    pub service: ServiceId,
    /// With what.
    pub message_type: TypeId,
    /// The first step: an index into [`crate::Plan::program`].
    pub start: u32,
    /// How it is run.
    pub habits: Habits,
}

/// How a handler is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Its progress is kept, so that a crash does not end it: after a restart it goes on with the step that it was
    /// at, which is done again. Its message is acknowledged as soon as it is kept.
    pub durable: bool,
    /// It gives its worker back while it waits (for an answer, a time, a condition or its branches), and needs a
    /// worker again to go on.
    pub released: bool,
    /// Which schema versions of the message it understands, from and to; `None`: whatever comes. Of one that it
    /// does not understand it fails.
    pub reads: Option<(i32, i32)>,
}

impl Habits {
    /// Whether it is run as most are.
    #[inline]
    pub(crate) fn are_usual(&self) -> bool {
        !(self.durable || self.released || self.reads.is_some())
    }
}

/// One step of a handler. Jumps are indices into [`crate::Plan::program`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Keep the worker busy for a time drawn from [`crate::Plan::works`].
    Work {
        /// Which distribution.
        time: u16,
        /// How many times as long; [`Step::NOTHING`]: once.
        times: ExpressionId,
    },
    /// Send a command to a service and wait for its answer; unless released, the worker waits too.
    Call {
        /// The way there.
        route: RouteId,
        /// What is sent.
        message_type: TypeId,
        /// How long to wait; [`Span::ZERO`]: for ever.
        timeout: Span,
        /// Where to go on when it is refused, fails or takes too long; [`Step::FAIL`]: fail as well.
        on_error: u32,
        /// Which fields to take over from the answer: an index into [`crate::Plan::takes`], or `u16::MAX`.
        takes: u16,
        /// Whether the other side is told, and stops, when nobody waits any more.
        cancels: bool,
    },
    /// Send a command or an event, and go on at once, unless the sender learns that it does not get into its channel.
    Send {
        /// The way there.
        route: RouteId,
        /// What is sent.
        message_type: TypeId,
        /// How much later it leaves, drawn from [`crate::Plan::works`]; `u16::MAX`: at once. A crash does not stop it.
        after: u16,
        /// Where to go on when its channel is down or cut off, and says so; [`Step::FAIL`]: fail as well.
        on_error: u32,
    },
    /// What is sent next, by a call, a send or a reply, has this in a field. Other fields are those of the message
    /// in hand.
    With {
        /// Which field.
        field: FieldId,
        /// What.
        value: ExpressionId,
    },
    /// The message in hand has this in a field from now on.
    Let {
        /// Which field.
        field: FieldId,
        /// What.
        value: ExpressionId,
    },
    /// Answer whoever asked; nothing if nobody did.
    Reply,
    /// Count up a fact of the case.
    Set {
        /// Which fact.
        fact: FactId,
        /// By how much, at least 0; [`Step::NOTHING`]: by 1.
        amount: ExpressionId,
    },
    /// Keep a value.
    Store {
        /// In which cell.
        cell: CellId,
        /// What.
        value: ExpressionId,
    },
    /// Keep nothing any more: the cell is as it was at the start.
    Forget {
        /// Which cell.
        cell: CellId,
    },
    /// Note a value for people; it changes nothing.
    Measure {
        /// Of what.
        figure: FigureId,
        /// The value.
        value: ExpressionId,
    },
    /// Go on if the condition is true, else jump.
    If {
        /// The condition.
        condition: ExpressionId,
        /// Where to go on otherwise.
        otherwise: u32,
    },
    /// Go on with this probability, else jump.
    IfChance {
        /// 0 to 1.
        probability: f64,
        /// Where to go on otherwise.
        otherwise: u32,
    },
    /// Wait: for a time, or until a condition over the service's own cells is true.
    Wait {
        /// The condition; [`Step::NOTHING`]: none, it is a pause.
        until: ExpressionId,
        /// How long at most, drawn from [`crate::Plan::works`]; `u16::MAX`: for ever.
        time: u16,
        /// Where to go on if the condition did not come true in time; [`Step::FAIL`]: fail.
        otherwise: u32,
    },
    /// From here on attempts of this level are counted anew.
    Begin {
        /// Which of [`crate::Plan::retries`].
        policy: u16,
        /// How many steps `retry` stand around this one.
        level: u8,
    },
    /// Something failed: try again from `back` after a pause, or give up.
    Retry {
        /// Which of [`crate::Plan::retries`].
        policy: u16,
        /// The level that [`Step::Begin`] began.
        level: u8,
        /// The first step to do again.
        back: u32,
        /// Where to go on after the last attempt; [`Step::FAIL`]: fail.
        give_up: u32,
    },
    /// From here on there is a deadline. When it passes, whatever is in progress is given up.
    Deadline {
        /// How long, drawn from [`crate::Plan::works`].
        time: u16,
        /// How many deadlines stand around this one.
        level: u8,
        /// Where to go on when it passes; [`Step::FAIL`]: fail.
        otherwise: u32,
    },
    /// The deadline of this level no longer holds.
    InTime {
        /// Which.
        level: u8,
    },
    /// Begin branches, and wait until all of them are at their [`Step::Joined`].
    Fork {
        /// Which of [`crate::Plan::forks`].
        branches: u16,
        /// Where to go on if one of them fails, which ends the others; [`Step::FAIL`]: fail.
        on_error: u32,
    },
    /// A branch is done.
    Joined,
    /// Something was done that may have to be undone.
    Done {
        /// Its number in the handler, below [`Step::UNDOS_MAX`].
        number: u8,
    },
    /// Go on if this was done, and undo it: from now on it is not done. Else jump.
    Undo {
        /// Its number.
        number: u8,
        /// Where to go on otherwise.
        otherwise: u32,
    },
    /// Jump.
    Jump {
        /// Where to.
        to: u32,
    },
    /// Give up: a caller is told, a queue gets the message back, else it is lost.
    Fail,
    /// Done. Who asked and was not answered is answered now.
    End,
}

impl Step {
    /// In place of a jump: fail.
    pub const FAIL: u32 = u32::MAX;
    /// In place of an expression: none.
    pub const NOTHING: ExpressionId = ExpressionId(u16::MAX);
    /// How many things one handler can undo.
    pub const UNDOS_MAX: usize = 64;
    /// How deep steps `retry`, and steps `deadline`, can stand in one another.
    pub const LEVELS_MAX: usize = 4;
}

/// How often and when something that failed is tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// How many attempts there are, the first included; `None`: until it works.
    pub attempts: Option<u16>,
    /// The pause before the second attempt.
    pub pause: Span,
    /// By how much each pause is longer than the one before, at least 1: 1 is a fixed pause, 2 doubles it.
    pub growth: f64,
    /// The longest pause.
    pub longest: Span,
    /// What chance does to the pauses.
    pub jitter: Jitter,
    /// How many retries there may be for each first attempt, over all messages of the service, above 0; `None`:
    /// any number. Kept as a bucket of tokens, as Finagle's `RetryBudget` does (its default is 0.2): each first
    /// attempt adds so many, each retry takes one, and it holds at most [`Retry::BUDGET_MOST`]. Other than there,
    /// tokens do not expire and none come by themselves. The bucket is memory: after a crash it is as at the start.
    pub budget: Option<f64>,
}

impl Retry {
    /// The greatest number of retries that a budget saves up, and with which it begins.
    pub const BUDGET_MOST: f64 = 10.0;
}

/// What chance does to a pause: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Nothing: all who failed at one moment come back at one moment.
    #[default]
    None,
    /// It is anything between nothing and the whole pause ("full jitter"), each length as probable.
    Full,
    /// It is anything between half the pause and the whole ("equal jitter"), each length as probable.
    Half,
}
