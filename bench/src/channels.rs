//! What a channel's operations cost when many messages wait or many bindings are there, and what a waiting
//! message weighs.

use std::time::Instant;

use channel::routing::{Bindings, Grammar};
use channel::{
    Channel, Effect, Group, GroupTerms, HandsOut, Keeps, MemberTerms, Publication, Rules, Subject,
    Subscription, Tag, profile,
};

/// How many messages wait, and how many bindings there are.
pub const WAITING: [u32; 3] = [1, 1_000, 1_000_000];
/// How many bindings there are.
pub const BINDINGS: [u32; 3] = [1, 1_000, 100_000];

/// Every profile in which messages wait for a consumer, and a queue with priorities.
pub fn channels_that_keep() -> impl Iterator<Item = (&'static str, Rules)> {
    let keeps = |profile: &&channel::Profile| profile.rules.keeps != Keeps::Nothing;
    let profiles =
        channel::PROFILES.iter().filter(keeps).map(|profile| (profile.name, profile.rules.clone()));
    let classic = profile("rabbitmq-classic").map(|profile| profile.rules.clone());
    profiles.chain(classic.map(|rules| ("max_priority: 9", Rules { priorities: 9, ..rules })))
}

/// A channel in which a number of messages wait for one consumer that has one in hand.
pub struct Backlog {
    channel: Channel,
    subject: Subject,
    who: Subscription,
    asks: bool,
    /// What it has in hand, and by which tag it is settled.
    hand: Option<Option<Tag>>,
    next: u32,
    effects: Vec<Effect>,
}

impl Backlog {
    /// So many messages wait in a channel of these rules.
    pub fn of(rules: &Rules, waiting: u32) -> Self {
        let mut rules = rules.clone();
        // What bounds or ends a backlog is not what is measured.
        (rules.length, rules.time_to_live, rules.duplicate_window) = (None, None, None);
        rules.delivery.prefetch = Some(1);
        let asks = rules.delivery.hands_out != HandsOut::Push;
        let mut channel = Channel::new(rules, 1);
        let mut effects = Vec::new();
        let group: Group = channel.add_group(GroupTerms::default());
        channel.bind(group, "orders", 1, &mut effects);
        let terms = MemberTerms { asks_again: !asks, ..MemberTerms::default() };
        let who = channel.subscribe(group, terms, &mut effects);
        let subject = channel.subject("orders");
        let mut backlog = Backlog { channel, subject, who, asks, hand: None, next: 0, effects };
        (0..=waiting).for_each(|_| backlog.publish());
        backlog
    }

    fn publish(&mut self) {
        self.next += 1;
        let mut publication = Publication::new(self.next, self.subject);
        // Orders by different customers.
        publication.key = u64::from(self.next);
        publication.priority = (self.next % 10) as u8;
        self.channel.publish(&publication, &mut self.effects);
        self.look();
    }

    fn look(&mut self) {
        if self.asks && self.hand.is_none() {
            self.channel.receive(self.who, 1, false, &mut self.effects);
        }
        for effect in self.effects.drain(..) {
            if let Effect::Deliver { tag, .. } = effect {
                self.hand = Some(tag);
            }
        }
    }

    /// One message comes, one is done, and the next is handed out.
    pub fn turn(&mut self) {
        self.publish();
        match self.hand.take().flatten() {
            Some(tag) => {
                self.channel.take_up(self.who, tag, &mut self.effects);
                self.channel.acknowledge(self.who, tag, &mut self.effects);
            }
            None => self.channel.consumed(self.who, &mut self.effects),
        }
        self.look();
    }

    /// Nanoseconds for one turn.
    pub fn time(&mut self, turns: u32) -> f64 {
        let began = Instant::now();
        (0..turns).for_each(|_| self.turn());
        began.elapsed().as_nanos() as f64 / f64::from(turns)
    }
}

/// Every grammar with a pattern of it.
pub const GRAMMARS: [(&str, Grammar, &str); 5] = [
    ("direct", Grammar::Exact, "."),
    ("AMQP topic", Grammar::Amqp, ".#"),
    ("MQTT", Grammar::Mqtt, "/#"),
    ("NATS", Grammar::Nats, ".>"),
    ("Redis glob", Grammar::RedisGlob, ".*"),
];

/// Bindings of which one matches.
pub struct Exchange {
    bindings: Bindings,
    subject: String,
    found: Vec<u32>,
}

impl Exchange {
    /// So many bindings in a grammar.
    pub fn of(grammar: Grammar, ending: &str, count: u32) -> Self {
        let (dot, wild) = ending.split_at(1);
        let mut bindings = Bindings::new(grammar);
        for number in 0..count {
            bindings.insert(&format!("shop{dot}{number}{dot}order{dot}{wild}"), number);
        }
        let last = if wild.is_empty() { "" } else { "created" };
        let subject = format!("shop{dot}{}{dot}order{dot}{last}", count / 2);
        Exchange { bindings, subject, found: Vec::new() }
    }

    /// Nanoseconds to find who wants a subject.
    pub fn time(&mut self, turns: u32) -> f64 {
        let began = Instant::now();
        for _ in 0..turns {
            self.found.clear();
            self.bindings.matching(&self.subject, &mut self.found);
        }
        assert_eq!(self.found.len(), 1, "{} finds {:?}", self.subject, self.found);
        began.elapsed().as_nanos() as f64 / f64::from(turns)
    }
}
