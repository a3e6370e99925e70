//! What a recording asks of the model: a key of `observed`, with the shape of what was written there.
//!
//! Only the shape is seen here, so that no driver can answer with what it should find out.

use serde_json::{Map, Value, json};

use crate::vector::Step;

/// A key, and in which form its value is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The key, as it is written.
    pub(crate) key: &'a str,
    value: &'a Value,
}

/// When something was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// After everything.
    End,
    /// Before one of these steps.
    Before(Vec<usize>),
    /// After one of these steps.
    After(Vec<usize>),
}

impl<'a> Question<'a> {
    /// The question that a key of `observed` stands for.
    pub(crate) fn new(key: &'a str, value: &'a Value) -> Self {
        Question { key, value }
    }

    /// Every question of an object, in the order of the keys.
    pub(crate) fn all(object: &'a Map<String, Value>) -> impl Iterator<Item = Question<'a>> {
        object.iter().map(|(key, value)| Question { key, value })
    }

    /// The words of the key, in lower case.
    pub(crate) fn words(&self) -> Vec<String> {
        words(self.key)
    }

    /// Whether one of the words of the key begins like this.
    pub(crate) fn says(&self, beginning: &str) -> bool {
        self.words().iter().any(|word| word.starts_with(beginning))
    }

    /// Whether the key names this consumer.
    pub(crate) fn names(&self, who: &str) -> bool {
        let parts = words(who);
        !parts.is_empty() && self.words().windows(parts.len()).any(|window| window == parts)
    }

    /// Whether a number was written down.
    pub(crate) fn is_number(&self) -> bool {
        self.value.is_number()
    }

    /// Whether yes or no was written down.
    pub(crate) fn is_flag(&self) -> bool {
        self.value.is_boolean()
    }

    /// Whether a text, or nothing, was written down.
    pub(crate) fn is_text(&self) -> bool {
        self.value.is_string() || self.value.is_null()
    }

    /// Whether a list was written down.
    pub(crate) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// The questions inside of an object.
    pub(crate) fn inside(&self) -> Vec<Question<'a>> {
        self.value.as_object().map(|object| Question::all(object).collect()).unwrap_or_default()
    }

    /// Whether an object was written down.
    pub(crate) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// The names of the fields of an object, or of the rows of a list.
    pub(crate) fn fields(&self) -> Vec<&'a str> {
        match self.value {
            Value::Object(object) => object.keys().map(String::as_str).collect(),
            Value::Array(rows) => {
                let mut fields: Vec<&str> = rows
                    .iter()
                    .filter_map(Value::as_object)
                    .flat_map(Map::keys)
                    .map(String::as_str)
                    .collect();
                fields.sort_unstable();
                fields.dedup();
                fields
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    /// Ids in the form in which they were written down: a list, how many, whether any, or the only one.
    pub(crate) fn ids<T: AsRef<str>>(&self, ids: &[T]) -> Value {
        match self.value {
            Value::Number(_) => json!(ids.len()),
            Value::Bool(_) => json!(!ids.is_empty()),
            Value::String(_) | Value::Null => ids.first().map_or(Value::Null, |id| json!(id.as_ref())),
            Value::Array(rows) if rows.first().is_some_and(Value::is_object) => {
                ids.iter().map(|id| json!({ "id": id.as_ref() })).collect()
            }
            Value::Array(_) | Value::Object(_) => ids.iter().map(|id| json!(id.as_ref())).collect(),
        }
    }

    /// Rows in the form in which they were written down: with these fields, as ids, as one number each, or how
    /// many.
    pub(crate) fn rows(&self, rows: &[Value], number: &str) -> Value {
        match self.value {
            Value::Array(asked) => match asked.first() {
                Some(Value::Object(_)) => {
                    let fields = self.fields();
                    rows.iter().map(|row| only(row, &fields)).collect()
                }
                Some(Value::Number(_)) => rows.iter().map(|row| row[number].clone()).collect(),
                _ => rows.iter().map(|row| row["id"].clone()).collect(),
            },
            Value::Number(_) => json!(rows.len()),
            Value::Bool(_) => json!(!rows.is_empty()),
            Value::String(_) | Value::Null => rows.first().map_or(Value::Null, |row| row["id"].clone()),
            // By whom: `{"A": 10, "B": 2}`.
            Value::Object(_) => {
                let of = |one: Question| {
                    let own = rows.iter().filter(|row| row["owner"] == json!(one.key));
                    (one.key.to_owned(), one.rows(&own.cloned().collect::<Vec<_>>(), number))
                };
                self.inside().into_iter().map(of).collect::<Map<_, _>>().into()
            }
        }
    }

    /// A count, where the recording may say `"4 or more"` of what has no end.
    pub(crate) fn count(&self, count: usize) -> Value {
        let least = self.value.as_str().and_then(|text| {
            let (number, remark) = text.split_once(" or more")?;
            let whole = remark.is_empty() || remark.starts_with(" (") && remark.ends_with(')');
            if whole { number.parse::<usize>().ok() } else { None }
        });
        match least {
            Some(least) if count >= least => self.value.clone(),
            Some(_) | None => json!(count),
        }
    }

    /// When it was looked at: `pending_after_claim`, `before_A_returns`; at the end, if the key says nothing.
    /// The words that follow name a step: its verb, who does it, or one of its fields.
    pub(crate) fn moment(&self, steps: &[Step]) -> Moment {
        let words = self.words();
        let Some(at) = words.iter().position(|word| word == "before" || word == "after") else {
            return Moment::End;
        };
        let found = matching(steps, &words[at + 1..]);
        match (words[at].as_str(), found.is_empty()) {
            (_, true) => Moment::End,
            ("before", false) => Moment::Before(found),
            (_, false) => Moment::After(found),
        }
    }
}

/// The steps that most of these words speak of.
pub(crate) fn matching(steps: &[Step], words: &[String]) -> Vec<usize> {
    let score = |step: &Step| words.iter().filter(|word| speaks_of(step, word)).count();
    let best = steps.iter().map(score).max().unwrap_or(0);
    let found = steps.iter().filter(|step| best > 0 && score(step) == best);
    found.map(|step| step.number).collect()
}

/// Verbs by other words.
const SYNONYMS: [(&str, &[&str]); 9] = [
    ("return", &["reconnect", "subscribe", "connect", "start"]),
    ("crash", &["crash", "kill", "disconnect"]),
    ("reap", &["reaper"]),
    ("claim", &["claim"]),
    ("restart", &["start", "restart"]),
    ("ack", &["ack"]),
    ("publish", &["publish", "xadd", "insert", "notify", "lpush"]),
    ("commit", &["commit"]),
    ("leave", &["disconnect", "crash", "close"]),
];

fn speaks_of(step: &Step, word: &str) -> bool {
    let by_verb = word.len() > 2 && step.op.contains(word);
    let by_synonym = SYNONYMS
        .iter()
        .filter(|(beginning, _)| word.starts_with(beginning))
        .any(|(_, verbs)| verbs.iter().any(|verb| step.op.contains(verb)));
    let by_field = step.fields().iter().any(|(key, value)| match value {
        Value::String(text) if key != "op" => text.to_lowercase() == word,
        Value::Number(number) => number.to_string() == word,
        Value::Bool(yes) => *yes && key.to_lowercase() == word,
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => false,
    });
    by_verb || by_synonym || by_field
}

fn words(text: &str) -> Vec<String> {
    let split = text.split(|letter: char| !letter.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn only(row: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| ((*field).to_owned(), row[*field].clone())).collect::<Map<_, _>>().into()
}
