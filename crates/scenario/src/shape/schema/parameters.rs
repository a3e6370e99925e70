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

/// What a channel may say besides the fixed keys.
pub(super) fn conditions(fixed: &[&str]) -> Value {
    let of_profile = |profile: &Profile| {
        let is_this =
            json!({ "properties": { "profile": { "const": profile.name } }, "required": ["profile"] });
        json!({ "if": is_this, "then": parameters(std::slice::from_ref(profile), fixed) })
    };
    let no_profile = json!({ "not": { "required": ["profile"] } });
    let any = json!({ "if": no_profile, "then": parameters(&PROFILES, fixed) });
    PROFILES.iter().map(of_profile).chain([any]).collect()
}

/// The parameters of some profiles. Where several have one of the same name, it is as any of them says.
fn parameters(profiles: &[Profile], fixed: &[&str]) -> Value {
    let mut properties = Map::new();
    let mut reals = Map::new();
    let mut keys: Vec<Value> = fixed.iter().map(|&key| key.into()).collect();
    for (profile, parameter) in profiles.iter().flat_map(|it| it.parameters.iter().map(move |own| (it, own)))
    {
        let own = described(profile, parameter);
        add(&mut properties, parameter.name.into(), own.clone());
        keys.push(parameter.name.into());
        if parameter.real != parameter.name {
            add(&mut reals, format!("^{}$", literal(parameter.real)), own);
            keys.push(parameter.real.into());
        }
    }
    keys.sort_by_key(Value::to_string);
    keys.dedup();
    json!({ "properties": properties, "patternProperties": reals, "propertyNames": { "enum": keys } })
}

/// Adds a property; to one that is there already as another form.
fn add(properties: &mut Map<String, Value>, name: String, own: Value) {
    let forms = match properties.remove(&name) {
        None => return drop(properties.insert(name, own)),
        Some(mut known) => match known.get_mut("anyOf").and_then(Value::as_array_mut).map(std::mem::take) {
            Some(mut forms) => {
                forms.push(own);
                forms
            }
            None => vec![known, own],
        },
    };
    properties.insert(name, json!({ "anyOf": forms }));
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
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if !character.is_alphanumeric() && !" -_~".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
