//! Values of parameters as a person reads and types them.

use channel::{Parameter, Profile, Takes, Value};
use scenario::units;

/// The value that somebody typed for a parameter of a profile.
///
/// # Errors
/// If the parameter does not take that: what is wrong with it, in a sentence. What the parameter is for is not
/// said again, since it stands beside the field.
pub fn read(profile: &Profile, parameter: &Parameter, text: &str) -> Result<Value, String> {
    let given = scenario::parameter(profile.name, parameter.name, text);
    given.map(|(_, value)| value).map_err(|wrong| match wrong.strip_suffix(parameter.about) {
        Some(short) => format!("{}.", short.trim_end().trim_end_matches(':')),
        None => wrong,
    })
}

/// A value as one would type it.
pub fn text(parameter: &Parameter, value: Value) -> String {
    match value {
        Value::None => "none".into(),
        Value::Count(count) => count.to_string(),
        Value::Span(span) => units::duration_text(span),
        Value::Flag(true) => "true".into(),
        Value::Flag(false) => "false".into(),
        Value::Choice(index) => match parameter.takes {
            Takes::Choice(words) => words.get(index).copied().unwrap_or_default().into(),
            Takes::Count { .. } | Takes::Span { .. } | Takes::Flag => String::new(),
        },
    }
}
