//! Queues: whoever takes from one knows every type that is in it.

use channel::{Audience, profile};

use crate::diagnostic::Problems;
use crate::index::Index;
use crate::whole::{PartKind, Whole};

/// A queue hands each message to any of its consumers, whether that knows the type or not.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    let mut carried = vec![Index::new(); whole.channels.len()];
    for sending in &whole.sendings {
        if let Some((PartKind::Channel, index)) = whole.kind(&sending.to.value) {
            carried[index].insert(sending.message.value.as_str().into(), 0);
        }
    }
    for (index, types) in carried.iter().enumerate() {
        let channel = &whole.channels[index];
        let profile = channel.value.profile.as_ref().and_then(|name| profile(&name.value));
        if profile.is_some_and(|profile| profile.rules.audience == Audience::OneConsumer) {
            queue(whole, &channel.name.value, index, types, problems);
        }
    }
}

fn queue(whole: &Whole<'_>, name: &str, index: usize, types: &Index<'_>, problems: &mut Problems) {
    let mut consumers = Index::new();
    consumers.extend(
        whole
            .handlers
            .iter()
            .filter(|handler| types.contains_key(handler.message.value.as_str()))
            .map(|handler| (handler.service.value.as_str().into(), 0)),
    );
    for consumer in consumers.keys() {
        let knows = |message: &&str| whole.handler(consumer, message).is_some();
        let (known, missing): (Vec<&str>, Vec<&str>) = types.keys().map(AsRef::as_ref).partition(knows);
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
