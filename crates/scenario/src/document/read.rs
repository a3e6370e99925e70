//! The whole file, and small values.

use kernel::Span;

use super::{Document, Named, Variant, parts, promises};
use crate::diagnostic::{At, Problems};
use crate::line::expression::{self, Formula};
use crate::tree::{Entry, Node};
use crate::units;

/// Makes the document. The tree has been checked against the tables; what is reported here is what only two
/// values together can be wrong about.
pub(crate) fn read(root: &Node, problems: &mut Problems) -> Document {
    Document {
        title: text(root, "title"),
        about: text(root, "about"),
        seed: whole(root.field("seed")).unwrap_or(SEED),
        length: root.field("length").and_then(duration).unwrap_or(LENGTH),
        speed: root.field("speed").and_then(|node| units::factor(node.text()?).ok()),
        shared: parts::read(root, problems),
        checks: each(root, "checks", promises::check),
        faults: each(root, "faults", promises::fault),
        variants: named(root, "variants", |node| Variant {
            about: text(node, "about"),
            cures: node.field("cures").map(parts::texts).unwrap_or_default(),
            parts: parts::read(node, problems),
        }),
    }
}

/// The seed of a scenario that gives none.
const SEED: u64 = 42;
/// The length of a scenario that gives none.
const LENGTH: Span = Span::from_millis(60_000);

/// What stands under each name of a mapping, in the order of the file.
pub(super) fn named<T>(node: &Node, key: &str, mut read: impl FnMut(&Node) -> T) -> Vec<Named<T>> {
    let entries = node.field(key).map_or(&[][..], Node::entries);
    entries.iter().map(|entry| Named { name: name_of(entry), value: read(&entry.node) }).collect()
}

/// What can be read of the items of a list.
pub(super) fn each<T>(node: &Node, key: &str, read: impl FnMut(&Node) -> Option<T>) -> Vec<T> {
    node.field(key).map_or(&[][..], Node::items).iter().filter_map(read).collect()
}

/// The key of an entry with its place.
pub(super) fn name_of(entry: &Entry) -> At<String> {
    At { place: entry.place, value: entry.key.clone() }
}

/// A text, empty if there is none.
pub(super) fn text(node: &Node, key: &str) -> String {
    node.field(key).and_then(Node::text).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// A name with its place.
pub(super) fn name(node: Option<&Node>) -> Option<At<String>> {
    let node = node?;
    Some(At { place: node.text_place(), value: node.text()?.to_owned() })
}

/// A whole number.
pub(super) fn whole<T: std::str::FromStr>(node: Option<&Node>) -> Option<T> {
    node?.text()?.parse().ok()
}

/// A duration.
pub(super) fn duration(node: &Node) -> Option<Span> {
    units::duration(node.text()?).ok()
}

/// A duration with its place.
pub(super) fn duration_at(node: Option<&Node>) -> Option<At<Span>> {
    let node = node?;
    Some(At { place: node.place, value: duration(node)? })
}

/// An expression with its place.
pub(super) fn formula(node: &Node) -> Option<At<Formula>> {
    Some(At { place: node.text_place(), value: expression::read(node.text()?).ok()? })
}

/// A percentage as a share.
pub(super) fn percent(node: Option<&Node>) -> Option<f64> {
    units::percent(node?.text()?).ok()
}

/// Two places.
pub(super) fn pair(node: Option<&Node>) -> Option<[At<String>; 2]> {
    match node?.items() {
        [one, other] => Some([name(Some(one))?, name(Some(other))?]),
        _ => None,
    }
}
