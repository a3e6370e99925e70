//! Which cases are listed for a row, in which order, and what is said of each.

use analysis::sentence;
use kernel::{Span, Time};
use topology::{FactId, Outcome, Place, Plan, Record, RecordKind};

use super::Behind;
use crate::Unit;
use crate::measure::{Customer, Played};
use crate::render::shown;

/// What is known of a run.
pub(super) struct List<'a> {
    pub(super) plan: &'a Plan,
    pub(super) played: &'a Played,
    /// What was done to the system, and what the row is about, in order of time.
    pub(super) records: &'a [Record],
    /// How many messages were sent for each case.
    pub(super) sent: &'a [u32],
}

impl List<'_> {
    /// What is behind a row, the most telling first.
    pub(super) fn of(&self, row: &str) -> Vec<Behind> {
        let end = self.played.world.now();
        match row {
            "response_mean" | "response_p50" | "response_p99" => self.longest(
                &|it| (it.outcome == Outcome::Answered).then(|| it.left.since(it.started)),
                &|_, name, span| format!("{name} waits {span} for the answer"),
            ),
            "completion_p50" | "completion_p99" => self.longest(&|it| it.completion(end), &|it, name, span| {
                if it.is_done() {
                    format!("everything is done for {name} after {span}")
                } else {
                    format!("not everything is done for {name} when the run ends, {span} after the request")
                }
            }),
            "staleness_p50" | "staleness_p99" if self.played.customers.promised.is_empty() => Vec::new(),
            "staleness_p50" | "staleness_p99" => {
                self.longest(&|it| it.staleness(end), &|it, name, span| {
                    let since = if it.outcome == Outcome::Answered { "answer" } else { "request" };
                    if it.is_done() {
                        format!("everything that {name} was promised is true {span} after the {since}")
                    } else {
                        format!(
                            "not everything that {name} was promised is true when the run ends, {span} after the {since}"
                        )
                    }
                })
            }
            "drain" => self.left_over(),
            "turned_away" => {
                let asked = |it: &Customer| it.outcome != Outcome::NotAsked && !it.is_promised();
                self.each(&|it| asked(it).then(|| it.left.min(end)))
            }
            "taken_while_down" => self.each(&|it| {
                let asked = it.in_outage && it.outcome != Outcome::NotAsked;
                (asked && it.outcome != Outcome::Answered).then_some(it.started)
            }),
            "unfinished" => self.each(&|it| (it.is_promised() && !it.is_done()).then_some(it.started)),
            "throughput" => self.each(&|it| (!it.is_done()).then_some(it.started)),
            "promises_broken" => self.violations(None),
            "lost" | "out_of_order" | "done_twice" => self.told(),
            "messages_per_case" => self.busiest(),
            _ => match (row.strip_prefix("missing:"), row.strip_prefix("broken:")) {
                (Some(fact), _) => self.missing(fact),
                (None, Some(position)) => self.violations(Some(position)),
                (None, None) => Vec::new(),
            },
        }
    }

    /// The customers who count, with the numbers of their cases.
    fn customers(&self) -> impl Iterator<Item = (usize, &Customer)> {
        let all = self.played.customers.list.iter().enumerate();
        all.filter(|(_, customer)| customer.started >= self.played.from)
    }

    /// A customer's name.
    fn name(&self, case: usize, customer: &Customer) -> String {
        format!("customer {case} of {}", self.plan.name_of(Place::Client(customer.client)))
    }

    /// Those for whom something takes longest, with how long.
    fn longest(
        &self,
        span: &dyn Fn(&Customer) -> Option<Span>,
        words: &dyn Fn(&Customer, &str, &str) -> String,
    ) -> Vec<Behind> {
        let spans = self.customers().filter_map(|(case, customer)| Some((span(customer)?, case)));
        let mut spans: Vec<(Span, usize)> = spans.collect();
        spans.sort_by_key(|&(span, case)| (std::cmp::Reverse(span), case));
        let behind = |(span, case): (Span, usize)| {
            let customer = &self.played.customers.list[case];
            let words = words(customer, &self.name(case, customer), &length(span));
            Behind { case: Some(case as u32), at: customer.started, words }
        };
        spans.into_iter().map(behind).collect()
    }

    /// Those who get what they were promised after the last request, the last first.
    fn left_over(&self) -> Vec<Behind> {
        let last = self.customers().last().map_or(Time::MAX, |(_, customer)| customer.started);
        self.longest(
            &|it| {
                let left = it.done.since(last);
                (it.is_done() && left > Span::ZERO).then_some(left)
            },
            &|_, name, span| format!("everything is done for {name} {span} after the last request"),
        )
    }

    /// Those to whom something happens, in order of time.
    fn each(&self, when: &dyn Fn(&Customer) -> Option<Time>) -> Vec<Behind> {
        let behind = |(case, customer): (usize, &Customer)| {
            let at = when(customer)?;
            let mut words = self.fate(case, customer);
            if customer.in_outage
                && let Some(act) =
                    self.records.iter().rev().find(|it| is_act(it) && it.time <= customer.started)
            {
                let before = length(customer.started.since(act.time));
                words += &format!("; {before} before the request: {}", sentence(act, self.plan));
            }
            Some(Behind { case: Some(case as u32), at, words })
        };
        let mut list: Vec<Behind> = self.customers().filter_map(behind).collect();
        list.sort_by_key(|it| (it.at, it.case));
        list
    }

    /// What became of a customer.
    fn fate(&self, case: usize, customer: &Customer) -> String {
        let name = self.name(case, customer);
        let after = length(customer.left.min(self.played.world.now()).since(customer.started));
        let left = match customer.lost {
            _ if customer.is_done() => "everything is done".into(),
            0 if customer.ended < Time::MAX => "nothing is left to do, but not all is done".into(),
            0 => "something is still to do when the run ends".into(),
            1 => "1 message is missing".into(),
            lost => format!("{lost} messages are missing"),
        };
        match customer.outcome {
            Outcome::Refused => format!("{name} is refused after {after}"),
            Outcome::GaveUp => format!("{name} gives up after {after}"),
            Outcome::Waiting | Outcome::Vacant => {
                format!("{name} has no answer when the run ends, after {after}")
            }
            Outcome::Answered => format!("{name} is told yes after {after}, and {left}"),
            Outcome::NotAsked => format!("{name} waits for no answer, and {left}"),
        }
    }

    fn missing(&self, fact: &str) -> Vec<Behind> {
        let Some(id) = self.plan.facts.iter().position(|known| known == fact) else { return Vec::new() };
        let customers = &self.played.customers;
        let is_missing =
            |case: usize, it: &Customer| it.is_promised() && !customers.is_set(case, FactId(id as u16));
        let missing = self.customers().filter(|&(case, customer)| is_missing(case, customer));
        let behind = |(case, customer): (usize, &Customer)| {
            let name = self.name(case, customer);
            let promise =
                if customer.outcome == Outcome::Answered { "is told yes" } else { "waits for no answer" };
            let words = format!("{name} {promise}, and is not {fact} when the run ends");
            Behind { case: Some(case as u32), at: customer.promised(), words }
        };
        missing.map(behind).collect()
    }

    /// What broke promises, or the one at this position, from 1; also for customers who came during the warm-up, as in
    /// the row.
    fn violations(&self, position: Option<&str>) -> Vec<Behind> {
        let mut list = Vec::new();
        for (at, check) in self.played.fold.checks().into_iter().enumerate() {
            if position.is_some_and(|position| position != (at + 1).to_string()) {
                continue;
            }
            for violation in check.broken_by {
                let case = (violation.case != Record::NONE).then_some(violation.case);
                let who = match case
                    .and_then(|case| Some((case, self.played.customers.list.get(case as usize)?)))
                {
                    Some((case, customer)) => format!("for {}", self.name(case as usize, customer)),
                    None => "when the run ends".into(),
                };
                list.push(Behind {
                    case,
                    at: violation.at,
                    words: format!("{} is broken {who}", check.name),
                });
            }
        }
        list.sort_by_key(|it| it.at);
        list
    }

    /// What the records say.
    fn told(&self) -> Vec<Behind> {
        let counts = |record: &&Record| {
            let customer = self.played.customers.list.get(record.case as usize);
            !is_act(record) && customer.is_some_and(|it| it.started >= self.played.from)
        };
        let behind = |record: &Record| {
            let (case, at) = (Some(record.case), record.time);
            Behind { case, at, words: sentence(record, self.plan) }
        };
        self.records.iter().filter(counts).map(behind).collect()
    }

    /// The cases for which most messages were sent.
    fn busiest(&self) -> Vec<Behind> {
        let sent = |case: usize| self.sent.get(case).copied().unwrap_or(0);
        let mut cases: Vec<(u32, usize)> = self.customers().map(|(case, _)| (sent(case), case)).collect();
        cases.sort_by_key(|&(sent, case)| (std::cmp::Reverse(sent), case));
        let behind = |(sent, case): (u32, usize)| {
            let customer = &self.played.customers.list[case];
            let words = format!("{sent} messages are sent for {}", self.name(case, customer));
            Behind { case: Some(case as u32), at: customer.started, words }
        };
        cases.into_iter().map(behind).collect()
    }
}

fn is_act(record: &Record) -> bool {
    matches!(record.kind, RecordKind::Act { .. })
}

fn length(span: Span) -> String {
    shown(span.millis(), Unit::Milliseconds)
}
