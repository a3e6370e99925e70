//! The parts of a system that can be down for themselves.

use topology::{ChannelId, ChannelPlan, Place, Plan, ServiceId};

use crate::structure::Traffic;

/// A service, or all channels that one broker keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    /// A service.
    Service(ServiceId),
    /// All channels of this profile that are not in a process: one broker, or one database.
    Broker(&'static str),
}

/// The brokers that something is sent to, in the order of their channels. What lives in a process is not down alone.
pub(super) fn brokers(plan: &Plan, traffic: &Traffic) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    for channel in traffic.channels().map(|channel| &plan.channels[channel.index()]) {
        let broker = Part::Broker(channel.profile);
        if !channel.rules.in_process && !all.contains(&broker) {
            all.push(broker);
        }
    }
    all
}

impl Part {
    /// Where it is.
    pub(super) fn places(self, plan: &Plan) -> Vec<Place> {
        match self {
            Part::Service(service) => vec![Place::Service(service)],
            Part::Broker(profile) => {
                let channels = plan.channels.iter().enumerate();
                let kept = channels.filter(|(_, channel)| is_kept(channel, profile));
                kept.map(|(index, _)| Place::Channel(ChannelId(index as u16))).collect()
            }
        }
    }

    /// What it is called; a broker with its channels.
    pub(super) fn name(self, plan: &Plan) -> String {
        match self {
            Part::Service(service) => plan.name_of(Place::Service(service)).into(),
            Part::Broker(profile) => {
                let kept = plan.channels.iter().filter(|channel| is_kept(channel, profile));
                let names: Vec<&str> = kept.map(|channel| channel.name.as_str()).collect();
                format!("{profile} ({})", names.join(", "))
            }
        }
    }
}

/// Whether a channel is one of a broker's.
fn is_kept(channel: &ChannelPlan, profile: &str) -> bool {
    channel.profile == profile && !channel.rules.in_process
}
