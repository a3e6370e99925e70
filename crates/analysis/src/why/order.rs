//! Order: which message overtook which, and why.

use topology::{Place, Record, RecordKind, ServiceId};

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
        // Something held it up.
        let begun = made.number;
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
        if let Some(held) = held {
            return self.back(held);
        }
        self.by_the_way(record, other, service);
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
