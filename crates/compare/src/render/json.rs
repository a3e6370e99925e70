//! As JSON: every figure in full, in the shortest form that reads back as the same number. Written by hand, so that
//! keys stand in the order in which one reads them, and a cell stands on a line.

use serde_json::Value;

use super::Report;
use super::words;
use crate::{Cell, Claim, Header, Line};

pub(super) fn json(report: &Report<'_>) -> String {
    let Report { study, table, claims, .. } = report;
    let settings = &study.settings;
    let baseline = table.headers.get(table.baseline).map_or("null".into(), |it| string(&it.name));
    let mut fields = vec![
        field("title", string(&study.title)),
        field("first_seed", settings.first.to_string()),
        field("seeds", table.seeds.to_string()),
        field("warm_up_ms", number(Some(settings.warm_up.millis()))),
        field("independent", settings.independent.to_string()),
        field("partial", table.partial.to_string()),
        field("baseline", baseline),
        field("notes", list("  ", table.notes.iter().map(|note| string(note)))),
        field("verdict", list("  ", claims.iter().map(|it| claim(report, it)))),
        field("rows", list("  ", table.lines.iter().map(row))),
    ];
    if report.sweep.is_some() {
        fields.push(field("sweep", sweep(report)));
    }
    let variants = table.headers.iter().enumerate().map(|(at, header)| variant(report, at, header));
    fields.push(field("variants", list("  ", variants)));
    format!("{{\n  {}\n}}\n", fields.join(",\n  "))
}

fn claim(report: &Report<'_>, claim: &Claim) -> String {
    let name = report.table.headers.get(claim.contender).map_or("", |it| &it.name);
    object([("variant", string(name)), ("row", string(&claim.row)), ("text", string(&claim.text))])
}

fn row(line: &Line) -> String {
    let row = &line.row;
    object([
        ("id", string(&row.id)),
        ("group", string(words::group_key(row.group))),
        ("name", string(&row.name)),
        ("says", string(&row.says)),
        ("formula", string(&row.formula)),
        ("unit", string(words::unit_key(row.unit))),
        ("better", string(words::better_key(row.better))),
        ("source", string(words::source_key(row.source))),
    ])
}

fn variant(report: &Report<'_>, at: usize, header: &Header) -> String {
    let mut fields = vec![field("name", string(&header.name))];
    if let (Some(_), Some(contender)) = (&report.sweep, report.study.contenders.get(at)) {
        fields.push(field("variant", string(&contender.variant)));
        let set = contender.sets.iter().map(|set| field(&set.path, string(&set.value)));
        fields.push(field("set", format!("{{{}}}", set.collect::<Vec<_>>().join(", "))));
    }
    fields.push(field("halted", header.halted.to_string()));
    let cells =
        report.table.lines.iter().filter_map(|line| Some(field(&line.row.id, cell(line.cells.get(at)?))));
    let cells: Vec<String> = cells.map(|cell| format!("\n        {cell}")).collect();
    let end = if cells.is_empty() { "" } else { "\n      " };
    fields.push(field("rows", format!("{{{}{end}}}", cells.join(","))));
    format!("{{\n      {}\n    }}", fields.join(",\n      "))
}

fn cell(cell: &Cell) -> String {
    let difference = cell.difference.as_ref().map_or("null".into(), |it| {
        object([
            ("value", number(Some(it.value))),
            ("low", number(Some(it.low))),
            ("high", number(Some(it.high))),
            ("beyond_chance", it.beyond_chance.to_string()),
        ])
    });
    object([
        ("value", number(cell.value)),
        ("low", number(cell.low)),
        ("high", number(cell.high)),
        ("difference", difference),
    ])
}

fn sweep(report: &Report<'_>) -> String {
    let Some((sweep, row)) = &report.sweep else { return "null".into() };
    let axis = |axis: &crate::Axis| {
        let values: Vec<String> = axis.values.iter().map(|it| string(it)).collect();
        object([("path", string(&axis.path)), ("values", format!("[{}]", values.join(", ")))])
    };
    let knee = |(at, name): (usize, &String)| {
        let knee = sweep.knee(&report.table, at, row)?;
        let value = sweep.axes.first()?.values.get(knee.at)?;
        Some(object([("variant", string(name)), ("value", string(value))]))
    };
    let fields = [
        field("row", string(row)),
        field("axes", list("    ", sweep.axes.iter().map(axis))),
        field("knees", list("    ", sweep.variants.iter().enumerate().filter_map(knee))),
    ];
    format!("{{\n    {}\n  }}", fields.join(",\n    "))
}

fn field(name: &str, value: String) -> String {
    format!("{}: {value}", string(name))
}

fn object<const COUNT: usize>(fields: [(&str, String); COUNT]) -> String {
    let fields = fields.map(|(name, value)| field(name, value));
    format!("{{{}}}", fields.join(", "))
}

/// A list with an item on each line, indented by two more than what it stands in.
fn list(indent: &str, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| format!("\n{indent}  {item}")).collect();
    if items.is_empty() { "[]".into() } else { format!("[{}\n{indent}]", items.join(",")) }
}

fn string(text: &str) -> String {
    Value::from(text).to_string()
}

/// What is no number is null: JSON knows neither infinity nor NaN. Zero has no sign, so that figures which are equal
/// are also written alike.
pub(super) fn number(value: Option<f64>) -> String {
    Value::from(value.map(|it| it + 0.0)).to_string()
}
