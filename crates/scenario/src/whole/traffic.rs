//! What goes through each channel, and who shares the work there: as the plan will have it.

use channel::{Audience, Routing, Rules, routing::Grammar};

use super::{PartKind, Whole};
use crate::index::Index;
use crate::setting::Setting;

/// What goes through a channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic<'w> {
    /// The types of messages, each [`SENT`] or [`ASIDE`].
    pub types: Index<'w>,
    /// The services that send there.
    pub publishers: Index<'w>,
    /// Who listens.
    pub groups: Vec<Group<'w>>,
}

/// Services that share the work: each message goes to one of them.
#[derive(Clone, Debug)]
pub(crate) struct Group<'w> {
    pub name: &'w str,
    pub services: Vec<&'w str>,
}

/// Somebody sends it there.
const SENT: usize = 0;
/// Other channels have put it aside, and nobody else sends it. Only who is named hears it.
const ASIDE: usize = 1;
/// Of a service: it is in a group.
const GROUPED: usize = 2;

/// More pairs of channels and message types are not counted.
pub(crate) const PAIRS_MAX: usize = 20_000;

impl<'a> Whole<'a> {
    /// What goes through each channel.
    pub fn traffic(&self) -> Vec<Traffic<'_>> {
        let mut traffic = Vec::new();
        traffic.resize(self.channels.len(), Traffic::default());
        for sending in &self.sendings {
            if let Some((PartKind::Channel, index)) = self.kind(&sending.to.value) {
                traffic[index].types.insert(sending.message.value.as_str().into(), SENT);
                if sending.handler.is_some() {
                    traffic[index].publishers.insert(sending.from.value.as_str().into(), SENT);
                }
            }
        }
        while self.pass_dead_letters_on(&mut traffic) {}
        for (index, traffic) in traffic.iter_mut().enumerate() {
            traffic.groups = self.groups(index, &traffic.types);
        }
        traffic
    }

    /// What a channel puts aside may reach another. Returns whether that was news anywhere.
    fn pass_dead_letters_on<'w>(&'w self, traffic: &mut [Traffic<'w>]) -> bool {
        let count = |traffic: &[Traffic<'_>]| traffic.iter().map(|it| it.types.len()).sum::<usize>();
        let before = count(traffic);
        for (from, part) in self.channels.iter().enumerate() {
            let to = part.value.dead_letter.as_ref().and_then(|to| self.kind(&to.value));
            let Some((PartKind::Channel, to)) = to.filter(|to| to.1 != from) else { continue };
            let types = std::mem::take(&mut traffic[from].types);
            for name in types.keys() {
                traffic[to].types.entry(name.clone()).or_insert(ASIDE);
            }
            traffic[from].types = types;
        }
        (before + 1..=PAIRS_MAX).contains(&count(traffic))
    }

    /// Who listens, and with whom: those that the file puts into groups, the others as the rules say.
    fn groups<'w>(&'w self, index: usize, types: &Index<'_>) -> Vec<Group<'w>> {
        let channel = &self.channels[index];
        let mut hearers = Index::new();
        for (message, &how) in types {
            for &handler in self.listeners(message) {
                let hearer =
                    hearers.entry(self.handlers[handler].service.value.as_str().into()).or_insert(how);
                *hearer = how.min(*hearer);
            }
        }
        if let Some(consumers) = &channel.value.consumers {
            let mut named = Index::new();
            for service in consumers {
                if hearers.contains_key(service.value.as_str()) {
                    named.insert(service.value.as_str().into(), SENT);
                }
            }
            hearers = named;
        }
        let mut groups = Vec::new();
        for named in channel.value.groups.iter().flatten() {
            let mut services = Vec::new();
            for service in &named.value {
                if let Some(hearer) = hearers.get_mut(service.value.as_str()).filter(|it| **it != GROUPED) {
                    *hearer = GROUPED;
                    services.push(service.value.as_str());
                }
            }
            if !services.is_empty() {
                groups.push(Group { name: &named.name.value, services });
            }
        }
        let others = self.services.iter().map(|part| part.name.value.as_str());
        let others = others.filter(|service| hearers.get(*service) == Some(&SENT));
        let shared = |setting: &Setting| setting.rules.audience == Audience::OneConsumer;
        if self.settings[index].as_ref().is_some_and(shared) {
            let services: Vec<&str> = others.collect();
            if !services.is_empty() {
                groups.push(Group { name: &channel.name.value, services });
            }
        } else {
            groups.extend(others.map(|service| Group { name: service, services: vec![service] }));
        }
        groups
    }

    /// Whether a group of a channel gets messages of a type.
    pub fn gets(&self, index: usize, group: &Group<'_>, message: &str) -> bool {
        let Some(grammar) = self.settings[index].as_ref().and_then(|setting| patterns(&setting.rules)) else {
            return true;
        };
        let bindings = self.channels[index].value.bindings.iter().flatten();
        let is_meant = |name: &str| name == group.name || group.services.contains(&name);
        let mut own =
            bindings.filter(|list| is_meant(&list.name.value)).flat_map(|list| &list.value).peekable();
        if own.peek().is_none() {
            return group.services.iter().any(|service| self.handler(service, message).is_some());
        }
        let subject = self.subject(message);
        own.any(|pattern| grammar.matches(&pattern.value, subject))
    }

    /// What a message type is called where patterns are compared with it.
    pub fn subject<'n>(&'n self, message: &'n str) -> &'n str {
        self.subjects.get(message).map_or(message, |&number| &self.called[number])
    }
}

/// The grammar of the patterns that matter under these rules, if any do.
pub(crate) fn patterns(rules: &Rules) -> Option<Grammar> {
    match rules.routing {
        Routing::ConsistentHash | Routing::Bindings(Grammar::Everything) => None,
        Routing::Bindings(grammar) => Some(grammar),
    }
}
