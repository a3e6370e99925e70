//! What the plan and the acts upon it are called in an answer.

use channel::{Acknowledgement, Claim, HandsOut, Keeps, OnDisconnect, Rules};
use topology::{Act, Place, Plan, Record, RecordKind};

use super::Root;
use crate::sentence;

/// An act in the past tense, and as a root.
pub(super) fn past(record: &Record, plan: &Plan) -> (String, Root) {
    let RecordKind::Act { act } = record.kind else { return (sentence(record, plan), Root::Halted) };
    let name = |place: Place| plan.name_of(place);
    let text = match act {
        Act::Crash { place } => format!("{} crashed", name(place)),
        Act::Restart { place } => format!("{} came back", name(place)),
        Act::Slow { service, factor } => {
            format!("{} became {factor} times as slow", name(Place::Service(service)))
        }
        Act::Cut { one, other } => format!("the network between {} and {} was cut", name(one), name(other)),
        Act::Mend { one, other } => {
            format!("the network between {} and {} came back", name(one), name(other))
        }
        Act::Rebuild { service } => {
            format!("{} forgot everything and read again from the beginning", name(Place::Service(service)))
        }
        Act::Profile { channel, number } => {
            let profile = plan.alternatives.get(usize::from(number)).map_or("other rules", |it| it.profile);
            format!("{} began to follow {profile}", name(Place::Channel(channel)))
        }
    };
    (text, Root::Act(act))
}

/// The name of a profile with its article.
pub(super) fn a(profile: &str) -> String {
    // Some begin with a letter that is spoken as if it began with a vowel.
    let spelled = ["sqs", "sns", "mqtt", "http"].iter().any(|&known| profile.starts_with(known));
    let vowel = profile.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {profile}", if spelled || vowel { "an" } else { "a" })
}

/// When a message counts as done.
pub(super) fn done_rule(rules: &Rules) -> String {
    match rules.delivery.acknowledgement {
        Acknowledgement::OnHandOut if rules.keeps == Keeps::Nothing => {
            "it passes on what is published and keeps nothing".into()
        }
        Acknowledgement::OnHandOut => "a message counts as done as soon as it was handed out".into(),
        Acknowledgement::BeforeWork => {
            "a message counts as done when a worker takes it up, before the work".into()
        }
        Acknowledgement::AfterWork => "a message counts as done when its consumer says so".into(),
        Acknowledgement::Offset { automatic: Some(every) } => {
            format!("what was handed out is committed every {every}, whether the work is done or not")
        }
        Acknowledgement::Offset { automatic: None } => {
            "a committed offset makes everything before it count as done".into()
        }
    }
}

/// How a row of a table is claimed, where one may be in several hands.
pub(super) fn claim_rule(rules: &Rules) -> Option<&'static str> {
    match rules.delivery.claim {
        Claim::Naive => Some("a row says pending until its work is done, so two can take the same row"),
        Claim::ConditionalUpdate => Some("two can look at the same row, and one of them gets it"),
        Claim::ForUpdate => Some("a second reader waits for the first"),
        Claim::SkipLocked => Some("a second reader takes the next row"),
        Claim::UpdateSubselect => Some("a second reader waits for the first, and then takes the same row"),
        Claim::UpdateSubselectRechecked => Some("a second reader waits for the first, and gets nothing"),
        Claim::HandOut => None,
    }
}

/// What becomes of what a consumer had in hand when it crashed.
pub(super) fn holder_rule(rules: &Rules) -> String {
    match (rules.delivery.on_disconnect, rules.delivery.again_after) {
        (OnDisconnect::Returned, _) => "what a consumer had in hand comes back when it is gone".into(),
        (OnDisconnect::Kept, Some(after)) => {
            format!("what a consumer had in hand when it crashed comes again after {after}")
        }
        (OnDisconnect::Kept, None) => {
            "what a consumer had in hand when it crashed stays with it, and nobody gives it to another".into()
        }
        (OnDisconnect::KeptForOwner, _) => {
            "what a consumer had in hand when it crashed waits until the same one is back".into()
        }
        (OnDisconnect::Lost, _) => "what a consumer had in hand when it crashed is gone".into(),
    }
}

/// How members come to their messages, where they look by themselves.
pub(super) fn poll_rule(rules: &Rules) -> Option<String> {
    match rules.delivery.hands_out {
        HandsOut::Poll { every, .. } => Some(format!("its consumers look every {every}")),
        HandsOut::Push | HandsOut::Pull { .. } => None,
    }
}
