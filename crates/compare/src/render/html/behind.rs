//! What is behind a cell: the typical run, and the cases in it that make the value what it is.

use super::super::markup::{Clicks, element, escaped};
use super::super::{Report, value};
use super::figure;
use crate::{Behind, Cell, Header, Line, Source};

pub(in crate::render) fn behind(
    report: &Report<'_>,
    contender: usize,
    row: &str,
    seed: u64,
    list: &[Behind],
) -> String {
    let found = report.table.lines.iter().find(|line| line.row.id == row);
    let found = found.and_then(|line| Some((line, line.cells.get(contender)?)));
    let (Some((line, cell)), Some(header)) = (found, report.table.headers.get(contender)) else {
        return element("p", "report-none", "There are no figures for this yet.");
    };
    let mut out = String::from("<section class=\"report-behind\">\n");
    out.push_str(&head(line, cell, header));
    let seed_text = seed.to_string();
    let run = [("data-open", &header.name[..]), ("data-seed", &seed_text)];
    let open = Clicks::Heard.button("report-open", &run, &format!("Open this run, seed {seed}"));
    out.push_str(&element("p", "report-why", &why(report, line, cell, contender, seed)));
    out.push_str(&format!("{open}\n"));
    if !list.is_empty() {
        out.push_str("<ol class=\"report-cases\">\n");
        for behind in list {
            out.push_str(&case(&run, behind));
        }
        out.push_str("</ol>\n");
    }
    out + "</section>\n"
}

fn head(line: &Line, cell: &Cell, header: &Header) -> String {
    let shown = value::cell(cell, line.row.unit);
    let mut out = format!(
        "<h3 class=\"report-behind-title\">{} <span class=\"report-of\">{}</span></h3>\n",
        escaped(&line.row.name),
        escaped(&header.name)
    );
    out.push_str(&format!("<p class=\"report-value\">{}", figure(&shown.value)));
    if let Some(interval) = &shown.interval {
        out.push_str(&element("span", "report-interval", &format!(" {interval}")));
    }
    out.push_str("</p>\n");
    out.push_str(&element("p", "report-says", &line.row.says));
    out.push_str(&element("p", "report-formula", &line.row.formula));
    if !cell.detail.is_empty() {
        out.push_str(&element("p", "report-detail", &cell.detail));
    }
    out
}

/// Which run is shown, and why this one.
fn why(report: &Report<'_>, line: &Line, cell: &Cell, contender: usize, seed: u64) -> String {
    let count = cell.runs.len();
    let is_typical = cell.typical.is_some_and(|number| report.study.seed(contender, number) == seed);
    match line.row.source {
        Source::Runs if count == 1 => format!("Seed {seed} is shown, the only run that has a value."),
        Source::Runs if is_typical => {
            format!("Seed {seed} is shown: of {count} runs, the one whose value is nearest to the mean.")
        }
        Source::Runs => format!("Seed {seed} is shown, one of {count} runs."),
        Source::Probes => {
            format!(
                "The value comes from experiments with one seed. Seed {seed} is shown as it runs without them."
            )
        }
        Source::Plan => format!("The value is the same in every run; seed {seed} is shown."),
    }
}

fn case(run: &[(&str, &str)], behind: &Behind) -> String {
    let at = behind.at.millis().to_string();
    let number = behind.case.map(|case| case.to_string());
    let mut data = run.to_vec();
    data.push(("data-at", &at));
    if let Some(number) = &number {
        data.push(("data-case", number));
    }
    let time = format!("{:.2} s", behind.at.seconds());
    let content = element("span", "report-at", &time) + &element("span", "report-words", &behind.words);
    format!("<li>{}</li>\n", Clicks::Heard.button("report-case", &data, &content))
}
