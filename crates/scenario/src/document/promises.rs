//! Checks and faults.

use super::read::{duration, duration_at, name, pair, text};
use super::{Check, Fault, FaultKind, Promise};
use crate::diagnostic::At;
use crate::line::condition::{self, Statement};
use crate::tree::Node;
use crate::units;

/// What can be read of a check.
pub(super) fn check(node: &Node) -> Option<Check> {
    let why = text(node, "why");
    if let Some(condition) = node.field("never") {
        let name = format!("never: {}", one_line(condition.text()?));
        return Some(Check { name, why, promise: Promise::Never(statement(condition)?) });
    }
    if let Some(condition) = node.field("always") {
        let name = format!("always: {}", one_line(condition.text()?));
        return Some(Check { name, why, promise: Promise::Always(statement(condition)?) });
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
    let kind = if let Some(place) = node.field("crash") {
        FaultKind::Crash(name(Some(place))?)
    } else if let Some(service) = node.field("slow") {
        FaultKind::Slow { service: name(Some(service))?, by: units::factor(node.field("by")?.text()?).ok()? }
    } else {
        FaultKind::Cut(pair(node.field("cut"))?)
    };
    Some(Fault { at, lasts, kind })
}

fn statement(node: &Node) -> Option<At<Statement>> {
    Some(At { place: node.text_place(), value: condition::read(node.text()?).ok()? })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
