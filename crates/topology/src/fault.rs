//! Things that go wrong, planned in a scenario or done by a person while it runs.

use kernel::Time;

use crate::{Alternative, ChannelId, Place, Plan, ServiceId};

/// One act upon the system. A planned fault and a person's intervention are the same value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// A service or a broker stops at once; what it had in memory is lost.
    Crash {
        /// Who; a client cannot crash.
        place: Place,
    },
    /// It comes back, with empty memory.
    Restart {
        /// Who.
        place: Place,
    },
    /// Work that begins from now on takes so many times as long.
    Slow {
        /// Who.
        service: ServiceId,
        /// 1: as planned.
        factor: f32,
    },
    /// What is sent between two places from now on, either way, is lost.
    Cut {
        /// One side.
        one: Place,
        /// The other side.
        other: Place,
    },
    /// The network between two places works again.
    Mend {
        /// One side.
        one: Place,
        /// The other side.
        other: Place,
    },
    /// A service forgets all that it keeps, and reads every log from its beginning again: a projection is rebuilt.
    Rebuild {
        /// Who.
        service: ServiceId,
    },
    /// A channel follows other rules from now on.
    Profile {
        /// Which channel.
        channel: ChannelId,
        /// Which rules: a number of [`Plan::alternatives`].
        number: u16,
    },
}

impl Act {
    /// Where it is done; between two places: at the first.
    pub fn place(self) -> Place {
        match self {
            Act::Crash { place } | Act::Restart { place } => place,
            Act::Slow { service, .. } | Act::Rebuild { service } => Place::Service(service),
            Act::Cut { one, .. } | Act::Mend { one, .. } => one,
            Act::Profile { channel, .. } => Place::Channel(channel),
        }
    }

    /// Whether a part is down, slow or cut off from now on, until another act ends that.
    pub fn is_outage(self) -> bool {
        match self {
            Act::Crash { .. } | Act::Cut { .. } => true,
            Act::Slow { factor, .. } => factor > 1.0,
            Act::Restart { .. } | Act::Mend { .. } | Act::Rebuild { .. } | Act::Profile { .. } => false,
        }
    }

    /// Whether it ends what another act began. Who is slowed otherwise is no longer slow as before.
    pub fn ends(self, begun: Act) -> bool {
        match (self, begun) {
            (Act::Restart { place }, Act::Crash { place: crashed }) => place == crashed,
            (Act::Slow { service, .. }, Act::Slow { service: slowed, .. }) => service == slowed,
            (Act::Mend { one, other }, Act::Cut { one: from, other: to }) => {
                (one, other) == (from, to) || (one, other) == (to, from)
            }
            (Act::Profile { channel, .. }, Act::Profile { channel: changed, .. }) => channel == changed,
            (
                Act::Crash { .. }
                | Act::Restart { .. }
                | Act::Slow { .. }
                | Act::Cut { .. }
                | Act::Mend { .. }
                | Act::Rebuild { .. }
                | Act::Profile { .. },
                _,
            ) => false,
        }
    }

    /// The same act in another plan, where places may have other numbers; `None` if one is not there.
    pub fn in_plan(self, from: &Plan, to: &Plan) -> Option<Act> {
        let there = |place| to.place_named(from.name_of(place));
        Some(match self {
            Act::Crash { place } => Act::Crash { place: there(place)? },
            Act::Restart { place } => Act::Restart { place: there(place)? },
            Act::Slow { service, factor } => match there(Place::Service(service))? {
                Place::Service(service) => Act::Slow { service, factor },
                Place::Client(_) | Place::Channel(_) => return None,
            },
            Act::Rebuild { service } => match there(Place::Service(service))? {
                Place::Service(service) => Act::Rebuild { service },
                Place::Client(_) | Place::Channel(_) => return None,
            },
            Act::Cut { one, other } => Act::Cut { one: there(one)?, other: there(other)? },
            Act::Mend { one, other } => Act::Mend { one: there(one)?, other: there(other)? },
            Act::Profile { channel, number } => match there(Place::Channel(channel))? {
                Place::Channel(channel) => {
                    let wanted = from.alternatives.get(usize::from(number))?;
                    let wanted = Alternative { channel, ..wanted.clone() };
                    let number = to.alternatives.iter().position(|known| *known == wanted)? as u16;
                    Act::Profile { channel, number }
                }
                Place::Client(_) | Place::Service(_) => return None,
            },
        })
    }
}

/// An act with its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedFault {
    /// When.
    pub at: Time,
    /// What.
    pub act: Act,
}
