//! The parameters of every profile, for editors: once a channel has a profile they offer and check its parameters,
//! and nothing else.
//!
//! ```text
//! channel: the fixed keys, allOf
//!   if   profile is kafka       then  the parameters of kafka, and no others
//!   ..
//!   if   there is no profile    then  any, because a variant changes what the file says above
//! ```
//!
//! All of this is as old as draft 6 and 7, so that editors that know no newer draft understand it. A product's own
//! name for a parameter is understood too, but not offered: as a pattern that only this name matches.

use channel::{PROFILES, Parameter, Profile, Takes};
use serde_json::{Map, Value, json};

use super::super::languages::DURATION;
use super::Schema;

/// What a channel may say besides the fixed keys.
pub(super) fn conditions(schema: &mut Schema, fixed: &[&str]) -> Value {
    let mut conditions = Vec::new();
    for profile in &PROFILES {
        let is_this =
            json!({ "properties": { "profile": { "const": profile.name } }, "required": ["profile"] });
        let then = schema.defined(profile.name, |_| of_profile(profile, fixed));
        conditions.push(json!({ "if": is_this, "then": then }));
    }
    let no_profile = json!({ "not": { "required": ["profile"] } });
    let then = schema.defined("any-profile", |_| of_any(fixed));
    conditions.push(json!({ "if": no_profile, "then": then }));
    conditions.into()
}

fn of_profile(profile: &Profile, fixed: &[&str]) -> Value {
    let all = || profile.parameters.iter();
    let properties: Map<String, Value> =
        all().map(|own| (own.name.into(), described(profile, own))).collect();
    let reals: Map<String, Value> =
        others(all()).map(|own| (exactly(own.real), defined(profile, own))).collect();
    closed(properties, reals, all(), fixed)
}

/// Where several profiles have a parameter of one name, it is as any of them says.
fn of_any(fixed: &[&str]) -> Value {
    let all = || PROFILES.iter().flat_map(|profile| profile.parameters);
    let forms = |name: &str| -> Value {
        let having = PROFILES.iter().filter_map(|profile| Some(defined(profile, profile.parameter(name)?)));
        json!({ "anyOf": having.collect::<Vec<_>>() })
    };
    let properties: Map<String, Value> = all().map(|own| (own.name.into(), forms(own.name))).collect();
    let reals: Map<String, Value> = others(all()).map(|own| (exactly(own.real), forms(own.real))).collect();
    closed(properties, reals, all(), fixed)
}

/// The parameters that the product calls otherwise.
fn others<'p>(all: impl Iterator<Item = &'p Parameter>) -> impl Iterator<Item = &'p Parameter> {
    all.filter(|own| own.real != own.name)
}

/// These keys and no others.
fn closed<'p>(
    properties: Map<String, Value>,
    reals: Map<String, Value>,
    all: impl Iterator<Item = &'p Parameter>,
    fixed: &[&'p str],
) -> Value {
    let mut keys: Vec<&str> = all.flat_map(|own| [own.name, own.real]).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys = [fixed, &keys].concat();
    json!({ "properties": properties, "patternProperties": reals, "propertyNames": { "enum": keys } })
}

/// A reference to where the profile describes it.
fn defined(profile: &Profile, parameter: &Parameter) -> Value {
    json!({ "$ref": format!("#/$defs/{}/properties/{}", profile.name, parameter.name) })
}

fn described(profile: &Profile, parameter: &Parameter) -> Value {
    let mut value = takes(parameter);
    if let Value::Object(value) = &mut value {
        let real = match parameter.real {
            real if real == parameter.name => String::new(),
            real => format!(" There it is called `{real}`."),
        };
        let about = format!("{}: {}{real} Default: {}.", profile.name, parameter.about, parameter.default);
        value.insert("description".into(), about.into());
        value.insert("default".into(), default(parameter));
    }
    value
}

/// A limit on numbers says nothing of a word, and a pattern nothing of numbers.
fn takes(parameter: &Parameter) -> Value {
    match parameter.takes {
        Takes::Count { least, most, or_none: false } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Takes::Count { least, most, or_none: true } => {
            json!({ "type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^none$" })
        }
        Takes::Span { or_none: false, .. } => json!({ "type": "string", "pattern": DURATION.pattern }),
        Takes::Span { or_none: true, .. } => {
            json!({ "type": "string", "pattern": format!("^none$|{}", DURATION.pattern) })
        }
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Choice(words) => json!({ "enum": words }),
    }
}

/// The default as the type of value that a file would have.
fn default(parameter: &Parameter) -> Value {
    let text = parameter.default;
    match parameter.takes {
        Takes::Count { .. } | Takes::Flag => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        Takes::Span { .. } | Takes::Choice(_) => text.into(),
    }
}

/// A regular expression that matches this text only.
fn exactly(text: &str) -> String {
    let mut pattern = String::from("^");
    for character in text.chars() {
        if !character.is_alphanumeric() && !" -_~".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern + "$"
}
