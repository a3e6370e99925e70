//! Intake: what becomes of a message when it is published.

use kernel::Time;

use super::entry::Entry;
use super::{Channel, Held};
use crate::routing::Grammar;
use crate::{
    Absent, Audience, Choice, DeadLetterReason, Effect, Group, Keeps, Loss, Overflow, Position, Publication,
    Receipt, Retention, Routing, Subject, Subscription, Survives,
};

impl Channel {
    /// Takes a message in, and hands out what can be handed out.
    pub fn publish(&mut self, publication: &Publication, effects: &mut Vec<Effect>) -> Receipt {
        let message = publication.message;
        if !self.up {
            effects.push(Effect::Lost { message, group: None, reason: Loss::Crash });
            return Receipt::default();
        }
        if self.is_known(publication) {
            effects.push(Effect::Duplicate { message });
            return Receipt { accepted: true, duplicate: true, ..Receipt::default() };
        }
        if publication.retained {
            self.retain(publication);
        }
        let found = self.subjects[usize::from(publication.subject.0)].found.clone();
        match self.rules.keeps {
            Keeps::Nothing => self.pass_on(publication, &found, effects),
            Keeps::Queue => self.enqueue(publication, &found, effects),
            Keeps::Log { .. } => self.append(publication, &found, effects),
        }
    }

    /// Whether a message with the same identity came within the duplicate window.
    fn is_known(&mut self, publication: &Publication) -> bool {
        let (Some(window), Some(identity)) = (self.rules.duplicate_window, publication.identity) else {
            return false;
        };
        while let Some(&(time, oldest)) = self.seen_in_order.front()
            && time + window <= self.now
        {
            self.seen_in_order.pop_front();
            self.seen.remove(&oldest);
        }
        if self.seen.contains_key(&identity) {
            return true;
        }
        self.seen.insert(identity, self.now.nanos());
        self.seen_in_order.push_back((self.now, identity));
        false
    }

    /// The groups that a message goes to: of those that share, one.
    fn chosen(&mut self, publication: &Publication, found: &[(u16, u8)]) -> Option<Vec<(u16, u8)>> {
        if self.rules.routing == Routing::ConsistentHash {
            let count = found.len() as u16;
            let key = publication.key.to_string();
            let hash = crate::routing::hash::consistent_bucket(key.as_bytes(), count.max(1));
            return Some(found.get(usize::from(hash)).into_iter().copied().collect());
        }
        if self.shares.is_empty() {
            return None;
        }
        let mut winners = Vec::new();
        for index in 0..self.shares.len() {
            let number = self.shares[index].number;
            let among: Vec<(u16, u8)> = found
                .iter()
                .copied()
                .filter(|&(group, _)| self.groups[usize::from(group)].terms.share == Some(number))
                .collect();
            winners.extend(self.one_of_share(index, &among));
        }
        let is_chosen =
            |one: &&(u16, u8)| self.groups[usize::from(one.0)].terms.share.is_none() || winners.contains(one);
        Some(found.iter().filter(is_chosen).copied().collect())
    }

    fn one_of_share(&mut self, share: usize, among: &[(u16, u8)]) -> Option<(u16, u8)> {
        if self.rules.delivery.choice == Choice::InTurnAlsoAbsent {
            let turn = self.shares[share].turn;
            self.shares[share].turn = turn + 1;
            return among.get(turn % among.len().max(1)).copied();
        }
        let there: Vec<(u16, u8)> =
            among.iter().copied().filter(|&(group, _)| self.somebody_there(usize::from(group))).collect();
        let index = if self.rules.delivery.choice == Choice::Random {
            self.choose(there.len())
        } else {
            let turn = self.shares[share].turn;
            self.shares[share].turn = turn + 1;
            turn % there.len().max(1)
        };
        there.get(index).or(among.first()).copied()
    }

    pub(super) fn somebody_there(&self, group: usize) -> bool {
        self.groups[group].members.iter().any(|&member| self.members[usize::from(member)].is_active())
    }

    /// One of so many, by chance.
    pub(super) fn choose(&mut self, count: usize) -> usize {
        self.choices += 1;
        let bits = self.chance.draw(self.choices, 0).bits();
        ((u128::from(bits) * count as u128) >> 64) as usize
    }

    /// Passes a message on to whoever is there.
    fn pass_on(
        &mut self,
        publication: &Publication,
        found: &[(u16, u8)],
        effects: &mut Vec<Effect>,
    ) -> Receipt {
        let chosen = self.chosen(publication, found);
        let found = chosen.as_deref().unwrap_or(found);
        let message = publication.message;
        let mut receipt = Receipt { accepted: true, groups: found.len() as u32, ..Receipt::default() };
        for &(group, quality) in found {
            let index = usize::from(group);
            let Some(member) = self.one_there(index) else {
                if self.groups[index].delivery.absent == Absent::Refused {
                    effects.push(Effect::Refused { message });
                    return Receipt::default();
                }
                effects.push(Effect::Missed { message, group: Group(group) });
                continue;
            };
            receipt.receivers += 1;
            effects.push(Effect::Deliver {
                message,
                group: Group(group),
                to: Subscription(member),
                tag: None,
                redelivered: false,
                delivery: 1,
                quality: publication.quality.min(quality),
                retained: false,
            });
            self.note_unread(index, member, effects);
        }
        if receipt.receivers == 0 {
            effects.push(Effect::NobodyListening { message });
        }
        receipt
    }

    /// A connected member of a group that keeps nothing.
    fn one_there(&mut self, group: usize) -> Option<u16> {
        let active = |member: &&u16| self.members[usize::from(**member)].is_active();
        let there = self.groups[group].members.iter().filter(active).count();
        let index = match (there, self.groups[group].delivery.choice) {
            (0 | 1, _) => 0,
            (_, Choice::Random) => self.choose(there),
            _ => {
                let turn = self.groups[group].turn;
                self.groups[group].turn = turn + 1;
                turn % there
            }
        };
        let active = |member: &&u16| self.members[usize::from(**member)].is_active();
        self.groups[group].members.iter().filter(active).nth(index).copied()
    }

    fn entry(&self, publication: &Publication, quality: u8, position: Position) -> Entry {
        let mut entry =
            Entry::new(publication.message, publication.subject, publication.key, position, self.now);
        entry.priority = publication.priority.min(self.rules.priorities);
        entry.set_quality(publication.quality.min(quality));
        entry.set_transient(!publication.persistent);
        if let Some(own) = publication.time_to_live
            && self.rules.time_to_live.is_none_or(|most| own < most)
        {
            entry.set_own_time();
        }
        entry
    }

    /// Puts a message into the queue of each group that wants it.
    fn enqueue(
        &mut self,
        publication: &Publication,
        found: &[(u16, u8)],
        effects: &mut Vec<Effect>,
    ) -> Receipt {
        let chosen = self.chosen(publication, found);
        let found = chosen.as_deref().unwrap_or(found);
        let message = publication.message;
        let mut receipt = Receipt { accepted: true, groups: found.len() as u32, ..Receipt::default() };
        if found.is_empty() {
            effects.push(Effect::NobodyListening { message });
            return receipt;
        }
        if found.iter().any(|&(group, _)| self.refuses(usize::from(group))) {
            effects.push(Effect::Refused { message });
            return Receipt::default();
        }
        for &(group, quality) in found {
            let index = usize::from(group);
            let quality = publication.quality.min(quality);
            let kept = quality > 0 && self.groups[index].delivery.absent == Absent::Kept;
            if !kept && !self.somebody_there(index) {
                effects.push(match self.groups[index].delivery.absent {
                    Absent::Refused => Effect::Refused { message },
                    Absent::Lost | Absent::Kept => Effect::Missed { message, group: Group(group) },
                });
                continue;
            }
            if self.rules.audience == Audience::EverySubscription {
                effects.push(Effect::Kept { message, group: Group(group) });
            }
            let before = effects.len();
            let position = Position::new(0, self.next_offset);
            self.next_offset += 1;
            let entry = self.entry(publication, quality, position);
            self.take_in(index, entry, publication.time_to_live, effects);
            receipt.receivers += effects[before..]
                .iter()
                .filter(|effect| matches!(effect, Effect::Deliver { message: it, .. } if *it == message))
                .count() as u32;
        }
        if found.len() > receipt.groups as usize {
            receipt.groups = 0;
        }
        receipt
    }

    fn refuses(&self, group: usize) -> bool {
        self.rules.length.is_some_and(|bound| {
            bound.overflow == Overflow::RejectPublish && self.groups[group].waiting() >= bound.max as usize
        })
    }

    /// Puts an entry into a group's own line, which may have to give way.
    fn take_in(
        &mut self,
        group: usize,
        entry: Entry,
        own_time: Option<kernel::Span>,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(bound) = self.rules.length
            && self.groups[group].waiting() >= bound.max as usize
        {
            let message = entry.message;
            let id = Group(group as u16);
            match bound.overflow {
                Overflow::DropHead => {
                    if let Some(oldest) = self.take_next(group, Held::NOBODY) {
                        self.put_aside(group, oldest, DeadLetterReason::LengthLimit, effects);
                    }
                }
                Overflow::DropNew | Overflow::RejectPublish => {
                    effects.push(Effect::Lost { message, group: Some(id), reason: Loss::Full });
                    return;
                }
            }
        }
        if entry.has_own_time()
            && let Some(own) = own_time
        {
            self.own_times.insert(entry.position.0, own.nanos());
        }
        let state = &mut self.groups[group];
        if state.delivery.one_per_key && state.is_key_busy(entry.key) {
            state.park(entry);
        } else {
            state.fresh.push(entry);
        }
        self.watch_expiry(group, &entry);
        self.serve(group, effects);
    }

    /// Appends a message to a log.
    fn append(
        &mut self,
        publication: &Publication,
        found: &[(u16, u8)],
        effects: &mut Vec<Effect>,
    ) -> Receipt {
        let Keeps::Log { partitioner, retention, .. } = self.rules.keeps else { return Receipt::default() };
        let message = publication.message;
        let count = self.log.len() as u16;
        let partition = match publication.partition {
            Some(partition) => partition.min(count - 1),
            None if count == 1 => 0,
            None => partitioner.partition(publication.key.to_string().as_bytes(), count),
        };
        let log = &self.log[usize::from(partition)];
        let position = Position::new(partition, log.end);
        let mut receipt = Receipt {
            accepted: true,
            groups: found.len() as u32,
            position: Some(position),
            ..Receipt::default()
        };
        if self.is_log_full(partition) {
            effects.push(Effect::Refused { message });
            return Receipt::default();
        }
        if found.is_empty() {
            effects.push(Effect::NobodyListening { message });
            if retention == Retention::Interest {
                self.log[usize::from(partition)].end += 1;
                return receipt;
            }
        }
        let entry = self.entry(publication, 1, position);
        for &(group, _) in found {
            effects.push(Effect::Kept { message, group: Group(group) });
        }
        self.push_to_log(usize::from(partition), entry, effects);
        let before = effects.len();
        for &(group, _) in found {
            self.serve(usize::from(group), effects);
        }
        receipt.receivers = effects[before..]
            .iter()
            .filter(|effect| matches!(effect, Effect::Deliver { message: it, .. } if *it == message))
            .count() as u32;
        receipt
    }

    fn retain(&mut self, publication: &Publication) {
        self.clear_retained(publication.subject);
        self.retained.push(*publication);
    }

    /// Forgets the retained message of a subject.
    pub fn clear_retained(&mut self, subject: Subject) {
        self.retained.retain(|kept| kept.subject != subject);
    }

    /// Sends a group the retained messages that match a pattern of it.
    pub(super) fn send_retained(
        &mut self,
        group: Group,
        pattern: &str,
        quality: u8,
        effects: &mut Vec<Effect>,
    ) {
        let grammar: Grammar = self.bindings.grammar();
        for index in 0..self.retained.len() {
            let publication = self.retained[index];
            if grammar.matches(pattern, &self.subjects[usize::from(publication.subject.0)].name) {
                let position = Position::new(0, self.next_offset);
                self.next_offset += 1;
                let quality = publication.quality.min(quality);
                let mut entry = self.entry(&publication, quality, position);
                entry.set_retained();
                effects.push(Effect::Kept { message: publication.message, group });
                self.take_in(usize::from(group.0), entry, publication.time_to_live, effects);
            }
        }
    }

    /// What a broker that is killed now has saved.
    pub(super) fn saved_until(&self) -> Option<Time> {
        match self.rules.survives {
            Survives::Nothing => Some(Time::ZERO),
            Survives::Saved { every } if every.nanos() > 0 => {
                Some(Time::from_nanos(self.now.nanos() / every.nanos() * every.nanos()))
            }
            Survives::Saved { .. } | Survives::Marked | Survives::Everything => None,
        }
    }
}
