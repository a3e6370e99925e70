//! What can be set otherwise.

use std::path::Path;

use expect_test::expect;
use scenario::{Settable, settable};

use super::{ORDERS, plan, set};

#[allow(clippy::disallowed_methods, reason = "a test looks at all presets")]
fn presets() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/scenarios");
    let files = std::fs::read_dir(folder).expect("the presets are there");
    let mut presets = Vec::new();
    for file in files {
        let path = file.expect("it can be looked at").path();
        presets.push((path.display().to_string(), std::fs::read_to_string(&path).expect("it is a text")));
    }
    presets.sort();
    presets
}

#[test]
fn what_can_be_set_cannot_be_set_to_what_it_is() {
    let everything = include_str!("../../files/everything.yaml");
    let steps = include_str!("../../files/steps.yaml");
    let more = [("everything".into(), everything.into()), ("steps".into(), steps.into())];
    for (name, text) in presets().into_iter().chain(more) {
        let scenario = scenario::read(&text).scenario.expect("it is right");
        let untouched: Vec<String> = scenario.variants.iter().map(seen).collect();
        let all = settable(&text);
        assert!(all.len() > 4, "{name} has nothing");
        for it in &all {
            let part: String = it.path.split_inclusive('.').take(2).collect();
            let says_otherwise = |variant: &str| {
                // A parameter of a profile may be none of another, and a variant counts links of its own.
                let is_other = |path: &str| {
                    path == it.path
                        || path == format!("{part}profile")
                        || (part == "links.between." && path.starts_with(&part))
                };
                all.iter().any(|other| is_other(&other.path) && other.variant.as_deref() == Some(variant))
            };
            let is_meant = |variant: &&str| match &it.variant {
                Some(own) => own == variant,
                None => !says_otherwise(variant) && scenario::has(&text, variant, &it.path),
            };
            let meant: Vec<&str> =
                scenario.variants.iter().map(|it| it.name.as_str()).filter(is_meant).collect();
            if it.value.is_empty() || meant.is_empty() {
                continue;
            }
            let reading = scenario::read_with(&text, &meant, &[set(&it.path, &it.value)]);
            let found = reading.scenario.unwrap_or_else(|| panic!("{name}: {:#?}", reading.diagnostics));
            for (variant, untouched) in found.variants.iter().zip(&untouched) {
                assert_eq!(
                    seen(variant),
                    *untouched,
                    "{name}: {} with {}={}",
                    variant.name,
                    it.path,
                    it.value
                );
            }
        }
    }
}

/// All that can be seen of what runs in a variant.
fn seen(variant: &scenario::Variant) -> String {
    format!("{:?}", variant.plan)
}

#[test]
fn what_people_sweep_is_not_offered() {
    let lines: Vec<String> = settable(ORDERS).iter().map(line).collect();
    expect![[r#"
        clients.shopper.arrivals = poisson 4/s
        clients.shopper.until = 45s
        clients.shopper.patience = 2s
        services.orders.workers = 8
        services.payment.workers = 4
        services.payment.work = lognormal median 80ms p99 300ms
        services.inventory.workers = 4
        services.inventory.work = exponential 30ms
        services.notification.workers = 2
        services.notification.work = lognormal median 150ms p99 1s
        channels.order_events.profile = redis-pubsub (pubsub)
        channels.charges.profile = rabbitmq-quorum (queue)
        channels.charges.prefetch = 4 (queue)
        channels.charges.delivery_limit = 5 (queue)
        channels.reservations.profile = rabbitmq-quorum (queue)
        channels.reservations.prefetch = 4 (queue)
        channels.reservations.delivery_limit = 5 (queue)
        channels.emails.profile = rabbitmq-quorum (queue)
        channels.emails.prefetch = 4 (queue)
        channels.emails.delivery_limit = 5 (queue)
        links.default.latency = lognormal median 25ms p99 60ms
        links.default.loss = 0%
        links.default.duplication = 0%
        links.default.reordering = 0%
        faults.1.at = 20s
        faults.1.for = 10s
        handlers.orders.place_order.1.call.timeout = 500ms (sync)
        handlers.orders.place_order.2.call.timeout = 500ms (sync)
        handlers.orders.place_order.3.call.timeout = 500ms (sync)
        length = 60s
        checks.2.within = 20s
        checks.3.within = 20s"#]]
    .assert_eq(&lines.join("\n"));
}

fn line(it: &Settable) -> String {
    format!(
        "{} = {}{}",
        it.path,
        it.value,
        it.variant.as_ref().map_or(String::new(), |it| format!(" ({it})"))
    )
}

#[test]
fn what_is_not_written_is_not_offered() {
    let bare = "{ signalbox: 1, title: t, clients: { c: { arrivals: poisson 5/s, sends: m, to: s } }, \
                services: { s: {} }, handlers: { s: { m: [work, reply] } } }";
    let all = settable(bare);
    for (path, value) in [
        ("services.s.workers", "1"),
        ("clients.c.patience", ""),
        ("links.default.latency", "1ms"),
        ("links.default.loss", "0%"),
        ("links.default.duplication", "0%"),
        ("links.default.reordering", "0%"),
    ] {
        let found = all.iter().find(|it| it.path == path).expect("it is offered");
        assert_eq!((found.value.as_str(), &found.variant), (value, &None), "{path}");
    }
    assert_eq!(plan(bare, "default", &[set("services.s.workers", "1")]), plan(bare, "default", &[]));
}

#[test]
fn one_path_is_offered_in_several_places() {
    for (name, text) in presets() {
        let mut paths: Vec<String> = settable(&text).into_iter().map(|it| it.path).collect();
        paths.dedup();
        let count = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), count, "{name}");
    }
}

#[test]
fn what_cannot_be_read_offers_something() {
    assert_eq!(settable("a: [").len(), 0);
    assert_eq!(settable(""), []);
    assert_eq!(settable("\u{0}"), []);
}
