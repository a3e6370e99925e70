//! Records: what happened, with time, place, message and cause. They are the only output of a run.

use channel::DeadLetterReason;
use kernel::{Digest, Time};

use crate::{Act, CellId, ClientId, FactId, FigureId, LossReason, Place, RouteId, ServiceId, TypeId};

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// Asks somebody to do something.
    Command,
    /// Tells that something happened.
    Event,
    /// Answers a command.
    Reply,
    /// Tells a channel that a message was handled, or could not be.
    Acknowledgement,
    /// Tells whoever was asked that nobody waits for the answer any more.
    Cancellation,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Its number in the run, from 1.
    pub number: u64,
    /// When.
    pub time: Time,
    /// The number of the record that led to it; 0: it began here.
    pub cause: u64,
    /// The case it belongs to: its number in the run from 0, or [`Record::NONE`].
    pub case: u32,
    /// The copy of a message it is about: its number in the run from 0, or [`Record::NONE`].
    pub message: u32,
    /// The message's type; meaningful where there is a message.
    pub message_type: TypeId,
    /// Where.
    pub place: Place,
    /// What.
    pub kind: RecordKind,
}

/// What happened. Reading the variants in order is reading a message's life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordKind {
    /// A customer made a request.
    CaseStarted {
        /// Whose customer.
        client: ClientId,
        /// Whether the customer waits for an answer.
        waits: bool,
        /// What the request is about, or [`Record::NONE`] where each case is a key of its own.
        key: u32,
    },
    /// A message set out.
    Sent {
        /// Which way.
        route: RouteId,
        /// What it is for.
        kind: MessageKind,
        /// The number of the first copy: what fan-out, the network or a redelivery made of one message
        /// share it.
        origin: u32,
    },
    /// The network made a second one of it; the record is about the second.
    Duplicated {
        /// Which way.
        route: RouteId,
        /// The copy it was made from.
        origin: u32,
    },
    /// It waits in a channel or an inbox.
    Queued,
    /// A channel passed it on: so many copies went to subscribers, which is what a publisher of Redis Pub/Sub is
    /// told, or wait for groups.
    FannedOut {
        /// How many.
        receivers: u16,
    },
    /// A worker took it up.
    Taken {
        /// Which worker.
        worker: u16,
    },
    /// Its receiver is done with it.
    Delivered,
    /// A command was answered with yes or no, as part of a handler.
    Answered {
        /// Whether with yes.
        ok: bool,
    },
    /// A handler gave up.
    HandlerFailed,
    /// A call took too long, or what a handler waited for did not come true in time: it goes on without.
    TimedOut,
    /// It was taken up after a later message of its case, or of its key where there are keys.
    OutOfOrder,
    /// The network dropped a delivery that its channel still holds.
    Dropped,
    /// It came back to its channel.
    Returned,
    /// It was handed out again.
    Redelivered,
    /// It is gone.
    Lost {
        /// Why.
        reason: LossReason,
        /// The way it went last; with [`LossReason::Network`] and [`LossReason::Partition`] it was lost on it.
        route: RouteId,
        /// Whether something is missing now: a command or an event, of which no other copy took the place.
        missed: bool,
    },
    /// It was put aside.
    DeadLettered {
        /// Why.
        reason: DeadLetterReason,
    },
    /// A fact of the case was set.
    FactSet {
        /// Which.
        fact: FactId,
        /// How often, or how much, now.
        count: u16,
        /// How often, or how much, before.
        before: u16,
    },
    /// The customer got the answer.
    CaseAnswered,
    /// The customer was turned away, or told that it failed.
    CaseRefused,
    /// The customer lost patience.
    CaseGaveUp,
    /// Nothing is left to do for the case.
    CaseEnded {
        /// Whether everything sent for it was delivered: nothing lost, nothing put aside.
        complete: bool,
    },
    /// Something was done to the system: a fault, or its end.
    Act {
        /// What.
        act: Act,
    },
    /// A limit was reached, and the run ends.
    Halted,
    /// Its channel no longer answers for it, although somebody has it in hand still: it counts as done, or the
    /// channel has lost it. If its consumer crashes now, it does not come again.
    Settled,
    /// The broker cut a subscriber off.
    CutOff {
        /// Whom.
        service: ServiceId,
    },
    /// A service keeps a value for the case, for its key, or once; or forgets it, and has what it starts with.
    Stored {
        /// Where.
        cell: CellId,
        /// The key for which it is kept, or [`Record::NONE`]: for the case alone, or for everything.
        key: u32,
        /// What.
        value: i32,
        /// What it was.
        before: i32,
    },
    /// Something was measured.
    Measured {
        /// What.
        figure: FigureId,
        /// How much.
        value: i32,
    },
    /// A handler waits for a time or for what the service keeps.
    Waits,
    /// What the handler waited for has come true.
    Woken,
    /// A handler is going to try again: its pause before that begins, if there is one.
    Retried {
        /// The attempt that begins after the pause, from 2; what is above 65,535 is told as that.
        attempt: u16,
    },
    /// A handler undoes what it did.
    Undone {
        /// The number of what is undone, in the order of the handler.
        number: u8,
    },
    /// Nobody waits for what a handler does any more, and it ends.
    Cancelled,
    /// A deadline passed, and what was in progress is given up.
    DeadlinePassed,
    /// A handler goes on from its log after a crash.
    Resumed,
    /// A handler does not understand this schema version of its message.
    Unreadable {
        /// Which.
        schema: i32,
    },
}

/// Kinds of records, for who does not want all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u64);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);
    /// All.
    pub const ALL: Kinds = Kinds(u64::MAX);
    /// The beginning and the end of cases, and what became of their customers.
    pub const CASES: Kinds = Kinds(1 << 1 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21);
    /// [`RecordKind::Sent`].
    pub const SENT: Kinds = Kinds(1 << 2);
    /// [`RecordKind::OutOfOrder`].
    pub const OUT_OF_ORDER: Kinds = Kinds(1 << 11);
    /// [`RecordKind::Lost`] and [`RecordKind::DeadLettered`].
    pub const LOST: Kinds = Kinds(1 << 15 | 1 << 16);
    /// [`RecordKind::FactSet`].
    pub const FACTS: Kinds = Kinds(1 << 17);
    /// [`RecordKind::Act`] and [`RecordKind::Halted`].
    pub const ACTS: Kinds = Kinds(1 << 22 | 1 << 23);
    /// [`RecordKind::Stored`].
    pub const STORED: Kinds = Kinds(1 << 26);
    /// [`RecordKind::Measured`].
    pub const MEASURED: Kinds = Kinds(1 << 27);

    /// These and others.
    pub const fn and(self, others: Kinds) -> Kinds {
        Kinds(self.0 | others.0)
    }

    /// Whether a record of this kind is among them.
    #[inline(always)]
    pub fn contain(self, kind: &RecordKind) -> bool {
        self.0 >> kind.code().0 & 1 == 1
    }
}

impl Record {
    /// In place of a case or message: none.
    pub const NONE: u32 = u32::MAX;

    /// Takes the record into the digest of the run.
    #[inline(always)]
    pub fn digest_into(&self, digest: &mut Digest) {
        let (code, detail) = self.kind.code();
        let place = match self.place {
            Place::Client(id) => u64::from(id.0),
            Place::Service(id) => 1 << 16 | u64::from(id.0),
            Place::Channel(id) => 2 << 16 | u64::from(id.0),
        };
        digest.mix_four([
            self.time.nanos() | u64::from(code) << 56,
            u64::from(self.case) << 32 | u64::from(self.message),
            detail << 32 ^ place << 16 ^ u64::from(self.message_type.0),
            self.cause,
        ]);
    }
}

impl RecordKind {
    /// A number for the kind and one for its details, which together tell kinds apart in a digest.
    #[inline(always)]
    fn code(&self) -> (u8, u64) {
        match *self {
            RecordKind::CaseStarted { client, waits, key } => {
                (1, u64::from(client.0) << 1 | u64::from(waits) ^ u64::from(!key) << 17)
            }
            RecordKind::Sent { route, kind, origin } => {
                (2, u64::from(origin) ^ u64::from(route.0) << 4 ^ kind as u64)
            }
            RecordKind::Duplicated { route, origin } => (3, u64::from(origin) ^ u64::from(route.0)),
            RecordKind::Queued => (4, 0),
            RecordKind::FannedOut { receivers } => (5, u64::from(receivers)),
            RecordKind::Taken { worker } => (6, u64::from(worker)),
            RecordKind::Delivered => (7, 0),
            RecordKind::Answered { ok } => (8, u64::from(ok)),
            RecordKind::HandlerFailed => (9, 0),
            RecordKind::TimedOut => (10, 0),
            RecordKind::OutOfOrder => (11, 0),
            RecordKind::Dropped => (12, 0),
            RecordKind::Returned => (13, 0),
            RecordKind::Redelivered => (14, 0),
            RecordKind::Lost { reason, route, .. } => (15, u64::from(route.0) << 8 | reason as u64),
            RecordKind::DeadLettered { reason } => (16, reason as u64),
            RecordKind::FactSet { fact, count, .. } => (17, u64::from(fact.0) << 16 | u64::from(count)),
            RecordKind::CaseAnswered => (18, 0),
            RecordKind::CaseRefused => (19, 0),
            RecordKind::CaseGaveUp => (20, 0),
            RecordKind::CaseEnded { complete } => (21, u64::from(complete)),
            RecordKind::Act { act } => (22, act.code()),
            RecordKind::Halted => (23, 0),
            RecordKind::Settled => (24, 0),
            RecordKind::CutOff { service } => (25, u64::from(service.0)),
            RecordKind::Stored { cell, key, value, .. } => {
                (26, u64::from(value as u32) ^ u64::from(cell.0) << 20 ^ u64::from(!key) << 8)
            }
            RecordKind::Measured { figure, value } => {
                (27, u64::from(value as u32) ^ u64::from(figure.0) << 20)
            }
            RecordKind::Waits => (28, 0),
            RecordKind::Woken => (29, 0),
            RecordKind::Retried { attempt } => (30, u64::from(attempt)),
            RecordKind::Undone { number } => (31, u64::from(number)),
            RecordKind::Cancelled => (32, 0),
            RecordKind::DeadlinePassed => (33, 0),
            RecordKind::Resumed => (34, 0),
            RecordKind::Unreadable { schema } => (35, u64::from(schema as u32)),
        }
    }
}

impl Act {
    fn code(&self) -> u64 {
        match *self {
            Act::Crash { .. } => 1,
            Act::Restart { .. } => 2,
            Act::Slow { factor, .. } => 3 ^ u64::from(factor.to_bits()),
            Act::Cut { .. } => 4,
            Act::Mend { .. } => 5,
            Act::Rebuild { .. } => 5 | 1 << 3,
            Act::Profile { channel, number } => 6 | u64::from(channel.0) << 3 | u64::from(number) << 19,
        }
    }
}
