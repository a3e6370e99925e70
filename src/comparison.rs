//! Comparing by figures: what the page knows of the worker that does it.
//!
//! ```text
//!  form, buttons ──Comparing──► Comparison ──JSON text──► worker: runs, figures, HTML
//!                                  ▲   │
//!                                  └───┼──────Told─────── progress, HTML, files, what is wrong
//!                                      ├── ComparisonView ──► Yew
//!                                      └── HTML ──► elements of its own
//! ```
//! The page computes no figure. The worker is fetched when the board is first shown.

mod once;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use crate::Desk;
use crate::browser::fields::quoted;
use crate::browser::worker::{Lead, Told};
use crate::browser::{dialog, element, exports, fragment};
use crate::snapshot::{ComparisonView, Places};

pub use once::once;

/// With how many seeds a board begins that nobody has asked anything yet: enough to see what differs much.
pub const SEEDS: u64 = 20;
/// Whose interval people mostly want to be narrow.
const PRECISION_ROW: &str = "response_mean";
/// The id of the dialog that shows what is behind a cell.
pub const BEHIND: &str = "behind";
/// The id of the field for one more contender.
pub const ADDED: &str = "added";
/// The id of the list of paths that fields suggest.
pub const PATHS: &str = "paths";

/// Something that a person does on the board.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparing {
    /// Compare what the form says, in the worker's words.
    Begin(String),
    /// The same with one more contender: its wish, and the form with it.
    Add {
        /// The wish.
        wish: String,
        /// What to compare then.
        begin: String,
    },
    /// Whether to sweep, or to compare variants.
    Sweep(bool),
    /// Something that the worker answers by itself, in its words.
    Ask(String),
    /// Give the report to the clipboard.
    Copy,
    /// The pointer is down on the report, which therefore stands still; or it is up again.
    Hold(bool),
}

/// What is known, and who knows more.
#[derive(Default)]
pub struct Comparison {
    lead: Option<Lead>,
    loading: bool,
    /// The scenario that is compared.
    text: String,
    view: ComparisonView,
    /// The wish that shall be one of the contenders, if it suits.
    adding: Option<String>,
    /// Whether the next file goes to the clipboard.
    copying: bool,
    /// The report that is not on the page yet.
    report: Option<String>,
    held: bool,
}

impl Comparison {
    /// The board is on screen, with this scenario open.
    pub fn show(&mut self, text: &str, desk: &Desk) {
        if self.view.places.is_none() {
            self.view.places = places();
        }
        if self.text != text {
            self.text = text.into();
            self.begin_anew();
            self.load(desk);
        }
        if let (Some(html), Some(places), false) = (&self.report, &self.view.places, self.held) {
            fragment::put(&places.report, html);
            self.report = None;
        }
    }

    /// How it stands, once the board was shown. Who comes back to it finds it as it was.
    pub fn view(&self) -> Option<ComparisonView> {
        self.view.places.is_some().then(|| self.view.clone())
    }

    fn begin_anew(&mut self) {
        let (scenario, places) = (self.view.scenario + 1, self.view.places.take());
        if let Some(Places { report, behind, .. }) = &places {
            report.set_inner_html("");
            behind.set_inner_html("");
        }
        self.view = ComparisonView { scenario, places, sweep: self.view.sweep, ..ComparisonView::default() };
        self.report = None;
        self.adding = None;
    }

    /// Fetches the worker if it is not there, and lets it begin.
    fn load(&mut self, desk: &Desk) {
        if self.lead.is_some() {
            return self.open();
        }
        if self.loading {
            return;
        }
        self.loading = true;
        self.view.words = "What compares is being loaded.".into();
        let desk = desk.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let hear = desk.hear_comparison();
            let lead = Lead::start(hear).await;
            desk.compare(|comparison| comparison.loaded(lead));
        });
    }

    fn loaded(&mut self, lead: Result<Lead, String>) {
        self.loading = false;
        self.view.words.clear();
        match lead {
            Ok(lead) => {
                self.lead = Some(lead);
                self.open();
            }
            Err(reason) => self.tell_problem("", format!("What compares could not be loaded. {reason}")),
        }
    }

    /// A small comparison, so that there is something to see at once.
    fn open(&mut self) {
        self.ask(&opening(&self.text));
        self.ask(&format!("{{\"do\":\"begin\",\"seeds\":{SEEDS}}}"));
    }

    fn ask(&self, text: &str) {
        if let Some(lead) = &self.lead {
            lead.ask(text);
        }
    }

    /// Does what a person asked for.
    pub fn act(&mut self, action: Comparing, desk: &Desk) {
        match action {
            Comparing::Begin(begin) => self.begin(&begin, desk),
            Comparing::Add { wish, begin } => {
                self.adding = Some(wish);
                self.begin(&begin, desk);
            }
            Comparing::Sweep(sweep) => self.view.sweep = sweep,
            Comparing::Ask(text) => self.ask(&text),
            Comparing::Copy => {
                self.copying = true;
                self.ask("{\"do\":\"export\",\"format\":\"md\"}");
            }
            Comparing::Hold(held) => self.held = held,
        }
    }

    fn begin(&mut self, begin: &str, desk: &Desk) {
        self.view.problem.clear();
        match &self.lead {
            Some(lead) => lead.ask(begin),
            // It could not be had before; perhaps it can now.
            None => self.load(desk),
        }
    }

    /// Hears what the worker tells.
    pub fn hear(&mut self, told: &Told) {
        match told.kind().as_str() {
            "paths" => self.take_paths(&told.text("paths"), &told.text("rows")),
            "progress" => {
                if let Some(wish) = self.adding.take() {
                    self.view.added.push(wish);
                    empty_field(ADDED);
                }
                self.view.running = true;
                self.view.share = told.number("share");
                self.view.words = told.text("words");
            }
            "html" => {
                self.report = Some(told.text("html"));
                self.view.known = true;
            }
            "behind" => self.take_behind(&told.text("html")),
            "over" => {
                self.view.running = false;
                self.view.words.clear();
            }
            "problem" => self.tell_problem(&told.text("field"), told.text("words")),
            "file" => self.take_file(told),
            // It is of no use any more.
            _ => {
                self.lead = None;
                self.view.running = false;
                self.tell_problem("", told.text(""));
            }
        }
    }

    fn tell_problem(&mut self, field: &str, words: String) {
        // What was wrong with the contenders was wrong with the new one.
        let is_added = self.adding.take().is_some() && field == "wishes";
        self.view.field = if is_added { "set" } else { field }.into();
        self.view.problem = words;
    }

    fn take_paths(&self, paths: &str, rows: &str) {
        if let Some(places) = &self.view.places {
            places.paths.set_inner_html(paths);
            places.row.set_inner_html(rows);
            places.precision_row.set_inner_html(rows);
            if let Some(choice) = places.precision_row.dyn_ref::<HtmlSelectElement>() {
                choice.set_value(PRECISION_ROW);
            }
        }
    }

    fn take_behind(&self, html: &str) {
        if let Some(places) = &self.view.places {
            places.behind.set_inner_html(html);
            dialog::show_by_id(BEHIND);
        }
    }

    fn take_file(&mut self, told: &Told) {
        let text = told.text("text");
        if !std::mem::take(&mut self.copying) {
            return exports::save(&told.text("name"), &told.text("type"), &text);
        }
        wasm_bindgen_futures::spawn_local(async move {
            // Where there is no clipboard, the file is the way.
            if !exports::copy(&text).await {
                exports::save("comparison.md", "text/markdown", &text);
            }
        });
    }
}

/// What the worker is told first.
fn opening(text: &str) -> String {
    format!("{{\"do\":\"open\",\"text\":{}}}", quoted(text))
}

fn places() -> Option<Places> {
    let choice = |name: &str, label: &str| {
        let select = fragment::element("select")?;
        // Names of attributes are valid.
        let _ = select.set_attribute("name", name);
        let _ = select.set_attribute("aria-label", label);
        Some(select)
    };
    let paths: Element = fragment::element("datalist")?;
    paths.set_id(PATHS);
    Some(Places {
        report: fragment::element("div")?,
        behind: fragment::element("div")?,
        paths,
        row: choice("row", "Row")?,
        precision_row: choice("precision-row", "Row of which")?,
    })
}

fn empty_field(id: &str) {
    if let Some(field) = element(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value("");
    }
}
