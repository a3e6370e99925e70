//! What was measured, and its percentiles, in a room that does not grow with how much was measured.
//!
//! Values are counted by size, as in an HDR histogram: those below 1,024 each for itself, and above, every power of
//! two in 1,024 equal parts. Ours and not a library's, because theirs has no place for values below 0, and one table
//! for all powers of two, which costs a short run more than everything else that is counted of it.

/// Measured values, counted by size: a percentile is within 1 in 2,000 of the exact one. The number of values, the
/// least, the greatest and the mean are exact.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Those of 0 and above.
    above: Sizes,
    /// Those below 0, without their sign.
    below: Sizes,
    sum: i128,
    least: i64,
    greatest: i64,
}

impl Samples {
    /// Takes one in.
    pub fn add(&mut self, value: i64) {
        let first = self.count() == 0;
        let side = if value < 0 { &mut self.below } else { &mut self.above };
        side.add(value.unsigned_abs());
        self.least = if first { value } else { self.least.min(value) };
        self.greatest = if first { value } else { self.greatest.max(value) };
        self.sum += i128::from(value);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.below.count + self.above.count
    }

    /// The least value that at least `share` (0 to 1) of all do not exceed; `None` without samples.
    pub fn percentile(&self, share: f64) -> Option<i64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let rank = ((share * count as f64).ceil() as u64).clamp(1, count);
        let value = match rank.checked_sub(self.below.count + 1) {
            Some(before) => i64::try_from(self.above.nth(before)).unwrap_or(i64::MAX),
            // The first of all is the farthest below 0.
            None => 0i64.saturating_sub_unsigned(self.below.nth(self.below.count - rank)),
        };
        Some(value.clamp(self.least, self.greatest))
    }

    /// The greatest; `None` without samples.
    pub fn greatest(&self) -> Option<i64> {
        (self.count() > 0).then_some(self.greatest)
    }

    /// The mean; `None` without samples.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum as f64 / count as f64)
    }
}

/// How many values there are of each size.
#[derive(Clone, Debug, Default)]
struct Sizes {
    count: u64,
    /// The first for values below [`PARTS`], then one for each power of two; without parts until it has a value.
    powers: Vec<Power>,
}

#[derive(Clone, Debug, Default)]
struct Power {
    count: u64,
    parts: Vec<u64>,
}

const PARTS_BITS: u32 = 10;
const PARTS: usize = 1 << PARTS_BITS;

impl Sizes {
    fn add(&mut self, value: u64) {
        let power = (u64::BITS - PARTS_BITS).saturating_sub(value.leading_zeros());
        // All but the highest bit, which the power stands for.
        let part = (value >> power.saturating_sub(1)) as usize % PARTS;
        let power = power as usize;
        if self.powers.len() <= power {
            self.powers.resize(power + 1, Power::default());
        }
        let power = &mut self.powers[power];
        power.parts.resize(PARTS, 0);
        power.parts[part] += 1;
        power.count += 1;
        self.count += 1;
    }

    /// The middle of the part that holds the value before which so many are smaller.
    fn nth(&self, mut before: u64) -> u64 {
        for (index, power) in self.powers.iter().enumerate() {
            if before >= power.count {
                before -= power.count;
                continue;
            }
            for (part, &count) in power.parts.iter().enumerate() {
                if before >= count {
                    before -= count;
                    continue;
                }
                let Some(shift) = index.checked_sub(1) else { return part as u64 };
                return ((PARTS + part) as u64) << shift | 1 << shift >> 1;
            }
        }
        u64::MAX
    }
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
            assert!((found - expected).abs() * 2000 <= expected, "{share}: {found} for {expected}");
        }
        let sum: i128 = all.iter().map(|&value| i128::from(value)).sum();
        assert_eq!(samples.mean(), Some(sum as f64 / 20_000.0));
    }

    #[test]
    fn the_greatest_values_have_no_room() {
        let mut samples = Samples::default();
        [i64::MIN, i64::MAX, i64::MAX].into_iter().for_each(|value| samples.add(value));
        let half = samples.percentile(0.5).unwrap();
        assert!(i64::MAX - half < i64::MAX / 2000, "{half}");
        assert_eq!((samples.greatest(), samples.percentile(0.0)), (Some(i64::MAX), Some(i64::MIN)));
    }
}
