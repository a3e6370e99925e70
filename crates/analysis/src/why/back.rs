//! Backwards: from something that went wrong to what led to it.

use topology::{MessageKind, Place, Record, RecordKind, RouteId, ServiceId, Step, TypeId};

use super::waiting::Waiter;
use super::{Inquiry, Root};

impl<'r> Inquiry<'_, 'r> {
    /// Why a copy of a message was lost or put aside.
    pub(super) fn lost_message(&mut self, message: u32) {
        let gone = self.story.records.iter().find(|record| {
            let end = matches!(record.kind, RecordKind::Lost { .. } | RecordKind::DeadLettered { .. });
            record.message == message && end
        });
        let Some(gone) = gone else { return };
        self.asks_about_loss(gone);
        self.back(gone);
    }

    /// Says that a message is gone.
    pub(super) fn asks_about_loss(&mut self, gone: &Record) {
        let what = self.type_name(gone.message_type);
        let aside = matches!(gone.kind, RecordKind::DeadLettered { .. });
        let how = if aside { "was put aside" } else { "was lost" };
        let outcome = format!("{what} of case {} {how} at {}", gone.case, self.name(gone.place));
        self.asks(gone.case, outcome);
    }

    /// Why a customer was refused, or lost patience.
    pub(super) fn turned_away(&mut self, case: u32) {
        let left = self
            .story
            .case(case)
            .find(|record| matches!(record.kind, RecordKind::CaseRefused | RecordKind::CaseGaveUp));
        let Some(left) = left else { return };
        let what = if left.kind == RecordKind::CaseRefused { "was refused" } else { "gave up" };
        self.asks(case, format!("customer {case} of {} {what}", self.name(left.place)));
        self.back(left);
    }

    /// From a record to what led to it, as far as the root.
    pub(super) fn back(&mut self, record: &'r Record) {
        if !self.goes_on() {
            return;
        }
        match record.kind {
            RecordKind::Lost { reason, route, .. } => self.lost(record, reason, route),
            RecordKind::DeadLettered { reason } => self.put_aside(record, reason),
            RecordKind::HandlerFailed => self.handler_failed(record),
            RecordKind::TimedOut => self.timed_out(record),
            RecordKind::DeadlinePassed => self.deadline_passed(record),
            RecordKind::CaseGaveUp => self.gave_up(record),
            RecordKind::CaseRefused => {
                self.note(record);
                self.said_no(record);
            }
            RecordKind::Returned => self.returned(record),
            RecordKind::Redelivered => self.redelivered(record),
            RecordKind::Dropped => self.dropped(record),
            RecordKind::Duplicated { route, .. } => {
                self.note(record);
                self.network(record, route);
            }
            RecordKind::Unreadable { schema } => self.unreadable(record, schema),
            RecordKind::Resumed => {
                self.note(record);
                self.crashed(record, record.place);
            }
            RecordKind::Cancelled => {
                self.note(record);
                self.cancelled(record);
            }
            RecordKind::CutOff { service } => self.cut_off(record, service),
            RecordKind::Act { .. } => self.act(record),
            RecordKind::Halted => {
                self.note(record);
                self.end(Root::Halted, "a limit of the simulation was reached".into());
            }
            RecordKind::CaseStarted { client, .. } => {
                self.note(record);
                let text = format!("customer {} asked for it, and all went as planned", record.case);
                self.end(Root::Customer(client), text);
            }
            RecordKind::Answered { ok: false } => self.refusal(record),
            RecordKind::Retried { .. } => {
                self.note(record);
                self.what_failed(record);
            }
            RecordKind::Undone { .. } => {
                self.note(record);
                self.step_back(record);
            }
            RecordKind::Taken { .. }
            | RecordKind::Sent { .. }
            | RecordKind::FactSet { .. }
            | RecordKind::Stored { .. }
            | RecordKind::Measured { .. } => {
                let kind = if let RecordKind::Sent { kind, .. } = record.kind { Some(kind) } else { None };
                if kind != Some(MessageKind::Acknowledgement) {
                    self.note(record);
                }
                self.step_back(record);
            }
            RecordKind::Queued
            | RecordKind::FannedOut { .. }
            | RecordKind::Delivered
            | RecordKind::Answered { ok: true }
            | RecordKind::OutOfOrder
            | RecordKind::Waits
            | RecordKind::Woken
            | RecordKind::Settled
            | RecordKind::CaseAnswered
            | RecordKind::CaseEnded { .. } => self.step_back(record),
        }
    }

    fn step_back(&mut self, record: &Record) {
        if let Some(cause) = self.story.cause(record) {
            self.back(cause);
        }
    }

    /// A no that reached somebody, by the record of what became of them.
    fn said_no(&mut self, record: &'r Record) {
        let answer = self
            .story
            .causes(record)
            .take(4)
            .find(|record| matches!(record.kind, RecordKind::Answered { .. }));
        if let Some(answer) = answer {
            self.back(answer);
        }
    }

    /// Somebody said no: because the handler failed, or because the message never got there.
    fn refusal(&mut self, record: &'r Record) {
        self.note(record);
        let failed = self.story.cause(record).filter(|it| it.kind == RecordKind::HandlerFailed);
        let lost = || {
            self.story.case(record.case).find(|later| {
                let lost = matches!(later.kind, RecordKind::Lost { .. } | RecordKind::Cancelled);
                later.number > record.number && later.message == record.message && lost
            })
        };
        match failed.or_else(lost) {
            // It was lost in the same moment.
            Some(found) if found.number > record.number => {
                self.links.pop();
                self.back(found);
            }
            Some(found) => self.back(found),
            // A durable handler goes on after the crash, but the connection of whoever asked ended with it.
            None => match self.story.crash(record.place, record.number) {
                Some((crash, _)) if crash.time == record.time => self.act(crash),
                Some(_) | None => self.step_back(record),
            },
        }
    }

    /// A handler gave up: over a call or a send that failed, or because it is written so.
    fn handler_failed(&mut self, record: &'r Record) {
        self.note(record);
        self.what_failed(record);
    }

    /// Over what a handler gave up, or tried again.
    fn what_failed(&mut self, record: &'r Record) {
        let Place::Service(service) = record.place else { return };
        for cause in self.story.causes(record).skip(1) {
            let failed = matches!(
                cause.kind,
                RecordKind::TimedOut
                    | RecordKind::DeadlinePassed
                    | RecordKind::Unreadable { .. }
                    | RecordKind::Cancelled
                    | RecordKind::HandlerFailed
                    | RecordKind::Lost { .. }
            );
            if failed {
                return self.back(cause);
            }
            if self.is_no(cause) {
                return self.said_no(cause);
            }
            // What was undone was undone because of what lies before.
            if !matches!(cause.kind, RecordKind::Retried { .. } | RecordKind::Undone { .. }) {
                break;
            }
        }
        self.fails_by_itself(record, service);
    }

    /// Whether a delivered message is an answer that says no.
    pub(super) fn is_no(&self, delivered: &'r Record) -> bool {
        let mut answers = self.story.causes(delivered).skip(1).take(2);
        delivered.kind == RecordKind::Delivered
            && answers.any(|record| record.kind == RecordKind::Answered { ok: false })
    }

    /// A handler runs into a step `fail`.
    fn fails_by_itself(&mut self, record: &'r Record, service: ServiceId) {
        let message_type = record.message_type;
        self.branch(record, service, message_type, "fails", |step| {
            matches!(step, Step::Fail | Step::Wait { otherwise: Step::FAIL, .. } | Step::Retry { .. })
        });
    }

    /// A handler waited too long, for an answer or for something else.
    fn timed_out(&mut self, record: &'r Record) {
        self.note(record);
        let Place::Service(service) = record.place else { return };
        let begun = self.story.cause(record).filter(|cause| cause.kind == RecordKind::Waits);
        if let Some(begun) = begun {
            return self.waited_in_vain(begun, record.time);
        }
        let Some(request) = self.request_of(record) else { return };
        let timeout = record.time.since(request.time);
        let waiter = Waiter::Timeout(service, record.message_type, timeout);
        self.no_answer(request, record.number, record.time, waiter);
    }

    /// The command whose answer a handler waited for, by a record that has the same cause.
    fn request_of(&self, record: &Record) -> Option<&'r Record> {
        let mut before = self.story.case(record.case).rev().filter(|it| it.number < record.number);
        before.find(|it| {
            let command = matches!(it.kind, RecordKind::Sent { kind: MessageKind::Command, .. });
            command && it.place == record.place && it.cause == record.cause
        })
    }

    /// A deadline passed: most of the time went somewhere.
    fn deadline_passed(&mut self, record: &'r Record) {
        self.note(record);
        let Place::Service(service) = record.place else { return };
        let waiter = Waiter::Deadline(service, record.message_type);
        match self.story.cause(record) {
            Some(cause) => self.in_progress(cause, record.number, record.time, waiter),
            None => self.end_by(waiter, "the work took longer"),
        }
    }

    fn gave_up(&mut self, record: &'r Record) {
        self.note(record);
        let mut case = self.story.case(record.case);
        let started = case.next();
        let Some(RecordKind::CaseStarted { client, .. }) = started.map(|record| record.kind) else { return };
        let request = case.find(|record| matches!(record.kind, RecordKind::Sent { .. }));
        if let (Some(request), Some(started)) = (request, started) {
            let waiter = Waiter::Patience(client, record.time.since(started.time));
            self.no_answer(request, record.number, record.time, waiter);
        }
    }

    /// The network makes a mistake: by its nature, or because it was cut.
    pub(super) fn network(&mut self, record: &Record, route: RouteId) {
        if let Some(cut) = self.story.cut(route, record.number) {
            return self.act(cut);
        }
        let link = self.plan.link(route);
        let (from, to) = (&self.plan.routes[route.index()].from, &self.plan.routes[route.index()].to);
        let doubled = matches!(record.kind, RecordKind::Duplicated { .. });
        let (what, rate) = if doubled { ("doubles", link.duplication) } else { ("loses", link.loss) };
        let percent = (rate * 1e5).round() / 1e3;
        let (from, to) = (self.name(*from), self.name(*to));
        let text = format!("the network between {from} and {to} {what} {percent} % of the messages");
        self.end(Root::Link(route), text);
    }

    /// Something was lost in the crash of a place, at the moment of a record or before.
    pub(super) fn crashed(&mut self, record: &'r Record, place: Place) {
        // A service whose channel lives in another's process stops with that.
        let channel =
            self.story.sent_before(record).map(|(_, route, _)| self.plan.routes[route.index()].from);
        let of = |place| self.story.crash(place, record.number).map(|(crash, _)| crash);
        let (own, within) = (of(place), channel.and_then(of));
        let latest = match (own, within) {
            (Some(own), Some(within)) if within.number > own.number => Some(within),
            (own, within) => own.or(within),
        };
        if let Some(crash) = latest {
            self.act(crash);
        }
    }

    /// A message has a schema that its receiver does not understand.
    fn unreadable(&mut self, record: &'r Record, schema: i32) {
        self.note(record);
        let Place::Service(service) = record.place else { return };
        if let Some((sent, ..)) = self.story.sent_before(record) {
            let origin = self.story.causes(record).filter(|it| {
                let sent = matches!(it.kind, RecordKind::Sent { kind, .. } if super::Story::is_message(kind));
                sent && it.message_type == record.message_type && !matches!(it.place, Place::Channel(_))
            });
            let maker = origin.last().unwrap_or(sent);
            let what = self.type_name(record.message_type);
            let text =
                format!("{} sent version {schema} of {what}, at {}", self.name(maker.place), maker.time);
            self.note_as(maker, text);
        }
        let what = self.type_name(record.message_type).to_string();
        let reads = self.plan.handler(service, record.message_type).and_then(|it| it.habits.reads);
        let (least, most) = reads.unwrap_or((1, 1));
        let versions =
            if least == most { format!("version {least}") } else { format!("versions {least} to {most}") };
        let text = format!("{} reads only {versions} of {what}", self.name(record.place));
        self.end(Root::Handler(service, record.message_type), text);
    }

    /// Nobody waited any more for what a handler did.
    pub(super) fn cancelled(&mut self, record: &'r Record) {
        let left = self.story.case(record.case).rev().find(|it| {
            let left = matches!(
                it.kind,
                RecordKind::TimedOut
                    | RecordKind::DeadlinePassed
                    | RecordKind::HandlerFailed
                    | RecordKind::CaseGaveUp
            );
            it.number < record.number && left && it.place != record.place
        });
        match left {
            Some(left) => self.back(left),
            None => self.step_back(record),
        }
    }

    pub(super) fn name(&self, place: Place) -> &'r str {
        self.plan.name_of(place)
    }

    pub(super) fn type_name(&self, message_type: TypeId) -> &'r str {
        self.plan.types.get(message_type.index()).map_or("", |known| known.name.as_str())
    }
}
