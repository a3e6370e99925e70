//! What the page asks of the lead.

use serde_json::Value;

/// A sentence of the page, which writes it as JSON: `{"do": "row", "row": "response_p99"}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Here is a scenario.
    Open(String),
    /// Compare; what, is read by [`crate::commission`].
    Begin(Value),
    /// That is enough.
    Cancel,
    /// Take differences to this contender.
    Baseline(usize),
    /// Draw this row of the sweep.
    Row(String),
    /// What is behind this cell?
    Behind {
        /// The contender's position.
        contender: usize,
        /// The row's id.
        row: String,
    },
    /// As a file, please.
    Export(Format),
}

/// How a comparison leaves the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For programmes.
    Json,
    /// For a spreadsheet.
    Csv,
    /// For an issue or a wiki.
    Markdown,
    /// A page of its own.
    Html,
    /// A picture.
    Svg,
}

impl Ask {
    /// Reads it; `None` if nobody would ask so.
    pub fn read(text: &str) -> Option<Ask> {
        let asked: Value = serde_json::from_str(text).ok()?;
        let word = |name: &str| asked.get(name)?.as_str();
        let contender = || usize::try_from(asked.get("contender")?.as_u64()?).ok();
        Some(match word("do")? {
            "open" => Ask::Open(word("text")?.into()),
            "cancel" => Ask::Cancel,
            "baseline" => Ask::Baseline(contender()?),
            "row" => Ask::Row(word("row")?.into()),
            "behind" => Ask::Behind { contender: contender()?, row: word("row")?.into() },
            "export" => Ask::Export(Format::named(word("format")?)?),
            "begin" => Ask::Begin(asked),
            _ => return None,
        })
    }
}

impl Format {
    fn named(name: &str) -> Option<Format> {
        let all = [Format::Json, Format::Csv, Format::Markdown, Format::Html, Format::Svg];
        all.into_iter().find(|format| format.name() == name)
    }

    /// Its name, which is also how the names of such files end.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Svg => "svg",
        }
    }

    /// What browsers call it.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Csv => "text/csv",
            Format::Markdown => "text/markdown",
            Format::Html => "text/html",
            Format::Svg => "image/svg+xml",
        }
    }
}
