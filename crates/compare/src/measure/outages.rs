//! What is wrong with the system at the moment.

use topology::Act;

/// The faults that are not over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outages(Vec<Act>);

impl Outages {
    /// Whether a part is down, slow or cut off.
    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Something is done to the system.
    pub(crate) fn take(&mut self, act: Act) {
        self.0.retain(|&begun| !act.ends(begun));
        if act.is_outage() && !self.0.contains(&act) {
            self.0.push(act);
        }
    }
}

#[cfg(test)]
mod tests {
    use topology::{ChannelId, Place, ServiceId};

    use super::*;

    #[test]
    fn an_outage_never_ends() {
        let (payment, charges) = (Place::Service(ServiceId(1)), Place::Channel(ChannelId(0)));
        let slow = |factor| Act::Slow { service: ServiceId(1), factor };
        for (begin, end) in [
            (Act::Crash { place: payment }, Act::Restart { place: payment }),
            (slow(3.0), slow(1.0)),
            (Act::Cut { one: payment, other: charges }, Act::Mend { one: charges, other: payment }),
        ] {
            let mut outages = Outages::default();
            outages.take(begin);
            outages.take(begin);
            assert!(outages.any(), "{begin:?}");
            outages.take(end);
            assert!(!outages.any(), "{end:?}");
        }
    }

    #[test]
    fn the_end_of_one_outage_ends_another() {
        let place = |id| Place::Service(ServiceId(id));
        let mut outages = Outages::default();
        outages.take(Act::Crash { place: place(0) });
        outages.take(Act::Slow { service: ServiceId(0), factor: 2.0 });
        outages.take(Act::Restart { place: place(1) });
        outages.take(Act::Slow { service: ServiceId(1), factor: 1.0 });
        outages.take(Act::Mend { one: place(0), other: place(1) });
        outages.take(Act::Restart { place: place(0) });
        assert!(outages.any());
        outages.take(Act::Slow { service: ServiceId(0), factor: 1.0 });
        assert!(!outages.any());
    }
}
