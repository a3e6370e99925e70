//! The table: a line for each row, a cell for each contender, and what differs beyond chance.

use crate::row::Row;
use crate::{Found, Study};

/// What a study has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// One for each contender.
    pub headers: Vec<Header>,
    /// One for each row that has a value in some contender.
    pub lines: Vec<Line>,
    /// To which contender the others are compared.
    pub baseline: usize,
    /// With how many seeds all contenders were run.
    pub seeds: u64,
    /// Whether it was ended before everything was played.
    pub partial: bool,
    /// What a reader should know, in sentences: contenders that do not do the same work, runs that a limit stopped,
    /// a precision that was not reached.
    pub notes: Vec<String>,
}

/// A contender.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// How many of its runs were stopped by a limit.
    pub halted: u64,
}

/// A row with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is measured.
    pub row: Row,
    /// One for each contender.
    pub cells: Vec<Cell>,
    /// Whether some contender differs from the baseline beyond chance.
    pub differs: bool,
}

/// The value of a row for one contender.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The mean over the runs; `None` where no run has a value.
    pub value: Option<f64>,
    /// The interval that covers the true mean with a probability of 95 percent. Equal to the value where the row is
    /// exact; `None` where there are fewer than two runs.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The difference to the baseline; `None` for the baseline itself, and where one has no value.
    pub difference: Option<Difference>,
    /// The value of each run, in the order of the seeds; empty where the row does not come from runs.
    pub runs: Vec<f64>,
    /// The run whose value is nearest to the mean.
    pub typical: Option<u64>,
    /// Whether no contender is better beyond chance, and some contender is worse beyond chance.
    pub best: bool,
    /// What is behind it, in words, for rows that do not come from runs.
    pub detail: String,
}

/// How a contender differs from the baseline: contender less baseline, seed by seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The mean difference.
    pub value: f64,
    /// The interval that covers the true difference with a probability of 95 percent.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Whether it is beyond chance: all differences of a table together are so with a probability of at most
    /// 5 percent where there is none.
    pub beyond_chance: bool,
}

pub(crate) fn table(
    study: &Study,
    runs: &[Vec<Option<Found>>],
    _probes: &[Vec<Option<Found>>],
    baseline: usize,
) -> Table {
    let seeds = runs.iter().map(|runs| runs.iter().flatten().count()).min().unwrap_or(0) as u64;
    let headers = study.contenders.iter().map(|it| Header { name: it.name.clone(), halted: 0 }).collect();
    Table {
        headers,
        lines: Vec::new(),
        baseline,
        seeds,
        partial: seeds < study.settings.seeds,
        notes: Vec::new(),
    }
}
