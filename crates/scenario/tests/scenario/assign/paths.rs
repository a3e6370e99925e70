//! Paths, right and wrong.

use kernel::{Purpose, Stream};

use super::{LAID_OVER, ORDERS, plan, read_with, reading, set, wrong};

fn check(path: &str, said: &str) {
    assert_eq!(wrong(path, "2"), format!("error: {path}=2: {said}"));
}

#[test]
fn a_path_that_leads_nowhere_names_no_other() {
    check(
        "services.paymnt.workers",
        "variant queue has no services.paymnt.workers; did you mean services.payment.workers?",
    );
    check(
        "servces.paymnt.wokers",
        "there is no servces.paymnt.wokers; did you mean services.payment.workers?",
    );
    check("payment.workers", "there is no payment.workers; did you mean services.payment.workers?");
    check(
        "channels.chargs.prefetch",
        "variant queue has no channels.chargs.prefetch; did you mean channels.charges.prefetch?",
    );
    check("clients.bob.keys", "variant queue has no clients.bob.keys; clients has shopper");
    check("faults.2.for", "variant queue has no faults.2.for; faults has one item, 1");
    check("faults.0.for", "variant queue has no faults.0.for; faults has one item, 1");
    check("checks.4.within", "variant queue has no checks.4.within; checks has the items 1 to 3");
    check("checks.1.within", "variant queue has no checks.1.within; checks.1 has never or why");
    check(
        "services.payment.workers.most",
        "variant queue has no services.payment.workers.most; nothing with a name of its own stands under \
         services.payment.workers",
    );
    check("", "nothing stands before the `=`; write a path, such as services.payment.workers");
    check(
        "nothing.at.all",
        "there is no nothing.at.all; the file has signalbox, title, about, seed, length, speed, \
           clients, services, links, checks, faults, variants, channels, handlers or cures",
    );
}

#[test]
fn a_name_with_dots_is_not_found() {
    let workers = |path: &str| plan(LAID_OVER, "plain", &[set(path, "7")]).services[1].workers;
    assert_eq!(workers("services.pay.v2.workers"), 7);
    assert_eq!(workers("services.\"pay.v2\".workers"), 7);
    assert_eq!(workers("services.'pay.v2'.workers"), 7);
}

#[test]
fn what_the_format_knows_cannot_be_set_where_nothing_is_written() {
    let bare = ORDERS.replace("links:\n  default: { latency: lognormal median 25ms p99 60ms }\n", "");
    assert_ne!(bare, ORDERS);
    for path in ["links.default.loss", "links.default.duplication", "links.default.reordering"] {
        assert_ne!(plan(&bare, "sync", &[set(path, "10%")]), plan(&bare, "sync", &[]), "{path}");
    }
    assert_ne!(plan(&bare, "sync", &[set("links.default.latency", "9ms")]), plan(&bare, "sync", &[]));
    let bare = LAID_OVER.split("variants:").next().expect("there is a beginning").replace("workers: 2, ", "");
    assert_eq!(plan(&bare, "default", &[set("services.orders.workers", "3")]).services[0].workers, 3);
}

#[test]
fn a_path_reaches_no_step() {
    let reached = [
        "handlers.orders.place_order.1.call.timeout",
        "variants.sync.handlers.orders.place_order.1.call.timeout",
    ];
    let [one, other] = reached.map(|path| plan(ORDERS, "sync", &[set(path, "100ms")]));
    assert_eq!(one, other);
    assert_ne!(one, plan(ORDERS, "sync", &[]));
}

#[test]
fn some_path_or_value_panics() {
    const PATHS: [&str; 36] = [
        "services",
        "payment",
        "workers",
        "channels",
        "charges",
        "prefetch",
        "profile",
        "links",
        "default",
        "loss",
        "between",
        "faults",
        "1",
        "0",
        "2",
        "99999999999999999999",
        "for",
        "variants",
        "queue",
        "handlers",
        "orders",
        "place_order",
        "call",
        "clients",
        "shopper",
        "arrivals",
        "with",
        "checks",
        "length",
        "",
        "..",
        "\"",
        "'",
        "é",
        "*",
        " ",
    ];
    const VALUES: [&str; 34] = [
        "2",
        "0",
        "-1",
        "20s",
        "5%",
        "kafka",
        "poisson 8/s",
        "{ at: 20s, crash: payment }",
        "[]",
        "{}",
        "[1, 2]",
        "{",
        "*a",
        "&a b",
        "!t x",
        "---",
        "...",
        "|",
        ">",
        "? x",
        "\"",
        "'",
        "null",
        "~",
        "",
        "#",
        "a: b\nc: d",
        "- 1\n- 2",
        "\u{0}",
        "\u{202E}",
        "é",
        "\"\\u0000\"",
        "1e999",
        "99999999999999999999",
    ];
    let mut draw = Stream::new(1, Purpose::Loss, "paths").draw(0, 0);
    let mut pick = |count: usize| draw.below(count as u32) as usize;
    let mut right = 0;
    for _ in 0..600 {
        let mut sets = Vec::new();
        for _ in 0..=pick(2) {
            let keys: Vec<&str> = (0..=pick(5)).map(|_| PATHS[pick(PATHS.len())]).collect();
            sets.push(set(&keys.join("."), VALUES[pick(VALUES.len())]));
        }
        let variants = [&[][..], &["queue"], &["sync", "queue"], &["nobody"]][pick(4)];
        let reading = read_with(ORDERS, variants, &sets);
        let errors = reading.diagnostics.iter().filter(|it| it.severity == scenario::Severity::Error).count();
        assert_eq!(reading.scenario.is_none(), errors > 0, "{sets:?}");
        right += usize::from(reading.scenario.is_some());
        let _ = scenario::has(ORDERS, "queue", &sets[0].path);
    }
    assert!(right > 0, "nothing was ever right, so little was tried");
}

#[test]
fn a_huge_path_or_value_takes_for_ever() {
    for (path, value) in [
        ("a.".repeat(1 << 20), "2".into()),
        ("seed".into(), "2".repeat(1 << 20)),
        (".".repeat(399), "[".repeat(9_999)),
    ] {
        let reading = reading(ORDERS, "queue", &path, &value);
        assert!(reading.scenario.is_none());
        assert!(reading.diagnostics[0].message.len() < 500);
    }
}
