//! The presets that place an order in seven ways can be compared with each other, because only the circumstance differs.

use crate::{Scratch, json, root};

/// Of each file: its name, what stands only there, and what stands there in fair weather.
const CIRCUMSTANCES: [(&str, &str, &str); 4] = [
    ("downtime", "faults:\n  - { at: 15s, crash: payment, for: 10s }\n\n", ""),
    ("slow", "faults:\n  - { at: 15s, slow: payment, by: 10x, for: 15s }\n\n", ""),
    ("loss", ", loss: 2% }", " }"),
    (
        "burst",
        "  crowd:   { arrivals: poisson 150/s, from: 15s, until: 19s, sends: place_order, to: orders, patience: 3s }\n",
        "",
    ),
];

/// A file as it would be in fair weather, from its seed on.
fn fair_weather(name: &str, circumstance: &str, instead: &str) -> String {
    let text =
        std::fs::read_to_string(root().join(format!("static/scenarios/seven-ways-{name}.yaml"))).unwrap();
    let parts: Vec<&str> = text.split(circumstance).collect();
    assert_eq!(parts.len(), 2, "{name}: the circumstance stands there once");
    let calm = parts.join(instead);
    calm[calm.find("seed: ").unwrap()..].to_owned()
}

#[test]
fn a_way_to_place_an_order_differs_from_file_to_file() {
    let shared = |(name, circumstance, instead): (&str, &str, &str)| {
        let calm = fair_weather(name, circumstance, instead);
        calm.lines().filter(|line| !line.starts_with("    cures: ")).collect::<Vec<_>>().join("\n")
    };
    let first = shared(CIRCUMSTANCES[0]);
    assert!(first.contains("\nservices:\n") && first.contains("\nvariants:\n"));
    for circumstance in &CIRCUMSTANCES[1..] {
        assert!(shared(*circumstance) == first, "{} and {}", circumstance.0, CIRCUMSTANCES[0].0);
    }
}

#[test]
fn a_way_to_place_an_order_does_less_in_fair_weather() {
    let (name, circumstance, instead) = CIRCUMSTANCES[0];
    let head = "signalbox: 1\ntitle: Fair weather\n";
    let calm = head.to_owned() + &fair_weather(name, circumstance, instead);
    let file = Scratch::new("fair-weather.yaml", calm.as_bytes());
    for variant in ["sync", "bus", "pubsub", "queue", "jobs", "choreography", "orchestration"] {
        let run = json(&["run", file.path(), "--variant", variant, "--format", "json"]);
        let came = &run["cases"]["started"];
        assert!(came.as_u64().unwrap() > 700, "{variant}: {run}");
        assert_eq!(&run["cases"]["answered"], came, "{variant}");
        for fact in ["paid", "reserved", "emailed"] {
            assert_eq!(&run["facts"][fact], came, "{variant}: {fact}");
        }
        assert!(run["checks"].as_array().unwrap().iter().all(|check| check["held"] == true), "{variant}");
    }
}
