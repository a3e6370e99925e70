//! What the board of figures shows around the report.

use web_sys::Element;

/// How a comparison stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComparisonView {
    /// How many scenarios were opened on this board: each has a form of its own.
    pub scenario: u32,
    /// Whether a parameter is swept, rather than variants compared.
    pub sweep: bool,
    /// What was added to the variants: a wish each.
    pub added: Vec<String>,
    /// Whether runs are under way.
    pub running: bool,
    /// How much of it is done, 0 to 1.
    pub share: f64,
    /// How far it is, in words.
    pub words: String,
    /// Whether there is anything to take away.
    pub known: bool,
    /// The field that something is wrong with; empty if it is none of them.
    pub field: String,
    /// What is wrong; empty if nothing is.
    pub problem: String,
    /// The elements that hold what comes as HTML, once the board was shown.
    pub places: Option<Places>,
}

/// Elements that are filled with HTML as it comes. Yew puts them into the page, and does not look inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// The report.
    pub report: Element,
    /// What is behind a cell.
    pub behind: Element,
    /// Paths of parameters, for fields to suggest.
    pub paths: Element,
    /// The choice of the row that a sweep draws.
    pub row: Element,
    /// The choice of the row whose interval shall be narrow.
    pub precision_row: Element,
}
