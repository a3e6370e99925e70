//! Promises about what services keep, order and losses, on runs of the engine.

use std::sync::Arc;

use analysis::{CheckState, Fold, Summary};
use kernel::{Distribution, Span, Time};
use topology::{
    Act, Arrivals, Cell, Check, Client, Expression, Flow, Link, LossReason, Operator, Place, Plan,
    PlanBuilder, Promise, Scope, Service, Target, Term, World,
};

use crate::tape::at;

fn constant(millis: u64) -> Distribution {
    Distribution::constant(Span::from_millis(millis))
}

fn promise(plan: &mut PlanBuilder, promise: Promise) {
    plan.check(Check { name: "the promise".into(), why: String::new(), promise });
}

fn run(plan: Arc<Plan>) -> Summary {
    let mut fold = Fold::new(&plan);
    let mut world = World::new(plan, 7).record();
    world.run_until(Time::MAX);
    world.records().iter().for_each(|record| fold.take(record));
    Summary::of(&world, &mut fold)
}

#[test]
fn the_total_of_what_is_kept_is_not_what_the_services_keep() {
    let mut plan = PlanBuilder::new("accounts", at(10_000));
    let bank = plan.service(Service::named("bank").work(constant(20)));
    let deposit = plan.message_type("deposit");
    let client =
        Client::named("saver", Arrivals::Poisson { per_second: 30.0 }, deposit, Target::Service(bank));
    plan.client(Client { keys: Some(8), ..client });
    let mut cell = |name: &str, per, kept, starts| {
        plan.cell(Cell { name: name.into(), service: bank, per, kept, lasts: None, starts })
    };
    let cells = [
        cell("balance", Scope::Key, true, 100),
        cell("recent", Scope::Key, false, 5),
        cell("served", Scope::Service, false, 1),
    ];
    let more = |cell| Expression::Term(Term::Cell(cell)).with(Operator::Plus, Expression::Number(1));
    let flow = cells.iter().fold(Flow::new().work(), |flow, &cell| flow.store(cell, more(cell)));
    plan.handler(bank, deposit, flow.reply());
    plan.fault(at(4_000), Act::Crash { place: Place::Service(bank) });
    plan.fault(at(5_000), Act::Restart { place: Place::Service(bank) });
    plan.fault(at(8_000), Act::Rebuild { service: bank });
    for cell in cells {
        promise(&mut plan, Promise::Total(Expression::compare(Term::Cell(cell), Operator::Above, 0)));
    }
    let plan = plan.build().unwrap();
    let (mut fold, mut world) = (Fold::new(&plan), World::new(plan, 7).record());
    let mut seen = Vec::new();
    for millis in [0, 1_000, 3_999, 4_000, 6_000, 7_999, 8_000, 10_000] {
        world.run_until(at(millis));
        world.records().iter().for_each(|record| fold.take(record));
        world.clear_records();
        fold.pass(world.now());
        for (cell, check) in cells.iter().zip(fold.checks()) {
            let total = check.sides.unwrap().actual;
            assert_eq!(total, world.cell_total(*cell), "{cell:?} at {millis} ms");
            seen.push(total);
        }
    }
    assert_eq!(seen[..3], [800, 40, 1]);
    assert!(seen[6] > 880 && seen[7] > 120 && seen[8] > 81, "before the crash: {seen:?}");
    assert_eq!((seen[9] > 880, &seen[10..12]), (true, &[40, 1][..]), "after the crash: {seen:?}");
    assert!(seen[18] < 810, "after the rebuild: {seen:?}");
}

/// A client whose 200 orders go by way of a channel to a service, over a link between these two.
fn orders(profile_name: &'static str, link: Link, promised: fn(Place, Place) -> Promise) -> Summary {
    let mut plan = PlanBuilder::new("orders", at(60_000));
    plan.default_link(Link::with_latency(constant(1)));
    let profile = channel::profile(profile_name).unwrap();
    let queue = plan.channel("queue", profile.name, profile.rules.clone());
    let shipping = plan.service(Service::named("shipping").work(constant(1)));
    let order = plan.message_type("order");
    let times = (0..200).map(|number| Span::from_millis(number * 10)).collect();
    let client = Client::named("shop", Arrivals::Times { at: times }, order, Target::Channel(queue));
    plan.client(Client { keys: Some(1), ..client });
    plan.handler(shipping, order, Flow::new().work());
    plan.link(Place::Channel(queue), Place::Service(shipping), link);
    promise(&mut plan, promised(Place::Channel(queue), Place::Service(shipping)));
    run(plan.build().unwrap())
}

fn first(summary: &Summary) -> &CheckState {
    &summary.checks[0]
}

#[test]
fn a_lost_acknowledgement_is_taken_for_a_lost_order() {
    let lossy = || Link { loss: 0.2, ..Link::with_latency(constant(1)) };
    let kept = orders("rabbitmq-quorum", lossy(), |queue, _| Promise::Lossless(queue));
    assert!(kept.ledger.lost_to(LossReason::Network) > 10, "acknowledgements: {:?}", kept.ledger);
    assert_eq!(first(&kept).held, Some(true), "{:?}", kept.ledger);
    for promised in [|queue, _| Promise::Lossless(queue), |_, service| Promise::Lossless(service)] {
        let lost = orders("redis-pubsub", lossy(), promised);
        let count = lost.ledger.lost_to(LossReason::Network);
        assert!(count > 10);
        assert_eq!((first(&lost).held, first(&lost).violations), (Some(false), count));
    }
}

#[test]
fn an_order_that_overtakes_another_is_not_told() {
    let restless =
        || Link { reordering: 1.0, ..Link::with_latency(Distribution::exponential(Span::from_millis(20))) };
    let ordered = |_: Place, shipping: Place| Promise::Ordered(shipping);
    let summary = orders("redis-pubsub", restless(), ordered);
    assert!(summary.ledger.out_of_order > 20);
    assert_eq!(first(&summary).violations, summary.ledger.out_of_order);
    let calm = orders("redis-pubsub", Link::with_latency(constant(20)), ordered);
    assert_eq!((first(&calm).held, calm.ledger.out_of_order), (Some(true), 0));
}
