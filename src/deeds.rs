//! What was done to the system, in words.

use kernel::Time;
use player::{Change, ChangeTo, Deed, Player};
use topology::{Act, Place, Plan, Record, RecordKind, TypeId};

use crate::parameters;

/// What a person did: "payment crashes", "orders is now kafka", "orders: visibility_timeout 5s".
pub fn words(deed: Deed, plan: &Plan) -> String {
    match deed {
        Deed::Act(act) => act_words(act, plan),
        Deed::Change(change) => change_words(change, plan),
    }
}

/// What a record says. Of a channel that was set otherwise it only knows that.
pub fn sentence(record: &Record, player: &Player) -> String {
    let plan = player.world().plan();
    if let RecordKind::Act { act } = record.kind
        && let Some(change) = player.change_behind(record.time, act)
    {
        return change_words(change, plan);
    }
    analysis::sentence(record, plan)
}

fn act_words(act: Act, plan: &Plan) -> String {
    let place = match act {
        Act::Crash { place } | Act::Restart { place } => place,
        Act::Slow { service, .. } | Act::Rebuild { service } => Place::Service(service),
        Act::Cut { one, .. } | Act::Mend { one, .. } => one,
        Act::Profile { channel, .. } => Place::Channel(channel),
    };
    let (none, kind) = (Record::NONE, RecordKind::Act { act });
    let (time, message_type) = (Time::ZERO, TypeId(0));
    let record = Record { number: 0, time, cause: 0, case: none, message: none, message_type, place, kind };
    analysis::sentence(&record, plan)
}

fn change_words(change: Change, plan: &Plan) -> String {
    let name = plan.name_of(Place::Channel(change.channel));
    match change.to {
        ChangeTo::Profile(kind) => format!("{name} is now {kind}"),
        ChangeTo::Parameter(parameter, value) => {
            let known = channel::profile(change.profile).and_then(|profile| profile.parameter(parameter));
            let value = known.map_or_else(String::new, |known| parameters::text(known, value));
            format!("{name}: {parameter} {value}")
        }
    }
}
