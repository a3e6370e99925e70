//! What differs between runs side by side: who is answered in one and waits or is refused in another.

use std::collections::VecDeque;

use kernel::{Span, Time};
use scene::{Ring, Tone};
use topology::{Place, Record, RecordKind};

use super::LANES_MAX;

/// Every case as all lanes know it, and what is counted of that.
#[derive(Default)]
pub(super) struct Differences {
    cases: Vec<Case>,
    counts: [Count; LANES_MAX],
    /// Cases that were answered somewhere, and where their customers stand: after a moment somebody looks who still
    /// waits for the same.
    answered: VecDeque<(u32, Place, Time)>,
    rings: Vec<(usize, Ring)>,
}

/// A case: a bit for each lane.
#[derive(Clone, Copy, Default)]
struct Case {
    waits: u8,
    answered: u8,
    refused: u8,
}

/// How a lane differs from the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Customers who wait here and were answered elsewhere.
    pub behind: u32,
    /// Customers who were told yes here and refused elsewhere.
    pub refused_elsewhere: u32,
}

/// Cases beyond these are not compared.
pub(super) const CASES_MAX: usize = 250_000;
/// Who is answered so many real seconds later is not behind: a few milliseconds more are no reason to look there.
const LATE_SECONDS: f64 = 0.25;
/// So many answers wait to be looked at, at most.
const ANSWERED_MAX: usize = 256;

impl Differences {
    /// Nothing has happened.
    pub fn clear(&mut self) {
        *self = Differences::default();
    }

    pub fn count(&self, lane: usize) -> Count {
        self.counts.get(lane).copied().unwrap_or_default()
    }

    /// Takes in what happened in a lane.
    pub fn take(&mut self, lane: usize, record: &Record) {
        let (number, bit) = (record.case as usize, 1 << lane);
        if number >= CASES_MAX {
            return;
        }
        if let RecordKind::CaseStarted { waits, .. } = record.kind {
            if self.cases.len() <= number {
                self.cases.resize(number + 1, Case::default());
            }
            self.change(number, |case| case.waits |= if waits { bit } else { 0 });
        } else if record.kind == RecordKind::CaseAnswered {
            let case = self.change(number, |case| {
                case.waits &= !bit;
                case.answered |= bit;
            });
            self.ring(case.refused, record.place, record.time, Tone::Loss);
            if case.waits != 0 {
                if self.answered.len() == ANSWERED_MAX {
                    self.answered.pop_front();
                }
                self.answered.push_back((record.case, record.place, record.time));
            }
        } else if let RecordKind::CaseRefused | RecordKind::CaseGaveUp = record.kind {
            let case = self.change(number, |case| {
                case.waits &= !bit;
                case.refused |= bit;
            });
            if case.answered != 0 {
                self.ring(bit, record.place, record.time, Tone::Loss);
            }
        }
    }

    /// All lanes have come to this time. `pace`: simulated seconds per real second.
    pub fn pass(&mut self, now: Time, pace: f64) {
        let late = Span::from_seconds(LATE_SECONDS * pace);
        while let Some(&(number, place, time)) = self.answered.front() {
            if time + late > now {
                break;
            }
            self.answered.pop_front();
            let waits = self.cases.get(number as usize).map_or(0, |case| case.waits);
            self.ring(waits, place, time + late, Tone::Amber);
        }
    }

    /// Where to look now: the lane, and the ring in it.
    pub fn rings(&mut self) -> std::vec::Drain<'_, (usize, Ring)> {
        self.rings.drain(..)
    }

    fn ring(&mut self, lanes: u8, place: Place, time: Time, tone: Tone) {
        for lane in (0..LANES_MAX).filter(|lane| lanes & 1 << lane != 0) {
            self.rings.push((lane, Ring { place, time, tone }));
        }
    }

    fn change(&mut self, number: usize, how: impl FnOnce(&mut Case)) -> Case {
        let Some(case) = self.cases.get_mut(number) else { return Case::default() };
        let before = *case;
        how(case);
        let after = *case;
        for (lane, count) in self.counts.iter_mut().enumerate() {
            let (then, now) = (before.count(lane), after.count(lane));
            count.behind = count.behind + now.behind - then.behind;
            count.refused_elsewhere =
                count.refused_elsewhere + now.refused_elsewhere - then.refused_elsewhere;
        }
        after
    }
}

impl Case {
    /// What this case counts in a lane.
    fn count(self, lane: usize) -> Count {
        let bit = 1 << lane;
        Count {
            behind: u32::from(self.waits & bit != 0 && self.answered != 0),
            refused_elsewhere: u32::from(self.answered & bit != 0 && self.refused != 0),
        }
    }
}
