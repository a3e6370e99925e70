//! Makes the plan of each variant out of a document in which nothing is wrong.

mod flow;

use std::sync::Arc;

use kernel::{Distribution, Span, Time};
use topology::{
    Act, Cell, CellId, ChannelId, Check, Client, ClientId, Expression, FactId, Link, Place, Plan,
    PlanBuilder, PlanError, Promise, Service, ServiceId, Target, Term, TypeId,
};

use crate::diagnostic::At;
use crate::document::{self, Document, Fault, FaultKind, Named};
use crate::index::Index;
use crate::line::expression::Formula;
use crate::meaning::{TermKind, Terms};
use crate::whole::{Group, PartKind, Whole};

/// What all variants of a scenario have in the same order, so that they can be compared: its facts, fields, cells,
/// figures and message types, of which a variant need not use all.
pub(crate) struct Vocabulary<'a> {
    terms: Terms<'a>,
    types: Vec<String>,
}

impl<'a> Vocabulary<'a> {
    /// Everything that any of the variants names.
    pub fn of(wholes: &'a [Whole<'_>]) -> Self {
        let mut types: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !types.iter().any(|known| known == name) {
                types.push(name.into());
            }
        };
        for whole in wholes {
            // The requests come last among the sendings, but first in the eyes of who reads the scenario.
            let (handlers, clients): (Vec<_>, Vec<_>) =
                whole.sendings.iter().partition(|it| it.handler.is_some());
            clients.into_iter().chain(handlers).for_each(|sending| add(&sending.message.value));
            whole.handlers.iter().for_each(|handler| add(&handler.message.value));
        }
        Vocabulary { terms: Terms::of(wholes), types }
    }
}

/// The plan of one variant.
pub(crate) fn lower(
    document: &Document,
    whole: &Whole<'_>,
    words: &Vocabulary<'_>,
) -> Result<Arc<Plan>, PlanError> {
    let builder = PlanBuilder::new(&document.title, time(document.length));
    let mut lowering =
        Lowering { whole, builder, types: Index::new(), terms: Index::new(), meanings: Vec::new() };
    lowering.vocabulary(words);
    lowering.services();
    lowering.channels()?;
    lowering.clients()?;
    lowering.links();
    lowering.handlers()?;
    lowering.faults(&document.faults);
    lowering.checks(&document.checks);
    lowering.builder.build()
}

struct Lowering<'w> {
    whole: &'w Whole<'w>,
    builder: PlanBuilder,
    types: Index<'static>,
    /// What every name in expressions stands for, by its position in `meanings`.
    terms: Index<'static>,
    meanings: Vec<Term>,
}

impl Lowering<'_> {
    fn vocabulary(&mut self, words: &Vocabulary<'_>) {
        for name in &words.types {
            self.types.insert(name.clone().into(), self.builder.message_type(name).index());
        }
        for known in &words.terms.all {
            let name = known.name;
            let meaning = match known.kind {
                TermKind::Fact => Term::Fact(self.builder.fact(name)),
                TermKind::Field => Term::Field(self.builder.field(name)),
                TermKind::Figure => Term::Figure(self.builder.figure(name)),
                TermKind::Client => Term::Client(self.client_named(name)),
                TermKind::Cell { service, cell } => Term::Cell(self.kept(name, service, cell)),
            };
            self.terms.insert(name.to_string().into(), self.meanings.len());
            self.meanings.push(meaning);
        }
    }

    /// Clients stand at the top, so that every variant has all of them, in one order.
    fn client_named(&self, name: &str) -> ClientId {
        let position = self.whole.clients.iter().position(|part| part.name.value == name);
        ClientId(position.unwrap_or_default() as u16)
    }

    /// A cell as this variant keeps it, or, if it does not, as another does, so that both have the same cells.
    fn kept(&mut self, name: &str, service: &str, cell: &document::Cell) -> CellId {
        let index =
            self.whole.services.iter().position(|part| part.name.value == service).unwrap_or_default();
        let own = self.whole.services.get(index).map_or(&[][..], |part| &part.value.cells);
        let cell = own.iter().find(|own| own.name.value == name).map_or(cell, |own| &own.value);
        self.builder.cell(Cell {
            name: name.into(),
            service: ServiceId(index as u16),
            per: cell.per,
            kept: cell.kept,
            lasts: cell.lasts,
            starts: cell.starts,
        })
    }

    fn services(&mut self) {
        for part in &self.whole.services {
            let mut service = Service::named(&part.name.value).workers(part.value.workers.unwrap_or(1));
            service.inbox = part.value.inbox;
            if let Some(work) = &part.value.work {
                service.work = work.clone();
            }
            service.clock = part.value.clock.unwrap_or(0);
            self.builder.service(service);
        }
    }

    fn channels(&mut self) -> Result<(), PlanError> {
        for ((part, setting), traffic) in
            self.whole.channels.iter().zip(&self.whole.settings).zip(self.whole.traffic())
        {
            let (name, channel) = (&part.name.value, &part.value);
            let setting = setting.as_ref().ok_or_else(|| unknown(name))?;
            let id = self.builder.channel(name, setting.profile.name, setting.rules.clone());
            if channel.consumers.is_some() {
                let consumers = traffic.groups.iter().flat_map(|group| &group.services);
                let consumers: Vec<ServiceId> =
                    consumers.filter_map(|name| self.service_named(name)).collect();
                self.builder.consumers(id, &consumers);
            }
            self.groups(id, channel, &traffic.groups);
            for Named { name, value } in channel.subjects.iter().flatten() {
                // What no variant ever sends has no number.
                if let (Some(&message), [subject]) = (self.types.get(name.value.as_str()), value.as_slice()) {
                    self.builder.subject(TypeId(message as u16), &subject.value);
                }
            }
            if let Some(to) = &channel.dead_letter {
                self.builder.dead_letter(id, self.channel(to)?);
            }
        }
        Ok(())
    }

    fn service_named(&self, name: &str) -> Option<ServiceId> {
        match self.whole.kind(name) {
            Some((PartKind::Service, index)) => Some(ServiceId(index as u16)),
            Some((PartKind::Client | PartKind::Channel, _)) | None => None,
        }
    }

    /// Who hears nothing in this variant is left out.
    fn groups(&mut self, id: ChannelId, channel: &document::Channel, groups: &[Group<'_>]) {
        let of =
            |name: &str| groups.iter().find(|group| group.name == name || group.services.contains(&name));
        for Named { name, .. } in channel.groups.iter().flatten() {
            if let Some(group) = of(&name.value).filter(|group| group.name == name.value) {
                let services: Vec<ServiceId> =
                    group.services.iter().filter_map(|service| self.service_named(service)).collect();
                self.builder.group(id, &name.value, &services);
            }
        }
        for Named { name, value } in channel.bindings.iter().flatten() {
            if of(&name.value).is_some() {
                value.iter().for_each(|pattern| self.builder.binding(id, &name.value, &pattern.value));
            }
        }
    }

    fn clients(&mut self) -> Result<(), PlanError> {
        for part in &self.whole.clients {
            let (Some(arrivals), Some(sends), Some(to)) =
                (&part.value.arrivals, &part.value.sends, &part.value.to)
            else {
                return Err(unknown(&part.name.value));
            };
            let (sends, to) = (self.message(&sends.value), self.target(to)?);
            let mut client = Client::named(&part.name.value, arrivals.value.clone(), sends, to);
            client.patience = part.value.patience.as_ref().map(|patience| patience.value.clone());
            client.from = part.value.from.as_ref().map_or(Time::ZERO, |from| time(from.value));
            client.until = part.value.until.as_ref().map_or(Time::MAX, |until| time(until.value));
            client.keys = part.value.keys;
            for Named { name, value } in &part.value.with {
                client.fields.push((self.builder.field(&name.value), *value));
            }
            self.builder.client(client);
        }
        Ok(())
    }

    /// A link to what this variant does not have is left out.
    fn links(&mut self) {
        let default = &self.whole.default_link;
        self.builder.default_link(link(default));
        for between in &self.whole.between {
            let [one, other] = &between.places;
            if let (Ok(one), Ok(other)) = (self.place(one), self.place(other)) {
                self.builder.link(one, other, link(&between.link.clone().or(default)));
            }
        }
    }

    /// A fault that befalls what this variant does not have is left out.
    fn faults(&mut self, faults: &[Fault]) {
        for fault in faults {
            let acts = match &fault.kind {
                FaultKind::Rebuild(service) => {
                    if let Ok(service) = self.service(service) {
                        self.builder.fault(time(fault.at.value), Act::Rebuild { service });
                    }
                    continue;
                }
                FaultKind::Crash(place) => {
                    self.place(place).ok().map(|place| (Act::Crash { place }, Act::Restart { place }))
                }
                FaultKind::Slow { service, by } => self.service(service).ok().map(|service| {
                    (Act::Slow { service, factor: *by as f32 }, Act::Slow { service, factor: 1.0 })
                }),
                FaultKind::Cut([one, other]) => self
                    .place(one)
                    .ok()
                    .zip(self.place(other).ok())
                    .map(|(one, other)| (Act::Cut { one, other }, Act::Mend { one, other })),
            };
            let Some((begin, end)) = acts else { continue };
            self.builder.fault(time(fault.at.value), begin);
            if let Some(lasts) = fault.lasts {
                self.builder.fault(time(fault.at.value) + lasts, end);
            }
        }
    }

    fn checks(&mut self, checks: &[document::Check]) {
        for check in checks {
            let promise = match &check.promise {
                document::Promise::Never(formula) => Promise::Never(self.expression(&formula.value)),
                document::Promise::Always(formula) => Promise::Always(self.expression(&formula.value)),
                document::Promise::Finally(formula) => Promise::Finally(self.expression(&formula.value)),
                document::Promise::Total(formula) => Promise::Total(self.expression(&formula.value)),
                document::Promise::Within { span, reach } => {
                    let mut facts = Vec::new();
                    reach.iter().for_each(|name| facts.push(self.fact(&name.value)));
                    Promise::Within { span: span.value, reach: facts }
                }
                document::Promise::Ordered(place) => self.place(place).map_or(NOTHING, Promise::Ordered),
                document::Promise::Lossless(place) => self.place(place).map_or(NOTHING, Promise::Lossless),
            };
            self.builder.check(Check { name: check.name.clone(), why: check.why.clone(), promise });
        }
    }

    fn message(&mut self, name: &str) -> TypeId {
        // The builder would look through all of its names each time.
        self.types.get(name).map_or_else(|| self.builder.message_type(name), |&id| TypeId(id as u16))
    }

    /// An expression, with its names looked up.
    fn expression(&mut self, formula: &Formula) -> Expression {
        formula.lower(&mut |name| match self.meaning(name) {
            Some(term) => term,
            // Cannot happen after the checks.
            None => Term::Fact(self.builder.fact(name)),
        })
    }

    fn meaning(&self, name: &str) -> Option<Term> {
        self.terms.get(name).map(|&index| self.meanings[index])
    }

    fn fact(&mut self, name: &str) -> FactId {
        if let Some(Term::Fact(fact)) = self.meaning(name) { fact } else { self.builder.fact(name) }
    }

    fn cell(&mut self, name: &At<String>) -> Result<CellId, PlanError> {
        if let Some(Term::Cell(cell)) = self.meaning(&name.value) {
            Ok(cell)
        } else {
            Err(unknown(&name.value))
        }
    }

    /// The builder numbers parts in the order in which it gets them, which is that of the variant.
    fn place(&self, name: &At<String>) -> Result<Place, PlanError> {
        match self.whole.kind(&name.value) {
            Some((PartKind::Client, index)) => Ok(Place::Client(ClientId(index as u16))),
            Some((PartKind::Service, index)) => Ok(Place::Service(ServiceId(index as u16))),
            Some((PartKind::Channel, index)) => Ok(Place::Channel(ChannelId(index as u16))),
            None => Err(unknown(&name.value)),
        }
    }

    fn target(&self, name: &At<String>) -> Result<Target, PlanError> {
        match self.place(name)? {
            Place::Service(service) => Ok(Target::Service(service)),
            Place::Channel(channel) => Ok(Target::Channel(channel)),
            Place::Client(_) => Err(unknown(&name.value)),
        }
    }

    fn service(&self, name: &At<String>) -> Result<ServiceId, PlanError> {
        match self.place(name)? {
            Place::Service(service) => Ok(service),
            Place::Client(_) | Place::Channel(_) => Err(unknown(&name.value)),
        }
    }

    fn channel(&self, name: &At<String>) -> Result<ChannelId, PlanError> {
        match self.place(name)? {
            Place::Channel(channel) => Ok(channel),
            Place::Client(_) | Place::Service(_) => Err(unknown(&name.value)),
        }
    }
}

/// What is promised of a place that this variant does not have.
const NOTHING: Promise = Promise::Always(Expression::Number(1));

/// How long a message travels where nothing is said.
const LATENCY: Span = Span::from_millis(1);

fn link(link: &document::Link) -> Link {
    Link {
        latency: link.latency.clone().unwrap_or_else(|| Distribution::constant(LATENCY)),
        loss: link.loss.unwrap_or(0.0),
        duplication: link.duplication.unwrap_or(0.0),
        reordering: link.reordering.unwrap_or(0.0),
    }
}

fn time(span: Span) -> Time {
    Time::ZERO + span
}

/// Cannot happen after the checks; if it does, the file is refused instead of half loaded.
fn unknown(name: &str) -> PlanError {
    PlanError(format!("{name} cannot be resolved"))
}
