//! Handlers and services that nothing ever reaches.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Place, Problems};
use crate::document::{Document, Handler, Named};
use crate::nearest::suggest;
use crate::whole::{PartKind, Whole};

/// A service that never does anything was probably meant to do something.
pub(super) fn idle(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    let mut busy: BTreeSet<&str> = BTreeSet::new();
    busy.extend(
        wholes.iter().flat_map(|whole| &whole.handlers).map(|handler| handler.service.value.as_str()),
    );
    for Named { name, .. } in &document.shared.services {
        if !busy.contains(name.value.as_str()) {
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
    let mut used: BTreeMap<Place, bool> = BTreeMap::new();
    for whole in wholes {
        let reached = reached(whole);
        for (index, handler) in whole.handlers.iter().enumerate() {
            *used.entry(handler.message.place).or_default() |= reached.contains(&index);
        }
    }
    let mut sent: BTreeSet<&str> = BTreeSet::new();
    sent.extend(
        wholes.iter().flat_map(|whole| &whole.sendings).map(|sending| sending.message.value.as_str()),
    );
    let sent: Vec<&str> = sent.into_iter().collect();
    for handler in wholes.iter().flat_map(|whole| &whole.handlers) {
        if used.insert(handler.message.place, true) == Some(false) {
            report(handler, &sent, problems);
        }
    }
}

/// The handlers of a variant that get something, or would if something were addressed rightly.
fn reached(whole: &Whole<'_>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut astray = BTreeSet::new();
    for sending in &whole.sendings {
        reached.extend(whole.receivers(sending));
        if !whole.is_addressed(sending) {
            astray.insert(sending.message.value.as_str());
        }
    }
    for (index, handler) in whole.handlers.iter().enumerate() {
        let is_service = matches!(whole.kind(&handler.service.value), Some((PartKind::Service, _)));
        if !is_service || astray.contains(handler.message.value.as_str()) {
            reached.insert(index);
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
