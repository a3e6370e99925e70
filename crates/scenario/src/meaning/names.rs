//! Names: each stands for one thing, and everything that is named exists.

use channel::profile;

use crate::diagnostic::{At, Problems};
use crate::document::Document;
use crate::index::Index;
use crate::nearest::{nearest, suggest};
use crate::whole::{PartKind, Sending, Verb, Whole};

/// Clients, services and channels share one space of names.
pub(super) fn unique(document: &Document, problems: &mut Problems) {
    let shared = &document.shared;
    let clients = shared.clients.iter().map(|named| ("client", &named.name));
    let services = shared.services.iter().map(|named| ("service", &named.name));
    let own = document.variants.iter().flat_map(|variant| &variant.value.parts.channels);
    let channels = shared.channels.iter().chain(own).map(|named| ("channel", &named.name));
    let all: Vec<(&str, &At<String>)> = clients.chain(services).chain(channels).collect();
    let mut first = Index::new();
    for (index, &(kind, name)) in all.iter().enumerate() {
        let (known, At { place, .. }) = all[*first.entry(name.value.as_str().into()).or_insert(index)];
        if known != kind {
            let message =
                format!("{kind} {}: there is a {known} of that name in line {}", name.value, place.line);
            problems.error(
                name.place,
                message,
                "give one of them another name, so that messages know where to go",
            );
        }
    }
}

/// Everything that a variant names exists in it.
pub(super) fn known(whole: &Whole<'_>, problems: &mut Problems) {
    for sending in &whole.sendings {
        target(whole, sending, problems);
    }
    let mut reported = "";
    for handler in &whole.handlers {
        let service = &handler.service;
        if service.value != reported && !matches!(whole.kind(&service.value), Some((PartKind::Service, _))) {
            reported = &service.value;
            unknown(whole, service, "handlers", &[PartKind::Service], problems);
        }
    }
}

fn target(whole: &Whole<'_>, sending: &Sending<'_>, problems: &mut Problems) {
    let (verb, to) = (sending.verb, &sending.to);
    let path = format!("{} of {} by {}", verb.noun(), sending.message.value, sending.from.value);
    let kind = whole.kind(&to.value).map(|(kind, _)| kind);
    match (verb, kind) {
        (verb, Some(kind)) if verb.reaches(kind) => {}
        (_, Some(PartKind::Channel)) => problems.error(
            to.place,
            format!("{path}: {} is a channel, and a channel does not answer", to.value),
            "call a service, or use `send` to put the command into the channel",
        ),
        (_, Some(PartKind::Service)) => problems.error(
            to.place,
            format!("{path}: {} is a service, and events are published on channels", to.value),
            "use `send` or `call` to address a service",
        ),
        (_, Some(PartKind::Client)) => problems.error(
            to.place,
            format!("{path}: {} is a client, and clients only ask", to.value),
            "use `reply` to answer a client",
        ),
        (Verb::Call, None) => unknown(whole, to, &path, &[PartKind::Service], problems),
        (Verb::Publish, None) => unknown(whole, to, &path, &[PartKind::Channel], problems),
        (Verb::Request | Verb::Send, None) => {
            unknown(whole, to, &path, &[PartKind::Service, PartKind::Channel], problems);
        }
    }
}

/// There is nothing of these kinds that is called so.
pub(super) fn unknown(
    whole: &Whole<'_>,
    name: &At<String>,
    path: &str,
    kinds: &[PartKind],
    problems: &mut Problems,
) {
    let what = match kinds {
        [PartKind::Service] => "service",
        [PartKind::Channel] => "channel",
        _ => "service or channel",
    };
    let candidates: Vec<&str> = kinds.iter().flat_map(|&kind| whole.names(kind)).collect();
    let wrong = name.value.as_str();
    let near = nearest(wrong, candidates.iter().copied());
    let help = if near.is_none() && kinds.contains(&PartKind::Channel) && profile(wrong).is_some() {
        format!(
            "{wrong} is a profile: name a channel that has it, `channels: {{ work: {{ profile: {wrong} }} }}`"
        )
    } else {
        suggest(wrong, &format!("a {what}"), &candidates)
    };
    problems.error(name.place, format!("{path}: there is no {what} {}", name.value), help);
}

impl Verb {
    fn noun(self) -> &'static str {
        match self {
            Verb::Request => "request",
            Verb::Call => "call",
            Verb::Send => "send",
            Verb::Publish => "publish",
        }
    }
}
