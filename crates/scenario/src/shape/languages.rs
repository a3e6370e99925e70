//! The small languages that stand in the tables, each with what editors and messages need.

use kernel::Span;

use super::check::text_of;
use super::{Language, Lines, for_schema};
use crate::diagnostic::Wrong;
use crate::line::{arrivals, carried, distribution, expression};
use crate::units::{
    CLOCK as CLOCK_EXPECTED, LENGTH_MAX, duration_text, read_clock, read_duration, read_factor, read_number,
    read_percent, read_rate,
};

pub(super) static DURATION: Language = Language {
    name: "duration",
    expected: "a duration with a unit, such as 80ms, 2s or 1.5h",
    pattern: for_schema(r"^[0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|min|m|h|d)$"),
    examples: &["80ms", "2s", "1.5h"],
    check: |text| read_duration(text).map(drop),
};

pub(super) static POSITIVE_DURATION: Language = Language {
    name: "positive-duration",
    expected: "a duration above zero with a unit, such as 80ms, 2s or 1.5h",
    pattern: for_schema(r"^(?=.*[1-9])[0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|min|m|h|d)$"),
    examples: &["500ms", "10s"],
    check: |text| positive(text).map(drop),
};

pub(super) static LENGTH: Language = Language {
    name: "length",
    expected: "a duration above zero and up to 30 days, such as 60s",
    pattern: for_schema(r"^(?=.*[1-9])[0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|min|m|h|d)$"),
    examples: &["60s", "8h"],
    check: |text| match positive(text)? {
        span if span <= LENGTH_MAX => Ok(()),
        span => Err(Wrong::new(format!("a run of {} is too long", duration_text(span)), "at most 30d")),
    },
};

pub(super) static RATE: Language = Language {
    name: "rate",
    expected: "a rate with a unit, such as 5/s or 300/min",
    pattern: for_schema(r"^[0-9]+(\.[0-9]+)?/(s|sec|min|m|h|d)$"),
    examples: &["5/s", "300/min"],
    check: |text| read_rate(text).map(drop),
};

pub(crate) static PERCENT: Language = Language {
    name: "percentage",
    expected: "a percentage from 0% to 100%, such as 2%",
    pattern: for_schema(r"^(100(\.0+)?|0*[0-9]{1,2}(\.[0-9]+)?)%$"),
    examples: &["2%", "0.5%"],
    check: |text| read_percent(text).map(drop),
};

pub(super) static FACTOR: Language = Language {
    name: "factor",
    expected: "a factor with an x, such as 0.25x or 5x",
    pattern: for_schema(r"^[0-9]+(\.[0-9]+)?[x×]$"),
    examples: &["0.25x", "5x"],
    check: |text| read_factor(text).map(drop),
};

pub(super) static TAIL: Language = Language {
    name: "tail-exponent",
    expected: distribution::SHAPE,
    pattern: for_schema(r"^[0-9]+(\.[0-9]+)?$"),
    examples: &["2.5"],
    check: |text| read_number(text, distribution::SHAPE).map(drop),
};

pub(super) static RANGE: Language = Language {
    name: "range",
    expected: "two durations, such as 10ms..20ms",
    pattern: for_schema(r"^[0-9].*\.\.[0-9].*[a-zµ]$"),
    examples: &["10ms..20ms"],
    check: |text| {
        distribution::read(&format!("uniform {text}")).map(drop).map_err(|wrong| back(wrong, "uniform "))
    },
};

pub(super) static DISTRIBUTION: Language = Language {
    name: "distribution-line",
    expected: "a duration or a distribution, such as 80ms, exponential 30ms or lognormal median 80ms p99 300ms",
    pattern: for_schema(r"^([0-9]|(constant|uniform|exponential|lognormal|pareto|empirical)[ \[])"),
    examples: &[
        "80ms",
        "uniform 10ms..20ms",
        "exponential 30ms",
        "lognormal median 80ms p99 300ms",
        "pareto minimum 10ms shape 2.5",
        "empirical 10ms 20ms 45ms",
    ],
    check: |text| distribution::read(text).map(drop),
};

pub(super) static ARRIVALS: Language = Language {
    name: "arrivals-line",
    expected: "how requests arrive, such as poisson 5/s, burst 20 every 5s or users 10 thinking 2s",
    pattern: for_schema(r"^(poisson|constant|burst|ramp|at|users)[ \[]"),
    examples: &[
        "poisson 5/s",
        "constant 5/s",
        "burst 20 every 5s",
        "ramp 1/s to 20/s over 30s",
        "at 1s 2s",
        "users 10 thinking 2s",
    ],
    check: |text| arrivals::read(text).map(drop),
};

pub(super) static EXPRESSION: Language = Language {
    name: "expression",
    expected: "an expression, such as `paid > 1`, `shipped implies paid` or `balance + 2 * amount`",
    pattern: for_schema(r"^[\p{L}\p{M}\p{N}_.\-\s<>=!()+*/,]+$"),
    examples: &["paid > 1", "shipped implies paid", "not (paid and refunded)", "balance + 2 * amount"],
    check: |text| expression::read(text).map(drop),
};

pub(super) static CARRIED: Language = Language {
    name: "carried",
    expected: carried::EXPECTED,
    pattern: for_schema(r"^(request|-?[0-9]+(\s+to\s+-?[0-9]+)?)$"),
    examples: &["7", "5 to 100", "request"],
    check: |text| carried::read(text).map(drop),
};

pub(super) static CLOCK: Language = Language {
    name: "clock",
    expected: CLOCK_EXPECTED,
    pattern: for_schema(r"^[+-]?[0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|min|m|h|d)$"),
    examples: &["-5s", "+200ms"],
    check: |text| read_clock(text).map(drop),
};

pub(super) static PATTERN: Language = Language {
    name: "pattern",
    expected: "a pattern; one that begins with `#`, `*` or `>` stands in quotes",
    pattern: for_schema(r"^[^\n]{0,200}$"),
    examples: &["orders.#", "orders/+/created"],
    check: |text| text_of(Lines::One, text),
};

pub(super) static SUBJECT: Language = Language {
    name: "subject",
    expected: "a routing key, topic or subject, such as orders.eu.created",
    pattern: for_schema(r"^[^\n]{0,200}$"),
    examples: &["orders.eu.created"],
    check: |text| text_of(Lines::One, text),
};

fn positive(text: &str) -> Result<Span, Wrong> {
    match read_duration(text)? {
        Span::ZERO => Err(Wrong::new(
            format!("`{text}` is no time at all"),
            "expected a duration above zero, such as 2s",
        )),
        span => Ok(span),
    }
}

/// The same problem in a text that lacks a prefix.
fn back(wrong: Wrong, prefix: &str) -> Wrong {
    Wrong { offset: wrong.offset.saturating_sub(prefix.len()), ..wrong }
}
