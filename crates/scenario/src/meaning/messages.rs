//! Messages: what each is, and that somebody knows what to do with it.

use std::collections::BTreeMap;

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
