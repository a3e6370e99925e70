//! What was measured, and its percentiles, in a room that does not grow with how much was measured.

use hdrhistogram::Histogram;

/// Measured values, counted by size: a percentile is within 1 in 1,000 of the exact one. The number of values, the
/// least, the greatest and the mean are exact.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Those of 0 and above; `None` until the first.
    above: Option<Histogram<u32>>,
    /// Those below 0, without their sign.
    below: Option<Histogram<u32>>,
    count: u64,
    sum: i128,
    least: i64,
    greatest: i64,
}

impl Samples {
    /// So many digits of a percentile are right.
    const DIGITS: u8 = 3;

    /// Takes one in.
    pub fn add(&mut self, value: i64) {
        let side = if value < 0 { &mut self.below } else { &mut self.above };
        if side.is_none() {
            *side = Histogram::new(Self::DIGITS).ok();
            side.iter_mut().for_each(|histogram| histogram.auto(true));
        }
        // With room for any size, and a count that stays at its end, there is nothing to go wrong.
        let taken = side.as_mut().map(|histogram| histogram.record(value.unsigned_abs()));
        debug_assert!(matches!(taken, Some(Ok(()))));
        self.least = if self.count == 0 { value } else { self.least.min(value) };
        self.greatest = if self.count == 0 { value } else { self.greatest.max(value) };
        self.count += 1;
        self.sum += i128::from(value);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The least value that at least `share` (0 to 1) of all do not exceed; `None` without samples.
    pub fn percentile(&self, share: f64) -> Option<i64> {
        let below = self.below.as_ref().map_or(0, Histogram::len);
        let rank = ((share * self.count as f64).ceil() as u64).clamp(1, self.count.max(1));
        let value = if rank <= below {
            // The first of all is the farthest below 0.
            -nth(self.below.as_ref()?, below + 1 - rank)
        } else {
            nth(self.above.as_ref()?, rank - below)
        };
        Some(value.clamp(self.least, self.greatest))
    }

    /// The greatest; `None` without samples.
    pub fn greatest(&self) -> Option<i64> {
        (self.count > 0).then_some(self.greatest)
    }

    /// The mean; `None` without samples.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }
}

/// The value of a rank, counted from 1.
fn nth(histogram: &Histogram<u32>, rank: u64) -> i64 {
    // Half a rank less, so that no rounding leads to the next.
    let share = (rank as f64 - 0.5) / histogram.len() as f64;
    let value = histogram.median_equivalent(histogram.value_at_quantile(share));
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Purpose, Stream};

    fn exact(sorted: &[i64], share: f64) -> i64 {
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted[rank.saturating_sub(1)]
    }

    #[test]
    fn a_percentile_is_off_by_one() {
        let mut samples = Samples::default();
        assert_eq!((samples.percentile(0.5), samples.greatest(), samples.mean()), (None, None, None));
        (1..=100).rev().for_each(|value| samples.add(value));
        for (share, expected) in [(0.0, 1), (0.01, 1), (0.5, 50), (0.99, 99), (1.0, 100)] {
            assert_eq!(samples.percentile(share), Some(expected), "{share}");
        }
        assert_eq!((samples.greatest(), samples.mean()), (Some(100), Some(50.5)));
    }

    #[test]
    fn a_value_below_zero_is_lost() {
        let mut samples = Samples::default();
        (-60..40).for_each(|value| samples.add(value));
        for (share, expected) in [(0.0, -60), (0.01, -60), (0.5, -11), (0.6, -1), (0.61, 0), (1.0, 39)] {
            assert_eq!(samples.percentile(share), Some(expected), "{share}");
        }
        assert_eq!(samples.mean(), Some(-10.5));
    }

    #[test]
    fn a_percentile_is_farther_off_than_stated() {
        let stream = Stream::new(7, Purpose::Work, "samples");
        let mut samples = Samples::default();
        let mut all = Vec::new();
        for number in 0..20_000 {
            // From nanoseconds to hours, as lengths of time are.
            let value = kernel::real::exp(stream.draw(number, 0).unit() * 30.0) as i64;
            samples.add(value);
            all.push(value);
        }
        all.sort_unstable();
        for share in [0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0] {
            let (found, expected) = (samples.percentile(share).unwrap(), exact(&all, share));
            assert!((found - expected).abs() * 1000 <= expected, "{share}: {found} for {expected}");
        }
        let sum: i128 = all.iter().map(|&value| i128::from(value)).sum();
        assert_eq!(samples.mean(), Some(sum as f64 / 20_000.0));
    }

    #[test]
    fn the_greatest_values_have_no_room() {
        let mut samples = Samples::default();
        [i64::MIN, i64::MAX, i64::MAX].into_iter().for_each(|value| samples.add(value));
        let half = samples.percentile(0.5).unwrap();
        assert!(i64::MAX - half < i64::MAX / 1000, "{half}");
        assert_eq!((samples.greatest(), samples.percentile(0.0)), (Some(i64::MAX), Some(-i64::MAX)));
    }
}
