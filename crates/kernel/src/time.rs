//! Simulated time: an instant and a length, both integer nanoseconds.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// An instant: nanoseconds since the start of the run, from 0 to [`Time::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// A length of time in nanoseconds, from 0 to 2^64 - 1 (584 years).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

const NANOS_PER_SECOND: f64 = 1e9;

impl Time {
    /// The start of the run.
    pub const ZERO: Time = Time(0);
    /// The last instant an agenda can hold: 2^56 - 1 ns, about 834 days. The other 8 bits of the word
    /// lengthen the sequence number, so that ties stay in order for 10^12 occurrences.
    pub const MAX: Time = Time((1 << 56) - 1);

    /// The instant so many nanoseconds after the start; later than [`Time::MAX`] becomes `MAX`.
    pub const fn from_nanos(nanos: u64) -> Self {
        if nanos > Self::MAX.0 { Self::MAX } else { Time(nanos) }
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, for showing and for statistics.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// Milliseconds since the start, for showing and for statistics.
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// How long after `earlier` this instant is; zero if it is not after it.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A length in nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Span(nanos)
    }

    /// A length in milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Span(millis * 1_000_000)
    }

    /// A length in seconds; a negative or undefined number gives zero.
    pub fn from_seconds(seconds: f64) -> Self {
        Span((seconds * NANOS_PER_SECOND + 0.5) as u64)
    }

    /// The length in nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The length in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The length in milliseconds.
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The length times a factor (a slow-down, say), rounded to the nanosecond.
    pub fn scaled(self, factor: f64) -> Self {
        Span((self.0 as f64 * factor + 0.5) as u64)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    /// Stops at [`Time::MAX`]: nothing ever happens there, because a run ends before.
    #[inline]
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0).min(Time::MAX.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Time> for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        self.since(earlier)
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s", self.seconds())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..1_000 => write!(f, "{} ns", self.0),
            1_000..1_000_000 => write!(f, "{} us", self.0 as f64 / 1e3),
            1_000_000..1_000_000_000 => write!(f, "{} ms", self.0 as f64 / 1e6),
            _ => write!(f, "{} s", self.0 as f64 / 1e9),
        }
    }
}
