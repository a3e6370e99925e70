//! Setting something otherwise than it stands in the file.

mod paths;
mod settable;
mod wishes;

use std::sync::Arc;

use scenario::{Assignment, Reading, Scenario, read_with};
use topology::Plan;

const ORDERS: &str = include_str!("../../../../static/scenarios/order-placed.yaml");

fn set(path: &str, value: &str) -> Assignment {
    Assignment { path: path.into(), value: value.into() }
}

/// A text with one thing set in a variant.
fn reading(text: &str, variant: &str, path: &str, value: &str) -> Reading {
    read_with(text, &[variant], &[set(path, value)])
}

/// What runs, to be compared by all that can be seen of it.
#[derive(Clone, Debug)]
struct Runs(Arc<Plan>);

impl PartialEq for Runs {
    fn eq(&self, other: &Runs) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

impl std::ops::Deref for Runs {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.0
    }
}

/// What runs in a variant if some things are set in it.
fn plan(text: &str, variant: &str, sets: &[Assignment]) -> Runs {
    let reading = read_with(text, &[variant], sets);
    let scenario = reading.scenario.unwrap_or_else(|| panic!("{sets:?}: {:#?}", reading.diagnostics));
    runs(&scenario, variant)
}

fn runs(scenario: &Scenario, variant: &str) -> Runs {
    Runs(scenario.variant(variant).expect("it is there").plan.clone())
}

/// The only thing that is wrong with the preset if one thing is set in the variant with queues.
fn wrong(path: &str, value: &str) -> String {
    let reading = reading(ORDERS, "queue", path, value);
    assert!(reading.scenario.is_none(), "{path}={value} is right");
    let [only] = &reading.diagnostics[..] else { panic!("{path}={value}: {:#?}", reading.diagnostics) };
    assert_eq!(only.line, 0, "it is not about the text");
    only.to_string()
}

/// A file in which variants change what all share.
const LAID_OVER: &str = "
signalbox: 1
title: Work from a queue
clients:
  shopper: { arrivals: poisson 5/s, sends: order, to: orders, with: { amount: 7, size: 3 } }
services:
  orders: { workers: 2, work: { lognormal: { median: 80ms, p99: 300ms } } }
  pay.v2: { work: 5ms }
channels:
  jobs: { profile: rabbitmq-classic, prefetch: 4, durable: false }
handlers:
  orders: { order: [work, send: { command: charge, to: jobs }, reply: yes] }
  pay.v2: { charge: [work, set: paid] }
variants:
  plain: { about: As above. }
  other:
    services: { orders: { work: 10ms } }
    channels: { jobs: { prefetch: 8 } }
";

#[test]
fn what_is_set_is_not_there() {
    let plan = |path: &str, value: &str| plan(ORDERS, "queue", &[set(path, value)]);
    assert_eq!(plan("services.payment.workers", "7").services[1].workers, 7);
    assert_eq!(plan("services.orders.inbox", "3").services[0].inbox, Some(3), "it is not in the file");
    assert_eq!(plan("length", "30s").length.nanos(), 30_000_000_000);
    assert_eq!(plan("links.default.loss", "5%").links[0], plan("links.default.loss", "0.05").links[0]);
    assert_eq!(plan("faults.1", "{ at: 20s, slow: payment, by: 3x }").faults.len(), 1);
    assert_eq!(plan("faults", "[]").faults.len(), 0);
    let twice = [set("services.payment.workers", "7"), set("services.payment.workers", "3")];
    assert_eq!(super::assign::plan(ORDERS, "queue", &twice).services[1].workers, 3, "the last one counts");
}

#[test]
fn another_variant_is_changed_too() {
    let read = |variants: &[&str]| {
        let sets = [set("services.orders.workers", "9"), set("channels.jobs.profile", "redis-pubsub")];
        read_with(LAID_OVER, variants, &sets).scenario.expect("it is right")
    };
    let untouched = scenario::read(LAID_OVER).scenario.expect("it is right");
    let found = read(&["plain"]);
    assert_eq!(runs(&found, "other"), runs(&untouched, "other"));
    assert_eq!(runs(&found, "plain").services[0].workers, 9);
    let both = read(&["plain", "other"]);
    assert_eq!(runs(&both, "plain"), runs(&found, "plain"));
    assert_eq!(runs(&both, "other"), runs(&read(&["other"]), "other"));
    assert_eq!(runs(&both, "other").services[0].workers, 9);
}

#[test]
fn what_all_share_is_set_although_the_variant_has_its_own() {
    // The variant replaces the distribution, so that there is no median any more.
    assert_eq!(
        reading(LAID_OVER, "other", "services.orders.work.lognormal.median", "90ms").diagnostics[0]
            .to_string(),
        "error: services.orders.work.lognormal.median=90ms: variant other has no \
         services.orders.work.lognormal.median; nothing with a name of its own stands under services.orders.work"
    );
    let median = [set("services.orders.work.lognormal.median", "90ms")];
    assert_ne!(plan(LAID_OVER, "plain", &median), plan(LAID_OVER, "plain", &[]));
    let prefetch = |value: &str| plan(LAID_OVER, "other", &[set("channels.jobs.prefetch", value)]);
    assert_eq!(prefetch("8"), plan(LAID_OVER, "other", &[]));
    assert_ne!(prefetch("9"), prefetch("8"));
}

#[test]
fn one_field_of_many_takes_the_others_along() {
    let fields = |sets: &[Assignment]| format!("{:?}", plan(LAID_OVER, "plain", sets).clients[0]);
    assert_eq!(fields(&[set("clients.shopper.with.amount", "7")]), fields(&[]));
    assert_ne!(fields(&[set("clients.shopper.with.amount", "8")]), fields(&[]));
}

#[test]
fn a_parameter_by_its_other_name_is_given_twice() {
    let log =
        LAID_OVER.replace("rabbitmq-classic, prefetch: 4, durable: false", "kafka, session_timeout: 10s");
    let log = log.replace("{ prefetch: 8 }", "{ partitions: 8 }");
    for variant in ["plain", "other"] {
        let by = |name: &str| plan(&log, variant, &[set(&format!("channels.jobs.{name}"), "20s")]);
        assert_eq!(by("session_timeout"), by("session.timeout.ms"));
        assert_ne!(by("session_timeout"), plan(&log, variant, &[]));
    }
}

#[test]
fn another_profile_stumbles_over_the_parameters_of_the_old_one() {
    for (text, variant, path) in
        [(ORDERS, "queue", "channels.charges.profile"), (LAID_OVER, "plain", "channels.jobs.profile")]
    {
        let mut seen: Vec<Runs> = Vec::new();
        for profile in ["redis-pubsub", "rabbitmq-classic", "rabbitmq-quorum", "kafka", "sqs", "nats"] {
            let plan = plan(text, variant, &[set(path, profile)]);
            assert!(seen.iter().all(|known| *known != plan), "{profile} is as one before");
            seen.push(plan);
        }
    }
    // What both have stays.
    let kept = [set("channels.charges.profile", "rabbitmq-classic")];
    let said = [kept[0].clone(), set("channels.charges.prefetch", "4")];
    assert_eq!(plan(ORDERS, "queue", &kept), plan(ORDERS, "queue", &said));
    // What is wrong in the file stays wrong.
    let misspelt =
        ORDERS.replace("{ profile: rabbitmq-quorum, prefetch: 4", "{ profile: rabbitmq-quorum, prefech: 4");
    assert!(reading(&misspelt, "queue", "channels.charges.profile", "kafka").scenario.is_none());
}

#[test]
fn what_is_wrong_with_an_assignment_is_not_said_of_it() {
    assert_eq!(
        wrong("services.payment.workers", "0"),
        "error: services.payment.workers=0: 0 is out of range; expected a whole number from 1 to 10000"
    );
    assert!(wrong("channels.charges.delivery_limit", "many").starts_with(
        "error: channels.charges.delivery_limit=many: `many` is not such a number (variant queue); expected "
    ));
    assert_eq!(
        wrong("services.payment.workers", "[1, 2]"),
        "error: services.payment.workers=[1, 2]: services.payment.workers is a list; expected a whole number from 1 to 10000"
    );
    assert!(wrong("services.payment.workers", "").contains("nothing stands behind the `=`"));
    assert!(wrong("services.payment.workers", "# 2").contains("nothing stands behind the `=`"));
    assert!(wrong("services.payment.workers", "[1").starts_with("error: services.payment.workers=[1: "));
    assert!(wrong("faults.1", "{ at: 20s, crash: paymnt }").contains("did you mean payment?"));
    assert!(wrong("channels.charges.profile", "kafak").contains("did you mean kafka?"));
    assert!(wrong("channels.charges.prefech", "4").contains("did you mean prefetch?"));
}

#[test]
fn the_second_assignment_takes_the_blame_for_the_first() {
    let sets =
        [set("services.orders.workers", "0"), set("services.payment.work", "lognormal median 80ms p99 3")];
    let found = read_with(ORDERS, &["queue"], &sets).diagnostics;
    let said: Vec<(u32, u32, &str)> =
        found.iter().map(|it| (it.line, it.column, &it.message[..22])).collect();
    assert_eq!(said, [(0, 1, "services.orders.worker"), (0, 27, "services.payment.work=")]);
}
