//! The shape of a scenario file, as data: which keys there are, what stands under them, and what they mean.
//!
//! It is written down once, in [`tables`]. The keys and types of a file are checked against it ([`check`]),
//! and editors get it as a JSON Schema ([`schema`]), so that the two cannot say different things.

#![cfg_attr(not(feature = "schema"), allow(dead_code, reason = "names and patterns serve the schema"))]

mod check;
mod languages;
#[cfg(feature = "schema")]
mod schema;
mod tables;

pub(crate) use check::{check, flag, instead_of_key, picked, whole};
pub(crate) use languages::PERCENT;
#[cfg(feature = "schema")]
pub use schema::schema;
pub(crate) use tables::{CHANNEL, FILE, VARIANT_KIND as VARIANT};

use crate::diagnostic::Wrong;

/// What may stand somewhere.
pub(crate) enum Kind {
    /// The version of the format, a whole number.
    Version,
    /// Words for people.
    Text(Lines),
    /// The name of something, new or known.
    Name(Role),
    /// One of the channel profiles.
    Profile,
    /// What a channel sets a parameter of its profile to. Which there are the profile says, so that this is
    /// looked at when the profile is known.
    Parameter,
    /// A whole number from `least` to `most`.
    Whole { least: u64, most: u64 },
    /// A line in a small language.
    Line(&'static Language),
    /// A number without a unit, read like a line.
    Number(&'static Language),
    /// One of these words.
    Word(&'static Words),
    /// A mapping with known keys.
    Record(&'static Record),
    /// A mapping with some of the keys of a record, which change one that is written elsewhere.
    Changes(&'static Record),
    /// A mapping from names to something.
    Names(Role, &'static Kind),
    /// A list with at least so many items.
    List { of: &'static Kind, least: usize, most: usize },
    /// A mapping that is one of several records, told apart by their first key.
    Choice(&'static Choice),
    /// A line, a list or a mapping, told apart by which it is.
    Either(&'static Either),
}

/// How many lines a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// A title or a reason.
    One,
    /// A description.
    Many,
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Service,
    Channel,
    Group,
    Hearer,
    Target,
    Place,
    Message,
    Fact,
    Field,
    Cell,
    Figure,
    Variant,
}

/// A mapping with known keys. The first field tells it apart where there is a choice.
pub(crate) struct Record {
    /// Its name in the schema.
    pub name: &'static str,
    /// What it is, in messages: `a client`.
    pub what: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
    pub fields: &'static [Field],
}

/// In the place of a key: every key that the fields before it do not name.
pub(crate) const OTHERS: &str = "*";

/// A key with what stands under it.
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: &'static Kind,
    pub need: Need,
    /// What it means, in a sentence.
    pub doc: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// What holds if it is not there.
    Default(&'static str),
}

/// Several records of which one stands there.
pub(crate) struct Choice {
    pub name: &'static str,
    /// What it is, in messages: `a step`.
    pub what: &'static str,
    pub records: &'static [&'static Record],
}

/// Several kinds that are told apart by being a line, a list or a mapping.
pub(crate) struct Either {
    pub name: &'static str,
    pub what: &'static str,
    pub doc: &'static str,
    pub kinds: &'static [&'static Kind],
}

/// A closed list of words.
pub(crate) struct Words {
    /// What they are, in messages: `a step`.
    pub what: &'static str,
    pub words: &'static [&'static str],
}

/// A small language of one line.
pub(crate) struct Language {
    /// Its name in the schema.
    pub name: &'static str,
    /// What is expected, in messages: `a duration with a unit, such as 80ms`.
    pub expected: &'static str,
    /// A regular expression for editors, which accepts whatever `check` accepts.
    pub pattern: &'static str,
    pub examples: &'static [&'static str],
    /// Says what is wrong with a line.
    pub check: fn(&str) -> Result<(), Wrong>,
}

/// What only the schema says, and nothing where there is no schema.
const fn for_schema(text: &'static str) -> &'static str {
    if cfg!(feature = "schema") { text } else { "" }
}

impl Lines {
    /// How long such a text may be.
    pub fn characters_max(self) -> usize {
        match self {
            Lines::One => 200,
            Lines::Many => 4000,
        }
    }
}

impl Record {
    /// The field of that name, or else that of all other names.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let other = || self.fields.last().filter(|field| field.name == OTHERS);
        self.fields.iter().find(|field| field.name == name).or_else(other)
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&'static str> {
        self.fields.iter().map(|field| field.name).filter(|name| *name != OTHERS).collect()
    }

    /// The key that tells it apart.
    pub fn head(&self) -> &'static str {
        self.fields.first().map_or("", |field| field.name)
    }
}

impl Role {
    /// What it is, in messages.
    pub fn what(self) -> &'static str {
        match self {
            Role::Client => "the name of a client",
            Role::Service => "the name of a service",
            Role::Channel => "the name of a channel",
            Role::Group => "the name of a group",
            Role::Hearer => "the name of a group or service",
            Role::Target => "the name of a service or channel",
            Role::Place => "the name of a client, service or channel",
            Role::Message => "the name of a message type",
            Role::Fact => "the name of a fact",
            Role::Field => "the name of a field",
            Role::Cell => "the name of a cell",
            Role::Figure => "the name of a figure",
            Role::Variant => "the name of a variant",
        }
    }
}
