//! Systems without end: each comes to a named limit, and says so.

use kernel::{Distribution, Span, Time};
use topology::{Arrivals, Client, Flow, Halt, Link, PlanBuilder, RecordKind, Service, Target, World};

use crate::parts::{millis, seconds};

/// Two services that tell each other, over links of this latency; each message leads to `copies` more.
fn echo(latency: Span, copies: usize) -> World {
    let mut plan = PlanBuilder::new("echo", seconds(3600));
    plan.default_link(Link::with_latency(Distribution::constant(latency)));
    let services = ["ping", "pong"].map(|name| plan.service(Service::named(name).workers(100)));
    let types = ["to_ping", "to_pong"].map(|name| plan.message_type(name));
    for (me, other) in [(0, 1), (1, 0)] {
        let flow = (0..copies)
            .fold(Flow::new(), |flow, _| flow.send(Target::Service(services[other]), types[other]));
        plan.handler(services[me], types[me], flow);
    }
    let arrivals = Arrivals::Times { at: vec![millis(1)] };
    plan.client(Client::named("shout", arrivals, types[0], Target::Service(services[0])));
    World::new(plan.build().unwrap(), 1).record()
}

#[test]
fn a_storm_fills_the_memory() {
    let mut world = echo(millis(10), 2);
    world.run_until(Time::MAX);
    assert_eq!(world.halted(), Some(Halt::LiveMessages));
    assert!(world.now() < seconds(1));
    assert!(world.records().iter().any(|record| record.kind == RecordKind::Halted));
    assert!(world.ledger().balances());
}

#[test]
fn time_never_moves_again() {
    let mut world = echo(Span::ZERO, 1);
    world.clear_records();
    let mut quiet = world.clone();
    for _ in 0..World::OCCURRENCES_AT_ONCE_MAX + 10 {
        quiet.clear_records();
        if !quiet.step(Time::MAX) {
            break;
        }
    }
    assert_eq!(quiet.halted(), Some(Halt::Standstill));
    assert!(!quiet.step(Time::MAX), "it goes on after its end");
}

#[test]
fn an_echo_with_latency_is_taken_for_a_storm() {
    let mut world = echo(millis(10), 1);
    world.run_until(seconds(60));
    assert_eq!(world.halted(), None);
    assert_eq!(world.now(), seconds(60));
}

#[test]
fn arrivals_that_stop_time_are_run() {
    let wrong = [
        Arrivals::Poisson { per_second: 0.0 },
        Arrivals::Constant { per_second: f64::NAN },
        Arrivals::Burst { count: 5, every: Span::ZERO },
        Arrivals::Ramp { from_per_second: -1.0, to_per_second: 5.0, over: millis(10) },
        Arrivals::Times { at: vec![millis(5), millis(3)] },
        Arrivals::Users { count: 1, think: Distribution::constant(Span::ZERO) },
    ];
    for arrivals in wrong {
        let mut plan = PlanBuilder::new("wrong", seconds(1));
        let service = plan.service(Service::named("s"));
        let ask = plan.message_type("ask");
        plan.handler(service, ask, Flow::new());
        plan.client(Client::named("c", arrivals.clone(), ask, Target::Service(service)));
        assert!(plan.build().is_err(), "{arrivals:?}");
    }
}

#[test]
fn two_of_too_many_are_taken_for_one_another() {
    // 300 services that all call each other need 90,000 routes, and a route is numbered by 16 bits.
    let mut plan = PlanBuilder::new("everybody with everybody", seconds(1));
    let ask = plan.message_type("ask");
    let services: Vec<_> = (0..300).map(|index| plan.service(Service::named(&format!("s{index}")))).collect();
    for &service in &services {
        let flow = services.iter().fold(Flow::new(), |flow, &other| flow.send(Target::Service(other), ask));
        plan.handler(service, ask, flow);
    }
    assert!(plan.build().unwrap_err().0.contains("routes"));

    let mut plan = PlanBuilder::new("never the same", seconds(1));
    let (service, ask) = (plan.service(Service::named("s")), plan.message_type("ask"));
    let times = (0..70_000).map(Span::from_nanos).map(Distribution::constant);
    plan.handler(service, ask, times.fold(Flow::new(), Flow::work_for));
    assert!(plan.build().unwrap_err().0.contains("times"));
}

#[test]
fn what_no_request_can_be_about_or_carry_is_run() {
    let range = |least, most| vec![(topology::FieldId(0), topology::FieldValue::Between { least, most })];
    for (keys, fields, word) in [
        (Some(0), vec![], Some("keys")),
        (Some(1), vec![], None),
        (None, range(5, 4), Some("5 to 4")),
        (None, range(5, 5), None),
    ] {
        let mut plan = PlanBuilder::new("wrong", seconds(1));
        let service = plan.service(Service::named("s"));
        let ask = plan.message_type("ask");
        plan.field("amount");
        plan.handler(service, ask, Flow::new());
        let arrivals = Arrivals::Times { at: vec![millis(5)] };
        plan.client(Client { keys, fields, ..Client::named("c", arrivals, ask, Target::Service(service)) });
        let wrong = plan.build().err().map(|error| error.0);
        assert_eq!(wrong.is_some(), word.is_some(), "{wrong:?}");
        assert!(word.is_none_or(|word| wrong.is_some_and(|wrong| wrong.contains(word))));
    }
}
