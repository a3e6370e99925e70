//! What there is in any of some variants: for parts of the file that apply to several.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{At, Problems};
use crate::nearest::suggest;
use crate::whole::{PartKind, Whole};

/// The names and the ways of messages of all variants together.
pub(super) struct Everywhere<'w> {
    pub names: BTreeMap<&'w str, PartKind>,
    /// The pairs of places between which messages go, each pair in the order of the alphabet.
    pub routes: BTreeSet<(&'w str, &'w str)>,
}

impl<'w> Everywhere<'w> {
    /// What there is in any of these.
    pub fn of(wholes: &'w [Whole<'_>]) -> Self {
        let mut everywhere = Everywhere { names: BTreeMap::new(), routes: BTreeSet::new() };
        for whole in wholes {
            for kind in [PartKind::Client, PartKind::Service, PartKind::Channel] {
                everywhere.names.extend(whole.names(kind).into_iter().map(|name| (name, kind)));
            }
            everywhere.add_routes(whole);
        }
        everywhere
    }

    fn add_routes(&mut self, whole: &'w Whole<'_>) {
        for sending in &whole.sendings {
            let to = sending.to.value.as_str();
            self.routes.insert(pair(&sending.from.value, to));
            if let Some((PartKind::Channel, _)) = whole.kind(to) {
                let receivers = whole.receivers(sending).into_iter();
                self.routes.extend(receivers.map(|index| pair(to, &whole.handlers[index].service.value)));
            }
        }
    }

    /// Two places exist, and messages go between them.
    pub fn check(&self, path: &str, places: &[At<String>; 2], problems: &mut Problems) {
        let [one, other] = places;
        let all: Vec<&str> = self.names.keys().copied().collect();
        let mut known = true;
        for place in places.iter().filter(|place| !self.names.contains_key(place.value.as_str())) {
            known = false;
            let help = suggest(&place.value, "a client, service or channel", &all);
            problems.error(place.place, format!("{path}: there is nothing called {}", place.value), help);
        }
        if known && one.value == other.value {
            let message = format!("{path}: both places are {}", one.value);
            problems.error(other.place, message, "expected two different places");
        } else if known && !self.routes.contains(&pair(&one.value, &other.value)) {
            let message = format!("{path}: nothing is sent between {} and {}", one.value, other.value);
            let help = "name two places between which messages go, such as a service and its channel";
            problems.warning(one.place, message, help);
        }
    }
}

/// Two names in the order of the alphabet.
pub(super) fn pair<'s>(one: &'s str, other: &'s str) -> (&'s str, &'s str) {
    if one <= other { (one, other) } else { (other, one) }
}
