//! Setting something otherwise than it stands in the file, by its path.
//!
//! A **path** is the keys that lead there with dots between, the items of a list by their number from 1:
//! `services.payment.workers`, `faults.1.for`, `handlers.orders.place_order.1.call.timeout`. A key that contains dots
//! is written as it is (`channels.a.b.prefetch`), or in quotes where that could mean two things. What the format
//! knows may be set although the file does not say it (`services.payment.workers`, `links.default.loss` without
//! `links`); what has a name (a service, a channel, a variant) must be there.
//!
//! A **value** is whatever could stand there in the file: `2`, `poisson 8/s`, `{ at: 20s, crash: payment, for: 10s }`.
//! A share may also be counted from 0 to 1 (`links.default.loss=0.05`).
//!
//! A **wish** is a variant, perhaps with something set otherwise in it: `queue`, or
//! `queue with services.payment.workers=2 and faults.1.for=20s`. Where a name or a value contains ` with ` or ` and `,
//! only one that a path and `=` follow counts; in quotes and brackets none does. A number behind the variant, as in
//! `queue (2)`, tells it from another one that is the same, and says nothing else.
//!
//! A path is looked for in the wished variant first, then among what all share. What a variant can change (a key of a
//! client, service, channel or link, a handler) is then set in that variant alone, as if it stood there; a part of a
//! value (`services.payment.work.lognormal.median`, a step), a fault, a check or the length is set where it stands.
//!
//! Whoever sets a channel's `profile` wants to see it run. So parameters of the old profile which the new one does not
//! have, or not with such a value, are left out, as they are between variants. What decides about who gets a message
//! (`bindings`, `groups`, `dead_letter`) stays, and is an error where the new profile cannot do it.
//!
//! The tree of the text is changed before anything else looks at it, so all that is checked of a file is checked of
//! what was set, too.

mod place;
mod settable;

use channel::profile;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::nearest::suggest;
use crate::shape::{CHANNEL, Kind, PERCENT};
use crate::tree::{self, Entry, Node, Value, shortened};
use crate::whole::carried_over;
use crate::{Reading, Scenario, reading, text, units};
use place::{Step, at, place, put};
pub use settable::{Settable, settable};

/// Something that is set otherwise than it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Where it stands: keys with dots between, items of a list by their number from 1, e.g.
    /// `services.payment.workers`, `faults.1.for`, `channels.charges.prefetch`.
    pub path: String,
    /// What shall stand there, as it would be written in the file.
    pub value: String,
}

/// Reads a scenario as if these things stood in it otherwise, for each of these variants; the other variants are as they
/// are. What is set later counts. A path that is not there is an error that names the nearest one. What is wrong
/// with an assignment is said of it: `services.payment.workers=0: ...`, in line 0.
///
/// ```
/// # let text = "
/// # signalbox: 1
/// # title: One service
/// # clients: { shopper: { arrivals: poisson 5/s, sends: place_order, to: orders } }
/// # services: { orders: { work: 80ms } }
/// # handlers: { orders: { place_order: [work, reply] } }
/// # ";
/// let set = |path: &str, value: &str| {
///     scenario::read_with(text, &[], &[scenario::Assignment { path: path.into(), value: value.into() }])
/// };
/// let scenario = set("services.orders.workers", "3").scenario.unwrap();
/// assert_eq!(scenario.variants[0].plan.services[0].workers, 3);
/// assert_eq!(
///     set("services.order.workers", "3").diagnostics[0].to_string(),
///     "error: services.order.workers=3: there is no services.order.workers; did you mean services.orders.workers?"
/// );
/// ```
pub fn read_with(text: &str, variants: &[&str], sets: &[Assignment]) -> Reading {
    let mut reading = reading::read_changed(text, &mut |root, problems| {
        for (number, set) in sets.iter().enumerate() {
            apply(root, variants, set, number, problems);
        }
    });
    reading.diagnostics.iter_mut().for_each(|diagnostic| name_assignment(diagnostic, sets));
    reading
}

/// Whether a path leads somewhere in a variant.
pub fn has(text: &str, variant: &str, path: &str) -> bool {
    let root = if path.len() > PATH_MAX { None } else { tree::read(text, &mut Problems::default()) };
    root.is_some_and(|root| {
        let variant = Some(variant).filter(|name| at(&root, &Step::variant(name)).is_some());
        place(&root, variant, path).is_ok()
    })
}

/// Reads which variant is wished for, and what shall be set otherwise in it: `queue`, or
/// `queue with services.payment.workers=2 and faults.1.for=20s`.
///
/// ```
/// let (variant, sets) = scenario::wish("queue with services.payment.workers=2 and faults.1.for=20s").unwrap();
/// assert_eq!((variant.as_str(), sets.len()), ("queue", 2));
/// assert_eq!((sets[1].path.as_str(), sets[1].value.as_str()), ("faults.1.for", "20s"));
/// ```
///
/// # Errors
/// What is wrong with it, for a person.
pub fn wish(text: &str) -> Result<(String, Vec<Assignment>), String> {
    let (variant, mut rest) = split(text, " with ");
    let variant = unnumbered(variant);
    if variant.is_empty() {
        return Err("nothing is wished for; name a variant, such as `queue`".into());
    }
    let mut sets = Vec::new();
    while let Some(assignments) = rest {
        let (one, others) = split(assignments, " and ");
        // Without a `=` nothing would have been split off.
        let (path, value) = one.split_once('=').unwrap_or((one, ""));
        sets.push(Assignment { path: path.trim().into(), value: value.trim().into() });
        rest = others;
    }
    Ok((variant.into(), sets))
}

/// The variant in `queue (2)`. Names have no parentheses.
fn unnumbered(variant: &str) -> &str {
    let number = variant.strip_suffix(')').and_then(|it| it.rsplit_once('('));
    number.filter(|it| it.1.parse::<u16>().is_ok()).map_or(variant, |it| it.0.trim_end())
}

/// That there is no such variant, and which may have been meant.
pub fn no_variant(scenario: &Scenario, name: &str) -> String {
    let mut known = Vec::new();
    known.extend(scenario.variants.iter().map(|variant| variant.name.as_str()));
    let help = match name.split_once(" with ") {
        Some((variant, _)) if known.contains(&variant) => {
            "behind `with` stands what is set, such as `services.payment.workers=2`".into()
        }
        Some(_) | None => suggest(name, "a variant", &known),
    };
    format!("there is no variant {}; {help}", shortened(name))
}

/// Splits at the first `word` that an assignment follows and that does not stand in quotes or brackets.
fn split<'t>(text: &'t str, word: &str) -> (&'t str, Option<&'t str>) {
    let (mut quote, mut open, mut before) = (None, 0u32, ' ');
    for (index, c) in text.char_indices() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (None, '[' | '{') => open += 1,
            (None, ']' | '}') => open = open.saturating_sub(1),
            (None, _) => {
                let behind = text[index..].strip_prefix(word).filter(|_| open == 0);
                if let Some(behind) = behind.filter(|behind| is_assignment(behind, word == " with ")) {
                    return (text[..index].trim(), Some(behind));
                }
            }
        }
        before = c;
    }
    (text.trim(), None)
}

/// Whether a text begins with a path and `=`: with one word and a dot, or with one word that stands at the top of a
/// file. Behind a variant any word will do, because no name contains a `=`.
fn is_assignment(text: &str, is_behind_variant: bool) -> bool {
    let text = text.trim_start();
    let is_part_of_word = |c: char| c.is_alphanumeric() || "_-".contains(c);
    let end = text.find(|c| !is_part_of_word(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_set = |rest: &str| rest.starts_with('=') && (is_behind_variant || place::is_at_the_top(word));
    (rest.starts_with('.') && rest.contains('=')) || is_set(rest)
}

/// Longer ones are refused, because nobody writes them.
const PATH_MAX: usize = 400;
/// Longer ones are refused: the places in them must not reach those of the next assignment.
const VALUE_MAX: usize = 10_000;
/// Assignments stand in line 0, and the text of each has so many columns.
const COLUMNS: u32 = 1 << 16;

/// Where the value of an assignment begins.
fn place_of(number: usize) -> Place {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: 0, column: number.saturating_mul(COLUMNS).saturating_add(1) }
}

/// Puts the assignment in front of a problem that stands in it.
fn name_assignment(diagnostic: &mut Diagnostic, sets: &[Assignment]) {
    if diagnostic.line != 0 {
        return;
    }
    let Some(set) = sets.get((diagnostic.column / COLUMNS) as usize) else { return };
    diagnostic.column %= COLUMNS;
    // Most problems begin with the path, in a variant with a longer one.
    let said = match diagnostic.message.split_once(set.path.as_str()) {
        Some((before, behind))
            if before.is_empty() || (before.starts_with("variants.") && before.ends_with('.')) =>
        {
            behind.strip_prefix(": ").unwrap_or(&diagnostic.message[before.len()..])
        }
        Some(_) | None => &diagnostic.message,
    };
    diagnostic.message = format!("{}={}: {said}", shortened(&set.path), shortened(&set.value));
}

fn apply(root: &mut Node, variants: &[&str], set: &Assignment, number: usize, problems: &mut Problems) {
    let start = place_of(number);
    if set.path.len() > PATH_MAX || set.value.len() > VALUE_MAX {
        let help = format!("a path has at most {PATH_MAX} bytes, and a value {VALUE_MAX}");
        return problems.error(start, "this is too long", help);
    }
    let Some(value) = value(&set.value, start, problems) else { return };
    // Without variants, or with one that the file does not have, it is for all.
    let mut wished: Vec<Option<&str>> = Vec::new();
    wished.extend(
        variants.iter().map(|name| Some(*name).filter(|name| at(root, &Step::variant(name)).is_some())),
    );
    if wished.is_empty() {
        wished.push(None);
    }
    for variant in wished {
        match place(root, variant, &set.path) {
            Ok((steps, kind)) => assign(root, variant, &steps, as_share(kind, value.clone())),
            Err((message, help)) => return problems.error(start, message, help),
        }
    }
}

/// Reads a value, all of which stands where the assignment stands.
fn value(text: &str, start: Place, problems: &mut Problems) -> Option<Node> {
    let mut own = Problems::default();
    text::check(text, &mut own);
    let is_nothing = text.is_empty() || text.starts_with('#');
    if is_nothing {
        own.error(Place::START, "nothing stands behind the `=`", "write what shall stand there");
    }
    let node = if own.any_error() { None } else { tree::read(text, &mut own) };
    let mut found = own.sorted();
    for diagnostic in &mut found {
        let place = moved(Place { line: diagnostic.line, column: diagnostic.column }, start);
        (diagnostic.line, diagnostic.column) = (place.line, place.column);
    }
    let is_right = found.is_empty();
    problems.take(found);
    let mut node = node.filter(|_| is_right)?;
    move_all(&mut node, start);
    Some(node)
}

fn moved(place: Place, start: Place) -> Place {
    start.moved(place.column.min(VALUE_MAX as u32).saturating_sub(1) as usize)
}

fn move_all(node: &mut Node, start: Place) {
    node.place = moved(node.place, start);
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::List(items) => items.iter_mut().for_each(|item| move_all(item, start)),
        Value::Mapping(entries) => {
            for entry in entries {
                entry.place = moved(entry.place, start);
                move_all(&mut entry.node, start);
            }
        }
    }
}

/// A share may be counted from 0 to 1.
fn as_share(kind: &Kind, mut node: Node) -> Node {
    if let (Kind::Line(language), Value::Scalar(scalar)) = (kind, &mut node.value)
        && std::ptr::eq(*language, &PERCENT)
        && let Ok(share @ 0.0..=1.0) = units::read_number(&scalar.text, "")
    {
        scalar.text = units::percent_text(share);
    }
    node
}

/// Puts a value where it belongs, and takes away what it makes pointless.
fn assign(root: &mut Node, variant: Option<&str>, steps: &[Step], value: Node) {
    let channel = Step::channel(steps);
    let Some((channel, key)) = channel else { return put(root, steps, value) };
    let shared = channel.strip_prefix(&Step::variant(variant.unwrap_or_default())[..]);
    let written = |root: &Node, channel: &[Step]| {
        at(root, channel).and_then(|node| profile(node.field("profile")?.text()?))
    };
    let old = written(root, channel).or_else(|| written(root, shared?));
    put(root, steps, value);
    let (Some(old), Some(Node { value: Value::Mapping(entries), .. })) = (old, place::at_mut(root, channel))
    else {
        return;
    };
    if key == "profile" {
        let new = entries.iter().find(|entry| entry.key == key).and_then(|entry| profile(entry.node.text()?));
        entries.retain_mut(|entry| is_kept(entry, Some(old), new));
    } else if let Some(parameter) = old.parameter(key) {
        // It may stand there by the other of its names.
        let is_other = |entry: &Entry| [parameter.name, parameter.real].contains(&entry.key.as_str());
        entries.retain(|entry| entry.key == key || !is_other(entry));
    }
}

/// Whether an entry of a channel is of use under another profile, perhaps by the name that it has there.
fn is_kept(entry: &mut Entry, old: Option<&channel::Profile>, new: Option<&channel::Profile>) -> bool {
    if CHANNEL.names().contains(&entry.key.as_str()) {
        return true;
    }
    let kept = carried_over(&entry.key, &entry.node, old, new);
    if let Some(name) = &kept {
        entry.key.clone_from(name);
    }
    kept.is_some()
}
