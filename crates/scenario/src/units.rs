//! Numbers with their units, as they stand in a scenario or on a command line: `80ms`, `5/s`, `2%`, `0.25x`,
//! `64KiB`.
//!
//! ```
//! use kernel::Span;
//! assert_eq!(scenario::units::duration("1.5s"), Ok(Span::from_millis(1500)));
//! assert_eq!(
//!     scenario::units::duration("30"),
//!     Err("`30` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h".into())
//! );
//! assert_eq!(scenario::units::duration_text(Span::from_millis(1500)), "1.5s");
//! ```

use kernel::Span;

use crate::diagnostic::Wrong;

/// A duration: a number with `ns`, `us`, `ms`, `s`, `min`, `h` or `d`; at most 365 days.
pub fn duration(text: &str) -> Result<Span, String> {
    read_duration(text).map_err(in_one_line)
}

/// A rate per second: a number with `/s`, `/min`, `/h` or `/d`; at most 100000/s.
pub fn rate(text: &str) -> Result<f64, String> {
    read_rate(text).map_err(in_one_line)
}

/// A share from 0 to 1: a number from 0 to 100 with `%`.
pub fn percent(text: &str) -> Result<f64, String> {
    read_percent(text).map_err(in_one_line)
}

/// A factor above 0: a number with `x`.
pub fn factor(text: &str) -> Result<f64, String> {
    read_factor(text).map_err(in_one_line)
}

/// A number of bytes: a whole number with `B`, `KB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`.
pub fn bytes(text: &str) -> Result<u64, String> {
    read_bytes(text).map_err(in_one_line)
}

/// A duration as a person writes it, so that [`duration`] reads it back.
pub fn duration_text(span: Span) -> String {
    let nanos = span.nanos();
    let (unit, name) = match nanos {
        0 => return "0s".into(),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "us"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        1_000_000_000..120_000_000_000 => (1_000_000_000, "s"),
        _ => [(DAY, "d"), (HOUR, "h"), (MINUTE, "min")]
            .into_iter()
            .find(|(unit, _)| nanos.is_multiple_of(*unit))
            .unwrap_or((1_000_000_000, "s")),
    };
    format!("{}{name}", decimal_text(nanos, unit))
}

/// A share as a percentage.
pub fn percent_text(share: f64) -> String {
    // Rounded, because 0.07 * 100.0 is not 7.
    format!("{}%", (share * 1e8).round() / 1e6)
}

/// A rate per second.
pub fn rate_text(per_second: f64) -> String {
    format!("{per_second}/s")
}

const MINUTE: u64 = 60_000_000_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The longest duration that may be written.
pub(crate) const DURATION_MAX: Span = Span::from_nanos(365 * DAY);
/// The longest run, 30 days.
pub(crate) const LENGTH_MAX: Span = Span::from_nanos(30 * DAY);
/// The greatest rate, 1/s.
pub(crate) const RATE_MAX: f64 = 100_000.0;
/// The greatest factor.
const FACTOR_MAX: f64 = 1_000_000.0;

const DURATION: &str = "a duration with a unit, such as 80ms, 2s or 1.5h";
pub(crate) const CLOCK: &str = "how far the clock is ahead or behind, such as +5s or -200ms";
const RATE: &str = "a rate with a unit, such as 5/s or 300/min";
const PERCENT: &str = "a percentage from 0% to 100%, such as 2%";
const FACTOR: &str = "a factor with an x, such as 0.25x or 5x";
const BYTES: &str = "a size with a unit, such as 512B or 64KiB";

const DURATION_UNITS: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", MINUTE),
    ("m", MINUTE),
    ("h", HOUR),
    ("d", DAY),
];

pub(crate) fn read_duration(text: &str) -> Result<Span, Wrong> {
    let number = number(text, DURATION)?;
    let unit = unit(text, number.unit, &DURATION_UNITS, DURATION)?;
    let scale = 10u128.pow(number.decimals);
    let nanos = (number.digits * u128::from(unit) + scale / 2) / scale;
    match u64::try_from(nanos) {
        Ok(nanos) if nanos <= DURATION_MAX.nanos() => Ok(Span::from_nanos(nanos)),
        _ => Err(Wrong::new(format!("`{text}` is too long"), "at most 365d can be written")),
    }
}

/// By how many milliseconds a clock is ahead, or below 0 behind.
pub(crate) fn read_clock(text: &str) -> Result<i32, Wrong> {
    let wrong = |what: &str| Wrong::new(format!("`{text}` {what}"), format!("expected {CLOCK}"));
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let nanos =
        read_duration(rest).map_err(|found| Wrong { help: format!("expected {CLOCK}"), ..found })?.nanos();
    if nanos % 1_000_000 != 0 {
        return Err(wrong("is not a whole number of milliseconds"));
    }
    i32::try_from(nanos / 1_000_000).map(|millis| sign * millis).map_err(|_| wrong("is too far away"))
}

pub(crate) fn read_rate(text: &str) -> Result<f64, Wrong> {
    let number = number(text, RATE)?;
    let units = [("/s", 1.0), ("/sec", 1.0), ("/min", 60.0), ("/m", 60.0), ("/h", 3600.0), ("/d", 86400.0)];
    let rate = number.value / unit(text, number.unit, &units, RATE)?;
    if rate > RATE_MAX {
        return Err(Wrong::new(format!("`{text}` is too fast"), "at most 100000/s can be simulated"));
    }
    Ok(rate)
}

pub(crate) fn read_percent(text: &str) -> Result<f64, Wrong> {
    let number = number(text, PERCENT)?;
    let hundredth = unit(text, number.unit, &[("%", 100.0)], PERCENT)?;
    if number.value > 100.0 {
        return Err(Wrong::new(format!("`{text}` is more than everything"), format!("expected {PERCENT}")));
    }
    Ok(number.value / hundredth)
}

pub(crate) fn read_factor(text: &str) -> Result<f64, Wrong> {
    let number = number(text, FACTOR)?;
    let factor = number.value * unit(text, number.unit, &[("x", 1.0), ("×", 1.0)], FACTOR)?;
    match factor {
        0.0 => Err(Wrong::new(format!("`{text}` is zero"), "expected a factor above 0, such as 0.25x")),
        factor if factor > FACTOR_MAX => {
            Err(Wrong::new(format!("`{text}` is too large"), "at most 1000000x can be written"))
        }
        factor => Ok(factor),
    }
}

fn read_bytes(text: &str) -> Result<u64, Wrong> {
    let number = number(text, BYTES)?;
    let units = [
        ("B", 1),
        ("KB", 1_000),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
    ];
    let unit: u64 = unit(text, number.unit, &units, BYTES)?;
    let bytes = number.digits * u128::from(unit) / 10u128.pow(number.decimals);
    u64::try_from(bytes).map_err(|_| Wrong::new(format!("`{text}` is too large"), "at most 2^64 bytes"))
}

/// A number without a unit, at least 0; `expected` is what stands in the help.
pub(crate) fn read_number(text: &str, expected: &str) -> Result<f64, Wrong> {
    let number = number(text, expected)?;
    if !number.unit.is_empty() {
        return Err(Wrong::new(format!("`{text}` is not a number"), format!("expected {expected}")));
    }
    Ok(number.value)
}

/// A decimal number, and what follows it.
struct Number<'a> {
    /// All digits as one whole number.
    digits: u128,
    /// How many of them stand behind the point.
    decimals: u32,
    /// The same as a floating-point number.
    value: f64,
    unit: &'a str,
}

/// More digits than this are refused: 10^15 is exact as a floating-point number.
const DIGITS_MAX: usize = 15;

fn number<'a>(text: &'a str, expected: &str) -> Result<Number<'a>, Wrong> {
    let help = || format!("expected {expected}");
    if text.starts_with('-') {
        return Err(Wrong::new(format!("`{text}` is negative"), help()));
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || decimals.is_empty() || decimals.contains('.') {
        return Err(Wrong::new(format!("`{text}` does not begin with a number"), help()));
    }
    if unit.starts_with(',') {
        return Err(Wrong::new(
            format!("`{text}` has a comma"),
            "decimals are written with a point, such as 0.5s",
        ));
    }
    if digits.len() > DIGITS_MAX {
        return Err(Wrong::new(format!("`{digits}` has too many digits"), help()));
    }
    let all = digits.replace('.', "");
    let decimals = if digits.contains('.') { decimals.len() as u32 } else { 0 };
    let digits: u64 = all.parse().map_err(|_| Wrong::new(format!("`{text}` is not a number"), help()))?;
    // Both are whole numbers below 2^53, so that the quotient is the nearest number there is.
    let value = digits as f64 / 10u64.pow(decimals) as f64;
    Ok(Number { digits: u128::from(digits), decimals, value, unit })
}

fn unit<T: Copy>(text: &str, unit: &str, units: &[(&str, T)], expected: &str) -> Result<T, Wrong> {
    let known = units.iter().find(|(name, _)| *name == unit);
    known.map(|&(_, size)| size).ok_or_else(|| {
        let message = match unit {
            "" => format!("`{text}` has no unit"),
            unit if unit.starts_with(' ') => format!("`{text}` has a space before its unit"),
            unit => format!("`{text}` has the unknown unit `{unit}`"),
        };
        Wrong::new(message, format!("expected {expected}"))
    })
}

/// `nanos / unit` without losing a digit.
fn decimal_text(nanos: u64, unit: u64) -> String {
    let (whole, rest) = (nanos / unit, nanos % unit);
    if rest == 0 {
        return whole.to_string();
    }
    // Units below a minute are powers of ten, so the rest has at most nine digits.
    let decimals = unit.ilog10() as usize;
    let digits = format!("{rest:0decimals$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// A problem as a sentence.
pub(crate) fn in_one_line(wrong: Wrong) -> String {
    format!("{}; {}", wrong.message, wrong.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_misread() {
        for (text, nanos) in [
            ("80ms", 80_000_000),
            ("1.5s", 1_500_000_000),
            ("0s", 0),
            ("250us", 250_000),
            ("250µs", 250_000),
            ("7ns", 7),
            ("2min", 120_000_000_000),
            ("2m", 120_000_000_000),
            ("1h", 3_600_000_000_000),
            ("30d", 2_592_000_000_000_000),
            ("0.0000000005s", 1),
            ("1.05s", 1_050_000_000),
        ] {
            assert_eq!(duration(text), Ok(Span::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn something_else_passes_for_a_duration() {
        for text in
            ["", "80", "ms", "-5ms", "1,5s", "1.5.2s", ".5s", "5.s", "80 ms", "1e3s", "9999999d", "NaN"]
        {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration(&"9".repeat(400)).is_err());
    }

    #[test]
    fn a_written_duration_does_not_read_back() {
        for nanos in
            [0, 1, 999, 1_500, 80_000_000, 1_050_000_000, 59_999_999_999, 60_000_000_000, DAY, 90_000_000_001]
        {
            let text = duration_text(Span::from_nanos(nanos));
            assert_eq!(duration(&text), Ok(Span::from_nanos(nanos)), "{text}");
        }
        assert_eq!(duration_text(Span::from_millis(90_000)), "90s");
        assert_eq!(duration_text(Span::from_nanos(2 * HOUR)), "2h");
    }

    #[test]
    fn a_clock_is_set_wrongly() {
        let read = |text| read_clock(text).ok();
        assert_eq!([read("-5s"), read("+200ms"), read("1min")], [Some(-5_000), Some(200), Some(60_000)]);
        assert_eq!([read("5"), read("--5s"), read("1us"), read("300d"), read("")], [None; 5]);
    }

    #[test]
    fn other_units_are_misread() {
        assert_eq!(rate("5/s"), Ok(5.0));
        assert_eq!(rate("300/min"), Ok(5.0));
        assert!(rate("5").is_err() && rate("200000/s").is_err());
        assert_eq!(percent("2%"), Ok(0.02));
        assert!(percent("0.02").is_err() && percent("120%").is_err());
        assert_eq!(percent_text(0.07), "7%");
        assert_eq!(factor("0.25x"), Ok(0.25));
        assert!(factor("0x").is_err() && factor("5").is_err());
        assert_eq!(bytes("64KiB"), Ok(65_536));
        assert_eq!(bytes("1.5KB"), Ok(1_500));
        assert!(bytes("12").is_err() && bytes("99999999999999GiB").is_err());
    }
}
