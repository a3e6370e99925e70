//! A mean, and how sure it is.

use crate::student;

/// A mean of values that differ by chance, or a difference of two.
#[derive(Clone, Debug)]
pub(crate) struct Mean {
    pub(crate) value: f64,
    /// Its standard error.
    error: f64,
    /// The degrees of freedom of the error; 0: it is not known.
    degrees: f64,
}

impl Mean {
    /// Of these values; `None` if there are none. They are added in their order.
    pub(crate) fn of(values: &[f64]) -> Option<Mean> {
        Mean::over(values.iter().copied())
    }

    /// Of those that are numbers.
    pub(crate) fn of_numbers(values: &[f64]) -> Option<Mean> {
        Mean::over(values.iter().copied().filter(|value| !value.is_nan()))
    }

    fn over(values: impl Iterator<Item = f64> + Clone) -> Option<Mean> {
        // Taken from the first value, so that the mean of equal values is that value.
        let origin = values.clone().next()?;
        let (mut count, mut sum) = (0_u32, 0.0);
        for value in values.clone() {
            count += 1;
            sum += value - origin;
        }
        let count = f64::from(count);
        let (value, degrees) = (origin + sum / count, count - 1.0);
        let squares: f64 = values.map(|each| (each - value) * (each - value)).sum();
        let error = if degrees > 0.0 { (squares / degrees / count).sqrt() } else { 0.0 };
        Some(Mean { value, error, degrees })
    }

    /// One that is known for certain.
    pub(crate) fn exact(value: f64) -> Mean {
        Mean { value, error: 0.0, degrees: 0.0 }
    }

    /// How far it is from one that has nothing to do with it (Welch 1947).
    pub(crate) fn less(&self, other: &Mean) -> Mean {
        let (one, two) = (self.error * self.error, other.error * other.error);
        let least = self.degrees.min(other.degrees);
        let both = one * one / self.degrees + two * two / other.degrees;
        let degrees = if least > 0.0 && both > 0.0 { (one + two) * (one + two) / both } else { least };
        Mean { value: self.value - other.value, error: (one + two).sqrt(), degrees }
    }

    /// How probable it is that it is at least so far from 0 by chance; `None` if its error is not known.
    pub(crate) fn chance(&self) -> Option<f64> {
        if self.degrees <= 0.0 {
            return None;
        }
        if self.value == 0.0 {
            return Some(1.0);
        }
        // Where all values are equal the t test is as sure as can be. Two or three equal ones may well be chance: all
        // customers of three runs had the same luck. Rounding is not counted as a difference between values.
        if self.error <= ROUNDING * self.value.abs() {
            return Some(if self.degrees + 1.0 >= EQUAL_VALUES_TELL { 0.0 } else { 1.0 });
        }
        Some(student::two_sided(self.value / self.error, self.degrees))
    }
}

/// How wide intervals are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Widths {
    /// The degrees of freedom that were asked for last, and their factor: most of a table have the same.
    known: Option<(f64, f64)>,
}

impl Widths {
    /// Half of the interval that covers the true mean with a probability of 95 percent; `None` if the error is not
    /// known.
    pub(crate) fn half(&mut self, mean: &Mean) -> Option<f64> {
        if mean.degrees <= 0.0 {
            return None;
        }
        let factor = match self.known {
            Some((degrees, factor)) if degrees == mean.degrees => factor,
            Some(_) | None => student::quantile(1.0 - COVERED, mean.degrees),
        };
        self.known = Some((mean.degrees, factor));
        Some(factor * mean.error)
    }
}

/// The probability with which an interval covers the true mean.
const COVERED: f64 = 0.95;
/// So many equal values that are not 0 are no chance.
const EQUAL_VALUES_TELL: f64 = 5.0;
/// Values that differ by less than this share of their mean are equal.
const ROUNDING: f64 = 1e-12;
