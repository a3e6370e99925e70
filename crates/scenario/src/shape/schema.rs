//! The tables as a JSON Schema, with which editors complete and check scenarios while they are written.

mod parameters;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::tables::{SCENARIO, VERSION};
use super::{Choice, Either, Field, Kind, Language, Lines, Need, OTHERS, Record, Role};
use crate::setting::profiles;
use crate::text::NAME_PATTERN;

/// The format of scenario files, version 1, as a JSON Schema (draft 2020-12).
///
/// It knows keys, types and spellings; what a file means as a whole, such as whether a name stands for
/// something, only [`crate::read`] finds out.
pub fn schema() -> Value {
    let mut schema = Schema::default();
    let Value::Object(root) = schema.record(&SCENARIO, true) else { return Value::Null };
    let mut whole = Map::new();
    whole.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    whole.insert("title".into(), "Signalbox scenario, version 1".into());
    whole.extend(root);
    whole.insert("$defs".into(), schema.definitions.into_iter().collect());
    Value::Object(whole)
}

/// The definitions that were needed so far, by their names.
#[derive(Default)]
struct Schema {
    definitions: BTreeMap<String, Value>,
}

impl Schema {
    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Version => json!({ "const": VERSION }),
            Kind::Text(lines) => text(*lines),
            Kind::Name(role) => self.defined("name", |_| name(*role)),
            Kind::Profile => json!({ "enum": profiles() }),
            // They stand beside the fixed keys, under a condition.
            Kind::Parameter => Value::Bool(true),
            Kind::Whole { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Kind::Line(language) => self.defined(language.name, |_| line(language)),
            Kind::Number(language) => {
                json!({ "type": "number", "minimum": 0, "description": language.expected })
            }
            Kind::Word(words) => json!({ "enum": words.words }),
            Kind::Record(record) => self.defined(record.name, |schema| schema.record(record, true)),
            Kind::Changes(record) => {
                self.defined(&format!("{}-changes", record.name), |schema| schema.record(record, false))
            }
            Kind::Names(_, of) => {
                let of = self.kind(of);
                json!({ "type": "object", "propertyNames": { "pattern": NAME_PATTERN }, "additionalProperties": of })
            }
            Kind::List { of, least, most } => self.list(of, *least, *most),
            Kind::Choice(choice) => self.defined(choice.name, |schema| schema.choice(choice)),
            Kind::Either(either) => self.defined(either.name, |schema| schema.either(either)),
        }
    }

    /// A reference to a definition, which is made when it is first needed. Steps contain steps, so the name
    /// is taken before the definition is complete.
    fn defined(&mut self, name: &str, define: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.into(), Value::Null);
            let definition = define(self);
            self.definitions.insert(name.into(), definition);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn record(&mut self, record: &Record, whole: bool) -> Value {
        let (others, fixed): (Vec<&Field>, Vec<&Field>) =
            record.fields.iter().partition(|field| field.name == OTHERS);
        let properties: Map<String, Value> =
            fixed.into_iter().map(|field| (field.name.into(), self.field(field))).collect();
        let required: Vec<&str> =
            record.fields.iter().filter(|it| whole && it.need == Need::Required).map(|it| it.name).collect();
        let mut value = json!({
            "type": "object",
            "description": record.doc,
            "properties": properties,
            "required": required,
        });
        if others.is_empty() {
            value["additionalProperties"] = false.into();
        } else {
            value["allOf"] = parameters::conditions(self, &record.names());
        }
        value
    }

    fn field(&mut self, field: &Field) -> Value {
        let mut value = self.kind(field.kind);
        if let Value::Object(object) = &mut value {
            let doc = match field.need {
                Need::Default(default) if !default.is_empty() => format!("{} Default: {default}.", field.doc),
                Need::Default(_) | Need::Optional | Need::Required => field.doc.into(),
            };
            object.insert("description".into(), doc.into());
        }
        value
    }

    fn list(&mut self, of: &Kind, least: usize, most: usize) -> Value {
        let items = self.kind(of);
        let mut list = json!({ "type": "array", "items": items, "minItems": least });
        if let (Value::Object(list), true) = (&mut list, most < usize::MAX) {
            list.insert("maxItems".into(), most.into());
        }
        list
    }

    fn choice(&mut self, choice: &Choice) -> Value {
        let records: Vec<Value> =
            choice.records.iter().map(|record| self.kind(&Kind::Record(record))).collect();
        json!({ "oneOf": records })
    }

    fn either(&mut self, either: &Either) -> Value {
        let kinds: Vec<Value> = either.kinds.iter().map(|kind| self.kind(kind)).collect();
        json!({ "description": either.doc, "anyOf": kinds })
    }
}

/// YAML reads `title: 2001` as a number, which is a title nevertheless.
const SCALARS: [&str; 3] = ["string", "number", "boolean"];

fn text(lines: Lines) -> Value {
    json!({ "type": SCALARS, "maxLength": lines.characters_max() })
}

fn name(role: Role) -> Value {
    json!({ "type": SCALARS, "pattern": NAME_PATTERN, "description": role.what() })
}

fn line(language: &Language) -> Value {
    // Where a number alone is a line, YAML does not read a text.
    let types: &[&str] = match ["1", "1.5"].map(|number| (language.check)(number).is_ok()) {
        [_, true] => &["string", "number"],
        [true, false] => &["string", "integer"],
        [false, false] => &["string"],
    };
    json!({
        "type": types,
        "pattern": language.pattern,
        "description": language.expected,
        "examples": language.examples,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tables::FILE;
    use super::*;

    /// Every name with the address of what it names.
    fn names(kind: &'static Kind, seen: &mut BTreeMap<&'static str, usize>) {
        let (name, address, inner): (&str, usize, Vec<&'static Kind>) = match kind {
            Kind::Record(record) | Kind::Changes(record) => {
                let inner = record.fields.iter().map(|field| field.kind).collect();
                (record.name, std::ptr::from_ref(*record) as usize, inner)
            }
            Kind::Choice(choice) => {
                let fields = choice.records.iter().flat_map(|record| record.fields);
                (choice.name, std::ptr::from_ref(*choice) as usize, fields.map(|field| field.kind).collect())
            }
            Kind::Either(either) => {
                (either.name, std::ptr::from_ref(*either) as usize, either.kinds.to_vec())
            }
            Kind::Line(language) => (language.name, std::ptr::from_ref(*language) as usize, Vec::new()),
            Kind::Names(_, of) | Kind::List { of, .. } => return names(of, seen),
            Kind::Version | Kind::Text(_) | Kind::Name(_) | Kind::Profile | Kind::Parameter => return,
            Kind::Whole { .. } | Kind::Number(_) | Kind::Word(_) => return,
        };
        match seen.insert(name, address) {
            None => inner.into_iter().for_each(|kind| names(kind, seen)),
            Some(known) => assert_eq!(known, address, "two definitions are called {name}"),
        }
    }

    #[test]
    fn two_definitions_have_the_same_name() {
        let mut seen = BTreeMap::new();
        names(&FILE, &mut seen);
        assert!(seen.len() > 30 && !seen.contains_key("name"));
    }

    #[test]
    fn a_parameter_is_called_like_a_fixed_key() {
        let fixed = super::super::CHANNEL.names();
        for parameter in channel::PROFILES.iter().flat_map(|profile| profile.parameters) {
            assert!(!fixed.contains(&parameter.name) && !fixed.contains(&parameter.real), "{parameter:?}");
        }
    }
}
