//! How long things take: the distributions a scenario can name.

use std::sync::Arc;

use crate::real::{exp, ln, pow};
use crate::{Draw, Span};

/// The 99th percentile of the standard normal, which turns (median, p99) into a lognormal's sigma.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// A distribution of lengths of time. Made by the constructors, which take what people know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(Shape);

/// The kinds of distribution with their parameters, in nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Always the same.
    Constant {
        /// The value.
        value: Span,
    },
    /// Every value from `low` to `high` is as likely as another.
    Uniform {
        /// The least value.
        low: Span,
        /// The greatest value.
        high: Span,
    },
    /// Without memory: the time between two events of a Poisson process.
    Exponential {
        /// The mean, ns.
        mean: f64,
    },
    /// The logarithm is normal: most are near the median, a few are far above.
    Lognormal {
        /// ln of the median in ns.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// A power-law tail: P(X > x) = (minimum / x)^shape.
    Pareto {
        /// The least value, ns.
        minimum: f64,
        /// The exponent of the tail; at most 1 means that there is no mean.
        shape: f64,
    },
    /// One of the measured values, each as likely as another.
    Empirical {
        /// What was measured; never empty.
        values: Arc<[Span]>,
    },
}

impl Distribution {
    /// Always `value`.
    pub fn constant(value: Span) -> Self {
        Distribution(Shape::Constant { value })
    }

    /// Uniform between the two values, in whichever order they are given.
    pub fn uniform(one: Span, other: Span) -> Self {
        Distribution(Shape::Uniform { low: one.min(other), high: one.max(other) })
    }

    /// Exponential with this mean.
    pub fn exponential(mean: Span) -> Self {
        Distribution(Shape::Exponential { mean: mean.nanos() as f64 })
    }

    /// Lognormal through two percentiles: sigma = ln(p99 / median) / 2.326. A p99 below the median
    /// is taken as the median, a median of zero as 1 ns.
    pub fn lognormal(median: Span, p99: Span) -> Self {
        let median = (median.nanos() as f64).max(1.0);
        let sigma = ln((p99.nanos() as f64).max(median) / median) / NORMAL_P99;
        Distribution(Shape::Lognormal { mu: ln(median), sigma })
    }

    /// Pareto with the least value and the exponent of the tail (above 0).
    pub fn pareto(minimum: Span, shape: f64) -> Self {
        Distribution(Shape::Pareto { minimum: minimum.nanos() as f64, shape: shape.max(f64::MIN_POSITIVE) })
    }

    /// One of the measured values, each as likely as another; without any, always zero.
    pub fn empirical(values: &[Span]) -> Self {
        if values.is_empty() {
            return Distribution::constant(Span::ZERO);
        }
        Distribution(Shape::Empirical { values: values.into() })
    }

    /// The kind and its parameters.
    pub fn shape(&self) -> &Shape {
        &self.0
    }

    /// A value for this draw, rounded to the nanosecond.
    #[inline(always)]
    pub fn sample(&self, draw: Draw) -> Span {
        match &self.0 {
            Shape::Constant { value } => *value,
            Shape::Exponential { mean } => rounded(mean * draw.exponential()),
            Shape::Lognormal { mu, sigma } => rounded(exp(mu + sigma * draw.normal())),
            Shape::Uniform { .. } | Shape::Pareto { .. } | Shape::Empirical { .. } => self.sample_rare(draw),
        }
    }

    /// The kinds that are asked for less often.
    fn sample_rare(&self, mut draw: Draw) -> Span {
        match &self.0 {
            Shape::Uniform { low, high } => {
                let width = high.nanos() - low.nanos();
                Span::from_nanos(low.nanos() + (draw.unit() * (width as f64 + 1.0)) as u64)
            }
            Shape::Pareto { minimum, shape } => rounded(minimum * pow(1.0 - draw.unit(), -1.0 / shape)),
            Shape::Empirical { values } => {
                let index = draw.below(values.len() as u32) as usize;
                values.get(index).copied().unwrap_or_default()
            }
            Shape::Constant { .. } | Shape::Exponential { .. } | Shape::Lognormal { .. } => self.sample(draw),
        }
    }

    /// The mean, or `None` where it is infinite (Pareto with a shape of at most 1).
    pub fn mean(&self) -> Option<Span> {
        let nanos = match &self.0 {
            Shape::Constant { value } => value.nanos() as f64,
            Shape::Uniform { low, high } => (low.nanos() as f64 + high.nanos() as f64) / 2.0,
            Shape::Exponential { mean } => *mean,
            Shape::Lognormal { mu, sigma } => exp(mu + sigma * sigma / 2.0),
            Shape::Pareto { shape, .. } if *shape <= 1.0 => return None,
            Shape::Pareto { minimum, shape } => minimum * shape / (shape - 1.0),
            Shape::Empirical { values } => {
                values.iter().map(|value| value.nanos() as f64).sum::<f64>() / values.len() as f64
            }
        };
        Some(rounded(nanos))
    }
}

#[inline]
fn rounded(nanos: f64) -> Span {
    Span::from_nanos((nanos + 0.5) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Purpose, Stream};

    fn samples(distribution: &Distribution) -> Vec<f64> {
        let stream = Stream::new(1, Purpose::Work, "it");
        let mut all: Vec<f64> =
            (0..200_000).map(|case| distribution.sample(stream.draw(case, 0)).seconds()).collect();
        all.sort_by(f64::total_cmp);
        all
    }

    /// Within 1.5 % of the quantile that theory gives, for each (probability, quantile in seconds).
    fn check(distribution: &Distribution, quantiles: &[(f64, f64)]) {
        let all = samples(distribution);
        for &(probability, expected) in quantiles {
            let got = all[(probability * all.len() as f64) as usize];
            assert!(
                (got / expected - 1.0).abs() < 0.015,
                "{distribution:?} at {probability}: {got}, expected {expected}"
            );
        }
        if let Some(mean) = distribution.mean() {
            let got = all.iter().sum::<f64>() / all.len() as f64;
            assert!(
                (got / mean.seconds() - 1.0).abs() < 0.015,
                "{distribution:?}: mean {got}, expected {mean}"
            );
        }
    }

    #[test]
    fn an_exponential_has_the_wrong_tail() {
        check(
            &Distribution::exponential(Span::from_millis(1000)),
            &[(0.25, 0.287_68), (0.95, 2.995_73), (0.999, 6.907_76)],
        );
    }

    #[test]
    fn a_lognormal_misses_its_median_or_its_p99() {
        check(
            &Distribution::lognormal(Span::from_millis(80), Span::from_millis(300)),
            &[(0.5, 0.08), (0.99, 0.3)],
        );
    }

    #[test]
    fn a_uniform_is_skewed() {
        let uniform = Distribution::uniform(Span::from_millis(10), Span::from_millis(20));
        check(&uniform, &[(0.1, 0.011), (0.5, 0.015), (0.9, 0.019)]);
        let all = samples(&uniform);
        assert!(all[0] >= 0.01 && all[all.len() - 1] <= 0.02);
    }

    #[test]
    fn a_pareto_has_the_wrong_tail() {
        check(&Distribution::pareto(Span::from_millis(10), 3.0), &[(0.5, 0.012_599), (0.99, 0.046_416)]);
        assert_eq!(Distribution::pareto(Span::from_millis(10), 1.0).mean(), None);
    }

    #[test]
    fn a_measured_value_is_never_drawn() {
        let values = [Span::from_millis(1), Span::from_millis(5), Span::from_millis(9)];
        check(&Distribution::empirical(&values), &[(0.2, 0.001), (0.5, 0.005), (0.9, 0.009)]);
        assert_eq!(Distribution::empirical(&[]).mean(), Some(Span::ZERO));
    }
}
