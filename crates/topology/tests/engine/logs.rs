//! Logs: groups that read at their own pace, partitions with owners, and what a crash leaves pending.

use channel::{Claim, Group};
use kernel::{Distribution, Time};
use topology::{
    Act, Arrivals, Client, Flow, LossReason, MessageState, Place, PlanBuilder, RecordKind, Service, Target,
    World,
};

use crate::parts::{BEGUN, DONE, Given, always, line, millis, records_of, rules, seconds};

#[test]
fn a_group_that_lags_misses_what_another_has_read() {
    let services = [("fast", 2, always(1)), ("slow", 1, always(50))];
    let mut line = line("redis-streams", rules("redis-streams", &[]), &services);
    line.jobs_at([0; 100]);
    let (jobs, [fast, slow]) = (line.jobs, [line.services[0], line.services[1]]);
    let mut world = World::new(line.plan.build().unwrap(), 1).record();
    world.run_until(seconds(1));
    let behind = |world: &World, group| world.waiting_in(jobs, Group(group)).count();
    assert_eq!(behind(&world, 0), 0, "the fast group waits for the slow one");
    assert!(behind(&world, 1) > 70, "the slow group is not behind at all");
    world.run_until(Time::MAX);
    assert_eq!(behind(&world, 1), 0);
    let ran = crate::parts::Ran { records: world.records().to_vec(), world };
    assert_eq!(ran.when(|kind| *kind == RecordKind::FannedOut { receivers: 2 }).len(), 100);
    assert_eq!(ran.times_at(fast, DONE), [1; 100]);
    assert_eq!(ran.times_at(slow, DONE), [1; 100]);
}

/// Four workers of one service crash with a job each; the service is back 200 ms later.
fn crash_with_four_in_hand(given: &[(&str, Given)]) -> (crate::parts::Ran, topology::ChannelId) {
    let mut line = line("redis-streams", rules("redis-streams", given), &[("s", 4, always(200))]);
    line.jobs_at([0; 10]);
    line.down(Place::Service(line.services[0]), 100, 300);
    let jobs = line.jobs;
    (line.run(), jobs)
}

#[test]
fn what_a_crashed_consumer_of_a_stream_had_in_hand_comes_again_by_itself() {
    let (ran, jobs) = crash_with_four_in_hand(&[]);
    assert_eq!(ran.times_of(DONE), [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    assert_eq!(ran.world.held_in(jobs, Group(0)).count(), 4, "they stay pending for ever");
    assert_eq!(ran.world.ledger().lost(), 0);
    assert_eq!(ran.world.ledger().waiting, 4);
}

#[test]
fn what_failed_in_a_stream_is_taken_for_handled() {
    let mut line = line("redis-streams", rules("redis-streams", &[]), &[]);
    let failing = line.plan.service(Service::named("failing"));
    line.plan.handler(failing, line.job, Flow::new().fail());
    line.jobs_at([0, 1000]);
    let jobs = line.jobs;
    let world = line.run().world;
    let held: Vec<MessageState> =
        world.held_in(jobs, Group(0)).map(|(slot, _)| world.message(slot).state).collect();
    assert_eq!(held, [MessageState::Unreachable; 2], "nobody will ever acknowledge them");
}

#[test]
fn a_claim_leaves_something_pending() {
    let (ran, jobs) = crash_with_four_in_hand(&[("min_idle_time", Given::Millis(5000))]);
    assert_eq!(ran.times_of(DONE), [1; 10]);
    assert_eq!(ran.world.held_in(jobs, Group(0)).count(), 0);
    let again = ran.when(|kind| *kind == RecordKind::Redelivered);
    assert!(again.len() == 4 && again.iter().all(|&at| at >= 5000), "{again:?}");
}

/// A source publishes three events of each order at once; the reader's four workers take different times. How
/// many orders there were, how many events were done, and how many after a later one of their order.
fn three_events_of_each_order(profile_name: &'static str, given: &[(&str, Given)]) -> (u32, usize, usize) {
    let mut plan = PlanBuilder::new("order of events", seconds(100));
    let place = plan.message_type("place");
    let channel = plan.channel("events", profile_name, rules(profile_name, given));
    let source = plan.service(Service::named("source").workers(8));
    let work = Distribution::exponential(millis(20));
    let reader = plan.service(Service::named("reader").workers(4).work(work));
    let mut flow = Flow::new();
    for name in ["placed", "paid", "shipped"] {
        let (event, fact) = (plan.message_type(name), plan.fact(name));
        flow = flow.publish(channel, event);
        plan.handler(reader, event, Flow::new().work().set(fact));
    }
    plan.handler(source, place, flow);
    let arrivals = Arrivals::Poisson { per_second: 40.0 };
    let mut client = Client::named("client", arrivals, place, Target::Service(source));
    client.until = seconds(20);
    plan.client(client);
    let (world, records) = records_of(plan.build().unwrap(), 3);
    assert_eq!(world.ledger().waiting, 0);
    let mut latest = std::collections::BTreeMap::new();
    let (mut done, mut late) = (0, 0);
    for record in &records {
        if let RecordKind::FactSet { fact, .. } = record.kind {
            let before = latest.entry(record.case).or_insert(fact);
            done += 1;
            late += usize::from(fact < *before);
            *before = fact.max(*before);
        }
    }
    (world.departures(topology::ClientId(0)).0, done, late)
}

#[test]
fn events_of_one_order_overtake_each_other_in_a_partition() {
    let given = [("partitions", Given::Number(8)), ("enable_auto_commit", Given::No)];
    let (orders, done, late) = three_events_of_each_order("kafka", &given);
    assert_eq!((done, late), (3 * orders as usize, 0));
    let (_, _, late) = three_events_of_each_order("rabbitmq-quorum", &[]);
    assert!(late > 100, "a queue with four workers keeps order as well: this proves nothing");
}

#[test]
fn four_partitions_are_read_by_one_worker() {
    let busy = |partitions| {
        let given = [("partitions", Given::Number(partitions)), ("enable_auto_commit", Given::No)];
        let mut line = line("kafka", rules("kafka", &given), &[("s", 4, always(100))]);
        line.jobs_at((0..40).map(|_| 0));
        let mut world = World::new(line.plan.build().unwrap(), 1);
        world.run_until(Time::ZERO + millis(50));
        world.tasks().count()
    };
    assert_eq!(busy(1), 1, "a partition has one reader");
    assert!(busy(16) >= 3, "only {} of four workers read", busy(16));
}

#[test]
fn a_batch_is_shared_out_among_workers_that_did_not_read_it() {
    let given = [("count", Given::Number(10))];
    let mut line = line("redis-streams", rules("redis-streams", &given), &[("s", 3, always(100))]);
    line.jobs_at([0; 12]);
    let ran = line.run();
    let taken = ran.when(|kind| matches!(kind, RecordKind::Taken { .. }));
    assert_eq!(taken.iter().filter(|&&at| at < 100).count(), 3, "each reads as soon as there is something");
    // The first message went to the first reader alone, the next ten to the second, the last to the third.
    assert!(taken[11] > 900, "ten in a row take a second: {taken:?}");
}

#[test]
fn the_group_learns_of_a_crash_before_the_session_is_over() {
    let given = [("session_timeout", Given::Millis(6000)), ("enable_auto_commit", Given::No)];
    let services = [("one", 1, always(200)), ("two", 1, always(200))];
    let mut line = line("kafka", rules("kafka", &given), &services);
    line.plan.group(line.jobs, "workers", &line.services);
    line.jobs_at([1000, 1000, 1000]);
    // The only partition belongs to the first that joined.
    line.down(Place::Service(line.services[0]), 1100, 1100);
    let [one, two] = [line.services[0], line.services[1]];
    let ran = line.run();
    assert_eq!(ran.times_at(one, DONE), [0; 3]);
    assert_eq!(ran.times_at(two, DONE), [1; 3]);
    let taken = ran.when(|kind| matches!(kind, RecordKind::Taken { .. }));
    assert_eq!(taken.len(), 4);
    assert!((7100..7200).contains(&taken[1]), "the other reads on at {} ms", taken[1]);
    assert_eq!(ran.world.ledger().redelivered, 1, "one was in hand");
}

#[test]
fn an_offset_that_was_committed_by_the_clock_protects_the_work() {
    let given = [("auto_commit_interval", Given::Millis(500)), ("session_timeout", Given::Millis(6000))];
    let mut line = line("kafka", rules("kafka", &given), &[("s", 1, always(2000))]);
    line.jobs_at([100, 5000]);
    // The first is at work, and committed long ago.
    line.down(Place::Service(line.services[0]), 1500, 1600);
    let ran = line.run();
    assert_eq!(ran.times_of(DONE), [0, 1]);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Crash), 1);
    let settled = ran.when(|kind| *kind == RecordKind::Settled);
    assert!(settled.len() == 2 && settled[0] <= 600, "{settled:?}");
}

#[test]
fn a_consumer_that_has_crashed_commits_by_the_clock() {
    let given = [("auto_commit_interval", Given::Millis(5000)), ("session_timeout", Given::Millis(6000))];
    let mut line = line("kafka", rules("kafka", &given), &[("s", 1, always(2000))]);
    line.jobs_at([100]);
    line.down(Place::Service(line.services[0]), 1000, 1200);
    let ran = line.run();
    assert_eq!((ran.times_of(BEGUN), ran.times_of(DONE)), (vec![2], vec![1]));
}

#[test]
fn what_was_committed_by_the_clock_and_never_arrived_counts_as_delivered() {
    let mut line = line(
        "kafka",
        rules("kafka", &[("auto_commit_interval", Given::Millis(500))]),
        &[("s", 1, always(10))],
    );
    line.jobs_at([1000, 3000]);
    let (one, other) = (Place::Channel(line.jobs), Place::Service(line.services[0]));
    line.plan.fault(Time::ZERO + millis(900), Act::Cut { one, other });
    line.plan.fault(Time::ZERO + millis(2000), Act::Mend { one, other });
    let ran = line.run();
    assert_eq!(ran.times_of(DONE), [0, 1]);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Network), 1);
    assert_eq!(ran.when(|kind| *kind == RecordKind::CaseEnded { complete: false }), [1500]);
}

#[test]
fn a_second_copy_within_the_window_is_stored_again() {
    let done = |profile_name: &'static str| {
        let mut line = line(profile_name, rules(profile_name, &[]), &[("s", 1, always(1))]);
        line.jobs_at([100, 200, 300]);
        let client = Place::Client(topology::ClientId(0));
        let mut doubled = topology::Link::with_latency(always(1));
        doubled.duplication = 1.0;
        line.plan.link(client, Place::Channel(line.jobs), doubled);
        line.run()
    };
    let ran = done("jetstream");
    assert_eq!(ran.times_of(DONE), [1; 3]);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Deduplicated), 3);
    let complete = ran.when(|kind| *kind == RecordKind::CaseEnded { complete: true });
    assert_eq!(complete.len(), 3, "nothing is missing");
    assert_eq!(done("redis-streams").times_of(DONE), [2; 3]);
}

#[test]
fn a_log_is_taken_for_a_table() {
    // What the other tests rely on: nobody claims anything there.
    for name in ["kafka", "redis-streams", "jetstream"] {
        assert_eq!(rules(name, &[]).delivery.claim, Claim::HandOut, "{name}");
    }
}
