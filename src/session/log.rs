//! The event log: the latest records in words.

use player::Player;
use topology::{MessageKind, Record, RecordKind};

use crate::deeds;
use crate::snapshot::LogLine;

/// How many lines are shown.
const LINES_MAX: usize = 60;

/// The latest records first; of a case that is followed, its own and what was done to the system. While time
/// passes, those that come with every message are left out: they would fly by.
pub(super) fn lines(player: &Player, followed: Option<u32>) -> Vec<LogLine> {
    let everything = !player.is_playing();
    let shown = player.recent().rev().filter(|record| match followed {
        Some(case) => record.case == case || matches!(record.kind, RecordKind::Act { .. }),
        None => everything || is_notable(&record.kind),
    });
    shown.take(LINES_MAX).map(|record| line(record, player)).collect()
}

fn line(record: &Record, player: &Player) -> LogLine {
    LogLine {
        number: record.number,
        time: format!("{:.3}", record.time.seconds()),
        text: deeds::sentence(record, player),
        loss: is_loss(&record.kind),
    }
}

fn is_loss(kind: &RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Lost { .. }
            | RecordKind::DeadLettered { .. }
            | RecordKind::CutOff { .. }
            | RecordKind::CaseRefused
            | RecordKind::CaseGaveUp
            | RecordKind::CaseEnded { complete: false }
            | RecordKind::Unreadable { .. }
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
        // What a handler keeps, measures and waits for comes with every message, and shows in what it does next.
        | RecordKind::Stored { .. }
        | RecordKind::Measured { .. }
        | RecordKind::Waits
        | RecordKind::Woken
        | RecordKind::Settled
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
        | RecordKind::CutOff { .. }
        | RecordKind::DeadLettered { .. }
        | RecordKind::FactSet { .. }
        | RecordKind::Retried { .. }
        | RecordKind::Undone { .. }
        | RecordKind::Cancelled
        | RecordKind::DeadlinePassed
        | RecordKind::Resumed
        | RecordKind::Unreadable { .. }
        | RecordKind::CaseAnswered
        | RecordKind::CaseRefused
        | RecordKind::CaseGaveUp
        | RecordKind::CaseEnded { complete: false }
        | RecordKind::Act { .. }
        | RecordKind::Halted => true,
    }
}
