//! The command line as a person or a CI meets it: what it prints, and with which code it ends.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod compare;
mod cures;
mod digests;
mod guide;
mod modelled;
mod promises;
mod seeds;
mod seven_ways;
mod sweep;
mod why;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the command line in the project's root.
fn signalbox(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signalbox")).args(arguments).current_dir(root()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = signalbox(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

const ORDER_PLACED: &str = "static/scenarios/order-placed.yaml";

/// A file of its own for one test, which is removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("signalbox-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Scratch(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Presses Ctrl-C when a process is ready for it and has worked for so many ticks of its clock, which are hundredths of
/// a second. Only Linux says that.
fn interrupt(child: &Child, ticks: u64) {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap();
    let catches = || {
        let status = read("status");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        // Signal 2 is bit 1.
        u64::from_str_radix(caught.trim(), 16).unwrap() & 2 != 0
    };
    // Behind the name, which may have spaces, the twelfth field is the time.
    let worked = || {
        let stat = read("stat");
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().nth(11).unwrap().parse::<u64>().unwrap()
    };
    while !catches() || worked() < ticks {
        std::thread::yield_now();
    }
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

/// Every (file, variant) that comes with the product.
fn presets() -> Vec<(String, String)> {
    let list = json(&["presets", "--format", "json"]);
    let mut all = Vec::new();
    for preset in list.as_array().unwrap() {
        assert!(!preset["title"].as_str().unwrap().is_empty());
        for variant in preset["variants"].as_array().unwrap() {
            all.push((preset["file"].as_str().unwrap().into(), variant.as_str().unwrap().into()));
        }
    }
    all
}

#[test]
fn a_ledger_of_a_preset_does_not_balance() {
    for (file, variant) in presets() {
        for until in ["7s", "23s", "1h"] {
            let run = json(&["run", &file, "--variant", &variant, "--until", until, "--format", "json"]);
            let ledger = &run["ledger"];
            let figure = |name: &str| ledger[name].as_u64().unwrap();
            let lost: u64 =
                ledger["lost"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            let sum = figure("delivered")
                + figure("in_flight")
                + figure("waiting")
                + figure("dead_lettered")
                + lost;
            assert_eq!(figure("published"), sum, "{file} {variant} until {until}");
        }
    }
}

#[test]
fn the_records_are_not_those_of_the_run() {
    let scratch = Scratch::new("records.jsonl", b"");
    let arguments =
        ["run", ORDER_PLACED, "--variant", "queue", "--format", "json", "--records", scratch.path()];
    let run = json(&arguments);
    let text = std::fs::read_to_string(scratch.path()).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len() as u64, run["records"].as_u64().unwrap());
    let count = |what: &str| records.iter().filter(|record| record["what"] == what).count() as u64;
    assert_eq!(count("delivered"), run["ledger"]["delivered"].as_u64().unwrap());
    assert_eq!(count("case_answered"), run["cases"]["answered"].as_u64().unwrap());
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record["number"].as_u64().unwrap(), index as u64 + 1);
        assert!(
            record["cause"].as_u64().unwrap() <= index as u64,
            "a cause comes after its effect: {record}"
        );
    }
}

#[test]
fn a_wrong_file_is_run() {
    let scratch = Scratch::new(
        "wrong.yaml",
        b"signalbox: 1\ntitle: Wrong\nlenght: 3s\nservices: { a: { workers: 0 } }\n",
    );
    for command in ["run", "check"] {
        let output = signalbox(&[command, scratch.path()]);
        assert_eq!(output.status.code(), Some(2));
        let text = stderr(&output);
        assert!(text.contains(&format!("{}:3:1: error", scratch.path())), "{text}");
        assert!(text.contains(&format!("{}:4:", scratch.path())), "only the first problem is told: {text}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn a_file_that_is_no_scenario_makes_it_panic() {
    let large = vec![b'#'; 10 << 20];
    let binary: Vec<u8> = (0..=255).collect();
    for (name, content) in [("empty.yaml", &b""[..]), ("binary.yaml", &binary), ("large.yaml", &large)] {
        let scratch = Scratch::new(name, content);
        let output = signalbox(&["check", scratch.path()]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let text = stderr(&output);
        assert!(text.starts_with(scratch.path()) && !text.contains("panicked"), "{name}: {text}");
    }
    assert_eq!(signalbox(&["check", "no/such/file.yaml"]).status.code(), Some(2));
}

#[test]
fn a_misspelt_variant_runs_another() {
    let output = signalbox(&["run", ORDER_PLACED, "--variant", "quue"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("sync, pubsub, queue"), "{}", stderr(&output));
}

#[test]
fn a_seed_makes_no_difference_or_is_not_kept() {
    let digest =
        |seed: &str| json(&["run", ORDER_PLACED, "--seed", seed, "--format", "json"])["digest"].clone();
    assert_eq!(digest("42"), json(&["run", ORDER_PLACED, "--format", "json"])["digest"]);
    assert_ne!(digest("42"), digest("43"));
}

#[test]
fn the_schema_is_no_schema() {
    let schema: Value = serde_json::from_slice(&signalbox(&["schema"]).stdout).unwrap();
    assert!(schema["$schema"].as_str().unwrap().contains("json-schema.org"));
    assert!(schema["properties"]["services"].is_object());
}

#[test]
fn the_scenario_in_the_readme_does_not_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```yaml\n").unwrap();
    let (scenario, _) = rest.split_once("```").unwrap();
    let scratch = Scratch::new("readme.yaml", scenario.as_bytes());
    let output = signalbox(&["check", scratch.path()]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
    assert_eq!(stdout(&output).matches("held").count(), 2, "{}", stdout(&output));
}
