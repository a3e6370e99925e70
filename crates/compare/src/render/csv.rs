//! For a spreadsheet: one line for each contender and row, fields quoted as RFC 4180 has it, figures as in the JSON.

use super::json::number;
use super::{Report, words};
use crate::{Cell, Line};

pub(super) fn csv(report: &Report<'_>) -> String {
    let mut out = Out(String::new());
    let axes = report.sweep.as_ref().map_or(&[][..], |(sweep, _)| &sweep.axes);
    let mut head = vec!["name".to_owned()];
    if report.sweep.is_some() {
        head.push("variant".into());
        head.extend(axes.iter().map(|axis| axis.path.clone()));
    }
    head.extend(FIGURES.map(String::from));
    out.line(&head);
    for (at, header) in report.table.headers.iter().enumerate() {
        let mut of_contender = vec![header.name.clone()];
        if let (Some(_), Some(contender)) = (&report.sweep, report.study.contenders.get(at)) {
            of_contender.push(contender.variant.clone());
            for axis in axes {
                let set = contender.sets.iter().rfind(|set| set.path == axis.path);
                of_contender.push(set.map_or(String::new(), |set| set.value.clone()));
            }
        }
        for line in &report.table.lines {
            let Some(cell) = line.cells.get(at) else { continue };
            let mut fields = of_contender.clone();
            fields.extend(figures(line, cell));
            out.line(&fields);
        }
    }
    out.0
}

const FIGURES: [&str; 9] = [
    "row",
    "unit",
    "value",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "beyond_chance",
];

fn figures(line: &Line, cell: &Cell) -> [String; 9] {
    // An empty field is what spreadsheets leave out of their sums.
    let figure = |value: Option<f64>| match value {
        Some(value) if value.is_finite() => number(Some(value)),
        Some(_) | None => String::new(),
    };
    let difference = cell.difference;
    [
        line.row.id.clone(),
        words::unit_key(line.row.unit).into(),
        figure(cell.value),
        figure(cell.low),
        figure(cell.high),
        figure(difference.map(|it| it.value)),
        figure(difference.map(|it| it.low)),
        figure(difference.map(|it| it.high)),
        difference.map_or(String::new(), |it| it.beyond_chance.to_string()),
    ]
}

struct Out(String);

impl Out {
    fn line(&mut self, fields: &[String]) {
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            if field.contains(['"', ',', '\n', '\r']) {
                self.0.push('"');
                self.0.push_str(&field.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(field);
            }
        }
        self.0.push_str("\r\n");
    }
}
