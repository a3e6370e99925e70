//! Settings of streams and consumers, as nats-py takes them: times in seconds, numbers often as text, choices
//! by their Python names (`DiscardPolicy.NEW`).

use channel::{Parameter, Rules, Takes, Value};
use kernel::Span;
use serde_json::Value as Json;

use crate::drivers::{Stop, profile_of};
use crate::vector::Step;

/// Parameters of the profile with their values.
pub(super) type Settings = Vec<(&'static Parameter, Value)>;

/// What a step sets, besides the fields that are no settings.
pub(super) fn settings(step: &Step, other: &[&str]) -> Result<Settings, Stop> {
    let mut settings = Vec::new();
    for (name, written) in step.fields() {
        if name != "op" && !other.contains(&name.as_str()) && step.raw(name).is_some() {
            settings.extend(setting(name, written)?);
        }
    }
    Ok(settings)
}

/// The rules of the profile with these settings. They are set in the profile's order, since some change what
/// others have set.
pub(super) fn rules(mut settings: Settings) -> Result<Rules, Stop> {
    let profile = profile_of("jetstream")?;
    let place =
        |known: &Parameter| profile.parameters.iter().position(|parameter| parameter.name == known.name);
    settings.sort_by_key(|(parameter, _)| place(parameter));
    Ok(profile.with(&settings))
}

/// One setting; none where it is written but sets nothing.
pub(super) fn setting(name: &str, written: &Json) -> Result<Option<(&'static Parameter, Value)>, Stop> {
    if matches!(word(written).as_str(), "none" | "") {
        return Ok(None);
    }
    let Some(parameter) = profile_of("jetstream")?.parameter(name) else {
        return Err(Stop::Skip(format!("the profile jetstream has no parameter {name}")));
    };
    match value(parameter, written) {
        Some(value) => Ok(Some((parameter, value))),
        None => Err(Stop::Skip(format!("{written} is outside of what the model knows as {name}"))),
    }
}

fn value(parameter: &Parameter, written: &Json) -> Option<Value> {
    let number = match written {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => number.as_f64(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    match parameter.takes {
        Takes::Count { least, most, or_none } => match number? {
            // The server takes -1, and mostly 0 too, for "no limit".
            unlimited if unlimited <= 0.0 && or_none => Some(Value::None),
            count if count >= f64::from(least) && count <= f64::from(most) => {
                Some(Value::Count(count as u32))
            }
            _ => None,
        },
        Takes::Span { or_none, .. } => match number? {
            unlimited if unlimited <= 0.0 && or_none => Some(Value::None),
            seconds => Some(Value::Span(Span::from_seconds(seconds))),
        },
        Takes::Flag => written.as_bool().or_else(|| word(written).parse().ok()).map(Value::Flag),
        Takes::Choice(words) => {
            let written = word(written);
            let same = |known: &&str| known.replace('_', "") == written;
            words.iter().position(same).map(Value::Choice)
        }
    }
}

/// The last word of a Python name, in lower case and without `_`.
pub(super) fn word(written: &Json) -> String {
    let text = written.as_str().unwrap_or("?");
    text.rsplit('.').next().unwrap_or(text).to_lowercase().replace('_', "")
}

/// A time in a field that ends in `_ms`, or in the same field without that, in seconds.
pub(super) fn span(step: &Step, name: &str) -> Result<Option<Span>, Stop> {
    let in_millis = format!("{name}_ms");
    if let Some(millis) = step.number_if(&in_millis)? {
        return Ok(Some(Span::from_millis(millis)));
    }
    match step.raw(name) {
        None => Ok(None),
        Some(written) => {
            let seconds = written.as_f64().or_else(|| written.as_str()?.parse().ok());
            seconds
                .map(|seconds| Some(Span::from_seconds(seconds)))
                .ok_or_else(|| step.wrong(name, "a time in seconds"))
        }
    }
}

/// How long a step sleeps.
pub(super) fn sleep(step: &Step) -> Result<Span, Stop> {
    if let Some(millis) = step.number_if("ms")? {
        return Ok(Span::from_millis(millis));
    }
    let seconds = step.raw("s").or(step.raw("seconds")).and_then(Json::as_f64);
    seconds.map(Span::from_seconds).ok_or_else(|| step.wrong("ms", "a time in milliseconds"))
}
