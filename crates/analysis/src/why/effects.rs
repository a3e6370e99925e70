//! Effects that came about twice: where the ways to them part.

use topology::{FactId, Place, Record, RecordKind, Step};

use super::{Inquiry, Root};

impl<'r> Inquiry<'_, 'r> {
    /// Why a fact of a case was set more than once, the second time at most at a record.
    pub(super) fn twice(&mut self, case: u32, fact: FactId, number: u64) {
        let name = &self.plan.facts[fact.index()];
        let set: Vec<&'r Record> = self
            .story
            .case(case)
            .filter(|it| matches!(it.kind, RecordKind::FactSet { fact: other, .. } if other == fact))
            .filter(|it| it.number <= number)
            .collect();
        let (first, second) = match set[..] {
            [] => return,
            [only] => (None, only),
            [first, .., last] => (Some(first), if number == u64::MAX { set[1] } else { last }),
        };
        let Some(first) = first else {
            let RecordKind::FactSet { count, .. } = second.kind else { return };
            self.asks(case, format!("case {case} is {name} {count} times at {}", second.time));
            return self.set_once(second);
        };
        let outcome = format!(
            "case {case} is {name} by {} at {} and again by {} at {}",
            self.name(first.place),
            first.time,
            self.name(second.place),
            second.time
        );
        self.asks(case, outcome);
        self.part(first, second);
    }

    /// Why a fact is set, if it was set once.
    pub(super) fn set_once(&mut self, record: &'r Record) {
        self.note(record);
        let (Place::Service(service), RecordKind::FactSet { fact, .. }) = (record.place, record.kind) else {
            return;
        };
        let guarded = |step: &Step| matches!(*step, Step::Set { fact: other, .. } if other == fact);
        let taken = self.story.taken_of(record);
        // What went wrong on the way to it comes first.
        let wrong = self.story.causes(record).skip(1).find(|it| self.is_wrong(it));
        if let Some(wrong) = wrong {
            if let Some(taken) = taken.filter(|it| it.number > wrong.number) {
                self.note(taken);
            }
            return if self.is_no(wrong) { self.back_over_no(wrong) } else { self.back(wrong) };
        }
        let name = self.plan.facts[fact.index()].clone();
        self.branch(record, service, record.message_type, &format!("sets {name}"), guarded);
    }

    fn back_over_no(&mut self, delivered: &'r Record) {
        let answer = self.story.causes(delivered).find(|it| matches!(it.kind, RecordKind::Answered { .. }));
        if let Some(answer) = answer {
            self.back(answer);
        }
    }

    /// Whether a record is none that all goes well with.
    fn is_wrong(&self, record: &'r Record) -> bool {
        self.is_repetition(record)
            || self.is_no(record)
            || matches!(
                record.kind,
                RecordKind::TimedOut
                    | RecordKind::DeadlinePassed
                    | RecordKind::HandlerFailed
                    | RecordKind::Dropped
                    | RecordKind::Unreadable { .. }
                    | RecordKind::OutOfOrder
            ) && record.kind != RecordKind::OutOfOrder
    }

    /// Whether something was done once more from here on.
    fn is_repetition(&self, record: &Record) -> bool {
        matches!(
            record.kind,
            RecordKind::Duplicated { .. }
                | RecordKind::Returned
                | RecordKind::Redelivered
                | RecordKind::Retried { .. }
                | RecordKind::Resumed
        )
    }

    /// Two records of one case came about on two ways, which part somewhere.
    fn part(&mut self, first: &'r Record, second: &'r Record) {
        let (mut one, mut other) = (first, second);
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        while one.number != other.number {
            let (later, way) =
                if one.number > other.number { (&mut one, &mut ones) } else { (&mut other, &mut others) };
            way.push(*later);
            match self.story.cause(later) {
                Some(cause) => *later = cause,
                None => break,
            }
        }
        let parting = one;
        // Nearest to where they part.
        let repetition = others.iter().rev().chain(ones.iter().rev()).find(|it| self.is_repetition(it));
        let failure = || others.iter().rev().find(|it| self.is_wrong(it));
        let wrong = repetition.or_else(failure).copied();
        let until = wrong.map_or(parting.number, |wrong| wrong.number);
        let mut told: Vec<&'r Record> = ones.iter().chain(&others).chain([&first]).copied().collect();
        told.retain(|it| {
            let same = matches!((it.kind, first.kind),
                (RecordKind::FactSet { fact: one, .. }, RecordKind::FactSet { fact: other, .. }) if one == other);
            let sent = matches!(it.kind, RecordKind::Sent { kind, .. } if super::Story::is_message(kind));
            let shown = sent
                || same
                || matches!(it.kind, RecordKind::Taken { .. } | RecordKind::Redelivered);
            it.number > until && shown
        });
        // The latest first.
        let mut before = u64::MAX;
        while let Some(latest) = told.iter().filter(|it| it.number < before).max_by_key(|it| it.number) {
            self.note(latest);
            before = latest.number;
        }
        self.not_recognised(second);
        match wrong {
            Some(wrong) if self.is_no(wrong) => self.back_over_no(wrong),
            Some(wrong) => self.back(wrong),
            // Where a channel made two copies of one, they part in it.
            None => match (ones.last(), others.last()) {
                (Some(copy), Some(_)) if matches!(copy.place, Place::Channel(_)) => {
                    self.both_as_planned(copy, first, second);
                }
                (_, _) => self.both_as_planned(parting, first, second),
            },
        }
    }

    /// The second time the handler looked whether it was done, and did not find it.
    fn not_recognised(&mut self, second: &'r Record) {
        let (Place::Service(service), RecordKind::FactSet { fact, .. }) = (second.place, second.kind) else {
            return;
        };
        let Some(taken) = self.story.taken_of(second) else { return };
        let sets = |step: &Step| matches!(*step, Step::Set { fact: other, .. } if other == fact);
        for cell in self.cells_before(service, second.message_type, &sets) {
            let Some((mut stored, _)) = self.last_stored(second, cell) else { continue };
            let (name, known) = (self.name(second.place), &self.plan.cells[cell.index()]);
            // It may have kept it itself by now: that was not there to be found. What it replaced was.
            let own = self.story.taken_of(stored).is_some_and(|it| it.number == taken.number);
            let mut found = None;
            if own && let RecordKind::Stored { before, .. } = stored.kind {
                found = Some(before != known.starts);
                let Some((earlier, _)) = self.last_stored(stored, cell) else { continue };
                stored = earlier;
            }
            let lasts = known.lasts.filter(|&lasts| second.time.since(stored.time) >= lasts);
            match (found, lasts) {
                (Some(false) | None, Some(lasts)) => {
                    self.rule(format!("{name} remembers {} for {lasts} only", known.name));
                }
                (_, _) if stored.number > taken.number => {
                    self.rule(format!("{name} looks at {} before its work, and keeps it after", known.name));
                }
                (_, _) => {}
            }
        }
    }

    /// Nothing went wrong: the plan has it that it is done twice.
    fn both_as_planned(&mut self, parting: &'r Record, first: &'r Record, second: &'r Record) {
        self.note(parting);
        match parting.place {
            Place::Channel(channel) => {
                let (one, other) = (self.name(first.place), self.name(second.place));
                let text = self.sentence_of(channel, parting.number, |_| {
                    format!("it passes a copy on to each group, and {one} and {other} both act on theirs")
                });
                self.end(Root::Channel(channel), text);
            }
            Place::Service(service) => {
                let what = self.type_name(parting.message_type);
                let text =
                    format!("the handler of {} for {what} leads to it twice", self.name(parting.place));
                self.end(Root::Handler(service, parting.message_type), text);
            }
            Place::Client(client) => {
                let text = format!("{} asked for it", self.name(parting.place));
                self.end(Root::Customer(client), text);
            }
        }
    }
}
