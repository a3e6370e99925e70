//! Messages: what each is, and that somebody knows what to do with it.

use super::SCHEMA;
use crate::diagnostic::{At, Problems};
use crate::document::{Mention, visit};
use crate::index::Index;
use crate::nearest::{nearest, suggest};
use crate::whole::{PartKind, Sending, Verb, Whole};

/// A type is a command or an event, not both.
pub(super) fn kinds(wholes: &[Whole<'_>], problems: &mut Problems) {
    let sendings: Vec<&Sending<'_>> = wholes.iter().flat_map(|whole| &whole.sendings).collect();
    let mut first = Index::new();
    for (index, sending) in sendings.iter().enumerate() {
        let name = &sending.message;
        let known = sendings[*first.entry(name.value.as_str().into()).or_insert(index)];
        let event = |sending: &Sending<'_>| sending.verb == Verb::Publish;
        if event(known) != event(sending) {
            let kind = |it| if event(it) { "published as an event" } else { "sent as a command" };
            let (here, there, line) = (kind(sending), kind(known), known.message.place.line);
            let message = format!("{} is {here} here and {there} in line {line}", name.value);
            problems.error(
                name.place,
                message,
                "a command asks for something (charge), an event says that it happened (charged): use two names",
            );
        }
    }
}

/// A field that no step uses, with nearly the name of one that they do use.
pub(super) fn unread(wholes: &[Whole<'_>], problems: &mut Problems) {
    let (mut given, mut used) = (Vec::new(), Index::new());
    used.insert(SCHEMA.into(), 0);
    let mut see = |mention: Mention<'_>| match mention {
        Mention::Asks(formula) | Mention::Measures(_, formula) => {
            for (name, _) in formula.value.names() {
                used.insert(name.to_owned().into(), 0);
            }
        }
        Mention::Takes(field) => {
            used.insert(field.value.clone().into(), 0);
        }
        Mention::Sets(_) | Mention::Gives(_) | Mention::Stores(_) => {}
        Mention::Remembers(_) | Mention::Forgets(_) => {}
    };
    for whole in wholes {
        given.extend(whole.clients.iter().flat_map(|part| &part.value.with).map(|field| &field.name));
        for handler in &whole.handlers {
            visit(&handler.steps, &mut |step| {
                step.value.mentions(&mut see);
                step.value.mentions(&mut |mention| {
                    if let Mention::Gives(field) = mention {
                        given.push(field);
                    }
                });
            });
        }
    }
    let is_used = |field: &&&At<String>| used.contains_key(field.value.as_str());
    for field in given.iter().filter(|field| !is_used(field)) {
        let used = given.iter().filter(is_used).map(|field| field.value.as_str());
        if let Some(meant) = nearest(&field.value, used) {
            let text = format!("no step uses the field {}", field.value);
            problems.warning(field.place, text, format!("did you mean {meant}?"));
        }
    }
}

/// Whatever a variant sends somebody handles.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    for sending in &whole.sendings {
        // A wrong address has been reported already.
        if whole.is_addressed(sending) && whole.receivers(sending).is_empty() {
            unreceived(whole, sending, problems);
        }
    }
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
