//! Figures as a person reads them.

use kernel::{Span, Time};

/// `12,345`: thousands are set apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The same of a number that may be less than nothing.
pub fn signed(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", count(number.unsigned_abs()))
}

/// A length of time with three digits: `0.42 ms`, `312 ms`, `1.24 s`.
pub fn span(span: Span) -> String {
    let millis = span.millis();
    match millis {
        _ if millis < 1.0 => format!("{millis:.2} ms"),
        _ if millis < 10.0 => format!("{millis:.1} ms"),
        _ if millis < 999.5 => format!("{millis:.0} ms"),
        _ if millis < 9_995.0 => format!("{:.2} s", millis / 1e3),
        _ if millis < 99_950.0 => format!("{:.1} s", millis / 1e3),
        _ => format!("{:.0} s", millis / 1e3),
    }
}

/// The same, or a dash where nothing was measured.
pub fn maybe(measured: Option<Span>) -> String {
    measured.map_or_else(|| "–".into(), span)
}

/// An instant of the run for a table: `12.34 s`.
pub fn instant(time: Time) -> String {
    format!("{:.2} s", time.seconds())
}

/// The clock of the transport: finer when time is slowed down, so that it visibly runs.
pub fn clock(time: Time, speed: f64) -> String {
    let digits = if speed < 0.1 { 4 } else { 2 };
    format!("{:.digits$} s", time.seconds())
}

/// A length without needless digits: `60 s`, `2.5 s`.
pub fn round(time: Time) -> String {
    format!("{} s", (time.seconds() * 1e3).round() / 1e3)
}
