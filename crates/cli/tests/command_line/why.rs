//! `signalbox why`: what it says of runs whose causes are known.

use serde_json::Value;

use crate::{ORDER_PLACED, json, signalbox, stderr, stdout};

const PUBSUB: [&str; 4] = ["why", ORDER_PLACED, "--variant", "pubsub"];

fn why(more: &[&str]) -> Value {
    json(&[&PUBSUB, more, &["--format", "json"]].concat())
}

#[test]
fn the_root_of_a_broken_promise_is_not_printed() {
    let output = signalbox(&PUBSUB);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("within 20s: paid, reserved"), "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.contains("20.000 s") && last.ends_with("payment crashed at 20.000 s"), "{text}");
}

#[test]
fn programs_are_told_less_than_people() {
    let answers = why(&[]);
    let answer = &answers[0];
    assert_eq!(answer["root"], "act");
    assert!(answer["summary"].as_str().unwrap().contains("payment crashed at 20.000 s"));
    let links = answer["links"].as_array().unwrap();
    assert_eq!(links.last().unwrap()["record"]["what"], "crashed");
    let numbers: Vec<u64> = links.iter().filter_map(|link| link["record"]["number"].as_u64()).collect();
    assert!(numbers.is_sorted_by(|one, other| one > other), "{numbers:?}");
}

#[test]
fn another_check_is_explained_than_was_asked_for() {
    assert_eq!(why(&["--check", "2"])[0]["about"], "within 20s: paid, reserved");
    assert_eq!(why(&["--check", "reserved"])[0]["about"], "within 20s: paid, reserved");
    // It is held.
    assert_eq!(why(&["--check", "1"]), Value::Array(Vec::new()));
    let output = signalbox(&[&PUBSUB[..], &["--check", "delivered"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("never: paid > 1"), "{}", stderr(&output));
}

#[test]
fn a_case_or_a_fact_that_is_not_there_is_explained() {
    let first = why(&[])[0]["links"][1]["text"].as_str().unwrap().to_string();
    let case = first.split_whitespace().nth(1).unwrap();
    let answers = why(&["--case", case, "--fact", "paid"]);
    assert!(answers[0]["summary"].as_str().unwrap().starts_with(&format!("case {case} is never paid")));
    assert!(why(&["--case", case]).as_array().unwrap().len() >= 2, "its promise and its message");
    for (arguments, told) in [
        (["--case", "99999", "--fact", "paid"], "there is no case 99999"),
        (["--case", "1", "--fact", "payd"], "paid, reserved, emailed"),
    ] {
        let output = signalbox(&[&PUBSUB[..], &arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

#[test]
fn what_did_not_go_wrong_is_put_down_to_promises_that_are_kept() {
    // One promise of it is broken, so none of these may say that none is.
    for (arguments, told) in [
        (&["--case", "0", "--fact", "paid"][..], "paid of case 0 is set once"),
        (&["--case", "0"], "nothing is wrong with case 0"),
        (&["--check", "1"], "check 1 is not broken"),
    ] {
        let output = signalbox(&[&PUBSUB[..], arguments].concat());
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output);
        assert!(text.contains(told) && !text.contains("no promise is broken"), "{text}");
    }
}

#[test]
fn a_long_name_pushes_the_sentences_aside() {
    let output = signalbox(&["why", "static/scenarios/out-of-order.yaml", "--check", "1"]);
    let text = stdout(&output);
    assert!(text.contains("payment_failed_queue"), "{text}");
    let begins: Vec<usize> =
        ["case 0 is unknown_order, ", "worker 1 of billing", "payment_failed_queue sends"]
            .iter()
            .map(|sentence| text.lines().find_map(|line| line.find(sentence)).unwrap())
            .collect();
    assert!(begins.iter().all(|begin| *begin == begins[0]), "{begins:?}\n{text}");
}

#[test]
fn a_lost_message_is_not_explained() {
    let answers = why(&["--lost"]);
    let answers = answers.as_array().unwrap();
    assert!(answers.len() >= 2, "{answers:#?}");
    for answer in answers {
        assert!(answer["summary"].as_str().unwrap().contains("payment crashed at 20.000 s"), "{answer:#}");
    }
}

#[test]
fn a_refused_customer_is_not_explained() {
    let sync = ["why", ORDER_PLACED, "--variant", "sync", "--format", "json"];
    let lost = json(&[&sync[..], &["--lost"]].concat());
    let case = lost[0]["links"][0]["record"]["case"].to_string();
    let answers = json(&[&sync[..], &["--case", &case]].concat());
    let refused =
        answers.as_array().unwrap().iter().find(|answer| answer["about"] == format!("customer {case}"));
    let summary = refused.unwrap()["summary"].as_str().unwrap();
    assert!(
        summary.starts_with(&format!("customer {case} of shopper was refused: payment crashed at")),
        "{summary}"
    );
}
