//! `signalbox sweep`: every point is what it would be alone, and what a person may get wrong.

use serde_json::{Value, json};

use crate::{ORDER_PLACED, signalbox, stderr, stdout};

const WORKERS: &str = "services.payment.workers=1..3";
const DOWNTIME: &str = "faults.1.for=5s,10s";

fn printed(command: &str, arguments: &[&str]) -> String {
    let output = signalbox(&[&[command, ORDER_PLACED, "--seeds", "5"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

fn found(command: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(command, &[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn a_point_has_no_name_or_no_interval() {
    let all = found("sweep", &["--set", WORKERS]);
    let axes = json!([{ "path": "services.payment.workers", "values": ["1", "2", "3"] }]);
    assert_eq!((&all["sweep"]["row"], &all["sweep"]["axes"]), (&json!("response_p99"), &axes));
    let variants = all["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 9);
    for (at, point) in variants.iter().enumerate() {
        let (variant, workers) = (["sync", "pubsub", "queue"][at / 3], (at % 3 + 1).to_string());
        assert_eq!(point["name"], format!("{variant} with services.payment.workers={workers}"));
        assert_eq!(point["variant"], variant);
        assert_eq!(point["set"], json!({ "services.payment.workers": workers }));
        let row = &point["rows"]["response_p99"];
        let [value, low, high] = ["value", "low", "high"].map(|end| row[end].as_f64().unwrap());
        assert!(low < value && value < high, "{row}");
    }
}

#[test]
fn a_point_has_other_figures_than_alone() {
    let all = found("sweep", &["--set", WORKERS, "--set", DOWNTIME, "--variants", "sync,queue"]);
    assert_eq!(all["variants"].as_array().unwrap().len(), 12);
    let wish = "queue with services.payment.workers=2 and faults.1.for=5s";
    // For a curve of what comes from runs no experiments are made.
    let alone = found("compare", &["--variants", wish, "--no-probes"]);
    let points = all["variants"].as_array().unwrap();
    let point = points.iter().find(|it| it["name"] == wish).unwrap();
    let rows = |found: &Value| {
        let mut rows = found["rows"].clone();
        for (_, row) in rows.as_object_mut().unwrap() {
            // It is to another baseline.
            row.as_object_mut().unwrap().remove("difference");
        }
        rows
    };
    assert!(rows(point).as_object().unwrap().len() > 10);
    assert_eq!(rows(point), rows(&alone["variants"][0]));
}

#[test]
fn a_row_that_comes_from_experiments_has_no_values() {
    let all = found("sweep", &["--set", WORKERS, "--row", "must_be_up"]);
    for (at, workers) in [(0, 1), (5, 3)] {
        let point = &all["variants"][at];
        assert_eq!(point["set"]["services.payment.workers"], workers.to_string());
        let alone = found("compare", &["--variants", point["name"].as_str().unwrap()]);
        let value = &point["rows"]["must_be_up"]["value"];
        assert!(value.is_f64() || value.is_u64(), "{point:#}");
        assert_eq!(*value, alone["variants"][0]["rows"]["must_be_up"]["value"]);
    }
}

#[test]
fn the_number_of_threads_changes_a_curve() {
    for format in ["text", "json", "csv", "md", "html", "svg"] {
        let swept = |jobs: &str| printed("sweep", &["--set", WORKERS, "--format", format, "--jobs", jobs]);
        let one = swept("1");
        assert!(one.contains("services.payment.workers"), "{format}: {one}");
        assert_eq!((&one, &one), (&swept("1"), &swept("4")), "{format}");
    }
}

#[test]
fn a_wrong_sweep_is_taken_for_another() {
    let expected = [
        (&[][..], "--set <PATH=VALUES>"),
        (&["--set", "services.payment.workers=1..1000000"], "these are 1000000 values"),
        (&["--set", "services.payment.workers=1..200", "--set", "services.orders.workers=1..200"], "40000"),
        (&["--set", "services.paymet.workers=1..3"], "did you mean services.payment.workers?"),
        (&["--set", "services.payment.workers"], "write PATH=VALUES"),
        (&["--set", WORKERS, "--set", WORKERS], "both axes are services.payment.workers"),
        (&["--set", WORKERS, "--set", DOWNTIME, "--set", "length=30s,40s"], "one axis or two"),
        (&["--set", WORKERS, "--variants", "quue"], "did you mean queue?"),
        (&["--set", WORKERS, "--row", "respons_p99"], "did you mean response_p99?"),
        (&["--set", WORKERS, "--seeds", "0"], "without a seed nothing is run: say 1 or more"),
        (&["--set", WORKERS, "--seeds", "1000000"], "with at most 222222 seeds"),
    ];
    for (arguments, message) in expected {
        let began = std::time::Instant::now();
        let output = signalbox(&[&["sweep", ORDER_PLACED], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains(message) && !text.contains("panicked"), "{arguments:?}: {text}");
        assert!(stdout(&output).is_empty(), "{arguments:?} sweeps something");
        assert!(began.elapsed().as_secs() < 5, "{arguments:?} is tried first");
    }
}
