//! Numbers and times as people write them.

use kernel::Span;

/// Units of time, in milliseconds.
const UNITS: [(u64, &str); 5] =
    [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];

/// A number with its thousands apart.
pub fn count(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in as many units as it takes to say it exactly, to the millisecond, and on one line.
pub fn time(span: Span) -> String {
    let mut rest = span.nanos() / 1_000_000;
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        if rest >= size {
            parts.push(format!("{}\u{a0}{unit}", rest / size));
            rest %= size;
        }
    }
    if parts.is_empty() { "0\u{a0}s".to_owned() } else { parts.join("\u{a0}") }
}
