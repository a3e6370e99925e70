//! How often and when something is tried again.

use kernel::{Distribution, Span};
use topology::{
    Act, Arrivals, Client, Expression, FactId, Flow, Habits, Halt, Jitter, Link, Operator, Place,
    PlanBuilder, RecordKind, Retry, Service, ServiceId, Target, Term, World,
};

use super::{RELEASED, asks, handled, plan, ran};
use crate::parts::{Ran, always, millis, seconds};

fn policy(attempts: Option<u16>, pause: u64) -> Retry {
    Retry {
        attempts,
        pause: millis(pause),
        growth: 1.0,
        longest: millis(60_000),
        jitter: Jitter::None,
        budget: None,
    }
}

/// A caller tries as the policy says to reach somebody who always fails.
fn in_vain(plan: &mut PlanBuilder, retry: Retry, habits: Habits) -> ServiceId {
    let (caller, callee) =
        (plan.service(Service::named("caller").workers(100)), plan.service(Service::named("callee")));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    let begun = plan.fact("begun");
    let flow = Flow::new().set(begun).retry(retry, Flow::new().call(callee, question, None, false));
    plan.handler_with(caller, ask, habits, flow);
    plan.handler(callee, question, Flow::new().fail());
    caller
}

fn calls_at(ran: &Ran) -> Vec<u64> {
    let command = |record: &&topology::Record| {
        matches!(record.kind, RecordKind::Sent { kind: topology::MessageKind::Command, .. })
            && record.place == Place::Service(ServiceId(0))
    };
    ran.records.iter().filter(command).map(|record| record.time.nanos() / 1_000_000).collect()
}

#[test]
fn a_pause_is_not_as_long_as_the_policy_promises() {
    for habits in [Habits::default(), RELEASED] {
        let mut plan = plan();
        let retry = Retry { growth: 2.0, longest: millis(500), ..policy(Some(6), 100) };
        let caller = in_vain(&mut plan, retry, habits);
        let ask = plan.message_type("ask");
        asks(&mut plan, ask, caller, &[0]);
        let ran = ran(plan);
        // Each attempt takes 2 ms; the pauses are 100, 200, 400, 500 and 500 ms.
        assert_eq!(calls_at(&ran), [1, 103, 305, 707, 1209, 1711]);
        let attempts = (2..=6).map(|attempt| ran.when(|kind| *kind == RecordKind::Retried { attempt }).len());
        assert_eq!(attempts.collect::<Vec<_>>(), [1; 5]);
        assert_eq!(ran.when(|kind| *kind == RecordKind::HandlerFailed).last(), Some(&1713));
        assert_eq!(ran.world.departures(topology::ClientId(0)), (0, 1, 0));
    }
}

#[test]
fn a_pause_without_growth_grows_or_overflows() {
    let longest = Retry { growth: 3.0, longest: millis(60_000), ..policy(None, 1) };
    assert_eq!(longest.pause_before(2), millis(1));
    assert_eq!(longest.pause_before(u32::MAX), millis(60_000));
    assert_eq!(policy(None, 7).pause_before(u32::MAX), millis(7));
    assert_eq!(Retry { growth: 9.0, ..policy(None, 0) }.pause_before(u32::MAX), Span::ZERO);
    assert_eq!(Retry { longest: millis(5), ..policy(None, 7) }.pause_before(2), millis(5));
}

/// The pauses of a second for 5,000 messages, as shares of it.
fn jittered(jitter: Jitter) -> Vec<f64> {
    let flow = Flow::new().retry(Retry { jitter, ..policy(Some(2), 1000) }, Flow::new().fail());
    let at: Vec<u64> = (0..5000).collect();
    let ran = handled(2000, Habits::default(), &at, flow);
    let begins = ran.records.iter().filter(|record| matches!(record.kind, RecordKind::Retried { .. }));
    let ends = ran.records.iter().filter(|record| record.kind == RecordKind::HandlerFailed);
    let mut begun = vec![0.0; 5000];
    begins.for_each(|record| begun[record.case as usize] = record.time.seconds());
    ends.map(|record| record.time.seconds() - begun[record.case as usize]).collect()
}

#[test]
fn jitter_does_not_spread_evenly() {
    assert!(jittered(Jitter::None).iter().all(|pause| (pause - 1.0).abs() < 1e-9));
    for (jitter, from) in [(Jitter::Full, 0.0), (Jitter::Half, 0.5)] {
        let pauses = jittered(jitter);
        assert_eq!(pauses.len(), 5000);
        let mut cells = [0_u32; 20];
        for pause in pauses {
            let share = (pause - from) / (1.0 - from);
            cells[(share * 20.0) as usize] += 1;
        }
        // 99.9 % quantile of chi-square with 19 degrees of freedom: 43.8.
        let chi =
            cells.iter().map(|&count| f64::from(count) * f64::from(count) / 250.0).sum::<f64>() - 5000.0;
        assert!(chi < 43.8, "{jitter:?}: {cells:?}");
    }
}

#[test]
fn more_is_retried_than_the_budget_allows_or_less() {
    for share in [0.2, 0.5] {
        let mut plan = plan();
        let retry = Retry { budget: Some(share), ..policy(None, 10) };
        let caller = in_vain(&mut plan, retry, Habits::default());
        let ask = plan.message_type("ask");
        let arrivals = Arrivals::Poisson { per_second: 50.0 };
        plan.client(Client::named("client", arrivals, ask, Target::Service(caller)));
        let ran = ran(plan);
        let first = ran.times_of(FactId(0)).iter().sum::<usize>() as f64;
        let retries = calls_at(&ran).len() as f64 - first;
        assert!(first > 4000.0);
        // It begins with what it saves up at most.
        let allowed = first * share + Retry::BUDGET_MOST;
        assert!((allowed - 2.0..=allowed).contains(&retries), "{retries} retries, {allowed} allowed");
    }
}

#[test]
fn quiet_times_save_up_retries_without_end() {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(100));
    let ask = plan.message_type("ask");
    // Ten a second; from 50 s on everything fails.
    let fails = Expression::compare(Term::Now, Operator::Above, 50_000);
    let retry = Retry { budget: Some(0.5), ..policy(None, 10) };
    let steps = Flow::new().if_true(fails, Flow::new().fail(), Flow::new());
    plan.handler(service, ask, Flow::new().retry(retry, steps));
    let arrivals = Arrivals::Constant { per_second: 10.0 };
    plan.client(Client::named("client", arrivals, ask, Target::Service(service)));
    let ran = ran(plan);
    let retries = ran.when(|kind| matches!(kind, RecordKind::Retried { .. })).len();
    assert!((255..=262).contains(&retries), "{retries} for 500 that fail");
}

#[test]
fn a_retry_gives_up_early_or_goes_on_when_it_has_worked() {
    let never = Flow::new().retry(policy(Some(1), 100), Flow::new().fail());
    let ran = handled(1, Habits::default(), &[0], never);
    assert_eq!(ran.when(|kind| matches!(kind, RecordKind::Retried { .. })), []);
    let works = Flow::new().retry(policy(None, 100), Flow::new().work_for(always(5)));
    assert_eq!(
        handled(1, Habits::default(), &[0], works).when(|kind| *kind == RecordKind::Delivered),
        [6, 7]
    );
    // Attempts inside of attempts: three times two, and a pause between two of the same level.
    let inner = Flow::new().retry(policy(Some(2), 10), Flow::new().set(FactId(0)).fail());
    let both = Flow::new().retry(policy(Some(3), 100), inner);
    let ran = handled(1, Habits::default(), &[0], both);
    assert_eq!(super::set_at(&ran, FactId(0)), [1, 1, 11, 111, 121, 221, 231]);
}

#[test]
fn each_attempt_has_the_deadline_of_the_first() {
    let attempt = Flow::new().deadline(always(100), Flow::new().pause(always(1000)), None);
    let ran = handled(1, Habits::default(), &[0], Flow::new().retry(policy(Some(3), 50), attempt));
    assert_eq!(ran.when(|kind| *kind == RecordKind::DeadlinePassed), [101, 251, 401]);
    assert_eq!(ran.when(|kind| *kind == RecordKind::HandlerFailed), [401]);
}

#[test]
fn a_deadline_does_not_end_the_attempts() {
    let retry = Flow::new().retry(policy(None, 30), Flow::new().set(FactId(0)).fail());
    let flow = Flow::new().deadline(always(100), retry, None);
    let ran = handled(1, Habits::default(), &[0], flow);
    assert_eq!(super::set_at(&ran, FactId(0)), [1, 1, 31, 61, 91]);
    assert_eq!(ran.when(|kind| *kind == RecordKind::HandlerFailed), [101]);
}

#[test]
fn a_handler_that_tries_without_a_pause_never_ends() {
    let endless = Flow::new().retry(policy(None, 0), Flow::new().fail());
    let ran = handled(1, Habits::default(), &[0], endless);
    assert_eq!(ran.world.halted(), Some(Halt::Standstill));
    assert_eq!(ran.world.halted_at(), Some(Place::Service(ServiceId(0))));
    assert!(ran.world.halted().unwrap().words().contains("retries a pause"));
    assert!(ran.world.ledger().balances());
    assert_eq!(ran.world.tasks().count(), 0);
    let halted = ran.records.iter().find(|record| record.kind == RecordKind::Halted).unwrap();
    assert_eq!(halted.place, Place::Service(ServiceId(0)));
}

#[test]
fn a_call_that_is_tried_without_a_pause_never_ends() {
    let mut plan = plan();
    plan.default_link(Link::with_latency(Distribution::constant(Span::ZERO)));
    let caller = in_vain(&mut plan, policy(None, 0), Habits::default());
    let ask = plan.message_type("ask");
    asks(&mut plan, ask, caller, &[1]);
    let mut world = World::new(plan.build().unwrap(), 1);
    world.run_until(seconds(100));
    assert_eq!(world.halted(), Some(Halt::Standstill));
    assert!(matches!(world.halted_at(), Some(Place::Service(_))));
    assert!(world.ledger().balances());
}

#[test]
fn a_budget_outlives_the_memory_that_it_is_kept_in() {
    let mut plan = plan();
    let retry = Retry { budget: Some(0.1), ..policy(None, 10) };
    let caller = in_vain(&mut plan, retry.clone(), Habits::default());
    let other = plan.service(Service::named("other").workers(100));
    let (ask, tell) = (plan.message_type("ask"), plan.message_type("tell"));
    plan.handler(other, tell, Flow::new().retry(retry, Flow::new().fail()));
    // Each of two uses up its budget; then the caller crashes.
    asks(&mut plan, ask, caller, &[0, 5000]);
    asks(&mut plan, tell, other, &[0, 5000]);
    plan.fault(seconds(2), Act::Crash { place: Place::Service(caller) });
    plan.fault(seconds(3), Act::Restart { place: Place::Service(caller) });
    let ran = ran(plan);
    let retries = |of: ServiceId, after: f64| {
        let those = ran.records.iter().filter(|record| {
            matches!(record.kind, RecordKind::Retried { .. })
                && record.place == Place::Service(of)
                && (record.time.seconds() >= 4.0) == (after >= 4.0)
        });
        those.count()
    };
    assert_eq!((retries(caller, 0.0), retries(caller, 4.0)), (10, 10));
    assert_eq!((retries(other, 0.0), retries(other, 4.0)), (10, 0));
}

#[test]
fn the_branches_of_each_attempt_pause_alike() {
    let span = Distribution::uniform(Span::ZERO, millis(1000));
    let branches = Flow::new().parallel(vec![Flow::new().pause(span)]).fail();
    let ran = handled(1, Habits::default(), &[0], Flow::new().retry(policy(Some(5), 0), branches));
    let begun = ran.when(|kind| *kind == RecordKind::Waits);
    let ended = ran.when(|kind| matches!(kind, RecordKind::Retried { .. } | RecordKind::HandlerFailed));
    let pauses: std::collections::BTreeSet<u64> =
        begun.iter().zip(ended).map(|(begun, ended)| ended - begun).collect();
    assert!(pauses.len() > 2, "{pauses:?}");
}
