//! Where a path leads in a tree.

use crate::nearest::{listed, nearest};
use crate::shape::{CHANNEL, FILE, Kind, OTHERS, VARIANT, picked};
use crate::tree::{Entry, Node, Value, shortened};

/// From a part of a tree to one below it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

impl Step {
    /// The way to a variant.
    pub fn variant(name: &str) -> [Step; 2] {
        [Step::Key("variants".into()), Step::Key(name.into())]
    }

    /// If the way leads to a key of a channel: the way to the channel, and the key.
    pub fn channel(steps: &[Step]) -> Option<(&[Step], &str)> {
        let (last, channel) = steps.split_last()?;
        let shared = match channel {
            [Step::Key(variants), _, shared @ ..] if variants == "variants" => shared,
            _ => channel,
        };
        match (shared, last) {
            ([Step::Key(section), _], Step::Key(key)) if section == "channels" => Some((channel, key)),
            _ => None,
        }
    }
}

/// Something below a part of a tree: it stands there, or it could.
pub(super) struct Below<'n> {
    pub step: Step,
    pub kind: &'static Kind,
    pub node: Option<&'n Node>,
}

impl Below<'_> {
    /// As it is written in a path.
    pub fn name(&self) -> String {
        match &self.step {
            Step::Key(key) => key.clone(),
            Step::Item(item) => (item + 1).to_string(),
        }
    }
}

/// All that stands below a part of a tree, and then what could.
pub(super) fn below<'n>(kind: &'static Kind, node: Option<&'n Node>) -> Vec<Below<'n>> {
    let kind = picked(kind, node);
    let mut all = Vec::new();
    let entries = node.map_or(&[][..], Node::entries);
    let mut add = |key: &str, kind, node| all.push(Below { step: Step::Key(key.into()), kind, node });
    match kind {
        Kind::Record(record) | Kind::Changes(record) => {
            for entry in entries {
                if let Some(field) = record.field(&entry.key) {
                    add(&entry.key, field.kind, Some(&entry.node));
                }
            }
            for field in record.fields {
                if field.name != OTHERS && !entries.iter().any(|entry| entry.key == field.name) {
                    add(field.name, field.kind, None);
                }
            }
        }
        Kind::Choice(choice) => {
            let is_chosen = |head: &str| entries.iter().any(|entry| entry.key == head);
            for field in choice.records.iter().filter(|it| is_chosen(it.head())).flat_map(|it| it.fields) {
                add(field.name, field.kind, node.and_then(|node| node.field(field.name)));
            }
        }
        Kind::Names(_, of) => {
            for entry in entries {
                add(&entry.key, of, Some(&entry.node));
            }
        }
        Kind::List { of, .. } => {
            for (item, node) in node.map_or(&[][..], Node::items).iter().enumerate() {
                all.push(Below { step: Step::Item(item), kind: of, node: Some(node) });
            }
        }
        Kind::Version
        | Kind::Text(_)
        | Kind::Name(_)
        | Kind::Profile
        | Kind::Parameter
        | Kind::Whole { .. }
        | Kind::Line(_)
        | Kind::Number(_)
        | Kind::Word(_)
        | Kind::Either(_) => {}
    }
    all
}

/// Whether a word is a key at the top of a file.
pub(super) fn is_at_the_top(word: &str) -> bool {
    below(&FILE, None).iter().any(|it| it.name() == word)
}

/// A path that leads nowhere.
struct Lost {
    /// How many bytes of the path lead as far as that.
    good: usize,
    /// What the next step could have been.
    known: Vec<String>,
}

/// Where a path leads, and what may stand there.
pub(super) type Found = (Vec<Step>, &'static Kind);

/// Follows a path.
fn follow(mut kind: &'static Kind, mut node: Option<&Node>, path: &str) -> Result<Found, Lost> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        let all = below(kind, node);
        let mut found: Option<(&Below<'_>, &str)> = None;
        for it in &all {
            // The longest, because keys may contain dots.
            if let Some(behind) = behind(rest, &it.name())
                && found.is_none_or(|(_, other)| behind.len() < other.len())
            {
                found = Some((it, behind));
            }
        }
        let Some((next, behind)) = found else {
            // The keys of a channel that its record does not name are parameters, which the profile knows.
            if matches!(kind, Kind::Record(record) | Kind::Changes(record) if std::ptr::eq(*record, &CHANNEL))
                && !rest.is_empty()
            {
                steps.push(Step::Key(unquoted(rest).into()));
                return Ok((steps, &Kind::Parameter));
            }
            let known = all.iter().map(Below::name).collect();
            return Err(Lost { good: path.len() - rest.len(), known });
        };
        steps.push(next.step.clone());
        (kind, node) = (next.kind, next.node);
        match behind.strip_prefix('.') {
            Some(further) => rest = further,
            None => return Ok((steps, kind)),
        }
    }
}

/// What stands behind a key at the beginning of a path: nothing, or a dot and more.
fn behind<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let quoted = |quote: char| path.strip_prefix(quote)?.strip_prefix(key)?.strip_prefix(quote);
    let behind = path.strip_prefix(key).or_else(|| quoted('"')).or_else(|| quoted('\''))?;
    (behind.is_empty() || behind.starts_with('.')).then_some(behind)
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Where something that is set belongs, for a variant or for all. Else what is wrong, and a help.
pub(super) fn place(root: &Node, variant: Option<&str>, path: &str) -> Result<Found, (String, String)> {
    find(root, variant, path).map_err(|lost| explained(root, variant, path, &lost))
}

/// In a variant, if that has it or can have it: what a variant changes as a whole is put there, as a change of its own.
/// What lies deeper is in the variant if that replaces the whole, and else stands where all share it.
fn find(root: &Node, variant: Option<&str>, path: &str) -> Result<Found, Lost> {
    let shared = follow(&FILE, Some(root), path);
    let Some(name) = variant else { return shared };
    let prefix = Step::variant(name);
    let node = at(root, &prefix);
    let own = follow(&VARIANT, node, path);
    let in_variant = |steps: &[Step], kind| Ok(([&prefix[..], steps].concat(), kind));
    match (shared, own) {
        (Ok((shared, kind)), own) => {
            let depth = depth_of_changes(&shared);
            let is_part = shared.len() == depth && !shared.iter().any(|step| matches!(step, Step::Item(_)));
            let is_written = |steps: &[Step]| node.is_some_and(|node| at(node, steps).is_some());
            let is_replaced = shared.len() > depth && is_written(&shared[..depth]);
            match own {
                Ok((own, kind)) if is_part || is_replaced || is_written(&own) => in_variant(&own, kind),
                Err(lost) if is_replaced => Err(lost),
                Err(_) if is_part && can_differ(&shared) => in_variant(&shared, kind),
                Ok(_) | Err(_) => Ok((shared, kind)),
            }
        }
        (Err(_), Ok((own, kind))) => in_variant(&own, kind),
        (Err(shared), Err(own)) if shared.good == own.good => {
            let mut known = shared.known;
            for name in own.known {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            Err(Lost { known, ..shared })
        }
        (Err(shared), Err(own)) => Err(if own.good > shared.good { own } else { shared }),
    }
}

/// How many steps lead to what a variant changes as a whole: to a key of a part, but fields and cells are changed one
/// by one.
fn depth_of_changes(steps: &[Step]) -> usize {
    match steps {
        [Step::Key(section), _, Step::Key(key), ..]
            if matches!(
                (section.as_str(), key.as_str()),
                ("clients", "with") | ("services", "store" | "memory")
            ) =>
        {
            4
        }
        _ => 3,
    }
}

/// Whether variants can differ in it.
fn can_differ(steps: &[Step]) -> bool {
    matches!(steps.first(), Some(Step::Key(section)) if below(&VARIANT, None).iter().any(|it| it.name() == *section))
}

/// What is wrong with a path that leads nowhere, and the right one that is nearest.
fn explained(root: &Node, variant: Option<&str>, path: &str, lost: &Lost) -> (String, String) {
    if path.is_empty() {
        let help = "write a path, such as services.payment.workers";
        return ("nothing stands before the `=`".into(), help.into());
    }
    let message = match variant {
        Some(variant) if lost.good > 0 => format!("variant {variant} has no {}", shortened(path)),
        Some(_) | None => format!("there is no {}", shortened(path)),
    };
    if let Some(meant) = meant(root, variant, path, lost) {
        return (message, format!("did you mean {}?", shortened(&meant)));
    }
    let whole = match path[..lost.good].trim_end_matches('.') {
        "" => "the file",
        whole => whole,
    };
    let mut known = Vec::new();
    known.extend(lost.known.iter().map(String::as_str));
    let help = match known[..] {
        [] => format!("nothing with a name of its own stands under {whole}"),
        ["1"] => format!("{whole} has one item, 1"),
        ["1", .., last] => format!("{whole} has the items 1 to {last}"),
        _ => format!("{whole} has {}", listed(&known)),
    };
    (message, help)
}

/// The path with each wrong key changed to the nearest right one, if that leads somewhere.
fn meant(root: &Node, variant: Option<&str>, path: &str, lost: &Lost) -> Option<String> {
    if lost.known.first().is_some_and(|first| first == "1") {
        // No number is meant for another.
        return None;
    }
    let (good, wrong) = path.split_at(lost.good);
    let (wrong, rest) = wrong.split_at(wrong.find('.').unwrap_or(wrong.len()));
    let changed = match nearest(unquoted(wrong), lost.known.iter().map(String::as_str)) {
        Some(right) => format!("{good}{right}{rest}"),
        // The section may have been left out.
        None if good.is_empty() => {
            let full = |section: &str| format!("{section}.{path}");
            let sections = ["services", "clients", "channels"];
            return sections.into_iter().map(full).find(|path| find(root, variant, path).is_ok());
        }
        None => return None,
    };
    match find(root, variant, &changed) {
        Ok(_) => Some(changed),
        // Each change makes more of it right, so this ends.
        Err(next) if next.good > lost.good => meant(root, variant, &changed, &next),
        Err(_) => None,
    }
}

/// What stands there.
pub(super) fn at<'n>(mut node: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    for step in steps {
        node = match step {
            Step::Key(key) => node.field(key)?,
            Step::Item(item) => node.items().get(*item)?,
        };
    }
    Some(node)
}

/// The same, to be changed.
pub(super) fn at_mut<'n>(mut node: &'n mut Node, steps: &[Step]) -> Option<&'n mut Node> {
    for step in steps {
        node = match (step, &mut node.value) {
            (Step::Key(key), Value::Mapping(entries)) => {
                &mut entries.iter_mut().find(|entry| entry.key == *key)?.node
            }
            (Step::Item(item), Value::List(items)) => items.get_mut(*item)?,
            (Step::Key(_), Value::Scalar(_) | Value::List(_))
            | (Step::Item(_), Value::Scalar(_) | Value::Mapping(_)) => {
                return None;
            }
        };
    }
    Some(node)
}

/// Puts a value there; mappings on the way are made.
pub(super) fn put(root: &mut Node, steps: &[Step], value: Node) {
    let place = value.place;
    for (index, step) in steps.iter().enumerate() {
        let (Step::Key(key), Some(node)) = (step, at_mut(root, &steps[..index])) else { continue };
        let Value::Mapping(entries) = &mut node.value else { continue };
        if !entries.iter().any(|entry| entry.key == *key) {
            let node = Node { place, value: Value::Mapping(Vec::new()) };
            entries.push(Entry { key: key.clone(), place, node });
        }
    }
    if let Some(node) = at_mut(root, steps) {
        *node = value;
    }
}
