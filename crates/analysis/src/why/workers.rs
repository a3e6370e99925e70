//! Workers: why a service had none for what waited, and since when it is busy.

use channel::HandsOut;
use kernel::{Span, Time};
use topology::{Place, Record, RecordKind, ServiceId};

use super::waiting::{Waiter, seconds};
use super::{Inquiry, Root};

/// So many messages that were taken up are looked through for one that comes again and again.
const LOOKED_AT_MAX: usize = 500;

/// So long after a service came back, what it has to do then is on account of its being down.
const REBOUND: Span = Span::from_millis(1000);

impl<'r> Inquiry<'_, 'r> {
    /// Why a service had no worker for a message that began to wait at a record.
    pub(super) fn no_worker(
        &mut self,
        service: ServiceId,
        record: &'r Record,
        until: Time,
        about: Option<u32>,
    ) {
        if !self.goes_on() {
            return;
        }
        let place = Place::Service(service);
        let begun = self.busy_since(service, record);
        let number = self.until(until);
        // What was turned away while it was down comes again at once.
        let since = Time::from_nanos(begun.nanos().saturating_sub(REBOUND.nanos()));
        if let Some(crash) = self.story.outage(place, since, number) {
            return self.act(crash);
        }
        if let Some(slow) = self.story.slowed(service, number).filter(|_| !self.hangs(service, number)) {
            return self.act(slow);
        }
        if let Some(failed) = self.poison(service, record, number, about) {
            return self.back(failed);
        }
        if let Some(again) = self.work_done_again(service, begun, number) {
            return self.back(again);
        }
        // Whoever holds a worker may wait for somebody else.
        let mut kept = String::new();
        let latest = self.story.taken(service).find(|it| it.number < number && it.time <= until);
        let longest = self.longest_held(service, begun, until, number);
        let mut held = latest.into_iter().chain(longest.map(|(held, _)| held));
        if let Some((held, (call, end))) = held.find_map(|it| Some((it, self.open_call(it, until)?))) {
            let known = self.links.len();
            self.note(held);
            self.no_answer(call, end, until, Waiter::Worker);
            if self.root.is_some() {
                return;
            }
            self.links.truncate(known);
            kept = format!(", each held while it waits for {}", self.name(self.receiver(call)));
        }
        let plan = &self.plan.services[service.index()];
        let waiting = self.story.taken(service).take_while(|it| it.time >= begun);
        let count = waiting.filter(|it| it.time <= until).count();
        let workers = if plan.workers == 1 { "1 worker".into() } else { format!("{} workers", plan.workers) };
        let messages = if count == 1 { "1 message was".into() } else { format!("{count} messages were") };
        if let Some((longest, span)) = longest {
            let what = self.type_name(longest.message_type);
            let from = longest.time;
            let text = format!("{} has {what} in hand for {}, from {from} on", plan.name, seconds(span));
            self.note_as(longest, text);
            let who = if plan.workers == 1 { "which" } else { "of which one" };
            kept = format!(", {who} has {what} of case {} in hand for {}", longest.case, seconds(span));
        }
        let text = format!(
            "{} has {workers}{kept}; messages wait for it without a break since {begun}, and {messages} taken up \
             until {until}",
            plan.name
        );
        self.end(Root::Service(service), text);
    }

    /// A message that came once more, if most of what a service does is done again.
    fn work_done_again(&mut self, service: ServiceId, begun: Time, number: u64) -> Option<&'r Record> {
        let taken = self.story.taken(service).filter(|it| it.number < number);
        let (mut count, mut again) = (0, 0);
        let mut latest = None;
        for it in taken.take_while(|it| it.time >= begun) {
            count += 1;
            let came = self.story.causes(it).skip(1).take(3).find(|it| it.kind == RecordKind::Redelivered);
            again += usize::from(came.is_some());
            latest = latest.or(came);
        }
        if again * 2 <= count {
            return None;
        }
        let name = self.name(Place::Service(service));
        self.say(format!("{name} does much of its work again: {again} of {count} messages since {begun}"));
        latest
    }

    fn receiver(&self, sent: &Record) -> Place {
        let RecordKind::Sent { route, .. } = sent.kind else { return sent.place };
        self.plan.routes[route.index()].to
    }

    /// What kept one worker longest of what a service had in hand in a time, if that was most of it.
    fn longest_held(
        &self,
        service: ServiceId,
        begun: Time,
        until: Time,
        number: u64,
    ) -> Option<(&'r Record, Span)> {
        let mut next: Vec<(u16, Time)> = Vec::new();
        for taken in self.story.taken(service).filter(|it| it.number < number) {
            let RecordKind::Taken { worker } = taken.kind else { continue };
            let known = next.iter_mut().find(|it| it.0 == worker);
            let end = known.as_ref().map_or(until, |it| it.1);
            let span = end.since(taken.time);
            if end.since(begun).nanos() > until.since(begun).nanos() / 2
                && span.nanos() > until.since(begun).nanos() / 2
            {
                return Some((taken, span));
            }
            match known {
                Some(known) => known.1 = taken.time,
                None => next.push((worker, taken.time)),
            }
            // One worker that is not seen yet may have been busy all the time.
            let all = next.len() == usize::from(self.plan.services[service.index()].workers);
            if taken.time < begun && all && next.iter().all(|it| it.1 < begun) {
                break;
            }
        }
        None
    }

    /// Whether the workers of a service wait for others, rather than work.
    fn hangs(&self, service: ServiceId, number: u64) -> bool {
        let held = self.story.taken(service).find(|it| it.number < number);
        held.is_some_and(|it| self.open_call(it, it.time).is_some_and(|(call, _)| call.time == it.time))
    }

    /// The longest call of what a worker took up.
    fn open_call(&self, taken: &'r Record, until: Time) -> Option<(&'r Record, u64)> {
        let mut longest: Option<(&'r Record, u64, Span)> = None;
        for call in self.story.case(taken.case).filter(|it| it.number > taken.number && it.time <= until) {
            let own = call.place == taken.place && self.is_call(taken, call);
            if !own || !self.story.causes(call).any(|it| it.number == taken.number) {
                continue;
            }
            // It ends with the answer, or when the handler has waited too long.
            let end = self.story.case(taken.case).find(|it| {
                let over = it.kind == RecordKind::TimedOut && it.cause == call.cause;
                let answered = it.kind == RecordKind::Delivered
                    && it.place == taken.place
                    && self.story.causes(it).any(|it| it.number == call.number);
                it.number > call.number && (over || answered)
            });
            let span = end.map_or(until, |end| end.time).since(call.time);
            if longest.is_none_or(|(.., known)| span > known) {
                longest = Some((call, end.map_or(u64::MAX, |end| end.number), span));
            }
        }
        let (call, end, span) = longest?;
        let whole = until.since(taken.time).nanos();
        (span.nanos() > whole / 2).then_some((call, end))
    }

    /// Since when messages have been waiting for a service without a break, at a record.
    fn busy_since(&self, service: ServiceId, record: &Record) -> Time {
        let mut begun = record.time;
        for taken in self.story.taken(service).skip_while(|it| it.number > record.number) {
            if taken.time < begun && !self.had_waited(taken) {
                break;
            }
            begun = begun.min(self.waited_from(taken));
        }
        begun
    }

    fn had_waited(&self, taken: &'r Record) -> bool {
        self.waited_from(taken) < taken.time
    }

    /// From when on a message that was taken up waited for its worker.
    fn waited_from(&self, taken: &'r Record) -> Time {
        let Some(cause) = self.story.cause(taken) else { return taken.time };
        if cause.kind == RecordKind::Queued {
            return cause.time;
        }
        let before = self.story.cause(cause);
        let RecordKind::Sent { route, .. } = cause.kind else { return taken.time };
        match (before, self.plan.routes[route.index()].from) {
            (Some(queued), Place::Channel(channel)) if queued.time < cause.time => {
                let (_, rules) = self.story.rules(channel, queued.number);
                let usual = match rules.delivery.hands_out {
                    HandsOut::Poll { every, .. } => every,
                    HandsOut::Push | HandsOut::Pull { .. } => Span::ZERO,
                };
                let waited = cause.time.since(queued.time) > usual && queued.kind == RecordKind::Queued;
                if waited { queued.time } else { taken.time }
            }
            (_, _) => taken.time,
        }
    }

    /// Another message that the service took up again and again, and failed with each time.
    fn poison(
        &mut self,
        service: ServiceId,
        record: &Record,
        number: u64,
        about: Option<u32>,
    ) -> Option<&'r Record> {
        let taken: Vec<&'r Record> = self
            .story
            .taken(service)
            .filter(|it| it.number < number && Some(it.message) != about)
            .take_while(|it| it.number > record.number)
            .take(LOOKED_AT_MAX)
            .collect();
        for &it in &taken {
            let again = taken.iter().filter(|other| (other.case, other.message) == (it.case, it.message));
            let count = again.count();
            if count < 3 || count * 2 < taken.len() {
                continue;
            }
            let failed = self.story.case(it.case).rev().find(|failed| {
                let same = failed.message == it.message && failed.number < number;
                same && failed.kind == RecordKind::HandlerFailed
            });
            if let Some(failed) = failed {
                let text = format!(
                    "{} takes up {} of case {} {count} times in the meantime, and fails with it each time",
                    self.name(Place::Service(service)),
                    self.type_name(it.message_type),
                    it.case
                );
                self.say(text);
                return Some(failed);
            }
        }
        None
    }
}
