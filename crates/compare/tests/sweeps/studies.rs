//! The contenders of a sweep.

use compare::{Axis, Settings, Study, Sweep};

use super::{ORDERS, texts};

fn sweep(variants: &[&str], axes: &[&str]) -> Sweep {
    Sweep { variants: texts(variants), axes: axes.iter().map(|text| Axis::read(text).unwrap()).collect() }
}

fn study(sweep: &Sweep) -> Result<Study, String> {
    sweep.study(ORDERS, Settings { seeds: 1, ..Settings::default() }, "response_p99")
}

/// That each point makes a plan that no other point makes.
#[track_caller]
fn check(variant: &str, axis: &str, count: usize) {
    let study = study(&sweep(&[variant], &[axis])).unwrap();
    let plans: Vec<String> = study.contenders.iter().map(|it| format!("{:?}", it.plan)).collect();
    assert_eq!(plans.len(), count, "{axis}");
    for (index, plan) in plans.iter().enumerate() {
        assert!(!plans[..index].contains(plan), "{} is as one before", study.contenders[index].name);
    }
}

#[test]
fn two_points_are_the_same() {
    check("queue", "services.payment.workers=1..8", 8);
    check("sync", "clients.shopper.arrivals=poisson 1..10/s", 10);
    check("queue", "faults.1.for=5s..30s..5s", 6);
    check("pubsub", "links.default.loss=0..0.2..0.05", 5);
    check("pubsub", "links.default.loss=0..20..5%", 5);
    check("queue", "channels.charges.profile=kafka,rabbitmq-classic,rabbitmq-quorum,sqs,redis-pubsub", 5);
    check("queue", "channels.charges.prefetch=1..4", 4);
    check("sync", "handlers.orders.place_order.1.call.timeout=100ms..500ms..100ms", 5);
    check("sync", "length=10s..60s..10s", 6);
}

#[test]
fn contenders_come_in_another_order() {
    let sweep = sweep(
        &["queue", "sync with links.default.loss=1%"],
        &["services.payment.workers=1..2", "faults.1.for=5s..15s..5s"],
    );
    let study = study(&sweep).unwrap();
    let names: Vec<&str> = study.contenders.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names.len(), 12);
    assert_eq!(
        names[..4],
        [
            "queue with services.payment.workers=1 and faults.1.for=5s",
            "queue with services.payment.workers=1 and faults.1.for=10s",
            "queue with services.payment.workers=1 and faults.1.for=15s",
            "queue with services.payment.workers=2 and faults.1.for=5s",
        ]
    );
    let found = &study.contenders[sweep.contender(1, &[1, 2])];
    assert_eq!(
        found.name,
        "sync with links.default.loss=1% and services.payment.workers=2 and faults.1.for=15s"
    );
    assert_eq!(found.plan.services[1].workers, 2);
    for contender in &study.contenders {
        let (_, again) = compare::contenders(ORDERS, std::slice::from_ref(&contender.name)).unwrap();
        assert_eq!(format!("{:?}", again[0].plan), format!("{:?}", contender.plan), "{}", contender.name);
    }
}

#[test]
fn a_sweep_is_over_variants_that_do_not_have_the_path() {
    let axes = || vec![Axis::read("channels.charges.prefetch=1..4").unwrap()];
    assert_eq!(Sweep::new(ORDERS, &[], axes()).unwrap().variants, ["queue"]);
    let all = vec![Axis::read("services.payment.workers=1..4").unwrap()];
    assert_eq!(Sweep::new(ORDERS, &[], all).unwrap().variants, ["sync", "pubsub", "queue"]);
    assert_eq!(Sweep::new(ORDERS, &texts(&["sync"]), axes()).unwrap().variants, ["sync"]);
    let nowhere = Sweep::new(ORDERS, &[], vec![Axis::read("services.paymnt.workers=1..4").unwrap()]).unwrap();
    assert_eq!(
        study(&nowhere).unwrap_err(),
        "services.paymnt.workers=1: variant sync has no services.paymnt.workers; did you mean services.payment.workers?"
    );
}

#[test]
fn probes_are_made_for_nothing_or_forgotten() {
    let made = |row: &str, probes: bool| {
        let settings = Settings { seeds: 1, probes, ..Settings::default() };
        let sweep = sweep(&["queue"], &["services.payment.workers=1..2"]);
        sweep.study(ORDERS, settings, row).map(|study| study.probes(1) > 0)
    };
    assert_eq!(made("response_p99", true), Ok(false));
    assert_eq!(made("must_be_up", true), Ok(true));
    assert_eq!(made("must_be_up", false), Ok(false));
    assert_eq!(made("must_be_pu", true), Err("there is no row must_be_pu; did you mean must_be_up?".into()));
}

#[test]
fn a_wrong_sweep_is_no_help() {
    let wrong = |variants: &[&str], axes: &[&str]| study(&sweep(variants, axes)).unwrap_err();
    assert_eq!(
        wrong(&["queue"], &["services.payment.workers=0..3"]),
        "services.payment.workers=0: 0 is out of range; expected a whole number from 1 to 10000"
    );
    assert_eq!(
        wrong(&["sync", "queue"], &["channels.charges.prefetch=1..4"]),
        "channels.charges.prefetch=1: variant sync has no channels.charges.prefetch; nothing with a name of its own \
         stands under channels"
    );
    assert_eq!(
        wrong(&["qeue"], &["services.payment.workers=1..3"]),
        "there is no variant qeue; did you mean queue?"
    );
    assert_eq!(wrong(&[], &["seed=1..3"]), "there is nothing to sweep: name at least one variant");
    assert!(wrong(&["queue"], &[]).starts_with("a sweep has one axis or two, and these are 0"));
    assert!(wrong(&["queue"], &["seed=1..3", "seed=1..4"]).starts_with("both axes are seed"));
    assert!(wrong(&["queue", "queue"], &["seed=1..3"]).starts_with("queue stands twice"));
    assert_eq!(
        wrong(&["queue"], &["seed=1..200", "services.payment.workers=1..11"]),
        "2200 contenders (2200 for each variant) are more than 2000: take wider steps, or fewer variants"
    );
    // What is wrong elsewhere because of the point names the point.
    let said = wrong(&["queue"], &["channels.charges=1..2"]);
    assert!(said.starts_with("channels.charges=1: "), "{said}");
}
