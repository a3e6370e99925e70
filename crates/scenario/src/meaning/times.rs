//! Times that do not fit into the run.

use kernel::Span;

use crate::diagnostic::Problems;
use crate::document::{Document, Promise};
use crate::units::duration_text;
use crate::whole::{PartKind, Whole};

/// A promise that cannot be decided before the end is no promise.
pub(super) fn promises(document: &Document, problems: &mut Problems) {
    for check in &document.checks {
        if let Promise::Within { span, .. } = &check.promise
            && span.value >= document.length
        {
            let (within, length) = (duration_text(span.value), duration_text(document.length));
            let message = format!("`within {within}` is longer than the run");
            problems.warning(
                span.place,
                message,
                format!("the run ends at {length}, before it can be decided"),
            );
        }
    }
}

/// Clients that come too late or wait for nothing.
pub(super) fn clients(whole: &Whole<'_>, length: Span, problems: &mut Problems) {
    for part in &whole.clients {
        let (name, client) = (&part.name.value, &part.value);
        if let (Some(from), Some(until)) = (&client.from, &client.until)
            && from.value >= until.value
        {
            let message = format!("client {name} ends at {} and begins later", duration_text(until.value));
            problems.error(
                until.place,
                message,
                format!("`from` is {}: make `until` later", duration_text(from.value)),
            );
        }
        if let Some(from) = client.from.as_ref().filter(|from| from.value >= length) {
            let message = format!("client {name} begins at {}, after the end", duration_text(from.value));
            problems.warning(from.place, message, format!("the run ends at {}", duration_text(length)));
        }
        let through_channel = client.to.as_ref().and_then(|to| whole.kind(&to.value));
        if let (Some(patience), Some((PartKind::Channel, _))) = (&client.patience, through_channel) {
            let message = format!("client {name} has patience but waits for nothing");
            problems.warning(
                patience.place,
                message,
                "through a channel there is no answer: remove it, or ask a service",
            );
        }
    }
}
