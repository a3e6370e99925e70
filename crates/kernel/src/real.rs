//! Real functions that give the same bits on every machine. Use these, never those of `f64`.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// e to the power `x`.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `x` to the power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Square root; IEEE 754 defines it to the last bit, so std's would do as well.
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}
