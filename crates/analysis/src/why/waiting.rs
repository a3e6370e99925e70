//! Waiting: where the time went, when something did not happen in time.

use channel::HandsOut;
use kernel::{Span, Time};
use topology::{
    ChannelId, ClientId, MessageKind, Place, Record, RecordKind, RouteId, ServiceId, Step, Term, TypeId,
};

use super::blame::{Blame, blame};
use super::missing::Deed;
use super::words::{a, holder_rule, poll_rule};
use super::{Inquiry, Root};
use crate::spelled;

/// Whose time it was that was not enough.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waiter {
    /// A handler that waits so long for an answer.
    Timeout(ServiceId, TypeId, Span),
    /// A handler with a deadline.
    Deadline(ServiceId, TypeId),
    /// A customer who waits so long.
    Patience(ClientId, Span),
    /// Another message, for the worker of this one: what is usual is not worth telling.
    Worker,
    /// Nobody in particular: a promise, or the end of the run.
    Nobody,
}

impl<'r> Inquiry<'_, 'r> {
    /// Why a command that was sent had no answer at a record, or at a time if that is later: it, the work on it, or
    /// the answer was lost, or took too long.
    pub(super) fn no_answer(&mut self, request: &'r Record, before: u64, until: Time, waiter: Waiter) {
        if !self.goes_on() {
            return;
        }
        self.note(request);
        let message = request.message;
        let mut line: Vec<&'r Record> = Vec::new();
        for record in
            self.story.case(request.case).filter(|it| it.number >= request.number && it.number < before)
        {
            let own = record.message == message;
            let answer = line.last().is_some_and(|last| {
                matches!(last.kind, RecordKind::Answered { .. }) && record.cause == last.number
            });
            let reply = matches!(record.kind, RecordKind::Sent { kind: MessageKind::Reply, .. });
            let way_back = line.last().is_some_and(|last| {
                matches!(last.kind, RecordKind::Sent { kind: MessageKind::Reply, .. })
                    && last.message == record.message
            });
            if own || answer && reply || way_back {
                if let RecordKind::Lost { .. } = record.kind {
                    return self.back(record);
                }
                // An answer ends what there is to say about the work.
                let answered = line.iter().any(|it| matches!(it.kind, RecordKind::Answered { .. }));
                if !answered || !own {
                    line.push(record);
                }
            }
        }
        self.longest(&line, until, before, waiter);
    }

    /// Why what a record began was not done at a record, or at a time if that is later.
    pub(super) fn in_progress(&mut self, last: &'r Record, before: u64, until: Time, waiter: Waiter) {
        if !self.goes_on() {
            return;
        }
        let mut line: Vec<&'r Record> = self.story.causes(last).collect();
        line.reverse();
        self.longest(&line, until, before, waiter);
    }

    /// Explains what most of the time between these records, and until a time, was spent with.
    fn longest(&mut self, line: &[&'r Record], until: Time, before: u64, waiter: Waiter) {
        let end_of =
            |index: usize| line.get(index + 1).map_or((until, before), |next| (next.time, next.number));
        let span_of = |index: usize| end_of(index).0.since(line[index].time);
        let mut most: Option<(usize, Span)> = None;
        for (index, record) in line.iter().enumerate() {
            // The longest stretch of its kind, and all of that kind together.
            let same = |other: &usize| activity(line[*other]) == activity(record);
            let (mut longest, mut sum) = (index, Span::ZERO);
            for other in (0..line.len()).filter(same) {
                sum = sum + span_of(other);
                // Of equal ones the last, which is what it is waiting for.
                if span_of(other) >= span_of(longest) {
                    longest = other;
                }
            }
            if most.is_none_or(|(_, known)| sum >= known) {
                most = Some((longest, sum));
            }
        }
        let Some((index, _)) = most else { return };
        let (end, limit) = end_of(index);
        if let RecordKind::Retried { .. } = line[index].kind {
            let name = self.name(line[index].place);
            let what = self.type_name(line[index].message_type);
            for record in line.iter().rev().filter(|it| it.message == line[index].message) {
                if let RecordKind::Retried { attempt } = record.kind {
                    self.rule(format!("{name} is at attempt {attempt} of {what} by then"));
                    break;
                }
            }
        }
        self.stretch(line[index], end, limit, span_of(index), waiter);
    }

    /// Explains why nothing came of a record for a while.
    fn stretch(&mut self, record: &'r Record, until: Time, before: u64, span: Span, waiter: Waiter) {
        match (record.kind, record.place) {
            (RecordKind::Queued, Place::Service(service)) => {
                let text = format!(
                    "{} waits {} in the inbox of {}, from {} on",
                    self.type_name(record.message_type),
                    seconds(span),
                    self.name(record.place),
                    record.time
                );
                self.note_as(record, text);
                self.no_worker(service, record, until, Some(record.message));
            }
            (
                RecordKind::Queued
                | RecordKind::Returned
                | RecordKind::Redelivered
                | RecordKind::FannedOut { .. }
                | RecordKind::Settled,
                Place::Channel(channel),
            ) => {
                if record.kind == RecordKind::Returned
                    && let Some(failed) =
                        self.story.cause(record).filter(|it| it.kind == RecordKind::HandlerFailed)
                {
                    return self.back(failed);
                }
                let text = format!(
                    "{} waits {} in {}, from {} on",
                    self.type_name(record.message_type),
                    seconds(span),
                    self.name(record.place),
                    record.time
                );
                self.note_as(record, text);
                self.waits_in_channel(channel, None, record, until);
            }
            (RecordKind::Sent { route, .. }, _) => {
                self.note(record);
                self.long_way(record, route, span);
            }
            (RecordKind::Dropped | RecordKind::Returned | RecordKind::Redelivered, _) => self.back(record),
            (RecordKind::Waits, _) => self.waited_in_vain(record, until),
            (RecordKind::Retried { attempt }, _) if span <= self.pause_before(record, attempt) => {
                self.back(record);
            }
            (_, Place::Service(service)) => self.working(record, service, (until, before), span, waiter),
            (_, _) => self.back(record),
        }
    }

    /// The longest pause that a handler makes before an attempt.
    fn pause_before(&self, record: &Record, attempt: u16) -> Span {
        let Place::Service(service) = record.place else { return Span::ZERO };
        let Some(handler) = self.plan.handler(service, record.message_type) else { return Span::ZERO };
        let mut most = Span::ZERO;
        for (_, step) in self.story.steps(handler) {
            if let Step::Retry { policy, .. } = *step
                && let Some(policy) = self.plan.retries.get(usize::from(policy))
            {
                let mut pause = policy.pause;
                for _ in 2..attempt.min(64) {
                    pause = pause.scaled(policy.growth);
                }
                most = most.max(pause.min(policy.longest));
            }
        }
        most
    }

    /// A message travelled for long.
    fn long_way(&mut self, record: &Record, route: RouteId, span: Span) {
        let after = self.plan.program.iter().find_map(|step| {
            let Step::Send { route: other, message_type, after, .. } = *step else { return None };
            (other == route && message_type == record.message_type && after != u16::MAX).then_some(())
        });
        let what = self.type_name(record.message_type);
        if let (Some(()), Place::Service(service)) = (after, record.place) {
            let text = format!("{} sends {what} so that it leaves later", self.name(record.place));
            return self.end(Root::Handler(service, record.message_type), text);
        }
        let to = self.name(self.plan.routes[route.index()].to);
        let text =
            format!("the network took {} from {} to {to} for {what}", seconds(span), self.name(record.place));
        self.end(Root::Link(route), text);
    }

    /// A worker has it in hand: it waits for somebody else's answer, or its work takes long.
    fn working(
        &mut self,
        record: &'r Record,
        service: ServiceId,
        (until, before): (Time, u64),
        span: Span,
        waiter: Waiter,
    ) {
        let call = self.story.case(record.case).find(|it| {
            let command = matches!(it.kind, RecordKind::Sent { kind: MessageKind::Command, route, .. }
                if matches!(self.plan.routes[route.index()].to, Place::Service(_)) && self.is_call(record, it));
            command && it.cause == record.number && it.place == record.place && it.time < until
        });
        if let Some(call) = call {
            return self.no_answer(call, before, until, waiter);
        }
        let what = self.type_name(record.message_type);
        let name = self.name(record.place);
        let text = format!("{name} works on {what} for {}, from {} on", seconds(span), record.time);
        self.note_as(record, text);
        if let Some(slow) = self.story.slowed(service, record.number) {
            if let Waiter::Timeout(service, _, timeout) = waiter {
                let name = self.name(Place::Service(service));
                self.rule(format!("{name} waits {} for the answer", seconds(timeout)));
            }
            return self.act(slow);
        }
        if let Waiter::Worker = waiter {
            return;
        }
        self.end_by(waiter, &format!("{name} works {} on {what}", seconds(span)));
        let text = format!("the work of {name} on {what} took {}", seconds(span));
        self.end(Root::Service(service), text);
    }

    /// Whether a command was sent by a call, and not by a send.
    pub(super) fn is_call(&self, task: &Record, sent: &Record) -> bool {
        let (Place::Service(service), RecordKind::Sent { route, .. }) = (task.place, sent.kind) else {
            return false;
        };
        let handlers = self.plan.handlers.iter().filter(|it| it.service == service);
        let mut steps = handlers.flat_map(|it| self.story.steps(it));
        steps.any(|(_, step)| {
            matches!(*step, Step::Call { route: way, message_type, .. }
            if way == route && message_type == sent.message_type)
        })
    }

    /// Whoever waited did not wait long enough for what is usual.
    pub(super) fn end_by(&mut self, waiter: Waiter, work: &str) {
        match waiter {
            Waiter::Timeout(service, message_type, timeout) => {
                let name = self.name(Place::Service(service));
                let text = format!("{name} waits {} for the answer, and {work}", seconds(timeout));
                self.end(Root::Timeout(service, message_type), text);
            }
            Waiter::Deadline(service, message_type) => {
                let name = self.name(Place::Service(service));
                let text = format!("{name} sets itself a deadline, and {work}");
                self.end(Root::Timeout(service, message_type), text);
            }
            Waiter::Patience(client, patience) => {
                let name = self.name(Place::Client(client));
                let text = format!("customers of {name} wait {}, and {work}", seconds(patience));
                self.end(Root::Patience(client), text);
            }
            Waiter::Worker | Waiter::Nobody => {}
        }
    }

    /// A delivery was not acknowledged in the time that its channel allows.
    pub(super) fn took_longer_than_allowed(
        &mut self,
        record: &'r Record,
        sent: &'r Record,
        (channel, service): (ChannelId, ServiceId),
        text: String,
    ) {
        let mut line: Vec<&'r Record> =
            self.story.causes(record).skip(1).take_while(|it| it.number >= sent.number).collect();
        line.reverse();
        let mut longest = (sent, Span::ZERO);
        for (index, &step) in line.iter().enumerate() {
            let span = line.get(index + 1).map_or(record.time, |next| next.time).since(step.time);
            if span >= longest.1 {
                longest = (step, span);
            }
        }
        let (step, span) = longest;
        let what = self.type_name(record.message_type);
        let name = self.name(Place::Service(service));
        if let RecordKind::Queued = step.kind {
            self.rule(text);
            let text = format!("{what} waits in the inbox of {name} from {} on", step.time);
            self.note_as(step, text);
            return self.no_worker(service, step, record.time, Some(step.message));
        }
        if let RecordKind::Sent { route, .. } = step.kind {
            self.rule(text);
            return self.long_way(step, route, span);
        }
        let since = self.story.slowed(service, step.number);
        let done = format!("{name} is at work on {what} since {}", step.time);
        self.note_as(step, done);
        match since {
            Some(slow) => {
                self.rule(text);
                self.act(slow);
            }
            None => self.end(Root::Channel(channel), format!("{text}, and the work took longer")),
        }
    }

    /// Why something waits in a channel: the channel or its consumers are down, or have no time for it.
    pub(super) fn waits_in_channel(
        &mut self,
        channel: ChannelId,
        service: Option<ServiceId>,
        record: &'r Record,
        until: Time,
    ) {
        let number = self.until(until);
        if let Some(crash) = self.story.outage(Place::Channel(channel), record.time, number) {
            return self.act(crash);
        }
        let plan = &self.plan.channels[channel.index()];
        let services: Vec<ServiceId> = match service {
            Some(service) => vec![service],
            None => {
                let listens = plan.subscribers.iter().filter(|it| it.types.contains(&record.message_type));
                listens.map(|it| it.service).collect()
            }
        };
        let down = |&&it: &&ServiceId| self.story.outage(Place::Service(it), record.time, number).is_some();
        let away = services.iter().filter(down).count();
        if away > 0 && (away == services.len() || self.is_held(record)) {
            let places = services.iter().map(|&it| Place::Service(it));
            let crash = places.filter_map(|it| self.story.outage(it, record.time, number)).next();
            if let Some(crash) = crash {
                if self.is_held(record) {
                    self.rule_of(channel, record.number, holder_rule);
                }
                return self.act(crash);
            }
        }
        let (profile, rules) = self.story.rules(channel, record.number);
        if let HandsOut::Poll { every, .. } = rules.delivery.hands_out
            && until.since(record.time) <= every
            && let Some(rule) = poll_rule(rules)
        {
            let text = format!("{} is {} channel: {rule}", plan.name, a(profile));
            return self.end(Root::Channel(channel), text);
        }
        if let Some(&service) = services.first() {
            return self.no_worker(service, record, until, Some(record.message));
        }
        let text = format!("no service takes anything from {}", plan.name);
        self.end(Root::Channel(channel), text);
    }

    /// Whether a message waits only for whoever has it.
    fn is_held(&self, record: &Record) -> bool {
        !matches!(record.kind, RecordKind::Queued | RecordKind::Returned)
    }

    /// The number that the first record after a time has, or would have.
    pub(super) fn until(&self, time: Time) -> u64 {
        let records = self.story.records;
        let first = records.first().map_or(1, |record| record.number);
        first + records.partition_point(|record| record.time <= time) as u64
    }

    /// A handler waited for a time, or for something that its service never got to know.
    pub(super) fn waited_in_vain(&mut self, record: &'r Record, until: Time) {
        if !self.goes_on() {
            return;
        }
        self.note(record);
        let Place::Service(service) = record.place else { return };
        let (name, what) = (self.name(record.place), self.type_name(record.message_type));
        let Some(handler) = self.plan.handler(service, record.message_type) else { return };
        let mut pauses = true;
        for (_, step) in self.story.steps(handler) {
            let Step::Wait { until: condition, .. } = *step else { continue };
            let Some(condition) = self.plan.expressions.get(condition.index()) else { continue };
            pauses = false;
            // It was not true all the time: what was missing until the end is to blame.
            let end = Record { number: self.until(until), time: until, ..*record };
            let blamed = blame(condition, false, &|term| self.term_at(&end, term));
            if condition.is_true(&|term| self.term_at(&end, term)) {
                continue;
            }
            let text =
                format!("{name} waits until {}, from {} on", spelled(condition, self.plan), record.time);
            self.say(text);
            for Blame { term, excess } in blamed {
                if let (Term::Cell(cell), false, true) = (term, excess, self.root.is_none()) {
                    self.missing(record.case, Deed::Store(cell), until);
                }
            }
        }
        let how = if pauses { "pauses" } else { "waits" };
        let text = format!("the handler of {name} for {what} {how} where nothing wakes it");
        self.end(Root::Handler(service, record.message_type), text);
    }
}

/// What time is spent with after a record, and where.
fn activity(record: &Record) -> (u8, Place) {
    let what = match record.kind {
        RecordKind::Queued | RecordKind::Settled | RecordKind::FannedOut { .. } => 0,
        RecordKind::Sent { .. } | RecordKind::Duplicated { .. } => 1,
        RecordKind::Returned | RecordKind::Redelivered | RecordKind::Dropped => 2,
        RecordKind::Waits => 3,
        RecordKind::CaseStarted { .. }
        | RecordKind::Taken { .. }
        | RecordKind::Delivered
        | RecordKind::Answered { .. }
        | RecordKind::HandlerFailed
        | RecordKind::TimedOut
        | RecordKind::OutOfOrder
        | RecordKind::Lost { .. }
        | RecordKind::DeadLettered { .. }
        | RecordKind::FactSet { .. }
        | RecordKind::CaseAnswered
        | RecordKind::CaseRefused
        | RecordKind::CaseGaveUp
        | RecordKind::CaseEnded { .. }
        | RecordKind::Act { .. }
        | RecordKind::Halted
        | RecordKind::CutOff { .. }
        | RecordKind::Stored { .. }
        | RecordKind::Measured { .. }
        | RecordKind::Woken
        | RecordKind::Retried { .. }
        | RecordKind::Undone { .. }
        | RecordKind::Cancelled
        | RecordKind::DeadlinePassed
        | RecordKind::Resumed
        | RecordKind::Unreadable { .. } => 4,
    };
    (what, record.place)
}

/// A length as people say it.
pub(super) fn seconds(span: Span) -> String {
    if span.nanos() < 1_000_000_000 {
        format!("{:.0} ms", span.millis())
    } else {
        format!("{:.3} s", span.seconds())
    }
}
