//! What each consumer got.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Comparison, below, same};
use crate::replay::Replay;
use crate::vector::Vector;

/// Compares the rows of all consumers: literally where the runs agreed, else by what holds in every run.
pub(super) fn compare(
    vector: &Vector,
    replay: &Replay,
    expected: &Value,
    got: &Value,
    comparison: &mut Comparison,
) {
    let (none, path) = (Map::new(), "/consumers");
    let Some(expected) = expected.as_object() else {
        return comparison.differ(path, expected, "an object");
    };
    let got = got.as_object().unwrap_or(&none);
    if vector.varies_below(path) {
        return invariants(vector, replay, expected, got, comparison);
    }
    for (who, expected) in expected {
        let path = below(path, who);
        let rows = got.get(who).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match expected.as_array() {
            Some(expected) => literally(&path, expected, rows, comparison),
            None => comparison.differ(&path, expected, "a list"),
        }
    }
    for (who, rows) in got {
        if !expected.contains_key(who) && rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            comparison.differ(&below(path, who), "nothing", rows);
        }
    }
}

fn literally(path: &str, expected: &[Value], got: &[Value], comparison: &mut Comparison) {
    for n in 0..expected.len().max(got.len()) {
        let path = format!("{path}/{n}");
        match (expected.get(n), got.get(n)) {
            (Some(expected), Some(got)) => row(&path, expected, got, comparison),
            (Some(expected), None) => comparison.differ(&path, expected, "nothing"),
            (None, Some(got)) => comparison.differ(&path, "nothing", got),
            (None, None) => {}
        }
    }
}

/// Compares the fields that were written down of a delivery; a driver may know more of it.
fn row(path: &str, expected: &Value, got: &Value, comparison: &mut Comparison) {
    match (expected.as_object(), got.as_object()) {
        (Some(fields), Some(known)) => {
            for (key, expected) in fields {
                let got = known.get(key).unwrap_or(&Value::Null);
                let agree = match (expected.is_object() || expected.is_array(), got) {
                    (true, got) => expected == got,
                    (false, got) => same(expected, got),
                };
                if !agree {
                    comparison.differ(&below(path, key), expected, got);
                }
            }
        }
        (None, None) if same(expected, got) => {}
        (None, None) | (Some(_), None) | (None, Some(_)) => comparison.differ(path, expected, got),
    }
}

/// Where who gets what differs from run to run, each message still comes as often as in the model, to the
/// same consumers, and in order wherever the model keeps order.
fn invariants(
    vector: &Vector,
    replay: &Replay,
    expected: &Map<String, Value>,
    got: &Map<String, Value>,
    comparison: &mut Comparison,
) {
    let path = "/consumers";
    let ranks = ranks(vector);
    let known: Vec<&String> = got.keys().collect();
    let open = expected.keys().any(|who| vector.varies_at(&below(path, who)));
    for (who, rows) in expected {
        let path = below(path, who);
        let Some(rows) = rows.as_array() else {
            comparison.differ(&path, rows, "a list");
            continue;
        };
        if !(vector.varies_below(&path) || open && replay.copies_vary) {
            // What others got differed, and nothing of this one's.
            literally(
                &path,
                rows,
                got.get(who).and_then(Value::as_array).map_or(&[], Vec::as_slice),
                comparison,
            );
            continue;
        }
        comparison.not_compared.push(path.clone());
        if !got.contains_key(who) && !rows.is_empty() {
            comparison.differ(&path, format!("{} rows", rows.len()), format!("only {known:?} get anything"));
        }
        let length = got.get(who).and_then(Value::as_array).map_or(0, Vec::len);
        // The number of rows did not vary if only single rows did.
        let holds = replay.lengths_hold || !replay.copies_vary;
        if !vector.varies_at(&path) && holds && rows.len() != length {
            comparison.differ(&path, format!("{} rows", rows.len()), format!("{length} rows"));
        }
        if let Some(n) = first_out_of_order(rows, &ranks)
            && got.values().filter_map(Value::as_array).all(|rows| first_out_of_order(rows, &ranks).is_none())
        {
            comparison.differ(&format!("{path}/{n}"), &rows[n], "in the order of publication");
        }
    }
    for who in got.keys() {
        if !expected.contains_key(who) && !vector.varies_at(&below(path, who)) {
            comparison.differ(&below(path, who), "nothing", &got[who]);
        }
    }
    let (recorded, modelled) = (copies(expected), copies(got));
    for id in recorded.keys().chain(modelled.keys().filter(|id| !recorded.contains_key(*id))) {
        let expected = recorded.get(id).copied().unwrap_or(0);
        let got = modelled.get(id).copied().unwrap_or(0);
        let agree = if replay.copies_vary { (expected == 0) == (got == 0) } else { expected == got };
        if !agree {
            comparison.differ(path, format!("{expected} times {id}"), format!("{got} times"));
        }
    }
}

fn copies(consumers: &Map<String, Value>) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for row in consumers.values().filter_map(Value::as_array).flatten() {
        *copies.entry(id(row)).or_insert(0) += 1;
    }
    copies
}

fn id(row: &Value) -> String {
    match row.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => row.to_string(),
    }
}

/// Each id's place in the order of publication.
fn ranks(vector: &Vector) -> BTreeMap<String, usize> {
    let mut ranks = BTreeMap::new();
    for step in &vector.steps {
        if let Some(Value::String(id)) = step.raw("id") {
            let next = ranks.len();
            ranks.entry(id.clone()).or_insert(next);
        }
    }
    ranks
}

/// The first row that comes before what it should follow: by offset in its partition, or as published.
fn first_out_of_order(rows: &[Value], ranks: &BTreeMap<String, usize>) -> Option<usize> {
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    rows.iter().position(|row| {
        let partition = row.get("partition").and_then(Value::as_u64).unwrap_or(0);
        let place = row.get("offset").and_then(Value::as_u64);
        let Some(place) = place.or_else(|| ranks.get(&id(row)).map(|rank| *rank as u64)) else {
            return false;
        };
        last.insert(partition, place).is_some_and(|before| before >= place)
    })
}
