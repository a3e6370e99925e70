//! The text as a tree of scalars, lists and mappings, each with its position. YAML and JSON end here.

mod build;
mod syntax;

pub(crate) use build::read;

use crate::diagnostic::Place;

/// A part of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub place: Place,
    pub value: Value,
}

/// What a part of the text is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the text; no key stands twice.
    Mapping(Vec<Entry>),
}

/// A piece of text or a number: the tree does not tell them apart, the shape of the file does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scalar {
    pub text: String,
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes.
    Plain,
    /// In quotes, on one line.
    Quoted,
    /// As a block of lines.
    Block,
}

/// A key with what stands under it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub key: String,
    pub place: Place,
    pub node: Node,
}

impl Node {
    /// What stands under this key, if this is a mapping that has it.
    pub fn field(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry of this key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a mapping; of anything else none.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            Value::Scalar(_) | Value::List(_) => &[],
        }
    }

    /// The items of a list; of anything else none.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(_) | Value::Mapping(_) => &[],
        }
    }

    /// The text of a scalar that is not empty.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.is_empty() => Some(&scalar.text),
            Value::Scalar(_) | Value::List(_) | Value::Mapping(_) => None,
        }
    }

    /// Where the text of this scalar begins: behind the quote, if there is one.
    pub fn text_place(&self) -> Place {
        match &self.value {
            Value::Scalar(Scalar { style: Style::Quoted, .. }) => self.place.moved(1),
            Value::Scalar(_) | Value::List(_) | Value::Mapping(_) => self.place,
        }
    }

    /// What it is, in words.
    pub fn what(&self) -> String {
        match &self.value {
            Value::Scalar(scalar) if scalar.is_empty() => "nothing".into(),
            Value::Scalar(scalar) => format!("`{}`", shortened(&scalar.text)),
            Value::List(_) => "a list".into(),
            Value::Mapping(_) => "a mapping".into(),
        }
    }
}

impl Scalar {
    /// Nothing stands there, or a word for nothing.
    pub fn is_empty(&self) -> bool {
        let is_null = || matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL");
        self.style == Style::Plain && is_null()
    }
}

/// The beginning of a text, on one line.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN_MAX).collect();
    if text.chars().count() > SHOWN_MAX { format!("{line}…") } else { line }
}
