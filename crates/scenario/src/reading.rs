//! From a text to plans, or to a list of what is wrong.

use std::sync::Arc;

use kernel::Time;
use topology::Plan;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::document::{self, Document};
use crate::lower::{Vocabulary, lower};
use crate::setting::Given;
use crate::tree::Node;
use crate::whole::Whole;
use crate::{meaning, shape, text, tree};

/// What came of reading a text.
#[derive(Clone, Debug)]
pub struct Reading {
    /// There if and only if no diagnostic is an error.
    pub scenario: Option<Scenario>,
    /// Everything that is wrong or doubtful, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub about: String,
    /// Where chance begins, unless somebody chooses another seed.
    pub seed: u64,
    /// When a run ends.
    pub length: Time,
    /// How fast it is best played: 1 is real time.
    pub speed: Option<f64>,
    /// The architectures, at least one. All have the same clients, services, message types, facts, fields, cells,
    /// figures and checks in the same order.
    pub variants: Vec<Variant>,
}

/// One architecture of a scenario.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name; `default` where the scenario has no variants.
    pub name: String,
    /// What is different here.
    pub about: String,
    /// The variants whose failures this one cures: each of them breaks a check, and this one holds all.
    pub cures: Vec<String>,
    /// What runs.
    pub plan: Arc<Plan>,
    /// What the parameters of each of the plan's channels were given.
    pub given: Vec<Vec<Given>>,
}

impl Scenario {
    /// The variant of that name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}

/// Reads a scenario. Whatever the text is, there is a scenario or at least one error, and never both.
pub fn read(text: &str) -> Reading {
    read_changed(text, &mut |_, _| {})
}

/// The same, if something is changed in the tree of the text before anything else looks at it.
pub(crate) fn read_changed(text: &str, change: &mut dyn FnMut(&mut Node, &mut Problems)) -> Reading {
    let mut problems = Problems::default();
    let scenario = scenario(text, change, &mut problems);
    let scenario = if problems.any_error() { None } else { scenario };
    Reading { scenario, diagnostics: problems.sorted() }
}

/// The same for bytes, which may not be a text at all.
pub fn read_bytes(bytes: &[u8]) -> Reading {
    if bytes.len() > text::BYTES_MAX {
        // Not even looked at: it could be a film.
        return refused(Place::START, text::too_large(bytes.len()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text),
        Err(error) => refused(text::place_of_byte(bytes, error.valid_up_to()), text::not_utf8(bytes)),
    }
}

fn refused(place: Place, wrong: crate::diagnostic::Wrong) -> Reading {
    let mut problems = Problems::default();
    problems.error(place, wrong.message, wrong.help);
    Reading { scenario: None, diagnostics: problems.sorted() }
}

fn scenario(
    text: &str,
    change: &mut dyn FnMut(&mut Node, &mut Problems),
    problems: &mut Problems,
) -> Option<Scenario> {
    text::check(text, problems);
    if problems.any_error() {
        return None;
    }
    let mut root = tree::read(text, problems)?;
    change(&mut root, problems);
    shape::check(&shape::FILE, &root, problems);
    let document = document::read(&root, problems);
    let readable = !problems.any_error();
    let wholes = meaning::check(&document, problems);
    if !readable {
        // What could not be read is missing from the document, so that warnings would be about nothing.
        problems.keep_errors();
    }
    if problems.any_error() {
        return None;
    }
    let variants = variants(&document, &wholes, problems)?;
    let Document { title, about, seed, length, speed, .. } = document;
    Some(Scenario { title, about, seed, length: Time::ZERO + length, speed, variants })
}

fn variants(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) -> Option<Vec<Variant>> {
    let words = Vocabulary::of(wholes);
    let mut variants = Vec::new();
    for whole in wholes {
        match lower(document, whole, &words) {
            Ok(plan) => variants.push(Variant {
                name: whole.name.into(),
                about: whole.about.into(),
                cures: whole.cures.iter().map(|cured| cured.value.clone()).collect(),
                plan,
                given: whole.settings.iter().flatten().map(|setting| setting.values.clone()).collect(),
            }),
            Err(error) => {
                let message = format!("variant {} cannot run: {error}", whole.name);
                problems.error(Place::START, message, "change what it names");
            }
        }
    }
    (variants.len() == wholes.len() && !variants.is_empty()).then_some(variants)
}
