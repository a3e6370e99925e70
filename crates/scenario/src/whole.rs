//! One variant with everything that applies to it: the shared parts, its own, and its changes to the shared.

mod merge;
mod traffic;

use topology::FieldValue;

use crate::diagnostic::{At, Problems};
use crate::document::{Between, Channel, Client, Document, Handler, Link, Named, Service, Step, Variant};
use crate::index::{Index, joined};
use crate::line::expression::Formula;
use crate::meaning::SCHEMA;
use crate::setting::Setting;
pub(crate) use merge::carried_over;
use merge::{change, change_or_add, merge_handlers, merge_links, parts};
pub(crate) use traffic::{Group, PAIRS_MAX, Traffic, patterns};

/// A variant, complete.
#[derive(Clone, Debug)]
pub(crate) struct Whole<'a> {
    pub name: &'a str,
    pub about: &'a str,
    /// The variants whose failures it cures.
    pub cures: &'a [At<String>],
    pub clients: Vec<Part<'a, Client>>,
    pub services: Vec<Part<'a, Service>>,
    pub channels: Vec<Part<'a, Channel>>,
    /// How each channel is set, if its profile is known.
    pub settings: Vec<Option<Setting>>,
    pub default_link: Link,
    /// Links between two places, which this variant need not have.
    pub between: Vec<Between>,
    pub handlers: Vec<&'a Handler>,
    pub sendings: Vec<Sending<'a>>,
    /// What every name stands for, by its position in `parts`.
    kinds: Index<'a>,
    parts: Vec<(PartKind, usize)>,
    /// The handler of a service and a message type.
    handled: Index<'a>,
    /// Who listens to a message type, by its position in `listeners`.
    listening: Index<'a>,
    listeners: Vec<Vec<usize>>,
    /// The subject of a message type, by its position in `called`.
    subjects: Index<'a>,
    called: Vec<String>,
}

/// A client, service or channel with its name.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a, T> {
    pub name: &'a At<String>,
    pub value: T,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Client,
    Service,
    Channel,
}

/// A place in the file at which a message sets out.
#[derive(Clone, Debug)]
pub(crate) struct Sending<'a> {
    /// Who: a handler, by its position, or else a client.
    pub handler: Option<usize>,
    /// The name of who sends.
    pub from: &'a At<String>,
    pub verb: Verb,
    pub message: At<String>,
    pub to: At<String>,
    /// Whether nothing decides about it: it stands outside of every branch.
    pub sure: bool,
    /// The schema version of the message, if it is always the same.
    pub version: Option<At<i64>>,
    /// Whether it leaves later, as with a timer.
    pub delayed: bool,
}

/// How a message sets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// A client's request.
    Request,
    Call,
    Send,
    Publish,
}

impl Verb {
    /// Whether a message of this kind can be addressed to that.
    pub fn reaches(self, kind: PartKind) -> bool {
        match (self, kind) {
            (_, PartKind::Client) => false,
            (Verb::Call, kind) => kind == PartKind::Service,
            (Verb::Publish, kind) => kind == PartKind::Channel,
            (Verb::Request | Verb::Send, PartKind::Service | PartKind::Channel) => true,
        }
    }
}

/// Every variant of a document; without any there is one called `default`.
pub(crate) fn wholes<'a>(document: &'a Document, problems: &mut Problems) -> Vec<Whole<'a>> {
    if document.variants.is_empty() {
        return vec![Whole::new(document, None, problems)];
    }
    document.variants.iter().map(|variant| Whole::new(document, Some(variant), problems)).collect()
}

impl<'a> Whole<'a> {
    fn new(document: &'a Document, variant: Option<&'a Named<Variant>>, problems: &mut Problems) -> Self {
        let shared = &document.shared;
        let own = variant.map(|variant| &variant.value.parts);
        let mut clients = parts(&shared.clients);
        let mut services = parts(&shared.services);
        let mut channels = parts(&shared.channels);
        let mut default_link = shared.links.default.clone();
        let mut between = shared.links.between.clone();
        let mut handlers: Vec<&Handler> = shared.handlers.iter().collect();
        if let Some(own) = own {
            change(&mut clients, &own.clients, "client", Client::changed, problems);
            change(&mut services, &own.services, "service", Service::changed, problems);
            change_or_add(&mut channels, &own.channels);
            default_link = own.links.default.clone().or(&default_link);
            merge_links(&mut between, &own.links.between);
            merge_handlers(&mut handlers, &own.handlers);
        }
        // What is wrong with them is reported with the rest of the channel.
        let ignored = &mut Problems::default();
        let mut settings = Vec::new();
        settings.extend(channels.iter().map(|it| Setting::read(&it.name.value, &it.value, ignored)));
        let mut whole = Whole {
            name: variant.map_or("default", |variant| &variant.name.value),
            about: variant.map_or("", |variant| &variant.value.about),
            cures: variant.map_or(&[], |variant| &variant.value.cures),
            clients,
            services,
            channels,
            settings,
            default_link,
            between,
            handlers,
            sendings: Vec::new(),
            kinds: Index::new(),
            parts: Vec::new(),
            handled: Index::new(),
            listening: Index::new(),
            listeners: Vec::new(),
            subjects: Index::new(),
            called: Vec::new(),
        };
        whole.index();
        whole
    }

    /// What a name stands for, and its position among its kind.
    pub fn kind(&self, name: &str) -> Option<(PartKind, usize)> {
        self.kinds.get(name).map(|&part| self.parts[part])
    }

    /// The names of one kind of part.
    pub fn names(&self, wanted: PartKind) -> Vec<&str> {
        let named = self.kinds.iter().filter(|&(_, &part)| self.parts[part].0 == wanted);
        named.map(|(name, _)| name.as_ref()).collect()
    }

    /// The handler of a service for a message type, by its position.
    pub fn handler(&self, service: &str, message: &str) -> Option<usize> {
        self.handled.get(&joined(service, message)).copied()
    }

    /// Whether a sending goes to something that exists and can take it.
    pub fn is_addressed(&self, sending: &Sending<'_>) -> bool {
        self.kind(&sending.to.value).is_some_and(|(kind, _)| sending.verb.reaches(kind))
    }

    /// The handlers that a sending reaches.
    pub fn receivers(&self, sending: &Sending<'_>) -> Vec<usize> {
        match self.kind(&sending.to.value) {
            Some((PartKind::Service, _)) => {
                self.handler(&sending.to.value, &sending.message.value).into_iter().collect()
            }
            Some((PartKind::Channel, index)) => {
                let consumers = &self.channels[index].value.consumers;
                let listens = |handler: &&usize| {
                    let service = &self.handlers[**handler].service.value;
                    consumers.as_ref().is_none_or(|named| named.iter().any(|it| it.value == *service))
                };
                self.listeners(&sending.message.value).iter().filter(listens).copied().collect()
            }
            Some((PartKind::Client, _)) | None => Vec::new(),
        }
    }

    /// The handlers for a message type.
    fn listeners(&self, message: &str) -> &[usize] {
        self.listening.get(message).map_or(&[], |&number| &self.listeners[number])
    }

    fn index(&mut self) {
        let mut add = |kind: PartKind, index: usize, name: &'a At<String>| {
            self.kinds.insert(name.value.as_str().into(), self.parts.len());
            self.parts.push((kind, index));
        };
        for (index, part) in self.channels.iter().enumerate() {
            add(PartKind::Channel, index, part.name);
        }
        for (index, part) in self.services.iter().enumerate() {
            add(PartKind::Service, index, part.name);
        }
        for (index, part) in self.clients.iter().enumerate() {
            add(PartKind::Client, index, part.name);
        }
        for list in self.channels.iter().flat_map(|part| part.value.subjects.iter().flatten()) {
            for subject in &list.value {
                self.subjects.entry(list.name.value.clone().into()).or_insert(self.called.len());
                self.called.push(subject.value.clone());
            }
        }
        for (index, handler) in self.handlers.iter().enumerate() {
            self.handled.insert(joined(&handler.service.value, &handler.message.value), index);
            let message = handler.message.value.as_str().into();
            let listeners = *self.listening.entry(message).or_insert(self.listeners.len());
            if listeners == self.listeners.len() {
                self.listeners.push(Vec::new());
            }
            self.listeners[listeners].push(index);
        }
        for part in &self.clients {
            if let (Some(message), Some(to)) = (part.value.sends.clone(), part.value.to.clone()) {
                let (verb, from) = (Verb::Request, part.name);
                let version = requested_version(&part.value.with, &message);
                let (handler, sure, delayed) = (None, true, false);
                self.sendings.push(Sending { handler, from, verb, message, to, sure, version, delayed });
            }
        }
        for (index, handler) in self.handlers.iter().enumerate() {
            let from = Sender { handler: index, name: &handler.service };
            from.collect(&handler.steps, true, &mut self.sendings);
        }
    }
}

/// What a message that says nothing of its schema version has.
const FIRST: i64 = 1;

/// The schema version of a client's requests.
fn requested_version(with: &[Named<FieldValue>], message: &At<String>) -> Option<At<i64>> {
    match with.iter().find(|field| field.name.value == SCHEMA) {
        Some(Named { name, value: FieldValue::Number(version) }) => {
            Some(At { place: name.place, value: i64::from(*version) })
        }
        Some(_) => None,
        None => Some(At { place: message.place, value: FIRST }),
    }
}

/// The schema version of what a step sends.
fn sent_version(step: &Step, message: &At<String>) -> Option<At<i64>> {
    match step.given().iter().find(|field| field.name.value == SCHEMA) {
        Some(Named { value, .. }) => match value.value {
            Formula::Number(version) => Some(At { place: value.place, value: version }),
            Formula::Name { .. } | Formula::Not(_) | Formula::Binary(..) => None,
        },
        None => Some(At { place: message.place, value: FIRST }),
    }
}

#[derive(Clone, Copy)]
struct Sender<'a> {
    handler: usize,
    name: &'a At<String>,
}

impl<'a> Sender<'a> {
    fn collect(self, steps: &'a [At<Step>], sure: bool, sendings: &mut Vec<Sending<'a>>) {
        for step in steps {
            for (block, always) in step.value.blocks() {
                self.collect(block, sure && always, sendings);
            }
            let Some((verb, message, to)) = step.value.sending() else { continue };
            let (handler, message, to) = (Some(self.handler), message.clone(), to.clone());
            let version = sent_version(&step.value, &message);
            let (from, delayed) = (self.name, step.value.is_delayed());
            sendings.push(Sending { handler, from, verb, message, to, sure, version, delayed });
        }
    }
}
