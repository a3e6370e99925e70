//! What became of each customer, by few kinds of records.

use kernel::Time;
use topology::{ClientId, FactId, Kinds, Outcome, Plan, Record, RecordKind};

use super::outages::Outages;

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
    /// When the last of the facts was set.
    pub(crate) last_fact: Time,
    pub(crate) outcome: Outcome,
    /// Whether everything that was sent was delivered.
    pub(crate) complete: bool,
    /// Whether something was wrong with the system when the request was made.
    pub(crate) in_outage: bool,
    /// How many messages are missing: lost or put aside.
    pub(crate) lost: u32,
}

impl Customer {
    /// Whether something was promised: the customer was told yes, or did not ask.
    pub(crate) fn is_promised(&self) -> bool {
        matches!(self.outcome, Outcome::Answered | Outcome::NotAsked)
    }

    /// Whether what was promised is completely done.
    pub(crate) fn is_done(&self) -> bool {
        self.complete && self.is_promised()
    }

    /// Whether the customer was turned away, or something of the request is missing.
    pub(crate) fn has_gone_wrong(&self) -> bool {
        matches!(self.outcome, Outcome::Refused | Outcome::GaveUp) || self.lost > 0
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
    /// How many words of the next two a customer has.
    words: usize,
    /// Which facts were set: a bit for each.
    set: Vec<u64>,
    /// Which facts were set again.
    again: Vec<u64>,
    outages: Outages,
}

impl Customers {
    /// The kinds of records that make a difference.
    pub(crate) const WANTS: Kinds = Kinds::CASES.and(Kinds::FACTS).and(Kinds::ACTS).and(Kinds::LOST);

    /// Nobody yet.
    pub(crate) fn new(plan: &Plan) -> Customers {
        Customers { words: plan.facts.len().div_ceil(64), ..Customers::default() }
    }

    /// Takes the next record.
    pub(crate) fn take(&mut self, record: &Record) {
        match record.kind {
            RecordKind::CaseStarted { client, waits, .. } => self.begin(record.time, client, waits),
            RecordKind::CaseAnswered => self.leaves(record, Outcome::Answered),
            RecordKind::CaseRefused => self.leaves(record, Outcome::Refused),
            RecordKind::CaseGaveUp => self.leaves(record, Outcome::GaveUp),
            RecordKind::CaseEnded { complete } => {
                if let Some(customer) = self.list.get_mut(record.case as usize) {
                    customer.ended = record.time;
                    customer.complete = complete;
                }
            }
            RecordKind::FactSet { fact, count, before } => self.fact_set(record, fact, count, before),
            RecordKind::Lost { missed: true, .. } | RecordKind::DeadLettered { .. } => {
                if let Some(customer) = self.list.get_mut(record.case as usize) {
                    customer.lost += 1;
                }
            }
            RecordKind::Act { act } => self.outages.take(act),
            RecordKind::Sent { .. }
            | RecordKind::Measured { .. }
            | RecordKind::Stored { .. }
            | RecordKind::OutOfOrder
            | RecordKind::Lost { missed: false, .. }
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
            last_fact: Time::MAX,
            outcome: if waits { Outcome::Waiting } else { Outcome::NotAsked },
            complete: false,
            in_outage: self.outages.any(),
            lost: 0,
        });
        let words = self.list.len() * self.words;
        self.set.resize(words, 0);
        self.again.resize(words, 0);
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
        customer.last_fact = record.time;
        let (word, bit) = self.place(record.case as usize, fact);
        let bits = if before == 0 { &mut self.set } else { &mut self.again };
        bits[word] |= bit;
    }

    fn place(&self, case: usize, fact: FactId) -> (usize, u64) {
        (case * self.words + fact.index() / 64, 1 << (fact.index() % 64))
    }

    /// Whether a fact is true of a case.
    pub(crate) fn is_set(&self, case: usize, fact: FactId) -> bool {
        let (word, bit) = self.place(case, fact);
        self.set[word] & bit > 0
    }

    /// How many facts of a case were set when they were true already.
    pub(crate) fn again(&self, case: usize) -> u32 {
        self.again[case * self.words..(case + 1) * self.words].iter().map(|bits| bits.count_ones()).sum()
    }
}
