//! Schema versions: what is sent, somebody can read.

use crate::diagnostic::Problems;
use crate::whole::Whole;

/// Every message has a receiver that understands its version. That only some do is the point of comparing.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    for sending in &whole.sendings {
        let Some(version) = &sending.version else { continue };
        let receivers = whole.receivers(sending);
        let reads = |&receiver: &usize| match whole.handlers[receiver].habits.reads {
            Some((least, most)) => (i64::from(least)..=i64::from(most)).contains(&version.value),
            None => true,
        };
        if receivers.is_empty() || receivers.iter().any(reads) {
            continue;
        }
        let mut services = Vec::new();
        services.extend(receivers.iter().map(|&it| whole.handlers[it].service.value.as_str()));
        let message = format!("nobody reads version {} of {}", version.value, sending.message.value);
        let help = format!("{} would fail: extend what one of them `reads`", services.join(", "));
        problems.warning(version.place, message, help);
    }
}
