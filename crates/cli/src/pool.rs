//! Work for all cores: threads that take turns until there are none.
//!
//! ```text
//!            +-- next_turn --> play, without the lock --> take --+
//!  Tally ----+-- next_turn --> play                       take --+----> the table
//!  (locked)  +-- nothing now: wait until something was taken     |
//!            +---------------------------------------------------+
//! ```

use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use ::compare::{Study, Tally};
use topology::Plan;

use crate::interrupt;
use crate::progress::Progress;

/// How long work is done.
#[derive(clap::Args)]
pub struct Threads {
    /// How many threads there are; by default as many as the machine has cores.
    #[arg(long, value_name = "J", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Say every few seconds how far it has come, where standard error is no terminal.
    #[arg(long)]
    progress: bool,
}

impl Threads {
    /// How many threads there shall be.
    pub fn jobs(&self) -> NonZeroUsize {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.jobs.and_then(|jobs| NonZeroUsize::new(jobs.into())).unwrap_or_else(cores)
    }

    /// Tells how far `total` runs `about` something have come.
    pub fn progress(&self, about: String, total: u64) -> Progress {
        Progress::new(about, total, self.progress)
    }
}

/// What the threads come back with who all do this work, for which there are so many turns.
pub fn work<T: Send>(jobs: NonZeroUsize, turns: u64, work: &(dyn Fn() -> T + Sync)) -> Vec<T> {
    thread::scope(|scope| {
        // One less than asked for, since this thread has turns too. A machine that has no more threads to give
        // is slower, and that is all.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..jobs.get() as u64).take_while(|&job| job < turns).map_while(spawn).collect();
        let mut all = vec![work()];
        for other in others {
            all.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    })
}

/// A plan of its own, so that threads do not pass the counter of who uses it to and fro.
pub fn own(plan: &Plan) -> Arc<Plan> {
    Arc::new(plan.clone())
}

/// Plays a study until it is over, or until Ctrl-C; what is under way then does not count.
pub fn play(study: Study, options: &Threads, about: String) -> Tally {
    let study = Arc::new(study);
    let tally = Tally::new(study.clone());
    let (_, turns) = tally.progress();
    let progress = options.progress(about, turns);
    let game = Game { tally: Mutex::new(tally), taken: Condvar::new(), progress: &progress };
    work(options.jobs(), turns, &|| game.play(&own_study(&study)));
    progress.end();
    game.tally.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Of many contenders there is no copy for each thread: two threads seldom have the same one.
fn own_study(study: &Study) -> Study {
    const COPIED_MAX: usize = 64;
    let mut study = study.clone();
    if study.contenders.len() <= COPIED_MAX {
        study.contenders.iter_mut().for_each(|contender| contender.plan = own(&contender.plan));
    }
    study
}

/// What the threads share.
struct Game<'a> {
    tally: Mutex<Tally>,
    /// Told when something was taken, or when no more will be.
    taken: Condvar,
    progress: &'a Progress,
}

impl Game<'_> {
    /// Takes turns until there are none.
    fn play(&self, study: &Study) {
        let _leaving = Leaving(self);
        let mut tally = self.lock();
        while !tally.is_over() && !interrupt::came() {
            let Some(turn) = tally.next_turn() else {
                tally = self.taken.wait(tally).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(tally);
            let found = study.play(turn, &mut || !interrupt::came());
            tally = self.lock();
            if let Some(found) = found {
                tally.take(turn, found);
                let (done, total) = tally.progress();
                self.progress.at(done, total);
                self.taken.notify_all();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever goes leaves nobody waiting: by a panic least of all, which is the end for all.
struct Leaving<'a>(&'a Game<'a>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let _locked = self.0.lock();
        if thread::panicking() {
            interrupt::end();
        }
        self.0.taken.notify_all();
    }
}
