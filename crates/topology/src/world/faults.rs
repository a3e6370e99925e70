//! Faults: what goes wrong, whether planned or done by a person.

use channel::Channel;
use kernel::Time;

use super::World;
use crate::{Act, ChannelId, Place, RecordKind, RouteId, ServiceId};

impl World {
    /// Does something to the system now. Acts that change nothing (crashing what is down) are recorded too.
    pub fn apply(&mut self, act: Act) {
        let cause = self.emit(0, None, None, act.place(), RecordKind::Act { act });
        match act {
            Act::Crash { place } => self.crash(place, cause),
            Act::Restart { place } => self.restart(place),
            Act::Slow { service, factor } => self.services[service.index()].factor = factor,
            Act::Cut { one, other } => self.set_cut(one, other, true),
            Act::Mend { one, other } => self.set_cut(one, other, false),
            Act::Rebuild { service } => self.rebuild(service, cause),
            Act::Profile { channel, number } => self.follow(channel, number),
        }
        self.wake();
        self.tell_finished();
    }

    /// A channel follows other rules of the plan's.
    fn follow(&mut self, channel: ChannelId, number: u16) {
        let plan = self.plan.clone();
        if let Some(rules) = plan.alternatives.get(usize::from(number))
            && rules.channel == channel
        {
            self.set_rules(channel, rules.profile, rules.rules.clone());
        }
    }

    pub(super) fn planned_fault(&mut self, index: u32) {
        let act = self.plan.faults[index as usize].act;
        self.apply(act);
    }

    fn crash(&mut self, place: Place, cause: u64) {
        match place {
            Place::Client(_) => {}
            Place::Service(service) => {
                let state = &mut self.services[service.index()];
                if !std::mem::replace(&mut state.up, false) {
                    return;
                }
                state.since = self.now;
                state.session = state.session.wrapping_add(1);
                self.lose_memory(service);
                self.lose_cells(service, false, cause);
                self.lose_budgets(service);
                self.spread_news(service, false);
                for channel in self.channels_within(service) {
                    self.crash(Place::Channel(channel), cause);
                }
            }
            Place::Channel(channel) => {
                let state = &mut self.channels[channel.index()];
                if !state.engine.is_up() {
                    return;
                }
                state.since = self.now;
                if state.engine.rules().in_process {
                    self.stop_consumers(channel);
                }
                self.with_channel(channel, Channel::crash);
            }
        }
    }

    fn restart(&mut self, place: Place) {
        match place {
            Place::Client(_) => {}
            Place::Service(service) => {
                let state = &mut self.services[service.index()];
                if std::mem::replace(&mut state.up, true) {
                    return;
                }
                state.since = self.now;
                state.session = state.session.wrapping_add(1);
                self.spread_news(service, true);
                for channel in self.channels_within(service) {
                    self.restart(Place::Channel(channel));
                }
                self.resume_all(service);
            }
            Place::Channel(channel) => {
                if !self.channels[channel.index()].engine.is_up() && !self.is_process_down(channel) {
                    self.channels[channel.index()].since = self.now;
                    self.with_channel(channel, Channel::restart);
                }
            }
        }
    }

    /// The channels that live in the process of a service.
    fn channels_within(&self, service: ServiceId) -> Vec<ChannelId> {
        let ids = (0..self.plan.channels.len() as u16).map(ChannelId);
        let within = |id: &ChannelId| {
            self.channels[id.index()].engine.rules().in_process
                && self.plan.channels[id.index()].publishers.contains(&service)
        };
        ids.filter(within).collect()
    }

    /// Whether a channel lives in a process that is down.
    fn is_process_down(&self, channel: ChannelId) -> bool {
        let publishers = &self.plan.channels[channel.index()].publishers;
        self.channels[channel.index()].engine.rules().in_process
            && publishers.iter().any(|service| !self.services[service.index()].up)
    }

    /// Cuts or mends every route between two places.
    fn set_cut(&mut self, one: Place, other: Place, cut: bool) {
        for index in 0..self.plan.routes.len() {
            let route = &self.plan.routes[index];
            if (route.from, route.to) == (one, other) || (route.from, route.to) == (other, one) {
                self.routes[index].cut = cut;
            }
        }
    }

    /// Whether what is sent along a route now is lost.
    pub fn is_cut(&self, route: RouteId) -> bool {
        self.routes[route.index()].cut
    }

    /// When a service or channel last went down or came up; the start of the run if it never did.
    pub fn since(&self, place: Place) -> Time {
        match place {
            Place::Client(_) => Time::ZERO,
            Place::Service(service) => self.services[service.index()].since,
            Place::Channel(channel) => self.channels[channel.index()].since,
        }
    }
}
