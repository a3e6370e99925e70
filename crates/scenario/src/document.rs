//! The file in types of its own: what was written, with positions, names not looked up yet.
//!
//! A part that is wrong has been reported when these are made, and is `None` here, so that the rest of the
//! file can still be checked.

mod parts;
mod promises;
mod read;
mod steps;
mod time;

use kernel::{Distribution, Span};
use topology::{Arrivals, FieldValue, Habits, Scope};

use crate::diagnostic::At;
use crate::line::expression::Formula;
use crate::tree::Node;

pub(crate) use read::read;
pub(crate) use steps::{Call, Sending, Step, Steps, Values, visit};

/// A name with what it names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named<T> {
    pub name: At<String>,
    pub value: T,
}

/// The whole file.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub title: String,
    pub about: String,
    pub seed: u64,
    pub length: Span,
    pub speed: Option<f64>,
    /// What all variants share.
    pub shared: Parts,
    pub checks: Vec<Check>,
    pub faults: Vec<Fault>,
    /// Empty if the file has none.
    pub variants: Vec<Named<Variant>>,
}

/// What stands in a variant.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub about: String,
    pub cures: Vec<At<String>>,
    pub parts: Parts,
}

/// What may stand at the top and in a variant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub clients: Vec<Named<Client>>,
    pub services: Vec<Named<Service>>,
    pub links: Links,
    pub channels: Vec<Named<Channel>>,
    pub handlers: Vec<Handler>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    pub arrivals: Option<At<Arrivals>>,
    pub sends: Option<At<String>>,
    pub to: Option<At<String>>,
    pub patience: Option<At<Distribution>>,
    pub from: Option<At<Span>>,
    pub until: Option<At<Span>>,
    pub keys: Option<u32>,
    /// What its requests carry.
    pub with: Vec<Named<FieldValue>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Service {
    pub workers: Option<u16>,
    pub inbox: Option<u32>,
    pub work: Option<Distribution>,
    /// By how many milliseconds its clock is ahead.
    pub clock: Option<i32>,
    /// What it keeps.
    pub cells: Vec<Named<Cell>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    /// Whether it stands under `store`, and not under `memory`.
    pub kept: bool,
    pub per: Scope,
    pub lasts: Option<Span>,
    pub starts: i32,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    pub default: Link,
    pub between: Vec<Between>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    pub latency: Option<Distribution>,
    pub loss: Option<f64>,
    pub duplication: Option<f64>,
    pub reordering: Option<f64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Between {
    pub places: [At<String>; 2],
    pub link: Link,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Channel {
    pub profile: Option<At<String>>,
    pub consumers: Option<Vec<At<String>>>,
    pub groups: Option<Lists>,
    pub bindings: Option<Lists>,
    /// One text under each name.
    pub subjects: Option<Lists>,
    pub dead_letter: Option<At<String>>,
    /// All other keys: parameters, which only the profile can read.
    pub settings: Vec<Named<Node>>,
}

/// Texts under names.
pub(crate) type Lists = Vec<Named<Vec<At<String>>>>;

#[derive(Clone, Debug)]
pub(crate) struct Handler {
    pub service: At<String>,
    pub message: At<String>,
    pub habits: Habits,
    pub steps: Steps,
}

#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// As it stands in the file.
    pub name: String,
    pub why: String,
    pub promise: Promise,
}

#[derive(Clone, Debug)]
pub(crate) enum Promise {
    /// The condition begins at this place.
    Never(At<Formula>),
    Always(At<Formula>),
    Finally(At<Formula>),
    Within {
        span: At<Span>,
        reach: Vec<At<String>>,
    },
    Total(At<Formula>),
    Ordered(At<String>),
    Lossless(At<String>),
}

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub at: At<Span>,
    /// How long it lasts; `None`: for ever.
    pub lasts: Option<Span>,
    pub kind: FaultKind,
}

#[derive(Clone, Debug)]
pub(crate) enum FaultKind {
    Crash(At<String>),
    Slow { service: At<String>, by: f64 },
    Cut([At<String>; 2]),
    Rebuild(At<String>),
}

/// A name or an expression that stands in a step, with what the step does with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mention<'a> {
    /// It sets the fact.
    Sets(&'a At<String>),
    /// It gives the field a value, for who comes after it or is sent something.
    Gives(&'a At<String>),
    /// It takes the field over from an answer.
    Takes(&'a At<String>),
    /// It stores in the cell, which must be kept.
    Stores(&'a At<String>),
    /// It remembers in the cell, which must be memory.
    Remembers(&'a At<String>),
    /// It forgets the cell, whichever it is.
    Forgets(&'a At<String>),
    /// It measures the figure; the value may ask for the cells of any service.
    Measures(&'a At<String>, &'a At<Formula>),
    /// It asks for a value.
    Asks(&'a At<Formula>),
}
