//! How values are written for people: with as many digits as they are worth, in the unit that one would say.

use crate::{Cell, Difference, Unit};

/// What stands where there is no value.
pub(super) const NONE: &str = "–";

/// A value with its unit, in three digits: `12.3 ms`, `4.56 s`, `1 min 20 s`, `98.2 %`, `47`, `0.13`, `20.1/s`,
/// `×1.98`. Digits before the point are never rounded away, and a share is shown as 100 percent only if it is.
pub fn shown(value: f64, unit: Unit) -> String {
    let style = Style { scale: scale(value, unit), signed: false };
    style.with_unit(value, style.three_digits(value))
}

/// A value, and the interval it lies in as `11.9 to 12.8`, without its unit where the value has said it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    /// The value with its unit.
    pub value: String,
    /// Its interval; `None` where there is none, or it is too narrow to be seen.
    pub interval: Option<String>,
    /// The value with its interval in a few letters: `419 ±3 ms`, `0.02 (≤0.07)` where the interval is cut off at its
    /// other end.
    pub short: String,
}

impl Shown {
    /// In one line: `12.3 ms (11.9 to 12.8)`.
    pub fn line(&self) -> String {
        match &self.interval {
            Some(interval) => format!("{} ({interval})", self.value),
            None => self.value.clone(),
        }
    }
}

/// The value of a cell.
pub(super) fn cell(cell: &Cell, unit: Unit) -> Shown {
    let Some(value) = cell.value else {
        return Shown { value: NONE.into(), interval: None, short: NONE.into() };
    };
    let style = Style { scale: scale(value, unit), signed: false };
    style.with_interval(value, cell.low.zip(cell.high))
}

/// A difference, with its sign: `+12.3 ms (+11.9 to +12.8)`. Shares differ by points, which cannot be mistaken for
/// percent of a percentage; factors by a plain number.
pub(super) fn difference(difference: &Difference, unit: Unit) -> Shown {
    let scale = match unit {
        Unit::Share => Scale { suffix: " points", ..scale(difference.value, unit) },
        Unit::Factor => scale(difference.value, Unit::Count),
        Unit::Milliseconds | Unit::Count | Unit::PerSecond => scale(difference.value, unit),
    };
    let style = Style { scale, signed: true };
    style.with_interval(difference.value, Some((difference.low, difference.high)))
}

/// In which part or multiple of its unit a value is written.
#[derive(Clone, Copy)]
struct Scale {
    factor: f64,
    before: &'static str,
    suffix: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// As a number.
    Number,
    /// As a number that is at most 100.
    Percent,
    /// As minutes and seconds, or hours and minutes.
    Minutes,
}

/// From here on a time is said in minutes, which is where seconds in three digits would be 60.0.
const MINUTES_FROM: f64 = 59_950.0;

fn scale(value: f64, unit: Unit) -> Scale {
    let number = |factor, before, suffix| Scale { factor, before, suffix, kind: Kind::Number };
    let size = value.abs();
    match unit {
        Unit::Milliseconds if size >= MINUTES_FROM => Scale { kind: Kind::Minutes, ..number(1e-3, "", "") },
        Unit::Milliseconds if size >= 999.5 => number(1e-3, "", " s"),
        Unit::Milliseconds if size > 0.0 && size < 0.1 => number(1e3, "", " µs"),
        Unit::Milliseconds => number(1.0, "", " ms"),
        Unit::Share => Scale { kind: Kind::Percent, ..number(1e2, "", " %") },
        Unit::Count => number(1.0, "", ""),
        Unit::PerSecond => number(1.0, "", "/s"),
        Unit::Factor => number(1.0, "×", ""),
    }
}

#[derive(Clone, Copy)]
struct Style {
    scale: Scale,
    /// Whether a plus is written.
    signed: bool,
}

impl Style {
    fn with_interval(self, value: f64, ends: Option<(f64, f64)>) -> Shown {
        let plain = self.with_unit(value, self.three_digits(value));
        let plain = Shown { short: plain.clone(), value: plain, interval: None };
        let Some((low, high)) = ends.filter(|(low, high)| low < high) else { return plain };
        let digits = self.worth(value, high - low);
        let [from, to] = [low, high].map(|end| self.bare(end, digits));
        if from == to {
            return plain;
        }
        let short = self.short(value, [low, high], digits);
        Shown { value: self.with_unit(value, digits), interval: Some(format!("{from} to {to}")), short }
    }

    fn short(self, value: f64, [low, high]: [f64; 2], digits: usize) -> String {
        let Scale { before, suffix, kind, .. } = self.scale;
        let bare = self.bare(value, digits);
        let (up, down) = (high - value, value - low);
        let interval = if (up - down).abs() <= (up + down) * 1e-6 {
            let plain = Style { signed: false, ..self };
            let half = match kind {
                Kind::Minutes => shown(up, Unit::Milliseconds),
                Kind::Number | Kind::Percent => match plain.bare(up, digits) {
                    half if half.chars().any(|it| matches!(it, '1'..='9')) => half,
                    _ => plain.bare(up, digits + 1),
                },
            };
            format!("±{half}")
        } else if down < up {
            format!("(≤{})", self.bare(high, digits))
        } else {
            format!("(≥{})", self.bare(low, digits))
        };
        format!("{before}{bare} {interval}{suffix}")
    }

    fn with_unit(self, value: f64, digits: usize) -> String {
        if !value.is_finite() {
            return NONE.into();
        }
        let Scale { before, suffix, .. } = self.scale;
        format!("{before}{}{suffix}", self.bare(value, digits))
    }

    fn bare(self, value: f64, digits: usize) -> String {
        let value = value * self.scale.factor;
        let text = match self.scale.kind {
            Kind::Minutes => minutes(value.abs()),
            Kind::Number | Kind::Percent => grouped(value.abs(), digits),
        };
        let is_zero = text.chars().all(|it| !it.is_ascii_digit() || it == '0');
        match (is_zero, value < 0.0, self.signed) {
            (false, true, _) => format!("−{text}"),
            (false, false, true) => format!("+{text}"),
            (true, _, _) | (false, false, false) => text,
        }
    }

    /// How many digits behind the point make three in all; fewer where the value is exactly what it says.
    fn three_digits(self, value: f64) -> usize {
        let value = (value * self.scale.factor).abs();
        let mut digits = fitting(value);
        if self.scale.kind == Kind::Percent && !self.signed {
            while digits < 4 && value < 100.0 && rounded(value, digits) >= 100.0 {
                digits += 1;
            }
        }
        while digits > 0 && (rounded(value, digits - 1) - value).abs() <= value * 1e-12 {
            digits -= 1;
        }
        digits
    }

    /// How many digits behind the point a value with an interval so wide is worth: three in all, if that shows one or
    /// two digits of half the interval; one where the interval is wider than the value, which must not become 0.
    fn worth(self, value: f64, width: f64) -> usize {
        let (value, width) = ((value * self.scale.factor).abs(), width * self.scale.factor);
        let first = -exponent(width / 2.0);
        let digits = |count: i32| usize::try_from(count).unwrap_or(0);
        let three = if value > 0.0 { fitting(value) } else { digits(first) };
        let is_wide = width / 2.0 >= value;
        let (least, most) = if is_wide { (three.saturating_sub(2), first) } else { (0, first + 1) };
        let worth = three.max(digits(first).min(three + 2)).min(digits(most));
        worth.max(least.min(digits(first) + 1))
    }
}

/// How many digits behind the point make three significant ones in all.
fn fitting(value: f64) -> usize {
    if value > 0.0 { usize::try_from(2 - exponent(rounded_to_three(value))).unwrap_or(0).min(9) } else { 0 }
}

fn rounded_to_three(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}

/// The power of ten of the first digit.
fn exponent(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// With commas between thousands.
fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::with_capacity(text.len() + 4);
    for (at, letter) in text.char_indices() {
        if at > 0 && at < whole && (whole - at) % 3 == 0 {
            out.push(',');
        }
        out.push(letter);
    }
    out
}

fn minutes(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let pair = |whole: u64, unit: &str, rest: u64, smaller: &str| match rest {
        0 => format!("{whole} {unit}"),
        rest => format!("{whole} {unit} {rest} {smaller}"),
    };
    match seconds {
        0..3600 => pair(seconds / 60, "min", seconds % 60, "s"),
        _ => pair(seconds / 3600, "h", seconds % 3600 / 60, "min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_in_another_way_than_one_would_say_it() {
        let check =
            |value: f64, unit: Unit, expected: &str| assert_eq!(shown(value, unit), expected, "{value}");
        use Unit::{Count, Factor, Milliseconds, PerSecond, Share};
        check(12.345, Milliseconds, "12.3 ms");
        check(12.0, Milliseconds, "12 ms");
        check(12.0001, Milliseconds, "12.0 ms");
        check(0.0, Milliseconds, "0 ms");
        check(0.0123, Milliseconds, "12.3 µs");
        check(999.4, Milliseconds, "999 ms");
        check(999.96, Milliseconds, "1.00 s");
        check(4_560.0, Milliseconds, "4.56 s");
        check(59_940.0, Milliseconds, "59.9 s");
        check(59_990.0, Milliseconds, "1 min");
        check(80_000.0, Milliseconds, "1 min 20 s");
        check(4_800_000.0, Milliseconds, "1 h 20 min");
        check(0.982, Share, "98.2 %");
        check(0.07, Share, "7 %");
        check(1.0, Share, "100 %");
        check(0.9997, Share, "99.97 %");
        check(0.000_123_4, Share, "0.0123 %");
        check(47.0, Count, "47");
        check(0.13, Count, "0.13");
        check(0.0999, Count, "0.0999");
        check(1234.5, Count, "1,234");
        check(1_234_567.0, Count, "1,234,567");
        check(20.12, PerSecond, "20.1/s");
        check(1.98, Factor, "×1.98");
        check(f64::NAN, Share, "–");
        check(f64::INFINITY, Milliseconds, "–");
        check(-0.0, Count, "0");
    }

    #[test]
    fn an_interval_has_digits_that_mean_nothing() {
        let check = |value: f64, low: f64, high: f64, unit: Unit, expected: &str| {
            let it = Cell { value: Some(value), low: Some(low), high: Some(high), ..Cell::default() };
            assert_eq!(cell(&it, unit).line(), expected);
        };
        check(12.34, 11.88, 12.81, Unit::Milliseconds, "12.3 ms (11.9 to 12.8)");
        check(312.4, 305.2, 319.3, Unit::Milliseconds, "312 ms (305 to 319)");
        check(12.3, 11.1, 13.5, Unit::Milliseconds, "12.3 ms (11.1 to 13.5)");
        check(12.3, -28.0, 52.0, Unit::Milliseconds, "12 ms (−28 to 52)");
        check(990.0, 950.0, 1030.0, Unit::Milliseconds, "990 ms (950 to 1,030)");
        check(0.5, -9.5, 10.5, Unit::Count, "0.5 (−9.5 to 10.5)");
        check(0.004, -9.5, 10.5, Unit::Count, "0.0 (−9.5 to 10.5)");
        check(80_000.0, 78_000.0, 82_000.0, Unit::Milliseconds, "1 min 20 s (1 min 18 s to 1 min 22 s)");
        check(47.0, 47.0, 47.0, Unit::Count, "47");
        check(12.345_678, 12.345_677, 12.345_679, Unit::Count, "12.3");
        check(0.0, 0.0, 0.0, Unit::Share, "0 %");
        check(0.9821, 0.981, 0.983, Unit::Share, "98.2 % (98.1 to 98.3)");
        check(5.0, 4.0, f64::NAN, Unit::Count, "5");
    }

    #[test]
    fn an_interval_in_short_says_something_else() {
        let check = |value: f64, low: f64, high: f64, unit: Unit, expected: &str| {
            let it = Cell { value: Some(value), low: Some(low), high: Some(high), ..Cell::default() };
            assert_eq!(cell(&it, unit).short, expected);
        };
        check(419.0, 416.0, 422.0, Unit::Milliseconds, "419 ±3 ms");
        check(0.248, 0.241, 0.255, Unit::Share, "24.8 ±0.7 %");
        check(0.1, 0.0, 0.26, Unit::Count, "0.1 (≤0.3)");
        check(0.9, 0.7, 1.0, Unit::Share, "90 (≥70) %");
        check(80_000.0, 78_000.0, 82_000.0, Unit::Milliseconds, "1 min 20 s ±2 s");
        check(2.0, 1.9, 2.1, Unit::Factor, "×2.00 ±0.10");
        check(28.05, 28.01, 28.09, Unit::Milliseconds, "28.05 ±0.04 ms");
        check(1_000_000.001_5, 999_999.997_5, 1_000_000.005_5, Unit::Count, "1,000,000.00 ±0.004");
        check(47.0, 47.0, 47.0, Unit::Count, "47");
    }

    #[test]
    fn a_difference_hides_which_way_it_goes() {
        let check = |value: f64, low: f64, high: f64, unit: Unit, expected: &str| {
            let it = Difference { value, low, high, beyond_chance: false };
            assert_eq!(difference(&it, unit).line(), expected);
        };
        check(-261.0, -268.0, -254.0, Unit::Milliseconds, "−261 ms (−268 to −254)");
        check(0.3, -0.2, 0.8, Unit::Count, "+0.3 (−0.2 to +0.8)");
        check(0.042, 0.042, 0.042, Unit::Share, "+4.2 points");
        check(0.21, 0.21, 0.21, Unit::Factor, "+0.21");
        check(0.0, 0.0, 0.0, Unit::Milliseconds, "0 ms");
        check(-80_000.0, -80_000.0, -80_000.0, Unit::Milliseconds, "−1 min 20 s");
    }
}
