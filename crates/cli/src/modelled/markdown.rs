//! The page as Markdown.

use super::document::{Block, Page, Piece, Rule, Section, Table, Target, Text, prose};

/// Where the recordings lie, seen from the folder of the page.
const RECORDINGS: &str = "../tests/fidelity";

/// Writes a page.
pub fn markdown(page: &Page) -> String {
    let title = prose(&page.title);
    let mut blocks = vec![heading(1, &title)];
    blocks.extend(page.lead.iter().map(block));
    blocks.push(contents(page));
    page.sections.iter().for_each(|part| section(&mut blocks, part, 2));
    format!("{}\n", blocks.join("\n\n"))
}

fn contents(page: &Page) -> String {
    let line = |depth: usize, part: &Section| {
        format!("{}- [{}](#{})", "  ".repeat(depth), text(&part.title), part.id)
    };
    let chapter = |part: &Section| {
        let parts = part.sections.iter().map(|part| line(1, part));
        std::iter::once(line(0, part)).chain(parts).collect::<Vec<_>>()
    };
    page.sections.iter().flat_map(chapter).collect::<Vec<_>>().join("\n")
}

fn section(blocks: &mut Vec<String>, part: &Section, level: usize) {
    blocks.push(heading(level, &part.title));
    blocks.extend(part.blocks.iter().map(block));
    part.sections.iter().for_each(|part| section(blocks, part, level + 1));
}

fn heading(level: usize, title: &Text) -> String {
    format!("{} {}", "#".repeat(level), text(title))
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(name) => heading(4, &prose(name)),
        Block::Paragraph(words) => text(words),
        Block::List(points) => lines(points.iter().map(|point| format!("- {}", text(point)))),
        Block::Rules(rules) => lines(rules.iter().map(rule)),
        Block::Table(rows) => table(rows),
        Block::Lines { language, text } => format!("```{language}\n{text}\n```"),
    }
}

fn rule(rule: &Rule) -> String {
    format!("- {} (*{}:* {})", text(&rule.text), rule.kind.name(), text(&rule.source))
}

fn table(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let head = line(table.head.iter().map(|name| escaped(name)).collect());
    let rule = line(table.head.iter().map(|_| "---".to_owned()).collect());
    // A bar would end a cell, inside of code as well.
    let cell = |words: &Text| text(words).replace('|', "\\|");
    let rows = table.rows.iter().map(|row| line(row.cells.iter().map(cell).collect()));
    let caption = table.caption.iter().map(|caption| format!("**{}**\n", text(caption)));
    lines(caption.chain([head, rule]).chain(rows))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn text(pieces: &Text) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => escaped(words),
        Piece::Code(name) => format!("`{name}`"),
        Piece::Link(Target::Section(id), words) => format!("[{}](#{id})", text(words)),
        Piece::Link(Target::Recording(name), words) => {
            format!("[{}]({RECORDINGS}/{name}.json)", text(words))
        }
    };
    pieces.iter().map(piece).collect()
}

/// Words of which nothing is a sign to Markdown.
fn escaped(words: &str) -> String {
    let mut text = String::new();
    for letter in words.chars() {
        if r"\`*_[]<>~&".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
