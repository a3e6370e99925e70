//! For a terminal. What is the same in all contenders is said in one paragraph at the end, so that what differs fits on
//! a screen or two; differences themselves are left to the other forms.

use super::value::{self, NONE};
use super::words;
use super::{Report, plot};
use crate::{Cell, Group, Line};

const LABEL: usize = 26;
const GAP: usize = 2;
/// A contender's name is broken rather than that it makes its column wider than this.
const NAME: usize = 16;
/// Sentences are not read in lines longer than this.
const SENTENCE: usize = 100;
/// Less than this cannot hold a table.
const LEAST: usize = 60;

pub(super) fn text(report: &Report<'_>, width: usize) -> String {
    let mut out = Out { text: String::new(), width: width.max(LEAST) };
    out.line(&report.study.title);
    out.line(&words::made(report));
    match plot::Plot::of(report) {
        Some(plot) => swept(&mut out, &plot),
        None => compared(&mut out, report),
    }
    if !report.table.notes.is_empty() {
        out.line("");
        report.table.notes.iter().for_each(|note| out.item("Note: ", note));
    }
    out.text
}

fn compared(out: &mut Out, report: &Report<'_>) {
    let table = &report.table;
    if !report.claims.is_empty() {
        out.line("");
        report.claims.iter().for_each(|claim| out.item("- ", &claim.text));
    }
    if table.lines.is_empty() {
        return;
    }
    let (same, lines): (Vec<&Line>, Vec<&Line>) = table.lines.iter().partition(|line| is_same(line));
    let columns = columns(report, &lines);
    let mut rest = 0..columns.len();
    while !rest.is_empty() && !lines.is_empty() {
        let mut width = LABEL;
        let fits = rest.clone().take_while(|&at| {
            width += GAP + columns[at].width;
            width <= out.width || at == rest.start
        });
        let end = rest.start + fits.count();
        block(out, &lines, &columns[rest.start..end]);
        rest.start = end;
    }
    if !same.is_empty() {
        let same = same.iter().filter_map(|line| {
            let cell = line.cells.first()?;
            Some(format!("{} ({})", line.row.name, value::cell(cell, line.row.unit).value))
        });
        out.line("");
        out.item("The same in all: ", &format!("{}.", same.collect::<Vec<_>>().join("; ")));
    }
    if let (true, Some(baseline)) = (table.headers.len() > 1, table.headers.get(table.baseline)) {
        out.line("");
        let name = &baseline.name;
        out.item("", &format!("* Differs from {name} beyond chance (95 %, over all rows together); the other formats say by how much."));
    }
    if lines
        .iter()
        .any(|line| line.cells.iter().any(|cell| value::cell(cell, line.row.unit).interval.is_some()))
    {
        out.item("", "± The 95 % interval of the mean; (≤) is its upper end if its lower one is the least that can be, (≥) the other way round.");
    }
    words::mark(report).into_iter().for_each(|mark| out.item("", mark));
}

/// Whether a row says the same of all contenders, if there are several.
fn is_same(line: &Line) -> bool {
    let shown = |cell: &Cell| value::cell(cell, line.row.unit);
    let Some((first, others)) = line.cells.split_first() else { return true };
    let first = shown(first);
    !line.differs
        && first.interval.is_none()
        && !others.is_empty()
        && others.iter().all(|cell| shown(cell) == first)
}

/// A contender: its name, and for each row its cell.
struct Column {
    width: usize,
    head: Vec<String>,
    cells: Vec<String>,
}

fn columns(report: &Report<'_>, lines: &[&Line]) -> Vec<Column> {
    let table = &report.table;
    let column = |(at, header): (usize, &crate::Header)| {
        let mut head = wrapped(&header.name, NAME);
        if at == table.baseline && table.headers.len() > 1 {
            head.push("(baseline)".into());
        }
        head.extend(words::halted(header.halted, table.seeds));
        let cell = |line: &&Line| line.cells.get(at).map_or(String::new(), |cell| cell_text(line, cell));
        let cells: Vec<String> = lines.iter().map(cell).collect();
        let width = head.iter().chain(&cells).map(|text| columns_of(text)).max();
        Column { width: width.unwrap_or(0), head, cells }
    };
    table.headers.iter().enumerate().map(column).collect()
}

fn cell_text(line: &Line, cell: &Cell) -> String {
    let mark = if cell.difference.is_some_and(|it| it.beyond_chance) { " *" } else { "" };
    format!("{}{mark}", value::cell(cell, line.row.unit).short)
}

fn block(out: &mut Out, lines: &[&Line], columns: &[Column]) {
    out.line("");
    let heads: Vec<&[String]> = columns.iter().map(|column| &column.head[..]).collect();
    out.beside(&[], &heads, columns);
    let mut group: Option<Group> = None;
    for (at, line) in lines.iter().enumerate() {
        if group != Some(line.row.group) {
            group = Some(line.row.group);
            out.line("");
            out.line(&words::group(line.row.group).to_uppercase());
        }
        let cells: Vec<&[String]> =
            columns.iter().map(|column| std::slice::from_ref(&column.cells[at])).collect();
        out.beside(&wrapped(&words::name(&line.row), LABEL), &cells, columns);
    }
}

fn swept(out: &mut Out, plot: &plot::Plot<'_>) {
    let line = match plot.line {
        Ok(line) => line,
        Err(why) => return out.item("", why),
    };
    out.line("");
    out.item("", &format!("{}: {}", line.row.name, line.row.says));
    match plot.axes {
        [axis] => {
            out.line("");
            out.rows(&curve_rows(plot, line, axis));
            for curve in &plot.curves {
                let Some(knee) = curve.knee.and_then(|at| axis.values.get(at)) else { continue };
                out.item("", &format!("{} has its knee at {knee}: there its curve bends most.", curve.name));
            }
        }
        axes => {
            for curve in &plot.curves {
                out.line("");
                out.line(&format!("{}, {}", curve.name, plot::axes_in_words(axes)));
                out.rows(&map_rows(curve, line, axes));
            }
        }
    }
}

/// The first row is the head; a curve in characters closes it.
fn curve_rows(plot: &plot::Plot<'_>, line: &Line, axis: &crate::Axis) -> Vec<Vec<String>> {
    let mut head = vec![axis.path.clone()];
    head.extend(plot.curves.iter().map(|curve| curve.name.to_owned()));
    let mut rows = vec![head];
    for (at, value) in axis.values.iter().enumerate() {
        let mut row = vec![value.clone()];
        for curve in &plot.curves {
            let shown =
                curve.cell(line, at).map_or(NONE.into(), |cell| value::cell(cell, line.row.unit).short);
            row.push(if curve.knee == Some(at) { format!("{shown} < knee") } else { shown });
        }
        rows.push(row);
    }
    let mut small = vec![String::new()];
    small.extend(plot.curves.iter().map(|curve| characters(plot, line, curve)));
    rows.push(small);
    rows
}

/// A curve as a row of bars, all curves on one scale.
fn characters(plot: &plot::Plot<'_>, line: &Line, curve: &plot::Curve<'_>) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |at: usize| match curve.value(line, at) {
        Some(value) => BARS[((plot.scale.share(value) * 7.0).round() as usize).min(7)],
        None => ' ',
    };
    (0..curve.contenders.len()).map(bar).collect()
}

fn map_rows(curve: &plot::Curve<'_>, line: &Line, axes: &[crate::Axis]) -> Vec<Vec<String>> {
    let [down, across] = axes else { return Vec::new() };
    let mut head = vec![String::new()];
    head.extend(across.values.iter().cloned());
    let mut rows = vec![head];
    for (at, value) in down.values.iter().enumerate() {
        let mut row = vec![value.clone()];
        for beside in 0..across.values.len() {
            let cell = curve.cell(line, at * across.values.len() + beside);
            row.push(cell.map_or(NONE.into(), |cell| value::cell(cell, line.row.unit).value));
        }
        rows.push(row);
    }
    rows
}

struct Out {
    text: String,
    width: usize,
}

impl Out {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A sentence behind a mark, broken at the width, what follows indented.
    fn item(&mut self, mark: &str, text: &str) {
        let indent = " ".repeat(if mark.len() > 4 { 2 } else { mark.len() });
        let lines = wrapped(&format!("{mark}{text}"), self.width.min(SENTENCE) - indent.len());
        for (at, line) in lines.iter().enumerate() {
            let indent = if at == 0 { "" } else { &indent };
            self.line(&format!("{indent}{line}"));
        }
    }

    fn beside(&mut self, label: &[String], cells: &[&[String]], columns: &[Column]) {
        let height = cells.iter().map(|cell| cell.len()).chain([label.len()]).max().unwrap_or(0);
        for at in 0..height {
            let mut text = padded(label.get(at).map_or("", |it| it), LABEL);
            for (cell, column) in cells.iter().zip(columns) {
                text.push_str(&" ".repeat(GAP));
                text.push_str(&padded(cell.get(at).map_or("", |it| it), column.width));
            }
            self.line(&text);
        }
    }

    /// Rows of equally wide columns; as many columns in a block as fit, the first one in each.
    fn rows(&mut self, rows: &[Vec<String>]) {
        let count = rows.first().map_or(0, Vec::len);
        let widths =
            |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|it| columns_of(it)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count).map(widths).collect();
        let mut start = 1.min(count);
        while start < count {
            let mut end = start;
            let mut width = widths[0];
            while end < count && (end == start || width + GAP + widths[end] <= self.width) {
                width += GAP + widths[end];
                end += 1;
            }
            if start > 1 {
                self.line("");
            }
            for row in rows {
                let mut text = padded(&row[0], widths[0]);
                for at in start..end {
                    text.push_str(&" ".repeat(GAP));
                    text.push_str(&padded(&row[at], widths[at]));
                }
                self.line(&text);
            }
            start = end;
        }
    }
}

fn columns_of(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

/// Breaks a text between words, a word that is too long behind its dots and equal signs, and else anywhere.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let is_long = columns_of(word) > width;
        for (at, piece) in word.split_inclusive(|letter| is_long && matches!(letter, '.' | '=')).enumerate() {
            let space = usize::from(at == 0);
            if !line.is_empty() && columns_of(&line) + space + columns_of(piece) > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() && at == 0 {
                line.push(' ');
            }
            for letter in piece.chars() {
                if columns_of(&line) == width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
    }
    lines.push(line);
    lines
}
