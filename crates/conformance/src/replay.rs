//! What the model did, in the form in which a recording says what the broker did.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::question::Question;

/// The result of a replay.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replay {
    /// What was observed. More keys than the recording has are harmless at the top and in the rows of
    /// consumers; elsewhere the keys must be the same.
    pub(crate) observed: Map<String, Value>,
    /// How often something comes depends on timing that the recording does not give: each message comes at
    /// least once, and who got how many need not agree.
    pub(crate) copies_vary: bool,
    /// With `copies_vary`: how many each consumer got agrees all the same.
    pub(crate) lengths_hold: bool,
    /// Other readings of keys whose name may mean more than one thing: the recording agrees if one of them does.
    pub(crate) readings: BTreeMap<String, Vec<Value>>,
    /// Lists of which a recording has a part, in this order; which part, the steps do not say.
    pub(crate) within: BTreeMap<String, Vec<String>>,
    /// Steps that are remarks in words. If the model differs from the broker, they may be why.
    pub(crate) remarks: Vec<String>,
    /// Paths that no driver derives although what is above them is compared.
    pub(crate) unknown: Vec<String>,
}

impl Replay {
    /// Writes one row of a consumer, who is listed from now on.
    pub(crate) fn row(&mut self, who: &str, row: Value) {
        if let Value::Array(rows) = self.consumer(who) {
            rows.push(row);
        }
    }

    /// Lists a consumer, if only with nothing.
    pub(crate) fn consumer(&mut self, who: &str) -> &mut Value {
        let consumers = self.observed.entry("consumers").or_insert_with(|| json!({}));
        let consumer = &mut consumers[who];
        if consumer.is_null() {
            *consumer = json!([]);
        }
        consumer
    }

    /// Writes a key of `observed`, which may be read in any of these ways; with none it stays unanswered.
    pub(crate) fn answer(&mut self, key: &str, readings: Vec<Value>) {
        let mut readings = readings.into_iter();
        if let Some(first) = readings.next() {
            self.set(key, first);
            self.readings.insert(key.to_owned(), readings.collect());
        }
    }

    /// Writes a key of `observed`; of an object to which nobody knows the whole answer, what is known of it.
    pub(crate) fn answer_or_parts(
        &mut self,
        question: Question,
        answer: &mut dyn FnMut(Question) -> Vec<Value>,
    ) {
        let readings = answer(question);
        if !readings.is_empty() || !question.is_object() {
            return self.answer(question.key, readings);
        }
        let mut known = Map::new();
        let mut unknown = Vec::new();
        for inner in question.inside() {
            match answer(inner).into_iter().next() {
                Some(value) => {
                    known.insert(inner.key.to_owned(), value);
                }
                None => unknown.push(format!("/{}/{}", question.key, inner.key)),
            }
        }
        if !known.is_empty() {
            self.set(question.key, known);
            self.unknown.extend(unknown);
        }
    }

    /// Writes a key of `observed`.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.observed.insert(key.to_owned(), value.into());
    }
}
