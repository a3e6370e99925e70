//! `signalbox compare`: the same figures whoever plays, and what a person may get wrong.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::seeds::{RARE, STORM};
use crate::{ORDER_PLACED, Scratch, interrupt, root, signalbox, stderr, stdout};

/// What `compare` prints about the orders with few seeds.
fn printed(arguments: &[&str]) -> String {
    let seeds: &[&str] = if arguments.contains(&"--seeds") { &[] } else { &["--seeds", "12"] };
    let output = signalbox(&[&["compare", ORDER_PLACED], seeds, arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    assert!(stderr(&output).is_empty(), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

fn found(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn the_number_of_threads_changes_a_figure() {
    let precise = |jobs| found(&["--precision", "1%", "--seeds", "200", "--no-probes", "--jobs", jobs]);
    for format in ["text", "json", "csv", "md", "html", "svg"] {
        let formatted = |arguments: &[&str]| printed(&[arguments, &["--format", format]].concat());
        let one = formatted(&["--jobs", "1"]);
        assert!(one.contains("queue"), "{format}: {one}");
        for jobs in ["1", "2", "5"] {
            assert_eq!(one, formatted(&["--jobs", jobs]), "{format}, {jobs} jobs");
        }
    }
    let one = precise("1");
    let seeds = one["seeds"].as_u64().unwrap();
    assert!(seeds > 16 && seeds < 200, "{seeds} seeds: the example is too easy, or too hard");
    for jobs in ["2", "5"] {
        assert_eq!(one, precise(jobs), "{jobs} jobs");
    }
}

#[test]
fn what_is_wished_for_is_not_what_is_compared() {
    let wish = "queue with services.payment.workers=1 and faults.1.for=20s";
    let all = found(&["--variants", "sync,queue", "--variants", wish, "--variants", "queue"]);
    let names: Vec<&Value> = all["variants"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["sync", "queue", wish, "queue (2)"]);
    let rows = |at: usize| all["variants"][at]["rows"].clone();
    let last = |rows: Value| rows["completion_p99"]["value"].as_f64().unwrap();
    assert!(last(rows(2)) > 1.5 * last(rows(1)), "what was set makes no difference");
    assert_eq!(last(rows(3)), last(rows(1)), "the same is something else");
    let short = found(&["--variants", "sync, queue with faults.1.for=20s"]);
    assert_eq!(short["variants"][1]["name"], "queue with faults.1.for=20s");
}

#[test]
fn another_baseline_compares_with_the_first() {
    for (baseline, at) in [("queue", 2), ("sync", 0)] {
        let all = found(&["--baseline", baseline]);
        assert_eq!(all["baseline"], baseline);
        for variant in 0..3 {
            let difference = &all["variants"][variant]["rows"]["response_mean"]["difference"];
            assert_eq!(difference.is_null(), variant == at, "{baseline}: {variant}");
        }
    }
}

#[test]
fn customers_of_the_warm_up_are_counted() {
    let (all, late) = (found(&[]), found(&["--warm-up", "12s"]));
    assert_eq!(late["warm_up_ms"], 12000.0);
    let turned_away = |found: &Value| found["variants"][0]["rows"]["turned_away"]["value"].as_f64().unwrap();
    // Payment is down soon after that.
    assert!(turned_away(&late) > 1.2 * turned_away(&all), "{} {}", turned_away(&late), turned_away(&all));
}

#[test]
fn seeds_of_their_own_make_no_difference() {
    let (paired, independent) = (found(&[]), found(&["--independent"]));
    let width = |found: &Value| {
        let difference = &found["variants"][2]["rows"]["completion_p50"]["difference"];
        difference["high"].as_f64().unwrap() - difference["low"].as_f64().unwrap()
    };
    assert!(width(&independent) > 0.0 && width(&independent) != width(&paired));
    assert_eq!(paired["variants"][0], json!(independent["variants"][0]), "the first has the same seeds");
}

/// Fields of a line, some in quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

#[test]
fn a_spreadsheet_has_other_figures() {
    let arguments = ["--variants", "sync,queue with channels.charges={ profile: rabbitmq-quorum }"];
    let formatted = |format: &str| printed(&[&arguments[..], &["--format", format]].concat());
    let (json, csv) = (formatted("json"), formatted("csv"));
    let mut lines = csv.lines().map(fields);
    let head = lines.next().unwrap();
    let mut compared = 0;
    for line in lines {
        assert_eq!(line.len(), head.len(), "{line:?}");
        let field = |name: &str| {
            let field = &line[head.iter().position(|it| it == name).unwrap()];
            if field.is_empty() { "null" } else { field }
        };
        assert!(["sync", &arguments[1][5..]].contains(&field("name")), "{line:?}");
        // As text, since readers of JSON may be out by the last digit.
        let [row, value, low, high] = ["row", "value", "low", "high"].map(field);
        let same = format!("\"{row}\": {{\"value\": {value}, \"low\": {low}, \"high\": {high},");
        assert!(json.contains(&same), "{same}");
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn a_storm_is_hidden_or_never_ends() {
    let storm = format!(
        "{STORM}variants: {{ calm: {{ handlers: {{ desk: {{ word: [set: heard] }} }} }}, storm: {{}} }}\n"
    );
    let scratch = Scratch::new("compared-storm.yaml", storm.as_bytes());
    let arguments = ["compare", scratch.path(), "--seeds", "2", "--no-probes"];
    let output = signalbox(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&all["variants"][0]["halted"], &all["variants"][1]["halted"]), (&json!(0), &json!(2)));
    let notes = all["notes"].to_string();
    assert!(notes.contains("storm was stopped in 2 of 2 runs"), "{notes}");
    assert!(notes.contains("2,000,000 messages"), "{notes}");
    let text = stdout(&signalbox(&arguments));
    assert!(text.contains("storm was stopped in 2 of 2 runs"), "{text}");
}

#[test]
fn a_wrong_argument_is_taken_for_another() {
    let expected = [
        (&["--seeds", "0"][..], "without a seed nothing is run: say 1 or more"),
        (&["--seeds", "700000"], "with at most 666666 seeds"),
        (&["--from", "18446744073709551615", "--seeds", "2"], "the last seed is 18446744073709551615"),
        (&["--from", "18446744073709551614", "--seeds", "1", "--independent"], "there are not 3"),
        (&["--variants", "sync,quue"], "did you mean queue?"),
        (&["--variants", "sync,"], "nothing is wished for"),
        (&["--variants", "queue with services.paymet.workers=2"], "did you mean services.payment.workers?"),
        (&["--variants", "queue with services.payment.workers=0"], "services.payment.workers=0"),
        (&["--row", "respons_mean"], "did you mean response_mean?"),
        (&["--row", "names", "--precision", "2%"], "it does not come from runs"),
        (&["--precision", "0%"], "precision of 0%"),
        (&["--precision", "-2%"], "-2%"),
        (&["--precision", "120%"], "120%"),
        (&["--warm-up", "60s"], "leaves nothing of sync"),
        (&["--baseline", "quue"], "did you mean queue?"),
        (&["--jobs", "0"], "0 is not in 1..=1024"),
        (&["--format", "pdf"], "possible values: text, json, csv, md, html, svg"),
    ];
    for (arguments, message) in expected {
        let output = signalbox(&[&["compare", ORDER_PLACED], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains(message) && !text.contains("panicked"), "{arguments:?}: {text}");
        assert!(stdout(&output).is_empty(), "{arguments:?} compares something");
    }
}

#[test]
fn a_log_of_a_comparison_does_not_say_how_far_it_came() {
    let arguments = ["compare", ORDER_PLACED, "--seeds", "200", "--no-probes", "--precision", "50%"];
    let told = signalbox(&[&arguments[..], &["--progress"]].concat());
    // It is known well enough after the first round.
    assert!(stderr(&told).contains(": 48 of 48 runs in "), "{}", stderr(&told));
    assert_eq!(stdout(&told), stdout(&signalbox(&arguments)));
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_compared_is_gone_after_an_interrupt() {
    let scratch = Scratch::new("compared-interrupt.yaml", RARE.as_bytes());
    let compare = |seeds: &str, jobs: &str| {
        let arguments = ["--seeds", seeds, "--jobs", jobs, "--no-probes", "--format", "json"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_signalbox"));
        command.args(["compare", scratch.path()]).args(arguments).current_dir(root());
        command.stdout(Stdio::piped()).spawn().unwrap()
    };
    for jobs in ["1", "3"] {
        let child = compare("500000", jobs);
        interrupt(&child, 20);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        let partial: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(partial["partial"], true, "{jobs} jobs");
        let seeds = partial["seeds"].as_u64().unwrap();
        assert!(seeds > 1 && seeds < 500_000, "{seeds}");
        // With one thread no seed is left out before the last.
        if jobs == "1" {
            let whole = compare(&seeds.to_string(), jobs).wait_with_output().unwrap();
            let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
            assert_eq!(whole["partial"], false);
            assert_eq!((&whole["variants"], &whole["verdict"]), (&partial["variants"], &partial["verdict"]));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_before_the_first_run_breaks_the_table() {
    for format in ["text", "json", "csv", "md", "html", "svg"] {
        let child = Command::new(env!("CARGO_BIN_EXE_signalbox"))
            .args(["compare", ORDER_PLACED, "--seeds", "500000", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir(root())
            .spawn()
            .unwrap();
        interrupt(&child, 0);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{format}: {}", stderr(&output));
        assert!(!stdout(&output).is_empty() && stderr(&output).is_empty(), "{format}: {}", stderr(&output));
    }
}
