//! Where what the model did and what the broker did part.

mod rows;

use serde_json::{Map, Value};

use crate::Difference;
use crate::replay::Replay;
use crate::vector::Vector;

/// The result of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// Where the two part.
    pub(crate) differences: Vec<Difference>,
    /// What no driver derives, or what varied.
    pub(crate) not_compared: Vec<String>,
    /// How many keys of `observed` were compared.
    pub(crate) compared: usize,
}

/// Compares each key that was observed.
pub(crate) fn compare(vector: &Vector, replay: &Replay) -> Comparison {
    let mut comparison = Comparison::default();
    for (key, expected) in &vector.observed {
        let path = format!("/{key}");
        let nobody = key == "consumers" && expected.as_object().is_some_and(Map::is_empty);
        match replay.observed.get(key) {
            // A recording that looked at something else writes `consumers: {}`.
            _ if nobody => {}
            _ if vector.varies_at(&path) => comparison.not_compared.push(path),
            None if replay.within.contains_key(key) => {
                comparison.compared += 1;
                comparison.part(&path, expected, &replay.within[key]);
            }
            None if key != "consumers" => comparison.not_compared.push(path),
            got => {
                comparison.compared += 1;
                let got = got.unwrap_or(&Value::Null);
                let others = replay.readings.get(key).map_or(&[][..], Vec::as_slice);
                comparison.best(std::iter::once(got).chain(others), |comparison, got| {
                    if key == "consumers" {
                        rows::compare(vector, replay, expected, got, comparison);
                    } else {
                        comparison.value(vector, replay, &path, expected, got);
                    }
                });
            }
        }
    }
    comparison
}

impl Comparison {
    fn differ(&mut self, path: &str, expected: impl ToString, got: impl ToString) {
        self.differences.push(Difference {
            path: path.to_owned(),
            expected: expected.to_string(),
            got: got.to_string(),
        });
    }

    /// Compares with each reading of a key; if all of them differ, says how the first does.
    fn best<'a>(
        &mut self,
        readings: impl Iterator<Item = &'a Value>,
        compare: impl Fn(&mut Comparison, &Value),
    ) {
        let mut first = None;
        for got in readings {
            let mut one = Comparison::default();
            compare(&mut one, got);
            let agrees = one.differences.is_empty();
            if agrees || first.is_none() {
                first = Some(one);
            }
            if agrees {
                break;
            }
        }
        if let Some(one) = first {
            self.differences.extend(one.differences);
            self.not_compared.extend(one.not_compared);
        }
    }

    /// A part of a list has its order.
    fn part(&mut self, path: &str, expected: &Value, whole: &[String]) {
        let mut rest = whole.iter();
        let Some(part) = expected.as_array() else { return self.differ(path, expected, "a list") };
        for (n, id) in part.iter().enumerate() {
            if !rest.any(|known| Some(known.as_str()) == id.as_str()) {
                return self.differ(&format!("{path}/{n}"), id, format!("in the order of {whole:?}"));
            }
        }
    }

    /// Compares literally, except for what varied.
    fn value(&mut self, vector: &Vector, replay: &Replay, path: &str, expected: &Value, got: &Value) {
        if vector.varies_at(path) || replay.unknown.iter().any(|unknown| unknown == path) {
            self.not_compared.push(path.to_owned());
            return;
        }
        match (expected, got) {
            (Value::Object(expected), Value::Object(got)) => {
                for (key, expected) in expected {
                    let path = below(path, key);
                    match got.get(key) {
                        Some(got) => self.value(vector, replay, &path, expected, got),
                        None if vector.varies_at(&path) || replay.unknown.contains(&path) => {
                            self.not_compared.push(path);
                        }
                        None => self.differ(&path, expected, "nothing"),
                    }
                }
                for (key, got) in got {
                    let path = below(path, key);
                    if !expected.contains_key(key) && !vector.varies_at(&path) {
                        self.differ(&path, "nothing", got);
                    }
                }
            }
            (Value::Array(expected), Value::Array(got)) => {
                if expected.len() != got.len() {
                    return self.differ(path, Value::from(expected.clone()), Value::from(got.clone()));
                }
                for (n, (expected, got)) in expected.iter().zip(got).enumerate() {
                    self.value(vector, replay, &format!("{path}/{n}"), expected, got);
                }
            }
            _ if same(expected, got) => {}
            _ => self.differ(path, expected, got),
        }
    }
}

/// Whether two plain values are the same; 2 and 2.0 are.
fn same(expected: &Value, got: &Value) -> bool {
    match (expected.as_f64(), got.as_f64()) {
        (Some(expected), Some(got)) => expected == got,
        (None, None) | (Some(_), None) | (None, Some(_)) => expected == got,
    }
}

/// The pointer to a key below a place.
fn below(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
