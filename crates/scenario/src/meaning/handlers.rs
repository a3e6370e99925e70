//! Handlers and services that nothing ever reaches.

use crate::diagnostic::{Place, Problems};
use crate::document::{Document, Handler, Named};
use crate::index::Index;
use crate::nearest::suggest;
use crate::whole::{PartKind, Whole};

/// A service that never does anything was probably meant to do something.
pub(super) fn idle(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    let mut busy = Index::new();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        busy.insert(handler.service.value.as_str().into(), 0);
    }
    for Named { name, .. } in &document.shared.services {
        if !busy.contains_key(name.value.as_str()) {
            let help =
                format!("say what it does with a message under `handlers: {}:`, or remove it", name.value);
            problems.warning(
                name.place,
                format!("service {} has no handler in any variant", name.value),
                help,
            );
        }
    }
}

/// A handler that no variant uses. One that is shared need not be used by all of them.
pub(super) fn unused(wholes: &[Whole<'_>], problems: &mut Problems) {
    let mut used = Vec::new();
    for whole in wholes {
        let reached = reached(whole);
        for (handler, _) in whole.handlers.iter().zip(reached).filter(|(_, reached)| *reached) {
            note(&mut used, handler.message.place);
        }
    }
    let mut sent = Index::new();
    for sending in wholes.iter().flat_map(|whole| &whole.sendings) {
        sent.insert(sending.message.value.as_str().into(), 0);
    }
    let sent: Vec<&str> = sent.keys().map(AsRef::as_ref).collect();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        if note(&mut used, handler.message.place) {
            report(handler, &sent, problems);
        }
    }
}

/// Adds a place to some in order. Returns whether it is new.
fn note(places: &mut Vec<Place>, place: Place) -> bool {
    let Err(index) = places.binary_search(&place) else { return false };
    places.insert(index, place);
    true
}

/// Which handlers of a variant get something, or would if something were addressed rightly.
pub(super) fn reached(whole: &Whole<'_>) -> Vec<bool> {
    let mut reached = vec![false; whole.handlers.len()];
    let mut astray = Index::new();
    for sending in &whole.sendings {
        whole.receivers(sending).into_iter().for_each(|receiver| reached[receiver] = true);
        if !whole.is_addressed(sending) {
            astray.insert(sending.message.value.as_str().into(), 0);
        }
    }
    // What a channel has put aside reaches whoever listens to where it is put.
    for traffic in whole.traffic() {
        let hearers = traffic.groups.iter().flat_map(|group| &group.services);
        for (service, message) in
            hearers.flat_map(|service| traffic.types.keys().map(move |it| (service, it)))
        {
            whole.handler(service, message).into_iter().for_each(|handler| reached[handler] = true);
        }
    }
    for (index, handler) in whole.handlers.iter().enumerate() {
        let is_service = matches!(whole.kind(&handler.service.value), Some((PartKind::Service, _)));
        if !is_service || astray.contains_key(handler.message.value.as_str()) {
            reached[index] = true;
        }
    }
    reached
}

fn report(handler: &Handler, sent: &[&str], problems: &mut Problems) {
    let message = &handler.message;
    let text = format!("{} handles {}, which nobody sends to it", handler.service.value, message.value);
    let help = match sent.contains(&message.value.as_str()) {
        true => "it is sent elsewhere, straight to another service or in another variant".into(),
        false => suggest(&message.value, "a message that is sent", sent),
    };
    problems.warning(message.place, text, help);
}
