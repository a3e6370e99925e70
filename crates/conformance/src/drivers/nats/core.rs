//! Core NATS: subscriptions and queue groups, nothing is kept.

use channel::routing::Grammar;
use channel::{Effect, Group, Subscription};

use crate::bench::{Bench, Delivered, NEW_GROUP, PLAIN_MEMBER};
use crate::drivers::{Stop, rules};

/// The server without its streams.
pub(super) struct Core {
    pub(super) bench: Bench,
    subscriptions: Vec<Interest>,
}

/// A subscription that a client has made.
struct Interest {
    who: String,
    subject: String,
    queue: Option<String>,
    member: Subscription,
    there: bool,
}

impl Core {
    pub(super) fn new() -> Result<Core, Stop> {
        Ok(Core { bench: Bench::new(rules("nats", &[])?), subscriptions: Vec::new() })
    }

    /// A client subscribes; with a queue it joins the others of that queue and subject.
    pub(super) fn subscribe(&mut self, who: &str, subject: &str, queue: Option<&str>, reads: bool) {
        let shared = queue.map(|queue| format!("{queue} {subject}"));
        let group = match shared.as_ref().and_then(|name| self.bench.group(name)) {
            Some(group) => group,
            None => self.group(shared.as_deref().unwrap_or_default(), subject),
        };
        let terms = channel::MemberTerms { reads, ..PLAIN_MEMBER };
        let member = self.bench.subscribe(who, group, terms);
        let (who, subject, queue) = (who.to_owned(), subject.to_owned(), queue.map(str::to_owned));
        self.subscriptions.push(Interest { who, subject, queue, member, there: true });
    }

    fn group(&mut self, name: &str, subject: &str) -> Group {
        let group = self.bench.add_group(name, NEW_GROUP);
        self.bench.with(|channel, effects| channel.bind(group, subject, 1, effects));
        group
    }

    /// A client takes back its subscriptions to a subject, or all, or its connection ends.
    pub(super) fn unsubscribe(&mut self, who: &str, subject: Option<&str>) {
        for interest in self.subscriptions.iter_mut().filter(|interest| interest.is_of(who, subject)) {
            if std::mem::take(&mut interest.there) {
                let group = self.bench.channel.group_of(interest.member);
                self.bench.with(|channel, effects| channel.leave(interest.member, effects));
                if interest.queue.is_none() {
                    self.bench.with(|channel, effects| channel.remove_group(group, effects));
                }
            }
        }
    }

    /// A client is back, and its library makes its subscriptions anew.
    pub(super) fn reconnect(&mut self, who: &str) {
        let gone: Vec<(String, Option<String>)> = self
            .subscriptions
            .extract_if(.., |interest| interest.who == who && !interest.there)
            .map(|interest| (interest.subject, interest.queue))
            .collect();
        for (subject, queue) in gone {
            self.subscribe(who, &subject, queue.as_deref(), true);
        }
    }

    /// Whether a client has, or had, a subscription that a subject matches.
    pub(super) fn wants(&self, who: &str, subject: &str) -> bool {
        let own = self.subscriptions.iter().filter(|interest| interest.who == who);
        own.into_iter().any(|interest| Grammar::Nats.matches(&interest.subject, subject))
    }

    /// What came by the subscriptions to a subject; `None`, if there was none.
    pub(super) fn heard_by(&self, subject: &str) -> Option<Vec<u32>> {
        let by = self.subscriptions.iter().filter(|interest| interest.subject == subject);
        let members: Vec<Subscription> = by.map(|interest| interest.member).collect();
        let to_them = self.bench.effects().iter().filter_map(|(_, effect)| {
            let Effect::Deliver { message, to, .. } = effect else { return None };
            members.contains(to).then_some(*message)
        });
        (!members.is_empty()).then(|| to_them.collect())
    }

    /// The subject of a client's first subscription that names one.
    pub(super) fn first_subject(&self) -> Option<&str> {
        self.subscriptions.first().map(|interest| interest.subject.as_str())
    }

    /// Which of a client's subscriptions a delivery came by: its number among them all, and its subject.
    pub(super) fn came_by(&self, delivered: &Delivered) -> (usize, &str) {
        let mut interests = self.subscriptions.iter().enumerate();
        let found = interests.find(|(_, interest)| interest.member == delivered.to);
        found.map_or((0, ""), |(number, interest)| (number, interest.subject.as_str()))
    }

    /// How many messages a subscriber may leave unread; from now on, and for everybody.
    pub(super) fn limit_unread(&mut self, messages: u32) {
        let mut rules = self.bench.channel.rules().clone();
        rules.delivery.unread_limit = Some(messages);
        self.bench.with(|channel, effects| channel.set_rules(rules, effects));
    }

    /// Whether the server cut a client off.
    pub(super) fn is_cut_off(&self, who: &str) -> bool {
        self.bench.effects().iter().any(|(_, effect)| {
            matches!(effect, Effect::CutOff { who: member } if self.bench.name(*member).eq_ignore_ascii_case(who))
        })
    }
}

impl Interest {
    fn is_of(&self, who: &str, subject: Option<&str>) -> bool {
        self.who == who && subject.is_none_or(|subject| subject == self.subject)
    }
}
