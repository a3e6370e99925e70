//! Checks and faults.

use super::read::{duration, duration_at, formula, name, pair, text};
use super::{Check, Fault, FaultKind, Promise};
use crate::diagnostic::At;
use crate::line::expression::Formula;
use crate::tree::Node;
use crate::units;

/// A key with the promise that what stands under it is.
type Key<T> = (&'static str, fn(At<T>) -> Promise);

const CONDITIONS: [Key<Formula>; 4] = [
    ("never", Promise::Never),
    ("always", Promise::Always),
    ("finally", Promise::Finally),
    ("total", Promise::Total),
];
const PLACES: [Key<String>; 2] = [("ordered", Promise::Ordered), ("lossless", Promise::Lossless)];

/// What can be read of a check.
pub(super) fn check(node: &Node) -> Option<Check> {
    let why = text(node, "why");
    for (key, promise) in CONDITIONS {
        if let Some(condition) = node.field(key) {
            let name = format!("{key}: {}", one_line(condition.text()?));
            return Some(Check { name, why, promise: promise(formula(condition)?) });
        }
    }
    for (key, promise) in PLACES {
        if let Some(place) = name(node.field(key)) {
            return Some(Check { name: format!("{key}: {}", place.value), why, promise: promise(place) });
        }
    }
    let span = duration_at(node.field("within"))?;
    let reach: Vec<At<String>> =
        node.field("reach")?.items().iter().filter_map(|item| name(Some(item))).collect();
    let facts: Vec<&str> = reach.iter().map(|fact| fact.value.as_str()).collect();
    let name = format!("within {}: {}", one_line(node.field("within")?.text()?), facts.join(", "));
    Some(Check { name, why, promise: Promise::Within { span, reach } })
}

/// What can be read of a fault.
pub(super) fn fault(node: &Node) -> Option<Fault> {
    let at = duration_at(node.field("at"))?;
    let lasts = match node.field("for") {
        Some(node) => Some(duration(node)?),
        None => None,
    };
    let kind = if let Some(service) = node.field("rebuild") {
        FaultKind::Rebuild(name(Some(service))?)
    } else if let Some(place) = node.field("crash") {
        FaultKind::Crash(name(Some(place))?)
    } else if let Some(service) = node.field("slow") {
        FaultKind::Slow { service: name(Some(service))?, by: units::factor(node.field("by")?.text()?).ok()? }
    } else {
        FaultKind::Cut(pair(node.field("cut"))?)
    };
    Some(Fault { at, lasts, kind })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
