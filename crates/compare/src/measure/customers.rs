//! What became of each customer, by few kinds of records.

use kernel::{Span, Time};
use topology::{ClientId, FactId, Kinds, Outcome, Plan, Record, RecordKind};

use super::calls::Calls;
use super::outages::Outages;
use crate::row;

/// A customer with what was done for the request. [`Time::MAX`] stands for never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Customer {
    /// Whose customer.
    pub(crate) client: ClientId,
    /// When the request was made.
    pub(crate) started: Time,
    /// When the customer was answered or refused, or left.
    pub(crate) left: Time,
    /// When nothing was left to do.
    pub(crate) ended: Time,
    /// When the last of the promised facts came true. Where none is promised: when nothing was left to do, if nothing
    /// of it was lost.
    pub(crate) done: Time,
    pub(crate) outcome: Outcome,
    /// Whether something was wrong with the system when the request was made.
    pub(crate) in_outage: bool,
    /// Whether something that was true already was done again.
    pub(crate) again: bool,
    /// How many promised facts have not come true yet.
    awaited: u16,
    /// How many messages are missing of which nobody learned: lost or put aside.
    pub(crate) lost: u32,
}

impl Customer {
    /// Whether something was promised: the customer was told yes, or did not ask.
    pub(crate) fn is_promised(&self) -> bool {
        matches!(self.outcome, Outcome::Answered | Outcome::NotAsked)
    }

    /// Whether what was promised is done.
    pub(crate) fn is_done(&self) -> bool {
        self.is_promised() && self.done < Time::MAX
    }

    /// How long it took from the request until all was done, or until the run's end if it is not; `None` where nothing
    /// was promised.
    pub(crate) fn completion(&self, end: Time) -> Option<Span> {
        self.is_promised().then(|| self.done.min(end).since(self.started))
    }

    /// How long after the promise something was not yet true, or until the run's end if it never is.
    pub(crate) fn staleness(&self, end: Time) -> Option<Span> {
        self.is_promised().then(|| self.done.min(end).since(self.promised()))
    }

    /// Since when something is promised.
    pub(crate) fn promised(&self) -> Time {
        if self.outcome == Outcome::Answered { self.left } else { self.started }
    }
}

/// All customers of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Customers {
    /// By the number of the case.
    pub(crate) list: Vec<Customer>,
    /// What every customer is promised.
    pub(crate) promised: Vec<FactId>,
    /// How many words of the next a customer has.
    words: usize,
    /// Which facts were set: a bit for each.
    set: Vec<u64>,
    calls: Calls,
    outages: Outages,
}

impl Customers {
    /// The kinds of records that make a difference.
    pub(crate) const WANTS: Kinds = Kinds::CASES.and(Kinds::FACTS).and(Kinds::ACTS).and(Kinds::LOST);

    /// Nobody yet.
    pub(crate) fn new(plan: &Plan) -> Customers {
        Customers {
            promised: row::promised(plan),
            words: plan.facts.len().div_ceil(64),
            calls: Calls::of(plan),
            ..Customers::default()
        }
    }

    /// Takes the next record.
    pub(crate) fn take(&mut self, record: &Record) {
        match record.kind {
            RecordKind::CaseStarted { client, waits, .. } => self.begin(record.time, client, waits),
            RecordKind::CaseAnswered => self.leaves(record, Outcome::Answered),
            RecordKind::CaseRefused => self.leaves(record, Outcome::Refused),
            RecordKind::CaseGaveUp => self.leaves(record, Outcome::GaveUp),
            RecordKind::CaseEnded { .. } => {
                if let Some(customer) = self.list.get_mut(record.case as usize) {
                    customer.ended = record.time;
                    if self.promised.is_empty() && customer.lost == 0 {
                        customer.done = record.time;
                    }
                }
            }
            RecordKind::FactSet { fact, count, before } => self.fact_set(record, fact, count, before),
            RecordKind::Lost { .. } | RecordKind::DeadLettered { .. } => {
                let is_missing = self.is_missing(record);
                if let Some(customer) = self.list.get_mut(record.case as usize) {
                    customer.lost += u32::from(is_missing);
                }
            }
            RecordKind::Act { act } => self.outages.take(act),
            RecordKind::Sent { .. }
            | RecordKind::Measured { .. }
            | RecordKind::Stored { .. }
            | RecordKind::OutOfOrder
            | RecordKind::Duplicated { .. }
            | RecordKind::Queued
            | RecordKind::FannedOut { .. }
            | RecordKind::Taken { .. }
            | RecordKind::Delivered
            | RecordKind::Answered { .. }
            | RecordKind::HandlerFailed
            | RecordKind::TimedOut
            | RecordKind::Dropped
            | RecordKind::Returned
            | RecordKind::Redelivered
            | RecordKind::Settled
            | RecordKind::CutOff { .. }
            | RecordKind::Waits
            | RecordKind::Woken
            | RecordKind::Retried { .. }
            | RecordKind::Undone { .. }
            | RecordKind::Cancelled
            | RecordKind::DeadlinePassed
            | RecordKind::Resumed
            | RecordKind::Unreadable { .. }
            | RecordKind::Halted => {}
        }
    }

    /// Cases are numbered as they come.
    fn begin(&mut self, started: Time, client: ClientId, waits: bool) {
        self.list.push(Customer {
            client,
            started,
            left: Time::MAX,
            ended: Time::MAX,
            done: Time::MAX,
            outcome: if waits { Outcome::Waiting } else { Outcome::NotAsked },
            in_outage: self.outages.any(),
            again: false,
            awaited: self.promised.len() as u16,
            lost: 0,
        });
        self.set.resize(self.list.len() * self.words, 0);
    }

    fn leaves(&mut self, record: &Record, outcome: Outcome) {
        if let Some(customer) = self.list.get_mut(record.case as usize) {
            customer.left = record.time;
            customer.outcome = outcome;
        }
    }

    fn fact_set(&mut self, record: &Record, fact: FactId, count: u16, before: u16) {
        let Some(customer) = self.list.get_mut(record.case as usize) else { return };
        if count <= before {
            return;
        }
        let is_promised = self.promised.contains(&fact);
        if before > 0 {
            customer.again |= is_promised || self.promised.is_empty();
            return;
        }
        if is_promised {
            customer.awaited -= 1;
            if customer.awaited == 0 {
                customer.done = record.time;
            }
        }
        let (word, bit) = self.place(record.case as usize, fact);
        self.set[word] |= bit;
    }

    /// Whether a record tells that a message is missing, and nobody learned of it: who calls is told, or waits in vain.
    pub(crate) fn is_missing(&self, record: &Record) -> bool {
        if let RecordKind::Lost { route, missed, .. } = record.kind {
            missed && !self.calls.contain(route, record.message_type)
        } else {
            matches!(record.kind, RecordKind::DeadLettered { .. })
        }
    }

    /// Whether a record tells that something was done again that is counted.
    pub(crate) fn is_again(&self, record: &Record) -> bool {
        matches!(record.kind, RecordKind::FactSet { fact, count, before }
            if before > 0 && count > before && (self.promised.is_empty() || self.promised.contains(&fact)))
    }

    fn place(&self, case: usize, fact: FactId) -> (usize, u64) {
        (case * self.words + fact.index() / 64, 1 << (fact.index() % 64))
    }

    /// Whether a fact is true of a case.
    pub(crate) fn is_set(&self, case: usize, fact: FactId) -> bool {
        let (word, bit) = self.place(case, fact);
        self.set[word] & bit > 0
    }
}
