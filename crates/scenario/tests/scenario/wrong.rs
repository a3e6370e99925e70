//! Wrong files, and everything that is said of each.
//!
//! Each case is a piece of a file; what it does not say is filled up from a small right one. The piece stands
//! first, so that the line numbers are those of the case.

mod blocks;
mod cells;
mod channels;
mod expressions;
mod groups;
mod handlers;
mod limits;
mod names;
mod parameters;
mod promises;
mod steps;
mod syntax;
mod values;
mod waits;

use expect_test::Expect;

/// A small file in which nothing is wrong.
pub const RIGHT: &str = "\
signalbox: 1
title: A shop
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop } }
services: { shop: { workers: 2 } }
handlers: { shop: { order: [work, reply] } }
";

/// The case filled up, and the diagnostics that it gives.
fn check(case: &str, expected: Expect) {
    exact(&filled_up(case), expected);
}

/// The diagnostics that this text gives as it stands.
fn exact(text: &str, expected: Expect) {
    let reading = scenario::read(text);
    let any_error = reading.diagnostics.iter().any(|it| it.severity == scenario::Severity::Error);
    assert_eq!(reading.scenario.is_none(), any_error, "a scenario or an error, not both");
    expected.assert_eq(&listed(&reading));
}

fn listed(reading: &scenario::Reading) -> String {
    reading.diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// The case with the lines of [`RIGHT`] that it does not say differently.
pub fn filled_up(case: &str) -> String {
    let case = case.trim_start_matches('\n');
    let said = |line: &&str| {
        let key = line.split(':').next().unwrap_or_default();
        case.lines().any(|own| own.split(':').next() == Some(key))
    };
    let rest: Vec<&str> = RIGHT.lines().filter(|line| !said(line)).collect();
    format!("{}\n{}\n", case.trim_end(), rest.join("\n"))
}

#[test]
fn the_right_file_is_wrong() {
    check("", expect_test::expect![[r#""#]]);
}
