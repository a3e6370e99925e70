//! Faults: what goes wrong, whether planned or done by a person.

use kernel::Time;

use super::World;
use crate::{Act, Place, RecordKind, RouteId};

impl World {
    /// Does something to the system now. Acts that change nothing (crashing what is down) are recorded too.
    pub fn apply(&mut self, act: Act) {
        let place = match act {
            Act::Crash { place } | Act::Restart { place } => place,
            Act::Slow { service, .. } => Place::Service(service),
            Act::Cut { one, .. } | Act::Mend { one, .. } => one,
        };
        self.emit(0, None, None, place, RecordKind::Act { act });
        match act {
            Act::Crash { place } => self.crash(place),
            Act::Restart { place } => self.restart(place),
            Act::Slow { service, factor } => self.services[service.index()].factor = factor,
            Act::Cut { one, other } => self.set_cut(one, other, true),
            Act::Mend { one, other } => self.set_cut(one, other, false),
        }
    }

    pub(super) fn planned_fault(&mut self, index: u32) {
        let act = self.plan.faults[index as usize].act;
        self.apply(act);
    }

    fn crash(&mut self, place: Place) {
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
                self.spread_news(service, false);
            }
            Place::Channel(channel) => {
                if self.channels[channel.index()].rules.is_up() {
                    self.channels[channel.index()].since = self.now;
                    self.with_channel(channel, |rules, effects| rules.crash(effects));
                }
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
            }
            Place::Channel(channel) => {
                if !self.channels[channel.index()].rules.is_up() {
                    self.channels[channel.index()].since = self.now;
                    self.with_channel(channel, |rules, effects| rules.restart(effects));
                }
            }
        }
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
