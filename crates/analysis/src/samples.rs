//! Lengths of time that were measured, and their percentiles.

use kernel::Span;

/// Measured lengths of time, all kept: percentiles are exact.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    nanos: Vec<u64>,
    /// How many of the first are in ascending order.
    sorted: usize,
    sum: f64,
}

impl Samples {
    /// Takes one in.
    pub fn add(&mut self, span: Span) {
        self.nanos.push(span.nanos());
        self.sum += span.nanos() as f64;
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.nanos.len()
    }

    /// Puts them in order, so that [`Samples::percentile`] can be asked. Costs little when few are new.
    pub fn sort(&mut self) {
        if self.sorted < self.nanos.len() {
            // The stable sort finds the ordered run at the front and merges the new ones into it.
            self.nanos.sort();
            self.sorted = self.nanos.len();
        }
    }

    /// The least value that at least `share` (0 to 1) of all do not exceed; `None` without samples. New
    /// samples count once they were sorted.
    pub fn percentile(&self, share: f64) -> Option<Span> {
        let last = self.sorted.checked_sub(1)?;
        let rank = (share * self.sorted as f64).ceil() as usize;
        Some(Span::from_nanos(self.nanos[rank.saturating_sub(1).min(last)]))
    }

    /// The mean; `None` without samples.
    pub fn mean(&self) -> Option<Span> {
        (!self.nanos.is_empty()).then(|| Span::from_nanos((self.sum / self.nanos.len() as f64 + 0.5) as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_off_by_one() {
        let mut samples = Samples::default();
        for nanos in (1..=100).rev() {
            samples.add(Span::from_nanos(nanos));
        }
        assert_eq!(samples.percentile(0.5), None, "not sorted yet");
        samples.sort();
        for (share, expected) in [(0.0, 1), (0.01, 1), (0.5, 50), (0.99, 99), (1.0, 100)] {
            assert_eq!(samples.percentile(share), Some(Span::from_nanos(expected)), "{share}");
        }
        assert_eq!(samples.mean(), Some(Span::from_nanos(51)));
    }
}
