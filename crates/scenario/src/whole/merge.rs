//! What a variant says, laid over what all variants share.

use super::Part;
use crate::diagnostic::Problems;
use crate::document::{Between, Channel, Client, Handler, Link, Named, Service};
use crate::index::{Index, joined};
use crate::nearest::suggest;

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
            // Another profile has other parameters, so nothing is left of the shared channel.
            Some(part) if named.value.profile.is_none() => part.value = named.value.changed(&part.value),
            Some(part) => *part = Part { name: &named.name, value: named.value.clone() },
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
        }
    }
}

impl Service {
    pub(super) fn changed(&self, shared: &Service) -> Service {
        Service {
            workers: self.workers.or(shared.workers),
            inbox: self.inbox.or(shared.inbox),
            work: self.work.clone().or_else(|| shared.work.clone()),
        }
    }
}

impl Channel {
    pub(super) fn changed(&self, shared: &Channel) -> Channel {
        Channel {
            profile: shared.profile.clone(),
            prefetch: self.prefetch.or(shared.prefetch),
            delivery_limit: self.delivery_limit.or(shared.delivery_limit),
            max_length: self.max_length.or(shared.max_length),
            overflow: self.overflow.or(shared.overflow),
            durable: self.durable.or(shared.durable),
            heartbeat: self.heartbeat.or(shared.heartbeat),
            parameters: [shared.parameters.clone(), self.parameters.clone()].concat(),
        }
    }
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
