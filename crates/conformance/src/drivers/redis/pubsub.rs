//! Publish and subscribe: every subscription of a client counts by itself.

use channel::{Effect, GroupTerms, MemberTerms, Rules, Subscription};
use kernel::Time;
use serde_json::{Value, json};

use crate::bench::Bench;

/// The channels of a server, and who listens.
#[derive(Clone, Debug)]
pub(super) struct Pubsub {
    bench: Bench,
    listening: Vec<Listening>,
}

#[derive(Clone, Debug)]
struct Listening {
    who: String,
    pattern: String,
    is_pattern: bool,
    reads: bool,
    subscription: Subscription,
}

impl Pubsub {
    pub(super) fn new(rules: Rules, now: Time) -> Pubsub {
        let mut bench = Bench::new(rules);
        bench.pass_until(now);
        Pubsub { bench, listening: Vec::new() }
    }

    pub(super) fn pass_until(&mut self, then: Time) {
        self.bench.pass_until(then);
    }

    /// SUBSCRIBE or PSUBSCRIBE; a second time changes nothing.
    pub(super) fn subscribe(&mut self, who: &str, pattern: &str, is_pattern: bool, reads: bool) {
        if self.position(who, pattern, is_pattern).is_some() {
            return;
        }
        let terms = GroupTerms { exclusive: true, ..GroupTerms::default() };
        let group = self.bench.add_group(&format!("{who} {pattern} {is_pattern}"), terms);
        let bound = if is_pattern { pattern.to_owned() } else { literally(pattern) };
        self.bench.with(|channel, effects| channel.bind(group, &bound, 1, effects));
        let terms = MemberTerms { asks_again: false, reads, ..MemberTerms::default() };
        let subscription = self.bench.subscribe(who, group, terms);
        let (who, pattern) = (who.to_owned(), pattern.to_owned());
        self.listening.push(Listening { who, pattern, is_pattern, reads, subscription });
    }

    /// UNSUBSCRIBE or PUNSUBSCRIBE, of one or all.
    pub(super) fn unsubscribe(&mut self, who: &str, pattern: Option<&str>, is_pattern: bool) {
        let ends = |known: &Listening| {
            known.who == who && known.is_pattern == is_pattern && pattern.is_none_or(|it| it == known.pattern)
        };
        let (over, stay) = std::mem::take(&mut self.listening).into_iter().partition(ends);
        self.listening = stay;
        self.end(over);
    }

    /// The connection of a client breaks: its subscriptions end. Returns them, as a client library remembers.
    pub(super) fn disconnect(&mut self, who: &str) -> Vec<(String, bool)> {
        let (over, stay): (Vec<Listening>, _) =
            std::mem::take(&mut self.listening).into_iter().partition(|known| known.who == who);
        self.listening = stay;
        let remembered = over.iter().map(|known| (known.pattern.clone(), known.is_pattern)).collect();
        self.end(over);
        remembered
    }

    fn end(&mut self, over: Vec<Listening>) {
        for known in over {
            self.bench.with(|channel, effects| channel.disconnect(known.subscription, effects));
        }
    }

    fn position(&self, who: &str, pattern: &str, is_pattern: bool) -> Option<usize> {
        self.listening.iter().position(|known| {
            known.who == who && known.pattern == pattern && known.is_pattern == is_pattern && {
                self.bench.channel.is_connected(known.subscription)
            }
        })
    }

    /// PUBLISH: the number that it returns, and who reads what.
    pub(super) fn publish(&mut self, topic: &str, id: &str) -> (u32, Vec<(String, Value)>) {
        let receipt = self.bench.publish(id, topic);
        let mut rows: Vec<(bool, String, Value)> = Vec::new();
        for delivered in self.bench.deliveries() {
            let known = self.listening.iter().find(|known| known.subscription == delivered.to);
            let Some(known) = known.filter(|known| known.reads) else { continue };
            let mut row = json!({ "id": id, "channel": topic });
            if known.is_pattern {
                row["via"] = json!(known.pattern);
                row["pattern"] = json!(known.pattern);
            }
            rows.push((known.is_pattern, known.who.clone(), row));
        }
        // Redis sends to the channel's subscribers before it looks at patterns.
        rows.sort_by_key(|(is_pattern, _, _)| *is_pattern);
        (receipt.receivers, rows.into_iter().map(|(_, who, row)| (who, row)).collect())
    }

    /// Whether the server cut this client off.
    pub(super) fn was_cut_off(&self, who: &str) -> bool {
        let cut_off =
            |effect: &Effect| matches!(effect, Effect::CutOff { who: cut } if self.bench.name(*cut) == who);
        self.bench.effects().iter().any(|(_, effect)| cut_off(effect))
    }

    /// Whether a client has a connection still.
    pub(super) fn is_connected(&self, who: &str) -> bool {
        let mut own = self.listening.iter().filter(|known| known.who == who);
        own.any(|known| self.bench.channel.is_connected(known.subscription))
    }

    pub(super) fn go_down(&mut self, killed: bool) {
        self.bench
            .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
        let over = std::mem::take(&mut self.listening);
        self.end(over);
    }

    pub(super) fn come_up(&mut self) {
        self.bench.with(|channel, effects| channel.restart(effects));
    }
}

/// A channel's name as a pattern that fits nothing else.
fn literally(name: &str) -> String {
    let special = |letter: char| matches!(letter, '*' | '?' | '[' | ']' | '\\' | '^' | '-');
    name.chars().flat_map(|letter| special(letter).then_some('\\').into_iter().chain([letter])).collect()
}
