//! The fold against one that keeps every record and works everything out anew each time it is asked, on random
//! records and random promises.

#![allow(clippy::wildcard_enum_match_arm, reason = "a few of many kinds of records are looked for")]

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::Violation;
use kernel::{Draw, Purpose, Span, Stream, Time};
use topology::{
    Act, CellId, Expression, FactId, FigureId, LossReason, MessageKind, Operator, Place, Plan, Promise,
    Record, RecordKind, RouteId, Scope, Term,
};

use crate::tape::{BALANCE, PAID, PAYMENT, SEEN, SERVED, SHIPPED, STALENESS, Tape, at, plan};

/// What a term is worth after some records, of one case or (`None`) of all.
fn worth(plan: &Plan, records: &[Record], case: Option<u32>, term: Term) -> i64 {
    let of_case = |record: &&Record| case.is_none_or(|case| record.case == case);
    let mine = || records.iter().filter(of_case);
    let count = |wanted: &dyn Fn(&RecordKind) -> bool| mine().filter(|it| wanted(&it.kind)).count() as i64;
    match term {
        Term::Fact(wanted) => mine()
            .map(|record| match record.kind {
                RecordKind::FactSet { fact, count, before } if fact == wanted => i64::from(count - before),
                _ => 0,
            })
            .sum(),
        Term::Figure(wanted) => {
            let mut measured = mine().filter_map(|record| match record.kind {
                RecordKind::Measured { figure, value } if figure == wanted => Some(i64::from(value)),
                _ => None,
            });
            if case.is_some() { measured.next_back().unwrap_or(0) } else { measured.max().unwrap_or(0) }
        }
        Term::Cell(cell) => kept(plan, records, case, cell),
        Term::Answered => count(&|kind| matches!(kind, RecordKind::CaseAnswered)),
        Term::Refused => count(&|kind| matches!(kind, RecordKind::CaseRefused)),
        Term::GaveUp => count(&|kind| matches!(kind, RecordKind::CaseGaveUp)),
        Term::Requests => count(&|kind| matches!(kind, RecordKind::CaseStarted { .. })),
        Term::Client(wanted) => {
            count(&|kind| matches!(kind, RecordKind::CaseStarted { client, .. } if *client == wanted))
        }
        Term::Messages => mine().filter(|record| is_new_message(record)).count() as i64,
        Term::Field(_) | Term::Now | Term::Delivery | Term::Abandoned => 0,
    }
}

fn is_new_message(record: &Record) -> bool {
    match record.kind {
        RecordKind::Sent { kind: MessageKind::Command | MessageKind::Event, origin, .. } => {
            origin == record.message && !matches!(record.place, Place::Channel(_))
        }
        _ => false,
    }
}

fn kept(plan: &Plan, records: &[Record], case: Option<u32>, cell: CellId) -> i64 {
    let known = &plan.cells[cell.index()];
    let starts = i64::from(known.starts);
    // By whether it is of a key or of a case, and its number.
    let mut values = BTreeMap::new();
    let (mut keys, mut open) = (BTreeMap::new(), Vec::new());
    if known.per == Scope::Service {
        values.insert((true, 0), starts);
    } else if known.per == Scope::Key {
        values.extend((0..20).map(|key| ((true, key), starts)));
    }
    let instance = |key: u32, case: u32| match known.per {
        Scope::Service => (true, 0),
        Scope::Key if key != Record::NONE => (true, key),
        Scope::Key | Scope::Case => (false, case),
    };
    for record in records {
        match record.kind {
            RecordKind::CaseStarted { key, .. } => {
                keys.insert(record.case, key);
                values.entry(instance(key, record.case)).or_insert(starts);
                open.push(instance(key, record.case));
            }
            RecordKind::CaseEnded { .. } => {
                let ended = instance(keys[&record.case], record.case);
                open.retain(|it| *it != ended);
            }
            RecordKind::Stored { cell: changed, value, .. } if changed == cell => {
                values.insert(instance(keys[&record.case], record.case), i64::from(value));
            }
            RecordKind::Act { act } => {
                let loses = match act {
                    Act::Crash { place } => place == PAYMENT && !known.kept,
                    Act::Rebuild { .. } => true,
                    _ => false,
                };
                if loses {
                    let alive = values.iter_mut().filter(|(it, _)| it.0 || open.contains(it));
                    alive.for_each(|(_, value)| *value = starts);
                }
            }
            _ => {}
        }
    }
    match case {
        Some(case) => values[&instance(keys[&case], case)],
        None => values.values().sum(),
    }
}

fn looks_at(condition: &Expression, record: &Record) -> bool {
    let mut looks = false;
    condition.terms(&mut |term| {
        looks |= match (record.kind, term) {
            (RecordKind::FactSet { fact, .. }, Term::Fact(wanted)) => fact == wanted,
            (RecordKind::Measured { figure, .. }, Term::Figure(wanted)) => figure == wanted,
            (RecordKind::Stored { cell, .. }, Term::Cell(wanted)) => cell == wanted,
            (RecordKind::CaseAnswered, Term::Answered)
            | (RecordKind::CaseRefused, Term::Refused)
            | (RecordKind::CaseGaveUp, Term::GaveUp)
            | (RecordKind::CaseStarted { .. }, Term::Requests) => true,
            (RecordKind::Sent { .. }, Term::Messages) => is_new_message(record),
            _ => false,
        };
    });
    looks
}

/// How a promise stands: what broke it, and for how many cases it is not decided.
fn judged(plan: &Plan, records: &[Record], promise: &Promise, now: Time) -> (Vec<Violation>, u64) {
    let by = |record: &Record| Violation { at: record.time, case: record.case, record: record.number };
    let started = |record: &&Record| matches!(record.kind, RecordKind::CaseStarted { .. });
    let (mut broken, mut undecided) = (Vec::new(), 0);
    match promise {
        Promise::Never(condition) | Promise::Always(condition) => {
            let wrong = matches!(promise, Promise::Never(_));
            let mut known = Vec::new();
            for (index, record) in records.iter().enumerate() {
                if looks_at(condition, record) && !known.contains(&record.case) {
                    let value = |term| worth(plan, &records[..=index], Some(record.case), term);
                    if condition.is_true(&value) == wrong {
                        known.push(record.case);
                        broken.push(by(record));
                    }
                }
            }
        }
        Promise::Finally(condition) => {
            undecided = records.iter().filter(started).count() as u64;
            for (index, record) in records.iter().enumerate() {
                let RecordKind::CaseEnded { .. } = record.kind else { continue };
                undecided -= 1;
                let telling = |it: &&Record| {
                    it.case == record.case
                        && matches!(
                            it.kind,
                            RecordKind::FactSet { .. }
                                | RecordKind::CaseAnswered
                                | RecordKind::CaseRefused
                                | RecordKind::CaseGaveUp
                        )
                };
                if !condition.is_true(&|term| worth(plan, &records[..=index], Some(record.case), term)) {
                    let last = records[..index].iter().rfind(telling).unwrap_or(record);
                    broken.push(Violation { record: last.number, ..by(record) });
                }
            }
        }
        Promise::Within { span, reach } => {
            for start in records.iter().filter(started) {
                match within(plan, records, start, (*span, reach), now) {
                    Some(Some(violation)) => broken.push(violation),
                    Some(None) => {}
                    None => undecided += 1,
                }
            }
            // What time broke comes after what was done at the same moment.
            broken.sort_by_key(|it| (it.at, it.record == 0, it.record, it.case));
        }
        Promise::Total(condition) => {
            if now >= plan.length && !condition.is_true(&|term| worth(plan, records, None, term)) {
                broken.push(Violation { at: plan.length, case: Record::NONE, record: 0 });
            }
        }
        Promise::Ordered(place) => {
            let late = |it: &&Record| it.kind == RecordKind::OutOfOrder && it.place == *place;
            broken.extend(records.iter().filter(late).map(by));
        }
        Promise::Lossless(place) => {
            let gone = |it: &&Record| match it.kind {
                RecordKind::Lost { reason, route, missed } => {
                    let way = &plan.routes[route.index()];
                    let network = matches!(reason, LossReason::Network | LossReason::Partition);
                    let from_here = way.from == *place && matches!(place, Place::Channel(_));
                    missed && (way.to == *place || from_here || it.place == *place && !network)
                }
                RecordKind::DeadLettered { .. } => it.place == *place,
                _ => false,
            };
            broken.extend(records.iter().filter(gone).map(by));
        }
    }
    (broken, undecided)
}

/// `None`: not decided; else what broke it, if anything.
fn within(
    plan: &Plan,
    records: &[Record],
    start: &Record,
    (span, reach): (Span, &[FactId]),
    now: Time,
) -> Option<Option<Violation>> {
    let (case, due) = (start.case, start.time + span);
    let by_then = records.iter().take_while(|it| it.time <= due).count();
    let in_time = &records[..by_then];
    if reach.iter().all(|&fact| worth(plan, in_time, Some(case), Term::Fact(fact)) > 0) {
        return Some(None);
    }
    let mut told = records.iter().filter(|it| it.case == case);
    let told = told.find(|it| {
        matches!(it.kind, RecordKind::CaseAnswered | RecordKind::CaseRefused | RecordKind::CaseGaveUp)
    });
    let asks = matches!(start.kind, RecordKind::CaseStarted { waits: true, .. });
    match told {
        Some(told) if told.kind != RecordKind::CaseAnswered => Some(None),
        Some(told) if told.time > due => Some(Some(Violation { at: told.time, case, record: told.number })),
        None if asks => None,
        Some(_) | None if due <= now => Some(Some(Violation { at: due, case, record: 0 })),
        Some(_) | None => None,
    }
}

/// Random numbers, one after another.
struct Dice {
    stream: Stream,
    thrown: u64,
}

impl Dice {
    fn draw(&mut self) -> Draw {
        self.thrown += 1;
        self.stream.draw(self.thrown, 0)
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.draw().below(bound)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u32) as usize]
    }

    fn expression(&mut self, depth: u32) -> Expression {
        let cells = [BALANCE, SEEN, SERVED].map(Term::Cell);
        let facts = [PAID, SHIPPED].map(Term::Fact);
        let told = [Term::Answered, Term::Refused, Term::GaveUp, Term::Requests, Term::Messages];
        let others = [Term::Figure(STALENESS), Term::Now];
        let terms: Vec<Term> = [&cells[..], &facts, &facts, &told, &others].concat();
        const OPERATORS: [Operator; 12] = [
            Operator::Implies,
            Operator::Or,
            Operator::And,
            Operator::Above,
            Operator::AtMost,
            Operator::Equal,
            Operator::Plus,
            Operator::Minus,
            Operator::Times,
            Operator::DividedBy,
            Operator::Least,
            Operator::Greatest,
        ];
        match self.below(if depth == 0 { 4 } else { 10 }) {
            0 => Expression::Number(i64::from(self.below(4)) - 1),
            1..=3 => Expression::Term(self.one_of(&terms)),
            4 => Expression::Not(Box::new(self.expression(depth - 1))),
            _ => {
                let (operator, one) = (self.one_of(&OPERATORS), self.expression(depth - 1));
                one.with(operator, self.expression(depth - 1))
            }
        }
    }

    fn promise(&mut self) -> Promise {
        let places = [PAYMENT, Place::Service(topology::ServiceId(1)), QUEUE];
        match self.below(8) {
            0 | 1 => Promise::Never(self.expression(3)),
            2 => Promise::Always(self.expression(3)),
            3 => Promise::Finally(self.expression(3)),
            4 => Promise::Total(self.expression(3)),
            5 => {
                let reach = self.one_of(&[&[PAID][..], &[PAID, SHIPPED]]);
                Promise::Within { span: Span::from_millis(u64::from(self.below(200))), reach: reach.into() }
            }
            6 => Promise::Ordered(self.one_of(&places)),
            _ => Promise::Lossless(self.one_of(&places)),
        }
    }
}

const QUEUE: Place = Place::Channel(topology::ChannelId(0));

/// An open case of the tape.
struct Open {
    case: u32,
    key: u32,
    facts: [u16; 2],
    waits: bool,
}

/// Something happens to one of the cases, or to all.
fn happen(tape: &mut Tape, dice: &mut Dice, plan: &Plan, open: &mut Vec<Open>, millis: u64) {
    if open.is_empty() || dice.below(6) == 0 {
        let (key, waits) = (dice.one_of(&[Record::NONE, 3, 3, 4]), dice.below(3) > 0);
        let case = tape.starts_about(millis, key, waits);
        return open.push(Open { case, key, facts: [0; 2], waits });
    }
    let index = dice.below(open.len() as u32) as usize;
    let it = &mut open[index];
    let (case, place) = (it.case, dice.one_of(&[PAYMENT, Place::Service(topology::ServiceId(1)), QUEUE]));
    match dice.below(14) {
        0..=3 => {
            let fact = dice.below(2) as usize;
            let before = it.facts[fact];
            it.facts[fact] += dice.below(3) as u16;
            tape.set(millis, case, FactId(fact as u16), (before, it.facts[fact]));
        }
        4 | 5 if it.waits => {
            it.waits = false;
            let told = [RecordKind::CaseAnswered, RecordKind::CaseRefused, RecordKind::CaseGaveUp];
            let kind = told[dice.one_of(&[0, 0, 1, 2])];
            tape.add(millis, case, kind);
        }
        4 | 5 => {
            tape.add(millis, case, RecordKind::CaseEnded { complete: dice.below(2) == 0 });
            open.remove(index);
        }
        6 | 7 => {
            let cell = dice.one_of(&[BALANCE, SEEN, SERVED]);
            let key = if cell == BALANCE { it.key } else { Record::NONE };
            tape.stores(millis, case, cell, (key, dice.below(5) as i32 - 2));
        }
        8 => {
            let value = dice.below(2000) as i32 - 1000;
            tape.add(millis, case, RecordKind::Measured { figure: FigureId(0), value });
        }
        9 => _ = tape.add_at(place, millis, case, RecordKind::OutOfOrder),
        10 => {
            let (reason, missed) = (dice.one_of(&LossReason::ALL), dice.below(3) > 0);
            let route = RouteId(dice.below(plan.routes.len() as u32) as u16);
            tape.add_at(place, millis, case, RecordKind::Lost { reason, route, missed });
        }
        11 => {
            let reason = channel::DeadLetterReason::Rejected;
            tape.add_at(place, millis, case, RecordKind::DeadLettered { reason });
        }
        12 => {
            let kind = dice.one_of(&[MessageKind::Command, MessageKind::Event, MessageKind::Reply]);
            tape.sends(millis, case, kind, place);
        }
        _ if dice.below(4) == 0 => {
            let acts = [Act::Crash { place: PAYMENT }, Act::Rebuild { service: topology::ServiceId(0) }];
            tape.add(millis, Record::NONE, RecordKind::Act { act: dice.one_of(&acts) });
        }
        _ => _ = tape.add(millis, case, RecordKind::Queued),
    }
}

fn compare(tape: &Tape, plan: &Plan, now: Time, seed: u64) {
    for (check, state) in plan.checks.iter().zip(tape.fold.checks()) {
        let (broken, undecided) = judged(plan, &tape.records, &check.promise, now);
        let here = format!("seed {seed}, {} records, {now}: {:?}", tape.records.len(), check.promise);
        assert_eq!(state.violations, broken.len() as u64, "{here}");
        assert_eq!(state.broken_by, broken[..broken.len().min(100)], "{here}");
        assert_eq!(state.undecided, undecided, "{here}");
        let over = !matches!(check.promise, Promise::Total(_)) || now >= plan.length;
        let decided = (undecided == 0 && over).then_some(true);
        assert_eq!(state.held, if broken.is_empty() { decided } else { Some(false) }, "{here}");
        if let (Promise::Total(Expression::Binary(_, one, other)), Some(sides)) =
            (&check.promise, &state.sides)
        {
            let value = |side: &Expression| side.value(&|term| worth(plan, &tape.records, None, term));
            assert_eq!((sides.actual, sides.expected), (value(one), value(other)), "{here}");
        }
    }
    let again = |wanted: FactId| {
        let mut cases: Vec<u32> = Vec::new();
        cases.extend(tape.records.iter().filter_map(|record| match record.kind {
            RecordKind::FactSet { fact, before, .. } if fact == wanted && before > 0 => Some(record.case),
            _ => None,
        }));
        cases.sort_unstable();
        cases.dedup();
        cases.len() as u64
    };
    for fact in [PAID, SHIPPED] {
        let sum = worth(plan, &tape.records, None, Term::Fact(fact));
        assert_eq!(tape.fold.facts()[fact.index()], sum, "seed {seed}");
        assert_eq!(tape.fold.fact_cases()[fact.index()].1, again(fact), "seed {seed}");
    }
}

fn random_run(seed: u64) -> (Tape, Arc<Plan>) {
    let mut dice = Dice { stream: Stream::new(seed, Purpose::Branch, "naive"), thrown: 0 };
    let promises: Vec<Promise> = (0..8).map(|_| dice.promise()).collect();
    let plan = plan(&promises);
    let (mut tape, mut open, mut millis) = (Tape::new(&plan), Vec::new(), 0);
    for _ in 0..dice.below(150) {
        let next = millis + dice.one_of(&[0, 0, 1, 5, 20, 60]);
        if next > millis && dice.below(10) == 0 {
            let now = millis + u64::from(dice.below((next - millis) as u32));
            tape.passes(now);
            compare(&tape, &plan, at(now), seed);
        }
        millis = next;
        happen(&mut tape, &mut dice, &plan, &mut open, millis);
    }
    tape.passes(millis);
    compare(&tape, &plan, at(millis), seed);
    (tape, plan)
}

#[test]
fn what_was_forgotten_is_missing_in_an_answer() {
    for seed in 0..400 {
        let (mut tape, plan) = random_run(seed);
        tape.passes(10_000);
        compare(&tape, &plan, plan.length, seed);
    }
}

#[test]
fn a_record_that_nobody_wants_makes_a_difference() {
    let mut left_out = 0;
    for seed in 0..200 {
        let (mut tape, plan) = random_run(seed);
        let mut fold = analysis::Fold::new(&plan);
        let kinds = fold.wants();
        let wanted = tape.records.iter().filter(|record| kinds.contain(&record.kind));
        wanted.for_each(|record| fold.take(record));
        left_out += tape.records.iter().filter(|record| !kinds.contain(&record.kind)).count();
        tape.passes(10_000);
        fold.pass(plan.length);
        assert_eq!(tape.fold.checks(), fold.checks(), "seed {seed}");
        assert_eq!(tape.fold.figures(), fold.figures(), "seed {seed}");
    }
    assert!(left_out > 1000, "{left_out}");
}
