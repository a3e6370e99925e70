//! The table: a column for each contender, a section for each question.

use super::super::markup::{Clicks, breakable, element, escaped};
use super::super::{Report, picture, value, words};
use super::figure;
use crate::{Cell, Group, Line};

/// More contenders than this stand closer together.
const FEW: usize = 4;

pub(super) fn table(report: &Report<'_>, clicks: Clicks) -> String {
    let table = &report.table;
    if table.lines.is_empty() {
        return element("p", "report-none", "There are no figures yet.") + "\n";
    }
    let mut out = String::new();
    if table.lines.iter().any(|line| line.differs) && table.lines.iter().any(|line| !line.differs) {
        out.push_str(
            "<input type=\"checkbox\" class=\"report-only\" id=\"report-only\">\
             <label class=\"report-switch\" for=\"report-only\">Only what differs</label>\n",
        );
    }
    let many = if table.headers.len() > FEW { " report-many" } else { "" };
    // Where nothing stands out, nothing has to stand back.
    let even = if table.lines.iter().any(|line| line.differs) { "" } else { " report-even" };
    out.push_str(&format!("<table class=\"report-table{many}{even}\">\n{}", head(report, clicks)));
    let mut group: Option<Group> = None;
    for line in &table.lines {
        if group != Some(line.row.group) {
            if group.is_some() {
                out.push_str("</tbody>\n");
            }
            group = Some(line.row.group);
            out.push_str(&section(report, line.row.group));
        }
        out.push_str(&row(report, line, clicks));
    }
    out.push_str("</tbody>\n</table>\n");
    out + &legend(report)
}

fn head(report: &Report<'_>, clicks: Clicks) -> String {
    let table = &report.table;
    let mut out = String::from("<thead><tr><td class=\"report-corner\">");
    if table.headers.len() > 1 {
        out.push_str(match clicks {
            Clicks::Heard => "Signed figures are differences to the baseline; choose another by its name",
            Clicks::Unheard => "Signed figures are differences to the baseline",
        });
    }
    out.push_str("</td>\n");
    for (at, header) in table.headers.iter().enumerate() {
        let is_baseline = at == table.baseline;
        let name = breakable(&header.name);
        let name = if table.headers.len() == 1 {
            format!("<span class=\"report-name\">{name}</span>")
        } else {
            let contender = at.to_string();
            let pressed = if is_baseline { "true" } else { "false" };
            let data = [("data-baseline", &contender[..]), ("aria-pressed", pressed), ("title", BASELINE)];
            clicks.button("report-name", &data, &name)
        };
        let mark = if is_baseline && table.headers.len() > 1 {
            element("span", "report-mark", "baseline")
        } else {
            String::new()
        };
        let halted = words::halted(header.halted, table.seeds)
            .map_or(String::new(), |words| element("span", "report-halted", &words));
        let class = if is_baseline { "report-head report-baseline" } else { "report-head" };
        out.push_str(&format!("<th scope=\"col\" class=\"{class}\">{name}{mark}{halted}</th>\n"));
    }
    out + "</tr></thead>\n"
}

const BASELINE: &str = "Compare the others with this one";

/// Its class tells whether there is anything in it that differs, so that it goes with its rows.
fn section(report: &Report<'_>, group: Group) -> String {
    let differs = report.table.lines.iter().any(|line| line.row.group == group && line.differs);
    let class = if differs { "report-group report-differs" } else { "report-group" };
    format!(
        "<tbody>\n<tr class=\"{class}\"><th scope=\"rowgroup\">{}</th><td colspan=\"{}\"></td></tr>\n",
        words::group(group),
        report.table.headers.len()
    )
}

fn row(report: &Report<'_>, line: &Line, clicks: Clicks) -> String {
    let class = if line.differs { "report-row report-differs" } else { "report-row" };
    let picture = picture::Row::of(line, report.table.baseline);
    let tick = picture.baseline().map_or(String::new(), |x| format!(" style=\"--tick:{x}%\""));
    let cells = line.cells.iter().enumerate().map(|(at, it)| cell(report, line, &picture, at, it, clicks));
    format!(
        "<tr class=\"{class}\"{tick}><th scope=\"row\">{}</th>\n{}</tr>\n",
        meaning(report, line),
        cells.collect::<String>()
    )
}

fn meaning(report: &Report<'_>, line: &Line) -> String {
    let row = &line.row;
    let mut out = format!(
        "<details class=\"report-meaning\"><summary>{}</summary><p>{}</p><p class=\"report-formula\">{}</p><p>{} {}.</p>",
        escaped(&words::name(row)),
        escaped(&row.says),
        escaped(&row.formula),
        words::source(row.source),
        super::sentence(words::better(row.better)).trim_end_matches('.'),
    );
    for (cell, header) in line.cells.iter().zip(&report.table.headers) {
        if !cell.detail.is_empty() {
            out.push_str(&format!("<p><b>{}</b> {}</p>", escaped(&header.name), escaped(&cell.detail)));
        }
    }
    out + "</details>"
}

fn cell(
    report: &Report<'_>,
    line: &Line,
    picture: &picture::Row,
    at: usize,
    cell: &Cell,
    clicks: Clicks,
) -> String {
    let shown = value::cell(cell, line.row.unit);
    let name = report.table.headers.get(at).map_or("", |header| &header.name);
    let mut content = format!("<span class=\"report-who\">{}</span>", breakable(name));
    content.push_str(&format!("<span class=\"report-value\">{}</span>", figure(&shown.value)));
    if cell.best {
        content.push_str(BEST);
    }
    content.push_str(&picture.cell(cell));
    content.push_str("<span class=\"report-small\">");
    if let Some(interval) = &shown.interval {
        content.push_str(&element("span", "report-interval", interval));
    }
    if let Some(difference) = cell.difference.filter(|it| it.value != 0.0 || it.low < it.high) {
        let class =
            if difference.beyond_chance { "report-difference report-beyond" } else { "report-difference" };
        content.push_str(&element("span", class, &value::difference(&difference, line.row.unit).value));
    }
    content.push_str("</span>");
    let data = format!("{at}:{}", line.row.id);
    let button = match cell.value {
        Some(_) => clicks.button("report-cell", &[("data-cell", &data)], &content),
        None => Clicks::Unheard.button("report-cell report-empty", &[], &content),
    };
    let mut class = String::from("report-field");
    if cell.best {
        class.push_str(" report-is-best");
    }
    if at == report.table.baseline {
        class.push_str(" report-baseline");
    }
    format!("<td class=\"{class}\">{button}</td>\n")
}

/// A word, which the style sheet shows as a tick to whoever sees.
const BEST: &str = "<span class=\"report-best\">best</span>";

fn legend(report: &Report<'_>) -> String {
    let table = &report.table;
    let mut sentences = Vec::new();
    if table.lines.iter().any(|line| line.cells.iter().any(|cell| !cell.runs.is_empty())) {
        sentences.push(
            "In the small pictures the dot is the mean over the runs, the bar its 95 % interval, and the faint strokes are \
             runs; all pictures of a row have one scale."
                .to_owned(),
        );
    }
    if let (true, Some(baseline)) = (table.headers.len() > 1, table.headers.get(table.baseline)) {
        sentences.push(format!(
            "The dashed line is {0}, the baseline. Signed figures are differences to {0}; they are bold, and their row is \
             marked, where they are beyond chance: with 95 % confidence for all rows together.",
            baseline.name
        ));
    }
    if table.lines.iter().any(|line| line.cells.iter().any(|cell| cell.best)) {
        sentences.push("A tick: nobody is better beyond chance, and somebody is worse.".into());
    }
    sentences.extend(words::mark(report).map(String::from));
    element("p", "report-legend", &sentences.join(" ")) + "\n"
}
