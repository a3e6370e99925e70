//! What did not happen: which message would have led to it, and what became of that.

use kernel::Time;
use topology::{
    CellId, FactId, Handler, LossReason, MessageKind, Place, Record, RecordKind, ServiceId, Step, TypeId,
};

use super::waiting::Waiter;
use super::{Inquiry, Root, Story};

/// What a handler did not do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// Set a fact.
    Set(FactId),
    /// Keep a value.
    Store(CellId),
    /// Send something to one of these.
    Send(Vec<(ServiceId, TypeId)>),
}

impl<'r> Inquiry<'_, 'r> {
    /// Why a fact of a case was never set.
    pub(super) fn never_set(&mut self, case: u32, fact: FactId) {
        self.asks(case, format!("case {case} is never {}", self.plan.facts[fact.index()]));
        self.missing(case, Deed::Set(fact), self.story.end());
    }

    /// Why something was not done for a case until a time.
    pub(super) fn missing(&mut self, case: u32, deed: Deed, until: Time) {
        let (mut deed, mut seen) = (deed, Vec::new());
        while self.goes_on() {
            let doers: Vec<(ServiceId, TypeId)> = self.doers(&deed);
            if let Some((origin, doer)) = self.addressed(case, &doers, until) {
                return self.fate(case, origin, doer, &deed, until);
            }
            if doers.is_empty() || seen.contains(&deed) {
                return self.nobody_does(case, &deed);
            }
            let new: Vec<&str> = doers.iter().map(|&(_, what)| self.type_name(what)).collect();
            self.say(format!("{} was never sent for case {case}", new[0]));
            seen.push(std::mem::replace(&mut deed, Deed::Send(doers)));
        }
    }

    /// The handlers that do something.
    fn doers(&self, deed: &Deed) -> Vec<(ServiceId, TypeId)> {
        let does = |handler: &&Handler| self.story.steps(handler).any(|(_, step)| self.is_deed(step, deed));
        self.plan.handlers.iter().filter(does).map(|it| (it.service, it.message_type)).collect()
    }

    pub(super) fn is_deed(&self, step: &Step, deed: &Deed) -> bool {
        match (deed, *step) {
            (Deed::Set(wanted), Step::Set { fact, .. }) => fact == *wanted,
            (Deed::Store(wanted), Step::Store { cell, .. }) => cell == *wanted,
            (
                Deed::Send(wanted),
                Step::Send { route, message_type, .. } | Step::Call { route, message_type, .. },
            ) => {
                let to = self.plan.routes[route.index()].to;
                wanted
                    .iter()
                    .any(|&(service, what)| what == message_type && self.story.reaches(to, service, what))
            }
            (_, _) => false,
        }
    }

    /// The message of a case on its way to one of these handlers of which was heard last: the number of its first
    /// copy, and the handler.
    fn addressed(
        &self,
        case: u32,
        doers: &[(ServiceId, TypeId)],
        until: Time,
    ) -> Option<(u32, (ServiceId, TypeId))> {
        let mut found = None;
        for record in self.story.case(case).filter(|it| it.time <= until) {
            let RecordKind::Sent { route, kind, origin } = record.kind else { continue };
            let to = self.plan.routes[route.index()].to;
            let doer = doers.iter().copied().find(|&(service, what)| {
                what == record.message_type && self.story.reaches(to, service, what)
            });
            if let Some(doer) = doer.filter(|_| Story::is_message(kind)) {
                found = Some((origin, doer));
            }
        }
        found
    }

    /// What became of a message on its way to a service that would have done something.
    fn fate(&mut self, case: u32, origin: u32, doer: (ServiceId, TypeId), deed: &Deed, until: Time) {
        let Some(last) = self.last_of_message(case, origin, doer.0, until) else {
            let what = self.type_name(doer.1);
            let text = format!("{what} is passed on to nobody at {}", self.name(Place::Service(doer.0)));
            return self.end(Root::Service(doer.0), text);
        };
        let taken = self
            .story
            .causes(last)
            .find(|it| matches!(it.kind, RecordKind::Taken { .. }) && it.place == Place::Service(doer.0));
        let number = self.until(until);
        let handled = self.story.case(case).any(|it| {
            let acknowledged = matches!(it.kind, RecordKind::Sent { kind: MessageKind::Acknowledgement, .. });
            acknowledged && it.cause == last.number && it.number < number
        });
        match last.kind {
            RecordKind::Lost { .. }
            | RecordKind::DeadLettered { .. }
            | RecordKind::HandlerFailed
            | RecordKind::Cancelled
            | RecordKind::Dropped => self.back(last),
            RecordKind::Delivered => self.not_done(last, taken, doer, deed),
            _ if handled => self.not_done(last, taken, doer, deed),
            _ => self.under_way(last, until),
        }
    }

    /// Why a message that is under way is not there yet.
    fn under_way(&mut self, last: &'r Record, until: Time) {
        let failures: Vec<&'r Record> = self
            .story
            .causes(last)
            .filter(|it| matches!(it.kind, RecordKind::HandlerFailed | RecordKind::Retried { .. }))
            .collect();
        if let [latest, _, ..] = failures[..] {
            let what = self.type_name(last.message_type);
            self.say(format!("{what} was tried {} times, in vain", failures.len()));
            return self.back(latest);
        }
        self.in_progress(last, self.until(until), until, Waiter::Nobody);
    }

    /// The last that was heard of a message on its way to a service.
    fn last_of_message(&self, case: u32, origin: u32, service: ServiceId, until: Time) -> Option<&'r Record> {
        let origins = self.story.origins(case);
        let mut copies: Vec<(u32, &'r Record, bool)> = Vec::new();
        for record in self.story.case(case).filter(|it| it.time <= until) {
            if origins.get(&record.message) != Some(&origin) {
                continue;
            }
            let to = if let RecordKind::Sent { route, .. } = record.kind {
                self.plan.routes[route.index()].to
            } else {
                record.place
            };
            let elsewhere = matches!(to, Place::Service(other) if other != service)
                && !matches!(record.kind, RecordKind::Sent { .. } if record.place == to);
            // A message that a channel made copies of is over when it is passed on.
            let passed_on = matches!(record.kind, RecordKind::FannedOut { .. });
            match copies.iter_mut().find(|(number, ..)| *number == record.message) {
                Some(copy) => *copy = (copy.0, record, copy.2 || elsewhere || passed_on),
                None => copies.push((record.message, record, elsewhere || passed_on)),
            }
        }
        let matters = |(_, last, elsewhere): &&(u32, &'r Record, bool)| {
            let spare = matches!(
                last.kind,
                RecordKind::Lost {
                    reason: LossReason::Claimed | LossReason::Deduplicated | LossReason::Stale,
                    ..
                }
            );
            !elsewhere && !spare
        };
        copies.iter().filter(matters).map(|&(_, last, _)| last).max_by_key(|last| last.number)
    }

    /// A handler ended without doing it: a call failed before, or a condition was not true.
    fn not_done(
        &mut self,
        last: &'r Record,
        taken: Option<&'r Record>,
        (service, message_type): (ServiceId, TypeId),
        deed: &Deed,
    ) {
        let (name, what) = (self.name(Place::Service(service)), self.type_name(message_type));
        let text = match deed {
            Deed::Set(fact) => format!("without setting {}", self.plan.facts[fact.index()]),
            Deed::Store(cell) => format!("without keeping {}", self.plan.cells[cell.index()].name),
            Deed::Send(wanted) => {
                format!("without sending {}", wanted.first().map_or("it", |&(_, it)| self.type_name(it)))
            }
        };
        self.note_as(last, format!("{name} is done with {what} {text}, at {}", last.time));
        let begun = taken.map_or(last.number, |it| it.number);
        let failed = self.story.causes(last).take_while(|it| it.number > begun).find(|it| {
            let failed = matches!(it.kind, RecordKind::TimedOut | RecordKind::DeadlinePassed);
            failed || self.is_no(it)
        });
        if let Some(failed) = failed {
            if failed.kind == RecordKind::Delivered {
                let answer =
                    self.story.causes(failed).find(|it| matches!(it.kind, RecordKind::Answered { .. }));
                return answer.map_or((), |answer| self.back(answer));
            }
            return self.back(failed);
        }
        let wanted = deed.clone();
        self.branch_not_taken(taken.unwrap_or(last), service, message_type, &wanted);
    }

    /// No handler does it, or none that anything would have led to.
    fn nobody_does(&mut self, case: u32, deed: &Deed) {
        let client = self.story.case(case).find_map(|it| {
            let RecordKind::CaseStarted { client, .. } = it.kind else { return None };
            Some(client)
        });
        let what = match deed {
            Deed::Set(fact) => format!("sets {}", self.plan.facts[fact.index()]),
            Deed::Store(cell) => format!("keeps {}", self.plan.cells[cell.index()].name),
            Deed::Send(wanted) => {
                format!("sends {}", wanted.first().map_or("it", |&(_, it)| self.type_name(it)))
            }
        };
        if let Some(client) = client {
            let text = format!(
                "nothing that {} asks for leads to a handler that {what}",
                self.name(Place::Client(client))
            );
            self.end(Root::Customer(client), text);
        }
    }
}
