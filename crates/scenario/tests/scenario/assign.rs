//! Setting something otherwise than it stands in the file.

use scenario::{Assignment, Reading, read_with};

const ORDERS: &str = include_str!("../../../../static/scenarios/order-placed.yaml");

fn set(path: &str, value: &str) -> Assignment {
    Assignment { path: path.into(), value: value.into() }
}

/// The preset with one thing set, in the variant with the queues.
fn reading(path: &str, value: &str) -> Reading {
    read_with(ORDERS, &["queue"], &[set(path, value)])
}

/// The only thing that is wrong then.
fn wrong(path: &str, value: &str) -> String {
    let reading = reading(path, value);
    assert!(reading.scenario.is_none(), "{path}={value} is right");
    let [only] = &reading.diagnostics[..] else { panic!("{path}={value}: {:#?}", reading.diagnostics) };
    assert_eq!(only.line, 0, "it is not about the text");
    only.to_string()
}

#[test]
fn what_is_set_is_not_there() {
    let plan = |path: &str, value: &str, variant: &str| {
        let reading = reading(path, value);
        assert_eq!(reading.diagnostics, [], "{path}={value}");
        reading.scenario.and_then(|it| it.variant(variant).map(|it| it.plan.clone())).expect("it can be read")
    };
    assert_eq!(plan("services.payment.workers", "7", "queue").services[1].workers, 7);
    assert_eq!(plan("services.payment.workers", "7", "sync").services[1].workers, 4, "only the wished variant");
    assert_eq!(plan("services.orders.inbox", "3", "queue").services[0].inbox, Some(3), "it is not in the file");
    assert_eq!(plan("length", "30s", "sync").length, kernel::Time::from_nanos(30_000_000_000), "it is for all");
    let charges = |plan: std::sync::Arc<topology::Plan>| format!("{:?}", plan.channels[0].rules);
    assert_ne!(
        charges(plan("channels.charges.prefetch", "1", "queue")),
        charges(plan("channels.charges.prefetch", "4", "queue"))
    );
}

#[test]
fn what_is_wrong_with_an_assignment_is_not_said_of_it() {
    assert_eq!(
        wrong("services.payment.workers", "0"),
        "error: services.payment.workers=0: 0 is out of range; expected a whole number from 1 to 10000"
    );
}
