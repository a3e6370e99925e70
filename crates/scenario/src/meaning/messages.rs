//! Messages: whoever gets one knows what to do with it, and what is awaited is sent.

use std::collections::{BTreeMap, BTreeSet};

use channel::{Audience, profile};

use crate::diagnostic::Problems;
use crate::nearest::suggest;
use crate::whole::{PartKind, Sending, Verb, Whole};

/// A type is a command or an event, not both.
pub(super) fn kinds(wholes: &[Whole<'_>], problems: &mut Problems) {
    let mut first: BTreeMap<&str, (bool, u32)> = BTreeMap::new();
    for sending in wholes.iter().flat_map(|whole| &whole.sendings) {
        let name = &sending.message;
        let event = sending.verb == Verb::Publish;
        let (known, line) = *first.entry(&name.value).or_insert((event, name.place.line));
        if known != event {
            let kind = |event| if event { "published as an event" } else { "sent as a command" };
            let message =
                format!("{} is {} here and {} in line {line}", name.value, kind(event), kind(known));
            problems.error(
                name.place,
                message,
                "a command asks for something (charge), an event says that it happened (charged): use two names",
            );
        }
    }
}

/// The messages of one variant.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    let mut reached = BTreeSet::new();
    for sending in &whole.sendings {
        let receivers = whole.receivers(sending);
        if receivers.is_empty() {
            unreceived(whole, sending, problems);
        }
        reached.extend(receivers);
    }
    let sent: BTreeSet<&str> = whole.sendings.iter().map(|sending| sending.message.value.as_str()).collect();
    let sent: Vec<&str> = sent.into_iter().collect();
    for (index, handler) in whole.handlers.iter().enumerate() {
        let is_service = matches!(whole.kind(&handler.service.value), Some((PartKind::Service, _)));
        if is_service && !reached.contains(&index) {
            let (service, message) = (&handler.service.value, &handler.message);
            let text = format!("{service} handles {}, which nobody sends to it", message.value);
            let help = match sent.contains(&message.value.as_str()) {
                true => "it is sent elsewhere, straight to another service".into(),
                false => suggest(&message.value, "a message that is sent", &sent),
            };
            problems.warning(message.place, text, help);
        }
    }
    queues(whole, problems);
}

fn unreceived(whole: &Whole<'_>, sending: &Sending<'_>, problems: &mut Problems) {
    let (message, to) = (&sending.message, &sending.to.value);
    match whole.kind(to) {
        Some((PartKind::Service, _)) => {
            let handled: Vec<&str> = (whole.handlers.iter())
                .filter(|handler| handler.service.value == *to)
                .map(|handler| handler.message.value.as_str())
                .collect();
            let help = match handled.as_slice() {
                [] => format!("add it under handlers: {to}:"),
                handled => suggest(&message.value, &format!("a message that {to} handles"), handled),
            };
            problems.error(message.place, format!("{to} has no handler for {}", message.value), help);
        }
        Some((PartKind::Channel, _)) => problems.warning(
            message.place,
            format!("nobody listens to {to} for {}", message.value),
            format!("a service listens as soon as it has a handler for {}", message.value),
        ),
        // That it goes nowhere has been reported.
        Some((PartKind::Client, _)) | None => {}
    }
}

/// A queue hands each message to any of its consumers, whether that knows the type or not.
fn queues(whole: &Whole<'_>, problems: &mut Problems) {
    let mut carried: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for sending in &whole.sendings {
        if let Some((PartKind::Channel, index)) = whole.kind(&sending.to.value) {
            carried.entry(index).or_default().insert(&sending.message.value);
        }
    }
    for (index, types) in carried {
        let channel = &whole.channels[index];
        let profile = channel.value.profile.as_ref().and_then(|name| profile(&name.value));
        if profile.is_some_and(|profile| profile.rules.audience == Audience::OneConsumer) {
            queue(whole, &channel.name.value, index, &types, problems);
        }
    }
}

fn queue(whole: &Whole<'_>, name: &str, index: usize, types: &BTreeSet<&str>, problems: &mut Problems) {
    let consumers: BTreeSet<&str> = (whole.handlers.iter())
        .filter(|handler| types.contains(handler.message.value.as_str()))
        .map(|handler| handler.service.value.as_str())
        .collect();
    for consumer in consumers {
        let knows = |message: &&&str| whole.handler(consumer, message).is_some();
        let (known, missing): (Vec<&str>, Vec<&str>) =
            types.iter().copied().partition(|message| knows(&message));
        if missing.is_empty() {
            continue;
        }
        let message = format!(
            "{consumer} takes {} from the queue {name} and would be handed {} too, for which it has no handler",
            known.join(", "),
            missing.join(", ")
        );
        let help =
            "a queue gives each message to any of its consumers: use one queue for each service, or a topic";
        problems.error(whole.channels[index].name.place, message, help);
    }
}
