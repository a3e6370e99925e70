//! Files that are too large, too deep, or too much work.

use expect_test::expect;

use super::{check, exact, filled_up};

#[test]
fn a_million_users() {
    check(
        "clients: { shopper: { arrivals: users 1000000 thinking 2s, sends: order, to: shop } }",
        expect![[r#"
            1:39: error: clients.shopper.arrivals: `1000000` is out of range; expected a whole number from 1 to 100000
        "#]],
    );
}

#[test]
fn more_requests_than_anybody_can_wait_for() {
    check(
        r#"
length: 30d
clients: { shopper: { arrivals: poisson 100/s, sends: order, to: shop } }
"#,
        expect![[r#"
            2:33: error: in 30d about 259 million requests would come; at most 50 million are simulated: lower the rate or shorten `length`
        "#]],
    );
}

#[test]
fn users_who_never_rest() {
    check(
        r#"
length: 1h
clients: { shopper: { arrivals: users 100000 thinking 0s, sends: order, to: shop } }
"#,
        expect![[r#"
            2:33: error: in 1h about 180000 million requests would come; at most 50 million are simulated: lower the rate or shorten `length`
        "#]],
    );
}

/// A mapping of so many services, one to a line.
fn services(count: usize) -> String {
    let lines: String = (0..count).map(|index| format!("  service {index}: {{ workers: 2 }}\n")).collect();
    format!("services:\n  shop: {{ workers: 2 }}\n{lines}")
}

#[test]
fn five_hundred_services_are_too_many() {
    let mut text = services(500);
    text.push_str(
        "handlers:\n  shop: { order: [call: { to: service 0, send: work 0, timeout: 1s }, reply] }\n",
    );
    for index in 0..500 {
        let next = index + 1;
        let call = if next < 500 {
            format!("call: {{ to: service {next}, send: work {next} }}")
        } else {
            "work".into()
        };
        text.push_str(&format!("  service {index}: {{ work {index}: [{call}, reply] }}\n"));
    }
    let reading = scenario::read(&filled_up(&text));
    assert_eq!(reading.diagnostics, []);
    assert_eq!(reading.scenario.expect("it is right").variants[0].plan.services.len(), 501);
}

#[test]
fn a_thousand_services() {
    check(
        &services(1000),
        expect![[r#"
        1:1: error: there are 1002 clients, services and channels; at most 1000 are possible
    "#]],
    );
}

#[test]
fn a_file_that_is_too_large() {
    exact(
        &format!("# {}", "x".repeat(1 << 20)),
        expect![[r#"
        1:1: error: the file has 1048578 bytes; at most 1048576 bytes (1 MiB) are read
    "#]],
    );
}

#[test]
fn a_file_with_too_many_parts() {
    check(
        &format!("about: [{}]", "a,".repeat(200_000)),
        expect![[r#"
        1:400007: error: the file has more than 200000 parts; make it smaller
    "#]],
    );
}

#[test]
fn parts_that_stand_in_each_other_too_deep() {
    check(
        &format!("about: {}", "[".repeat(100)),
        expect![[r#"
            2:1: error: a `{` or `[` before this line is not closed; expected `,`, `}` or `]`
        "#]],
    );
}

#[test]
fn aliases_that_explode() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let last = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{last}, ").repeat(10)));
    }
    exact(
        &text,
        expect![[r#"
        4:40: error: aliases (`*name`) repeat more than 10000 parts; write fewer of them; this is a guard against files that explode
    "#]],
    );
}

#[test]
fn a_condition_that_never_ends() {
    check(
        &format!("checks: [{{ never: {} paid }}]", "not ".repeat(200)),
        expect![[r#"
            1:19: error: checks.never: the expression has 201 words and signs; at most 100: split it into several
        "#]],
    );
}

#[test]
fn too_many_variants() {
    let variants: String = (0..17).map(|index| format!("  variant {index}: {{}}\n")).collect();
    check(
        &format!("variants:\n{variants}"),
        expect![[r#"
            18:3: error: there are 17 variants; at most 16 are possible
        "#]],
    );
}

#[test]
fn too_many_steps() {
    check(
        &format!("handlers: {{ shop: {{ order: [{}] }} }}", "work, ".repeat(20_001)),
        expect![[r#"
        1:1: error: there are 20001 steps in handlers; at most 20000 are possible
    "#]],
    );
}

#[test]
fn too_many_expressions() {
    let values: String = (0..20_001).map(|index| format!("f{index}: {index}, ")).collect();
    check(
        &format!("handlers: {{ shop: {{ order: [let: {{ {values} }}] }} }}"),
        expect![[r#"
            1:1: error: there are 20001 expressions in handlers; at most 20000 are possible
        "#]],
    );
}

#[test]
fn more_problems_than_anybody_reads() {
    let text: String = (0..1000).map(|index| format!("key{index}: 1\n")).collect();
    let reading = scenario::read(&filled_up(&text));
    assert_eq!(reading.diagnostics.len(), 200);
    expect!["200:1: error: 801 further problems are not listed; mend the ones above first"]
        .assert_eq(&reading.diagnostics[199].to_string());
}

#[test]
fn bytes_that_are_no_text() {
    let first = |bytes: &[u8]| scenario::read_bytes(bytes).diagnostics[0].to_string();
    expect!["1:1: error: the file is written in UTF-16; save it as UTF-8"]
        .assert_eq(&first(b"\xFF\xFEs\0i\0"));
    expect!["1:11: error: this character is not written in UTF-8; save the file as UTF-8"]
        .assert_eq(&first(b"title: caf\xE9"));
    expect!["1:8: error: this is not a text file; a scenario is a text in YAML or JSON"]
        .assert_eq(&first(b"\x7FELF\x02\0\0\xFF"));
    expect!["1:1: error: the file has 1048577 bytes; at most 1048576 bytes (1 MiB) are read"]
        .assert_eq(&first(&vec![b'#'; (1 << 20) + 1]));
}

#[test]
fn so_many_facts_that_nobody_can_mean_them() {
    let mut steps: Vec<String> = (0..6_000).map(|number| format!("set: fact_{number:04}")).collect();
    steps.extend((0..6_000).map(|number| format!("{{ if: name_{number:04}, then: [fail] }}")));
    let reading = scenario::read(&super::filled_up(&format!(
        "handlers: {{ shop: {{ order: [{}] }} }}",
        steps.join(", ")
    )));
    let listed: Vec<String> = reading.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(listed.len(), 200);
    let limit = "error: there are 6000 facts, fields, cells and figures; at most 1000 are possible";
    assert!(listed[0].ends_with(limit), "{}", listed[0]);
}
