//! Order: which message overtook which, and why.

use topology::{Place, Record, RecordKind, ServiceId};

use super::missing::Deed;
use super::{Inquiry, Root};

impl<'r> Inquiry<'_, 'r> {
    /// Why a message was taken up after a later one of its case or key, by a record about it.
    pub(super) fn overtaken(&mut self, record: &'r Record) {
        let Place::Service(service) = record.place else { return self.back(record) };
        let what = self.type_name(record.message_type);
        let name = self.name(record.place);
        let outcome =
            format!("{name} takes up {what} of case {} out of order at {}", record.case, record.time);
        self.asks(record.case, outcome);
        self.note(record);
        let Some((other, made)) = self.overtaker(record, service) else {
            return self.back_to_cause(record);
        };
        self.note_as(
            other,
            format!(
                "worker of {name} had taken up the later {} at {}",
                self.type_name(other.message_type),
                other.time
            ),
        );
        self.held_up(record, made.number, other, service);
    }

    /// What should have been done before a handler came to a record was not: because the messages came in another
    /// order, or because something else went wrong.
    pub(super) fn not_yet(&mut self, record: &'r Record, deed: Deed) {
        let doers = self.doers(&deed);
        let taken = self.story.taken_of(record);
        if let (Some((origin, doer)), Some(taken)) = (self.addressed(record.case, &doers, record.time), taken)
            && Place::Service(doer.0) == record.place
            && let Some(last) = self.last_of_message(record.case, origin, &[doer.0], record.time)
            && last.message != record.message
            && let (Some(earlier), Some(later)) = (self.made(last), self.made(taken))
            && earlier.number < later.number
            && !matches!(last.kind, RecordKind::Lost { .. } | RecordKind::DeadLettered { .. })
        {
            self.note(taken);
            let (one, other) = (self.type_name(taken.message_type), self.type_name(last.message_type));
            self.say(format!("{one} overtook {other}, which was made first, at {}", earlier.time));
            return self.held_up(last, earlier.number, taken, doer.0);
        }
        self.missing(record.case, deed, record.time);
    }

    /// Whether what a handler found was made by a later message that overtook its own; then goes on with why.
    pub(super) fn came_before(&mut self, done: &'r Record, record: &'r Record) -> bool {
        let (Some(other), Some(own)) = (self.story.taken_of(done), self.story.taken_of(record)) else {
            return false;
        };
        let (Some(later), Some(earlier)) = (self.made(other), self.made(own)) else { return false };
        let Place::Service(service) = own.place else { return false };
        if other.place != own.place || later.case != earlier.case || later.number <= earlier.number {
            return false;
        }
        self.note(own);
        self.note(done);
        let (one, two) = (self.type_name(other.message_type), self.type_name(own.message_type));
        self.say(format!("{one} overtook {two}, which was made first, at {}", earlier.time));
        self.held_up(own, earlier.number, other, service);
        true
    }

    /// Something held a message up, or it went another way than the one that overtook it.
    fn held_up(&mut self, record: &'r Record, begun: u64, other: &'r Record, service: ServiceId) {
        let held = self.story.causes(record).take_while(|it| it.number > begun).find(|it| {
            matches!(
                it.kind,
                RecordKind::Returned
                    | RecordKind::Redelivered
                    | RecordKind::Dropped
                    | RecordKind::Duplicated { .. }
                    | RecordKind::Retried { .. }
                    | RecordKind::TimedOut
                    | RecordKind::HandlerFailed
                    | RecordKind::Resumed
            )
        });
        match held {
            Some(held) => self.back(held),
            None => self.by_the_way(record, other, service),
        }
    }

    fn back_to_cause(&mut self, record: &'r Record) {
        if let Some(cause) = self.story.cause(record) {
            self.back(cause);
        }
    }

    /// The later message that the service had taken up first, and how the one that it overtook was made.
    fn overtaker(&self, record: &'r Record, service: ServiceId) -> Option<(&'r Record, &'r Record)> {
        let made = self.made(record)?;
        let key = self.key_of(record.case);
        let same = |case: u32| case == record.case || key.is_some() && self.key_of(case) == key;
        let other = self.story.taken(service).find(|it| {
            it.number < record.number
                && same(it.case)
                && it.message != record.message
                && self.made(it).is_some_and(|other| other.number > made.number)
        })?;
        Some((other, made))
    }

    /// How a message was made: where it was sent for the first time.
    fn made(&self, record: &'r Record) -> Option<&'r Record> {
        let mut made = None;
        for it in self.story.causes(record) {
            // Copies share the type; what led to the message is about another.
            if let RecordKind::Sent { .. } = it.kind {
                made = Some(it);
                if !matches!(it.place, Place::Channel(_)) {
                    break;
                }
            }
        }
        made
    }

    /// Nothing held it up: the two took other ways, or turns.
    fn by_the_way(&mut self, record: &'r Record, other: &'r Record, service: ServiceId) {
        let (Some((sent, route, _)), Some((other_sent, other_route, _))) =
            (self.story.sent_before(record), self.story.sent_before(other))
        else {
            return;
        };
        self.note(other_sent);
        self.note(sent);
        let (from, to) = (self.plan.routes[route.index()].from, self.plan.routes[route.index()].to);
        let (from_name, to_name) = (self.name(from), self.name(to));
        if route == other_route && sent.number < other_sent.number {
            if self.plan.link(route).reordering > 0.0 {
                let percent = (self.plan.link(route).reordering * 1e5).round() / 1e3;
                let text = format!(
                    "the network between {from_name} and {to_name} lets {percent} % of the messages overtake others"
                );
                return self.end(Root::Link(route), text);
            }
            let workers = self.plan.services[service.index()].workers;
            let text = format!("{to_name} has {workers} workers, which take messages up side by side");
            return self.end(Root::Service(service), text);
        }
        if route != other_route {
            let way = self.name(self.plan.routes[other_route.index()].from);
            let text =
                format!("one came from {from_name} and the other from {way}: two ways keep no common order");
            return self.end(Root::Link(route), text);
        }
        // The channel got them, or handed them out, in another order: it looks further up.
        match from {
            Place::Channel(channel) => self.before_the_channel(sent, other_sent, channel),
            Place::Service(_) | Place::Client(_) => self.back(sent),
        }
    }

    /// Two messages that a channel handed out in another order than that in which they were made.
    fn before_the_channel(&mut self, sent: &'r Record, other: &'r Record, channel: topology::ChannelId) {
        let before = |record: &'r Record| self.story.cause(record).and_then(|it| self.story.sent_before(it));
        if let (Some((one, route, _)), Some((two, other_route, _))) = (before(sent), before(other)) {
            self.note(two);
            self.note(one);
            let link = self.plan.link(route);
            let (from, to) = (self.plan.routes[route.index()].from, self.plan.routes[route.index()].to);
            let (from, to) = (self.name(from), self.name(to));
            if route == other_route && link.reordering > 0.0 {
                let percent = (link.reordering * 1e5).round() / 1e3;
                let text = format!(
                    "the network between {from} and {to} lets {percent} % of the messages overtake others"
                );
                return self.end(Root::Link(route), text);
            }
            if route != other_route {
                let way = self.name(self.plan.routes[other_route.index()].from);
                let text =
                    format!("one was sent by {from} and the other by {way}: two ways keep no common order");
                return self.end(Root::Link(route), text);
            }
        }
        let text = self.sentence_of(channel, sent.number, |_| {
            "it does not hand messages out in the order in which they came".into()
        });
        self.end(Root::Channel(channel), text);
    }
}
