//! What the fields of Redis's steps say.

use channel::Value as Setting;
use kernel::Span;
use serde_json::Value;

use super::server::Settings;
use crate::drivers::Stop;
use crate::vector::{Step, Vector};

/// What the server keeps over a restart, from the arguments that it is started with, and how much a subscriber
/// may leave unread.
pub(super) fn settings(vector: &Vector, arguments: Option<&str>) -> Result<Settings, Stop> {
    let mut settings = Settings::default();
    let words: Vec<&str> = arguments.unwrap_or_default().split_whitespace().collect();
    for (n, word) in words.iter().enumerate() {
        let value = words.get(n + 1).filter(|value| !value.starts_with("--"));
        match *word {
            "--appendonly" => settings.kept.push(("appendonly", Setting::Flag(value == Some(&"yes")))),
            "--save" => {
                let every = value.and_then(|seconds| seconds.parse().ok()).map(|seconds: u64| seconds * 1000);
                let every = every.map_or(Setting::None, |ms| Setting::Span(Span::from_millis(ms)));
                settings.kept.push(("save", every));
            }
            _ => {}
        }
    }
    // The engine counts messages, Redis bytes.
    let limit = vector.config.get("client-output-buffer-limit").and_then(Value::as_str);
    let hard = limit.and_then(|limit| limit.split_whitespace().find_map(bytes)).unwrap_or(32 << 20);
    let payload = vector.setting("payload_bytes").map(|bytes| bytes as u64);
    let step = vector.steps.iter().find_map(|step| step.raw("bytes").and_then(Value::as_u64));
    if let Some(payload) = payload.or(step).filter(|payload| *payload > 0) {
        settings.unread = Some(u32::try_from(hard / payload).unwrap_or(u32::MAX).max(1));
    }
    Ok(settings)
}

/// A size as Redis writes it: `256kb`.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    match &text[digits..] {
        "" | "b" => Some(number),
        "k" | "kb" => Some(number << 10),
        "m" | "mb" => Some(number << 20),
        "g" | "gb" => Some(number << 30),
        _ => None,
    }
}

/// One text or several, under any of these names.
pub(super) fn names(step: &Step, keys: &[&str]) -> Result<Vec<String>, Stop> {
    for key in keys {
        match step.raw(key) {
            Some(Value::String(text)) => return Ok(vec![text.clone()]),
            Some(Value::Array(texts)) => {
                return texts
                    .iter()
                    .map(|text| text.as_str().map(str::to_owned).ok_or_else(|| step.wrong(key, "texts")))
                    .collect();
            }
            Some(_) => return Err(step.wrong(key, "text")),
            None => {}
        }
    }
    Err(step.wrong(keys[0], "text"))
}

/// How long a call waits for something; 0 is for ever.
pub(super) fn wait(step: &Step) -> Result<Option<Span>, Stop> {
    let forever = Span::from_millis(u32::MAX.into());
    let waits = step.flag("blocks")?.then_some(forever);
    Ok(match step.number_if("block_ms")?.or(step.number_if("block")?) {
        Some(0) => Some(forever),
        Some(ms) => Some(Span::from_millis(ms)),
        None => waits,
    })
}

/// Where a group begins.
pub(super) fn start_of(step: &Step) -> Result<String, Stop> {
    for key in ["start", "cursor", "entry_id", "id", "from"] {
        match step.raw(key) {
            Some(Value::String(text)) => return Ok(text.clone()),
            Some(Value::Number(number)) => return Ok(number.to_string()),
            Some(_) => return Err(step.wrong(key, "text")),
            None => {}
        }
    }
    Ok("$".to_owned())
}

/// `MAXLEN`, and whether approximately: `5`, `"5"`, `"~ 5"`, `"= 5"`.
pub(super) fn bound(step: &Step) -> Result<Option<(u32, bool)>, Stop> {
    let flagged = step.flag("approximate")? || step.flag("approx")?;
    let (number, approximate) = match step.raw("maxlen") {
        None => return Ok(None),
        Some(Value::Number(number)) => (number.as_u64(), flagged),
        Some(Value::String(text)) => {
            let digits = text.trim_start_matches(['~', '=', ' ']);
            (digits.parse().ok(), flagged || text.contains('~'))
        }
        Some(_) => (None, false),
    };
    let most = number.and_then(|number| u32::try_from(number).ok());
    most.map(|most| Some((most, approximate))).ok_or_else(|| step.wrong("maxlen", "a number"))
}

pub(super) fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
