//! Which routes of a plan are used, and between whom.

use channel::Acknowledgement;
use topology::{Place, Plan, RouteId, Step, Target, TypeId};

/// Two places between which messages go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Connection {
    /// Who asks: the number of the place.
    pub(crate) from: usize,
    /// Who is asked.
    pub(crate) to: usize,
    /// The way of requests.
    pub(crate) there: RouteId,
    /// The way of answers.
    pub(crate) back: RouteId,
}

/// What goes where.
pub(crate) struct Traffic {
    /// Between two different places.
    pub(crate) connections: Vec<Connection>,
    /// From a place to itself.
    pub(crate) loops: Vec<RouteId>,
    /// Whether anything is sent on a route.
    pub(crate) used: Vec<bool>,
    /// The types that are sent, in their order.
    pub(crate) types: Vec<TypeId>,
}

impl Traffic {
    pub(crate) fn of(plan: &Plan) -> Traffic {
        let mut traffic = Traffic {
            connections: Vec::new(),
            loops: Vec::new(),
            used: vec![false; plan.routes.len()],
            types: Vec::new(),
        };
        let mut requests: Vec<RouteId> = Vec::new();
        for client in &plan.clients {
            requests.push(client.route);
            traffic.sends(client.sends);
            traffic.uses(plan, client.route, matches!(client.to, Target::Service(_)));
        }
        for step in &plan.program {
            if let Step::Call { route, message_type, .. } | Step::Send { route, message_type, .. } = *step {
                requests.push(route);
                traffic.sends(message_type);
                traffic.uses(plan, route, matches!(step, Step::Call { .. }));
            }
        }
        for channel in &plan.channels {
            let acknowledged = match channel.rules.delivery.acknowledgement {
                Acknowledgement::AfterWork | Acknowledgement::Offset { .. } => true,
                Acknowledgement::OnHandOut | Acknowledgement::BeforeWork => false,
            };
            for subscriber in &channel.subscribers {
                requests.push(subscriber.route);
                traffic.uses(plan, subscriber.route, acknowledged);
            }
        }
        traffic.put_aside(plan, &mut requests);
        traffic.connect(plan, requests);
        traffic
    }

    fn sends(&mut self, message_type: TypeId) {
        if let Err(index) = self.types.binary_search(&message_type) {
            self.types.insert(index, message_type);
        }
    }

    fn uses(&mut self, plan: &Plan, route: RouteId, answered: bool) {
        self.used[route.index()] = true;
        if answered {
            self.used[plan.routes[route.index()].back.index()] = true;
        }
    }

    /// What a channel puts aside goes on to another channel.
    fn put_aside(&mut self, plan: &Plan, requests: &mut Vec<RouteId>) {
        for (index, route) in plan.routes.iter().enumerate() {
            if let (Place::Channel(from), Place::Channel(to)) = (route.from, route.to)
                && plan.channels[from.index()].dead_letter_to == Some(to)
            {
                let route = RouteId(index as u16);
                requests.push(route);
                self.used[route.index()] = true;
            }
        }
    }

    fn connect(&mut self, plan: &Plan, requests: Vec<RouteId>) {
        let mut known = Vec::new();
        for there in requests {
            let route = &plan.routes[there.index()];
            let (from, to) = (plan.place_index(route.from), plan.place_index(route.to));
            let pair = (from.min(to), from.max(to));
            let Err(index) = known.binary_search(&pair) else { continue };
            known.insert(index, pair);
            if from == to {
                self.loops.push(there);
            } else {
                self.connections.push(Connection { from, to, there, back: route.back });
            }
        }
    }
}
