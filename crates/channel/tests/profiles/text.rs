//! Reads what a scenario would write for a parameter.

use channel::{Parameter, Takes, Value};
use kernel::Span;

/// The value that a text stands for, if the parameter takes it.
pub(crate) fn read(parameter: &Parameter, text: &str) -> Option<Value> {
    match parameter.takes {
        Takes::Count { or_none: true, .. } | Takes::Span { or_none: true, .. } if text == "none" => {
            Some(Value::None)
        }
        Takes::Count { least, most, .. } => {
            let count = text.parse().ok()?;
            (least..=most).contains(&count).then_some(Value::Count(count))
        }
        Takes::Span { least, most, .. } => {
            let span = time(text)?;
            (least..=most).contains(&span).then_some(Value::Span(span))
        }
        Takes::Flag => text.parse().ok().map(Value::Flag),
        Takes::Choice(words) => words.iter().position(|word| *word == text).map(Value::Choice),
    }
}

/// A time such as `500ms`, `10s`, `2m`, `1h` or `4d`.
fn time(text: &str) -> Option<Span> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, unit) = text.split_at(digits);
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    Some(Span::from_millis(count.parse::<u64>().ok()? * millis))
}

/// Some values that a parameter takes: the ends of its range and the default, every word, yes and no.
pub(crate) fn samples(parameter: &Parameter) -> Vec<Value> {
    let mut samples = match parameter.takes {
        Takes::Count { least, most, .. } => vec![Value::Count(least), Value::Count(most)],
        Takes::Span { least, most, .. } => vec![Value::Span(least), Value::Span(most)],
        Takes::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Takes::Choice(words) => (0..words.len()).map(Value::Choice).collect(),
    };
    samples.extend(read(parameter, parameter.default));
    samples.extend(read(parameter, "none"));
    samples
}

#[test]
fn a_time_is_misread() {
    let read = ["500ms", "10s", "2m", "1h", "4d"].map(|text| time(text).map(Span::nanos));
    let millis = |count: u64| Some(count * 1_000_000);
    assert_eq!(read, [millis(500), millis(10_000), millis(120_000), millis(3_600_000), millis(345_600_000)]);
    assert_eq!(["10", "s", "", "1w", "1.5s"].map(time), [None; 5]);
}
