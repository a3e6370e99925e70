//! Whoever shares the work knows every type of message that they may be handed.

use channel::Audience;

use crate::diagnostic::Problems;
use crate::whole::{Group, Traffic, Whole};

/// A group hands each message to any of its services, whether that knows the type or not.
pub(super) fn check(whole: &Whole<'_>, traffic: &[Traffic<'_>], problems: &mut Problems) {
    for (index, traffic) in traffic.iter().enumerate() {
        let Some(setting) = &whole.settings[index] else { continue };
        for group in &traffic.groups {
            share(whole, (index, traffic), group, setting.rules.audience, problems);
        }
    }
}

fn share(
    whole: &Whole<'_>,
    (index, traffic): (usize, &Traffic<'_>),
    group: &Group<'_>,
    audience: Audience,
    problems: &mut Problems,
) {
    let name = &whole.channels[index].name;
    let knows = |service: &str, message: &str| whole.handler(service, message).is_some();
    if audience == Audience::EverySubscription && group.services.len() == 1 {
        return;
    }
    // A subscriber hears what does not concern it, and no harm is done; a queue has nobody else for it.
    let counts = |message: &&str| {
        whole.gets(index, group, message)
            && (audience == Audience::OneConsumer || group.services.iter().any(|it| knows(it, message)))
    };
    let types: Vec<&str> = traffic.types.keys().map(AsRef::as_ref).filter(counts).collect();
    for service in &group.services {
        let missing: Vec<&str> = types.iter().copied().filter(|message| !knows(service, message)).collect();
        if missing.is_empty() {
            continue;
        }
        let (missing, channel) = (missing.join(", "), &name.value);
        let (of, help) = if group.name == channel {
            (
                String::new(),
                "a queue gives each message to any of its consumers: use one queue for each service, or a topic",
            )
        } else {
            let of = format!("the group {} of ", group.name);
            (of, "a group gives each message to any of its services: form one for each service")
        };
        let message =
            format!("{service} would be handed {missing} from {of}{channel}, for which it has no handler");
        problems.error(name.place, message, help);
    }
}
