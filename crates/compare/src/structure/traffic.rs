//! What is sent at all: what clients send, and what follows from it.

use topology::{ChannelId, ClientId, Place, Plan, ServiceId, Step, TypeId};

/// A type of message on a way that it can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    pub(crate) from: Place,
    pub(crate) to: Place,
    pub(crate) message_type: TypeId,
    /// What its sender handles when it sends this; `None`: nothing, it begins here.
    on: Option<TypeId>,
}

/// Every way that a message can take, beginning with those of the clients' requests. What a handler sends that nobody
/// ever wakes is not among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic(Vec<Sending>);

impl Traffic {
    pub(crate) fn of(plan: &Plan) -> Traffic {
        let mut all = Traffic::default();
        for (index, client) in plan.clients.iter().enumerate() {
            let from = Place::Client(ClientId(index as u16));
            all.note(Sending { from, to: client.to.into(), message_type: client.sends, on: None });
        }
        // What follows from each is added behind it.
        let mut next = 0;
        while let Some(&sending) = all.0.get(next) {
            next += 1;
            match sending.to {
                Place::Client(_) => {}
                Place::Service(service) => all.handled(plan, service, sending.message_type),
                Place::Channel(channel) => {
                    for service in listeners(plan, channel, sending.message_type) {
                        all.handled(plan, service, sending.message_type);
                    }
                    if let Some(aside) = plan.channels[channel.index()].dead_letter_to {
                        all.note(Sending {
                            from: sending.to,
                            to: Place::Channel(aside),
                            on: None,
                            ..sending
                        });
                    }
                }
            }
        }
        all
    }

    fn note(&mut self, sending: Sending) {
        if !self.0.contains(&sending) {
            self.0.push(sending);
        }
    }

    /// A service handles a message of this type.
    fn handled(&mut self, plan: &Plan, service: ServiceId, message_type: TypeId) {
        let Some(handler) = plan.handler(service, message_type) else { return };
        let others = plan.handlers.iter().map(|other| other.start);
        let end = others.filter(|&start| start > handler.start).min().unwrap_or(plan.program.len() as u32);
        for step in &plan.program[handler.start as usize..end as usize] {
            if let Step::Call { route, message_type, .. } | Step::Send { route, message_type, .. } = *step {
                let (from, to) = (Place::Service(service), plan.routes[route.index()].to);
                self.note(Sending { from, to, message_type, on: Some(handler.message_type) });
            }
        }
    }

    /// What a service sends.
    pub(crate) fn by_service(&self, service: ServiceId) -> impl Iterator<Item = &Sending> {
        self.0.iter().filter(move |sending| sending.from == Place::Service(service))
    }

    /// The services that say what follows on what, in their order. Who only sends something back to those whose message
    /// is handled says nothing of that.
    pub(crate) fn writers(&self, plan: &Plan) -> impl Iterator<Item = ServiceId> {
        let leads_on = |sending: &Sending| match (sending.from, sending.on) {
            (Place::Service(service), Some(on)) => {
                let receivers = receivers(plan, sending);
                let is_asker = |&other: &ServiceId| self.sends(plan, other, on, service);
                (receivers.is_empty() || !receivers.iter().all(is_asker)).then_some(service)
            }
            (Place::Client(_) | Place::Service(_) | Place::Channel(_), _) => None,
        };
        in_order(self.0.iter().filter_map(leads_on))
    }

    /// Whether a service sends messages of a type that another gets.
    fn sends(&self, plan: &Plan, from: ServiceId, message_type: TypeId, to: ServiceId) -> bool {
        let mut all = self.by_service(from).filter(|sending| sending.message_type == message_type);
        all.any(|sending| receivers(plan, sending).contains(&to))
    }

    /// The channels that something is sent to, in their order.
    pub(crate) fn channels(&self) -> impl Iterator<Item = ChannelId> {
        in_order(self.0.iter().filter_map(|sending| match sending.to {
            Place::Channel(channel) => Some(channel),
            Place::Client(_) | Place::Service(_) => None,
        }))
    }

    /// The services that get something, in their order.
    pub(crate) fn services(&self, plan: &Plan) -> impl Iterator<Item = ServiceId> {
        in_order(self.0.iter().flat_map(|sending| receivers(plan, sending)))
    }

    /// The types that somebody sends, in their order.
    pub(crate) fn types(&self) -> impl Iterator<Item = TypeId> {
        in_order(self.0.iter().map(|sending| sending.message_type))
    }
}

/// The services that get what is sent.
fn receivers(plan: &Plan, sending: &Sending) -> Vec<ServiceId> {
    match sending.to {
        Place::Client(_) => Vec::new(),
        Place::Service(service) => vec![service],
        Place::Channel(channel) => listeners(plan, channel, sending.message_type).collect(),
    }
}

/// Who listens to a type on a channel.
pub(crate) fn listeners(
    plan: &Plan,
    channel: ChannelId,
    message_type: TypeId,
) -> impl Iterator<Item = ServiceId> + '_ {
    let subscribers = plan.channels[channel.index()].subscribers.iter();
    subscribers.filter(move |it| it.types.contains(&message_type)).map(|subscriber| subscriber.service)
}

/// Each once, in ascending order.
fn in_order<T: Ord>(all: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    all.collect::<std::collections::BTreeSet<T>>().into_iter()
}
