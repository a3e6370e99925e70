//! Checks a tree against the tables: keys, types, and everything that can be said of one value by itself.

use std::fmt;

use super::{Choice, Either, Field, Kind, Lines, Need, Record, Role, Words};
use crate::diagnostic::{Place, Problems, Wrong};
use crate::nearest::{listed, nearest, suggest};
use crate::text;
use crate::tree::{Entry, Node, Scalar, Style, Value, shortened};

/// Reports whatever in the tree is not as the kind says.
pub(crate) fn check(kind: &Kind, node: &Node, problems: &mut Problems) {
    Checker { problems }.kind(kind, node, &Path::Root);
}

/// Whether a mapping must say everything, or only what it changes.
#[derive(Clone, Copy, Debug)]
enum Extent {
    Whole,
    Changes,
}

impl Extent {
    fn demands(self, field: &Field) -> bool {
        match self {
            Extent::Whole => field.need == Need::Required,
            Extent::Changes => false,
        }
    }
}

/// Where in the file a node stands, in its own words: `clients.shopper.patience`.
enum Path<'a> {
    Root,
    Key {
        parent: &'a Path<'a>,
        key: &'a str,
        place: Place,
    },
    /// An item of a list, which is called like the list.
    Item {
        parent: &'a Path<'a>,
        place: Place,
    },
}

impl<'a> Path<'a> {
    fn to(&'a self, entry: &'a Entry) -> Path<'a> {
        Path::Key { parent: self, key: &entry.key, place: entry.place }
    }

    /// Where a key is missing: at the key that the mapping belongs to.
    fn place(&self) -> Place {
        match self {
            Path::Root => Place::START,
            Path::Key { place, .. } | Path::Item { place, .. } => *place,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("the file"),
            Path::Key { parent: Path::Root, key, .. } => f.write_str(&shortened(key)),
            Path::Key { parent, key, .. } => write!(f, "{parent}.{}", shortened(key)),
            Path::Item { parent, .. } => parent.fmt(f),
        }
    }
}

struct Checker<'p> {
    problems: &'p mut Problems,
}

impl Checker<'_> {
    fn kind(&mut self, kind: &Kind, node: &Node, path: &Path<'_>) {
        match kind {
            Kind::Version => self.version(node, path),
            Kind::Text(lines) => self.scalar(node, path, "a text", |scalar| text_of(*lines, &scalar.text)),
            Kind::Name(role) => self.scalar(node, path, role.what(), |scalar| name_of(*role, &scalar.text)),
            Kind::Profile => self.scalar(node, path, "a profile", |_| Ok(())),
            Kind::Parameter => {}
            Kind::Whole { least, most } => {
                let expected = format!("a whole number from {least} to {most}");
                self.scalar(node, path, &expected, |it| whole(it, *least, *most, &expected).map(drop));
            }
            Kind::Line(language) | Kind::Number(language) => {
                self.scalar(node, path, language.expected, |it| (language.check)(&it.text))
            }
            Kind::Word(words) => self.scalar(node, path, words.what, |scalar| word(words, &scalar.text)),
            Kind::Record(record) => self.record(record, Extent::Whole, node, path, path),
            Kind::Changes(record) => self.record(record, Extent::Changes, node, path, path),
            Kind::Names(role, of) => self.names(*role, of, node, path),
            Kind::List { of, least, most } => self.list(of, *least, *most, node, path),
            Kind::Choice(choice) => self.choice(choice, node, path),
            Kind::Either(either) => self.either(either, node, path),
        }
    }

    fn expected(&mut self, what: &str, node: &Node, path: &Path<'_>) {
        self.problems.error(node.place, format!("{path} is {}", node.what()), format!("expected {what}"));
    }

    fn either(&mut self, either: &Either, node: &Node, path: &Path<'_>) {
        match either.kinds.iter().find(|kind| fits(kind, &node.value)) {
            Some(Kind::Word(words)) => {
                let heads: Vec<&str> = either.kinds.iter().flat_map(|kind| heads(kind)).collect();
                self.scalar(node, path, words.what, |scalar| word_or_head(words, &heads, &scalar.text));
            }
            Some(kind) => self.kind(kind, node, path),
            None => self.expected(either.what, node, path),
        }
    }

    fn version(&mut self, node: &Node, path: &Path<'_>) {
        if node.text() != Some("1") {
            let message = format!("{path} is {}", node.what());
            self.problems.error(node.place, message, "this program reads version 1: write `signalbox: 1`");
        }
    }

    fn scalar(
        &mut self,
        node: &Node,
        path: &Path<'_>,
        what: &str,
        check: impl Fn(&Scalar) -> Result<(), Wrong>,
    ) {
        match &node.value {
            Value::Scalar(scalar) if !scalar.is_empty() => {
                if let Err(wrong) = check(scalar) {
                    self.problems.wrong(node.text_place(), path, wrong);
                }
            }
            Value::Scalar(_) | Value::List(_) | Value::Mapping(_) => self.expected(what, node, path),
        }
    }

    /// The mapping is called `subject` where it lacks something or has too much.
    fn record(
        &mut self,
        record: &Record,
        extent: Extent,
        node: &Node,
        path: &Path<'_>,
        subject: &dyn fmt::Display,
    ) {
        let Value::Mapping(entries) = &node.value else {
            return self.expected(
                &format!("{}, a mapping with {}", record.what, listed(&record.names())),
                node,
                path,
            );
        };
        let mut meant = Vec::new();
        for entry in entries {
            match record.field(&entry.key) {
                Some(field) => self.kind(field.kind, &entry.node, &path.to(entry)),
                None => meant.extend(self.unknown_key(record, entry, subject)),
            }
        }
        for field in record.fields.iter().filter(|field| extent.demands(field)) {
            if node.entry(field.name).is_none() && !meant.contains(&field.name) {
                let message = format!("{subject} has no `{}`", field.name);
                // The page does not carry the sentences of the schema.
                let help = match field.doc {
                    "" => format!("add `{}:`", field.name),
                    doc => format!("add `{}:`: {doc}", field.name),
                };
                self.problems.error(path.place(), message, help);
            }
        }
    }

    /// Gives the key that was probably meant, which then is not missing as well.
    fn unknown_key(
        &mut self,
        record: &Record,
        entry: &Entry,
        subject: &dyn fmt::Display,
    ) -> Option<&'static str> {
        let message = format!("{subject} has the unknown key `{}`", shortened(&entry.key));
        self.problems.error(entry.place, message, instead_of_key(&entry.key, &record.names()));
        nearest(&entry.key, record.names())
    }

    fn names(&mut self, role: Role, of: &Kind, node: &Node, path: &Path<'_>) {
        let Value::Mapping(entries) = &node.value else {
            let what = format!("a mapping from {} to what it is", role.what());
            return self.expected(&what, node, path);
        };
        for entry in entries {
            if let Err(wrong) = name_of(role, &entry.key) {
                self.problems.wrong(entry.place, path, wrong);
            }
            self.kind(of, &entry.node, &path.to(entry));
        }
    }

    fn list(&mut self, of: &Kind, least: usize, most: usize, node: &Node, path: &Path<'_>) {
        let Value::List(items) = &node.value else {
            return self.expected("a list", node, path);
        };
        if !(least..=most).contains(&items.len()) {
            let help = if least == most {
                format!("expected {least}")
            } else {
                format!("expected {least} to {most}")
            };
            let count = if items.len() == 1 { "1 item".into() } else { format!("{} items", items.len()) };
            self.problems.error(node.place, format!("{path} has {count}"), help);
        }
        for item in items {
            self.kind(of, item, path);
        }
    }

    fn choice(&mut self, choice: &Choice, node: &Node, path: &Path<'_>) {
        let Value::Mapping(entries) = &node.value else {
            return self.expected(choice.what, node, path);
        };
        let chosen: Vec<&&Record> =
            choice.records.iter().filter(|record| node.entry(record.head()).is_some()).collect();
        if let Some(entry) = chosen.iter().find_map(|record| unindented(record, node)) {
            let message = format!("{path}: nothing stands under `{}`", entry.key);
            let help = format!("indent what follows further than `{}`", entry.key);
            return self.problems.error(entry.place, message, help);
        }
        match chosen.as_slice() {
            [record] => {
                // An item of a list has no key of its own, so what it lacks is reported where it begins.
                let item = Path::Item { parent: path, place: node.place };
                let subject = format!("{path}: {}", record.what);
                self.record(record, Extent::Whole, node, &item, &subject);
            }
            [] => self.nothing_chosen(choice, entries, node, path),
            [one, other, ..] => {
                let message = format!("{path} has both `{}` and `{}`", one.head(), other.head());
                let help = format!("{} has one of them; in a list the other begins a new item", choice.what);
                self.problems.error(node.place, message, help);
            }
        }
    }

    fn nothing_chosen(&mut self, choice: &Choice, entries: &[Entry], node: &Node, path: &Path<'_>) {
        let heads: Vec<&str> = choice.records.iter().map(|record| record.head()).collect();
        let meant =
            entries.iter().find_map(|entry| Some((entry, nearest(&entry.key, heads.iter().copied())?)));
        let (place, wrong) = match (meant, entries.first()) {
            (Some((entry, _)), _) | (None, Some(entry)) => (entry.place, entry.key.as_str()),
            (None, None) => (node.place, ""),
        };
        // A dash or a comma too many cuts a block, such as `then`, off from what it belongs to.
        let is_block = |field: &Field| field.name == wrong && matches!(field.kind, Kind::List { .. });
        let own = |record: &&&Record| record.fields.iter().skip(1).any(is_block);
        let owners: Vec<&str> = choice.records.iter().filter(own).map(|record| record.head()).collect();
        if meant.is_none() && !owners.is_empty() {
            let message = format!("{path}: `{wrong}` stands in an item of its own");
            let owners = listed(&owners);
            let help =
                format!("write it in the item of its {owners}: without a dash, or between the same braces");
            return self.problems.error(place, message, help);
        }
        let message = format!("{path}: `{}` is not {}", shortened(wrong), choice.what);
        self.problems.error(place, message, suggest(wrong, "one of", &heads));
    }
}

/// The entry of a record's head if its parts stand beside it instead of under it.
fn unindented<'n>(record: &Record, node: &'n Node) -> Option<&'n Entry> {
    let entry = node.entry(record.head())?;
    let Some(Kind::Record(inner)) = record.fields.first().map(|field| field.kind) else { return None };
    let beside = node.entries().iter().any(|entry| inner.field(&entry.key).is_some());
    (beside && entry.node.what() == "nothing").then_some(entry)
}

/// The kind of what stands there, where that is told apart by being a line, a list or a mapping.
pub(crate) fn picked(mut kind: &'static Kind, node: Option<&Node>) -> &'static Kind {
    while let (Kind::Either(either), Some(node)) = (kind, node) {
        match either.kinds.iter().find(|kind| fits(kind, &node.value)) {
            Some(picked) => kind = picked,
            None => break,
        }
    }
    kind
}

fn fits(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::List { .. } => matches!(value, Value::List(_)),
        Kind::Record(_) | Kind::Changes(_) | Kind::Names(..) | Kind::Choice(_) => {
            matches!(value, Value::Mapping(_))
        }
        Kind::Either(either) => either.kinds.iter().any(|kind| fits(kind, value)),
        Kind::Version
        | Kind::Text(_)
        | Kind::Name(_)
        | Kind::Profile
        | Kind::Parameter
        | Kind::Whole { .. }
        | Kind::Line(_)
        | Kind::Number(_)
        | Kind::Word(_) => matches!(value, Value::Scalar(_)),
    }
}

pub(super) fn text_of(lines: Lines, text: &str) -> Result<(), Wrong> {
    let most = lines.characters_max();
    if text.chars().count() > most {
        return Err(Wrong::new("the text is too long", format!("at most {most} characters")));
    }
    if lines == Lines::One && text.trim_end().contains('\n') {
        return Err(Wrong::new("the text has several lines", "expected one line"));
    }
    Ok(())
}

fn name_of(role: Role, text: &str) -> Result<(), Wrong> {
    match role {
        Role::Fact | Role::Field | Role::Cell | Role::Figure => text::term(text),
        Role::Client | Role::Service | Role::Channel | Role::Target => text::name(text),
        Role::Group | Role::Hearer | Role::Place | Role::Message | Role::Variant => text::name(text),
    }
}

/// A whole number in a range.
pub(crate) fn whole(scalar: &Scalar, least: u64, most: u64, expected: &str) -> Result<u64, Wrong> {
    let (text, help) = (shortened(&scalar.text), format!("expected {expected}"));
    match scalar.text.parse::<u64>() {
        _ if scalar.style != Style::Plain => {
            Err(Wrong::new(format!("`{text}` is a text"), format!("{help}, without quotes")))
        }
        Ok(number) if (least..=most).contains(&number) && !scalar.text.starts_with('+') => Ok(number),
        Ok(_) => Err(Wrong::new(format!("{text} is out of range"), help)),
        Err(_) => Err(Wrong::new(format!("`{text}` is not such a number"), help)),
    }
}

/// A help for a key that is none of these.
pub(crate) fn instead_of_key(key: &str, names: &[&str]) -> String {
    match key {
        "<<" => "merge keys are not part of YAML 1.2: repeat the lines, or use a variant".into(),
        key => suggest(&shortened(key), "one of", names),
    }
}

/// `true` or `false`.
pub(crate) fn flag(scalar: &Scalar) -> Result<bool, Wrong> {
    match scalar.text.as_str() {
        "true" if scalar.style == Style::Plain => Ok(true),
        "false" if scalar.style == Style::Plain => Ok(false),
        other => Err(Wrong::new(format!("`{}` is neither", shortened(other)), "expected true or false")),
    }
}

/// The keys with which a mapping of this kind may begin.
fn heads(kind: &Kind) -> Vec<&'static str> {
    let Kind::Choice(choice) = kind else { return Vec::new() };
    choice.records.iter().map(|record| record.head()).collect()
}

/// A word that may also begin a mapping, and then needs what stands under it.
fn word_or_head(words: &Words, heads: &[&str], text: &str) -> Result<(), Wrong> {
    if words.words.contains(&text) {
        return Ok(());
    }
    if heads.contains(&text) {
        return Err(Wrong::new(
            format!("`{text}` needs details"),
            format!("write them after a colon: `{text}: ...`"),
        ));
    }
    let all: Vec<&str> =
        words.words.iter().chain(heads.iter().filter(|it| !words.words.contains(it))).copied().collect();
    Err(Wrong::new(format!("`{}` is not {}", shortened(text), words.what), suggest(text, "one of", &all)))
}

fn word(words: &Words, text: &str) -> Result<(), Wrong> {
    if words.words.contains(&text) {
        return Ok(());
    }
    let message = format!("`{}` is not {}", shortened(text), words.what);
    Err(Wrong::new(message, suggest(text, "one of", words.words)))
}
