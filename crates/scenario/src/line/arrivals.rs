//! When a client's requests come, on one line, and the conditions on the parameters in either form.

use std::collections::BinaryHeap;

use kernel::{Distribution, Span};
use topology::Arrivals;

use super::{distribution, unfinished, unknown, value, values, words};
use crate::diagnostic::Wrong;
use crate::units::{read_duration, read_rate};

/// The ways of arriving.
pub(crate) const NAMES: [&str; 6] = ["poisson", "constant", "burst", "ramp", "at", "users"];
/// The greatest number of requests in one burst, or of users.
pub(crate) const COUNT_MAX: u32 = 100_000;

/// Reads `poisson 5/s`, `burst 20 every 5s`, `ramp 1/s to 20/s over 30s` and so on.
pub(crate) fn read(line: &str) -> Result<Arrivals, Wrong> {
    let words = words(line);
    let Some((&name, rest)) = words.split_first() else {
        return Err(Wrong::new("nothing stands here", "say how requests arrive, such as poisson 5/s"));
    };
    let texts: Vec<&str> = rest.iter().map(|word| word.text).collect();
    let placed = |wrong: Wrong| wrong.moved(name.offset);
    let rate = |index: usize| value(rest[index], read_rate);
    let duration = |index: usize| value(rest[index], read_duration);
    match (name.text, texts.as_slice()) {
        ("poisson", [_]) => poisson(rate(0)?).map_err(placed),
        ("constant", [_]) => constant(rate(0)?).map_err(placed),
        ("burst", [_, "every", _]) => burst(value(rest[0], read_count)?, duration(2)?).map_err(placed),
        ("ramp", [_, "to", _, "over", _]) => ramp(rate(0)?, rate(2)?, duration(4)?).map_err(placed),
        ("at", [_, ..]) => at(values(rest, read_duration)?).map_err(placed),
        ("users", [_, "thinking", _, ..]) => {
            users(value(rest[0], read_count)?, distribution::of_words(&rest[2..])?).map_err(placed)
        }
        (known, _) if NAMES.contains(&known) => Err(unfinished(&words, form(known))),
        _ => Err(unknown(name, "a way of arriving", &NAMES)),
    }
}

/// Independent requests.
pub(crate) fn poisson(per_second: f64) -> Result<Arrivals, Wrong> {
    above_zero(per_second)?;
    Ok(Arrivals::Poisson { per_second })
}

/// Evenly spaced requests.
pub(crate) fn constant(per_second: f64) -> Result<Arrivals, Wrong> {
    above_zero(per_second)?;
    Ok(Arrivals::Constant { per_second })
}

/// Many at once.
pub(crate) fn burst(count: u32, every: Span) -> Result<Arrivals, Wrong> {
    if every == Span::ZERO {
        return Err(Wrong::new(
            "the bursts come all at the same time",
            "expected a time between them, such as 5s",
        ));
    }
    Ok(Arrivals::Burst { count, every })
}

/// A rate that changes.
pub(crate) fn ramp(from_per_second: f64, to_per_second: f64, over: Span) -> Result<Arrivals, Wrong> {
    above_zero(from_per_second.max(to_per_second))?;
    if over == Span::ZERO {
        return Err(Wrong::new("the ramp takes no time", "expected how long the change takes, such as 30s"));
    }
    Ok(Arrivals::Ramp { from_per_second, to_per_second, over })
}

/// Given times.
pub(crate) fn at(at: Vec<Span>) -> Result<Arrivals, Wrong> {
    Ok(Arrivals::Times { at: BinaryHeap::from(at).into_sorted_vec() })
}

/// A closed loop.
pub(crate) fn users(count: u32, think: Distribution) -> Result<Arrivals, Wrong> {
    Ok(Arrivals::Users { count, think })
}

fn read_count(text: &str) -> Result<u32, Wrong> {
    let help = || format!("expected a whole number from 1 to {COUNT_MAX}");
    match text.parse() {
        Ok(count) if (1..=COUNT_MAX).contains(&count) => Ok(count),
        Ok(_) => Err(Wrong::new(format!("`{text}` is out of range"), help())),
        Err(_) => Err(Wrong::new(format!("`{text}` is not a number that can be used here"), help())),
    }
}

fn above_zero(rate: f64) -> Result<(), Wrong> {
    if rate > 0.0 {
        Ok(())
    } else {
        Err(Wrong::new("at a rate of zero nothing ever comes", "expected a rate above 0/s"))
    }
}

fn form(name: &str) -> &'static str {
    match name {
        "poisson" => "poisson 5/s",
        "constant" => "constant 5/s",
        "burst" => "burst 20 every 5s",
        "ramp" => "ramp 1/s to 20/s over 30s",
        "at" => "at 1s 2s",
        _ => "users 10 thinking 2s",
    }
}
