//! The table: a line for each row, a cell for each contender, and what differs beyond chance.

mod chance;
mod mean;
mod notes;

use crate::row::{Better, Row, Source, Unit};
use crate::{Found, Study, probe, structure};
use mean::{Mean, Widths};

pub(crate) use notes::too_wide;

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
    /// The interval that covers the true mean with a probability of 95 percent, cut off where no value can be: below
    /// 0, and for a share above 1. Equal to the value where the row is exact; `None` where there are fewer than two
    /// runs.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The difference to the baseline; `None` for the baseline itself, where one has no value, and where fewer than
    /// two seeds can be compared.
    pub difference: Option<Difference>,
    /// The value of each run that has one, in the order of the seeds; empty where the row does not come from runs.
    pub runs: Vec<f64>,
    /// The run whose value is nearest to the mean, the first of them: its number, see [`Study::seed`].
    pub typical: Option<u64>,
    /// Whether no contender is better beyond chance, and some contender is worse beyond chance. A contender that a
    /// limit stopped is never the best of anything.
    pub best: bool,
    /// What is behind it, in words, for rows that do not come from runs.
    pub detail: String,
}

/// How a contender differs from the baseline: contender less baseline, seed by seed; its interval is not cut off. Where
/// the row does not come from runs, its ends are equal to the difference.
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

/// The table of what has been found. `over` says that nothing more will be.
pub(crate) fn table(
    study: &Study,
    runs: &[Vec<Option<Found>>],
    probes: &[Vec<Option<Found>>],
    baseline: usize,
    over: bool,
) -> Table {
    let numbers = complete(runs, u64::MAX);
    let mut headers = Vec::with_capacity(runs.len());
    let mut exact = Vec::with_capacity(runs.len());
    for ((contender, runs), probes) in study.contenders.iter().zip(runs).zip(probes) {
        let halted = numbers.iter().filter(|&&number| halt(runs, number).is_some()).count() as u64;
        headers.push(Header { name: contender.name.clone(), halted });
        let mut known = structure::rows(contender);
        if !probes.is_empty() {
            known.extend(probe::rows(contender, probes));
        }
        exact.push(known);
    }
    let mut maker = Maker {
        study,
        runs,
        numbers: &numbers,
        headers: &headers,
        exact,
        baseline,
        widths: Widths::default(),
    };
    let mut drafts: Vec<Draft> = (0..study.rows.len()).filter_map(|row| maker.draft(row)).collect();
    let of_runs = drafts.iter().filter(|draft| draft.line.row.source == Source::Runs);
    let limit = chance::holm(of_runs.flat_map(|draft| draft.to_baseline.iter().flatten().copied()).collect());
    drafts.iter_mut().for_each(|draft| draft.judge(limit, &headers));
    Table {
        lines: drafts.into_iter().map(|draft| draft.line).collect(),
        notes: notes::notes(study, runs, &numbers, over),
        seeds: numbers.len() as u64,
        partial: !over,
        headers,
        baseline,
    }
}

/// The numbers of the runs, below `before`, that all contenders have been through.
fn complete(runs: &[Vec<Option<Found>>], before: u64) -> Vec<usize> {
    let shortest = runs.iter().map(Vec::len).min().unwrap_or(0);
    let is_complete = |&number: &usize| runs.iter().all(|runs| runs[number].is_some());
    (0..shortest.min(usize::try_from(before).unwrap_or(usize::MAX))).filter(is_complete).collect()
}

/// The value of a row in each of these runs, NaN where it has none.
fn values(runs: &[Option<Found>], numbers: &[usize], row: usize) -> Vec<f64> {
    let value = |&number: &usize| runs[number].as_ref().and_then(|found| found.values.get(row).copied());
    numbers.iter().map(|number| value(number).unwrap_or(f64::NAN)).collect()
}

/// Why a run was stopped, if it was.
fn halt(runs: &[Option<Found>], number: usize) -> Option<&str> {
    runs[number].as_ref().and_then(|found| found.halted.as_deref())
}

/// What lines are made from.
struct Maker<'a> {
    study: &'a Study,
    runs: &'a [Vec<Option<Found>>],
    /// The runs that count.
    numbers: &'a [usize],
    headers: &'a [Header],
    /// By contender, what its plan and its probes say: the row's id, the value, what is behind it.
    exact: Vec<Vec<(&'static str, f64, String)>>,
    baseline: usize,
    widths: Widths,
}

/// A line whose differences have not been judged yet: that takes all lines together.
struct Draft {
    line: Line,
    /// By contender, how probable such a difference to the baseline is by chance; `None` where there is none.
    to_baseline: Vec<Option<f64>>,
    /// The same for being worse than the contender with the best value.
    to_leader: Vec<Option<f64>>,
}

impl Maker<'_> {
    /// The line of a row; `None` if no contender has a value.
    fn draft(&mut self, row: usize) -> Option<Draft> {
        let row_of = &self.study.rows[row];
        let count = self.runs.len();
        let (mut columns, mut cells) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for contender in 0..count {
            let (column, cell) = match row_of.source {
                Source::Runs => self.of_runs(contender, row),
                Source::Probes | Source::Plan => self.of_exact(contender, row_of),
            };
            columns.push(column);
            cells.push(cell);
        }
        let leader = self.leader(&cells, row_of.better)?;
        let (mut to_baseline, mut to_leader) = (vec![None; count], vec![None; count]);
        for at in 0..count {
            if at != self.baseline
                && let Some((difference, chance)) =
                    self.difference(row_of, &columns[at], &columns[self.baseline])
            {
                cells[at].difference = Some(difference);
                to_baseline[at] = Some(chance);
            }
            if at != leader
                && let Some((difference, chance)) = self.difference(row_of, &columns[at], &columns[leader])
                && is_better(row_of.better, 0.0, difference.value)
            {
                to_leader[at] = Some(chance);
            }
        }
        Some(Draft { line: Line { row: row_of.clone(), cells, differs: false }, to_baseline, to_leader })
    }

    /// The values of a row in the runs of a contender, and its cell.
    fn of_runs(&mut self, contender: usize, row: usize) -> (Vec<f64>, Cell) {
        let column = values(&self.runs[contender], self.numbers, row);
        let runs: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        let Some(mean) = Mean::of(&runs) else { return (column, Cell::default()) };
        let half = self.widths.half(&mean);
        let possible = |end: f64| match self.study.rows[row].unit {
            Unit::Share => end.clamp(0.0, 1.0),
            Unit::Milliseconds | Unit::Count | Unit::PerSecond | Unit::Factor => end.max(0.0),
        };
        let mut typical: Option<(f64, u64)> = None;
        for (&number, value) in self.numbers.iter().zip(&column) {
            let away = (value - mean.value).abs();
            if typical.map_or(!away.is_nan(), |(nearest, _)| away < nearest) {
                typical = Some((away, number as u64));
            }
        }
        let cell = Cell {
            value: Some(mean.value),
            low: half.map(|half| possible(mean.value - half)),
            high: half.map(|half| possible(mean.value + half)),
            typical: typical.map(|(_, number)| number),
            runs,
            ..Cell::default()
        };
        (column, cell)
    }

    /// The one value that a contender's plan or its probes have for a row, and its cell.
    fn of_exact(&self, contender: usize, row: &Row) -> (Vec<f64>, Cell) {
        let known = self.exact[contender].iter().find(|(id, _, _)| *id == row.id);
        let Some((_, value, detail)) = known.filter(|(_, value, _)| !value.is_nan()) else {
            return (Vec::new(), Cell::default());
        };
        let end = (row.source == Source::Plan).then_some(*value);
        let cell =
            Cell { value: Some(*value), low: end, high: end, detail: detail.clone(), ..Cell::default() };
        (vec![*value], cell)
    }

    /// Who has the best value: the first of them, and none that was stopped unless all were.
    fn leader(&self, cells: &[Cell], better: Better) -> Option<usize> {
        let mut leader: Option<(usize, f64, bool)> = None;
        for (at, cell) in cells.iter().enumerate() {
            let Some(value) = cell.value else { continue };
            let whole = self.headers[at].halted == 0;
            let leads = leader.is_none_or(|(_, best, best_whole)| {
                whole && !best_whole || whole == best_whole && is_better(better, value, best)
            });
            if leads {
                leader = Some((at, value, whole));
            }
        }
        leader.map(|(at, _, _)| at)
    }

    /// How a contender differs from another, and how probable that is by chance.
    fn difference(&mut self, row: &Row, column: &[f64], other: &[f64]) -> Option<(Difference, f64)> {
        let (mean, chance) = match row.source {
            Source::Runs => {
                let mean = if self.study.settings.independent {
                    Mean::of_numbers(column)?.less(&Mean::of_numbers(other)?)
                } else {
                    let pairs: Vec<f64> =
                        column.iter().zip(other).map(|(value, other)| value - other).collect();
                    Mean::of_numbers(&pairs)?
                };
                let chance = mean.chance()?;
                (mean, chance)
            }
            Source::Probes | Source::Plan => {
                let (value, other) = (*column.first()?, *other.first()?);
                let enough = if row.source == Source::Probes {
                    PROBES_DIFFER * value.abs().max(other.abs())
                } else {
                    0.0
                };
                let differs = (value - other).abs() > enough;
                (Mean::exact(value - other), if differs { 0.0 } else { 1.0 })
            }
        };
        let half = self.widths.half(&mean).unwrap_or(0.0);
        let (value, low, high) = (mean.value, mean.value - half, mean.value + half);
        Some((Difference { value, low, high, beyond_chance: false }, chance))
    }
}

impl Draft {
    /// Says what is beyond chance: whatever is no more probable than this limit.
    fn judge(&mut self, limit: f64, headers: &[Header]) {
        let is_beyond = |chance: Option<f64>| chance.is_some_and(|chance| chance <= limit);
        let some_is_worse = self.to_leader.iter().any(|&chance| is_beyond(chance));
        for (at, cell) in self.line.cells.iter_mut().enumerate() {
            if let Some(difference) = &mut cell.difference {
                difference.beyond_chance = is_beyond(self.to_baseline[at]);
                self.line.differs |= difference.beyond_chance;
            }
            let may_lead = cell.value.is_some() && headers[at].halted == 0;
            cell.best = some_is_worse && may_lead && !is_beyond(self.to_leader[at]);
        }
    }
}

fn is_better(better: Better, one: f64, other: f64) -> bool {
    match better {
        Better::Less => one < other,
        Better::More => one > other,
    }
}

/// Values from probes, which are made with one seed, differ if they do by more than this share of the greater.
const PROBES_DIFFER: f64 = 0.1;
