//! The small picture in a cell: where the value lies among those of the other contenders.

use super::plot::Scale;
use crate::{Cell, Line};

/// The scale of a row's pictures, and the baseline's value.
pub(super) struct Row {
    scale: Scale,
    baseline: Option<f64>,
}

/// So many runs are drawn at most: more would be a bar.
const RUNS: usize = 24;

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

    /// Where a value lies, in percent of the width, with room for the dot at both ends.
    fn x(&self, value: f64) -> f64 {
        4.0 + 92.0 * self.scale.share(value)
    }

    /// The picture of a cell. Positions are shares, so that it is as wide as its cell.
    pub fn cell(&self, cell: &Cell) -> String {
        let Some(value) = cell.value else {
            return "<svg class=\"report-picture\" aria-hidden=\"true\"></svg>".into();
        };
        let mut out = String::from("<svg class=\"report-picture\" aria-hidden=\"true\">");
        let mut line = |class: &str, from: f64, to: f64, [top, bottom]: [u8; 2]| {
            out.push_str(&format!(
                "<line class=\"{class}\" x1=\"{from:.1}%\" x2=\"{to:.1}%\" y1=\"{top}\" y2=\"{bottom}\"/>"
            ));
        };
        line("report-track", 0.0, 100.0, [8, 8]);
        if let Some(baseline) = self.baseline {
            line("report-tick", self.x(baseline), self.x(baseline), [0, 16]);
        }
        if let (Some(low), Some(high)) = (cell.low, cell.high) {
            line("report-bar", self.x(low), self.x(high), [8, 8]);
        }
        out.push_str(&self.runs(cell));
        out.push_str(&format!(
            "<circle class=\"report-dot\" cx=\"{:.1}%\" cy=\"8\" r=\"4\"/></svg>",
            self.x(value)
        ));
        out
    }

    /// All strokes in one path, which is much shorter than a line for each. A path knows no percent, so it has a scale
    /// of its own, a thousand wide.
    fn runs(&self, cell: &Cell) -> String {
        let strokes: String = some_runs(cell).map(|run| format!("M{:.0} 4v8", self.x(run) * 10.0)).collect();
        if strokes.is_empty() {
            return strokes;
        }
        format!(
            "<svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\"><path class=\"report-runs\" d=\"{strokes}\"/></svg>"
        )
    }
}

/// A few runs, from all over them.
fn some_runs(cell: &Cell) -> impl Iterator<Item = f64> {
    let step = cell.runs.len().div_ceil(RUNS).max(1);
    cell.runs.iter().copied().step_by(step)
}
