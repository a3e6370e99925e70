//! The fold: takes records in order, and knows how the run stands.

use std::sync::Arc;

use kernel::Time;
use topology::{Plan, Record, RecordKind};

use crate::checks::{CaseFacts, Check};
use crate::{CheckState, Samples};

/// How many cases there were, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Requests made.
    pub started: u64,
    /// Customers who got their answer.
    pub answered: u64,
    /// Customers who were turned away or told that it failed.
    pub refused: u64,
    /// Customers who lost patience.
    pub gave_up: u64,
    /// Cases for which nothing is left to do, and of which nothing was lost or put aside.
    pub done: u64,
    /// Cases for which nothing is left to do, complete or not.
    pub ended: u64,
}

/// How a run stands, from its records alone.
#[derive(Clone, Debug)]
pub struct Fold {
    plan: Arc<Plan>,
    cases: Cases,
    response: Samples,
    completion: Samples,
    /// How often each fact was set.
    facts: Vec<u64>,
    /// For how many cases each fact is true, and is true more than once.
    fact_cases: Vec<(u64, u64)>,
    checks: Vec<Check>,
    /// Of every case, by number.
    started: Vec<Time>,
    standing: Vec<Standing>,
    case_facts: Vec<u16>,
    acts: Vec<Record>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The customer waits.
    Waiting,
    /// The customer was told yes, or does not ask.
    Promised,
    /// The customer was told no, or left.
    Declined,
}

impl Fold {
    /// Before the first record of a run of this plan.
    pub fn new(plan: &Arc<Plan>) -> Self {
        Fold {
            cases: Cases::default(),
            response: Samples::default(),
            completion: Samples::default(),
            facts: vec![0; plan.facts.len()],
            fact_cases: vec![(0, 0); plan.facts.len()],
            checks: Check::all(plan),
            started: Vec::new(),
            standing: Vec::new(),
            case_facts: Vec::new(),
            acts: Vec::new(),
            plan: plan.clone(),
        }
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        match record.kind {
            RecordKind::CaseStarted { waits, .. } => {
                self.cases.started += 1;
                self.started.push(record.time);
                self.standing.push(if waits { Standing::Waiting } else { Standing::Promised });
                self.case_facts.resize(self.started.len() * self.plan.facts.len(), 0);
                for check in &mut self.checks {
                    check.case_started(&self.plan, record);
                }
            }
            RecordKind::CaseAnswered => {
                self.cases.answered += 1;
                self.customer_left(record, Standing::Promised);
                self.response.add(record.time.since(self.started[record.case as usize]));
            }
            RecordKind::CaseRefused => {
                self.cases.refused += 1;
                self.customer_left(record, Standing::Declined);
            }
            RecordKind::CaseGaveUp => {
                self.cases.gave_up += 1;
                self.customer_left(record, Standing::Declined);
            }
            RecordKind::CaseEnded { complete } => {
                self.cases.ended += 1;
                if complete {
                    self.cases.done += 1;
                    self.completion.add(record.time.since(self.started[record.case as usize]));
                }
            }
            RecordKind::FactSet { fact, count, .. } => self.fact_set(record, fact.index(), count),
            RecordKind::Act { .. } => self.acts.push(*record),
            RecordKind::Sent { .. }
            | RecordKind::Duplicated { .. }
            | RecordKind::Queued
            | RecordKind::FannedOut { .. }
            | RecordKind::Taken { .. }
            | RecordKind::Delivered
            | RecordKind::Answered { .. }
            | RecordKind::HandlerFailed
            | RecordKind::TimedOut
            | RecordKind::OutOfOrder
            | RecordKind::Dropped
            | RecordKind::Returned
            | RecordKind::Redelivered
            | RecordKind::Lost { .. }
            | RecordKind::DeadLettered { .. }
            | RecordKind::Settled
            | RecordKind::CutOff { .. }
            | RecordKind::Stored { .. }
            | RecordKind::Measured { .. }
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

    fn customer_left(&mut self, record: &Record, standing: Standing) {
        self.pass(record.time);
        self.standing[record.case as usize] = standing;
        for check in &mut self.checks {
            check.customer_left(record, standing == Standing::Promised);
        }
    }

    fn fact_set(&mut self, record: &Record, fact: usize, count: u16) {
        // A promise whose time was up before this moment was broken before it.
        self.pass_before(record.time);
        self.facts[fact] += 1;
        self.fact_cases[fact].0 += u64::from(count == 1);
        self.fact_cases[fact].1 += u64::from(count == 2);
        let row = record.case as usize * self.plan.facts.len();
        self.case_facts[row + fact] = count;
        let facts = &self.case_facts[row..row + self.plan.facts.len()];
        for check in &mut self.checks {
            check.fact_set(&self.plan, record, facts);
        }
    }

    fn pass_before(&mut self, time: Time) {
        self.pass(Time::from_nanos(time.nanos().saturating_sub(1)));
    }

    /// Time has come to `now`, with every record up to then taken: promises whose time is up are decided.
    pub fn pass(&mut self, now: Time) {
        let (width, standing, case_facts) = (self.plan.facts.len(), &self.standing, &self.case_facts);
        for check in &mut self.checks {
            check.pass(&self.plan, now, |case| facts_of(width, standing, case_facts, case));
        }
    }

    /// Sorts what was measured, so that percentiles can be asked.
    pub fn settle(&mut self, now: Time) {
        self.pass(now);
        self.response.sort();
        self.completion.sort();
    }

    /// How many cases there were, and how they ended.
    pub fn cases(&self) -> Cases {
        self.cases
    }

    /// How long customers waited for their answer.
    pub fn response(&self) -> &Samples {
        &self.response
    }

    /// How long it took until nothing was left to do for a case, acknowledgements included.
    pub fn completion(&self) -> &Samples {
        &self.completion
    }

    /// How often each fact was set, over all cases, in the order of [`Plan::facts`].
    pub fn facts(&self) -> &[u64] {
        &self.facts
    }

    /// For how many cases each fact is true, and for how many more than once.
    pub fn fact_cases(&self) -> &[(u64, u64)] {
        &self.fact_cases
    }

    /// How each promise stands.
    pub fn checks(&self) -> Vec<CheckState> {
        let width = self.plan.facts.len();
        let facts = |case| facts_of(width, &self.standing, &self.case_facts, case);
        self.checks.iter().map(|check| check.state(&self.plan, facts)).collect()
    }

    /// What was done to the system so far: faults, planned or not, and their ends.
    pub fn acts(&self) -> &[Record] {
        &self.acts
    }
}

fn facts_of<'a>(width: usize, standing: &[Standing], case_facts: &'a [u16], case: u32) -> CaseFacts<'a> {
    let case = case as usize;
    CaseFacts {
        facts: &case_facts[case * width..(case + 1) * width],
        promised: standing[case] == Standing::Promised,
        pending: standing[case] == Standing::Waiting,
    }
}
