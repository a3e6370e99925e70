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
        self.say(self.outcome.clone());
        self.missing(case, Deed::Set(fact), self.story.end());
    }

    /// Why something was not done for a case until a time.
    pub(super) fn missing(&mut self, case: u32, deed: Deed, until: Time) {
        let (mut deed, mut seen) = (deed, Vec::new());
        while self.goes_on() {
            let doers: Vec<(ServiceId, TypeId)> = self.doers(&deed);
            if let Some((sent, doer)) = self.addressed(case, &doers, until) {
                let services: Vec<ServiceId> =
                    doers.iter().filter(|it| it.1 == doer.1).map(|it| it.0).collect();
                return self.fate(case, sent, (&services, doer.1), &deed, until);
            }
            if doers.is_empty() || seen.contains(&deed) {
                return self.nobody_does(case, &deed, until);
            }
            let what = self.type_name(doers[0].1);
            seen.push(std::mem::replace(&mut deed, Deed::Send(doers)));
            // What no handler sends is what the customers of another client ask for.
            if !self.doers(&deed).is_empty() {
                self.say(format!("{what} was never sent for case {case}"));
            }
        }
    }

    /// The handlers that do something.
    pub(super) fn doers(&self, deed: &Deed) -> Vec<(ServiceId, TypeId)> {
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
    pub(super) fn addressed(
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

    /// What became of a message on its way to services of which one would have done something.
    fn fate(
        &mut self,
        case: u32,
        origin: u32,
        (services, message_type): (&[ServiceId], TypeId),
        deed: &Deed,
        until: Time,
    ) {
        let number = self.until(until);
        let Some(last) = self.last_of_message(case, origin, services, until) else {
            return self.passed_on_to_others(case, origin, services, number);
        };
        let origins = self.story.origins(case);
        let taken = self.story.case(case).rev().find(|it| {
            let before = matches!(it.kind, RecordKind::Taken { .. }) && it.number <= last.number;
            before && origins.of(it.message) == origins.of(last.message)
        });
        let service = match (taken.map(|it| it.place), last.place) {
            (Some(Place::Service(service)), _) | (_, Place::Service(service)) => service,
            (_, _) => services[0],
        };
        let handled = self.story.case(case).any(|it| {
            let acknowledged = matches!(it.kind, RecordKind::Sent { kind: MessageKind::Acknowledgement, .. });
            acknowledged && it.cause == last.number && it.number < number
        });
        let gone = matches!(
            last.kind,
            RecordKind::Lost { .. }
                | RecordKind::DeadLettered { .. }
                | RecordKind::HandlerFailed
                | RecordKind::Cancelled
                | RecordKind::Dropped
        );
        if gone {
            self.back(last);
        } else if handled || last.kind == RecordKind::Delivered {
            self.not_done(last, taken, (service, message_type), deed);
        } else {
            self.under_way(last, until);
        }
    }

    /// A channel had no copy for any of these services.
    fn passed_on_to_others(&mut self, case: u32, origin: u32, services: &[ServiceId], number: u64) {
        let origins = self.story.origins(case);
        let passed = self.story.case(case).filter(|it| it.number < number).find(|it| {
            matches!(it.kind, RecordKind::FannedOut { .. }) && origins.of(it.message) == Some(origin)
        });
        let name = self.name(Place::Service(services[0]));
        if let Some((passed, Place::Channel(channel))) = passed.map(|it| (it, it.place)) {
            self.note(passed);
            let text = self.sentence_of(channel, passed.number, |_| format!("it had no copy for {name}"));
            return self.end(Root::Channel(channel), text);
        }
        // Its consumers share the work, and another has got it.
        let given = self.story.case(case).find_map(|it| {
            let RecordKind::Sent { route, .. } = it.kind else { return None };
            let Place::Channel(channel) = it.place else { return None };
            let it = Some(it).filter(|it| it.number < number && origins.of(it.message) == Some(origin))?;
            Some((it, channel, self.plan.routes[route.index()].to))
        });
        if let Some((sent, channel, other)) = given {
            self.note(sent);
            let other = self.name(other);
            let text = self.sentence_of(channel, sent.number, |_| {
                format!(
                    "each message goes to one of its consumers, and {other} got this one instead of {name}"
                )
            });
            self.end(Root::Channel(channel), text);
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
    pub(super) fn last_of_message(
        &self,
        case: u32,
        origin: u32,
        services: &[ServiceId],
        until: Time,
    ) -> Option<&'r Record> {
        let origins = self.story.origins(case);
        let mut copies: Vec<(u32, &'r Record, bool)> = Vec::new();
        for record in self.story.case(case).filter(|it| it.time <= until) {
            if origins.of(record.message) != Some(origin) {
                continue;
            }
            // What the network lost is told of where it left, and matters where it was going.
            let to =
                if let RecordKind::Sent { route, .. }
                | RecordKind::Lost {
                    reason: LossReason::Network | LossReason::Partition, route, ..
                } = record.kind
                {
                    self.plan.routes[route.index()].to
                } else {
                    record.place
                };
            let elsewhere = matches!(to, Place::Service(other) if !services.contains(&other));
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
        let begun = taken.map_or(last.number, |it| it.number);
        let mut own = self.story.causes(last).take_while(|it| it.number > begun);
        let gave_up = own.any(|it| it.kind == RecordKind::HandlerFailed && it.message == last.message);
        let how = if gave_up { "gives up on" } else { "is done with" };
        self.note_as(last, format!("{name} {how} {what} {text}, at {}", last.time));
        if gave_up {
            self.not_asked_again(last);
        }
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

    /// A service refused what another called it for, and the other left it at that.
    fn not_asked_again(&mut self, last: &'r Record) {
        let Some((sent, ..)) = self.story.sent_before(last) else { return };
        let again = self.story.case(sent.case).any(|it| {
            let same = (it.place, it.message_type) == (sent.place, sent.message_type);
            it.number > sent.number && same && matches!(it.kind, RecordKind::Sent { .. })
        });
        if !again && self.is_call(sent, sent) {
            let (asker, what) = (self.name(sent.place), self.type_name(sent.message_type));
            self.rule(format!("{asker} does not ask for {what} again"));
        }
    }

    /// No handler does it, or none that anything would have led to.
    fn nobody_does(&mut self, case: u32, deed: &Deed, until: Time) {
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
        let wrong = self.story.case(case).rev().find(|it| {
            let lost =
                matches!(it.kind, RecordKind::Lost { missed: true, .. } | RecordKind::DeadLettered { .. });
            it.time <= until && (lost || it.kind == RecordKind::HandlerFailed)
        });
        if let Some(wrong) = wrong {
            return self.back(wrong);
        }
        if let Some(client) = client {
            let text = format!(
                "nothing that {} asks for leads to a handler that {what}",
                self.name(Place::Client(client))
            );
            self.end(Root::Customer(client), text);
        }
    }
}
