//! What somebody waits for an answer to: if it is lost, who sent it learns of it.

use topology::{Place, Plan, RouteId, Step, Target, TypeId};

/// The ways of calls, each with a type of message: from clients to services, and from services to services.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls(Vec<(RouteId, TypeId)>);

impl Calls {
    pub(crate) fn of(plan: &Plan) -> Calls {
        let asking = plan.clients.iter().filter(|client| matches!(client.to, Target::Service(_)));
        let mut calls: Vec<(RouteId, TypeId)> = asking.map(|client| (client.route, client.sends)).collect();
        for step in &plan.program {
            if let Step::Call { route, message_type, .. } = *step
                && matches!(plan.routes[route.index()].to, Place::Service(_))
            {
                calls.push((route, message_type));
            }
        }
        calls.sort_unstable();
        calls.dedup();
        Calls(calls)
    }

    /// Whether a message of this type on this way is a call.
    pub(crate) fn contain(&self, route: RouteId, message_type: TypeId) -> bool {
        self.0.contains(&(route, message_type))
    }
}
