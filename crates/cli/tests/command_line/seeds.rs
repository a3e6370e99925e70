//! `signalbox check --seeds`: what many seeds find, and whether it is what each of them would find alone.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{Scratch, interrupt, root, signalbox, stderr, stdout};

/// Holds its promises with its own seed, and breaks one with some others.
pub const RARE: &str = "\
signalbox: 1
title: A message is lost now and then
length: 30s
seed: 42
clients: { shopper: { arrivals: poisson 1/s, until: 20s, sends: order, to: desk } }
services: { desk: {}, clerk: {} }
handlers:
  desk: { order: [{ send: { command: note, to: clerk } }, reply] }
  clerk: { note: [set: noted] }
checks:
  - { within: 12s, reach: [noted], why: Every order is noted. }
  - { never: noted > 1, why: No order is noted twice. }
variants:
  sound: { about: Nothing is lost. }
  lossy:
    about: One message in four hundred is lost.
    links: { between: [{ places: [desk, clerk], latency: 1ms, loss: 0.25% }] }
";

/// Every message leads to three more.
pub const STORM: &str = "\
signalbox: 1
title: A storm
length: 30s
clients: { one: { arrivals: poisson 0.5/s, until: 5s, sends: word, to: desk } }
services: { desk: { workers: 1000 } }
links: { default: { latency: 1ms } }
handlers:
  desk:
    word:
      - set: heard
      - chance: 100%
        then:
          - send: { command: word, to: desk }
          - send: { command: word, to: desk }
          - send: { command: word, to: desk }
checks:
  - { never: heard > 1, why: Nobody hears it twice. }
  - { within: 20s, reach: [heard], why: Somebody hears it. }
";

/// What `check` says as JSON about one file, whether its promises are held or not.
fn found(path: &str, arguments: &[&str]) -> Value {
    let output = signalbox(&[&["check", path, "--format", "json"], arguments].concat());
    assert!(output.status.code() < Some(2), "{}", stderr(&output));
    let mut all: Value = serde_json::from_slice(&output.stdout).unwrap();
    all[0].take()
}

fn run(path: &str, variant: &str, seed: u64) -> Value {
    let seed = seed.to_string();
    crate::json(&["run", path, "--variant", variant, "--seed", &seed, "--format", "json"])
}

#[test]
fn a_seed_that_breaks_a_promise_is_not_found() {
    let scratch = Scratch::new("rare.yaml", RARE.as_bytes());
    let path = scratch.path();
    let own = signalbox(&["check", path]);
    assert_eq!(own.status.code(), Some(0), "{}", stdout(&own));
    let output = signalbox(&["check", path, "--seeds", "60"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    let lossy = found(path, &["--seeds", "60"])["variants"][1].take();
    let first = &lossy["checks"][0]["first"];
    let (seed, case) = (first["seed"].as_u64().unwrap(), first["case"].as_u64().unwrap());
    assert!(seed > 42, "{lossy:#}");
    let seconds = first["at_ms"].as_f64().unwrap() / 1000.0;
    assert!(text.contains(&format!("first with seed {seed} at {seconds:.3} s, case {case}\n")), "{text}");
    assert!(text.contains(&format!(" signalbox run {path} --variant lossy --seed {seed}\n")), "{text}");
    assert_eq!(text.matches("BROKEN").count(), 1, "{text}");
    let (_, why) = text.split_once(" signalbox why ").unwrap();
    let line = format!("{path} --variant lossy --seed {seed} --check 1");
    assert!(why.starts_with(&format!("{line}\n")), "{why}");
    let why = signalbox(&["why"].into_iter().chain(line.split(' ')).collect::<Vec<_>>());
    assert!(why.status.success() && stdout(&why).contains(&format!("{seconds:.3} s")), "{}", stdout(&why));
}

#[test]
fn a_seed_among_many_finds_something_else_than_alone() {
    let scratch = Scratch::new("alone.yaml", RARE.as_bytes());
    let path = scratch.path();
    let many = found(path, &["--seeds", "20", "--from", "70"]);
    for (variant, many) in ["sound", "lossy"].into_iter().zip(many["variants"].as_array().unwrap()) {
        assert_eq!((&many["variant"], &many["runs"]), (&json!(variant), &json!(20)));
        for index in 0..2 {
            let (mut held, mut broken, mut violations, mut first) = (0, 0, 0, Value::Null);
            for seed in 70..90 {
                let check = run(path, variant, seed)["checks"][index].take();
                held += u64::from(check["held"] == true);
                violations += check["violations"].as_u64().unwrap();
                if check["held"] == false {
                    broken += 1;
                    if first.is_null() {
                        first = json!({ "seed": seed, "at_ms": check["at_ms"], "case": check["case"] });
                    }
                }
            }
            let many = &many["checks"][index];
            assert_eq!(many["held"], held, "{variant}: {many:#}");
            assert_eq!(many["broken"], broken, "{variant}: {many:#}");
            assert_eq!(many["violations"], violations, "{variant}: {many:#}");
            assert_eq!(many["first"], first, "{variant}: {many:#}");
            assert_eq!(broken > 0, variant == "lossy" && index == 0, "the example breaks something else");
        }
    }
}

#[test]
fn the_number_of_threads_changes_what_is_found() {
    let scratch = Scratch::new("threads.yaml", RARE.as_bytes());
    let text = |jobs: &str| {
        let output = signalbox(&["check", scratch.path(), "--seeds", "60", "--jobs", jobs]);
        assert!(stderr(&output).is_empty(), "{}", stderr(&output));
        stdout(&output)
    };
    let value = |jobs: &str| found(scratch.path(), &["--seeds", "60", "--jobs", jobs]);
    let (one_text, one_value) = (text("1"), value("1"));
    assert_eq!(one_value["variants"][1]["runs"], 60);
    for jobs in ["2", "5"] {
        assert_eq!(one_text, text(jobs), "{jobs} jobs");
        assert_eq!(one_value, value(jobs), "{jobs} jobs");
    }
}

#[test]
fn one_variant_cannot_be_checked_alone() {
    let scratch = Scratch::new("variant.yaml", RARE.as_bytes());
    let only = signalbox(&["check", scratch.path(), "--seeds", "60", "--variant", "sound"]);
    assert_eq!(only.status.code(), Some(0), "{}", stdout(&only));
    assert!(!stdout(&only).contains("lossy"), "{}", stdout(&only));
    let wrong = signalbox(&["check", scratch.path(), "--variant", "lousy"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("sound, lossy"), "{}", stderr(&wrong));
}

#[test]
fn a_storm_passes_for_a_run_that_held_its_promises() {
    let scratch = Scratch::new("storm.yaml", STORM.as_bytes());
    let output = signalbox(&["check", scratch.path(), "--seeds", "2", "--jobs", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(
        text.contains("STOPPED 2 of 2: first with seed ") && text.contains("2,000,000 messages"),
        "{text}"
    );
    // What it would have come to nobody knows.
    assert!(text.contains("held in 0 of 2, not decided in 2"), "{text}");
}

#[test]
fn a_wrong_number_is_taken_for_another() {
    let scratch = Scratch::new("numbers.yaml", RARE.as_bytes());
    let expected = [
        (&["--seeds", "0"][..], "without a seed nothing is run: say 1 or more"),
        (&["--seeds", "-3"], "how many seeds is a whole number from 1"),
        (&["--seeds", "18446744073709551616"], "there are only 18446744073709551616 seeds"),
        (&["--seeds", "1000001"], "say --many too if that is meant"),
        (&["--from", "18446744073709551616"], "a seed is at most 18446744073709551615"),
        (&["--from", "4.5"], "a seed is a whole number from 0 to 18446744073709551615"),
        (&["--from", "18446744073709551615", "--seeds", "2"], "the last seed is 18446744073709551615"),
        (&["--jobs", "0"], "0 is not in 1..=1024"),
    ];
    for (arguments, message) in expected {
        let output = signalbox(&[&["check", scratch.path()], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains(message) && !text.contains("panicked"), "{arguments:?}: {text}");
        assert!(stdout(&output).is_empty(), "{arguments:?} runs something");
    }
    let last = found(scratch.path(), &["--from", "18446744073709551615"]);
    assert_eq!(last["from"].as_u64(), Some(u64::MAX));
    let output = signalbox(&["run", scratch.path(), "--seed", "18446744073709551616"]);
    assert!(stderr(&output).contains("a seed is at most 18446744073709551615"), "{}", stderr(&output));
}

#[test]
fn a_log_does_not_say_how_far_it_came() {
    let scratch = Scratch::new("progress.yaml", RARE.as_bytes());
    let arguments = ["check", scratch.path(), "--seeds", "30", "--variant", "sound", "--progress"];
    let told = signalbox(&arguments);
    assert!(stderr(&told).contains(": 30 of 30 runs in "), "{}", stderr(&told));
    assert_eq!(stdout(&told), stdout(&signalbox(&arguments[..6])));
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_found_is_gone_after_an_interrupt() {
    let scratch = Scratch::new("interrupt.yaml", RARE.as_bytes());
    let child = Command::new(env!("CARGO_BIN_EXE_signalbox"))
        .args(["check", scratch.path(), "--seeds", "1000000", "--variant", "sound"])
        .stdout(Stdio::piped())
        .current_dir(root())
        .spawn()
        .unwrap();
    interrupt(&child, 0);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(stdout(&output).contains("PARTIAL"), "{}", stdout(&output));
}
