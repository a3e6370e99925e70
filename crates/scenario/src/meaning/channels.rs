//! Channels: the profile knows the parameters, and whatever else a channel names exists.

use channel::{Exhausted, Parameter, Rules, routing::Grammar};

use super::names::unknown;
use crate::diagnostic::{At, Problems};
use crate::document::{Channel, Document, Named};
use crate::index::Index;
use crate::nearest::{listed, suggest};
use crate::setting::{Setting, profiles};
use crate::whole::{Group, Part, PartKind, Traffic, Whole, patterns};

/// Looks at every channel.
pub(super) fn check(
    whole: &Whole<'_>,
    traffic: &[Traffic<'_>],
    document: &Document,
    problems: &mut Problems,
) {
    for (index, part) in whole.channels.iter().enumerate() {
        let name = &part.name.value;
        if part.value.profile.is_none() && !document.shared.channels.iter().any(|it| it.name == *part.name) {
            let help = format!("add `profile:`: {}", listed(&profiles()));
            problems.error(part.name.place, format!("channel {name} has no `profile`"), help);
        }
        let setting = Setting::read(name, &part.value, problems);
        let mut look = Look { whole, part, traffic: &traffic[index], problems };
        look.consumers();
        look.groups();
        look.listeners();
        look.subjects();
        look.dead_letter();
        if let Some(setting) = setting {
            look.patterns(&setting);
            look.without_effect(&setting);
            look.in_process(&setting);
        }
    }
}

struct Look<'l> {
    whole: &'l Whole<'l>,
    part: &'l Part<'l, Channel>,
    traffic: &'l Traffic<'l>,
    problems: &'l mut Problems,
}

impl Look<'_> {
    /// Whoever is named as a consumer exists.
    fn consumers(&mut self) {
        for service in self.part.value.consumers.iter().flatten() {
            if let Some((PartKind::Service, _)) = self.whole.kind(&service.value) {
                self.listens(service);
            } else {
                let path = format!("channels.{}.consumers", self.part.name.value);
                unknown(self.whole, service, &path, &[PartKind::Service], self.problems);
            }
        }
    }

    /// The services in groups exist, and each is in one.
    fn groups(&mut self) {
        let channel = &self.part.name.value;
        let mut seen = Index::new();
        for group in self.part.value.groups.iter().flatten() {
            for service in &group.value {
                if !matches!(self.whole.kind(&service.value), Some((PartKind::Service, _))) {
                    let path = format!("channels.{channel}.groups.{}", group.name.value);
                    unknown(self.whole, service, &path, &[PartKind::Service], self.problems);
                } else if let Some(line) =
                    seen.insert(service.value.as_str().into(), service.place.line as usize)
                {
                    let message = format!("channel {channel}: {} is in groups twice", service.value);
                    let help = format!("a service is in one group, and line {line} names it already");
                    self.problems.error(service.place, message, help);
                } else {
                    self.listens(service);
                }
            }
        }
    }

    /// Whoever is bound exists.
    fn listeners(&mut self) {
        let groups: Vec<&str> =
            self.part.value.groups.iter().flatten().map(|group| group.name.value.as_str()).collect();
        for Named { name, .. } in self.part.value.bindings.iter().flatten() {
            if groups.contains(&name.value.as_str()) {
                continue;
            }
            if let Some((PartKind::Service, _)) = self.whole.kind(&name.value) {
                self.listens(name);
                continue;
            }
            let known = [groups.as_slice(), &self.whole.names(PartKind::Service)].concat();
            let message =
                format!("channel {}: there is no group or service {}", self.part.name.value, name.value);
            self.problems.error(name.place, message, suggest(&name.value, "a group or service", &known));
        }
    }

    /// A service that is named hears something, unless nothing is sent in this variant at all.
    fn listens(&mut self, service: &At<String>) {
        let hears = |group: &Group<'_>| group.services.contains(&service.value.as_str());
        if !self.traffic.types.is_empty() && !self.traffic.groups.iter().any(hears) {
            let (service_name, channel) = (&service.value, &self.part.name.value);
            let message = format!("{service_name} handles nothing that is sent to {channel}");
            let help = format!("say what it does with it under `handlers: {service_name}:`, or leave it out");
            self.problems.warning(service.place, message, help);
        }
    }

    /// What has another name there is sent there, and has one name everywhere.
    fn subjects(&mut self) {
        let channel = &self.part.name.value;
        for Named { name, value } in self.part.value.subjects.iter().flatten() {
            let types = &self.traffic.types;
            if !types.is_empty() && !types.contains_key(name.value.as_str()) {
                let sent: Vec<&str> = types.keys().map(AsRef::as_ref).collect();
                let message = format!("nothing called {} is sent to {channel}", name.value);
                let help = suggest(&name.value, "a message that is sent there", &sent);
                self.problems.warning(name.place, message, help);
            }
            let first = self.whole.subject(&name.value);
            if let Some(other) = value.iter().find(|subject| subject.value != first) {
                let message = format!("{} is called {} here and {first} elsewhere", name.value, other.value);
                let help = "a message type has one subject: give it the same on every channel";
                self.problems.error(other.place, message, help);
            }
        }
    }

    /// What is put aside goes to another channel. It may come back from there: so work is tried again later.
    fn dead_letter(&mut self) {
        let Some(to) = &self.part.value.dead_letter else { return };
        let path = format!("channels.{}.dead_letter", self.part.name.value);
        if !matches!(self.whole.kind(&to.value), Some((PartKind::Channel, _))) {
            unknown(self.whole, to, &path, &[PartKind::Channel], self.problems);
        } else if to.value == self.part.name.value {
            let help = "what it puts aside would come back at once: name another channel";
            self.problems.error(to.place, format!("{path}: this is the channel itself"), help);
        }
    }

    /// Patterns are well formed, and there is something that they match.
    fn patterns(&mut self, setting: &Setting) {
        let channel = &self.part.name.value;
        let decides = || setting.deciding(|rules| patterns(rules).map_or(0, |grammar| 1 + grammar as u64));
        let bindings = || self.part.value.bindings.iter().flatten();
        let Some(grammar) = patterns(&setting.rules) else {
            if let Some(first) = bindings().next() {
                let message =
                    format!("channel {channel}: no patterns are compared, so `bindings` has no effect");
                let help = depends(decides(), setting);
                self.problems.warning(first.name.place, message, help);
            }
            return;
        };
        self.names(grammar);
        for pattern in bindings().flat_map(|list| &list.value) {
            let types = &self.traffic.types;
            let matches = |subject: &str| grammar.matches(&pattern.value, subject);
            if let Err(wrong) = grammar.check(&pattern.value) {
                let (message, help) = split(&wrong);
                self.problems.error(pattern.place, format!("channel {channel}: {message}"), help);
            } else if !types.is_empty() && !types.keys().any(|message| matches(self.whole.subject(message))) {
                let subjects: Vec<&str> = types.keys().map(|message| self.whole.subject(message)).collect();
                let message =
                    format!("channel {channel}: `{}` matches nothing that is sent there", pattern.value);
                let also = match decides().filter(|_| grammar == Grammar::Exact) {
                    Some(parameter) => format!(", and `{}` decides how it is compared", parameter.name),
                    None => String::new(),
                };
                let help = format!("what is sent there is called {}{also}", listed(&subjects));
                self.problems.warning(pattern.place, message, help);
            }
        }
    }

    /// What is sent there has a name that a pattern can match.
    fn names(&mut self, grammar: Grammar) {
        let name = &self.part.name;
        for message in self.traffic.types.keys() {
            if let Err(wrong) = grammar.check(self.whole.subject(message)) {
                let own = self.part.value.subjects.iter().flatten().find(|list| list.name.value == **message);
                let place =
                    own.and_then(|list| list.value.first()).map_or(name.place, |subject| subject.place);
                let text = format!("channel {}: nobody hears {message}: {}", name.value, split(&wrong).0);
                let help = format!("give it another name, such as `subjects: {{ {message}: orders.new }}`");
                self.problems.error(place, text, help);
            }
        }
    }

    /// What is written and changes nothing was meant to.
    fn without_effect(&mut self, setting: &Setting) {
        let channel = &self.part.name.value;
        for (parameter, other) in setting.idle() {
            let place = setting.place(parameter).unwrap_or(self.part.name.place);
            let message = format!("channel {channel}: `{}` has no effect", parameter.name);
            self.problems.warning(place, message, depends(other.or(Some(parameter)), setting));
        }
        let puts_aside = |rules: &Rules| u64::from(rules.delivery.exhausted == Exhausted::DeadLetter);
        if let Some(to) = &self.part.value.dead_letter
            && puts_aside(&setting.rules) == 0
        {
            let message = format!("channel {channel}: nothing is put aside, so `dead_letter` has no effect");
            let help = depends(setting.deciding(puts_aside), setting);
            self.problems.warning(to.place, message, help);
        }
    }

    /// What lives in a process has one.
    fn in_process(&mut self, setting: &Setting) {
        let publishers: Vec<&str> = self.traffic.publishers.keys().map(AsRef::as_ref).collect();
        if setting.rules.in_process && publishers.len() > 1 {
            let (name, publishers) = (&self.part.name, publishers.join(" and of "));
            let message =
                format!("channel {} is in the memory of {publishers}, and dies with any of them", name.value);
            let help = "use one channel for each service, or a broker between them";
            self.problems.warning(name.place, message, help);
        }
    }
}

/// What is wrong with a pattern, and how to mend it.
fn split(wrong: &str) -> (&str, &str) {
    wrong.split_once("; ").unwrap_or((wrong, "write another pattern"))
}

/// A help that names what decides.
fn depends(parameter: Option<&Parameter>, setting: &Setting) -> String {
    match parameter {
        Some(parameter) => format!("it depends on `{}`: {}", parameter.name, parameter.about),
        None => format!("{} has nothing like it: leave it out, or use another profile", setting.profile.name),
    }
}
