//! Records in plain sentences.

use channel::DeadLetterReason;
use topology::{Act, MessageKind, Place, Plan, Record, RecordKind};

/// What a record says, as a sentence with names instead of numbers.
pub fn sentence(record: &Record, plan: &Plan) -> String {
    let place = plan.name_of(record.place);
    let message = plan.types.get(record.message_type.index()).map_or("", |known| known.name.as_str());
    let case = record.case;
    match record.kind {
        RecordKind::CaseStarted { .. } => format!("{place}: customer {case} makes a request"),
        RecordKind::Sent { route, kind, .. } => {
            let to = plan.name_of(plan.routes[route.index()].to);
            match kind {
                MessageKind::Command | MessageKind::Event => format!("{place} sends {message} to {to}"),
                MessageKind::Reply => format!("{place} answers {to} about {message}"),
                MessageKind::Acknowledgement => format!("{place} acknowledges {message} to {to}"),
                MessageKind::Cancellation => {
                    format!("{place} tells {to} that it waits no longer for {message}")
                }
            }
        }
        RecordKind::Duplicated { .. } => format!("the network doubles {message} from {place}"),
        RecordKind::Queued => format!("{message} waits in {place}"),
        RecordKind::FannedOut { receivers: 1 } => format!("{place} passes {message} on to 1 subscriber"),
        RecordKind::FannedOut { receivers } => {
            format!("{place} passes {message} on to {receivers} subscribers")
        }
        RecordKind::Taken { worker } => format!("worker {} of {place} takes up {message}", worker + 1),
        RecordKind::Delivered => format!("{message} is delivered at {place}"),
        RecordKind::Answered { ok: true } => format!("{place} has an answer to {message}: yes"),
        RecordKind::Answered { ok: false } => format!("{place} has an answer to {message}: no"),
        RecordKind::HandlerFailed => format!("{place} gives up on {message}"),
        RecordKind::TimedOut => format!("{place} has waited too long for an answer"),
        RecordKind::OutOfOrder => format!("{message} is taken up by {place} after a later message"),
        RecordKind::Dropped => {
            let way = if matches!(record.place, Place::Service(_)) { "to" } else { "from" };
            format!("{message} does not get through {way} {place}; its channel still holds it")
        }
        RecordKind::Returned => format!("{message} is back in {place}"),
        RecordKind::Redelivered => format!("{place} hands out {message} again"),
        RecordKind::Lost { reason, .. } => format!("{message} is lost at {place}: {}", reason.words()),
        RecordKind::DeadLettered { reason } => {
            let why = match reason {
                DeadLetterReason::DeliveryLimit => "it came back too often",
                DeadLetterReason::LengthLimit => "the queue was full",
                DeadLetterReason::Expired => "its time was over",
                DeadLetterReason::Rejected => "it was rejected for good",
            };
            format!("{place} puts {message} aside: {why}")
        }
        RecordKind::FactSet { fact, count, .. } => {
            let fact = &plan.facts[fact.index()];
            match count {
                1 => format!("case {case} is {fact}, says {place}"),
                _ => format!("case {case} is {fact} {count} times, says {place}"),
            }
        }
        RecordKind::CaseAnswered => format!("customer {case} of {place} has the answer"),
        RecordKind::CaseRefused => format!("customer {case} of {place} is refused"),
        RecordKind::CaseGaveUp => format!("customer {case} of {place} gives up"),
        RecordKind::CaseEnded { complete: true } => format!("nothing is left to do for case {case}"),
        RecordKind::CaseEnded { complete: false } => {
            format!("case {case} is over, and something of it is missing")
        }
        RecordKind::Act { act } => act_sentence(act, plan),
        RecordKind::Settled => {
            format!("{place} no longer answers for {message}, though somebody has it in hand")
        }
        RecordKind::CutOff { service } => {
            format!("{place} cuts {} off", plan.name_of(Place::Service(service)))
        }
        RecordKind::Stored { cell, value, .. } => {
            format!("{place} keeps {} = {value}", plan.cells[cell.index()].name)
        }
        RecordKind::Measured { figure, value } => {
            format!("{place} measures {} = {value}", plan.figures[figure.index()])
        }
        RecordKind::Waits => format!("{place} waits before it goes on with {message}"),
        RecordKind::Woken => format!("{place} goes on with {message}: what it waited for is true"),
        RecordKind::Retried { attempt } => format!("{place} tries {message} again: attempt {attempt}"),
        RecordKind::Undone { number } => {
            format!("{place} undoes step {} of {message}", u16::from(number) + 1)
        }
        RecordKind::Cancelled => format!("{place} stops working on {message}: nobody waits for it"),
        RecordKind::DeadlinePassed => format!("the deadline of {place} for {message} has passed"),
        RecordKind::Resumed => format!("{place} goes on with {message} from its log"),
        RecordKind::Unreadable { schema } => {
            format!("{place} does not understand version {schema} of {message}")
        }
        RecordKind::Halted => "a limit was reached, and the run ends".into(),
    }
}

fn act_sentence(act: Act, plan: &Plan) -> String {
    let name = |place: Place| plan.name_of(place);
    match act {
        Act::Crash { place } => format!("{} crashes", name(place)),
        Act::Restart { place } => format!("{} is back", name(place)),
        Act::Slow { service, factor: 1.0 } => {
            format!("{} works at its usual speed again", name(Place::Service(service)))
        }
        Act::Slow { service, factor } => {
            format!("{} takes {factor} times as long", name(Place::Service(service)))
        }
        Act::Cut { one, other } => format!("the network between {} and {} is cut", name(one), name(other)),
        Act::Mend { one, other } => {
            format!("the network between {} and {} works again", name(one), name(other))
        }
        Act::Rebuild { service } => {
            format!("{} forgets everything and reads again from the beginning", name(Place::Service(service)))
        }
        Act::Profile { channel, number } => {
            let profile = plan.alternatives.get(usize::from(number)).map_or("other rules", |it| it.profile);
            format!("{} follows {profile} from now on", name(Place::Channel(channel)))
        }
    }
}
