//! Clients: requests come, customers wait, and leave answered, refused or out of patience.

use kernel::{Span, Time, real};

use super::parts::{Asker, Case, Happening, Outcome};
use super::travel::Draft;
use super::{Halt, World};
use crate::{Arrivals, ClientId, MessageKind, Place, Record, RecordKind, Target};

/// Bits of a case's key that number the requests of one client.
const REQUEST_BITS: u32 = 40;

/// The number of a request among those of its client, from 0, by the key of its case.
pub(super) fn request_of(key: u64) -> u64 {
    key & ((1 << REQUEST_BITS) - 1)
}

impl World {
    /// Schedules the first request of every client.
    pub(super) fn open_clients(&mut self) {
        for index in 0..self.plan.clients.len() as u32 {
            let client = &self.plan.clients[index as usize];
            let users = if let Arrivals::Users { count, .. } = client.arrivals { count } else { 1 };
            for user in 0..users {
                let first = self.first_request(index, user);
                self.schedule_request(index, first);
            }
        }
    }

    fn first_request(&self, index: u32, user: u32) -> Option<Time> {
        let client = &self.plan.clients[index as usize];
        match &client.arrivals {
            // A burst or a list begins at its first moment; a user thinks first, so that not all come at once.
            Arrivals::Burst { .. } => Some(client.from),
            Arrivals::Times { at } => at.first().map(|&span| client.from + span),
            Arrivals::Users { think, .. } => {
                let place = Place::Client(ClientId(index as u16));
                Some(client.from + think.sample(self.luck(place).customer.draw(u64::from(user), u64::MAX)))
            }
            Arrivals::Poisson { .. } | Arrivals::Constant { .. } | Arrivals::Ramp { .. } => {
                self.next_request(index, client.from)
            }
        }
    }

    /// When the request after the one at `last` comes; `None`: never.
    fn next_request(&self, index: u32, last: Time) -> Option<Time> {
        let client = &self.plan.clients[index as usize];
        let state = &self.clients[index as usize];
        let number = u64::from(state.requests);
        let draw = self.luck[index as usize].arrival.draw(number, 0);
        match &client.arrivals {
            Arrivals::Poisson { per_second } => {
                Some(last + Span::from_seconds(draw.exponential() / per_second))
            }
            // Counted from the start, so that rounding does not add up.
            Arrivals::Constant { per_second } => {
                Some(client.from + Span::from_seconds((number as f64 + 1.0) / per_second))
            }
            Arrivals::Burst { count, every } => {
                let bursts = number / u64::from((*count).max(1));
                Some(client.from + Span::from_nanos(every.nanos().saturating_mul(bursts)))
            }
            Arrivals::Ramp { from_per_second, to_per_second, over } => {
                let begun = last.since(client.from).seconds();
                let ramp = Ramp { from: *from_per_second, to: *to_per_second, over: over.seconds() };
                ramp.after(begun, draw.exponential()).map(|at| client.from + Span::from_seconds(at))
            }
            Arrivals::Times { at } => at.get(number as usize).map(|&span| client.from + span),
            Arrivals::Users { .. } => None,
        }
    }

    fn schedule_request(&mut self, index: u32, at: Option<Time>) {
        let until = self.plan.clients[index as usize].until;
        if let Some(at) = at
            && at <= until
        {
            self.schedule(at, Happening::Request(index));
        }
    }

    /// A customer makes a request.
    pub(super) fn request(&mut self, index: u32) {
        if self.cases.len() >= World::LIVE_CASES_MAX || self.cases_made == Record::NONE {
            return self.halt(Halt::LiveCases, Place::Client(ClientId(index as u16)));
        }
        let client = &self.plan.clients[index as usize];
        let (route, message_type, to) = (client.route, client.sends, client.to);
        let id = ClientId(index as u16);
        let waits = matches!(to, Target::Service(_));
        let number = self.clients[index as usize].requests;
        let key = u64::from(index) << REQUEST_BITS | u64::from(number);
        let gives_up = match &client.patience {
            Some(patience) if waits => {
                self.now + patience.sample(self.luck[index as usize].customer.draw(key, 0))
            }
            _ => Time::MAX,
        };
        self.clients[index as usize].requests += 1;
        let entity = self.entity_of(id, key);
        let case = self.open_case(Case {
            number: self.cases_made,
            key,
            client: id,
            outcome: if waits { Outcome::Waiting } else { Outcome::NotAsked },
            started: self.now,
            gives_up,
            live: 0,
            made: 0,
            complete: true,
            entity,
            is_published: false,
            was_over: false,
        });
        let place = Place::Client(id);
        let started = RecordKind::CaseStarted { client: id, waits, key: entity };
        let cause = self.emit(0, Some(case), None, place, started);
        if gives_up < Time::MAX {
            self.schedule(gives_up, Happening::GiveUp(case));
        }
        if !self.fields.is_empty() {
            let plan = self.plan.clone();
            self.carry_request(&plan.clients[id.index()], key);
        }
        let kind = if waits { MessageKind::Command } else { self.plan.types[message_type.index()].kind };
        let asker = if waits { Asker::Customer } else { Asker::Nobody };
        self.send(Draft { asker, ..Draft::new(case, route, message_type, kind, cause) });
        if !waits {
            self.think(id, key);
        }
        let next = self.next_request(index, self.now);
        self.schedule_request(index, next);
    }

    fn open_case(&mut self, case: Case) -> u32 {
        self.cases_made += 1;
        self.place_case(case)
    }

    pub(super) fn place_case(&mut self, case: Case) -> u32 {
        let slot = self.cases.insert(case);
        let width = self.row.width();
        let begin = slot as usize * width;
        if self.counters.len() < begin + width {
            self.counters.resize(begin + width, 0);
        }
        self.counters[begin..begin + width].fill(0);
        slot
    }

    /// The answer reaches the customer. Returns false if nobody waits for it any more.
    pub(super) fn answer_customer(&mut self, case: u32, ok: bool, cause: u64) -> bool {
        if self.cases[case].outcome != Outcome::Waiting {
            return false;
        }
        let (outcome, kind) = if ok {
            (Outcome::Answered, RecordKind::CaseAnswered)
        } else {
            (Outcome::Refused, RecordKind::CaseRefused)
        };
        self.customer_leaves(case, outcome, kind, cause);
        true
    }

    /// A customer loses patience, unless the answer came before.
    pub(super) fn give_up(&mut self, case: u32) {
        let waiting = &self.cases[case];
        if waiting.outcome == Outcome::Waiting && waiting.gives_up == self.now {
            self.customer_leaves(case, Outcome::GaveUp, RecordKind::CaseGaveUp, 0);
            self.close_if_over(case);
        }
    }

    fn customer_leaves(&mut self, case: u32, outcome: Outcome, kind: RecordKind, cause: u64) {
        let client = self.cases[case].client;
        self.cases[case].outcome = outcome;
        let state = &mut self.clients[client.index()];
        match outcome {
            Outcome::Answered => state.answered += 1,
            Outcome::Refused => state.refused += 1,
            Outcome::GaveUp => state.gave_up += 1,
            Outcome::Vacant | Outcome::Waiting | Outcome::NotAsked => {}
        }
        self.emit(cause, Some(case), None, Place::Client(client), kind);
        self.think(client, self.cases[case].key);
    }

    /// In a closed loop the customer comes back after thinking.
    fn think(&mut self, client: ClientId, key: u64) {
        if let Arrivals::Users { think, .. } = &self.plan.clients[client.index()].arrivals {
            let pause = think.sample(self.luck[client.index()].customer.draw(key, 1));
            self.schedule_request(u32::from(client.0), Some(self.now + pause));
        }
    }

    /// A case is over when no message of it is left and its customer does not wait.
    #[inline]
    pub(super) fn close_if_over(&mut self, slot: u32) {
        let case = &self.cases[slot];
        if case.live > 0 || matches!(case.outcome, Outcome::Waiting | Outcome::Vacant) {
            return;
        }
        let (place, complete) = (Place::Client(case.client), case.complete);
        let (is_published, was_over) = (case.is_published, case.was_over);
        if !was_over {
            self.emit(0, Some(slot), None, place, RecordKind::CaseEnded { complete });
        }
        if is_published {
            self.note_ended(slot);
        }
        self.drop_cells_of(slot);
        self.cases[slot].outcome = Outcome::Vacant;
        self.cases.release(slot);
    }
}

/// A Poisson process whose rate changes evenly over a time, and then stays.
struct Ramp {
    from: f64,
    to: f64,
    /// Seconds.
    over: f64,
}

impl Ramp {
    /// The time (seconds after the start) at which the integral of the rate from `begun` on reaches `amount`:
    /// the inversion method for a process whose rate is not constant (Cinlar 1975).
    fn after(&self, begun: f64, amount: f64) -> Option<f64> {
        let slope = if self.over > 0.0 { (self.to - self.from) / self.over } else { 0.0 };
        let mut at = begun;
        let mut left = amount;
        if at < self.over {
            let rate = self.from + slope * at;
            let rest = self.over - at;
            let area = (rate + self.to) / 2.0 * rest;
            if left < area {
                // slope/2 x^2 + rate x = left; this form of the root is exact when the slope is small.
                let root = real::sqrt((rate * rate + 2.0 * slope * left).max(0.0));
                return Some(at + 2.0 * left / (rate + root));
            }
            left -= area;
            at = self.over;
        }
        (self.to > 0.0).then(|| at + left / self.to)
    }
}
