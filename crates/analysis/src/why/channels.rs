//! Channels: why a message was lost there, came back, or was handed out again.

use channel::{Choice, DeadLetterReason, Rules, Survives};
use kernel::Time;
use topology::{ChannelId, LossReason, MessageKind, Place, Record, RecordKind, RouteId, ServiceId};

use super::words::{a, claim_rule, done_rule, holder_rule};
use super::{Inquiry, Root};

impl<'r> Inquiry<'_, 'r> {
    /// A message is gone.
    pub(super) fn lost(&mut self, record: &'r Record, reason: LossReason, route: RouteId) {
        self.note(record);
        let route_of = &self.plan.routes[route.index()];
        match reason {
            LossReason::Network | LossReason::Partition => self.network(record, route),
            LossReason::ReceiverDown => self.receiver_was_down(record),
            LossReason::Full => self.was_full(record),
            LossReason::Crash => self.lost_in_crash(record),
            LossReason::BrokerDown => {
                if let Place::Channel(channel) = record.place
                    && self.story.rules(channel, record.number).1.survives == Survives::Nothing
                {
                    self.rule_of(channel, record.number, |_| "it comes back empty from a crash".into());
                }
                self.crashed(record, record.place);
            }
            LossReason::NobodyListening => self.nobody_listens(record, route_of.to),
            LossReason::SubscriberAway => self.was_away(record, route),
            LossReason::HandlerFailed => {
                let failed =
                    self.story.causes(record).skip(1).find(|it| it.kind == RecordKind::HandlerFailed);
                match failed {
                    Some(failed) => self.back(failed),
                    None => self.step_further(record),
                }
            }
            LossReason::TooLate => self.came_too_late(record),
            LossReason::Stale => self.acknowledged_too_late(record),
            LossReason::Expired | LossReason::Trimmed => self.outlived(record),
            LossReason::HolderGone => {
                if let (Place::Channel(channel), Place::Service(service)) = (route_of.from, route_of.to) {
                    self.rule_of(channel, record.number, holder_rule);
                    self.crashed(record, Place::Service(service));
                }
            }
            LossReason::Unread => {
                let cut_off = self
                    .story
                    .records
                    .iter()
                    .rev()
                    .find(|it| it.number < record.number && matches!(it.kind, RecordKind::CutOff { .. }));
                if let Some(cut_off) = cut_off {
                    self.back(cut_off);
                }
            }
            LossReason::GivenUp => {
                if let Place::Channel(channel) = record.place {
                    self.rule_of(channel, record.number, limit_rule);
                }
                self.last_failure(record);
            }
            LossReason::Skipped => {
                if let Place::Channel(channel) = record.place {
                    self.rule_of(channel, record.number, done_rule);
                }
                self.last_failure(record);
            }
            LossReason::Claimed => {
                if let Place::Channel(channel) = route_of.from {
                    let text = self.sentence_of(channel, record.number, |rules| {
                        claim_rule(rules).unwrap_or("one of them gets a message").into()
                    });
                    self.end(Root::Channel(channel), text);
                }
            }
            LossReason::Deduplicated => {
                if let Place::Channel(channel) = record.place {
                    self.rule_of(channel, record.number, |_| {
                        "what it knows already is not stored again".into()
                    });
                    self.step_further(record);
                }
            }
            LossReason::Cancelled => self.cancelled(record),
        }
    }

    fn step_further(&mut self, record: &Record) {
        if let Some(cause) = self.story.cause(record) {
            self.back(cause);
        }
    }

    /// What a channel does, as it was when a record was made.
    pub(super) fn sentence_of(
        &self,
        channel: ChannelId,
        number: u64,
        rule: impl FnOnce(&Rules) -> String,
    ) -> String {
        let (profile, rules) = self.story.rules(channel, number);
        format!("{} is {} channel: {}", self.name(Place::Channel(channel)), a(profile), rule(rules))
    }

    /// Notes a rule of a channel that let an act through.
    pub(super) fn rule_of(&mut self, channel: ChannelId, number: u64, rule: impl FnOnce(&Rules) -> String) {
        let text = self.sentence_of(channel, number, rule);
        self.rule(text);
    }

    fn receiver_was_down(&mut self, record: &'r Record) {
        match record.place {
            Place::Service(_) | Place::Client(_) => {
                if let Some((_, route, _)) = self.story.sent_before(record)
                    && let Place::Channel(channel) = self.plan.routes[route.index()].from
                {
                    self.rule_of(channel, record.number, done_rule);
                }
                self.crashed(record, record.place);
            }
            Place::Channel(channel) => {
                self.rule_of(channel, record.number, |_| {
                    "it takes nothing while its receiver is down".into()
                });
                self.nobody_there(record, channel);
            }
        }
    }

    /// All that listen to a channel are down.
    fn nobody_there(&mut self, record: &'r Record, channel: ChannelId) {
        let plan = &self.plan.channels[channel.index()];
        let listens = plan.subscribers.iter().filter(|it| it.types.contains(&record.message_type));
        let mut crashes =
            listens.filter_map(|it| self.story.crash(Place::Service(it.service), record.number));
        if let Some((crash, _)) = crashes.next() {
            self.act(crash);
        }
    }

    fn nobody_listens(&mut self, record: &'r Record, to: Place) {
        let Place::Channel(channel) = to else { return };
        let plan = &self.plan.channels[channel.index()];
        if plan.subscribers.iter().any(|it| it.types.contains(&record.message_type)) {
            self.rule_of(channel, record.number, |_| "who is away misses what is published".into());
            return self.nobody_there(record, channel);
        }
        let what = self.type_name(record.message_type);
        let text = format!("no service listens to {what} on {}", plan.name);
        self.end(Root::Channel(channel), text);
    }

    /// A subscriber was away while something was published.
    fn was_away(&mut self, record: &'r Record, route: RouteId) {
        let published = self.story.sent_before(record).map_or(route, |(_, route, _)| route);
        let Place::Channel(channel) = self.plan.routes[published.index()].to else {
            return self.crashed(record, record.place);
        };
        self.rule_of(channel, record.number, |_| "who is away misses what is published".into());
        let cut_off = self.story.records.iter().rev().find(|it| {
            it.number < record.number
                && it.place == Place::Channel(channel)
                && matches!(it.kind, RecordKind::CutOff { service } if Place::Service(service) == record.place)
        });
        let crash = self.story.crash(record.place, record.number).map(|(crash, _)| crash);
        match (cut_off, crash) {
            (Some(cut_off), crash) if crash.is_none_or(|crash| crash.number < cut_off.number) => {
                self.back(cut_off);
            }
            (_, Some(_)) => self.crashed(record, record.place),
            (_, None) => self.nobody_there(record, channel),
        }
    }

    /// The receiver had it in memory when it crashed: in its inbox, in hand, or from a channel that had settled it.
    fn lost_in_crash(&mut self, record: &'r Record) {
        if let Some((_, route, _)) = self.story.sent_before(record)
            && let Place::Channel(channel) = self.plan.routes[route.index()].from
        {
            let settled = self.story.causes(record).find(|it| it.kind == RecordKind::Settled);
            let (profile, rules) = self.story.rules(channel, record.number);
            let profile = a(profile);
            let name = self.name(Place::Channel(channel));
            let when = settled.map_or(String::new(), |it| format!(", as it did at {}", it.time));
            let text = format!("{name} is {profile} channel: {}{when}", done_rule(rules));
            self.rule(text);
        } else if let (Some(taken), Place::Service(service)) = (self.story.taken_of(record), record.place)
            && let Some(handler) = self.plan.handler(service, taken.message_type)
            && !handler.habits.durable
        {
            let (name, what) = (self.name(record.place), self.type_name(record.message_type));
            self.rule(format!("how far the handler of {name} for {what} has come is not kept"));
        }
        let place = match record.place {
            Place::Channel(_) => self.receiver_of(record).map_or(record.place, Place::Service),
            Place::Client(_) | Place::Service(_) => record.place,
        };
        self.crashed(record, place);
    }

    /// The service that a message was last sent to.
    pub(super) fn receiver_of(&self, record: &'r Record) -> Option<ServiceId> {
        let (_, route, _) = self.story.sent_before(record)?;
        if let Place::Service(service) = self.plan.routes[route.index()].to { Some(service) } else { None }
    }

    fn was_full(&mut self, record: &'r Record) {
        match record.place {
            Place::Service(service) => {
                let room = self.plan.services[service.index()].inbox.unwrap_or(u32::MAX);
                self.rule(format!("the inbox of {} has room for {room} messages", self.name(record.place)));
                self.no_worker(service, record, record.time, None);
            }
            Place::Channel(channel) => {
                self.rule_of(channel, record.number, length_rule);
                self.waits_in_channel(channel, None, record, record.time);
            }
            Place::Client(_) => {}
        }
    }

    /// Its time was over, or the log was cut, before it was done.
    fn outlived(&mut self, record: &'r Record) {
        let channel = match record.place {
            Place::Channel(channel) => channel,
            Place::Client(_) | Place::Service(_) => return,
        };
        self.rule_of(channel, record.number, length_rule);
        let queued = self.story.causes(record).find(|it| it.kind == RecordKind::Queued).unwrap_or(record);
        self.waits_in_channel(channel, None, queued, record.time);
    }

    pub(super) fn put_aside(&mut self, record: &'r Record, reason: DeadLetterReason) {
        self.note(record);
        let Place::Channel(channel) = record.place else { return };
        match reason {
            DeadLetterReason::DeliveryLimit => {
                self.rule_of(channel, record.number, limit_rule);
                self.last_failure(record);
            }
            DeadLetterReason::Rejected => self.last_failure(record),
            DeadLetterReason::LengthLimit | DeadLetterReason::Expired => self.outlived(record),
        }
    }

    /// What went wrong last with a message: its handler failed, or it was dropped or came back.
    fn last_failure(&mut self, record: &'r Record) {
        let failure = self.story.causes(record).skip(1).find(|it| {
            matches!(it.kind, RecordKind::HandlerFailed | RecordKind::Dropped | RecordKind::Returned)
        });
        match failure {
            Some(failure) => self.back(failure),
            None => match self.story.sent_before(record) {
                // It was in somebody's hands for too long.
                Some((sent, route, _)) => self.held_too_long(record, sent, route),
                None => self.step_further(record),
            },
        }
    }

    /// An answer that came when nobody waited any more.
    fn came_too_late(&mut self, record: &'r Record) {
        let left = self.story.case(record.case).rev().find(|it| {
            let left = matches!(
                it.kind,
                RecordKind::TimedOut
                    | RecordKind::DeadlinePassed
                    | RecordKind::HandlerFailed
                    | RecordKind::CaseGaveUp
            );
            let lost = matches!(it.kind, RecordKind::Lost { reason: LossReason::Crash, .. });
            it.number < record.number && it.place == record.place && (left || lost)
        });
        // Who asked may have been taken away by a crash.
        let request = self.story.causes(record).last().map_or(record.time, |it| it.time);
        match (left, self.story.outage(record.place, request, record.number)) {
            (Some(left), crash) if crash.is_none_or(|crash| crash.number < left.number) => self.back(left),
            (_, Some(crash)) => self.act(crash),
            (_, None) => self.step_further(record),
        }
    }

    /// An acknowledgement that came when the message had come back.
    fn acknowledged_too_late(&mut self, record: &'r Record) {
        let sent = self.story.sent_before(record).map(|(sent, ..)| sent);
        let delivery = sent.and_then(|sent| self.story.cause(sent)).map_or(record.message, |it| it.message);
        let origins = self.story.origins(record.case);
        let origin = origins.of(delivery);
        let returned = self.story.case(record.case).rev().find(|it| {
            let back = matches!(
                it.kind,
                RecordKind::Returned
                    | RecordKind::Redelivered
                    | RecordKind::Settled
                    | RecordKind::DeadLettered { .. }
                    | RecordKind::Lost { .. }
            );
            it.number < record.number && back && origins.of(it.message) == origin
        });
        match returned {
            Some(returned) => self.back(returned),
            None => self.step_further(record),
        }
    }

    /// A broker cut a subscriber off that left too much unread.
    pub(super) fn cut_off(&mut self, record: &'r Record, service: ServiceId) {
        self.note(record);
        if let Place::Channel(channel) = record.place {
            self.rule_of(channel, record.number, |rules| {
                let limit = rules.delivery.unread_limit.unwrap_or(u32::MAX);
                format!("who leaves more than {limit} messages unread is cut off")
            });
        }
        self.no_worker(service, record, record.time, None);
    }

    /// The network dropped a delivery, or its receiver was down.
    pub(super) fn dropped(&mut self, record: &'r Record) {
        self.note(record);
        let sent = self.story.sent_before(record);
        match (record.place, sent) {
            (Place::Channel(_), Some((_, route, _))) => self.network(record, route),
            (place, sent) => {
                if let Some((_, route, _)) = sent
                    && let Place::Channel(channel) = self.plan.routes[route.index()].from
                {
                    self.rule_of(channel, record.number, holder_rule);
                }
                self.crashed(record, place);
            }
        }
    }

    /// A message came back to its channel.
    pub(super) fn returned(&mut self, record: &'r Record) {
        self.note(record);
        let Some(cause) = self.story.cause(record) else { return };
        if matches!(cause.kind, RecordKind::HandlerFailed | RecordKind::Dropped) {
            return self.back(cause);
        }
        let Some((sent, route, _)) = self.story.sent_before(record) else { return };
        self.held_too_long(record, sent, route);
    }

    /// A message is handed out once more.
    pub(super) fn redelivered(&mut self, record: &'r Record) {
        self.note(record);
        let Some(cause) = self.story.cause(record) else { return };
        if matches!(cause.kind, RecordKind::Returned | RecordKind::Dropped | RecordKind::HandlerFailed) {
            return self.back(cause);
        }
        let Some((sent, route, _)) = self.story.sent_before(record) else { return };
        self.held_too_long(record, sent, route);
    }

    /// A channel took back, or handed out again, what was in somebody's hands: at `record`, what it had `sent`.
    fn held_too_long(&mut self, record: &'r Record, sent: &'r Record, route: RouteId) {
        let (Place::Channel(channel), Place::Service(service)) =
            (self.plan.routes[route.index()].from, self.plan.routes[route.index()].to)
        else {
            return;
        };
        let (profile, rules) = self.story.rules(channel, record.number);
        let profile = a(profile);
        let name = self.name(Place::Channel(channel));
        if let Some(act) = self.act_at(record, channel, service) {
            return self.act(act);
        }
        // Its acknowledgement was lost on the way.
        let acknowledged = self
            .story
            .case(record.case)
            .find(|it| it.number < record.number && self.acknowledges(it, sent, record));
        if let Some(lost) = acknowledged {
            return self.back(lost);
        }
        // Its holder, or the broker, was gone for a while.
        let down = |place| self.story.outage(place, sent.time, record.number);
        let in_hand = self.in_hand(record, sent);
        let crash = down(Place::Channel(channel))
            .or_else(|| if in_hand { None } else { down(Place::Service(service)) });
        if let Some(crash) = crash {
            self.rule_of(channel, record.number, holder_rule);
            return self.act(crash);
        }
        let held = record.time.since(sent.time);
        if let Some(after) = rules.delivery.again_after.filter(|&after| held >= after) {
            let text = format!(
                "{name} is {profile} channel: what is not acknowledged within {after} is given to another"
            );
            return self.took_longer_than_allowed(record, sent, (channel, service), text);
        }
        if let Some(claim) = claim_rule(rules) {
            if let Some(first) = self.story.cause(record) {
                self.note(first);
            }
            let polls = super::words::poll_rule(rules).map_or(String::new(), |rule| format!(", and {rule}"));
            let text = format!("{name} is {profile} channel: {claim}{polls}");
            return self.end(Root::Channel(channel), text);
        }
        if let Some(act) = self.rebalanced(record, channel, rules) {
            self.rule_of(channel, record.number, |_| {
                "partitions are shared out anew when a consumer comes or goes".into()
            });
            return self.act(act);
        }
        let text = format!("{name} is {profile} channel: it hands out again what was not acknowledged");
        self.end(Root::Channel(channel), text);
    }

    /// Whether a lost record is about an acknowledgement of what was sent, made before a record.
    fn acknowledges(&self, lost: &'r Record, sent: &Record, record: &Record) -> bool {
        let Some((ack, _, MessageKind::Acknowledgement)) = self.story.sent_before(lost) else { return false };
        let on_the_way =
            matches!(lost.kind, RecordKind::Lost { reason: LossReason::Network | LossReason::Partition, .. });
        let about = self.story.causes(ack).skip(1).take(20).any(|it| it.number == sent.number);
        on_the_way && about && ack.number < record.number
    }

    /// Whether a worker had a message in hand when it was taken back.
    fn in_hand(&self, record: &'r Record, sent: &Record) -> bool {
        let mut between = self.story.causes(record).take_while(|it| it.number > sent.number);
        between.any(|it| matches!(it.kind, RecordKind::Taken { .. }))
    }

    /// What was done to a channel or its consumer in the very moment of a record.
    fn act_at(&self, record: &Record, channel: ChannelId, service: ServiceId) -> Option<&'r Record> {
        use topology::Act;
        let mut acts = self.story.acts_before(record.number).take_while(|(act, _)| act.time == record.time);
        let found = acts.find(|(_, act)| match *act {
            Act::Rebuild { service: rebuilt } => rebuilt == service,
            Act::Profile { channel: changed, .. } => changed == channel,
            Act::Crash { .. }
            | Act::Restart { .. }
            | Act::Slow { .. }
            | Act::Cut { .. }
            | Act::Mend { .. } => false,
        });
        found.map(|(act, _)| act)
    }

    /// The crash or return of another consumer because of which partitions changed hands shortly before a record.
    fn rebalanced(&self, record: &Record, channel: ChannelId, rules: &Rules) -> Option<&'r Record> {
        let Choice::Partition(_) = rules.delivery.choice else { return None };
        let plan = &self.plan.channels[channel.index()];
        let since = record.time.since(Time::ZERO + rules.delivery.session_timeout).nanos();
        let mut acts = self.story.acts_before(record.number);
        let found = acts.find(|(act, what)| {
            let (topology::Act::Crash { place } | topology::Act::Restart { place }) = what else {
                return false;
            };
            let member = plan.subscribers.iter().any(|it| Place::Service(it.service) == *place);
            member && act.time.nanos().saturating_add(1_000_000_000) >= since
        });
        found.map(|(act, _)| act)
    }
}

fn limit_rule(rules: &Rules) -> String {
    let most = rules.delivery.delivery_limit.map_or(1, |limit| limit.saturating_add(1));
    format!("a message is handed out at most {most} times")
}

fn length_rule(rules: &Rules) -> String {
    match (rules.length, rules.time_to_live) {
        (Some(bound), _) => format!("it has room for {} messages", bound.max),
        (None, Some(span)) => format!("a message is kept for {span}"),
        (None, None) => "it does not keep everything".into(),
    }
}
