//! A table of jobs, in the verbs of those who poll it.
//!
//! Which row somebody gets, who waits for whom and what comes back are the engine's. What an UPDATE counts, and
//! what a column says, is SQL's and ours.

use std::collections::{BTreeMap, BTreeSet};

use channel::{Claim, Effect, GroupTerms, MemberTerms, Rejection, Rules, Subscription, Tag};
use kernel::{Span, Time};

use crate::bench::Bench;

/// A table with its rows.
#[derive(Clone, Debug)]
pub(super) struct Table {
    bench: Bench,
    pollers: BTreeMap<String, Subscription>,
    in_hand: BTreeMap<(String, String), Tag>,
    /// Claims that were committed before the work.
    claimed: BTreeSet<String>,
    /// The column that counts how often a job was tried, as others see it.
    attempts: BTreeMap<String, u32>,
    waiting: BTreeSet<String>,
    /// Rows that exist, in the order of their ids.
    rows: Vec<String>,
}

/// Somebody got a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Got {
    pub(super) who: String,
    pub(super) id: String,
    /// Whether it had to wait for somebody else's transaction.
    pub(super) waited: bool,
}

impl Table {
    pub(super) fn new(rules: Rules, now: Time) -> Table {
        let mut bench = Bench::new(rules);
        bench.pass_until(now);
        let group = bench.add_group("jobs", GroupTerms::default());
        bench.with(|channel, effects| channel.bind(group, "", 1, effects));
        Table {
            bench,
            pollers: BTreeMap::new(),
            in_hand: BTreeMap::new(),
            claimed: BTreeSet::new(),
            attempts: BTreeMap::new(),
            waiting: BTreeSet::new(),
            rows: Vec::new(),
        }
    }

    pub(super) fn now(&self) -> Time {
        self.bench.now()
    }

    pub(super) fn pass(&mut self, span: Span) -> Vec<Got> {
        self.bench.pass(span);
        self.got()
    }

    pub(super) fn pass_until(&mut self, then: Time) {
        self.bench.pass_until(then);
    }

    /// Inserts a row. Returns whether there is one more.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let known = self.rows.iter().position(|row| row == id).unwrap_or(self.rows.len());
        let identity = Some(known as u64);
        let receipt = self.bench.publish_with(id, "", |publication| publication.identity = identity);
        let inserted = receipt.accepted && !receipt.duplicate;
        if inserted {
            self.rows.push(id.to_owned());
        }
        inserted
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row == id)
    }

    pub(super) fn rows(&self) -> &[String] {
        &self.rows
    }

    fn group(&self) -> channel::Group {
        self.bench.group("jobs").unwrap_or(channel::Group(0))
    }

    fn poller(&mut self, who: &str) -> Subscription {
        if let Some(&poller) = self.pollers.get(who) {
            self.bench.with(|channel, effects| channel.connect(poller, effects));
            return poller;
        }
        let terms = MemberTerms { asks_again: false, ..MemberTerms::default() };
        let group = self.group();
        let poller = self.bench.subscribe(who, group, terms);
        self.pollers.insert(who.to_owned(), poller);
        poller
    }

    /// Somebody looks for the next row, with the claim that the rules say. If that has to wait for another's
    /// transaction, it comes later.
    pub(super) fn poll(&mut self, who: &str) -> Vec<Got> {
        let poller = self.poller(who);
        let waits = matches!(
            self.bench.channel.rules().delivery.claim,
            Claim::ForUpdate | Claim::UpdateSubselect | Claim::UpdateSubselectRechecked
        );
        let given = self.bench.with(|channel, effects| channel.receive(poller, 1, waits, effects));
        if given == 0 && waits {
            if self.bench.channel.held_len(self.group()) > 0 {
                self.waiting.insert(who.to_owned());
            } else {
                self.bench.channel.withdraw(poller);
            }
        }
        self.got()
    }

    /// Whether somebody's claim has not come back yet.
    pub(super) fn is_waiting(&self, who: &str) -> bool {
        self.waiting.contains(who)
    }

    fn got(&mut self) -> Vec<Got> {
        let delivered = self.bench.deliveries();
        let mut all = Vec::new();
        for delivered in delivered {
            let who = self.bench.name(delivered.to).to_owned();
            let id = self.bench.id(delivered.message).to_owned();
            if let Some(tag) = delivered.tag {
                self.in_hand.insert((who.clone(), id.clone()), tag);
            }
            let waited = self.waiting.remove(&who);
            all.push(Got { who, id, waited });
        }
        all
    }

    fn tag(&self, who: &str, id: &str) -> Option<(Subscription, Tag)> {
        let poller = self.pollers.get(who)?;
        Some((*poller, *self.in_hand.get(&(who.to_owned(), id.to_owned()))?))
    }

    /// The UPDATE that claims a row is committed before the work. Returns how many rows it counted, and what
    /// others get who waited for it.
    pub(super) fn claim(&mut self, who: &str, id: &str) -> (u32, Vec<Got>) {
        let Some((poller, tag)) = self.tag(who, id) else { return (0, Vec::new()) };
        let claimed = self.bench.with(|channel, effects| channel.take_up(poller, tag, effects));
        if claimed {
            self.claimed.insert(id.to_owned());
            *self.attempts.entry(id.to_owned()).or_insert(0) += 1;
        } else {
            self.in_hand.remove(&(who.to_owned(), id.to_owned()));
        }
        // Whoever waited and was left out has looked in vain.
        let got = self.got();
        self.waiting.clear();
        (u32::from(claimed), got)
    }

    /// The UPDATE that marks a row as done, and COMMIT. Returns how many rows it counted: where it is not guarded
    /// by the owner's name, any row that exists.
    pub(super) fn finish(&mut self, who: &str, id: &str, guarded: bool) -> (u32, Vec<Got>) {
        let mut rules = self.bench.channel.rules().clone();
        if rules.delivery.fenced != guarded {
            rules.delivery.fenced = guarded;
            self.bench.with(|channel, effects| channel.set_rules(rules, effects));
        }
        let counted = match self.tag(who, id) {
            Some((poller, tag)) => self.bench.acknowledge(poller, tag),
            None => false,
        };
        let count = if guarded { u32::from(counted) } else { u32::from(self.has(id)) };
        (count, self.got())
    }

    /// The job failed, and is pending again.
    pub(super) fn fail(&mut self, who: &str, id: &str) -> Vec<Got> {
        if let Some((poller, tag)) = self.tag(who, id) {
            *self.attempts.entry(id.to_owned()).or_insert(0) += 1;
            self.bench.reject(poller, tag, Rejection::Requeue);
        }
        self.got()
    }

    /// A poller's connection breaks, and with it its transaction.
    pub(super) fn disconnect(&mut self, who: &str) -> Vec<Got> {
        if let Some(&poller) = self.pollers.get(who) {
            self.waiting.remove(who);
            self.bench.with(|channel, effects| channel.disconnect(poller, effects));
        }
        self.got()
    }

    /// Rows that have been running for so long are pending again. Returns them.
    pub(super) fn reap(&mut self, idle: Span) -> (Vec<String>, Vec<Got>) {
        let before = self.bench.effects().len();
        let group = self.group();
        self.bench.with(|channel, effects| channel.reap(group, idle, effects));
        let mut reaped = Vec::new();
        for (_, effect) in &self.bench.effects()[before..] {
            if let Effect::Returned { message, .. } = effect {
                reaped.push(self.bench.id(*message).to_owned());
            }
        }
        reaped.iter().for_each(|id| {
            self.claimed.remove(id);
        });
        (reaped, self.got())
    }

    /// The server goes down: every connection breaks, every open transaction is rolled back.
    pub(super) fn go_down(&mut self, killed: bool) {
        self.bench
            .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
        for poller in self.pollers.values() {
            self.bench.with(|channel, effects| channel.disconnect(*poller, effects));
        }
        self.waiting.clear();
        for (_, effect) in self.bench.effects() {
            if let Effect::Lost { message, .. } = effect {
                let lost = self.bench.id(*message);
                self.rows.retain(|row| row != lost);
            }
        }
    }

    pub(super) fn come_up(&mut self) {
        self.bench.with(|channel, effects| channel.restart(effects));
    }

    pub(super) fn is_connected(&self, who: &str) -> bool {
        self.pollers.get(who).is_some_and(|poller| self.bench.channel.is_connected(*poller))
    }

    /// How often a job was tried, as far as that is committed.
    pub(super) fn attempts(&self, id: &str) -> u32 {
        self.attempts.get(id).copied().unwrap_or(0)
    }

    /// What the column says that others read: an open transaction has not changed it.
    pub(super) fn status(&self, id: &str) -> &'static str {
        let mut status = "pending";
        for (_, effect) in self.bench.effects() {
            match effect {
                Effect::Done { message, .. } if self.bench.id(*message) == id => status = "done",
                Effect::DeadLettered { message, .. } if self.bench.id(*message) == id => status = "dead",
                Effect::Done { .. }
                | Effect::DeadLettered { .. }
                | Effect::Kept { .. }
                | Effect::Deliver { .. }
                | Effect::Missed { .. }
                | Effect::NobodyListening { .. }
                | Effect::Refused { .. }
                | Effect::Duplicate { .. }
                | Effect::Lost { .. }
                | Effect::Returned { .. }
                | Effect::CutOff { .. } => {}
            }
        }
        if status == "pending" && self.claimed.contains(id) { "running" } else { status }
    }
}
