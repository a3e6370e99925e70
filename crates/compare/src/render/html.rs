//! As HTML: a part of the page whose cells can be clicked, or a document of its own in which nothing can.

mod behind;
mod sweep;
mod table;

use super::markup::{Clicks, element, escaped};
use super::plot::Plot;
use super::{Report, words};

pub(super) use behind::behind;

const TOKENS: &str = include_str!("../../../../static/css/tokens.css");
const STYLE: &str = include_str!("../../../../static/css/report.css");

/// How a document is printed: all contenders have to fit beside each other. The page has other things to print.
const SHEET: &str = "\n@page {\n  size: landscape;\n  margin: 1cm;\n}\n";

pub(super) fn fragment(report: &Report<'_>) -> String {
    body(report, Clicks::Heard)
}

pub(super) fn page(report: &Report<'_>) -> String {
    let title = escaped(&report.study.title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}{STYLE}{SHEET}</style>\n</head>\n<body class=\"report-page\">\n\
         <h1 class=\"report-title\">{title}</h1>\n{}</body>\n</html>\n",
        without_fonts(TOKENS),
        body(report, Clicks::Unheard),
    )
}

/// A document has no files beside it, so it takes the fonts that the system has.
fn without_fonts(style: &str) -> String {
    let mut out = String::new();
    let mut rest = style;
    while let Some(start) = rest.find("@font-face") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = rest.find('}').map_or("", |end| rest[end + 1..].trim_start());
    }
    out + rest
}

fn body(report: &Report<'_>, clicks: Clicks) -> String {
    let mut out = String::from("<section class=\"report\">\n");
    out.push_str("<div class=\"report-lead\">\n");
    out.push_str(&verdict(report, clicks));
    for note in &report.table.notes {
        out.push_str(&element("p", "report-note", note));
        out.push('\n');
    }
    out.push_str(&element("p", "report-made", &sentence(&words::made(report))));
    out.push_str("\n</div>\n");
    out.push_str(&match Plot::of(report) {
        Some(plot) => sweep::sweep(report, &plot, clicks),
        None => table::table(report, clicks),
    });
    out + "</section>\n"
}

fn verdict(report: &Report<'_>, clicks: Clicks) -> String {
    if report.claims.is_empty() {
        return String::new();
    }
    let claim = |claim: &crate::Claim| {
        let cell = format!("{}:{}", claim.contender, claim.row);
        let button = clicks.button("report-claim", &[("data-cell", &cell)], &escaped(&claim.text));
        format!("<li>{button}</li>\n")
    };
    let claims: String = report.claims.iter().map(claim).collect();
    format!("<ul class=\"report-verdict\">\n{claims}</ul>\n")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// A value with its unit in smaller type: `51.2 ms`, but not `1 min 20 s`.
fn figure(value: &str) -> String {
    let mut parts = value.splitn(2, ' ');
    match (parts.next(), parts.next()) {
        (Some(number), Some(unit)) if !unit.contains(' ') => {
            format!("{}<span class=\"report-unit\"> {}</span>", escaped(number), escaped(unit))
        }
        _ => escaped(value),
    }
}
