//! The main job, in figures: payment is down from 20 s to 30 s, and each architecture does with it what it does.

use serde_json::Value;

use crate::{ORDER_PLACED, json, signalbox, stdout};

fn run(variant: &str) -> Value {
    json(&["run", ORDER_PLACED, "--variant", variant, "--format", "json"])
}

fn figure(run: &Value, path: &str) -> u64 {
    run.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {path} in {run:#}"))
}

#[test]
fn the_call_chain_does_not_refuse_while_payment_is_down() {
    let run = run("sync");
    assert!(figure(&run, "/cases/refused") + figure(&run, "/cases/gave_up") >= 30);
    // Nobody is told yes without having been charged.
    assert!(figure(&run, "/facts/paid") >= figure(&run, "/cases/answered"));
    assert!(run["checks"].as_array().unwrap().iter().all(|check| check["held"] == true));
}

#[test]
fn pubsub_charges_what_was_published_while_payment_was_down() {
    let run = run("pubsub");
    assert_eq!(figure(&run, "/cases/answered"), figure(&run, "/cases/started"));
    let never_charged = figure(&run, "/cases/started") - figure(&run, "/facts/paid");
    assert!(never_charged >= 30);
    assert!(figure(&run, "/ledger/lost/subscriber_away") + 3 >= never_charged);
}

#[test]
fn the_queue_forgets_a_charge() {
    let run = run("queue");
    assert_eq!(figure(&run, "/cases/answered"), figure(&run, "/cases/started"));
    assert_eq!(figure(&run, "/facts/paid"), figure(&run, "/cases/started"));
    assert!(run["checks"].as_array().unwrap().iter().all(|check| check["held"] == true));
}

#[test]
fn a_broken_promise_ends_well() {
    let output = signalbox(&["check", ORDER_PLACED]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    let broken: Vec<&str> = text.lines().filter(|line| line.contains("BROKEN")).collect();
    assert_eq!(broken.len(), 1, "{text}");
    assert!(broken[0].contains("paid") && broken[0].contains(" s in case "), "{text}");
}

#[test]
fn the_first_violation_is_not_told() {
    let run = run("pubsub");
    let check = run["checks"].as_array().unwrap().iter().find(|check| check["held"] == false).unwrap();
    assert!(check["violations"].as_u64().unwrap() >= 30);
    // Published just after 20 s, the first was to be paid 20 s later.
    let at = check["at_ms"].as_f64().unwrap();
    assert!((39_000.0..42_000.0).contains(&at), "{at}");
    assert!(check["case"].is_u64());
    let held = run["checks"].as_array().unwrap().iter().find(|check| check["held"] == true).unwrap();
    assert!(held["at_ms"].is_null() && held["case"].is_null());
}
