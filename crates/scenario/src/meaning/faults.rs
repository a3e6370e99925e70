//! Faults: they befall something that exists, before the end.

use super::everywhere::Everywhere;
use crate::diagnostic::{At, Problems};
use crate::document::{Document, Fault, FaultKind};
use crate::nearest::suggest;
use crate::units::duration_text;
use crate::whole::{PartKind, Whole};

/// Looks at every fault. One that befalls a channel of a single variant counts there.
pub(super) fn check(document: &Document, wholes: &[Whole<'_>], problems: &mut Problems) {
    let everywhere = Everywhere::of(wholes);
    for fault in &document.faults {
        match &fault.kind {
            FaultKind::Crash(place) => {
                one_of(&everywhere, place, "crash", &[PartKind::Service, PartKind::Channel], problems)
            }
            FaultKind::Slow { service, .. } => {
                one_of(&everywhere, service, "slow", &[PartKind::Service], problems)
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

fn one_of(
    everywhere: &Everywhere<'_>,
    name: &At<String>,
    path: &str,
    kinds: &[PartKind],
    problems: &mut Problems,
) {
    let what = if kinds.len() == 1 { "service" } else { "service or channel" };
    match everywhere.kind(&name.value) {
        Some(kind) if kinds.contains(&kind) => {}
        Some(PartKind::Client) => {
            let message = format!("{path}: {} is a client", name.value);
            problems.error(name.place, message, format!("expected a {what}: customers do not break"));
        }
        Some(PartKind::Channel) => {
            let message = format!("{path}: {} is a channel, which does no work", name.value);
            problems.error(name.place, message, "expected a service; a link can be made slow with `links`");
        }
        Some(PartKind::Service) | None => {
            let help = suggest(&name.value, &format!("a {what}"), &everywhere.names(kinds));
            problems.error(name.place, format!("{path}: there is no {what} {}", name.value), help);
        }
    }
}

/// When one fault ends it ends the other of the same kind too, which nobody expects.
fn overlaps(faults: &[Fault], problems: &mut Problems) {
    let mut sorted: Vec<(String, &Fault)> = Vec::new();
    for fault in faults {
        let what = described(&fault.kind);
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

fn described(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Crash(place) => format!("the crash of {}", place.value),
        FaultKind::Slow { service, .. } => format!("the slow-down of {}", service.value),
        FaultKind::Cut([one, other]) => {
            let (first, second) = ((&one.value).min(&other.value), (&one.value).max(&other.value));
            format!("the cut between {first} and {second}")
        }
    }
}
