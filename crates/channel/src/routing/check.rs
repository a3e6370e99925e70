//! What is wrong with a pattern, in words for a person.

use super::Grammar;
use super::words::{self, Words};

/// AMQP 0-9-1 writes a routing key as a short string, whose length is one byte (section 4.2.5.3).
const AMQP_BYTES_MAX: usize = 255;
/// MQTT writes a filter with a length of two bytes (section 1.5.3).
const MQTT_BYTES_MAX: usize = 65_535;

pub(super) fn check(grammar: Grammar, pattern: &str) -> Result<(), String> {
    match grammar {
        Grammar::Everything | Grammar::Exact | Grammar::RedisGlob => Ok(()),
        Grammar::Amqp => length("a binding key", pattern, AMQP_BYTES_MAX),
        Grammar::Mqtt => filter(pattern),
        Grammar::Nats => subject(pattern),
    }
}

/// MQTT 3.1.1 and 5.0, sections 4.7.1 and 4.7.3.
fn filter(pattern: &str) -> Result<(), String> {
    length("a topic filter", pattern, MQTT_BYTES_MAX)?;
    if pattern.is_empty() {
        return Err("a topic filter has at least one character; `#` stands for every topic".to_owned());
    }
    if pattern.contains('\0') {
        return Err("a topic filter cannot contain the character U+0000; leave it out".to_owned());
    }
    for (index, level) in words::MQTT.split(pattern).enumerate() {
        if level.len() > 1
            && let Some(wildcard) = level.chars().find(|character| ['+', '#'].contains(character))
        {
            return Err(format!(
                "level {} of `{pattern}` is `{level}`, but `{wildcard}` has to be a level of its own; put \
                 `/` around it or leave it out",
                index + 1
            ));
        }
    }
    many_is_last(&words::MQTT, pattern)
}

/// NATS' `IsValidSubject`.
fn subject(pattern: &str) -> Result<(), String> {
    if pattern.is_empty() {
        return Err("a subject has at least one token; `>` stands for every subject".to_owned());
    }
    for (index, token) in words::NATS.split(pattern).enumerate() {
        let number = index + 1;
        if token.is_empty() {
            return Err(format!(
                "token {number} of `{pattern}` is empty; take away a dot, or write `*` for any one token"
            ));
        }
        if token.contains([' ', '\t', '\n', '\r', '\x0C']) {
            return Err(format!(
                "token {number} of `{pattern}` contains a space, a tab or the end of a line, which no \
                 subject can; write `-` or `_` in its place"
            ));
        }
    }
    many_is_last(&words::NATS, pattern)
}

fn length(what: &str, pattern: &str, bytes_max: usize) -> Result<(), String> {
    if pattern.len() <= bytes_max {
        return Ok(());
    }
    Err(format!("{what} has at most {bytes_max} bytes and this one has {}; shorten it", pattern.len()))
}

fn many_is_last(words: &Words, pattern: &str) -> Result<(), String> {
    let Words { called, one, many, .. } = words;
    let mut rest = words.split(pattern);
    match rest.position(|word| word == *many) {
        Some(index) if rest.next().is_some() => Err(format!(
            "{called} {} of `{pattern}` is `{many}`, which may only be the last; end the pattern there, or \
             write `{one}` for exactly one {called}",
            index + 1
        )),
        Some(_) | None => Ok(()),
    }
}
