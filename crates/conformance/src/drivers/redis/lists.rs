//! Lists as queues: put in at one end, taken out at the other.

use std::collections::BTreeMap;

use channel::{GroupTerms, MemberTerms, Rules, Subscription};
use kernel::Time;

use crate::bench::Bench;

/// A list of a server, oldest item first.
#[derive(Clone, Debug)]
pub(super) struct List {
    bench: Bench,
    clients: BTreeMap<String, Subscription>,
}

impl List {
    pub(super) fn new(rules: Rules, now: Time) -> List {
        let mut bench = Bench::new(rules);
        bench.pass_until(now);
        let group = bench.add_group("list", GroupTerms::default());
        bench.with(|channel, effects| channel.bind(group, "", 1, effects));
        List { bench, clients: BTreeMap::new() }
    }

    pub(super) fn pass_until(&mut self, then: Time) {
        self.bench.pass_until(then);
    }

    /// Puts an item in. Whoever waits for one gets it: who gets what.
    pub(super) fn push(&mut self, id: &str) -> Vec<(String, String)> {
        self.bench.publish(id, "");
        self.given()
    }

    /// Takes the oldest item out, or waits for one.
    pub(super) fn pop(&mut self, who: &str, waits: bool) -> Vec<(String, String)> {
        let client = self.client(who);
        self.bench.with(|channel, effects| {
            channel.connect(client, effects);
            channel.receive(client, 1, waits, effects)
        });
        self.given()
    }

    fn client(&mut self, who: &str) -> Subscription {
        if let Some(&client) = self.clients.get(who) {
            return client;
        }
        let group = self.bench.group("list").unwrap_or(channel::Group(0));
        // What a pop gave is out of the list: it does not matter what becomes of it.
        let terms = MemberTerms { asks_again: false, automatic: true, ..MemberTerms::default() };
        let client = self.bench.subscribe(who, group, terms);
        self.clients.insert(who.to_owned(), client);
        client
    }

    fn given(&mut self) -> Vec<(String, String)> {
        let delivered = self.bench.deliveries();
        let named = |to, message| (self.bench.name(to).to_owned(), self.bench.id(message).to_owned());
        delivered.iter().map(|delivered| named(delivered.to, delivered.message)).collect()
    }

    pub(super) fn disconnect(&mut self, who: &str) {
        if let Some(&client) = self.clients.get(who) {
            self.bench.with(|channel, effects| channel.disconnect(client, effects));
        }
    }

    pub(super) fn go_down(&mut self, killed: bool) {
        self.bench
            .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
        for client in self.clients.values() {
            self.bench.with(|channel, effects| channel.disconnect(*client, effects));
        }
    }

    pub(super) fn come_up(&mut self) {
        self.bench.with(|channel, effects| channel.restart(effects));
    }

    /// What is in it, newest first, as LRANGE shows what LPUSH put in.
    pub(super) fn items(&self) -> Vec<String> {
        let group = self.bench.group("list").unwrap_or(channel::Group(0));
        let mut items: Vec<String> =
            self.bench.channel.ready(group).map(|message| self.bench.id(message).to_owned()).collect();
        items.reverse();
        items
    }
}
