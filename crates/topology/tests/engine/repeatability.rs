//! One plan and one seed are one run.

use kernel::Time;
use topology::{Record, RecordKind, World};

use crate::parts::{Architecture, order_placed, records_of, seconds};

const ALL: [Architecture; 3] = [Architecture::Calls, Architecture::PubSub, Architecture::Queues];

/// Says where two runs part.
fn assert_same(one: &[Record], other: &[Record]) {
    if let Some(at) = one.iter().zip(other).position(|(one, other)| one != other) {
        panic!("the runs part at record {}:\n{:?}\n{:?}", at + 1, one[at], other[at]);
    }
    assert_eq!(one.len(), other.len(), "one run is the beginning of the other");
}

#[test]
fn two_runs_with_one_seed_part() {
    for architecture in ALL {
        let (one_world, one) = records_of(order_placed(architecture).build().unwrap(), 7);
        let (other_world, other) = records_of(order_placed(architecture).build().unwrap(), 7);
        assert_same(&one, &other);
        assert_eq!(one_world.digest(), other_world.digest());
    }
}

#[test]
fn another_seed_gives_the_same_run() {
    let digest = |seed| records_of(order_placed(Architecture::Queues).build().unwrap(), seed).0.digest();
    assert_ne!(digest(7), digest(8));
}

#[test]
fn a_clone_goes_another_way_than_the_original() {
    for architecture in ALL {
        let mut world = World::new(order_placed(architecture).build().unwrap(), 7).record();
        world.run_until(seconds(22));
        let mut clone = world.clone();
        world.run_until(Time::MAX);
        clone.run_until(Time::MAX);
        assert_same(world.records(), clone.records());
        assert_eq!(world.digest(), clone.digest());
    }
}

#[test]
fn keeping_records_changes_the_run() {
    let plan = order_placed(Architecture::PubSub).build().unwrap();
    let mut silent = World::new(plan.clone(), 7);
    silent.run_until(Time::MAX);
    assert_eq!(silent.digest(), records_of(plan, 7).0.digest());
}

/// Common random numbers: what is the customer's or the service's own does not depend on the architecture.
#[test]
fn variants_differ_in_arrivals_or_service_times() {
    let facts = |architecture| {
        let (_, records) = records_of(order_placed(architecture).build().unwrap(), 7);
        let mut started = Vec::new();
        let mut work = std::collections::BTreeMap::new();
        let mut taken = std::collections::BTreeMap::new();
        for record in &records {
            match record.kind {
                RecordKind::CaseStarted { .. } => started.push(record.time),
                RecordKind::Taken { .. } => {
                    taken.insert((record.case, record.place), record.time);
                }
                RecordKind::FactSet { fact, count: 1, .. } => {
                    let span = record.time.since(taken[&(record.case, record.place)]);
                    work.insert((record.case, fact), span);
                }
                _ => {}
            }
        }
        (started, work)
    };
    let (calls, calls_work) = facts(Architecture::Calls);
    for architecture in [Architecture::PubSub, Architecture::Queues] {
        let (started, work) = facts(architecture);
        assert_eq!(calls, started, "{architecture:?}: arrivals");
        let mut common = 0;
        for (key, span) in &calls_work {
            // Cases that were in hand when payment crashed were worked on twice.
            if (19..31).contains(&(started[key.0 as usize].seconds() as u64)) {
                continue;
            }
            if let Some(other) = work.get(key) {
                common += 1;
                assert_eq!(span, other, "{architecture:?}: case {} fact {:?}", key.0, key.1);
            }
        }
        assert!(common > 300, "{architecture:?}: only {common} service times to compare");
    }
}
