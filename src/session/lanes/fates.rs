//! What became of each case of a lane, for whoever follows one.

use kernel::{Span, Time};
use topology::{Plan, Record, RecordKind};

use super::differences::CASES_MAX;
use crate::figures;

/// Every case of a lane.
#[derive(Default)]
pub(super) struct Fates(Vec<Fate>);

#[derive(Clone, Copy, Default)]
struct Fate {
    standing: Standing,
    /// Hundredths of milliseconds, enough for half a day: there may be many cases.
    started: u32,
    ended: u32,
    /// A bit for each of the first facts.
    facts: u32,
}

#[derive(Clone, Copy, Default)]
enum Standing {
    #[default]
    ToCome,
    Waits,
    /// Asked for something without waiting for an answer.
    Sent,
    Answered,
    Refused,
    GaveUp,
}

const TICK_NANOS: u64 = 10_000;
/// So many facts are told.
const FACTS_MAX: usize = 4;

impl Fates {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn take(&mut self, record: &Record) {
        let number = record.case as usize;
        if number >= CASES_MAX {
            return;
        }
        if let RecordKind::CaseStarted { waits, .. } = record.kind {
            if self.0.len() <= number {
                self.0.resize(number + 1, Fate::default());
            }
            let standing = if waits { Standing::Waits } else { Standing::Sent };
            self.0[number] = Fate { standing, started: ticks(record.time), ..Fate::default() };
        } else if record.kind == RecordKind::CaseAnswered {
            self.end(number, Standing::Answered, record.time);
        } else if record.kind == RecordKind::CaseRefused {
            self.end(number, Standing::Refused, record.time);
        } else if record.kind == RecordKind::CaseGaveUp {
            self.end(number, Standing::GaveUp, record.time);
        } else if let RecordKind::FactSet { fact, count, .. } = record.kind
            && let (Some(fate), 0..32) = (self.0.get_mut(number), fact.index())
        {
            let bit = 1 << fact.index();
            fate.facts = if count > 0 { fate.facts | bit } else { fate.facts & !bit };
        }
    }

    fn end(&mut self, number: usize, standing: Standing, time: Time) {
        if let Some(fate) = self.0.get_mut(number) {
            (fate.standing, fate.ended) = (standing, ticks(time));
        }
    }

    /// How a case stands: "answered after 120 ms, paid, not shipped yet". Who was refused expects nothing more.
    pub fn words(&self, case: u32, now: Time, plan: &Plan) -> String {
        let fate = self.0.get(case as usize).copied().unwrap_or_default();
        let span = |from: u32, to: u32| {
            let ticks = u64::from(to.saturating_sub(from));
            figures::span(Span::from_nanos(ticks * TICK_NANOS))
        };
        let took = span(fate.started, fate.ended);
        let mut words = match fate.standing {
            Standing::ToCome => return "has not come yet".into(),
            Standing::Waits => format!("still waiting, for {}", span(fate.started, ticks(now))),
            Standing::Sent => format!("sent {} ago", span(fate.started, ticks(now))),
            Standing::Answered => format!("answered after {took}"),
            Standing::Refused => format!("refused after {took}"),
            Standing::GaveUp => format!("gave up after {took}"),
        };
        for (index, fact) in plan.facts.iter().enumerate().take(FACTS_MAX) {
            if fate.facts & 1 << index != 0 {
                words += &format!(", {fact}");
            } else if !matches!(fate.standing, Standing::Refused | Standing::GaveUp) {
                words += &format!(", not {fact} yet");
            }
        }
        words
    }
}

fn ticks(time: Time) -> u32 {
    u32::try_from(time.nanos() / TICK_NANOS).unwrap_or(u32::MAX)
}
