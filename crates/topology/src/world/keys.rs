//! Keys: what requests are about, and the order of messages about the same.

use std::collections::BTreeMap;

use kernel::{Purpose, Stream};

use super::World;
use crate::{ClientId, Message, Plan, Record, RecordKind, ServiceId};

/// The order of messages about one key, over all of its cases. Where no client has keys there is nothing here.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) is_used: bool,
    /// Chance, by client.
    luck: Vec<Stream>,
    /// The place of each message, by its slot, among those of its key, from 1.
    places: Vec<u32>,
    /// How many messages were made, by key.
    made: BTreeMap<u64, u32>,
    /// The latest place that a service took up, by [`Keys::pair`].
    latest: BTreeMap<u64, u32>,
}

impl Keys {
    pub(super) fn of(plan: &Plan, seed: u64) -> Self {
        let luck = plan.clients.iter().map(|client| Stream::new(seed, Purpose::Key, &client.name));
        Keys {
            is_used: plan.clients.iter().any(|client| client.keys.is_some()),
            luck: luck.collect(),
            places: Vec::new(),
            made: BTreeMap::new(),
            latest: BTreeMap::new(),
        }
    }

    fn pair(entity: u32, service: ServiceId) -> u64 {
        u64::from(entity) << 16 | u64::from(service.0)
    }

    pub(super) fn set_place(&mut self, slot: u32, place: u32) {
        if self.places.len() <= slot as usize {
            self.places.resize(slot as usize + 1, 0);
        }
        self.places[slot as usize] = place;
    }

    /// A new message about a key gets its place.
    pub(super) fn number(&mut self, slot: u32, entity: u32) {
        let made = self.made.entry(entity.into()).or_insert(0);
        *made = made.saturating_add(1);
        let place = *made;
        self.set_place(slot, place);
    }

    /// A copy of a message has the same place.
    pub(super) fn copy(&mut self, from: u32, to: u32) {
        let place = self.place(from);
        self.set_place(to, place);
    }

    pub(super) fn place(&self, slot: u32) -> u32 {
        self.places.get(slot as usize).copied().unwrap_or(0)
    }

    /// A service takes up a message about a key. Returns whether it took up a later one before.
    fn is_late(&mut self, slot: u32, entity: u32, service: ServiceId) -> bool {
        let place = self.place(slot);
        let latest = self.latest.entry(Keys::pair(entity, service)).or_insert(0);
        let late = place < *latest;
        *latest = place.max(*latest);
        late
    }

    /// A service begins to read anew.
    fn forget_order(&mut self, service: ServiceId) {
        for (&pair, latest) in &mut self.latest {
            if pair as u16 == service.0 {
                *latest = 0;
            }
        }
    }
}

impl World {
    /// What a request is about: the same in every variant.
    pub(super) fn entity_of(&self, client: ClientId, key: u64) -> u32 {
        let keys = self.plan.clients[client.index()].keys;
        keys.map_or(Record::NONE, |keys| self.keys.luck[client.index()].draw(key, 0).below(keys))
    }

    /// Notices when a message is taken up after a later one of its case, or of its key.
    #[inline]
    pub(super) fn note_order(&mut self, slot: u32, service: ServiceId) {
        let message = &self.messages[slot];
        let (case, ordinal) = (message.case, message.ordinal);
        if ordinal == Message::WITHOUT_ORDER {
            return;
        }
        let entity = if self.keys.is_used { self.cases[case].entity } else { Record::NONE };
        let late = if entity == Record::NONE {
            let latest = &mut self.counters[self.row.latest(case, service.index())];
            let late = ordinal + 1 < *latest;
            *latest = (ordinal + 1).max(*latest);
            late
        } else {
            self.keys.is_late(slot, entity, service)
        };
        if late {
            self.ledger.out_of_order += 1;
            self.emit_about(slot, crate::Place::Service(service), RecordKind::OutOfOrder);
        }
    }

    /// A service begins to read anew: what it read before is not later than what comes.
    pub(super) fn forget_order(&mut self, service: ServiceId) {
        self.keys.forget_order(service);
        let cases: Vec<u32> = self.cases.iter().map(|(slot, _)| slot).collect();
        for case in cases {
            self.counters[self.row.latest(case, service.index())] = 0;
        }
    }
}
