//! The guide to comparisons (`docs/comparing.md`) says what is so.

use crate::{json, root, signalbox, stdout};

fn guide() -> String {
    std::fs::read_to_string(root().join("docs/comparing.md")).unwrap()
}

#[test]
fn a_row_of_the_table_is_not_explained() {
    let guide = guide();
    let file = "static/scenarios/seven-ways-downtime.yaml";
    let table = json(&["compare", file, "--variants", "sync", "--seeds", "1", "--format", "json"]);
    let rows = table["rows"].as_array().unwrap();
    assert!(rows.len() > 20, "{table}");
    for row in rows {
        let id = row["id"].as_str().unwrap();
        let named = match id.split_once(':') {
            Some(("missing", _)) => "missing:FACT",
            Some(("broken", _)) => "broken:N",
            _ => id,
        };
        assert!(guide.contains(&format!("`{named}`")), "{id}: {}", row["says"]);
    }
}

/// A block that begins with a command shows what that prints, or the beginning of it, and `...`.
#[test]
fn a_command_of_the_guide_prints_something_else() {
    const FENCE: &str = "```\n";
    let guide = guide();
    let (mut shown, mut commands) = (String::new(), 0);
    for block in guide.split_inclusive(FENCE) {
        let Some((command, printed)) = block.strip_prefix("$ signalbox ").and_then(|it| it.split_once('\n'))
        else {
            shown += block;
            continue;
        };
        commands += 1;
        let output = stdout(&signalbox(&command.split_whitespace().collect::<Vec<_>>()));
        let lines = printed.lines().count() - 1;
        let printed = match printed.ends_with("...\n```\n") {
            true => output.lines().take(lines - 1).chain(["..."]).collect::<Vec<_>>().join("\n"),
            false => output.trim_end().to_owned(),
        };
        shown += &format!("$ signalbox {command}\n{printed}\n{FENCE}");
    }
    assert!(commands > 3);
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(root().join("docs/comparing.md"), &shown).unwrap();
    }
    assert!(
        shown == guide,
        "if that is meant: UPDATE_GUIDE=1 cargo nextest run -p cli a_command_of_the_guide"
    );
}

/// Times in the system, in ms: M/M/1 at 8 of 10 a second, M/M/2 at 8 of 2 x 5, and M/M/1 at 4 of 5.
#[test]
fn a_mean_that_is_known_lies_outside_of_its_interval() {
    let table =
        json(&["compare", "static/scenarios/one-queue-or-two.yaml", "--no-probes", "--format", "json"]);
    let known = [("one_fast", 500.0), ("two_slow", 5_000.0 / 9.0), ("two_queues", 1_000.0)];
    for (variant, (name, mean)) in table["variants"].as_array().unwrap().iter().zip(known) {
        assert_eq!(variant["name"], name);
        let cell = &variant["rows"]["response_mean"];
        let covers = |of: &serde_json::Value, value: f64| {
            of["low"].as_f64().unwrap() < value && value < of["high"].as_f64().unwrap()
        };
        assert!(covers(cell, mean), "{name}: {cell}");
        if name != "one_fast" {
            assert!(covers(&cell["difference"], mean - known[0].1), "{name}: {cell}");
            assert_eq!(cell["difference"]["beyond_chance"], true, "{name}");
        }
    }
}
