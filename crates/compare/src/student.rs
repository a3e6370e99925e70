//! Student's t: how probable a mean as far from zero as this is by chance alone, and how wide an interval has to be.
//!
//! It is written out here because a table has to have the same figures natively and in every browser, to the last
//! digit: libraries of statistics call the logarithm and the exponential of std, which are the platform's and differ
//! between x86-64 and wasm32. What is used here is addition, multiplication, division, square roots (which IEEE 754
//! defines to the last bit) and the functions of `libm`, which are the same code everywhere.

/// How probable it is that a t with so many degrees of freedom (1 or more, not necessarily whole) is at least as far
/// from 0 as this one, on either side.
pub(crate) fn two_sided(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    // The two arguments add up to 1; each is computed by itself, so that neither is lost beside the other.
    incomplete_beta(degrees / (degrees + square), square / (degrees + square), degrees / 2.0, 0.5)
}

/// The t beyond which, on either side, lies a share of `share` (above 0, at most 1): the 97.5th percentile for 0.05.
///
/// Newton's method from 0. The share beyond t falls ever more slowly as t grows, so every step stays before the
/// solution, and the first that does not go forward is the last.
pub(crate) fn quantile(share: f64, degrees: f64) -> f64 {
    let half = 0.5 * degrees;
    let scale =
        libm::lgamma(half + 0.5) - libm::lgamma(half) - 0.5 * libm::log(degrees * std::f64::consts::PI);
    let mut t = 0.0;
    for _ in 0..STEPS_MAX {
        let density = libm::exp(scale - (half + 0.5) * libm::log1p(t * t / degrees));
        let next = t + (two_sided(t, degrees) - share) / (2.0 * density);
        // In the farthest tails the density is 0, and there is no next.
        if next.is_nan() || next <= t {
            break;
        }
        t = next;
    }
    t
}

/// The regularized incomplete beta function I_x(a, b), where `rest` is 1 − x.
fn incomplete_beta(x: f64, rest: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || rest <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let scale = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(scale + a * libm::log(x) + b * libm::log(rest));
    // The fraction converges fast on one side of the mean only; I_x(a, b) = 1 − I_1−x(b, a) leads there.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(rest, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, from its front by the method of Lentz as modified by
/// Thompson and Barnett (Press et al., Numerical Recipes, section 6.4).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let not_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = denominator;
    for step in 1..TERMS_MAX {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            denominator = 1.0 / not_zero(1.0 + term * denominator);
            numerator = not_zero(1.0 + term / numerator);
            value *= numerator * denominator;
        }
        if (numerator * denominator - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// Steps of Newton's method, which needs some ten; in the far tail of few degrees of freedom each doubles t.
const STEPS_MAX: u32 = 200;
/// Terms of the continued fraction; it needs as many as the square root of the degrees of freedom.
const TERMS_MAX: u32 = 10_000;
/// Stands for 0 where something is divided by it.
const TINY: f64 = 1e-300;

#[cfg(test)]
mod tests {
    use super::*;

    /// The share between −t and t, by the finite series of Abramowitz and Stegun, 26.7.3 and 26.7.4: another way
    /// than the one above.
    fn between(t: f64, degrees: u32) -> f64 {
        let angle = libm::atan2(t, f64::from(degrees).sqrt());
        let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
        let odd = degrees % 2 == 1;
        let (mut term, mut sum) = if odd { (cosine, 0.0) } else { (1.0, 0.0) };
        let mut at = if odd { 1 } else { 0 };
        while at + 2 <= degrees {
            sum += term;
            at += 2;
            term *= cosine * cosine * f64::from(at - 1) / f64::from(at);
        }
        if odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
    }

    #[test]
    fn a_probability_is_off() {
        for degrees in [1, 2, 3, 4, 5, 7, 10, 15, 19, 30, 99, 100, 999] {
            for t in [0.0, 1e-6, 0.01, 0.3, 1.0, 1.7, 2.0, 2.5, 4.0, 8.0, 30.0] {
                let (ours, theirs) = (two_sided(t, f64::from(degrees)), 1.0 - between(t, degrees));
                assert!((ours - theirs).abs() < 1e-11, "t {t}, {degrees} degrees: {ours:e}, not {theirs:e}");
                assert_eq!(ours, two_sided(-t, f64::from(degrees)), "a side counts for more than the other");
            }
        }
    }

    #[test]
    fn a_probability_far_out_is_nothing_but_rounding() {
        // With one and with two degrees the share beyond has a closed form that keeps its digits.
        for t in [1e3, 1e6, 1e9] {
            let one = 2.0 * libm::atan(1.0 / t) / std::f64::consts::PI;
            let root = (2.0 + t * t).sqrt();
            let two = 2.0 / (root * (root + t));
            for (ours, exact) in [(two_sided(t, 1.0), one), (two_sided(t, 2.0), two)] {
                assert!((ours / exact - 1.0).abs() < 1e-9, "t {t}: {ours:e}, not {exact:e}");
            }
        }
        assert_eq!(two_sided(f64::INFINITY, 3.0), 0.0);
    }

    #[test]
    fn degrees_that_are_not_whole_are_rounded() {
        // Simpson's rule over the density, for degrees of freedom as Welch's test has them.
        for (t, degrees) in [(0.7, 1.5), (2.1, 3.5), (3.3, 17.25), (1.9, 123.456)] {
            let half = degrees / 2.0;
            let scale = libm::exp(libm::lgamma(half + 0.5) - libm::lgamma(half))
                / (degrees * std::f64::consts::PI).sqrt();
            let density = |t: f64| scale * libm::pow(1.0 + t * t / degrees, -half - 0.5);
            let (count, step) = (20_000, t / 20_000.0);
            let weight = |at: u32| if at == 0 || at == count { 1.0 } else { f64::from(2 + at % 2 * 2) };
            let sum: f64 = (0..=count).map(|at| weight(at) * density(f64::from(at) * step)).sum();
            let (ours, theirs) = (two_sided(t, degrees), 1.0 - 2.0 * sum * step / 3.0);
            assert!((ours - theirs).abs() < 1e-10, "t {t}, {degrees} degrees: {ours:e}, not {theirs:e}");
        }
    }

    #[test]
    fn an_interval_is_not_what_the_tables_say() {
        // The 97.5th percentiles as every textbook prints them, and the 99.5th.
        let tables = [
            (0.05, 1.0, "12.706"),
            (0.05, 2.0, "4.303"),
            (0.05, 4.0, "2.776"),
            (0.05, 7.0, "2.365"),
            (0.05, 15.0, "2.131"),
            (0.05, 19.0, "2.093"),
            (0.05, 30.0, "2.042"),
            (0.05, 100.0, "1.984"),
            (0.05, 1000.0, "1.962"),
            (0.01, 1.0, "63.657"),
            (0.01, 9.0, "3.250"),
            (0.01, 60.0, "2.660"),
        ];
        for (share, degrees, printed) in tables {
            let ours = quantile(share, degrees);
            assert_eq!(format!("{ours:.3}"), printed, "{share} of {degrees}");
            assert!(
                (two_sided(ours, degrees) - share).abs() < 1e-13,
                "{share} of {degrees}: does not come back"
            );
        }
        // With one, two and four degrees there are closed forms.
        let exact = [(1.0, 12.706_204_736_174_7), (2.0, 4.302_652_729_749_462), (4.0, 2.776_445_105_197_799)];
        for (degrees, exact) in exact {
            let ours = quantile(0.05, degrees);
            assert!((ours / exact - 1.0).abs() < 1e-11, "{degrees} degrees: {ours}, not {exact}");
        }
        // Many degrees are the normal distribution, and the first term of the series in 1 / degrees.
        let (normal, degrees) = (1.959_963_984_540_054, 1e6);
        let exact = normal + (normal * normal * normal + normal) / (4.0 * degrees);
        let ours = quantile(0.05, degrees);
        assert!((ours - exact).abs() < 1e-8, "{ours}, not {exact}");
    }

    #[test]
    fn a_share_far_out_is_never_found() {
        for share in [1e-3, 1e-6, 1e-9, 1e-12] {
            for degrees in [1.0, 2.5, 19.0, 199.0] {
                let back = two_sided(quantile(share, degrees), degrees);
                assert!((back / share - 1.0).abs() < 1e-9, "{share:e} of {degrees}: {back:e}");
            }
        }
    }
}
