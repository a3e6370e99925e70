//! Files that are right, however they are written.

use crate::wrong::{RIGHT, filled_up};

/// The text is read without a word, and gives the same plan as [`RIGHT`].
fn check(text: &str) {
    let reading = scenario::read(text);
    let listed: Vec<String> = reading.diagnostics.iter().map(ToString::to_string).collect();
    assert!(listed.is_empty(), "{listed:#?}\n{text}");
    let plan = |reading: scenario::Reading| {
        let scenario = reading.scenario.expect("nothing is wrong");
        assert_eq!(scenario.variants.len(), 1);
        assert_eq!(scenario.variants[0].name, "default");
        format!("{:?}", scenario.variants[0].plan)
    };
    assert_eq!(plan(reading), plan(scenario::read(RIGHT)));
}

#[test]
fn json_is_not_read() {
    check(
        r#"{
  "signalbox": 1,
  "title": "A shop",
  "clients": { "shopper": { "arrivals": "poisson 5\/s", "sends": "order", "to": "shop" } },
  "services": { "shop": { "workers": 2 } },
  "handlers": { "shop": { "order": ["work", "reply"] } }
}"#,
    );
}

#[test]
fn json_with_tabs_is_not_read() {
    check(
        "{\n\t\"signalbox\": 1,\n\t\"title\": \"A shop\",\n\t\"clients\": {\n\t\t\"shopper\": \
         {\"arrivals\":\"poisson 5/s\",\"sends\":\"order\",\"to\":\"shop\"}\n\t},\n\t\"services\":{\"shop\":{\"workers\":2}},\
         \n\t\"handlers\": {\"shop\": {\"order\": [\n\t\t\"work\",\n\t\t\"reply\"\n\t]}}\n}\n",
    );
}

#[test]
fn line_ends_of_windows_matter() {
    check(&RIGHT.replace('\n', "\r\n"));
}

#[test]
fn a_byte_order_mark_matters() {
    check(&format!("\u{FEFF}{RIGHT}"));
    let bytes = format!("\u{FEFF}{RIGHT}");
    assert!(scenario::read_bytes(bytes.as_bytes()).scenario.is_some());
}

#[test]
fn comments_and_document_marks_matter() {
    check(&format!("# A comment\n---\n{RIGHT}# The end\n...\n"));
}

#[test]
fn blocks_are_not_read() {
    check(
        "
signalbox: 1
title: 'A shop'
clients:
  shopper:
    arrivals: poisson 300/min
    sends: order
    to: \"shop\"
services:
  shop:
    workers: 2
    work: 0s
handlers:
  shop:
    order:
    - work
    - reply: accepted
variants: {}
",
    );
}

#[test]
fn an_anchor_is_not_read() {
    let text = "
services:
  shop: &pair { workers: 2 }
  other: *pair
handlers:
  shop: { order: [work, reply, send: { command: tidy, to: other }] }
  other: { tidy: [work] }
";
    let reading = scenario::read(&filled_up(text));
    assert_eq!(reading.diagnostics, []);
    assert_eq!(reading.scenario.expect("nothing is wrong").variants[0].plan.services[1].workers, 2);
}

#[test]
fn names_of_other_languages_are_not_read() {
    let text = "
title: Bestellung – заказ – طلب – 注文
clients: { Käufer 1: { arrivals: poisson 5/s, sends: заказ, to: 倉庫 } }
services: { 倉庫: {} }
handlers: { 倉庫: { заказ: [set: bezahlt, reply] } }
checks: [{ never: bezahlt > 1 }]
";
    let reading = scenario::read(&filled_up(text));
    assert_eq!(reading.diagnostics, []);
}
