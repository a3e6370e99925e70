//! The page as HTML: one file that needs nothing but the fonts, which it does without if it must.

use super::document::{Block, Page, Piece, Row, Rule, Section, Shape, Table, Target, Text, plain};

/// The colours and letters of the app, from where the app has them.
const TOKENS: &str = include_str!("../../../../static/css/tokens.css");
const STYLE: &str = include_str!("style.css");
const MARK: &str = include_str!("../../../../static/icons/mark.svg");

/// The choice of day or night that the app keeps. Without it the page follows the system.
const THEME: &str = r#"
try {
  const theme = localStorage.getItem("signalbox.theme");
  if (theme === "day" || theme === "night") document.documentElement.dataset.theme = theme;
} catch {}
"#;

/// Writes a page.
pub fn html(page: &Page) -> String {
    let title = escaped(&page.title);
    let style = [tokens(), compact(STYLE)].concat();
    let contents = page.sections.iter().map(entry).collect::<String>();
    let lead = page.lead.iter().map(block).collect::<String>();
    let sections = page.sections.iter().map(|part| section(part, 2)).collect::<String>();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - Signalbox</title>\n<style>\n{style}</style>\n<script>{THEME}</script>\n</head>\n\
         <body>\n<header><a href=\"./\">{MARK}Signalbox</a><a href=\"#contents\">Contents</a></header>\n\
         <main>\n<h1>{title}</h1>\n{lead}\
         <nav id=\"contents\" aria-label=\"Contents\">\n<ul>\n{contents}</ul>\n</nav>\n{sections}</main>\n\
         <footer>Written by <code>signalbox modelled --format html</code>.</footer>\n</body>\n</html>\n"
    )
}

/// The tokens that a page of text needs: the colours of message types are no part of it.
fn tokens() -> String {
    let needed = |line: &&str| !line.trim_start().starts_with("--type-");
    compact(&lines(TOKENS.lines().filter(needed)))
}

/// A style sheet without comments and indentation.
fn compact(style: &str) -> String {
    let mut rest = style;
    let mut bare = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    lines(bare.lines().map(str::trim).filter(|line| !line.is_empty()))
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn entry(part: &Section) -> String {
    let parts = part.sections.iter().map(entry).collect::<String>();
    let parts = if parts.is_empty() { parts } else { format!("\n<ul>\n{parts}</ul>\n") };
    format!("<li><a href=\"#{}\">{}</a>{parts}</li>\n", escaped(&part.id), text(&part.title))
}

fn section(part: &Section, level: usize) -> String {
    let (id, title) = (escaped(&part.id), text(&part.title));
    let blocks = part.blocks.iter().map(block).collect::<String>();
    let parts = part.sections.iter().map(|part| section(part, level + 1)).collect::<String>();
    format!("<section id=\"{id}\">\n<h{level}>{title}</h{level}>\n{blocks}{parts}</section>\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(name) => format!("<h4>{}</h4>\n", escaped(name)),
        Block::Paragraph(words) => format!("<p>{}</p>\n", text(words)),
        Block::List(points) => {
            let points = points.iter().map(|point| format!("<li>{}</li>\n", text(point)));
            format!("<ul>\n{}</ul>\n", points.collect::<String>())
        }
        Block::Rules(rules) => {
            format!("<ul class=\"rules\">\n{}</ul>\n", rules.iter().map(rule).collect::<String>())
        }
        Block::Table(rows) => table(rows),
        Block::Lines { text, .. } => format!("<pre><code>{}</code></pre>\n", escaped(text)),
    }
}

fn rule(rule: &Rule) -> String {
    let kind = rule.kind.name();
    format!(
        "<li class=\"{kind}\"><p>{}</p><p><b>{kind}</b> {}</p></li>\n",
        text(&rule.text),
        text(&rule.source)
    )
}

fn table(table: &Table) -> String {
    let head: String =
        table.head.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect();
    let rows: String = table.rows.iter().map(|cells| row(&table.head, cells)).collect();
    let caption = table.caption.as_ref();
    let shown = caption.map_or_else(String::new, |caption| format!("<caption>{}</caption>\n", text(caption)));
    let open = match table.shape {
        // A box that scrolls has to be reached by keyboard, and to say what it is.
        Shape::Compared => {
            let label = escaped(&caption.map(plain).unwrap_or_default());
            format!("<div class=\"compared\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">")
        }
        Shape::LookedUp => "<div class=\"looked-up\">".to_owned(),
    };
    format!(
        "{open}\n<table>\n{shown}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

/// A row whose cells know the names of their columns, by which they are called where each row stands for itself.
fn row(head: &[&str], row: &Row) -> String {
    let id = row.id.as_ref().map_or_else(String::new, |id| format!(" id=\"{}\"", escaped(id)));
    let cells = row.cells.iter().zip(head).enumerate().map(|(n, (cell, name))| match n {
        0 => format!("<th scope=\"row\">{}</th>", text(cell)),
        _ => format!("<td data-name=\"{}\">{}</td>", escaped(name), text(cell)),
    });
    format!("<tr{id}>{}</tr>\n", cells.collect::<String>())
}

fn text(pieces: &Text) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => escaped(words),
        Piece::Code(name) => format!("<code>{}</code>", escaped(name)),
        // A recording has its place in the last chapter.
        Piece::Link(Target::Section(id) | Target::Recording(id), words) => {
            format!("<a href=\"#{}\">{}</a>", escaped(id), text(words))
        }
    };
    pieces.iter().map(piece).collect()
}

fn escaped(words: &str) -> String {
    let mut text = String::new();
    for letter in words.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            _ => text.push(letter),
        }
    }
    text
}
