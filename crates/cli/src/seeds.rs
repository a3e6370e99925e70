//! Many seeds of every variant, over all cores: by how many of them each promise is held.
//!
//! ```text
//!  turn 0, 1, 2 ... --to whichever thread is free--> (seed, variant) --play--> promises --count--> Findings
//!                                                                                                  of this thread
//! ```
//! What the threads found is added up, and of two first seeds the lesser is kept. So it makes no difference how
//! many threads there are, which of them has which turn, and when. Nothing here grows with the number of seeds.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use analysis::{CheckState, Violation};
use kernel::Time;
use topology::{Halt, Kinds, Plan, World};

use crate::run::play;
use crate::{interrupt, pool};

/// Seeds one after the other, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    first: u64,
    count: u64,
}

impl Seeds {
    /// `count` seeds from the first on, or why there are none.
    pub fn new(first: u64, count: u64) -> Result<Self, String> {
        let behind = count.checked_sub(1).ok_or("without a seed nothing is run: say 1 or more")?;
        match first.checked_add(behind) {
            Some(_) => Ok(Seeds { first, count }),
            None => Err(format!("from seed {first} on there are not {count}: the last seed is {}", u64::MAX)),
        }
    }

    /// The first of them.
    pub fn first(self) -> u64 {
        self.first
    }

    /// How many there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// The last of them.
    pub fn last(self) -> u64 {
        self.first + (self.count - 1)
    }
}

/// What became of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// How many seeds it was run with.
    pub runs: u64,
    /// How many of the runs were stopped by a limit.
    pub halted: u64,
    /// The first seed whose run was.
    pub first_halt: Option<Stop>,
    /// How its promises stand.
    pub promises: Vec<Count>,
}

/// A run that a limit stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Of which seed.
    pub seed: u64,
    /// When.
    pub at: Time,
    /// By which limit.
    pub halt: Halt,
}

/// By how many seeds a promise is held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Count {
    /// So many hold it.
    pub held: u64,
    /// So many break it.
    pub broken: u64,
    /// So many have cases at their end of which it is not decided, or were stopped before it was broken.
    pub undecided: u64,
    /// How many cases break it, over all seeds.
    pub violations: u64,
    /// The first seed that breaks it, and what broke it there.
    pub first: Option<(u64, Violation)>,
}

impl Findings {
    fn new(plan: &Plan) -> Self {
        Findings { runs: 0, halted: 0, first_halt: None, promises: vec![Count::default(); plan.checks.len()] }
    }

    /// Whether anything went wrong: a broken promise, or a run that did not come to its end.
    pub fn broken(&self) -> bool {
        self.halted > 0 || self.promises.iter().any(|promise| promise.broken > 0)
    }

    fn count(&mut self, seed: u64, world: &World, checks: &[CheckState]) {
        self.runs += 1;
        if let Some(halt) = world.halted() {
            self.halted += 1;
            let stop = Stop { seed, at: world.now(), halt };
            self.first_halt = earlier(self.first_halt, Some(stop), |stop| stop.seed);
        }
        for (promise, check) in self.promises.iter_mut().zip(checks) {
            promise.violations += check.violations;
            match check.held {
                Some(false) => {
                    promise.broken += 1;
                    let found = check.first().map(|first| (seed, first));
                    promise.first = earlier(promise.first, found, |first| first.0);
                }
                Some(true) => promise.held += 1,
                None => promise.undecided += 1,
            }
        }
    }

    fn add(&mut self, other: Findings) {
        self.runs += other.runs;
        self.halted += other.halted;
        self.first_halt = earlier(self.first_halt, other.first_halt, |stop| stop.seed);
        for (promise, other) in self.promises.iter_mut().zip(other.promises) {
            promise.held += other.held;
            promise.broken += other.broken;
            promise.undecided += other.undecided;
            promise.violations += other.violations;
            promise.first = earlier(promise.first, other.first, |first| first.0);
        }
    }
}

fn earlier<T>(one: Option<T>, other: Option<T>, seed: impl Fn(&T) -> u64) -> Option<T> {
    // The first of equals is kept; there are none, since a seed is run once.
    one.into_iter().chain(other).min_by_key(seed)
}

/// Runs every plan with every seed and says what became of each plan. Ctrl-C ends it early, and what is under
/// way is then not counted; `after_each` is called after each run, by whichever thread has done it.
pub fn explore(
    plans: &[Arc<Plan>],
    seeds: Seeds,
    jobs: NonZeroUsize,
    after_each: &(dyn Fn() + Sync),
) -> Vec<Findings> {
    let turns = Turns { plans, seeds, next: AtomicU64::new(0), after_each };
    let mut all: Vec<Findings> = plans.iter().map(|plan| Findings::new(plan)).collect();
    for found in pool::work(jobs, turns.count(), &|| turns.take()) {
        all.iter_mut().zip(found).for_each(|(all, found)| all.add(found));
    }
    all
}

/// All (seed, plan) pairs: every plan with the first seed, then with the next.
struct Turns<'a> {
    plans: &'a [Arc<Plan>],
    seeds: Seeds,
    next: AtomicU64,
    after_each: &'a (dyn Fn() + Sync),
}

impl Turns<'_> {
    fn count(&self) -> u64 {
        self.seeds.count.saturating_mul(self.plans.len() as u64)
    }

    /// Takes turns until there are none.
    fn take(&self) -> Vec<Findings> {
        let plans: Vec<Arc<Plan>> = self.plans.iter().map(|plan| pool::own(plan)).collect();
        let mut found: Vec<Findings> = plans.iter().map(|plan| Findings::new(plan)).collect();
        loop {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            if turn >= self.count() {
                return found;
            }
            let (seed, plan) = (turn / plans.len() as u64, (turn % plans.len() as u64) as usize);
            let seed = self.seeds.first + seed;
            let played = play(&plans[plan], seed, Time::MAX, Kinds::NONE, |_| interrupt::go_on());
            let Ok((world, fold)) = played else { return found };
            found[plan].count(seed, &world, &fold.checks());
            (self.after_each)();
        }
    }
}

/// A seed, as it is typed.
pub fn seed(text: &str) -> Result<u64, String> {
    if is_whole(text) {
        text.parse().map_err(|_| format!("a seed is at most {}", u64::MAX))
    } else {
        Err(format!("a seed is a whole number from 0 to {}", u64::MAX))
    }
}

/// How many seeds, as it is typed.
pub fn count(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(count) => Seeds::new(0, count).map(Seeds::count),
        Err(_) if is_whole(text) => Err(format!("there are only {} seeds", u128::from(u64::MAX) + 1)),
        Err(_) => Err("how many seeds is a whole number from 1".into()),
    }
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
