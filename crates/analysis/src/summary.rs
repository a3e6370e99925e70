//! The summary of a run: what the command line prints and the page shows.

use kernel::Span;
use topology::{Ledger, World};

use crate::{Cases, CheckState, Fold, Samples};

/// Figures of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The digest of all records, 16 hexadecimal digits.
    pub digest: String,
    /// How many records there were.
    pub records: u64,
    /// Where every message has gone.
    pub ledger: Ledger,
    /// How the cases ended.
    pub cases: Cases,
    /// How long customers waited.
    pub response: Spread,
    /// How long it took until nothing was left to do.
    pub completion: Spread,
    /// Each fact: the sum of what it was set to, for how many cases it is true, and for how many it was set again.
    pub facts: Vec<(String, u64, u64, u64)>,
    /// What was measured.
    pub figures: Vec<Figure>,
    /// How each promise stands.
    pub checks: Vec<CheckState>,
}

/// Percentiles and mean; `None` without samples. Percentiles are right to 3 digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Half are below.
    pub p50: Option<Span>,
    /// 95 of 100 are below.
    pub p95: Option<Span>,
    /// 99 of 100 are below.
    pub p99: Option<Span>,
    /// The mean.
    pub mean: Option<Span>,
}

impl Spread {
    /// Of lengths of time in nanoseconds.
    pub fn of(samples: &Samples) -> Self {
        let percentile = |share| samples.percentile(share).map(|nanos| Span::from_nanos(nanos as u64));
        let mean = samples.mean().map(|nanos| Span::from_nanos((nanos + 0.5) as u64));
        Spread { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), mean }
    }
}

/// What was measured under one name; `None` without samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// How often it was measured.
    pub count: u64,
    /// Half are not above; right to 3 digits.
    pub p50: Option<i64>,
    /// 99 of 100 are not above; right to 3 digits.
    pub p99: Option<i64>,
    /// The greatest.
    pub max: Option<i64>,
    /// The mean.
    pub mean: Option<f64>,
}

impl Figure {
    /// Of what was measured.
    pub fn of(name: &str, samples: &Samples) -> Self {
        Figure {
            name: name.into(),
            count: samples.count(),
            p50: samples.percentile(0.5),
            p99: samples.percentile(0.99),
            max: samples.greatest(),
            mean: samples.mean(),
        }
    }
}

impl Summary {
    /// Of a world and the fold over all of its records. Settles the fold first.
    pub fn of(world: &World, fold: &mut Fold) -> Self {
        fold.pass(world.now());
        let names = world.plan().facts.iter();
        let counts = fold.facts().iter().zip(fold.fact_cases());
        Summary {
            digest: format!("{:016x}", world.digest()),
            records: world.records_made(),
            ledger: world.ledger().clone(),
            cases: fold.cases(),
            response: Spread::of(fold.response()),
            completion: Spread::of(fold.completion()),
            facts: names
                .zip(counts)
                .map(|(name, (&sum, &(cases, again)))| (name.clone(), sum as u64, cases, again))
                .collect(),
            figures: fold.figures(),
            checks: fold.checks(),
        }
    }
}
