//! What the architecture itself says: who knows whom, and what there is to know.

mod traffic;

use topology::{ChannelPlan, MessageKind, Place, Plan, ServiceId};

use crate::Contender;
pub(crate) use traffic::Traffic;

/// The rows that come from the plan: (id, value, in words what is behind it).
pub(crate) fn rows(contender: &Contender) -> Vec<(&'static str, f64, String)> {
    let plan = &contender.plan;
    let traffic = Traffic::of(plan);
    let services: Vec<&str> =
        traffic.writers(plan).map(|service| plan.name_of(Place::Service(service))).collect();
    let types: Vec<&str> = traffic.types().map(|id| plan.types[id.index()].name.as_str()).collect();
    let named = |channel: &ChannelPlan| format!("{} ({})", channel.name, channel.profile);
    let channels: Vec<String> = traffic.channels().map(|id| named(&plan.channels[id.index()])).collect();
    let (names, known) = acquaintances(plan, &traffic);
    vec![
        ("names", names as f64, known),
        ("channels", channels.len() as f64, channels.join(", ")),
        ("message_types", types.len() as f64, types.join(", ")),
        ("flow_places", services.len() as f64, services.join(", ")),
    ]
}

/// How many services each service knows, and in words which.
fn acquaintances(plan: &Plan, traffic: &Traffic) -> (usize, String) {
    let (mut count, mut words) = (0, Vec::new());
    for index in 0..plan.services.len() as u16 {
        let service = ServiceId(index);
        let (mut called, mut commanded) = (Vec::new(), Vec::new());
        for sending in traffic.by_service(service) {
            match sending.to {
                Place::Client(_) => {}
                Place::Service(other) => note(&mut called, service, other),
                Place::Channel(channel) => {
                    if plan.types[sending.message_type.index()].kind == MessageKind::Command {
                        for other in traffic::listeners(plan, channel, sending.message_type) {
                            note(&mut commanded, service, other);
                        }
                    }
                }
            }
        }
        commanded.retain(|other| !called.contains(other));
        count += called.len() + commanded.len();
        let name = plan.name_of(Place::Service(service));
        for (does, others) in [("calls", called), ("commands", commanded)] {
            let others: Vec<&str> = others.iter().map(|&other| plan.name_of(Place::Service(other))).collect();
            if !others.is_empty() {
                words.push(format!("{name} {does} {}", others.join(", ")));
            }
        }
    }
    (count, words.join("; "))
}

/// Notes that a service knows another.
fn note(known: &mut Vec<ServiceId>, service: ServiceId, other: ServiceId) {
    if other != service && !known.contains(&other) {
        known.push(other);
    }
}
