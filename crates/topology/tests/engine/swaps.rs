//! A channel that follows other rules from some time on.

use channel::{Group, Rules};
use kernel::Time;
use topology::{Act, LossReason, Place, RecordKind, World};

use crate::parts::{DONE, Given, Line, Ran, always, line, millis, rules};

/// Ten jobs of 100 ms for one worker; the channel follows other rules from 350 ms on.
fn swapped(profile_name: &'static str, (other, new): (&'static str, Rules), change: fn(&mut Line)) -> Ran {
    let prefetch = [("prefetch", Given::Number(1))];
    let given = if profile_name.starts_with("rabbitmq") { &prefetch[..] } else { &[] };
    let mut line = line(profile_name, rules(profile_name, given), &[("s", 1, always(100))]);
    line.jobs_at([0; 10]);
    let (channel, number) = (line.jobs, line.plan.alternative(line.jobs, other, new));
    line.plan.fault(Time::ZERO + millis(350), Act::Profile { channel, number });
    change(&mut line);
    let ran = line.run();
    assert_eq!(ran.world.profile(channel), other);
    assert_eq!(ran.when(|kind| matches!(kind, RecordKind::Act { act: Act::Profile { .. } })), [350]);
    ran
}

#[test]
fn what_waits_in_a_queue_is_lost_or_reordered_when_it_becomes_a_log() {
    for name in ["kafka", "redis-streams", "jetstream", "sqs", "jobs-table", "mqtt"] {
        let ran = swapped("rabbitmq-quorum", (name, rules(name, &[])), |_| {});
        // The one in hand at 350 ms is done by its worker, and by whoever gets it from the new channel.
        let mut expected = [1; 10];
        expected[3] = 2;
        assert_eq!(ran.times_of(DONE), expected, "{name}");
        let mut done = Vec::new();
        for record in &ran.records {
            if matches!(record.kind, RecordKind::FactSet { fact, .. } if fact == DONE) {
                done.push(record.case);
            }
        }
        assert!(done[4..].is_sorted(), "{name}: {done:?}");
        assert_eq!(ran.world.ledger().lost(), 0, "{name}");
    }
}

#[test]
fn what_waits_in_a_queue_waits_on_when_it_becomes_a_broadcast() {
    let broadcast = || ("redis-pubsub", rules("redis-pubsub", &[]));
    let heard = swapped("rabbitmq-quorum", broadcast(), |_| {});
    assert!(heard.times_of(DONE).iter().all(|&times| times > 0), "it goes to whoever listens");
    let away = swapped("rabbitmq-quorum", broadcast(), |line| {
        line.down(Place::Service(line.services[0]), 320, 900);
    });
    assert_eq!(away.times_of(DONE), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(away.world.ledger().lost_to(LossReason::SubscriberAway), 7);
    assert_eq!(away.world.ledger().waiting, 0);
}

#[test]
fn a_swap_while_the_broker_is_down_brings_back_what_it_had_lost_or_loses_what_it_kept() {
    let ran = swapped("rabbitmq-quorum", ("rabbitmq-classic", rules("rabbitmq-classic", &[])), |line| {
        line.down(Place::Channel(line.jobs), 310, 800);
    });
    assert!(ran.times_of(DONE).iter().all(|&times| times > 0), "{:?}", ran.times_of(DONE));
    let ran = swapped("rabbitmq-quorum", ("celery", rules("celery", &[])), |line| {
        line.down(Place::Channel(line.jobs), 310, 800);
    });
    assert!(ran.times_of(DONE).iter().all(|&times| times > 0), "{:?}", ran.times_of(DONE));
    let ran = swapped("rabbitmq-quorum", ("redis-list", rules("redis-list", &[])), |line| {
        line.down(Place::Channel(line.jobs), 310, 800);
    });
    assert!(ran.world.ledger().lost_to(LossReason::BrokerDown) >= 5, "a list in memory keeps nothing");
}

#[test]
fn a_parameter_that_changes_alone_moves_every_message() {
    let ran = swapped(
        "rabbitmq-quorum",
        ("rabbitmq-quorum", rules("rabbitmq-quorum", &[("prefetch", Given::Number(7))])),
        |_| {},
    );
    assert_eq!(ran.times_of(DONE), [1; 10]);
    assert_eq!(ran.world.ledger().redelivered, 0);
    assert_eq!(ran.when(|kind| *kind == RecordKind::Returned), []);
}

#[test]
fn groups_that_read_at_different_pace_are_forgotten_in_a_swap() {
    let services = [("fast", 2, always(1)), ("slow", 1, always(50))];
    let mut line = line("redis-streams", rules("redis-streams", &[]), &services);
    line.jobs_at([0; 20]);
    let [fast, slow] = [line.services[0], line.services[1]];
    let jobs = line.jobs;
    let mut world = World::new(line.plan.build().unwrap(), 1).record();
    world.run_until(Time::ZERO + millis(510));
    let owed = world.waiting_in(jobs, Group(1)).count() + world.held_in(jobs, Group(1)).count();
    assert!((5..15).contains(&owed), "{owed}");
    let number = world.offer(jobs, "kafka", rules("kafka", &[]));
    world.apply(Act::Profile { channel: jobs, number });
    assert!(world.ledger().balances());
    world.run_until(Time::MAX);
    let ran = Ran { records: world.records().to_vec(), world };
    // What one group was owed is published anew, and reaches both.
    assert!(ran.times_at(slow, DONE).iter().all(|&times| times >= 1));
    assert_eq!(ran.times_at(fast, DONE).iter().sum::<usize>(), 20 + owed);
}

#[test]
fn a_poller_looks_more_often_after_another_parameter_has_changed() {
    let given = |batch| [("poll_interval", Given::Millis(1000)), ("batch", Given::Number(batch))];
    let mut line = line("jobs-table", rules("jobs-table", &given(1)), &[("s", 1, always(1))]);
    let number = line.plan.alternative(line.jobs, "jobs-table", rules("jobs-table", &given(2)));
    let channel = line.jobs;
    line.plan.fault(Time::ZERO + millis(370), Act::Profile { channel, number });
    // Each 150 ms later within the interval than the one before.
    line.jobs_at((1..60).map(|index| index * 1150));
    let ran = line.run();
    let came = ran.when(|kind| matches!(kind, RecordKind::CaseStarted { .. }));
    let taken = ran.when(|kind| matches!(kind, RecordKind::Taken { .. }));
    let longest = came.iter().zip(&taken).map(|(came, taken)| taken - came).max();
    assert!(longest > Some(900), "{longest:?} ms at most between two looks");
}

#[test]
fn workers_that_have_loops_of_their_own_since_a_swap_share_a_batch() {
    let given = [("count", Given::Number(10))];
    let mut line = line("rabbitmq-classic", rules("rabbitmq-classic", &[]), &[("s", 3, always(100))]);
    let (channel, streams) = (line.jobs, rules("redis-streams", &given));
    let number = line.plan.alternative(channel, "redis-streams", streams);
    line.plan.fault(Time::ZERO + millis(500), Act::Profile { channel, number });
    line.jobs_at([1000; 12]);
    let taken = line.run().when(|kind| matches!(kind, RecordKind::Taken { .. }));
    assert!(taken.len() == 12 && taken[11] > 1900, "{taken:?}");
}

#[test]
fn an_act_means_something_else_in_another_plan() {
    let plan = |alternatives: &[&'static str]| {
        let mut line = line("sqs", rules("sqs", &[]), &[("s", 1, always(1))]);
        line.jobs_at([0]);
        for name in alternatives {
            line.plan.alternative(line.jobs, name, rules(name, &[]));
        }
        line.plan.build().unwrap()
    };
    let (one, other, none) = (plan(&["kafka", "mqtt"]), plan(&["nats", "mqtt"]), plan(&["nats"]));
    let channel = topology::ChannelId(0);
    let act = Act::Profile { channel, number: 1 };
    assert_eq!(act.in_plan(&one, &other), Some(act));
    assert_eq!(Act::Profile { channel, number: 0 }.in_plan(&one, &other), None);
    assert_eq!(act.in_plan(&one, &none), None);
}
