//! The plan: everything a run needs to know, lowered to indices. It never changes while it runs.

use channel::Rules;
use kernel::{Distribution, Span, Time};

use crate::{Cell, Check, Expression, Handler, MessageKind, PlannedFault, Retry, Step};

macro_rules! index {
    ($(#[$doc:meta] $name:ident),*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The number as an index into the plan's list.
            #[inline]
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    )*};
}

index!(
    /// A client, by its position in [`Plan::clients`].
    ClientId,
    /// A service, by its position in [`Plan::services`].
    ServiceId,
    /// A channel, by its position in [`Plan::channels`].
    ChannelId,
    /// A message type, by its position in [`Plan::types`].
    TypeId,
    /// A fact, by its position in [`Plan::facts`].
    FactId,
    /// A route, by its position in [`Plan::routes`].
    RouteId,
    /// A field of messages, by its position in [`Plan::fields`].
    FieldId,
    /// Something that a service keeps, by its position in [`Plan::cells`].
    CellId,
    /// Something that is measured, by its position in [`Plan::figures`].
    FigureId,
    /// An expression, by its position in [`Plan::expressions`].
    ExpressionId
);

/// Where something is or happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At a client.
    Client(ClientId),
    /// At a service.
    Service(ServiceId),
    /// In a channel.
    Channel(ChannelId),
}

/// Where a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Straight to a service, which answers or refuses.
    Service(ServiceId),
    /// Into a channel.
    Channel(ChannelId),
}

impl From<Target> for Place {
    fn from(target: Target) -> Place {
        match target {
            Target::Service(service) => Place::Service(service),
            Target::Channel(channel) => Place::Channel(channel),
        }
    }
}

/// One variant of a scenario, lowered. Made by a [`crate::PlanBuilder`], which checks it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario's title.
    pub title: String,
    /// When the run ends.
    pub length: Time,
    /// Where work comes from.
    pub clients: Vec<Client>,
    /// Who does the work.
    pub services: Vec<Service>,
    /// What messages pass through.
    pub channels: Vec<ChannelPlan>,
    /// The types of messages.
    pub types: Vec<MessageType>,
    /// The names of the facts.
    pub facts: Vec<String>,
    /// The names of the fields that messages carry.
    pub fields: Vec<String>,
    /// What services keep.
    pub cells: Vec<Cell>,
    /// The names of what is measured.
    pub figures: Vec<String>,
    /// The expressions that steps refer to.
    pub expressions: Vec<Expression>,
    /// Every way a message can go, in one direction each.
    pub routes: Vec<Route>,
    /// The links that routes refer to; the first is the default.
    pub links: Vec<Link>,
    /// What services do with messages.
    pub handlers: Vec<Handler>,
    /// The steps of all handlers, one after another; each handler ends with [`Step::End`].
    pub program: Vec<Step>,
    /// The distributions that steps refer to.
    pub works: Vec<Distribution>,
    /// The policies that [`Step::Retry`] refers to, each for one place in one handler.
    pub retries: Vec<Retry>,
    /// The first steps of the branches of each [`Step::Fork`].
    pub forks: Vec<Vec<u32>>,
    /// The fields that a [`Step::Call`] takes over from the answer.
    pub takes: Vec<Vec<FieldId>>,
    /// What goes wrong, in order of time.
    pub faults: Vec<PlannedFault>,
    /// What is promised.
    pub checks: Vec<Check>,
    /// Other rules that a channel can be given while it runs; [`crate::Act::Profile`] names them by number.
    pub alternatives: Vec<Alternative>,
    /// The handler of each (service, type): an index into `handlers`, or `u16::MAX`.
    pub(crate) handler_of: Vec<u16>,
}

/// Where work comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// When its requests come.
    pub arrivals: Arrivals,
    /// What it sends.
    pub sends: TypeId,
    /// Where to. Through a channel it gets no answer, and does not wait for one.
    pub to: Target,
    /// How long a customer waits for the answer before giving up; `None`: for ever.
    pub patience: Option<Distribution>,
    /// When the first request may come.
    pub from: Time,
    /// After this no new requests come.
    pub until: Time,
    /// How many keys (accounts, products) its requests are about, one drawn for each; `None`: every case is a key
    /// of its own. Clients of one scenario share their keys.
    pub keys: Option<u32>,
    /// What its requests carry.
    pub fields: Vec<(FieldId, FieldValue)>,
    /// Set by the builder: the way to `to`.
    pub route: RouteId,
}

/// When a client's requests come.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Independently of each other, so many per second on average.
    Poisson {
        /// Mean rate, 1/s, above 0.
        per_second: f64,
    },
    /// Evenly spaced.
    Constant {
        /// Rate, 1/s, above 0.
        per_second: f64,
    },
    /// Many at one moment, again and again.
    Burst {
        /// How many at a time.
        count: u32,
        /// The time between two bursts.
        every: Span,
    },
    /// A Poisson process whose rate changes evenly from one value to another, and then stays.
    Ramp {
        /// Rate at the start, 1/s, at least 0.
        from_per_second: f64,
        /// Rate at the end, 1/s, at least 0.
        to_per_second: f64,
        /// How long the change takes.
        over: Span,
    },
    /// At these times after the client's start, ascending.
    Times {
        /// The times.
        at: Vec<Span>,
    },
    /// A closed loop: each user sends, waits for the answer, thinks, and sends again.
    Users {
        /// How many users.
        count: u32,
        /// How long one thinks.
        think: Distribution,
    },
}

/// What a request carries in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// Always the same.
    Number(i32),
    /// Drawn for each case, each from `least` to `most` as probable.
    Between {
        /// The least.
        least: i32,
        /// The greatest.
        most: i32,
    },
    /// The number of the request among those of its client, from 1.
    Request,
}

/// Who does the work.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// How many messages it handles at a time, at least 1.
    pub workers: u16,
    /// How many messages may wait in its inbox; `None`: any number. A full inbox refuses calls and drops the
    /// rest.
    pub inbox: Option<u32>,
    /// How long a step `work` takes, where the step does not say.
    pub work: Distribution,
    /// By how many milliseconds its clock is ahead (or, below 0, behind).
    pub clock: i32,
}

/// What messages pass through.
///
/// A channel whose rules say that it lives in a process ([`Rules::in_process`]) is part of the services that
/// publish to it: its routes take no time and make no mistakes, it crashes with any of them, and what was
/// handed out by it is lost with it, because its consumers are threads of that process.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelPlan {
    /// Its name.
    pub name: String,
    /// The profile it was made from.
    pub profile: &'static str,
    /// The rules, with the scenario's parameters.
    pub rules: Rules,
    /// Who listens. Set by the builder: every service that handles a type which is sent here.
    pub subscribers: Vec<Subscriber>,
    /// Who shares the work. Set by the builder.
    pub groups: Vec<GroupPlan>,
    /// What is sent here, put aside by other channels included. Set by the builder.
    pub types: Vec<TypeId>,
    /// Which services send to it. Set by the builder.
    pub publishers: Vec<ServiceId>,
    /// Where it sends what it puts aside; `None`: it lies beside the channel, and nobody looks.
    pub dead_letter_to: Option<ChannelId>,
    /// The way there. It takes no time. Set by the builder.
    pub(crate) dead_letter_route: Option<RouteId>,
    /// Who listens, where the scenario says so.
    pub(crate) consumers: Option<Vec<ServiceId>>,
    /// The groups that the scenario forms itself.
    pub(crate) named: Vec<(String, Vec<ServiceId>)>,
    /// The patterns that the scenario binds groups or services with.
    pub(crate) bound: Vec<(String, String)>,
}

/// Subscribers that share the work: each message goes to one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPlan {
    /// Its name.
    pub name: String,
    /// Who: positions in [`ChannelPlan::subscribers`].
    pub subscribers: Vec<u16>,
    /// What it is bound with, in the grammar of the channel.
    pub bindings: Vec<String>,
}

/// A service that listens to a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscriber {
    /// Who.
    pub service: ServiceId,
    /// What it wants to hear.
    pub types: Vec<TypeId>,
    /// The way from the channel to it.
    pub route: RouteId,
}

/// Rules that a channel can be given while it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Which channel.
    pub channel: ChannelId,
    /// The profile that the rules were made from.
    pub profile: &'static str,
    /// The rules.
    pub rules: Rules,
}

/// A type of message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageType {
    /// Its name.
    pub name: String,
    /// Whether it asks for something or tells that something happened.
    pub kind: MessageKind,
    /// What it is about, as channels with patterns see it: a routing key, topic or subject.
    pub subject: String,
}

/// The network between two places, in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// How long a message travels.
    pub latency: Distribution,
    /// Probability that a message is lost, 0 to 1.
    pub loss: f64,
    /// Probability that a message arrives twice, 0 to 1.
    pub duplication: f64,
    /// Probability that a message does not keep its place in the line, so that it may be overtaken or
    /// overtake, 0 to 1. At 0 messages arrive in the order in which they left.
    pub reordering: f64,
}

impl Link {
    /// A network that takes this long and makes no mistakes.
    pub fn with_latency(latency: Distribution) -> Self {
        Link { latency, loss: 0.0, duplication: 0.0, reordering: 0.0 }
    }
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Where from.
    pub from: Place,
    /// Where to.
    pub to: Place,
    /// The link it takes: an index into [`Plan::links`].
    pub link: u16,
    /// The way back.
    pub back: RouteId,
}

impl Plan {
    /// The name of a place.
    pub fn name_of(&self, place: Place) -> &str {
        match place {
            Place::Client(client) => &self.clients[client.index()].name,
            Place::Service(service) => &self.services[service.index()].name,
            Place::Channel(channel) => &self.channels[channel.index()].name,
        }
    }

    /// The place of that name; names are unique within a plan.
    pub fn place_named(&self, name: &str) -> Option<Place> {
        self.places().find(|&place| self.name_of(place) == name)
    }

    /// Every place: clients, then services, then channels.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let clients = (0..self.clients.len() as u16).map(|id| Place::Client(ClientId(id)));
        let services = (0..self.services.len() as u16).map(|id| Place::Service(ServiceId(id)));
        let channels = (0..self.channels.len() as u16).map(|id| Place::Channel(ChannelId(id)));
        clients.chain(services).chain(channels)
    }

    /// The position of a place in [`Plan::places`].
    #[inline]
    pub fn place_index(&self, place: Place) -> usize {
        match place {
            Place::Client(client) => client.index(),
            Place::Service(service) => self.clients.len() + service.index(),
            Place::Channel(channel) => self.clients.len() + self.services.len() + channel.index(),
        }
    }

    /// What a service does with a type, if anything.
    #[inline]
    pub fn handler(&self, service: ServiceId, message_type: TypeId) -> Option<&Handler> {
        let index = *self.handler_of.get(service.index() * self.types.len() + message_type.index())?;
        self.handlers.get(usize::from(index))
    }

    /// The link of a route.
    #[inline]
    pub fn link(&self, route: RouteId) -> &Link {
        &self.links[usize::from(self.routes[route.index()].link)]
    }

    /// Rules that a channel can be given while it runs: their number for [`crate::Act::Profile`]. Equal ones
    /// have one number.
    pub fn alternative(&mut self, channel: ChannelId, profile: &'static str, rules: Rules) -> u16 {
        let new = Alternative { channel, profile, rules };
        let known = self.alternatives.iter().position(|known| *known == new);
        known.unwrap_or_else(|| {
            self.alternatives.push(new);
            self.alternatives.len() - 1
        }) as u16
    }
}
