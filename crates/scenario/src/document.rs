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
use topology::Arrivals;

use crate::diagnostic::At;
use crate::line::condition::Statement;
use crate::tree::Node;

pub(crate) use read::read;

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
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Service {
    pub workers: Option<u16>,
    pub inbox: Option<u32>,
    pub work: Option<Distribution>,
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
    pub steps: Vec<At<Step>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Work(Option<Distribution>),
    Call { to: At<String>, send: At<String>, timeout: Option<Span>, go_on: bool },
    Send { command: At<String>, to: At<String> },
    Publish { event: At<String>, on: At<String> },
    Reply,
    Set(At<String>),
    If { fact: At<String>, at_least: u16, then: Vec<At<Step>>, otherwise: Vec<At<Step>> },
    Chance { probability: f64, then: Vec<At<Step>>, otherwise: Vec<At<Step>> },
    Fail,
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
    Never(At<Statement>),
    Always(At<Statement>),
    Within {
        span: At<Span>,
        reach: Vec<At<String>>,
    },
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
}

impl Step {
    /// The steps inside this one.
    pub fn branches(&self) -> [&[At<Step>]; 2] {
        match self {
            Step::If { then, otherwise, .. } | Step::Chance { then, otherwise, .. } => [then, otherwise],
            Step::Work(_) | Step::Call { .. } | Step::Send { .. } | Step::Publish { .. } => [&[], &[]],
            Step::Reply | Step::Set(_) | Step::Fail => [&[], &[]],
        }
    }
}
