//! What was found, for people and for programmes: text, Markdown, CSV, JSON, HTML. The page shows the very HTML that
//! is exported, so its figures cannot be others.

mod csv;
mod drawing;
mod html;
mod json;
mod markdown;
mod markup;
mod picture;
mod plot;
mod svg;
mod text;
mod value;
mod words;

use crate::{Claim, Study, Sweep, Table, Tally, verdict};

pub use value::shown;

/// What there is to say about a study.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// What was compared.
    pub study: &'a Study,
    /// What was found.
    pub table: Table,
    /// In sentences.
    pub claims: Vec<Claim>,
    /// The sweep that the study belongs to, and the row that is drawn (its id).
    pub sweep: Option<(&'a Sweep, String)>,
}

impl<'a> Report<'a> {
    /// As things stand now.
    pub fn of(tally: &'a Tally, baseline: usize, sweep: Option<(&'a Sweep, String)>) -> Report<'a> {
        let (study, table) = (tally.study().as_ref(), tally.table(baseline));
        let claims = if sweep.is_some() { Vec::new() } else { verdict(study, &table) };
        Report { study, table, claims, sweep }
    }

    /// For a terminal of so many columns.
    pub fn text(&self, width: usize) -> String {
        text::text(self, width)
    }

    /// How wide a text is where nobody knows better.
    pub const WIDTH: usize = 100;

    /// For an issue or a wiki.
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// For a spreadsheet: one line for each row and contender.
    pub fn csv(&self) -> String {
        csv::csv(self)
    }

    /// For programmes.
    pub fn json(&self) -> String {
        json::json(self)
    }

    /// A page of its own, with everything in it.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The same for a part of the page: verdict, table or curves, notes. What can be clicked is a `button`:
    ///
    /// | attributes | |
    /// |---|---|
    /// | `data-cell="CONTENDER:ROW"` | what is behind the cell? |
    /// | `data-baseline="CONTENDER"` | compare with this one |
    /// | `data-open="WISH" data-seed="N"`, and perhaps `data-at="MS"`, `data-case="N"` | open this run |
    pub fn fragment(&self) -> String {
        html::fragment(self)
    }

    /// What is behind a cell, as a part of the page.
    pub fn behind(&self, contender: usize, row: &str, seed: u64, list: &[crate::Behind]) -> String {
        html::behind(self, contender, row, seed, list)
    }

    /// The curves or the heat map of a sweep as a picture of its own; of a table: its intervals.
    pub fn svg(&self) -> String {
        svg::svg(self)
    }
}
