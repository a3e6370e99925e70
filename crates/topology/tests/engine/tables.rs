//! Tables that are polled, and queues whose messages come again by the clock.

use kernel::{Distribution, Time};
use topology::{
    Act, Arrivals, Client, Flow, Link, LossReason, Place, PlanBuilder, RecordKind, Service, Target, World,
};

use crate::parts::{DONE, Given, Ran, always, line, millis, records_of, rules, seconds};

/// One job a second; two services look every 100 ms, and a job takes 250 ms.
fn two_pollers(claim: &'static str) -> Ran {
    let given = [("claim", Given::Word(claim)), ("poll_interval", Given::Millis(100))];
    let services = [("one", 1, always(250)), ("two", 1, always(250))];
    let mut line = line("jobs-table", rules("jobs-table", &given), &services);
    line.jobs_at((0..20).map(|index| index * 1000));
    line.run()
}

#[test]
fn a_job_that_nobody_claims_is_done_once() {
    let ran = two_pollers("naive");
    assert_eq!(ran.times_of(DONE), [2; 20]);
    assert_eq!(ran.world.ledger().waiting, 0);
    assert_eq!(ran.world.ledger().lost(), 0);
}

#[test]
fn a_claimed_job_is_done_twice() {
    for claim in ["conditional_update", "for_update", "skip_locked", "update_subselect_rechecked"] {
        let ran = two_pollers(claim);
        assert_eq!(ran.times_of(DONE), [1; 20], "{claim}");
        assert_eq!(ran.world.ledger().waiting, 0, "{claim}");
    }
}

#[test]
fn two_that_look_at_the_same_row_both_get_it_or_nobody_looks_in_vain() {
    // Both look within the 10 ms that a row takes to arrive.
    let given = [("claim", Given::Word("conditional_update")), ("poll_interval", Given::Millis(10))];
    let services = [("one", 1, always(250)), ("two", 1, always(250))];
    let mut line = line("jobs-table", rules("jobs-table", &given), &services);
    line.plan.default_link(Link::with_latency(always(10)));
    line.jobs_at((0..20).map(|index| index * 1000));
    let ran = line.run();
    assert_eq!(ran.times_of(DONE), [1; 20]);
    assert!(ran.world.ledger().lost_to(LossReason::Claimed) >= 10, "{:?}", ran.world.ledger());
    let complete = ran.when(|kind| *kind == RecordKind::CaseEnded { complete: true });
    assert_eq!(complete.len(), 20, "a look in vain loses nothing");
}

#[test]
fn a_row_is_lost_with_whoever_claimed_it_although_another_looked_first() {
    let given = [
        ("claim", Given::Word("conditional_update")),
        ("poll_interval", Given::Millis(20)),
        ("lease", Given::Millis(3000)),
    ];
    let services = [("far", 1, always(500)), ("near", 1, always(500))];
    let mut line = line("jobs-table", rules("jobs-table", &given), &services);
    let [far, near] = [line.services[0], line.services[1]].map(Place::Service);
    line.plan.link(Place::Channel(line.jobs), far, Link::with_latency(always(50)));
    line.jobs_at([0]);
    line.down(near, 300, 400);
    let plan = line.plan.build().unwrap();
    let mut overtaken = 0;
    for seed in 0..20 {
        let (world, records) = records_of(plan.clone(), seed);
        let mut ways = records.iter().filter(|record| matches!(record.kind, RecordKind::Sent { .. }));
        let mut taken = records.iter().filter(|record| matches!(record.kind, RecordKind::Taken { .. }));
        let first = ways.nth(1).map(|record| record.kind);
        let to_far =
            matches!(first, Some(RecordKind::Sent { route, .. }) if plan.routes[route.index()].to == far);
        overtaken += u32::from(to_far && taken.next().is_some_and(|record| record.place == near));
        let ran = Ran { world, records };
        assert_eq!(ran.times_of(DONE), [1], "seed {seed}");
        assert_eq!(ran.world.ledger().waiting, 0, "seed {seed}");
        assert_eq!(ran.world.ledger().lost_to(LossReason::Crash), 0, "seed {seed}");
    }
    assert!(overtaken > 3, "only {overtaken} times did the second claim before the first");
}

#[test]
fn work_that_takes_longer_than_its_message_is_hidden_is_done_once() {
    let done = |hidden| {
        let rules = rules("sqs", &[("visibility_timeout", Given::Millis(hidden))]);
        let mut line = line("sqs", rules, &[("s", 2, always(1500))]);
        line.jobs_at([0, 10_000, 20_000]);
        let ran = line.run();
        assert_eq!(ran.world.ledger().waiting, 0);
        ran.times_of(DONE)
    };
    assert_eq!(done(1000), [2; 3]);
    assert_eq!(done(2000), [1; 3]);
}

/// One job, then a batch of four for a slow service, whose last three are hidden too short a time; a fast one
/// is there when it is over. What each has done, and how often the slow one looked in vain.
fn batch_that_takes_too_long(profile_name: &'static str) -> (Vec<usize>, Vec<usize>, u64) {
    let given = [("max_number_of_messages", Given::Number(5)), ("visibility_timeout", Given::Millis(1500))];
    let services = [("slow", 1, always(1000)), ("fast", 1, always(10))];
    let mut line = line(profile_name, rules(profile_name, &given), &services);
    let [slow, fast] = [line.services[0], line.services[1]];
    line.plan.fault(Time::ZERO, Act::Crash { place: Place::Service(fast) });
    line.plan.fault(Time::ZERO + millis(2000), Act::Restart { place: Place::Service(fast) });
    line.jobs_at([100; 5]);
    let ran = line.run();
    assert_eq!(ran.world.ledger().waiting, 0);
    let in_vain = ran.world.ledger().lost_to(LossReason::Claimed);
    (ran.times_at(slow, DONE), ran.times_at(fast, DONE), in_vain)
}

#[test]
fn what_lies_in_a_batch_longer_than_it_is_hidden_is_done_once() {
    // Nobody tells the slow one, which has not even begun two of them.
    let (slow, fast, in_vain) = batch_that_takes_too_long("sqs");
    assert_eq!((slow, fast, in_vain), (vec![1; 5], vec![0, 0, 1, 1, 1], 0));
}

#[test]
fn who_is_fenced_off_works_all_the_same() {
    let (slow, fast, in_vain) = batch_that_takes_too_long("sqs-fifo");
    assert_eq!((slow, fast, in_vain), (vec![1, 1, 1, 0, 0], vec![0, 0, 1, 1, 1], 2));
}

#[test]
fn a_case_is_incomplete_because_the_first_of_two_workers_crashed() {
    let rules = rules("sqs", &[("visibility_timeout", Given::Millis(1000))]);
    let mut line = line("sqs", rules, &[("one", 1, always(1500)), ("two", 1, always(1500))]);
    line.jobs_at([0]);
    let mut world = World::new(line.plan.build().unwrap(), 1).record();
    world.run_until(Time::ZERO + millis(1200));
    let first = world.tasks().min_by_key(|(task, _)| task.since).map(|(task, _)| task.service).unwrap();
    assert_eq!(world.tasks().count(), 2);
    world.apply(Act::Crash { place: Place::Service(first) });
    world.run_until(Time::MAX);
    let ran = Ran { records: world.records().to_vec(), world };
    assert!(ran.times_of(DONE)[0] > 0);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Crash), 1);
    assert_eq!(ran.when(|kind| *kind == RecordKind::CaseEnded { complete: true }).len(), 1);
}

/// Jobs per second.
const RATE: f64 = 0.5;

/// Mean time from the request to the beginning of work, with its standard error.
fn mean_wait(poll_interval: u64) -> (f64, f64) {
    let mut waits = Vec::new();
    for seed in 0..10 {
        let mut plan = PlanBuilder::new("polled", seconds(1000));
        plan.default_link(Link::with_latency(always(0)));
        let given = [("poll_interval", Given::Millis(poll_interval))];
        let channel = plan.channel("jobs", "jobs-table", rules("jobs-table", &given));
        let work = Distribution::exponential(millis(1));
        let service = plan.service(Service::named("s").work(work));
        let job = plan.message_type("job");
        plan.handler(service, job, Flow::new().work());
        let arrivals = Arrivals::Poisson { per_second: RATE };
        plan.client(Client::named("c", arrivals, job, Target::Channel(channel)));
        let (_, records) = records_of(plan.build().unwrap(), seed);
        let mut started = Vec::new();
        for record in &records {
            if let RecordKind::CaseStarted { .. } = record.kind {
                started.push(record.time);
            } else if let RecordKind::Taken { .. } = record.kind {
                waits.push(record.time.since(started[record.case as usize]).seconds());
            }
        }
    }
    let count = waits.len() as f64;
    let mean = waits.iter().sum::<f64>() / count;
    let variance = waits.iter().map(|wait| (wait - mean) * (wait - mean)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// Queueing theory knows a server that begins only at the ticks of a clock: half a tick, and what M/D/1 says. At
/// low load half a tick is all.
#[test]
fn a_polled_job_waits_longer_or_shorter_than_until_the_next_look_that_is_free() {
    for tick in [0.2, 1.0] {
        let (mean, error) = mean_wait((tick * 1000.0) as u64);
        let expected = tick / 2.0 + RATE * tick * tick / (2.0 * (1.0 - RATE * tick));
        assert!((mean - expected).abs() < 3.0 * error, "every {tick} s: {mean} +- {error}, not {expected}");
        assert!(error < 0.02 * expected, "the error {error} is too large to tell anything");
    }
}

#[test]
fn a_poller_goes_on_looking_when_its_table_is_down() {
    let given = [("poll_interval", Given::Millis(100))];
    let mut line = line("jobs-table", rules("jobs-table", &given), &[("s", 1, always(10))]);
    line.jobs_at([500, 3000]);
    line.down(topology::Place::Channel(line.jobs), 1000, 2000);
    let ran = line.run();
    assert_eq!(ran.times_of(DONE), [1, 1]);
    assert!(ran.world.now() > Time::ZERO);
}
