//! The scenarios that the page offers: each of them shows what it is meant to show.

use analysis::{Fold, Summary};
use kernel::Time;
use topology::World;

/// Each with its file name.
pub const PRESETS: [(&str, &str); 3] = [
    ("order-placed", include_str!("../../../../static/scenarios/order-placed.yaml")),
    ("user-signs-up", include_str!("../../../../static/scenarios/user-signs-up.yaml")),
    ("lost-and-out-of-order", include_str!("../../../../static/scenarios/lost-and-out-of-order.yaml")),
];

fn preset(name: &str) -> scenario::Scenario {
    let (_, text) = PRESETS.iter().find(|(known, _)| *known == name).expect("it is a preset");
    scenario::read(text).scenario.expect("it is right")
}

/// A whole run of one variant.
fn run(scenario: &scenario::Scenario, variant: &str, seed: u64) -> Summary {
    let plan = &scenario.variant(variant).expect("it is a variant").plan;
    let (mut world, mut fold) = (World::new(plan.clone(), seed).record(), Fold::new(plan));
    world.run_until(Time::MAX);
    world.records().iter().for_each(|record| fold.take(record));
    assert_eq!(world.halted(), None);
    assert!(world.ledger().balances());
    Summary::of(&world, &mut fold)
}

/// For how many cases a fact is true.
fn cases_with(summary: &Summary, fact: &str) -> u64 {
    summary.facts.iter().find(|(name, ..)| name == fact).expect("it is a fact").2
}

/// Whether each promise is held, with the seed of the file and with others: what a preset shows is no accident.
fn check(name: &str, variant: &str, held: &[bool]) {
    let scenario = preset(name);
    for seed in [scenario.seed, 1, 2, 3, 4, 5, 6, 7] {
        let summary = run(&scenario, variant, seed);
        let found: Vec<Option<bool>> = summary.checks.iter().map(|check| check.held).collect();
        let expected: Vec<Option<bool>> = held.iter().map(|&held| Some(held)).collect();
        assert_eq!(found, expected, "{name}, {variant}, seed {seed}: {:#?}", summary.checks);
    }
}

#[test]
fn a_preset_does_not_load() {
    for (name, text) in PRESETS {
        let reading = scenario::read(text);
        assert_eq!(reading.diagnostics, [], "{name}");
    }
}

#[test]
fn an_order_breaks_other_promises_than_it_should() {
    check("order-placed", "sync", &[true, true, true]);
    check("order-placed", "pubsub", &[true, false, true]);
    check("order-placed", "queue", &[true, true, true]);
}

#[test]
fn an_order_does_not_show_what_it_should() {
    let scenario = preset("order-placed");
    let [sync, pubsub, queue] =
        ["sync", "pubsub", "queue"].map(|variant| run(&scenario, variant, scenario.seed));
    let started = sync.cases.started;
    assert!(sync.cases.refused > 20, "who calls payment while it is down turns customers away");
    assert_eq!(pubsub.cases.answered, started);
    assert!(
        cases_with(&pubsub, "paid") + 20 < started,
        "what is published while payment is down is never charged"
    );
    assert_eq!((queue.cases.answered, cases_with(&queue, "paid")), (started, started));
    assert!(sync.response.p50 > queue.response.p50, "the caller waits for everybody");
}

#[test]
fn a_sign_up_breaks_other_promises_than_it_should() {
    check("user-signs-up", "sync", &[true, true, true]);
    check("user-signs-up", "pubsub", &[true, false, true]);
}

#[test]
fn a_sign_up_does_not_show_what_it_should() {
    let scenario = preset("user-signs-up");
    let [sync, pubsub] = ["sync", "pubsub"].map(|variant| run(&scenario, variant, scenario.seed));
    assert!(
        sync.cases.refused + sync.cases.gave_up > sync.cases.started / 4,
        "a slow newsletter stops sign-ups"
    );
    assert_eq!(cases_with(&sync, "registered"), sync.cases.started, "although the accounts are made");
    assert_eq!(pubsub.cases.answered, pubsub.cases.started);
    assert_eq!(cases_with(&pubsub, "subscribed"), pubsub.cases.started, "it is late, and no more");
    assert!(
        sync.response.p50.expect("some were answered") > pubsub.response.p50.expect("all were").scaled(5.0)
    );
}

#[test]
fn loss_and_disorder_break_other_promises_than_they_should() {
    check("lost-and-out-of-order", "topic", &[false, true, false]);
    check("lost-and-out-of-order", "tolerant", &[true, true, true]);
}

#[test]
fn loss_and_disorder_do_not_show_what_they_should() {
    let scenario = preset("lost-and-out-of-order");
    let [topic, queue, tolerant] =
        ["topic", "queue", "tolerant"].map(|variant| run(&scenario, variant, scenario.seed));
    assert!(topic.ledger.lost() > 0 && topic.ledger.out_of_order > 20);
    let held: Vec<Option<bool>> = queue.checks.iter().map(|check| check.held).collect();
    assert_eq!(
        held,
        [Some(false), Some(false), Some(true)],
        "nothing is lost, but some customers are called twice"
    );
    assert!(queue.ledger.redelivered > 0);
    let called = |summary| cases_with(summary, "customer_called");
    assert!(called(&topic) < called(&tolerant) && called(&queue) < called(&tolerant));
}
