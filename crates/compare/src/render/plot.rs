//! A sweep as what is drawn of it: curves of one row over one axis, or fields over two, and their scale.

use super::Report;
use crate::{Axis, Cell, Line, Source};

/// What is drawn of a sweep.
pub(super) struct Plot<'a> {
    /// The row with its values; why it has none, in a sentence, where that is so.
    pub line: Result<&'a Line, &'static str>,
    /// One, or two.
    pub axes: &'a [Axis],
    /// One for each variant.
    pub curves: Vec<Curve<'a>>,
    /// Of the values, intervals included.
    pub scale: Scale,
}

/// A variant over all points.
pub(super) struct Curve<'a> {
    /// Of which variant.
    pub name: &'a str,
    /// By point, the last axis fastest.
    pub contenders: Vec<usize>,
    /// The point at which it bends most.
    pub knee: Option<usize>,
}

/// Where values lie between the least and the greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether equal factors are equally long.
    pub logarithmic: bool,
}

impl<'a> Plot<'a> {
    /// What is to be drawn, if it is a sweep.
    pub fn of(report: &'a Report<'_>) -> Option<Plot<'a>> {
        let (sweep, row) = report.sweep.as_ref()?;
        let line =
            report.table.lines.iter().find(|line| line.row.id == *row).ok_or_else(|| nothing_of(report, row));
        let points: usize = sweep.axes.iter().map(|axis| axis.values.len()).product();
        let curve = |(at, name): (usize, &'a String)| Curve {
            name,
            contenders: (at * points..(at + 1) * points).collect(),
            knee: sweep.knee(&report.table, at, row).map(|knee| knee.at),
        };
        let curves = sweep.variants.iter().enumerate().map(curve).collect();
        let cells = line.map_or(&[][..], |line| &line.cells);
        // Fields show values alone, curves show their intervals as well.
        let ends = |cell: &Cell| match sweep.axes.len() {
            1 => [cell.value, cell.low, cell.high],
            _ => [cell.value, None, None],
        };
        let scale = Scale::of(cells.iter().flat_map(ends).flatten());
        Some(Plot { line, axes: &sweep.axes, curves, scale })
    }
}

/// Why nothing is known of a row.
fn nothing_of(report: &Report<'_>, row: &str) -> &'static str {
    let study = report.study;
    let from_probes = study.row(row).is_some_and(|at| study.rows[at].source == Source::Probes);
    if from_probes && !study.settings.probes {
        "This row comes from experiments, and none were made: they are made only for the row that a sweep begins with."
    } else if report.table.partial {
        "There are no figures of this row yet."
    } else {
        "This row has no value anywhere."
    }
}

impl Curve<'_> {
    /// What was found at a point.
    pub fn cell<'b>(&self, line: &'b Line, point: usize) -> Option<&'b Cell> {
        line.cells.get(*self.contenders.get(point)?)
    }

    /// The value at a point.
    pub fn value(&self, line: &Line, point: usize) -> Option<f64> {
        self.cell(line, point)?.value.filter(|value| value.is_finite())
    }
}

impl Scale {
    /// Spans more than two decades: then what is small could not be told apart on a plain scale.
    const DECADES: f64 = 100.0;

    /// The scale of these values: from zero where none is below, logarithmic where they span more than two decades.
    pub fn of(values: impl Iterator<Item = f64>) -> Scale {
        let (low, high) = ends(values);
        if low > 0.0 && high > low * Self::DECADES {
            return Scale { low, high, logarithmic: true };
        }
        Scale::from_zero(low, high)
    }

    /// The same where no axis says what the scale is, so never logarithmic.
    pub fn plain(values: impl Iterator<Item = f64>) -> Scale {
        let (low, high) = ends(values);
        Scale::from_zero(low, high)
    }

    fn from_zero(low: f64, high: f64) -> Scale {
        let (low, high) = (low.min(0.0), high.max(0.0));
        Scale { low, high: if low < high { high } else { low + 1.0 }, logarithmic: false }
    }

    /// Where a value lies, 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            let ln = |value: f64| libm::log(value.max(f64::MIN_POSITIVE));
            (ln(value) - ln(self.low)) / (ln(self.high) - ln(self.low))
        } else {
            (value - self.low) / (self.high - self.low)
        };
        share.clamp(0.0, 1.0)
    }
}

/// The least and the greatest; zero where there is none.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut ends: Option<(f64, f64)> = None;
    for value in values.filter(|value| value.is_finite()) {
        ends = Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
    }
    ends.unwrap_or((0.0, 0.0))
}

/// `services.payment.workers down, links.default.loss across`.
pub(super) fn axes_in_words(axes: &[Axis]) -> String {
    let ways = ["down", "across"];
    let one = |(axis, way): (&Axis, &str)| format!("{} {way}", axis.path);
    axes.iter().zip(ways).map(one).collect::<Vec<_>>().join(", ")
}
