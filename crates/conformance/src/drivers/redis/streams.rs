//! A stream, its groups and its plain readers, in Redis's verbs.
//!
//! The entries, who has what in hand and who is served next are the engine's; entry ids are ours.

use std::collections::BTreeMap;

use channel::{
    Effect, Group, GroupTerms, Loss, MemberTerms, Rules, Start, Subscription, Tag, Value as Setting,
};
use kernel::{Span, Time};
use serde_json::{Value, json};

use crate::bench::Bench;

/// One stream of a server.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    bench: Bench,
    rules: Rules,
    /// What was ever added: the offset in the log is the index.
    added: Vec<(String, EntryId)>,
    /// Whether the publisher gave each entry its id.
    explicit: bool,
    members: BTreeMap<(String, String), Subscription>,
    readers: BTreeMap<String, Subscription>,
    /// The last delivery of an entry to a member.
    tags: BTreeMap<(Subscription, u64), Tag>,
    /// Until when a call that found nothing waits.
    waiting: BTreeMap<Subscription, Time>,
    /// How many entries each group has read, as `XINFO` counts.
    read: BTreeMap<Group, u64>,
}

/// An entry's id: milliseconds and a number.
type EntryId = (u64, u64);

/// A delivery to a member of a group, or to a plain reader.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// `None`: by a plain XREAD.
    pub(super) group: Option<String>,
    pub(super) who: String,
    pub(super) row: Value,
}

/// What XAUTOCLAIM answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Claimed {
    pub(super) ids: Vec<String>,
    /// Those of them that somebody else held.
    pub(super) moved: Vec<String>,
    /// How often each was delivered now.
    pub(super) counts: Vec<u16>,
    /// Where the next call would go on.
    pub(super) cursor: Option<String>,
    /// Entries without a body, which it drops.
    pub(super) deleted: Vec<String>,
}

impl Stream {
    pub(super) fn new(rules: Rules, now: Time) -> Stream {
        let mut bench = Bench::new(rules.clone());
        bench.pass_until(now);
        Stream {
            bench,
            rules,
            added: Vec::new(),
            explicit: true,
            members: BTreeMap::new(),
            readers: BTreeMap::new(),
            tags: BTreeMap::new(),
            waiting: BTreeMap::new(),
            read: BTreeMap::new(),
        }
    }

    /// Lets time pass; calls whose time is over come back with nothing.
    pub(super) fn pass_until(&mut self, then: Time) {
        self.bench.pass_until(then);
        let over: Vec<Subscription> =
            self.waiting.iter().filter(|(_, until)| **until <= then).map(|(who, _)| *who).collect();
        for who in over {
            self.waiting.remove(&who);
            self.bench.channel.withdraw(who);
        }
    }

    /// Adds an entry; `None` if Redis refuses its id.
    pub(super) fn add(&mut self, id: &str, entry_id: &str, bound: Option<(u32, bool)>) -> Option<Vec<Given>> {
        let top = self.added.last().map_or((0, 0), |(_, top)| *top);
        let automatic = entry_id == "*";
        let entry_id = match (entry_id, entry_id.split_once('-')) {
            ("*", _) => (top.0 + 1, 0),
            (text, None) => (text.parse().unwrap_or(0), 0),
            (_, Some((time, "*"))) => {
                let time = time.parse().unwrap_or(0);
                (time, if time == top.0 { top.1 + 1 } else { 0 })
            }
            (_, Some((time, number))) => (time.parse().unwrap_or(0), number.parse().unwrap_or(0)),
        };
        if entry_id <= top {
            return None;
        }
        self.bound(bound);
        self.bench.publish(id, "");
        self.bound(None);
        self.added.push((id.to_owned(), entry_id));
        self.explicit &= !automatic;
        Some(self.given(&json!({ "cursor": ">" })))
    }

    /// Cuts the stream back now.
    pub(super) fn trim(&mut self, bound: (u32, bool)) {
        self.bound(Some(bound));
        self.bound(None);
    }

    /// The bound that XADD gives holds for this call only.
    fn bound(&mut self, bound: Option<(u32, bool)>) {
        let set = |rules: &mut Rules, name: &str, value: Setting| {
            let parameter = channel::profile("redis-streams").and_then(|profile| profile.parameter(name));
            if let Some(parameter) = parameter {
                (parameter.set)(rules, value);
            }
        };
        let mut rules = self.rules.clone();
        if let Some((most, approximate)) = bound {
            set(&mut rules, "maxlen", Setting::Count(most));
            set(&mut rules, "approximate", Setting::Flag(approximate));
        }
        if *self.bench.channel.rules() != rules {
            self.bench.with(|channel, effects| channel.set_rules(rules, effects));
        }
    }

    /// Adds a group, unless there is one of that name.
    pub(super) fn create_group(&mut self, name: &str, start: &str) {
        if self.bench.group(name).is_some() {
            return;
        }
        let start = match self.after(start) {
            None => Start::New,
            Some(0) => Start::First,
            Some(offset) => Start::Offset(offset),
        };
        let group = self.bench.add_group(name, GroupTerms { start, ..GroupTerms::default() });
        self.bench.with(|channel, effects| channel.bind(group, "", 1, effects));
        let (next, _) = self.bench.channel.offsets(group, 0);
        self.read.insert(group, next);
    }

    /// The offset after an id, by the name of a message or in Redis's own form; `None` for `$`.
    fn after(&self, cursor: &str) -> Option<u64> {
        let named = cursor.strip_prefix("id of ").unwrap_or(cursor);
        if let Some(known) = self.added.iter().position(|(id, _)| id == named) {
            return Some(known as u64 + 1);
        }
        if cursor == "$" {
            return None;
        }
        let (time, number) = cursor.split_once('-').unwrap_or((cursor, "0"));
        let id = (time.parse().unwrap_or(0), number.parse().unwrap_or(0));
        Some(self.added.iter().take_while(|(_, known)| *known <= id).count() as u64)
    }

    pub(super) fn has_group(&self, name: &str) -> bool {
        self.bench.group(name).is_some()
    }

    pub(super) fn destroy_group(&mut self, name: &str) {
        if let Some(group) = self.bench.group(name) {
            self.bench.with(|channel, effects| channel.remove_group(group, effects));
        }
    }

    pub(super) fn set_cursor(&mut self, name: &str, cursor: &str) {
        if let Some(group) = self.bench.group(name) {
            let offset = self.after(cursor).unwrap_or_else(|| self.bench.channel.end(0));
            self.bench.with(|channel, effects| channel.seek(group, 0, offset, effects));
            self.read.insert(group, offset);
        }
    }

    /// The consumer of that name in a group; whoever reads is connected.
    fn member(&mut self, group: &str, who: &str) -> Option<Subscription> {
        let key = (group.to_owned(), who.to_owned());
        let id = self.bench.group(group)?;
        if let Some(&member) = self.members.get(&key) {
            self.bench.with(|channel, effects| channel.connect(member, effects));
            return Some(member);
        }
        let terms = MemberTerms { asks_again: false, ..MemberTerms::default() };
        let member = self.bench.subscribe(who, id, terms);
        self.members.insert(key, member);
        Some(member)
    }

    /// XREADGROUP with `>`: `None` if there is no such group. With `wait` it waits so long if there is nothing.
    pub(super) fn read_new(
        &mut self,
        group: &str,
        who: &str,
        most: u32,
        wait: Option<Span>,
    ) -> Option<Vec<Given>> {
        let member = self.member(group, who)?;
        self.ask(member, most, wait);
        Some(self.given(&json!({ "cursor": ">" })))
    }

    fn ask(&mut self, member: Subscription, most: u32, wait: Option<Span>) {
        self.waiting.remove(&member);
        let got = self.bench.with(|channel, effects| channel.receive(member, most, wait.is_some(), effects));
        if got == 0
            && let Some(wait) = wait
        {
            self.waiting.insert(member, self.bench.now() + wait);
        }
    }

    /// XREADGROUP with a cursor: what this consumer has in hand already. It never waits.
    pub(super) fn read_pending(&mut self, group: &str, who: &str) -> Option<Vec<Given>> {
        let member = self.member(group, who)?;
        self.bench.with(|channel, effects| channel.deliver_again(member, effects));
        Some(self.given(&json!({ "cursor": "0" })))
    }

    /// XREAD: a reader without a group.
    pub(super) fn read_plain(
        &mut self,
        who: &str,
        cursor: Option<&str>,
        most: u32,
        wait: Option<Span>,
    ) -> Vec<Given> {
        let reader = self.reader(who);
        let group = self.bench.channel.group_of(reader);
        self.bench.channel.withdraw(reader);
        if let Some(cursor) = cursor {
            let offset = self.after(cursor).unwrap_or_else(|| self.bench.channel.end(0));
            self.bench.with(|channel, effects| channel.seek(group, 0, offset, effects));
        }
        self.ask(reader, most, wait);
        self.given(&json!({}))
    }

    fn reader(&mut self, who: &str) -> Subscription {
        if let Some(&reader) = self.readers.get(who) {
            self.bench.with(|channel, effects| channel.connect(reader, effects));
            return reader;
        }
        // What a plain reader was given is no longer the stream's business.
        let terms = GroupTerms { start: Start::First, ..GroupTerms::default() };
        let group = self.bench.add_group(&format!("XREAD {who}"), terms);
        self.bench.with(|channel, effects| channel.bind(group, "", 1, effects));
        let terms = MemberTerms { asks_again: false, automatic: true, ..MemberTerms::default() };
        let reader = self.bench.subscribe(who, group, terms);
        self.readers.insert(who.to_owned(), reader);
        reader
    }

    /// XAUTOCLAIM from the beginning.
    pub(super) fn claim(
        &mut self,
        group: &str,
        who: &str,
        idle: Span,
        most: u32,
        silent: bool,
    ) -> Option<(Claimed, Vec<Given>)> {
        let member = self.member(group, who)?;
        let id = self.bench.channel.group_of(member);
        let owners: BTreeMap<u64, Subscription> =
            self.bench.channel.held(id).map(|held| (held.tag.position().offset(), held.by)).collect();
        let said = self.bench.effects().len();
        let claimed = self.bench.with(|channel, effects| channel.claim(member, idle, most, silent, effects));
        let offsets: Vec<u64> = claimed.iter().map(|position| position.offset()).collect();
        let mut given = self.given(&json!({ "via": "xautoclaim" }));
        // What the caller held already has not come to it.
        let others = |offset: &u64| owners.get(offset) != Some(&member);
        let moved: Vec<String> =
            offsets.iter().filter(|offset| others(offset)).map(|offset| self.id_at(*offset)).collect();
        given.retain(|given| moved.iter().any(|id| given.row["id"] == json!(id)));
        let full = offsets.len() as u64 == u64::from(most);
        let next = offsets.last().filter(|_| full).and_then(|last| owners.range(last + 1..).next());
        let counts = self
            .bench
            .channel
            .held(id)
            .filter(|held| offsets.contains(&held.tag.position().offset()) && held.by == member);
        let counts = counts.map(|held| held.delivery).collect();
        let deleted = self.bench.effects()[said..].iter().filter_map(|(_, effect)| trimmed(effect));
        Some((
            Claimed {
                ids: offsets.iter().map(|offset| self.id_at(*offset)).collect(),
                moved,
                counts,
                cursor: next.map(|(offset, _)| self.id_at(*offset)),
                deleted: deleted.map(|message| self.bench.id(message).to_owned()).collect(),
            },
            given,
        ))
    }

    /// XACK, by whoever. Returns whether it counted.
    pub(super) fn acknowledge(&mut self, group: &str, who: Option<&str>, id: &str) -> bool {
        let Some(group_id) = self.bench.group(group) else { return false };
        let Some(offset) = self.added.iter().rposition(|(known, _)| known == id) else { return false };
        let held = self.bench.channel.held(group_id);
        let now = held.filter(|held| held.tag.position().offset() == offset as u64).last();
        let own = who
            .and_then(|who| self.members.get(&(group.to_owned(), who.to_owned())))
            .and_then(|member| self.tags.get(&(*member, offset as u64)).map(|tag| (*member, *tag)));
        match (own, now) {
            (Some((member, tag)), _) => self.bench.acknowledge(member, tag),
            (None, Some(held)) => self.bench.acknowledge(held.by, held.tag),
            (None, None) => false,
        }
    }

    /// XGROUP DELCONSUMER. Returns how many entries it had in hand.
    pub(super) fn forget(&mut self, group: &str, who: &str) -> usize {
        match self.members.remove(&(group.to_owned(), who.to_owned())) {
            Some(member) => self.bench.with(|channel, effects| channel.forget(member, effects)),
            None => 0,
        }
    }

    /// XDEL.
    pub(super) fn delete(&mut self, id: &str) -> bool {
        let offset = self.added.iter().rposition(|(known, _)| known == id);
        offset.is_some_and(|offset| {
            let position = channel::Position::new(0, offset as u64);
            self.bench.with(|channel, effects| channel.delete(position, effects))
        })
    }

    /// A client's connection breaks.
    pub(super) fn disconnect(&mut self, who: &str) {
        for member in self.clients(Some(who)) {
            self.waiting.remove(&member);
            self.bench.with(|channel, effects| channel.disconnect(member, effects));
        }
    }

    fn clients(&self, who: Option<&str>) -> Vec<Subscription> {
        let members = self.members.iter().map(|((_, name), member)| (name, *member));
        let all = members.chain(self.readers.iter().map(|(name, member)| (name, *member)));
        all.filter(|(name, _)| who.is_none_or(|who| who == *name)).map(|(_, member)| member).collect()
    }

    /// The server goes down, and every connection breaks.
    pub(super) fn go_down(&mut self, killed: bool) {
        self.bench
            .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
        for member in self.clients(None) {
            self.bench.with(|channel, effects| channel.disconnect(member, effects));
        }
        self.waiting.clear();
    }

    pub(super) fn come_up(&mut self) {
        self.bench.with(|channel, effects| channel.restart(effects));
    }

    fn id_at(&self, offset: u64) -> String {
        self.added.get(offset as usize).map_or_else(|| "?".to_owned(), |(id, _)| id.clone())
    }

    /// What arrived since this was last asked, with more to say of each.
    fn given(&mut self, more: &Value) -> Vec<Given> {
        let mut all = Vec::new();
        for delivered in self.bench.deliveries() {
            let who = self.bench.name(delivered.to).to_owned();
            let group = self.bench.group_name(delivered.group).to_owned();
            let group = (!group.starts_with("XREAD ")).then_some(group);
            self.waiting.remove(&delivered.to);
            let mut row = json!({ "id": self.bench.id(delivered.message) });
            if let Some(tag) = delivered.tag {
                let offset = tag.position().offset();
                self.tags.insert((delivered.to, offset), tag);
                let read = self.read.entry(delivered.group).or_insert(0);
                *read = (*read).max(offset + 1);
                let gone = !self.bench.channel.entries(0).any(|(known, _)| known == offset);
                row["times_delivered"] = json!(delivered.delivery);
                for word in ["nil", "deleted", "trimmed", "gone"] {
                    row[word] = json!(gone);
                }
                for (key, value) in more.as_object().into_iter().flatten() {
                    row[key] = value.clone();
                }
            }
            all.push(Given { group, who, row });
        }
        all
    }

    /// How many entries a consumer has in hand.
    pub(super) fn held_by(&self, group: &str, who: &str) -> u32 {
        let member = self.members.get(&(group.to_owned(), who.to_owned()));
        member.map_or(0, |member| self.bench.channel.holds(*member))
    }

    /// XPENDING of a group, oldest entry first.
    pub(super) fn pending(&self, group: &str) -> Vec<Value> {
        let Some(id) = self.bench.group(group) else { return Vec::new() };
        let row = |held: channel::HeldView| {
            json!({
                "id": self.bench.id(held.message),
                "owner": self.bench.name(held.by),
                "consumer": self.bench.name(held.by),
                "times_delivered": held.delivery,
            })
        };
        self.bench.channel.held(id).map(row).collect()
    }

    /// The ids of the entries that are there, oldest first.
    pub(super) fn entries(&self) -> Vec<String> {
        self.bench.channel.entries(0).map(|(_, message)| self.bench.id(message).to_owned()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.bench.channel.entries_len(0)
    }

    /// XINFO's lag: what was added after the last entry that the group read, whether it is there still or not.
    pub(super) fn lag(&self, group: &str) -> u64 {
        let read = self.bench.group(group).and_then(|group| self.read.get(&group)).copied().unwrap_or(0);
        self.bench.channel.end(0).saturating_sub(read)
    }

    /// How many entries a group could still read.
    pub(super) fn unread(&self, group: &str) -> Vec<String> {
        let Some(group) = self.bench.group(group) else { return Vec::new() };
        self.bench.channel.ready(group).map(|message| self.bench.id(message).to_owned()).collect()
    }

    /// What a group has lost for good, in the order of the stream.
    pub(super) fn lost(&self, group: &str) -> Vec<String> {
        let Some(id) = self.bench.group(group) else { return Vec::new() };
        let mut lost = Vec::new();
        for (_, effect) in self.bench.effects() {
            if let Effect::Lost { message, group, .. } = effect
                && group.is_none_or(|group| group == id)
            {
                lost.push(*message);
            }
        }
        lost.sort_unstable();
        lost.dedup();
        lost.into_iter().map(|message| self.bench.id(message).to_owned()).collect()
    }

    pub(super) fn groups(&self) -> Vec<String> {
        let named = self.bench.channel.groups().map(|group| self.bench.group_name(group).to_owned());
        named.filter(|name| !name.starts_with("XREAD ")).collect()
    }

    /// Whether a call of this client waits.
    pub(super) fn is_waiting(&self, who: &str) -> bool {
        self.clients(Some(who)).iter().any(|member| self.waiting.contains_key(member))
    }

    /// Whether all ids were given by the publisher.
    pub(super) fn is_explicit(&self) -> bool {
        self.explicit && !self.added.is_empty()
    }

    pub(super) fn has_consumer(&self, group: &str) -> bool {
        self.members.keys().any(|(known, _)| known == group)
    }
}

fn trimmed(effect: &Effect) -> Option<u32> {
    if let Effect::Lost { message, reason: Loss::Trimmed, .. } = effect { Some(*message) } else { None }
}
