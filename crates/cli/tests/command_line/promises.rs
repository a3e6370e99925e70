//! The main job, in figures: payment is down from 20 s to 30 s, and each architecture does with it what it does.

use serde_json::Value;

use crate::{ORDER_PLACED, Scratch, json, signalbox, stdout};

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

/// Ten orders; every fifth is charged twice, and the last is on its way when the run is stopped.
const CHARGED_TWICE: &str = "\
signalbox: 1
title: Charged twice
length: 60s
clients:
  shopper: { arrivals: constant 1/s, until: 10s, sends: order, to: payment, with: { number: request } }
services:
  payment: { workers: 4, work: 100ms }
handlers:
  payment:
    order:
      - work
      - set: accepted
      - set: paid
      - { if: number / 5 * 5 = number, then: [set: paid] }
      - measure: { load: number * 2 }
      - reply
checks:
  - { total: paid = accepted, why: nobody pays twice }
  - { finally: paid = 1 }
  - { never: paid > 2 }
";

#[test]
fn totals_and_figures_are_not_told() {
    let scratch = Scratch::new("charged-twice.yaml", CHARGED_TWICE.as_bytes());
    let run = json(&["run", scratch.path(), "--format", "json"]);
    let [total, finally, never] = [0, 1, 2].map(|check| &run["checks"][check]);
    let orders = figure(&run, "/cases/started");
    assert_eq!((total["held"].as_bool(), figure(total, "/violations")), (Some(false), 1));
    assert_eq!(
        (total["actual"]["name"].as_str(), figure(total, "/actual/value")),
        (Some("paid"), orders + 2)
    );
    assert_eq!(
        (total["expected"]["name"].as_str(), figure(total, "/expected/value")),
        (Some("accepted"), orders)
    );
    assert_eq!(total["at_ms"].as_f64(), Some(60_000.0));
    assert!(total["case"].is_null() && total["record"].is_null(), "it is about all: {total}");
    assert_eq!((finally["held"].as_bool(), figure(finally, "/violations")), (Some(false), 2));
    assert!(figure(finally, "/record") > 0 && finally["case"].is_u64());
    assert!(never["held"] == true && never["actual"].is_null() && never["expected"].is_null());
    let load = &run["figures"]["load"];
    assert_eq!((figure(load, "/count"), figure(load, "/max")), (orders, 2 * orders));
    assert_eq!(load["mean"].as_f64(), Some((orders + 1) as f64));
    assert!(figure(load, "/p50") <= figure(load, "/p99"));
    let text = stdout(&signalbox(&["run", scratch.path()]));
    let sides = format!("BROKEN  total: paid = accepted   {} paid, {orders} accepted", orders + 2);
    assert!(text.contains(&sides) && text.contains("load: half within"), "{text}");
}

#[test]
fn what_is_not_decided_yet_is_held_or_broken() {
    let scratch = Scratch::new("stopped.yaml", CHARGED_TWICE.as_bytes());
    let arguments = ["run", scratch.path(), "--until", "3050ms", "--format"];
    let run = json(&[&arguments[..], &["json"]].concat());
    let [total, finally] = [0, 1].map(|check| &run["checks"][check]);
    assert!(total["held"].is_null() && total["at_ms"].is_null(), "{total}");
    assert_eq!(figure(total, "/actual/value"), figure(total, "/expected/value"));
    assert!(finally["held"].is_null());
    assert_eq!(figure(finally, "/undecided"), 1);
    let text = stdout(&signalbox(&[&arguments[..], &["text"]].concat()));
    assert!(text.contains("open    total: paid = accepted - not decided before the end"), "{text}");
    assert!(text.contains("open    finally: paid = 1 - not decided for 1 cases"), "{text}");
}
