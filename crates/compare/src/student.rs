//! Student's t distribution, with the functions of `libm` alone, so that a figure is the same on every machine to
//! the last digit.

/// The value that a t-distributed variable with `freedom` degrees of freedom exceeds in size with probability `p`.
pub(crate) fn quantile_two_sided(_p: f64, _freedom: f64) -> f64 {
    1.96
}
