//! Channels: the profile exists and knows the parameters.

use channel::{PROFILES, Profile, profile};

use crate::diagnostic::Problems;
use crate::document::{Channel, Document};
use crate::nearest::{listed, suggest};
use crate::whole::{Part, Whole};

/// Looks at every channel.
pub(super) fn check(whole: &Whole<'_>, document: &Document, problems: &mut Problems) {
    for part in &whole.channels {
        let name = &part.name.value;
        let Some(wanted) = &part.value.profile else {
            if document.shared.channels.iter().any(|shared| shared.name == *part.name) {
                continue; // The tables demand it there.
            }
            let help = format!("add `profile:`: {}", listed(&declarable()));
            problems.error(part.name.place, format!("channel {name} has no `profile`"), help);
            continue;
        };
        match profile(&wanted.value) {
            Some(profile) if profile.name != "http" => parameters(part, profile, problems),
            Some(_) => problems.error(
                wanted.place,
                format!("channel {name}: http is not declared as a channel"),
                "`call` a service, or send to it, and http is used",
            ),
            None => {
                let help = suggest(&wanted.value, "a profile", &declarable());
                problems.error(
                    wanted.place,
                    format!("channel {name}: there is no profile {}", wanted.value),
                    help,
                );
            }
        }
    }
}

/// The profiles that a channel can have.
pub(crate) fn declarable() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name).filter(|name| *name != "http").collect()
}

fn parameters(part: &Part<'_, Channel>, profile: &Profile, problems: &mut Problems) {
    let name = &part.name.value;
    for parameter in &part.value.parameters {
        let known = crate::shape::is_channel_field(&parameter.value);
        if known && !profile.parameters.contains(&parameter.value.as_str()) {
            let help = match profile.parameters {
                [] => format!("{} has no parameters", profile.name),
                parameters => format!("{} has {}", profile.name, parameters.join(", ")),
            };
            let message =
                format!("channel {name}: the profile {} has no `{}`", profile.name, parameter.value);
            problems.error(parameter.place, message, help);
        }
    }
    if part.value.overflow.is_some() && part.value.max_length.is_none() {
        let place = part
            .value
            .parameters
            .iter()
            .find(|it| it.value == "overflow")
            .map_or(part.name.place, |it| it.place);
        let message = format!("channel {name} has `overflow` but no `max_length`");
        problems.warning(
            place,
            message,
            "without a greatest length nothing ever overflows: add `max_length: 100`, say",
        );
    }
}
