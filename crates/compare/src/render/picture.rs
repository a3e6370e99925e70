//! The small picture in a cell: where the value lies among those of the other contenders.

use super::plot::Scale;
use crate::{Cell, Line};

/// The scale of a row's pictures, and the baseline's value.
pub(super) struct Row {
    scale: Scale,
    baseline: Option<f64>,
}

/// So many runs are drawn at most: more would be a bar.
const RUNS: usize = 16;
/// How wide a picture is, in units of its own.
const WIDTH: f64 = 500.0;

impl Row {
    /// One scale for all contenders.
    pub fn of(line: &Line, baseline: usize) -> Row {
        let values = line.cells.iter().flat_map(|cell| [cell.value, cell.low, cell.high]).flatten();
        let runs = line.cells.iter().flat_map(some_runs);
        Row {
            scale: Scale::plain(values.chain(runs)),
            baseline: line.cells.get(baseline).and_then(|cell| cell.value),
        }
    }

    /// Where the baseline lies, in percent of the width.
    pub fn baseline(&self) -> Option<f64> {
        Some((self.x(self.baseline?) / WIDTH * 1000.0).round() / 10.0)
    }

    /// Where a value lies, with room for the dot at both ends.
    fn x(&self, value: f64) -> f64 {
        (WIDTH * (0.04 + 0.92 * self.scale.share(value))).round()
    }

    /// The picture of a cell, stretched to its width: three paths, which are sent again and again. A dot is a stroke of
    /// no length with a round end.
    pub fn cell(&self, cell: &Cell) -> String {
        let Some(value) = cell.value else { return String::new() };
        let mut out = format!(
            "<svg class=\"report-picture\" viewBox=\"0 0 {WIDTH} 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        );
        let mut path = |class: &str, strokes: &str| {
            if !strokes.is_empty() {
                out.push_str(&format!("<path class=\"{class}\" d=\"{strokes}\"/>"));
            }
        };
        if let (Some(low), Some(high)) = (cell.low.map(|it| self.x(it)), cell.high.map(|it| self.x(it)))
            && low < high
        {
            path("report-bar", &format!("M{low} 8H{high}"));
        }
        let mut places: Vec<f64> = some_runs(cell).map(|run| self.x(run)).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        path("report-runs", &places.iter().map(|x| format!("M{x} 4v8")).collect::<String>());
        path("report-dot", &format!("M{} 8h0", self.x(value)));
        out + "</svg>"
    }
}

/// A few runs, from all over them.
fn some_runs(cell: &Cell) -> impl Iterator<Item = f64> {
    let step = cell.runs.len().div_ceil(RUNS).max(1);
    cell.runs.iter().copied().step_by(step)
}
