//! Faults: they befall something that exists, before the end.

use super::everywhere::Everywhere;
use crate::diagnostic::{At, Problems};
use crate::document::{Document, Fault, FaultKind, Service};
use crate::units::duration_text;
use crate::whole::{Part, PartKind, Whole};

/// Looks at every fault. One that befalls a channel of a single variant counts there.
pub(super) fn check(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    let everywhere = Everywhere::of(wholes);
    for fault in &document.faults {
        match &fault.kind {
            FaultKind::Crash(place) => {
                let kinds = [PartKind::Service, PartKind::Channel];
                everywhere.one_of("crash", place, &kinds, ": customers do not break", problems);
            }
            FaultKind::Slow { service, .. } => {
                let hint = "; a link can be made slow with `links`";
                everywhere.one_of("slow", service, &[PartKind::Service], hint, problems);
            }
            FaultKind::Rebuild(service) => {
                everywhere.one_of("rebuild", service, &[PartKind::Service], "", problems);
                keeps_something(wholes, service, problems);
            }
            FaultKind::Cut(places) => everywhere.check("cut", places, problems),
        }
        if fault.at.value >= document.length {
            let message = format!("the fault comes at {}, after the end", duration_text(fault.at.value));
            let help = format!("the run ends at {}", duration_text(document.length));
            problems.warning(fault.at.place, message, help);
        }
    }
    overlaps(&document.faults, problems);
}

/// What is rebuilt was kept.
fn keeps_something(wholes: &[Whole<'_>], service: &At<String>, problems: &mut Problems) {
    let named = |part: &&Part<'_, Service>| part.name.value == service.value;
    let mut parts = wholes.iter().flat_map(|whole| &whole.services).filter(named).peekable();
    if parts.peek().is_some() && parts.all(|part| part.value.cells.is_empty()) {
        let message = format!("rebuild: {} keeps nothing that could be rebuilt", service.value);
        let help = format!("write what it keeps under `services: {}: store:`", service.value);
        problems.warning(service.place, message, help);
    }
}

/// When one fault ends it ends the other of the same kind too, which nobody expects.
fn overlaps(faults: &[Fault], problems: &mut Problems) {
    let mut sorted: Vec<(String, &Fault)> = Vec::new();
    for fault in faults {
        let Some(what) = described(&fault.kind) else { continue };
        let order = |known: &(String, &Fault)| (&known.0, known.1.at.value) <= (&what, fault.at.value);
        sorted.insert(sorted.partition_point(order), (what, fault));
    }
    for pair in sorted.windows(2) {
        let [(what_before, before), (what, fault)] = pair else { continue };
        if what_before == what && before.lasts.is_none_or(|lasts| before.at.value + lasts > fault.at.value) {
            let message = format!("{what} is already so since {}", duration_text(before.at.value));
            problems.warning(
                fault.at.place,
                message,
                "let the first one end before, or remove one: the first end ends both",
            );
        }
    }
}

/// What is so while it lasts.
fn described(kind: &FaultKind) -> Option<String> {
    match kind {
        FaultKind::Crash(place) => Some(format!("the crash of {}", place.value)),
        FaultKind::Slow { service, .. } => Some(format!("the slow-down of {}", service.value)),
        FaultKind::Cut([one, other]) => {
            let (first, second) = ((&one.value).min(&other.value), (&one.value).max(&other.value));
            Some(format!("the cut between {first} and {second}"))
        }
        FaultKind::Rebuild(_) => None,
    }
}
