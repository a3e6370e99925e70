//! What there is in any of some variants: for parts of the file that apply to several.

use std::borrow::Cow;

use crate::diagnostic::{At, Problems};
use crate::index::{Index, joined};
use crate::nearest::suggest;
use crate::whole::{PartKind, Whole};

/// The names and the ways of messages of all variants together.
pub(super) struct Everywhere<'w> {
    wholes: &'w [Whole<'w>],
    /// The pairs of places between which messages go.
    pub routes: Index<'w>,
}

impl<'w> Everywhere<'w> {
    /// What there is in any of these.
    pub fn of(wholes: &'w [Whole<'w>]) -> Self {
        let mut everywhere = Everywhere { wholes, routes: Index::new() };
        wholes.iter().for_each(|whole| everywhere.add_routes(whole));
        everywhere
    }

    fn add_routes(&mut self, whole: &Whole<'_>) {
        for sending in &whole.sendings {
            self.routes.insert(pair(&sending.from.value, &sending.to.value), 0);
        }
        for (part, traffic) in whole.channels.iter().zip(whole.traffic()) {
            let to = part.value.dead_letter.iter().map(|to| to.value.as_str());
            for place in traffic.groups.iter().flat_map(|group| &group.services).copied().chain(to) {
                self.routes.insert(pair(&part.name.value, place), 0);
            }
        }
    }

    /// What a name stands for.
    pub fn kind(&self, name: &str) -> Option<PartKind> {
        self.wholes.iter().rev().find_map(|whole| whole.kind(name)).map(|(kind, _)| kind)
    }

    /// The names of some kinds of parts, in the order of the alphabet.
    pub fn names(&self, kinds: &[PartKind]) -> Vec<&str> {
        let mut names = Vec::new();
        for name in self.wholes.iter().flat_map(|whole| kinds.iter().flat_map(|&kind| whole.names(kind))) {
            if let Err(index) = names.binary_search(&name) {
                names.insert(index, name);
            }
        }
        names
    }

    /// Something exists, and is of one of these kinds; the hint ends what is said of another kind.
    pub fn one_of(
        &self,
        path: &str,
        name: &At<String>,
        kinds: &[PartKind],
        hint: &str,
        problems: &mut Problems,
    ) {
        let what = if kinds.len() == 1 { "service" } else { "service or channel" };
        match self.kind(&name.value) {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => {
                let kind = match kind {
                    PartKind::Client => "client",
                    PartKind::Service => "service",
                    PartKind::Channel => "channel",
                };
                let message = format!("{path}: {} is a {kind}", name.value);
                problems.error(name.place, message, format!("expected a {what}{hint}"));
            }
            None => {
                let help = suggest(&name.value, &format!("a {what}"), &self.names(kinds));
                problems.error(name.place, format!("{path}: there is no {what} {}", name.value), help);
            }
        }
    }

    /// Two places exist, and messages go between them.
    pub fn check(&self, path: &str, places: &[At<String>; 2], problems: &mut Problems) {
        let [one, other] = places;
        let mut known = true;
        for place in places.iter().filter(|place| self.kind(&place.value).is_none()) {
            known = false;
            let all = self.names(&[PartKind::Client, PartKind::Service, PartKind::Channel]);
            let help = suggest(&place.value, "a client, service or channel", &all);
            problems.error(place.place, format!("{path}: there is nothing called {}", place.value), help);
        }
        if known && one.value == other.value {
            let message = format!("{path}: both places are {}", one.value);
            problems.error(other.place, message, "expected two different places");
        } else if known && !self.routes.contains_key(&pair(&one.value, &other.value)) {
            let message = format!("{path}: nothing is sent between {} and {}", one.value, other.value);
            let help = "name two places between which messages go, such as a service and its channel";
            problems.warning(one.place, message, help);
        }
    }
}

/// Two names as one, whichever comes first.
pub(super) fn pair(one: &str, other: &str) -> Cow<'static, str> {
    joined(one.min(other), one.max(other))
}
