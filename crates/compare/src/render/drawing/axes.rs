//! Where things stand along the axes.

use super::super::plot::Scale;
use crate::Axis;

/// So many steps there are about.
const STEPS: f64 = 5.0;

/// Round values along a scale.
pub(super) fn ticks(scale: &Scale) -> Vec<f64> {
    if scale.logarithmic {
        let all = decades(scale, &[1.0, 2.0, 5.0]);
        return if all.len() as f64 <= STEPS * 2.0 { all } else { decades(scale, &[1.0]) };
    }
    let rough = (scale.high - scale.low) / STEPS;
    let (digit, power) = digit_and_power(rough);
    let step = match digit {
        digit if digit < 1.5 => times_ten_to(1.0, power),
        digit if digit < 3.5 => times_ten_to(2.0, power),
        digit if digit < 7.5 => times_ten_to(5.0, power),
        _ => times_ten_to(1.0, power + 1),
    };
    let (first, last) = ((scale.low / step).ceil() as i64, (scale.high / step).floor() as i64);
    (first..=last).map(|at| at as f64 * step).collect()
}

fn decades(scale: &Scale, digits: &[f64]) -> Vec<f64> {
    let (_, from) = digit_and_power(scale.low);
    let (_, to) = digit_and_power(scale.high);
    let all = (from..=to).flat_map(|power| digits.iter().map(move |&digit| times_ten_to(digit, power)));
    all.filter(|&tick| tick >= scale.low && tick <= scale.high).collect()
}

fn digit_and_power(value: f64) -> (f64, i32) {
    let text = format!("{value:e}");
    let parts =
        text.split_once('e').and_then(|(digit, power)| Some((digit.parse().ok()?, power.parse().ok()?)));
    parts.unwrap_or((1.0, 0))
}

/// Read from its decimal form, which is the nearest number there is, on every machine.
fn times_ten_to(digit: f64, power: i32) -> f64 {
    format!("{digit}e{power}").parse().unwrap_or(1.0)
}

/// Where the values of an axis lie, 0 to 1: by their size if they are numbers in rising order; else one after the
/// other.
pub(super) fn places(axis: &Axis) -> Vec<f64> {
    let positions = axis.positions().filter(|them| them.windows(2).all(|pair| pair[0] < pair[1]));
    match positions.as_deref() {
        Some([first, .., last]) => {
            let share = |position: &f64| (position - first) / (last - first);
            positions.iter().flatten().map(share).collect()
        }
        _ => {
            let last = axis.values.len().saturating_sub(1).max(1) as f64;
            (0..axis.values.len()).map(|at| at as f64 / last).collect()
        }
    }
}

/// Heights in rising order, moved apart so that each is at least so far from the next, and within bounds if there is
/// room.
pub(super) fn spread(heights: &[f64], apart: f64, [top, bottom]: [f64; 2]) -> Vec<f64> {
    let mut heights = heights.to_vec();
    let mut least = top;
    for height in &mut heights {
        *height = height.max(least);
        least = *height + apart;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - apart;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_not_round() {
        let check = |low: f64, high: f64, logarithmic: bool, expected: &[f64]| {
            assert_eq!(ticks(&Scale { low, high, logarithmic }), expected);
        };
        check(0.0, 10.0, false, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        check(0.0, 0.93, false, &[0.0, 0.2, 0.4, 0.600_000_000_000_000_1, 0.8]);
        check(-3.0, 312.0, false, &[0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0]);
        check(3.0, 900.0, true, &[5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]);
        check(0.5, 5e6, true, &[1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]);
    }

    #[test]
    fn values_lie_where_they_do_not_belong() {
        let check = |values: &[&str], expected: &[f64]| {
            let values = values.iter().map(|&it| it.into()).collect();
            assert_eq!(places(&Axis { path: "somewhere".into(), values }), expected);
        };
        check(&["1", "2", "5"], &[0.0, 0.25, 1.0]);
        check(&["poisson 2/s", "poisson 4/s", "poisson 10/s"], &[0.0, 0.25, 1.0]);
        check(&["kafka", "rabbitmq-quorum"], &[0.0, 1.0]);
        check(&["5", "1", "2"], &[0.0, 0.5, 1.0]);
        check(&["3"], &[0.0]);
    }

    #[test]
    fn names_lie_on_each_other() {
        let heights = spread(&[10.0, 11.0, 12.0, 90.0, 99.0], 10.0, [0.0, 100.0]);
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{heights:?}");
        assert!(heights[0] >= 0.0 && heights[4] <= 100.0, "{heights:?}");
    }
}
