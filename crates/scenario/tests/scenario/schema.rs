//! The schema accepts what is read, and refuses what a schema can refuse.

use jsonschema::Validator;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value, json};

use crate::presets::PRESETS;
use crate::wrong::{RIGHT, filled_up};

fn validator() -> Validator {
    jsonschema::validator_for(&scenario::schema()).expect("the schema is a schema")
}

fn errors(validator: &Validator, text: &str) -> Vec<String> {
    validator.iter_errors(&json_of(text)).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_refuses_a_right_file() {
    let everything = ("everything", include_str!("../files/everything.yaml"));
    let steps = ("steps", include_str!("../files/steps.yaml"));
    let validator = validator();
    for (name, text) in PRESETS.into_iter().chain([everything, steps, ("the smallest", RIGHT)]) {
        assert_eq!(errors(&validator, text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_schema_accepts_a_wrong_file() {
    let no_title = RIGHT.replace("title: A shop\n", "");
    let wrong = [
        "signalbox: 2",
        "tittle: A shop",
        "length: 60",
        "length: 0s",
        "length: fast",
        "seed: -1",
        "seed: \"42\"",
        "speed: 0.5",
        "title: [A, shop]",
        "clients: { shopper: { arrivals: poisson 5/s, sends: order } }",
        "clients: { shopper: { arrivals: poison 5/s, sends: order, to: shop } }",
        "clients: { shopper: { arrivals: { poisson: 5 }, sends: order, to: shop } }",
        "services: { shop: { workers: 0 } }",
        "services: { shop: { workers: 2.5 } }",
        "services: { shop: { worker: 2 } }",
        "services: [shop]",
        "services: { \"<script>\": { workers: 2 } }",
        "services: { shop: { work: lognorml median 80ms p99 300ms } }",
        "services: { shop: { work: { lognormal: { median: 80ms } } } }",
        "services: { shop: { work: { constant: 1ms, exponential: 2ms } } }",
        "links: { default: { loss: 120% } }",
        "links: { between: [{ places: [shop], loss: 1% }] }",
        "channels: { events: { prefetch: 4 } }",
        "channels: { events: { profile: carrier-pigeon } }",
        "channels: { events: { profile: redis-pubsub, prefetch: 4 } }",
        "channels: { events: { profile: http, prefetch_count: 4 } }",
        "channels: { jobs: { profile: rabbitmq-quorum, overflow: explode } }",
        "channels: { jobs: { profile: rabbitmq-quorum, prefetch: 0 } }",
        "channels: { jobs: { profile: rabbitmq-quorum, prefetch: some } }",
        "channels: { jobs: { profile: rabbitmq-quorum, x-delivery-limit: 0 } }",
        "channels: { jobs: { profile: rabbitmq-quorum, flux_capacitor: 1 } }",
        "channels: { log: { profile: kafka, session.timeout.ms: 45 } }",
        "channels: { log: { profile: kafka, session_timeout: none } }",
        "channels: { log: { profile: kafka, enable_auto_commit: maybe } }",
        "channels: { log: { profile: kafka, groups: { billing: shop } } }",
        "channels: { log: { profile: mqtt, bindings: { shop: { a: b } } } }",
        "channels: { log: { profile: kafka }, other: { profile: kafka, dead_letter: [log] } }",
        "channels: { jobs: { profile: sqs } }\nvariants: { one: { channels: { jobs: { flux_capacitor: 1 } } } }",
        "channels: { jobs: { profile: sqs } }\nvariants: { one: { channels: { jobs: { visibility_timeout: 0 } } } }",
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, keys: 0 } }",
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: much } } }",
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: { amount: 1.5 } } }",
        "clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop, with: [amount] } }",
        "services: { shop: { clock: 5 } }",
        "services: { shop: { clock: --5s } }",
        "services: { shop: { store: { charged: per customer } } }",
        "services: { shop: { store: { charged: { per: per case } } } }",
        "services: { shop: { memory: { charged: { starts: 7 } } } }",
        "services: { shop: { memory: { charged: { per: case, for: 0s } } } }",
        "checks: [{ nver: paid > 1 }]",
        "checks: [{ total: paid, finally: paid }]",
        "checks: [{ finally: paid % 2 }]",
        "checks: [{ ordered: [shop] }]",
        "checks: [{ lossless: shop, within: 5s }]",
        "faults: [{ at: 20s, rebuild: shop, for: 5s }]",
        "checks: [{ never: paid & 1 }]",
        "faults: [{ crash: shop }]",
        "faults: [{ at: 20s, crash: shop, slow: shop, by: 5x }]",
        "handlers: { shop: { order: [wrok] } }",
        "handlers: { shop: { order: reply } }",
        "handlers: { shop: { order: [{ call: { to: shop, send: order, on_error: stop } }] } }",
        "handlers: { shop: { order: [{ chance: 10%, then: [{ if: paid }] }] } }",
        "handlers: { shop: { order: { durable: true, steps: [work] } } }",
        "handlers: { shop: { order: { worker: freed, steps: [work] } } }",
        "handlers: { shop: { order: { reads: 1..2, steps: [work] } } }",
        "handlers: { shop: { order: { durable: yes } } }",
        "handlers: { shop: { order: [{ work: { for: 1s } }] } }",
        "handlers: { shop: { order: [{ call: { to: shop, send: order, cancel: maybe } }] } }",
        "handlers: { shop: { order: [{ call: { to: shop, send: order, take: amount } }] } }",
        "handlers: { shop: { order: [{ send: { command: order, to: shop, after: 5 } }] } }",
        "handlers: { shop: { order: [{ send: { command: order, to: shop, schema: two } }] } }",
        "handlers: { shop: { order: [{ reply: { taking: amount } }] } }",
        "handlers: { shop: { order: [{ let: amount }] } }",
        "handlers: { shop: { order: [{ measure: { age: now & 5 } }] } }",
        "handlers: { shop: { order: [{ wait: 5 }] } }",
        "handlers: { shop: { order: [{ wait: { for: 5s } }] } }",
        "handlers: { shop: { order: [{ try: work }] } }",
        "handlers: { shop: { order: [{ retry: { pause: 1s }, steps: [fail] }] } }",
        "handlers: { shop: { order: [{ retry: { attempts: many }, steps: [fail] }] } }",
        "handlers: { shop: { order: [{ retry: { attempts: 2, jitter: lots }, steps: [fail] }] } }",
        "handlers: { shop: { order: [{ deadline: 2s, then: [work] }] } }",
        "handlers: { shop: { order: [{ parallel: [] }] } }",
        "handlers: { shop: { order: [{ parallel: [work] }] } }",
        "handlers: { shop: { order: [{ undo: work }] } }",
        "variants: { other: { checks: [] } }",
        "variants: { other: { cures: { naive: yes } }, naive: {} }",
    ];
    let validator = validator();
    for text in wrong.map(filled_up).into_iter().chain([no_title]) {
        assert!(scenario::read(&text).scenario.is_none(), "it is read: {text}");
        assert_ne!(errors(&validator, &text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_parameter_is_refused() {
    let mut text = String::from("channels:\n");
    for profile in &channel::PROFILES {
        text.push_str(&format!("  by name {}: {{ profile: {}", profile.name, profile.name));
        profile.parameters.iter().for_each(|it| text.push_str(&format!(", {}: {}", it.name, it.default)));
        text.push_str(&format!(" }}\n  by real {}: {{ profile: {}", profile.name, profile.name));
        profile.parameters.iter().for_each(|it| text.push_str(&format!(", {}: {}", it.real, it.default)));
        text.push_str(" }\n");
    }
    assert_eq!(errors(&validator(), &filled_up(&text)), Vec::<String>::new());
}

#[test]
fn a_parameter_is_not_described() {
    let schema = scenario::schema();
    for profile in &channel::PROFILES {
        for parameter in profile.parameters {
            let own = &schema["$defs"][profile.name]["properties"][parameter.name];
            let description = own["description"].as_str().expect("there is a description");
            let real = format!("`{}`", parameter.real);
            for part in [profile.name, parameter.about, parameter.default] {
                assert!(description.contains(part), "{}: {description}", parameter.name);
            }
            assert!(parameter.real == parameter.name || description.contains(&real), "{description}");
            let default = own["default"].as_str().map_or_else(|| own["default"].to_string(), str::to_owned);
            assert_eq!(default, parameter.default, "{}", parameter.name);
        }
    }
}

/// A YAML text as JSON, as any other program would read it.
fn json_of(text: &str) -> Value {
    let mut open: Vec<(Value, Option<String>)> = Vec::new();
    let mut root = Value::Null;
    for event in Parser::new_from_str(text) {
        let complete = match event.expect("it is YAML").0 {
            Event::Scalar(text, style, ..) => scalar(&text, style),
            Event::SequenceStart(..) => {
                open.push((json!([]), None));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((Value::Object(Map::new()), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().expect("it was begun").0,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) | Event::Alias(_) => continue,
        };
        match open.last_mut() {
            None => root = complete,
            Some((Value::Array(items), _)) => items.push(complete),
            Some((Value::Object(entries), key)) => match key.take() {
                Some(key) => drop(entries.insert(key, complete)),
                None => *key = Some(complete.as_str().map_or_else(|| complete.to_string(), str::to_owned)),
            },
            Some(_) => unreachable!("only lists and mappings are open"),
        }
    }
    root
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    match text {
        _ if style != ScalarStyle::Plain => text.into(),
        "" | "~" | "null" => Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        _ => {
            let whole = text.parse::<i64>().map(Value::from);
            whole.or_else(|_| text.parse::<f64>().map(Value::from)).unwrap_or_else(|_| text.into())
        }
    }
}
