//! Records as JSON, one object a line, with names instead of numbers.

use std::io::{self, Write};

use analysis::sentence;
use serde_json::{Map, Value, json};
use topology::{Act, MessageKind, Place, Plan, Record, RecordKind};

/// Writes one record as one line.
pub fn write_record(record: &Record, plan: &Plan, to: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *to, &record_json(record, plan))?;
    to.write_all(b"\n")
}

/// One record.
pub fn record_json(record: &Record, plan: &Plan) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("number".into(), record.number.into());
    object.insert("time_ns".into(), record.time.nanos().into());
    object.insert("cause".into(), record.cause.into());
    if record.case != Record::NONE {
        object.insert("case".into(), record.case.into());
    }
    if record.message != Record::NONE {
        object.insert("message".into(), record.message.into());
        object.insert("type".into(), plan.types[record.message_type.index()].name.as_str().into());
    }
    object.insert("place".into(), plan.name_of(record.place).into());
    let (what, details) = what(&record.kind, plan);
    object.insert("what".into(), what.into());
    if let Value::Object(details) = details {
        object.extend(details);
    }
    object.insert("sentence".into(), sentence(record, plan).into());
    object
}

/// The name of a kind of record, and its details.
fn what(kind: &RecordKind, plan: &Plan) -> (&'static str, Value) {
    let to = |route: &topology::RouteId| plan.name_of(plan.routes[route.index()].to);
    match kind {
        RecordKind::CaseStarted { waits, .. } => ("case_started", json!({ "waits": waits })),
        RecordKind::Sent { route, kind, origin } => {
            ("sent", json!({ "to": to(route), "kind": kind_name(*kind), "origin": origin }))
        }
        RecordKind::Duplicated { route, origin } => {
            ("duplicated", json!({ "to": to(route), "origin": origin }))
        }
        RecordKind::Queued => ("queued", Value::Null),
        RecordKind::FannedOut { receivers } => ("fanned_out", json!({ "receivers": receivers })),
        RecordKind::Taken { worker } => ("taken", json!({ "worker": worker })),
        RecordKind::Delivered => ("delivered", Value::Null),
        RecordKind::Answered { ok } => ("answered", json!({ "ok": ok })),
        RecordKind::HandlerFailed => ("handler_failed", Value::Null),
        RecordKind::TimedOut => ("timed_out", Value::Null),
        RecordKind::OutOfOrder => ("out_of_order", Value::Null),
        RecordKind::Dropped => ("dropped", Value::Null),
        RecordKind::Returned => ("returned", Value::Null),
        RecordKind::Redelivered => ("redelivered", Value::Null),
        RecordKind::Lost { reason, route, missed } => {
            ("lost", json!({ "reason": reason.name(), "to": to(route), "missed": missed }))
        }
        RecordKind::DeadLettered { reason } => ("dead_lettered", json!({ "reason": reason.name() })),
        RecordKind::FactSet { fact, count, .. } => {
            ("fact_set", json!({ "fact": plan.facts[fact.index()], "count": count }))
        }
        RecordKind::CaseAnswered => ("case_answered", Value::Null),
        RecordKind::CaseRefused => ("case_refused", Value::Null),
        RecordKind::CaseGaveUp => ("case_gave_up", Value::Null),
        RecordKind::CaseEnded { complete } => ("case_ended", json!({ "complete": complete })),
        RecordKind::Act { act } => act_of(*act, plan),
        RecordKind::Halted => ("halted", Value::Null),
        RecordKind::Settled => ("settled", Value::Null),
        RecordKind::CutOff { service } => {
            ("cut_off", json!({ "service": plan.services[service.index()].name }))
        }
        RecordKind::Stored { cell, value, .. } => {
            ("stored", json!({ "cell": plan.cells[cell.index()].name, "value": value }))
        }
        RecordKind::Measured { figure, value } => {
            ("measured", json!({ "figure": plan.figures[figure.index()], "value": value }))
        }
        RecordKind::Waits => ("waits", Value::Null),
        RecordKind::Woken => ("woken", Value::Null),
        RecordKind::Retried { attempt } => ("retried", json!({ "attempt": attempt })),
        RecordKind::Undone { number } => ("undone", json!({ "number": number })),
        RecordKind::Cancelled => ("cancelled", Value::Null),
        RecordKind::DeadlinePassed => ("deadline_passed", Value::Null),
        RecordKind::Resumed => ("resumed", Value::Null),
        RecordKind::Unreadable { schema } => ("unreadable", json!({ "schema": schema })),
    }
}

fn kind_name(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Command => "command",
        MessageKind::Event => "event",
        MessageKind::Reply => "reply",
        MessageKind::Acknowledgement => "acknowledgement",
        MessageKind::Cancellation => "cancellation",
    }
}

fn act_of(act: Act, plan: &Plan) -> (&'static str, Value) {
    let name = |place: Place| plan.name_of(place);
    match act {
        Act::Crash { .. } => ("crashed", Value::Null),
        Act::Restart { .. } => ("restarted", Value::Null),
        Act::Slow { factor, .. } => ("slowed", json!({ "factor": factor })),
        Act::Cut { one, other } => ("cut", json!({ "between": [name(one), name(other)] })),
        Act::Mend { one, other } => ("mended", json!({ "between": [name(one), name(other)] })),
        Act::Rebuild { .. } => ("rebuilt", Value::Null),
        Act::Profile { number, .. } => {
            let profile = plan.alternatives.get(usize::from(number)).map(|chosen| chosen.profile);
            ("set_otherwise", json!({ "profile": profile }))
        }
    }
}
