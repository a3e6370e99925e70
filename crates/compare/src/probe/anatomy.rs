//! A run with every record: how far it is to the answer, and how much there is to read of a request.

use std::sync::Arc;

use kernel::Time;
use topology::{Kinds, Plan, Record, RecordKind, World};

use crate::measure::Customers;

/// After so many records the rest of the run is left out.
const RECORDS_MOST: usize = 300_000;

/// What is found in a run; NaN where there is nothing to be found.
pub(super) struct Anatomy {
    /// How many messages travel one after the other until the answer, on average.
    pub(super) hops: f64,
    /// How many answers were looked at.
    pub(super) answers: f64,
    /// How many records a request has that is over, on average.
    pub(super) records: f64,
    /// In how many places they lie.
    pub(super) places: f64,
    /// How many requests are over.
    pub(super) requests: f64,
}

impl Anatomy {
    /// As numbers that can be sent anywhere.
    fn values(&self) -> Vec<f64> {
        vec![self.hops, self.answers, self.records, self.places, self.requests]
    }

    /// What [`Anatomy::values`] has made numbers of.
    pub(super) fn of(values: &[f64]) -> Option<Anatomy> {
        let [hops, answers, records, places, requests] = *values else { return None };
        Some(Anatomy { hops, answers, records, places, requests })
    }
}

/// Plays the run as it is, faults and all.
pub(super) fn play(plan: &Arc<Plan>, seed: u64, go_on: &mut dyn FnMut() -> bool) -> Option<Vec<f64>> {
    let mut world = World::new(plan.clone(), seed).record_only(Kinds::ALL);
    let mut reading = Reading::of(plan);
    let mut more = true;
    while more && reading.hops.len() < RECORDS_MOST {
        more = (0..1024).all(|_| world.step(Time::MAX));
        for record in world.records() {
            reading.take(record, plan);
        }
        world.clear_records();
        if more && !go_on() {
            return None;
        }
    }
    Some(reading.anatomy().values())
}

/// What is kept of the records.
struct Reading {
    customers: Customers,
    /// For each record by its number: how many messages were sent one after the other up to it.
    hops: Vec<u32>,
    to_answers: u64,
    answers: u64,
    /// How many records each case has.
    counts: Vec<u32>,
    /// In which places: a bit for each.
    places: Vec<u64>,
    words: usize,
}

impl Reading {
    fn of(plan: &Plan) -> Reading {
        Reading {
            customers: Customers::new(plan),
            // The number 0 stands for no record.
            hops: vec![0],
            to_answers: 0,
            answers: 0,
            counts: Vec::new(),
            places: Vec::new(),
            words: plan.places().count().div_ceil(64),
        }
    }

    fn take(&mut self, record: &Record, plan: &Plan) {
        self.customers.take(record);
        let before = self.hops.get(record.cause as usize).copied().unwrap_or(0);
        let is_sent = matches!(record.kind, RecordKind::Sent { .. });
        let hops = before + u32::from(is_sent);
        self.hops.push(hops);
        if record.kind == RecordKind::CaseAnswered {
            self.answers += 1;
            self.to_answers += u64::from(hops);
        }
        let case = record.case as usize;
        if record.case == Record::NONE {
            return;
        }
        if self.counts.len() <= case {
            self.counts.resize(case + 1, 0);
            self.places.resize((case + 1) * self.words, 0);
        }
        self.counts[case] += 1;
        let place = plan.place_index(record.place);
        self.places[case * self.words + place / 64] |= 1 << (place % 64);
    }

    /// Of a request that is not over there are records to come.
    fn anatomy(&self) -> Anatomy {
        let (mut records, mut places, mut count) = (0, 0, 0);
        let over = self.customers.list.iter().enumerate().filter(|(_, customer)| customer.ended < Time::MAX);
        for (case, _) in over {
            count += 1;
            records += u64::from(self.counts[case]);
            let bits = &self.places[case * self.words..(case + 1) * self.words];
            places += u64::from(bits.iter().map(|bits| bits.count_ones()).sum::<u32>());
        }
        let mean = |sum: u64, count: u64| if count > 0 { sum as f64 / count as f64 } else { f64::NAN };
        Anatomy {
            hops: mean(self.to_answers, self.answers),
            answers: self.answers as f64,
            records: mean(records, count),
            places: mean(places, count),
            requests: count as f64,
        }
    }
}
