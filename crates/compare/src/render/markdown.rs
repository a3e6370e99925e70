//! As Markdown, in tables as GitHub renders them.

use super::plot::Plot;
use super::value;
use super::{Report, plot, words};
use crate::{Axis, Cell, Group, Line};

pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut out = format!("# {}\n\n{}\n", escaped(&report.study.title), escaped(&words::made(report)));
    if !report.claims.is_empty() {
        out.push('\n');
    }
    for claim in &report.claims {
        out.push_str(&format!("- {}\n", escaped(&claim.text)));
    }
    match Plot::of(report) {
        Some(plot) => swept(&mut out, &plot),
        None => compared(&mut out, report),
    }
    for note in &report.table.notes {
        out.push_str(&format!("\n> {}\n", escaped(note)));
    }
    out
}

fn compared(out: &mut String, report: &Report<'_>) {
    let table = &report.table;
    if table.lines.is_empty() {
        return;
    }
    let head = |(at, header): (usize, &crate::Header)| {
        let mut name = escaped(&header.name);
        if at == table.baseline && table.headers.len() > 1 {
            name.push_str(" (baseline)");
        }
        if let Some(words) = words::halted(header.halted, table.seeds) {
            name.push_str(&format!("<br>{words}"));
        }
        name
    };
    let names: Vec<String> = table.headers.iter().enumerate().map(head).collect();
    out.push('\n');
    row(out, "", &names);
    rule(out, names.len());
    let mut group: Option<Group> = None;
    for line in &table.lines {
        if group != Some(line.row.group) {
            group = Some(line.row.group);
            row(out, &format!("**{}**", words::group(line.row.group)), &vec![String::new(); names.len()]);
        }
        let cells: Vec<String> = line.cells.iter().map(|it| cell(line, it)).collect();
        row(out, &escaped(&words::name(&line.row)), &cells);
    }
    if let (true, Some(baseline)) = (table.headers.len() > 1, table.headers.get(table.baseline)) {
        let name = escaped(&baseline.name);
        out.push_str(&format!(
            "\nBelow a value: its difference to {name}, bold if it is beyond chance (95 %, over all rows together).\n"
        ));
    }
    if let Some(mark) = words::mark(report) {
        out.push_str(&format!("\n{mark}\n"));
    }
    out.push_str("\n<details><summary>What the rows mean</summary>\n\n");
    for line in &table.lines {
        let row = &line.row;
        let (name, says, formula) = (escaped(&row.name), escaped(&row.says), row.formula.replace('`', "'"));
        out.push_str(&format!("- **{name}**: {says} `{formula}`\n"));
    }
    out.push_str("\n</details>\n");
}

fn cell(line: &Line, cell: &Cell) -> String {
    let mut text = value::cell(cell, line.row.unit).line();
    if let Some(difference) = cell.difference.filter(|it| it.value != 0.0 || it.low < it.high) {
        let shown = value::difference(&difference, line.row.unit).line();
        let mark = if difference.beyond_chance { "**" } else { "" };
        text.push_str(&format!("<br>{mark}{shown}{mark}"));
    }
    text
}

fn swept(out: &mut String, plot: &Plot<'_>) {
    let line = match plot.line {
        Ok(line) => line,
        Err(why) => return out.push_str(&format!("\n{why}\n")),
    };
    out.push_str(&format!("\n## {}\n\n{}\n\n", escaped(&line.row.name), escaped(&line.row.says)));
    match plot.axes {
        [axis] => curves(out, plot, line, axis),
        [down, across] => {
            for curve in &plot.curves {
                let axes = escaped(&plot::axes_in_words(plot.axes));
                out.push_str(&format!("**{}**, {axes}\n\n", escaped(curve.name)));
                map(out, curve, line, [down, across]);
                out.push('\n');
            }
        }
        _ => {}
    }
}

fn curves(out: &mut String, plot: &Plot<'_>, line: &Line, axis: &Axis) {
    let names: Vec<String> = plot.curves.iter().map(|curve| escaped(curve.name)).collect();
    row(out, &escaped(&axis.path), &names);
    rule(out, names.len());
    for (at, value) in axis.values.iter().enumerate() {
        let cell = |curve: &plot::Curve<'_>| {
            let shown = curve
                .cell(line, at)
                .map_or(value::NONE.into(), |cell| value::cell(cell, line.row.unit).line());
            if curve.knee == Some(at) { format!("{shown}<br>**knee**") } else { shown }
        };
        row(out, &escaped(value), &plot.curves.iter().map(cell).collect::<Vec<_>>());
    }
}

fn map(out: &mut String, curve: &plot::Curve<'_>, line: &Line, [down, across]: [&Axis; 2]) {
    let values: Vec<String> = across.values.iter().map(|value| escaped(value)).collect();
    row(out, "", &values);
    rule(out, values.len());
    for (at, value) in down.values.iter().enumerate() {
        let cell = |beside: usize| {
            let cell = curve.cell(line, at * across.values.len() + beside);
            cell.map_or(value::NONE.into(), |cell| value::cell(cell, line.row.unit).value)
        };
        row(out, &escaped(value), &(0..across.values.len()).map(cell).collect::<Vec<_>>());
    }
}

fn row(out: &mut String, first: &str, others: &[String]) {
    out.push_str(&format!("| {first} | {} |\n", others.join(" | ")));
}

fn rule(out: &mut String, others: usize) {
    out.push_str(&format!("|---|{}\n", "---:|".repeat(others)));
}

/// Nothing in it is a mark of Markdown or HTML, and it is one line, so that it cannot leave its cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
