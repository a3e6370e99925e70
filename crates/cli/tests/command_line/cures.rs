//! Failures and their cures: what a preset claims to show, it shows, with the seed that it is opened with.

use crate::{json, root};

/// Of each variant of a preset that cures others: the file, the variant, and which ones it cures.
fn cures() -> Vec<(String, String, Vec<String>)> {
    let mut cures = Vec::new();
    for preset in json(&["presets", "--format", "json"]).as_array().unwrap() {
        let file = preset["file"].as_str().unwrap();
        let scenario = scenario::read(&std::fs::read_to_string(root().join(file)).unwrap()).scenario.unwrap();
        for variant in &scenario.variants {
            if !variant.cures.is_empty() {
                cures.push((file.to_owned(), variant.name.clone(), variant.cures.clone()));
            }
        }
    }
    cures
}

/// The promises of a variant, each with whether it is held.
fn promises(file: &str, variant: &str) -> Vec<(String, Option<bool>)> {
    let run = json(&["run", file, "--variant", variant, "--format", "json"]);
    let check =
        |check: &serde_json::Value| (check["name"].as_str().unwrap().to_owned(), check["held"].as_bool());
    run["checks"].as_array().unwrap().iter().map(check).collect()
}

#[test]
fn a_failure_breaks_no_promise() {
    for (file, _, cured) in cures() {
        for variant in cured {
            let promises = promises(&file, &variant);
            assert!(promises.iter().any(|(_, held)| *held == Some(false)), "{file} {variant}: {promises:?}");
        }
    }
}

#[test]
fn a_cure_keeps_a_promise_open_or_broken() {
    for (file, variant, _) in cures() {
        let promises = promises(&file, &variant);
        assert!(promises.iter().all(|(_, held)| *held == Some(true)), "{file} {variant}: {promises:?}");
    }
}

#[test]
fn a_way_to_fail_that_people_know_has_no_preset_with_its_cure() {
    let cures = cures();
    for known in [
        "ball-of-mud",
        "backlog-after-outage",
        "broker-restart",
        "cascading-failure",
        "choreography-and-orchestration",
        "clock-skew",
        "dual-write",
        "event-loop",
        "event-sourcing",
        "head-of-line",
        "lost-event",
        "network-partition",
        "orphaned-saga",
        "out-of-order",
        "poison-message",
        "processed-twice",
        "read-model",
        "retry-storm",
        "saga-compensation",
        "schema-mismatch",
        "slow-consumer",
        "stock-allocation",
    ] {
        assert!(cures.iter().any(|(file, ..)| file.ends_with(&format!("{known}.yaml"))), "{known}");
    }
}

/// The same saga as choreography and as orchestration, where no refund is refused: nothing differs for the business.
#[test]
fn the_two_styles_of_a_saga_reach_other_facts_when_nothing_fails() {
    let text = std::fs::read_to_string(root().join("static/scenarios/saga-compensation.yaml")).unwrap();
    let file = crate::Scratch::new("saga.yaml", text.replace("chance: 35%", "chance: 0%").as_bytes());
    let facts =
        |variant| json(&["run", file.path(), "--variant", variant, "--format", "json"])["facts"].clone();
    let orchestrated = facts("orchestration_that_insists");
    assert_eq!(orchestrated, facts("choreography_that_remembers"));
    assert!(orchestrated["shipped"].as_u64().unwrap() > 100, "{orchestrated}");
    assert!(orchestrated["refunded"].as_u64().unwrap() > 5, "{orchestrated}");
}

/// Every scenario that is written out in the recipes runs as it stands, and keeps what it promises.
#[test]
fn a_recipe_does_not_work() {
    let text = std::fs::read_to_string(root().join("docs/recipes.md")).unwrap();
    let blocks: Vec<&str> =
        text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 8);
    for (number, block) in blocks.iter().enumerate() {
        let file = crate::Scratch::new(&format!("recipe-{number}.yaml"), block.as_bytes());
        let output = crate::signalbox(&["check", file.path()]);
        let said = crate::stdout(&output) + &crate::stderr(&output);
        assert!(output.status.success(), "{block}\n{said}");
        assert!(!said.contains("warning") && !said.contains("open"), "{block}\n{said}");
    }
}
