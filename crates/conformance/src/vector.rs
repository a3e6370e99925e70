//! A recording, as it is written in its file.

use serde_json::{Map, Value};

use crate::drivers::Stop;

/// The greatest number that a step or a parameter may have: as milliseconds 31 years.
const NUMBER_MAX: f64 = 1e12;

/// So many messages may a single step speak of (`n`).
const MESSAGES_MAX: u64 = 1_000_000;

/// One recording of what a broker did.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    /// Which product, in lower case.
    pub(crate) broker: String,
    /// Parameters that hold for the whole recording.
    pub(crate) config: Map<String, Value>,
    /// What was done, in order.
    pub(crate) steps: Vec<Step>,
    /// What came of it. A driver reads it only to learn what was looked at, never what was seen.
    pub(crate) observed: Map<String, Value>,
    /// Where the runs differed, as JSON pointers into `observed`.
    pub(crate) varies: Vec<String>,
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Its index, from 0.
    pub(crate) number: usize,
    /// The verb.
    pub(crate) op: String,
    fields: Map<String, Value>,
}

impl Vector {
    /// Reads the text of a file.
    pub(crate) fn read(text: &str) -> Result<Vector, Stop> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| Stop::Broken(format!("no JSON: {error}")))?;
        let Value::Object(mut fields) = value else {
            return Err(Stop::Broken(format!("a recording is an object, this is {}", kind(&value))));
        };
        let broker = match fields.remove("broker") {
            Some(Value::String(broker)) => broker,
            other => return Err(wrong("/broker", "the name of a product", other.as_ref())),
        };
        for part in ["steps", "config"] {
            fields.get(part).map_or(Ok(()), |value| check_numbers(&format!("/{part}"), value))?;
        }
        let steps = match fields.remove("steps") {
            Some(Value::Array(steps)) => steps,
            other => return Err(wrong("/steps", "a list of steps", other.as_ref())),
        };
        let steps = steps.into_iter().enumerate().map(|(number, step)| Step::read(number, step));
        let deterministic = match fields.remove("deterministic") {
            None | Some(Value::Null) => true,
            Some(Value::Bool(yes)) => yes,
            other => return Err(wrong("/deterministic", "true or false", other.as_ref())),
        };
        let varies = match fields.remove("varies") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(paths)) => pointers(paths)?,
            other => return Err(wrong("/varies", "a list of JSON pointers", other.as_ref())),
        };
        Ok(Vector {
            broker,
            steps: steps.collect::<Result<_, Stop>>()?,
            observed: object(&mut fields, "observed", true)?,
            config: object(&mut fields, "config", false)?,
            // Where the runs differed and nobody says where, who got what did.
            varies: if deterministic || !varies.is_empty() { varies } else { vec!["/consumers".to_owned()] },
        })
    }

    /// Whether runs differed at this place, or somewhere above it.
    pub(crate) fn varies_at(&self, path: &str) -> bool {
        self.varies.iter().any(|varying| {
            path.strip_prefix(varying.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether runs differed somewhere below this place, or at it.
    pub(crate) fn varies_below(&self, path: &str) -> bool {
        self.varies_at(path) || self.varies.iter().any(|varying| varying.starts_with(&format!("{path}/")))
    }

    /// What was written down of a consumer, to learn its name and which fields its rows have.
    pub(crate) fn consumer(&self, name: &str) -> Option<&Value> {
        self.observed.get("consumers").and_then(|consumers| consumers.get(name))
    }

    /// Ids that were observed in a store, at whatever depth, and that no step names: they were put there without
    /// a word. Something was in a store that was looked at: if it was found empty each time, nobody knows what.
    pub(crate) fn unnamed(&self, store: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut looked_at = false;
        for (name, value) in &self.observed {
            looked_at |= collect(name, value, store, &mut found);
        }
        if looked_at && found.is_empty() {
            found.push("?".to_owned());
        }
        let named = |id: &String| {
            self.steps.iter().flat_map(|step| step.fields.values()).any(|value| match value {
                Value::String(text) => text == id,
                Value::Array(list) => list.iter().any(|one| one.as_str() == Some(id)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
            })
        };
        found.retain(|id| !named(id));
        found
    }

    /// A number in `config`, if there is one of that name.
    pub(crate) fn setting(&self, name: &str) -> Option<f64> {
        self.config.get(name).and_then(Value::as_f64)
    }
}

impl Step {
    fn read(number: usize, step: Value) -> Result<Step, Stop> {
        let Value::Object(fields) = step else {
            return Err(wrong(&format!("/steps/{number}"), "an object", Some(&step)));
        };
        match fields.get("op") {
            Some(Value::String(op)) => Ok(Step { number, op: op.clone(), fields }),
            other => Err(wrong(&format!("/steps/{number}/op"), "a verb", other)),
        }
    }

    /// A field that must be there, as text.
    pub(crate) fn text(&self, key: &str) -> Result<&str, Stop> {
        self.text_if(key)?.ok_or_else(|| self.wrong(key, "text"))
    }

    /// A field as text; a number is an error, a field that is absent or null is `None`.
    pub(crate) fn text_if(&self, key: &str) -> Result<Option<&str>, Stop> {
        match self.raw(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "text")),
        }
    }

    /// A field that must be there, as a whole number that is not negative.
    pub(crate) fn number(&self, key: &str) -> Result<u64, Stop> {
        self.number_if(key)?.ok_or_else(|| self.wrong(key, "a whole number"))
    }

    /// The same for a field that may be absent.
    pub(crate) fn number_if(&self, key: &str) -> Result<Option<u64>, Stop> {
        match self.raw(key) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                None => Err(self.wrong(key, "a whole number")),
                Some(number) if key == "n" && number > MESSAGES_MAX => {
                    Err(self.wrong(key, &format!("at most {MESSAGES_MAX}")))
                }
                Some(number) => Ok(Some(number)),
            },
        }
    }

    /// Whether a field is true; absent means no.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, Stop> {
        Ok(self.flag_if(key)?.unwrap_or(false))
    }

    /// The same, where absent means something else.
    pub(crate) fn flag_if(&self, key: &str) -> Result<Option<bool>, Stop> {
        match self.raw(key) {
            None => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(*yes)),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    /// A field as it is written; `None` if it is absent or null.
    pub(crate) fn raw(&self, key: &str) -> Option<&Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    /// Whether a field is written, if only as null.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// All fields, with the verb.
    pub(crate) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// That a field is missing or not what it should be.
    pub(crate) fn wrong(&self, key: &str, should_be: &str) -> Stop {
        wrong(&format!("/steps/{}/{key}", self.number), should_be, self.fields.get(key))
    }

    /// That a product has no such verb.
    pub(crate) fn unknown(&self, product: &str) -> Stop {
        Stop::Broken(format!("/steps/{}/op: {product} has no verb \"{}\"", self.number, self.op))
    }
}

/// Numbers so great that no clock and no memory would hold them are refused.
fn check_numbers(path: &str, value: &Value) -> Result<(), Stop> {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|number| number.abs() > NUMBER_MAX) => {
            Err(wrong(path, &format!("at most {NUMBER_MAX}"), Some(value)))
        }
        Value::Array(list) => {
            list.iter().enumerate().try_for_each(|(n, value)| check_numbers(&format!("{path}/{n}"), value))
        }
        Value::Object(fields) => {
            fields.iter().try_for_each(|(key, value)| check_numbers(&format!("{path}/{key}"), value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Collects the ids under a key. Returns whether there is such a key.
fn collect(name: &str, value: &Value, key: &str, found: &mut Vec<String>) -> bool {
    match value {
        Value::Object(fields) => {
            let mut any = false;
            for (name, value) in fields {
                any |= collect(name, value, key, found);
            }
            any
        }
        Value::Array(list) if name == key => {
            for id in list.iter().filter_map(Value::as_str) {
                if !found.iter().any(|known| known == id) {
                    found.push(id.to_owned());
                }
            }
            true
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => false,
    }
}

fn pointers(paths: Vec<Value>) -> Result<Vec<String>, Stop> {
    let pointer = |(n, path): (usize, Value)| {
        let wrong = || wrong(&format!("/varies/{n}"), "a JSON pointer", Some(&path));
        path.as_str().map(str::to_owned).ok_or_else(wrong)
    };
    paths.into_iter().enumerate().map(pointer).collect()
}

fn object(fields: &mut Map<String, Value>, name: &str, needed: bool) -> Result<Map<String, Value>, Stop> {
    match fields.remove(name) {
        Some(Value::Object(object)) => Ok(object),
        None | Some(Value::Null) if !needed => Ok(Map::new()),
        other => Err(wrong(&format!("/{name}"), "an object", other.as_ref())),
    }
}

fn wrong(path: &str, should_be: &str, found: Option<&Value>) -> Stop {
    match found {
        None => Stop::Broken(format!("{path} is missing: it should be {should_be}")),
        Some(value) => Stop::Broken(format!("{path} should be {should_be}, and is {}", kind(value))),
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("the text {:?}", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
