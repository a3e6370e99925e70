//! Figures in words.

use crate::render::shown;
use crate::row::Unit;

/// `no orders`, `1 order`, `47 orders`.
pub(super) fn count(value: f64, what: &str) -> String {
    match whole(value).as_str() {
        "0" => format!("no {what}s"),
        "1" => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}

/// A number of things on average, rounded; below 1 with as many digits as it is worth, so that little is not nothing.
pub(super) fn whole(value: f64) -> String {
    shown(if value >= 0.95 { value.round() } else { value }, Unit::Count)
}

/// `all`, `none of the`, `4 of 100`, `3 of 1,000`.
pub(super) fn share_of(share: f64, whom: &str) -> String {
    if share >= 1.0 {
        return format!("all {whom}");
    }
    if share <= 0.0 {
        return format!("none of the {whom}");
    }
    for of in [100.0, 1000.0, 10_000.0] {
        let part = (share * of).round();
        if part > 0.0 && part < of {
            return format!("{} of {} {whom}", shown(part, Unit::Count), shown(of, Unit::Count));
        }
    }
    let rest = "fewer than 1 of 10,000";
    if share < 0.5 { format!("{rest} {whom}") } else { format!("all but {rest} {whom}") }
}

/// `all of them`, `none of them`, `84 of 100`.
pub(super) fn share(share: f64) -> String {
    match share_of(share, "").trim_end() {
        "all" => "all of them".into(),
        "none of the" => "none of them".into(),
        part => part.into(),
    }
}

/// A fact as one says it: `on ticker`.
pub(super) fn fact(name: &str) -> String {
    name.replace('_', " ")
}

/// `once`, `twice`, `47 times`.
pub(super) fn often(value: f64) -> String {
    match whole(value).as_str() {
        "1" => "once".into(),
        "2" => "twice".into(),
        number => format!("{number} times"),
    }
}

/// `in every run`, `in 3 of 100 runs`: in how many of these there is something.
pub(super) fn in_runs(runs: &[f64]) -> String {
    match runs.iter().filter(|&&value| value > 0.0).count() {
        count if count == runs.len() => "in every run".into(),
        count => format!("in {count} of {} runs", runs.len()),
    }
}

/// `twice`, `2.5 times`, `6 times`.
pub(super) fn times(factor: f64) -> String {
    let digits = if factor < 2.95 { 10.0 } else { 1.0 };
    let factor = (factor * digits).round() / digits;
    if factor == 2.0 { "twice".into() } else { format!("{} times", shown(factor, Unit::Count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_not_said_as_people_say_it() {
        let counts = [0.0, 0.2, 0.96, 1.0, 1.4, 1.5, 47.3, 1234.4].map(|value| count(value, "order"));
        let expected = [
            "no orders",
            "0.2 orders",
            "1 order",
            "1 order",
            "1 order",
            "2 orders",
            "47 orders",
            "1,234 orders",
        ];
        assert_eq!(counts, expected);
        let shares =
            [0.0, 0.00001, 0.003, 0.04, 0.5, 0.996, 0.99999, 1.0].map(|share| share_of(share, "customers"));
        let expected = [
            "none of the customers",
            "fewer than 1 of 10,000 customers",
            "3 of 1,000 customers",
            "4 of 100 customers",
            "50 of 100 customers",
            "996 of 1,000 customers",
            "all but fewer than 1 of 10,000 customers",
            "all customers",
        ];
        assert_eq!(shares, expected);
        assert_eq!(
            [1.5, 2.0, 2.04, 2.5, 3.2, 10.0].map(times),
            ["1.5 times", "twice", "twice", "2.5 times", "3 times", "10 times"]
        );
        assert_eq!([0.4, 1.2, 2.0, 47.0].map(often), ["0.4 times", "once", "twice", "47 times"]);
    }
}
