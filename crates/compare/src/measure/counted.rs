//! What is counted over the customers of a run, and the value of each row by it.

use analysis::Samples;
use kernel::{Span, Time};
use topology::{FactId, Outcome};

use super::Played;

/// Sums over the customers who came after the warm-up.
#[derive(Debug, Default)]
pub(super) struct Counted {
    requests: u64,
    /// How many of them wait for an answer, or did.
    asked: u64,
    /// How many of these were told yes.
    answered: u64,
    /// How many asked while something was wrong with the system, and how many of them were told yes.
    in_outage: (u64, u64),
    promised: u64,
    /// How many promises are completely done.
    done: u64,
    lost: u64,
    again: u64,
    response: Samples,
    completion: Samples,
    staleness: Samples,
    last_request: Time,
    /// When the last promise was done; also of those who came before.
    last_done: Option<Time>,
}

impl Counted {
    pub(super) fn of(played: &Played) -> Counted {
        let mut all = Counted::default();
        let add = |samples: &mut Samples, span: Span| samples.add(span.nanos() as i64);
        let customers = &played.customers;
        let end = played.world.now();
        for customer in &customers.list {
            if customer.is_done() {
                all.last_done = all.last_done.max(Some(customer.done));
            }
            if customer.started < played.from {
                continue;
            }
            all.requests += 1;
            all.last_request = customer.started;
            all.asked += u64::from(customer.outcome != Outcome::NotAsked);
            if customer.in_outage && customer.outcome != Outcome::NotAsked {
                all.in_outage.0 += 1;
                all.in_outage.1 += u64::from(customer.outcome == Outcome::Answered);
            }
            if customer.outcome == Outcome::Answered {
                all.answered += 1;
                add(&mut all.response, customer.left.since(customer.started));
            }
            all.promised += u64::from(customer.is_promised());
            all.done += u64::from(customer.is_done());
            if let Some(span) = customer.completion(end) {
                add(&mut all.completion, span);
            }
            if let Some(span) = customer.staleness(end).filter(|_| !customers.promised.is_empty()) {
                add(&mut all.staleness, span);
            }
            all.lost += u64::from(customer.lost);
            all.again += u64::from(customer.again);
        }
        all
    }

    /// The value of a row; NaN if it has none.
    pub(super) fn value(&self, row: &str, played: &Played) -> f64 {
        let (world, before) = (&played.world, &played.before);
        // Without a single customer there is nothing to say.
        let counted = |count: u64| if self.requests > 0 { count as f64 } else { f64::NAN };
        match row {
            "response_mean" => self.response.mean().map_or(f64::NAN, |nanos| nanos / 1e6),
            "response_p50" => millis(&self.response, 0.5),
            "response_p99" => millis(&self.response, 0.99),
            "turned_away" => ratio(self.asked - self.answered, self.asked),
            "completion_p50" => millis(&self.completion, 0.5),
            "completion_p99" => millis(&self.completion, 0.99),
            "drain" => match self.last_done.filter(|_| self.requests > 0) {
                Some(last) => last.since(self.last_request).millis(),
                None => f64::NAN,
            },
            "unfinished" => ratio(self.promised - self.done, self.promised),
            "taken_while_down" => ratio(self.in_outage.1, self.in_outage.0),
            "throughput" => {
                let seconds = world.now().since(played.from).seconds();
                if seconds > 0.0 { counted(self.done) / seconds } else { f64::NAN }
            }
            "staleness_p50" => millis(&self.staleness, 0.5),
            "staleness_p99" => millis(&self.staleness, 0.99),
            "promises_broken" if world.plan().checks.is_empty() => f64::NAN,
            "promises_broken" => {
                let broken: u64 = played.fold.checks().iter().map(|check| check.violations).sum();
                broken as f64
            }
            "lost" => counted(self.lost),
            "done_twice" => counted(self.again),
            "out_of_order" => counted(world.ledger().out_of_order - before.out_of_order),
            "messages_per_case" => ratio(world.ledger().published - before.published, self.requests),
            _ => match (row.strip_prefix("missing:"), row.strip_prefix("broken:")) {
                (Some(fact), _) => self.missing(fact, played),
                (None, Some(position)) => broken(position, played),
                (None, None) => f64::NAN,
            },
        }
    }

    /// How many customers were promised a fact that is not true of them.
    fn missing(&self, fact: &str, played: &Played) -> f64 {
        let Some(fact) = played.world.plan().facts.iter().position(|known| known == fact) else {
            return f64::NAN;
        };
        let mut count = 0;
        for (case, customer) in played.customers.list.iter().enumerate() {
            let promised = customer.is_promised() && customer.started >= played.from;
            count += u64::from(promised && !played.customers.is_set(case, FactId(fact as u16)));
        }
        if self.requests > 0 { count as f64 } else { f64::NAN }
    }
}

/// How often the check at a position, from 1, was broken.
fn broken(position: &str, played: &Played) -> f64 {
    let checks = played.fold.checks();
    let check = position.parse::<usize>().ok().and_then(|position| checks.get(position.checked_sub(1)?));
    check.map_or(f64::NAN, |check| check.violations as f64)
}

fn millis(samples: &Samples, share: f64) -> f64 {
    samples.percentile(share).map_or(f64::NAN, |nanos| nanos as f64 / 1e6)
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { f64::NAN }
}
