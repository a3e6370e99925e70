//! How values are written for people.

use crate::Unit;

/// A value with its unit, in three digits: `12.3 ms`, `4.56 s`, `98.2 %`, `47`, `0.13`, `20.1/s`, `×1.98`.
pub fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds => format!("{value:.1} ms"),
        Unit::Share => format!("{:.1} %", value * 100.0),
        Unit::Count => format!("{value:.2}"),
        Unit::PerSecond => format!("{value:.2}/s"),
        Unit::Factor => format!("×{value:.2}"),
    }
}
