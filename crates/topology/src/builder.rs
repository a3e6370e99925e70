//! Makes a [`Plan`] out of parts, and refuses what cannot run.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use channel::Rules;
use kernel::{Distribution, Span, Time};

use crate::lower::lower;
use crate::{
    Act, Arrivals, Cell, CellId, ChannelId, ChannelPlan, Check, Client, ClientId, FactId, FieldId,
    FieldValue, FigureId, Flow, Habits, Handler, Link, MessageKind, MessageType, Place, Plan, PlannedFault,
    Route, RouteId, Service, ServiceId, Step, Target, TypeId,
};

/// Why parts do not make a plan. Says which part, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(pub String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}

impl Service {
    /// A service with one worker, an unbounded inbox, and no time needed for work.
    pub fn named(name: &str) -> Self {
        let work = Distribution::constant(Span::ZERO);
        Service { name: name.into(), workers: 1, inbox: None, work, clock: 0 }
    }

    /// With so many workers.
    pub fn workers(self, workers: u16) -> Self {
        Service { workers, ..self }
    }

    /// With room for so many messages in its inbox.
    pub fn inbox(self, inbox: u32) -> Self {
        Service { inbox: Some(inbox), ..self }
    }

    /// With work that takes so long.
    pub fn work(self, work: Distribution) -> Self {
        Service { work, ..self }
    }
}

impl Arrivals {
    /// Why a run with these arrivals could not go on, if so.
    fn wrong(&self) -> Option<&'static str> {
        const ENDLESS: &str = "makes requests without end at one moment";
        const RATE: &str = "has a rate that is not a number from 0 upwards";
        let wrong = |so: bool, why| so.then_some(why);
        match self {
            Arrivals::Poisson { per_second } | Arrivals::Constant { per_second } => {
                wrong(!(per_second.is_finite() && *per_second > 0.0), RATE)
            }
            Arrivals::Burst { every, .. } => wrong(every.nanos() == 0, ENDLESS),
            Arrivals::Ramp { from_per_second, to_per_second, .. } => {
                let rates = [from_per_second, to_per_second];
                wrong(rates.iter().any(|rate| !rate.is_finite() || **rate < 0.0), RATE)
            }
            Arrivals::Times { at } => wrong(!at.is_sorted(), "has times that go backwards"),
            Arrivals::Users { think, .. } => {
                wrong(think.mean().is_some_and(|mean| mean.nanos() == 0), ENDLESS)
            }
        }
    }
}

impl Client {
    /// A client that starts at once, never stops, and whose customers wait for ever.
    pub fn named(name: &str, arrivals: Arrivals, sends: TypeId, to: Target) -> Self {
        let (from, until, route) = (Time::ZERO, Time::MAX, RouteId(0));
        let (keys, fields) = (None, Vec::new());
        Client { name: name.into(), arrivals, sends, to, patience: None, from, until, keys, fields, route }
    }
}

/// Collects parts and makes the plan.
#[derive(Clone, Debug)]
pub struct PlanBuilder {
    pub(crate) plan: Plan,
    pub(crate) flows: Vec<Planned>,
    links: BTreeMap<(Place, Place), u16>,
    routes: BTreeMap<(Place, Place), RouteId>,
}

/// A handler that is not lowered yet.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) service: ServiceId,
    pub(crate) message_type: TypeId,
    pub(crate) habits: Habits,
    pub(crate) flow: Flow,
}

/// The greatest number of parts of one kind, so that an index fits 16 bits and a page can show them.
const PARTS_MAX: usize = 10_000;
/// The greatest number of steps of all handlers together.
const STEPS_MAX: usize = 1_000_000;

impl PlanBuilder {
    /// An empty plan of this length. Its links take 1 ms until [`PlanBuilder::default_link`] says otherwise.
    pub fn new(title: &str, length: Time) -> Self {
        let plan = Plan {
            title: title.into(),
            length,
            clients: Vec::new(),
            services: Vec::new(),
            channels: Vec::new(),
            types: Vec::new(),
            facts: Vec::new(),
            fields: Vec::new(),
            cells: Vec::new(),
            figures: Vec::new(),
            expressions: Vec::new(),
            routes: Vec::new(),
            links: vec![Link::with_latency(Distribution::constant(Span::from_millis(1)))],
            handlers: Vec::new(),
            program: Vec::new(),
            works: Vec::new(),
            retries: Vec::new(),
            forks: Vec::new(),
            takes: Vec::new(),
            faults: Vec::new(),
            checks: Vec::new(),
            alternatives: Vec::new(),
            handler_of: Vec::new(),
        };
        PlanBuilder { plan, flows: Vec::new(), links: BTreeMap::new(), routes: BTreeMap::new() }
    }

    /// The network wherever [`PlanBuilder::link`] says nothing.
    pub fn default_link(&mut self, link: Link) {
        self.plan.links[0] = link;
    }

    /// The network between two places, both ways.
    pub fn link(&mut self, one: Place, other: Place, link: Link) {
        let index = self.plan.links.len() as u16;
        self.plan.links.push(link);
        self.links.insert((one, other), index);
        self.links.insert((other, one), index);
    }

    /// Adds a client.
    pub fn client(&mut self, client: Client) -> ClientId {
        self.plan.clients.push(client);
        ClientId((self.plan.clients.len() - 1) as u16)
    }

    /// Adds a service.
    pub fn service(&mut self, service: Service) -> ServiceId {
        self.plan.services.push(service);
        ServiceId((self.plan.services.len() - 1) as u16)
    }

    /// Adds a channel that follows these rules.
    pub fn channel(&mut self, name: &str, profile: &'static str, rules: Rules) -> ChannelId {
        self.plan.channels.push(ChannelPlan {
            name: name.into(),
            profile,
            rules,
            subscribers: Vec::new(),
            groups: Vec::new(),
            types: Vec::new(),
            publishers: Vec::new(),
            dead_letter_to: None,
            dead_letter_route: None,
            named: Vec::new(),
            consumers: None,
            bound: Vec::new(),
        });
        ChannelId((self.plan.channels.len() - 1) as u16)
    }

    /// Says who listens to a channel, of those who handle what is sent there or put aside there; by default
    /// everybody who handles what is sent there.
    pub fn consumers(&mut self, channel: ChannelId, services: &[ServiceId]) {
        self.plan.channels[channel.index()].consumers = Some(services.to_vec());
    }

    /// Lets these services share the work of a channel under a name. Those that no group names form groups as
    /// the channel's rules say. Only services in a named group hear what other channels have put aside there.
    pub fn group(&mut self, channel: ChannelId, name: &str, services: &[ServiceId]) {
        self.plan.channels[channel.index()].named.push((name.into(), services.to_vec()));
    }

    /// Binds a group of a channel, or the group of a service, with a pattern. Who is not bound by any pattern
    /// hears the subjects of what it handles.
    pub fn binding(&mut self, channel: ChannelId, group_or_service: &str, pattern: &str) {
        self.plan.channels[channel.index()].bound.push((group_or_service.into(), pattern.into()));
    }

    /// What a message type is about, as channels with patterns see it; otherwise its name.
    pub fn subject(&mut self, message_type: TypeId, subject: &str) {
        self.plan.types[message_type.index()].subject = subject.into();
    }

    /// Sends what a channel puts aside to another channel.
    pub fn dead_letter(&mut self, channel: ChannelId, to: ChannelId) {
        self.plan.channels[channel.index()].dead_letter_to = Some(to);
    }

    /// Rules that a channel can be given while it runs: their number for [`Act::Profile`].
    pub fn alternative(&mut self, channel: ChannelId, profile: &'static str, rules: Rules) -> u16 {
        self.plan.alternative(channel, profile, rules)
    }

    /// The message type of that name; a command until something publishes it.
    pub fn message_type(&mut self, name: &str) -> TypeId {
        let types = &mut self.plan.types;
        if let Some(index) = types.iter().position(|known| known.name == name) {
            return TypeId(index as u16);
        }
        types.push(MessageType { name: name.into(), kind: MessageKind::Command, subject: name.into() });
        TypeId((types.len() - 1) as u16)
    }

    /// The fact of that name.
    pub fn fact(&mut self, name: &str) -> FactId {
        FactId(named(&mut self.plan.facts, name))
    }

    /// The field of that name.
    pub fn field(&mut self, name: &str) -> FieldId {
        FieldId(named(&mut self.plan.fields, name))
    }

    /// What is measured under that name.
    pub fn figure(&mut self, name: &str) -> FigureId {
        FigureId(named(&mut self.plan.figures, name))
    }

    /// Something that a service keeps.
    pub fn cell(&mut self, cell: Cell) -> CellId {
        self.plan.cells.push(cell);
        CellId((self.plan.cells.len() - 1) as u16)
    }

    /// Says what a service does with a type of message.
    pub fn handler(&mut self, service: ServiceId, message_type: TypeId, flow: Flow) {
        self.handler_with(service, message_type, Habits::default(), flow);
    }

    /// Says what a service does with a type of message, and how it is run.
    pub fn handler_with(&mut self, service: ServiceId, message_type: TypeId, habits: Habits, flow: Flow) {
        self.flows.push(Planned { service, message_type, habits, flow });
    }

    /// Plans an act.
    pub fn fault(&mut self, at: Time, act: Act) {
        let faults = &mut self.plan.faults;
        faults.insert(faults.partition_point(|known| known.at <= at), PlannedFault { at, act });
    }

    /// Adds a promise.
    pub fn check(&mut self, check: Check) {
        self.plan.checks.push(check);
    }

    /// Lowers everything, or says what cannot run.
    pub fn build(mut self) -> Result<Arc<Plan>, PlanError> {
        self.limits()?;
        for index in 0..self.plan.clients.len() {
            let (from, to) = (Place::Client(ClientId(index as u16)), self.plan.clients[index].to.into());
            self.plan.clients[index].route = self.route(from, to);
        }
        self.number_handlers()?;
        self.listeners();
        self.form_groups()?;
        self.lower_handlers()?;
        self.numbers_fit()?;
        self.commands_have_handlers()?;
        Ok(Arc::new(self.plan))
    }

    fn limits(&self) -> Result<(), PlanError> {
        let plan = &self.plan;
        for (what, count) in [
            ("clients", plan.clients.len()),
            ("services", plan.services.len()),
            ("channels", plan.channels.len()),
            ("message types", plan.types.len()),
            ("facts", plan.facts.len()),
            ("fields", plan.fields.len()),
            ("cells", plan.cells.len()),
            ("figures", plan.figures.len()),
            ("links", plan.links.len()),
            ("handlers", self.flows.len()),
        ] {
            if count > PARTS_MAX {
                return Err(PlanError(format!("{count} {what}: at most {PARTS_MAX} are possible")));
            }
        }
        if let Some(service) = plan.services.iter().find(|service| service.workers == 0) {
            return Err(PlanError(format!("service {} has no workers", service.name)));
        }
        for client in &plan.clients {
            if let Some(wrong) = client.arrivals.wrong() {
                return Err(PlanError(format!("client {} {wrong}", client.name)));
            }
            if client.keys == Some(0) {
                return Err(PlanError(format!("client {} has no keys for its requests", client.name)));
            }
            for &(field, value) in &client.fields {
                if let FieldValue::Between { least, most } = value
                    && most < least
                {
                    let (who, what) = (&client.name, &plan.fields[field.index()]);
                    let message =
                        format!("client {who} draws {what} from {least} to {most}: that is nothing");
                    return Err(PlanError(message));
                }
            }
        }
        Ok(())
    }

    /// The route between two places; it is made, with its way back, when it is first asked for.
    pub(crate) fn route(&mut self, from: Place, to: Place) -> RouteId {
        if let Some(&known) = self.routes.get(&(from, to)) {
            return known;
        }
        let there = RouteId(self.plan.routes.len() as u16);
        let back = RouteId(there.0 + u16::from(from != to));
        let link = self.link_between(from, to);
        self.plan.routes.push(Route { from, to, link, back });
        self.routes.insert((from, to), there);
        if back != there {
            self.plan.routes.push(Route { from: to, to: from, link, back: there });
            self.routes.insert((to, from), back);
        }
        there
    }

    /// Within a process, and within a broker, nothing takes time or gets lost.
    fn link_between(&mut self, from: Place, to: Place) -> u16 {
        let in_process = |place| match place {
            Place::Channel(channel) => self.plan.channels[channel.index()].rules.in_process,
            Place::Client(_) | Place::Service(_) => false,
        };
        let within = in_process(from) || in_process(to);
        match self.links.get(&(from, to)) {
            Some(&own) if !within => own,
            None if !within && !matches!((from, to), (Place::Channel(_), Place::Channel(_))) => 0,
            Some(_) | None => self.no_way(),
        }
    }

    /// The link of what is in one place.
    fn no_way(&mut self) -> u16 {
        let links = &mut self.plan.links;
        let instant = Link::with_latency(Distribution::constant(Span::ZERO));
        let known = links.iter().skip(1).position(|known| *known == instant);
        known.map_or_else(
            || {
                links.push(instant);
                links.len() - 1
            },
            |index| index + 1,
        ) as u16
    }

    fn number_handlers(&mut self) -> Result<(), PlanError> {
        self.plan.handler_of = vec![u16::MAX; self.plan.services.len() * self.plan.types.len()];
        for (number, &Planned { service, message_type, .. }) in self.flows.iter().enumerate() {
            let slot = self.slot(service, message_type);
            if self.plan.handler_of[slot] != u16::MAX {
                let (who, what) = self.names(service, message_type);
                return Err(PlanError(format!("{who} has two handlers for {what}")));
            }
            self.plan.handler_of[slot] = number as u16;
        }
        Ok(())
    }

    pub(crate) fn slot(&self, service: ServiceId, message_type: TypeId) -> usize {
        service.index() * self.plan.types.len() + message_type.index()
    }

    fn lower_handlers(&mut self) -> Result<(), PlanError> {
        for Planned { service, message_type, habits, flow } in std::mem::take(&mut self.flows) {
            let start = self.plan.program.len() as u32;
            self.plan.handlers.push(Handler { service, message_type, start, habits });
            lower(self, service, &flow)?;
            if self.plan.program.len() > STEPS_MAX {
                return Err(PlanError(format!("the handlers have more than {STEPS_MAX} steps together")));
            }
        }
        // A message for which there is no handler has this one.
        self.plan.program.push(Step::End);
        Ok(())
    }

    /// Routes and times of work are only counted once everything is lowered. More than their numbers can tell
    /// apart would be taken for one another.
    fn numbers_fit(&self) -> Result<(), PlanError> {
        let most = usize::from(u16::MAX);
        for (what, count) in [
            ("routes", self.plan.routes.len()),
            ("times", self.plan.works.len()),
            ("expressions", self.plan.expressions.len()),
            ("steps `retry`", self.plan.retries.len()),
            ("steps `parallel`", self.plan.forks.len()),
            ("lists of fields to take over", self.plan.takes.len()),
        ] {
            if count > most {
                return Err(PlanError(format!("{count} different {what}: at most {most} are possible")));
            }
        }
        Ok(())
    }

    /// Nothing is sent straight to a service that does not know what to do with it.
    fn commands_have_handlers(&self) -> Result<(), PlanError> {
        let plan = &self.plan;
        let check = |to: Place, message_type: TypeId| match to {
            Place::Service(service) if plan.handler(service, message_type).is_none() => {
                let (who, what) = self.names(service, message_type);
                Err(PlanError(format!("{who} has no handler for {what}, which is sent to it")))
            }
            Place::Service(_) | Place::Channel(_) | Place::Client(_) => Ok(()),
        };
        for client in &plan.clients {
            check(client.to.into(), client.sends)?;
        }
        for step in &plan.program {
            if let Step::Call { route, message_type, .. } | Step::Send { route, message_type, .. } = step {
                check(plan.routes[route.index()].to, *message_type)?;
            }
        }
        Ok(())
    }

    fn names(&self, service: ServiceId, message_type: TypeId) -> (&str, &str) {
        (&self.plan.services[service.index()].name, &self.plan.types[message_type.index()].name)
    }
}

/// The position of a name in a list, to which it is added if it is new.
fn named(names: &mut Vec<String>, name: &str) -> u16 {
    let known = names.iter().position(|known| known == name);
    known.unwrap_or_else(|| {
        names.push(name.into());
        names.len() - 1
    }) as u16
}
