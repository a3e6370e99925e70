//! What a variant says, laid over what all variants share.

use channel::Profile;

use super::Part;
use crate::diagnostic::{At, Problems};
use crate::document::{Between, Channel, Client, Handler, Link, Named, Service};
use crate::index::{Index, joined};
use crate::nearest::suggest;
use crate::setting;
use crate::tree::Node;

/// The shared parts, before a variant changes them.
pub(super) fn parts<T: Clone>(shared: &[Named<T>]) -> Vec<Part<'_, T>> {
    shared.iter().map(|named| Part { name: &named.name, value: named.value.clone() }).collect()
}

/// A variant changes clients and services, and adds none: it is about the same work.
pub(super) fn change<T: Clone>(
    parts: &mut [Part<'_, T>],
    own: &[Named<T>],
    what: &str,
    changed: fn(&T, &T) -> T,
    problems: &mut Problems,
) {
    for named in own {
        let name = &named.name.value;
        match parts.iter_mut().find(|part| part.name.value == *name) {
            Some(part) => part.value = changed(&named.value, &part.value),
            None => {
                let known: Vec<&str> = parts.iter().map(|part| part.name.value.as_str()).collect();
                let message =
                    format!("a variant adds no {what}, and there is none called {name} above to be changed");
                problems.error(named.name.place, message, suggest(name, &format!("a {what}"), &known));
            }
        }
    }
}

/// A variant changes channels, and adds its own.
pub(super) fn change_or_add<'a>(channels: &mut Vec<Part<'a, Channel>>, own: &'a [Named<Channel>]) {
    for named in own {
        match channels.iter_mut().find(|part| part.name.value == named.name.value) {
            Some(part) => {
                part.value = named.value.changed(&part.value);
                if named.value.profile.is_some() {
                    // Whatever is wrong from here on was right above.
                    part.name = &named.name;
                }
            }
            None => channels.push(Part { name: &named.name, value: named.value.clone() }),
        }
    }
}

/// A variant changes links, and adds its own.
pub(super) fn merge_links(between: &mut Vec<Between>, own: &[Between]) {
    let key = |link: &Between| {
        let [one, other] = &link.places;
        joined((&one.value).min(&other.value), (&one.value).max(&other.value))
    };
    let mut shared = Index::new();
    shared.extend(between.iter().enumerate().map(|(index, link)| (key(link), index)));
    for link in own {
        match shared.get(&key(link)) {
            Some(&index) => between[index].link = link.link.clone().or(&between[index].link),
            None => between.push(link.clone()),
        }
    }
}

/// A variant replaces handlers, and adds its own.
pub(super) fn merge_handlers<'a>(handlers: &mut Vec<&'a Handler>, own: &'a [Handler]) {
    let key = |handler: &Handler| joined(&handler.service.value, &handler.message.value);
    let mut shared = Index::new();
    shared.extend(handlers.iter().enumerate().map(|(index, shared)| (key(shared), index)));
    for handler in own {
        match shared.get(&key(handler)) {
            Some(&index) => handlers[index] = handler,
            None => handlers.push(handler),
        }
    }
}

impl Client {
    pub(super) fn changed(&self, shared: &Client) -> Client {
        Client {
            arrivals: self.arrivals.clone().or_else(|| shared.arrivals.clone()),
            sends: self.sends.clone().or_else(|| shared.sends.clone()),
            to: self.to.clone().or_else(|| shared.to.clone()),
            patience: self.patience.clone().or_else(|| shared.patience.clone()),
            from: self.from.clone().or_else(|| shared.from.clone()),
            until: self.until.clone().or_else(|| shared.until.clone()),
            keys: self.keys.or(shared.keys),
            with: named(&self.with, &shared.with),
        }
    }
}

impl Service {
    pub(super) fn changed(&self, shared: &Service) -> Service {
        Service {
            workers: self.workers.or(shared.workers),
            inbox: self.inbox.or(shared.inbox),
            work: self.work.clone().or_else(|| shared.work.clone()),
            clock: self.clock.or(shared.clock),
            cells: named(&self.cells, &shared.cells),
        }
    }
}

/// The shared ones, of which those that have the name of an own one are replaced, and then the other own ones.
fn named<T: Clone>(own: &[Named<T>], shared: &[Named<T>]) -> Vec<Named<T>> {
    let mut all = shared.to_vec();
    for new in own {
        match all.iter_mut().find(|known| known.name.value == new.name.value) {
            Some(known) => *known = new.clone(),
            None => all.push(new.clone()),
        }
    }
    all
}

impl Channel {
    pub(super) fn changed(&self, shared: &Channel) -> Channel {
        let profile = self.profile.clone().or_else(|| shared.profile.clone());
        let [old, new] = [&shared.profile, &profile].map(|it| channel::profile(&it.as_ref()?.value));
        let mut settings = self.settings.clone();
        for Named { name, value } in &shared.settings {
            let Some(kept) = carried_over(&name.value, value, old, new) else { continue };
            let same = |own: &Named<Node>| key(&own.name.value, new) == key(&kept, new);
            if !self.settings.iter().any(same) {
                let name = At { place: name.place, value: kept };
                settings.push(Named { name, value: value.clone() });
            }
        }
        Channel {
            profile,
            consumers: self.consumers.clone().or_else(|| shared.consumers.clone()),
            groups: self.groups.clone().or_else(|| shared.groups.clone()),
            bindings: self.bindings.clone().or_else(|| shared.bindings.clone()),
            subjects: self.subjects.clone().or_else(|| shared.subjects.clone()),
            dead_letter: self.dead_letter.clone().or_else(|| shared.dead_letter.clone()),
            settings,
        }
    }
}

/// By which name a parameter is kept under another profile: it stays if that has one of the same name which takes
/// the value. What is wrong stays as well, so that it is reported.
pub(crate) fn carried_over(
    key: &str,
    node: &Node,
    old: Option<&Profile>,
    new: Option<&Profile>,
) -> Option<String> {
    let (Some(old), Some(new)) = (old, new) else { return Some(key.into()) };
    match old.parameter(key) {
        Some(parameter) if setting::value(parameter, node).is_ok() => {
            let same = new.parameters.iter().find(|it| it.name == parameter.name)?;
            setting::value(same, node).ok()?;
            Some(same.name.into())
        }
        Some(_) | None => Some(key.into()),
    }
}

/// A parameter's own name, by whichever it is called.
fn key<'n>(name: &'n str, profile: Option<&Profile>) -> &'n str {
    profile.and_then(|profile| profile.parameter(name)).map_or(name, |parameter| parameter.name)
}

impl Link {
    /// This, and where it says nothing the other.
    pub fn or(self, other: &Link) -> Link {
        Link {
            latency: self.latency.or_else(|| other.latency.clone()),
            loss: self.loss.or(other.loss),
            duplication: self.duplication.or(other.duplication),
            reordering: self.reordering.or(other.reordering),
        }
    }
}
