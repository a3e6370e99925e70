//! A projection is rebuilt: it forgets what it keeps, and reads its logs from the beginning again.

use std::collections::BTreeMap;

use channel::{Keeps, PROFILES};
use topology::{
    Act, Arrivals, Cell, Client, FactId, FieldValue, Flow, KeptFor, Operator, Record, RecordKind, Scope,
    ServiceId, World,
};

use super::{Shop, cell, field};
use crate::conservation::{assert_accounted, assert_in_place};
use crate::parts::{Given, Ran, always, millis, rules, seconds};

/// Deposits to five accounts are told on a log, which a projection of two workers sums up and an auditor hears. It is
/// rebuilt at these milliseconds.
struct Projection {
    ran: Ran,
    summed: FactId,
}

const PROJECTION: ServiceId = ServiceId(1);
const AUDITOR: ServiceId = ServiceId(2);

fn projection(profile: &'static str, given: &[(&str, Given)], rebuilt_at: &[u64]) -> Projection {
    let mut shop = Shop::new(4);
    let [projection, auditor] = ["projection", "auditor"].map(|name| shop.service(name));
    assert_eq!([projection, auditor], [PROJECTION, AUDITOR]);
    let events = shop.plan.channel("events", profile, rules(profile, given));
    let event = shop.plan.message_type("deposited");
    shop.plan.handler(shop.shop, shop.ask, Flow::new().publish(events, event));
    let balance = shop.plan.cell(Cell {
        name: "balance".into(),
        service: projection,
        per: Scope::Key,
        kept: true,
        lasts: None,
        starts: 0,
    });
    let summed = shop.plan.fact("summed");
    let sum = cell(balance).with(Operator::Plus, field(shop.amount));
    shop.plan.handler(projection, event, Flow::new().work_for(always(10)).store(balance, sum).set(summed));
    let notes = shop.notes();
    shop.plan.handler(auditor, event, notes);
    for at in rebuilt_at {
        shop.plan.fault(kernel::Time::ZERO + millis(*at), Act::Rebuild { service: projection });
    }
    let fields = vec![(shop.amount, FieldValue::Between { least: 1, most: 9 })];
    let client = Client { fields, keys: Some(5), ..shop.client("client", []) };
    let mut client = Client { arrivals: Arrivals::Poisson { per_second: 20.0 }, ..client };
    client.until = seconds(20);
    shop.plan.client(client);
    let mut world = World::new(shop.plan.build().unwrap(), 1).record();
    let mut steps = 0u32;
    while world.step(kernel::Time::MAX) {
        assert_accounted(&world, 1);
        steps += 1;
        if steps.is_multiple_of(16) {
            assert_in_place(&world, 1);
        }
    }
    let records = world.records().to_vec();
    Projection { ran: Ran { world, records }, summed }
}

impl Projection {
    /// By account, what was told on the log.
    fn told(&self) -> BTreeMap<KeptFor, i32> {
        let (mut keys, mut told) = (Vec::new(), BTreeMap::new());
        for record in &self.ran.records {
            match record.kind {
                RecordKind::CaseStarted { key, .. } => keys.push(key),
                RecordKind::Measured { value, .. } => {
                    *told.entry(KeptFor::Key(keys[record.case as usize])).or_insert(0) += value;
                }
                _ => {}
            }
        }
        told
    }

    /// By account, what the projection says in the end.
    fn says(&self) -> BTreeMap<KeptFor, i32> {
        self.ran.world.cells(PROJECTION).map(|view| (view.of, view.value)).collect()
    }
}

#[test]
fn a_projection_that_was_rebuilt_while_events_came_in_is_not_their_sum() {
    let logs = PROFILES.iter().filter(|profile| matches!(profile.rules.keeps, Keeps::Log { .. }));
    let mut tried = 0;
    for profile in logs {
        let once = projection(profile.name, &[], &[]);
        if once.says() != once.told() {
            // It is read from its end, or forgets what was read.
            continue;
        }
        tried += 1;
        for rebuilt_at in [&[10_003][..], &[10_003, 10_009], &[5000, 60_000]] {
            let again = projection(profile.name, &[], rebuilt_at);
            assert_eq!(again.says(), again.told(), "{} at {rebuilt_at:?}", profile.name);
            assert_eq!(again.told(), once.told());
            let times = again.ran.times_of(again.summed);
            assert!(times.iter().filter(|&&times| times > 1).count() > 50, "nothing was read again");
            assert!(times.iter().all(|&times| times >= 1));
            assert_eq!(again.ran.world.ledger().waiting, once.ran.world.ledger().waiting);
            let ended = |ran: &Ran| ran.count(|kind| matches!(kind, RecordKind::CaseEnded { .. }));
            assert_eq!(ended(&again.ran), ended(&once.ran), "a case ends twice");
        }
    }
    assert!(tried >= 3, "only {tried} logs were read at all");
}

#[test]
fn what_is_read_again_forgets_that_it_was_done_or_why_it_comes() {
    let again = projection("kafka", &[], &[60_000]);
    let ran = &again.ran;
    assert!(ran.times_of(again.summed).iter().all(|&times| times == 2), "everything is read twice");
    let counts = ran.records.iter().filter_map(|record| match record.kind {
        RecordKind::FactSet { count, before, .. } => Some((record.time > seconds(59), count, before)),
        _ => None,
    });
    assert!(
        counts
            .into_iter()
            .all(|(again, count, before)| (count, before) == (1 + u16::from(again), again.into()))
    );
    let act = ran.records.iter().find(|record| matches!(record.kind, RecordKind::Act { .. })).unwrap();
    let forgotten = |record: &&Record| {
        record.cause == act.number && matches!(record.kind, RecordKind::Stored { value: 0, .. })
    };
    assert_eq!(ran.records.iter().filter(forgotten).count(), 5, "one for each account");
    for taken in ran.records.iter().filter(|record| record.time > act.time) {
        if let RecordKind::Taken { .. } = taken.kind {
            assert_eq!(root(ran, taken), act.number, "{taken:?}");
        }
    }
    assert_eq!(ran.world.ledger().out_of_order, 0);
    let cases = ran.times_of(again.summed).len();
    assert_eq!(ran.world.ledger().redelivered, cases as u64, "what is read again is taken for new");
    assert!(ran.measured_at(AUDITOR).len() == ran.times_of(again.summed).len(), "others read again as well");
}

/// The number of the record with which it began.
fn root(ran: &Ran, record: &Record) -> u64 {
    match record.cause {
        0 => record.number,
        cause => root(ran, &ran.records[cause as usize - 1]),
    }
}
