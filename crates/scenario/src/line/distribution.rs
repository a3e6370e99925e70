//! Distributions on one line, and the conditions that their parameters must meet in either form.

use kernel::{Distribution, Span};

use super::{Word, unfinished, unknown, value, values, words};
use crate::diagnostic::Wrong;
use crate::units::{read_duration, read_number};

/// The names of the distributions.
pub(crate) const NAMES: [&str; 6] =
    ["constant", "uniform", "exponential", "lognormal", "pareto", "empirical"];

/// What the exponent of a Pareto tail is, for messages.
pub(crate) const SHAPE: &str = "a number above 0, such as 2.5";

/// Reads `80ms`, `exponential 30ms`, `lognormal median 80ms p99 300ms` and so on.
pub(crate) fn read(line: &str) -> Result<Distribution, Wrong> {
    of_words(&words(line))
}

/// The same for words that end a longer line.
pub(crate) fn of_words(words: &[Word<'_>]) -> Result<Distribution, Wrong> {
    let Some((&name, rest)) = words.split_first() else {
        return Err(Wrong::new("nothing stands here", "expected a duration or a distribution, such as 80ms"));
    };
    let texts: Vec<&str> = rest.iter().map(|word| word.text).collect();
    let at = |index: usize| value(rest[index], read_duration);
    match (name.text, texts.as_slice()) {
        ("constant", [_]) => Ok(Distribution::constant(at(0)?)),
        ("uniform", [range]) if range.contains("..") => range_of(rest[0]),
        ("uniform", ["low", _, "high", _]) => within(name, uniform(at(1)?, at(3)?)),
        ("uniform", [_, "to" | "..", _]) => within(name, uniform(at(0)?, at(2)?)),
        ("exponential", [_]) => within(name, exponential(at(0)?)),
        ("exponential", ["mean", _]) => within(name, exponential(at(1)?)),
        ("lognormal", ["median", _, "p99", _]) => within(name, lognormal(at(1)?, at(3)?)),
        ("pareto", ["minimum", _, "shape", _]) => {
            within(name, pareto(at(1)?, value(rest[3], |text| read_number(text, SHAPE))?))
        }
        ("empirical", [_, ..]) => Ok(Distribution::empirical(&values(rest, read_duration)?)),
        (known, _) if NAMES.contains(&known) => Err(unfinished(words, form(known))),
        (text, []) if begins_like_a_number(text) => Ok(Distribution::constant(value(name, read_duration)?)),
        (text, _) if begins_like_a_number(text) => Err(unfinished(words, "80ms")),
        _ => Err(unknown(name, "a duration such as 80ms or a distribution", &NAMES)),
    }
}

/// Any value between two.
pub(crate) fn uniform(low: Span, high: Span) -> Result<Distribution, Wrong> {
    if low > high {
        return Err(Wrong::new(
            "low is above high",
            "the lower value comes first, such as uniform 10ms..20ms",
        ));
    }
    Ok(Distribution::uniform(low, high))
}

/// Without memory.
pub(crate) fn exponential(mean: Span) -> Result<Distribution, Wrong> {
    Ok(Distribution::exponential(mean))
}

/// Through two percentiles.
pub(crate) fn lognormal(median: Span, p99: Span) -> Result<Distribution, Wrong> {
    if median == Span::ZERO {
        return Err(Wrong::new("the median is zero", "a lognormal time is above zero, such as median 80ms"));
    }
    if p99 < median {
        let help = "99 of 100 are below p99, so it is at least the median";
        return Err(Wrong::new("p99 is below the median", help));
    }
    Ok(Distribution::lognormal(median, p99))
}

/// With a power-law tail.
pub(crate) fn pareto(minimum: Span, shape: f64) -> Result<Distribution, Wrong> {
    // Thinner tails than this are constant in all but name, and fatter ones leave every range of times.
    if !(0.1..=1000.0).contains(&shape) {
        return Err(Wrong::new(
            format!("the shape {shape} is out of range"),
            "expected a number from 0.1 to 1000",
        ));
    }
    Ok(Distribution::pareto(minimum, shape))
}

fn range_of(word: Word<'_>) -> Result<Distribution, Wrong> {
    let (low, high) = word.text.split_once("..").unwrap_or((word.text, word.text));
    let low_at = Word { text: low, ..word };
    let high_at = Word { text: high, offset: word.offset + low.chars().count() + 2 };
    within(word, uniform(value(low_at, read_duration)?, value(high_at, read_duration)?))
}

fn within(word: Word<'_>, read: Result<Distribution, Wrong>) -> Result<Distribution, Wrong> {
    read.map_err(|wrong| wrong.moved(word.offset))
}

fn begins_like_a_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.' || c == '+')
}

fn form(name: &str) -> &'static str {
    match name {
        "uniform" => "uniform 10ms..20ms",
        "exponential" => "exponential 30ms",
        "lognormal" => "lognormal median 80ms p99 300ms",
        "pareto" => "pareto minimum 10ms shape 2.5",
        "empirical" => "empirical 10ms 20ms 45ms",
        _ => "constant 80ms",
    }
}
