//! The event log: the latest records in words.

use topology::{MessageKind, Plan, Record, RecordKind};

use crate::snapshot::LogLine;

/// How many lines are shown.
const LINES_MAX: usize = 60;

/// The latest records first. While time passes, those that come with every message are left out: they would
/// fly by.
pub(super) fn lines<'a>(
    recent: impl DoubleEndedIterator<Item = &'a Record>,
    plan: &Plan,
    everything: bool,
) -> Vec<LogLine> {
    let shown = recent.rev().filter(|record| everything || is_notable(&record.kind));
    shown.take(LINES_MAX).map(|record| line(record, plan)).collect()
}

fn line(record: &Record, plan: &Plan) -> LogLine {
    LogLine {
        number: record.number,
        time: format!("{:.3}", record.time.seconds()),
        text: analysis::sentence(record, plan),
        loss: is_loss(&record.kind),
    }
}

fn is_loss(kind: &RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Lost { .. }
            | RecordKind::DeadLettered { .. }
            | RecordKind::CaseRefused
            | RecordKind::CaseGaveUp
            | RecordKind::CaseEnded { complete: false }
            | RecordKind::Act { act: topology::Act::Crash { .. } | topology::Act::Cut { .. } }
    )
}

fn is_notable(kind: &RecordKind) -> bool {
    match kind {
        RecordKind::Sent { kind, .. } => matches!(kind, MessageKind::Command | MessageKind::Event),
        RecordKind::Queued
        | RecordKind::FannedOut { .. }
        | RecordKind::Taken { .. }
        | RecordKind::Delivered
        | RecordKind::Answered { ok: true }
        | RecordKind::CaseEnded { complete: true } => false,
        RecordKind::CaseStarted { .. }
        | RecordKind::Duplicated { .. }
        | RecordKind::Answered { ok: false }
        | RecordKind::HandlerFailed
        | RecordKind::TimedOut
        | RecordKind::OutOfOrder
        | RecordKind::Dropped
        | RecordKind::Returned
        | RecordKind::Redelivered
        | RecordKind::Lost { .. }
        | RecordKind::DeadLettered { .. }
        | RecordKind::FactSet { .. }
        | RecordKind::CaseAnswered
        | RecordKind::CaseRefused
        | RecordKind::CaseGaveUp
        | RecordKind::CaseEnded { complete: false }
        | RecordKind::Act { .. }
        | RecordKind::Halted => true,
    }
}
