//! A sweep: curves over one parameter, or a map of fields over two.

use super::super::drawing::{self, Size};
use super::super::markup::{Clicks, element, escaped};
use super::super::plot::{self, Curve, Plot};
use super::super::{Report, value, words};
use super::figure;
use crate::{Axis, Line};

pub(super) fn sweep(report: &Report<'_>, plot: &Plot<'_>, clicks: Clicks) -> String {
    let line = match plot.line {
        Ok(line) => line,
        Err(why) => return element("p", "report-none", why) + "\n",
    };
    let mut out = format!(
        "<h2 class=\"report-plotted\">{}</h2>\n<p class=\"report-says\">{} {}.</p>\n",
        escaped(&line.row.name),
        escaped(&line.row.says),
        super::sentence(words::better(line.row.better)).trim_end_matches('.'),
    );
    match plot.axes {
        [axis] => {
            // Text in a picture shrinks with it, so a phone has a picture of its own.
            for size in [Size::WIDE, Size::NARROW] {
                out.push_str(&curves(report, plot, line, axis, size, clicks));
            }
            out.push_str(&element("p", "report-legend", &drawing::legend(plot, axis)));
        }
        [down, across] => {
            out.push_str("<div class=\"report-maps\">\n");
            for curve in &plot.curves {
                out.push_str(&map(report, plot, line, curve, [down, across], clicks));
            }
            out.push_str("</div>\n");
        }
        _ => {}
    }
    out
}

fn curves(
    report: &Report<'_>,
    plot: &Plot<'_>,
    line: &Line,
    axis: &Axis,
    size: Size,
    clicks: Clicks,
) -> String {
    let drawn = drawing::curves(plot, line, axis, size);
    let mut out = format!("<figure class=\"report-curves {}\">{}", size.class(), drawn.svg);
    if clicks == Clicks::Heard {
        for point in &drawn.points {
            let curve = &plot.curves[point.curve];
            let words = point_in_words(line, curve, axis, point.at);
            let Some(data) = open(report, line, curve, point.at) else { continue };
            let data = [("data-open", &data[0][..]), ("data-seed", &data[1]), ("style", &point.style())];
            out.push_str(&clicks.button("report-point", &data, &element("span", "report-tip", &words)));
        }
    }
    out + "</figure>\n"
}

fn point_in_words(line: &Line, curve: &Curve<'_>, axis: &Axis, at: usize) -> String {
    let shown =
        curve.cell(line, at).map_or(value::NONE.into(), |cell| value::cell(cell, line.row.unit).line());
    format!("{}, {}: {shown}", curve.name, axis.values.get(at).map_or("", |it| it))
}

/// The run behind a point: the wish, and the seed of its typical run.
fn open(report: &Report<'_>, line: &Line, curve: &Curve<'_>, at: usize) -> Option<[String; 2]> {
    let contender = *curve.contenders.get(at)?;
    let header = report.table.headers.get(contender)?;
    let number = curve.cell(line, at)?.typical.unwrap_or(0);
    Some([header.name.clone(), report.study.seed(contender, number).to_string()])
}

fn map(
    report: &Report<'_>,
    plot: &Plot<'_>,
    line: &Line,
    curve: &Curve<'_>,
    [down, across]: [&Axis; 2],
    clicks: Clicks,
) -> String {
    let mut out = format!(
        "<table class=\"report-map\">\n<caption><b>{}</b> {}</caption>\n<thead><tr><td></td>",
        escaped(curve.name),
        escaped(&plot::axes_in_words(plot.axes))
    );
    for value in &across.values {
        out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(value)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (row, value) in down.values.iter().enumerate() {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", escaped(value)));
        for column in 0..across.values.len() {
            let at = row * across.values.len() + column;
            out.push_str(&field(report, plot, line, curve, at, clicks));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table>\n"
}

fn field(
    report: &Report<'_>,
    plot: &Plot<'_>,
    line: &Line,
    curve: &Curve<'_>,
    at: usize,
    clicks: Clicks,
) -> String {
    let (Some(value), Some(cell)) = (curve.value(line, at), curve.cell(line, at)) else {
        return format!("<td class=\"report-heat\">{}</td>", value::NONE);
    };
    let share = plot.scale.share(value);
    let class = if share > drawing::DARK { "report-heat report-dark" } else { "report-heat" };
    let shown = value::cell(cell, line.row.unit);
    let content = figure(&shown.value);
    let button = match open(report, line, curve, at) {
        Some(data) => {
            let title = format!("{}: {}", data[0], shown.line());
            let data = [("data-open", &data[0][..]), ("data-seed", &data[1]), ("title", &title)];
            clicks.button("report-spot", &data, &content)
        }
        None => content,
    };
    format!("<td class=\"{class}\" style=\"--heat: {:.1}%\">{button}</td>", share * 100.0)
}
