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
    /// Each fact: how often it was set, for how many cases, and for how many more than once.
    pub facts: Vec<(String, u64, u64, u64)>,
    /// How each promise stands.
    pub checks: Vec<CheckState>,
}

/// Percentiles and mean; `None` without samples.
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
    /// Of samples that are sorted.
    pub fn of(samples: &Samples) -> Self {
        let percentile = |share| samples.percentile(share);
        Spread { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), mean: samples.mean() }
    }
}

impl Summary {
    /// Of a world and the fold over all of its records. Settles the fold first.
    pub fn of(world: &World, fold: &mut Fold) -> Self {
        fold.settle(world.now());
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
                .map(|(name, (&set, &(cases, twice)))| (name.clone(), set, cases, twice))
                .collect(),
            checks: fold.checks(),
        }
    }
}
