//! What waits in a channel, counted and in words.

use std::fmt;

use channel::{Choice, Group, Subscription};
use topology::{ChannelId, World};

use crate::layout::is_never;

/// How much waits for a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) ready: usize,
    /// Out and not acknowledged; also what was handed back and comes again only if somebody fetches it.
    pub(crate) held: usize,
    /// Comes again by itself, but not yet.
    pub(crate) later: usize,
}

impl Waiting {
    pub(crate) fn of(world: &World, channel: ChannelId, group: Group) -> Waiting {
        let engine = world.channel(channel);
        let (ready, held) = (engine.ready_len(group), engine.held_len(group));
        let delayed = engine.delayed_len(group);
        if is_never(engine.rules().delivery.backoff.first) {
            return Waiting { ready, held: held + delayed, later: 0 };
        }
        Waiting { ready, held, later: delayed }
    }

    /// How much of a partition a group has out.
    pub(crate) fn out_of(world: &World, channel: ChannelId, group: Group, partition: u16) -> usize {
        let engine = world.channel(channel);
        match engine.partitions() {
            1 => Waiting::of(world, channel, group).held,
            _ => engine.held_from(group, partition, 0).count(),
        }
    }

    pub(crate) fn add(&mut self, other: &Waiting) {
        self.ready += other.ready;
        self.held += other.held;
        self.later += other.later;
    }
}

/// Who has rows of a table in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hands {
    /// Rows that somebody has claimed.
    pub(crate) running: usize,
    /// Those who have looked at a row that is pending all the same.
    pub(crate) looks: usize,
}

impl Hands {
    pub(crate) fn of(world: &World, channel: ChannelId, group: Group) -> Hands {
        let engine = world.channel(channel);
        let (mut hands, mut before) = (Hands { running: 0, looks: 0 }, None);
        // Those who have the same row stand side by side.
        for held in engine.held(group) {
            if engine.is_look(group, held.tag) {
                hands.looks += 1;
            } else if before != Some(held.message) {
                hands.running += 1;
                before = Some(held.message);
            }
        }
        hands
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ready, {} unacked", self.ready, self.held)?;
        if self.later > 0 { write!(f, ", {} later", self.later) } else { Ok(()) }
    }
}

/// What a group is bound by: its first pattern, shortened in the middle, and how many more there are.
pub(crate) struct Pattern<'a> {
    pub(crate) bindings: &'a [String],
    /// So many letters.
    pub(crate) most: usize,
    /// Whether keys are shared out instead.
    pub(crate) keyed: bool,
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.bindings.first().map_or("", String::as_str);
        if self.keyed {
            return f.write_str("by key");
        }
        if first.is_empty() {
            return f.write_str(if self.bindings.is_empty() { "nothing" } else { "everything" });
        }
        let more = self.bindings.len() - 1;
        let most = if more > 0 { self.most - 3 } else { self.most };
        Short { text: first, most }.fmt(f)?;
        if more > 0 { write!(f, " +{more}") } else { Ok(()) }
    }
}

/// A text of at most so many letters: what is too much goes from its middle.
pub(crate) struct Short<'a> {
    pub(crate) text: &'a str,
    pub(crate) most: usize,
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Short { text, most } = *self;
        let count = text.chars().count();
        if count <= most {
            return f.write_str(text);
        }
        let byte = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(index, _)| index);
        let head = most / 2;
        let tail = most - 1 - head;
        write!(f, "{}…{}", &text[..byte(head)], &text[byte(count - tail)..])
    }
}

/// Consumers of a log that own no partition, because there are more of them than partitions.
pub(crate) struct Idle<'a> {
    pub(crate) world: &'a World,
    pub(crate) channel: ChannelId,
    pub(crate) group: Group,
}

/// More consumers than this are not looked through for who is idle.
const CONSUMERS_MAX: usize = 200;
/// So many of them are named.
const NAMED_MAX: usize = 3;

impl Idle<'_> {
    fn subscriptions(&self) -> impl Iterator<Item = Subscription> + '_ {
        let engine = self.world.channel(self.channel);
        let has_owners = matches!(engine.rules().delivery.choice, Choice::Partition(_));
        let owns = move |who: Subscription| {
            (0..engine.partitions()).any(|partition| engine.owner(self.group, partition) == Some(who))
        };
        let members = engine.members(self.group).take(if has_owners { CONSUMERS_MAX } else { 0 });
        members.filter(move |&who| engine.is_connected(who) && !owns(who))
    }

    pub(crate) fn is_any(&self) -> bool {
        self.subscriptions().next().is_some()
    }
}

impl fmt::Display for Idle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = None;
        let mut count = 0;
        for who in self.subscriptions() {
            count += 1;
            let Some((service, worker)) = self.world.subscriber_of(self.channel, who) else { continue };
            if count > NAMED_MAX {
                continue;
            }
            match before {
                Some(same) if same == service => f.write_str(", ")?,
                Some(_) => write!(f, ", {} ", self.world.plan().services[service.index()].name)?,
                None => write!(f, "{} ", self.world.plan().services[service.index()].name)?,
            }
            before = Some(service);
            write!(f, "{}", worker.unwrap_or(0) + 1)?;
        }
        if count > NAMED_MAX { write!(f, " +{} idle", count - NAMED_MAX) } else { f.write_str(" idle") }
    }
}

/// What a group of a log has besides what it has not read: what came back, what comes later, what was given
/// up.
pub(crate) struct Beside<'a> {
    pub(crate) world: &'a World,
    pub(crate) channel: ChannelId,
    pub(crate) group: Group,
}

impl Beside<'_> {
    fn counts(&self) -> [(usize, &'static str); 3] {
        let engine = self.world.channel(self.channel);
        let waiting = Waiting::of(self.world, self.channel, self.group);
        let unread = |partition| {
            let behind = engine.end(partition).saturating_sub(engine.offsets(self.group, partition).0);
            (behind as usize).min(engine.entries_len(partition))
        };
        let unread: usize = (0..engine.partitions()).map(unread).sum();
        [
            (waiting.ready.saturating_sub(unread), "back"),
            (waiting.later, "later"),
            (engine.spent_len(self.group) as usize, "given up"),
        ]
    }

    pub(crate) fn is_any(&self) -> bool {
        self.counts().iter().any(|&(count, _)| count > 0)
    }
}

impl fmt::Display for Beside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.world.groups(self.channel)[usize::from(self.group.0)].name)?;
        let mut before = ": ";
        for (count, words) in self.counts() {
            if count > 0 {
                write!(f, "{before}{count} {words}")?;
                before = ", ";
            }
        }
        Ok(())
    }
}
