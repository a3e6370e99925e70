//! What in a file can be set otherwise, for people who choose.

use super::place::below;
use crate::diagnostic::Problems;
use crate::shape::{FILE, Kind, Need, Record, VARIANT, picked};
use crate::text;
use crate::tree::{self, Node};

/// Something that can be set otherwise than it stands in a file: a number, a duration, a share, a distribution, how
/// requests arrive, or a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settable {
    /// Its path.
    pub path: String,
    /// What stands there, or holds because nothing stands there; empty if there is no limit then.
    pub value: String,
    /// The variant in which it stands so. `None`: it is so in all that do not say otherwise.
    pub variant: Option<String>,
}

/// Everything in a file that can be set otherwise: first that of parts with names (clients, services, channels), then
/// the network and faults, then what handlers do, then the rest. What several variants say of one path stands together.
/// Empty if it cannot be read.
pub fn settable(text: &str) -> Vec<Settable> {
    let mut problems = Problems::default();
    text::check(text, &mut problems);
    let root = if problems.any_error() { None } else { tree::read(text, &mut problems) };
    let mut all = Vec::new();
    let Some(root) = root else { return all };
    collect(&FILE, Some(&root), "", None, &mut all);
    // What is in a variant belongs to the parts of the same kind.
    let mut sorted = Vec::new();
    for sections in [&["clients", "services", "channels"][..], &["links", "faults"], &["handlers"]] {
        for section in sections {
            let (own, others) = all.into_iter().partition(|it: &Settable| section_of(&it.path) == *section);
            all = others;
            sorted.extend::<Vec<Settable>>(own);
        }
    }
    sorted.extend(all);
    sorted
}

fn section_of(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

fn collect(
    kind: &'static Kind,
    node: Option<&Node>,
    path: &str,
    variant: Option<&str>,
    all: &mut Vec<Settable>,
) {
    for it in below(kind, node) {
        let name = it.name();
        if path.is_empty() && name == "variants" {
            for variant in it.node.map_or(&[][..], Node::entries) {
                collect(&VARIANT, Some(&variant.node), "", Some(&variant.key), all);
            }
            continue;
        }
        let own = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let value = match it.node {
            Some(node) => node.text().filter(|_| is_quantity(picked(it.kind, it.node))).map(str::to_owned),
            None if variant.is_none() => unwritten(kind, &name),
            None => None,
        };
        // Which seed, and how fast it is shown, are no properties of a system.
        let is_of_system = own != "seed" && own != "speed";
        if let Some(value) = value.filter(|_| is_of_system) {
            // One path is one choice, however many variants have it.
            let behind = all.iter().rposition(|it| it.path == own).map_or(all.len(), |last| last + 1);
            all.insert(behind, Settable { path: own, value, variant: variant.map(str::to_owned) });
        } else if it.node.is_some()
            || (variant.is_none() && matches!(own.as_str(), "links" | "links.default"))
        {
            collect(it.kind, it.node, &own, variant, all);
        }
    }
}

/// What holds where nothing is written, of what people change most often.
fn unwritten(kind: &'static Kind, name: &str) -> Option<String> {
    let Kind::Record(record) = kind else { return None };
    let field = record.field(name).filter(|_| is_at_hand(record, name))?;
    match field.need {
        Need::Default(value) => Some(value.into()),
        Need::Required | Need::Optional => Some(String::new()),
    }
}

fn is_at_hand(record: &Record, name: &str) -> bool {
    match record.name {
        "client" => name == "patience",
        "service" => name == "workers",
        "link" => true,
        _ => false,
    }
}

fn is_quantity(kind: &Kind) -> bool {
    match kind {
        Kind::Whole { .. } | Kind::Number(_) | Kind::Parameter | Kind::Profile => true,
        Kind::Line(language) => {
            !matches!(language.name, "expression" | "pattern" | "subject" | "schema-versions")
        }
        Kind::Version
        | Kind::Text(_)
        | Kind::Name(_)
        | Kind::Word(_)
        | Kind::Record(_)
        | Kind::Changes(_)
        | Kind::Names(..)
        | Kind::List { .. }
        | Kind::Choice(_)
        | Kind::Either(_) => false,
    }
}
