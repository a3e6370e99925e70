//! A sweep: the same contenders with one or two parameters over a range.

use crate::{Contender, Settings, Study, Table};

/// A parameter with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Where it stands in the scenario, e.g. `services.payment.workers`.
    pub path: String,
    /// The values, as they would be written in a scenario.
    pub values: Vec<String>,
}

/// Variants by one or two parameters. Its study has a contender for each variant at each point: variant by variant,
/// the first axis by value, the second axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The variants.
    pub variants: Vec<String>,
    /// One axis for curves, two for heat maps.
    pub axes: Vec<Axis>,
}

/// Where a curve bends most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knee {
    /// At which value of the axis, as its position.
    pub at: usize,
}

impl Axis {
    /// Reads `PATH=VALUES`: `workers=1..8`, `loss=0..0.2..0.05` (from, to, step), `for=5s..30s..5s`, `poisson 2..20..2/s`
    /// (a range within a text), `profile=kafka,rabbitmq-quorum` (a list).
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn read(_text: &str) -> Result<Axis, String> {
        Err("sweeps cannot be read yet".into())
    }
}

impl Sweep {
    /// The study of it.
    ///
    /// # Errors
    /// If a path or value does not suit the scenario, or there are too many points; for a person.
    pub fn study(&self, _text: &str, _settings: Settings) -> Result<Study, String> {
        Err("sweeps cannot be played yet".into())
    }

    /// The contender of a variant at a point.
    pub fn contender(&self, variant: usize, point: &[usize]) -> usize {
        let of_axis = |at: usize, (axis, &value): (&Axis, &usize)| at * axis.values.len() + value;
        self.axes.iter().zip(point).fold(variant, of_axis)
    }

    /// Where the curve of a variant has its knee, in a sweep of one axis; `None` if it is straight, or too short.
    pub fn knee(&self, _table: &Table, _variant: usize, _row: &str) -> Option<Knee> {
        None
    }
}

/// So that a stub of the study can be made.
#[allow(dead_code, reason = "replaced when sweeps are played")]
fn unused(_: Contender) {}
