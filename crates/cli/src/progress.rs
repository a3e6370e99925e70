//! How far a long command has come: a bar on a terminal, else a line now and then if it was asked for.

use std::io::{IsTerminal as _, stderr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// So long until the next line.
const PAUSE: Duration = Duration::from_secs(5);

/// How far something has come; may be told by several threads.
pub enum Progress {
    /// Nobody wants to know.
    Unseen,
    /// For who looks at a terminal.
    Bar(ProgressBar),
    /// For a log.
    Lines(Lines),
}

/// Lines in a log.
pub struct Lines {
    about: String,
    total: AtomicU64,
    done: AtomicU64,
    began: Instant,
    told: Mutex<Instant>,
}

impl Progress {
    /// Of `total` runs `about` something. Without a terminal there are only lines, and only if `asked`.
    pub fn new(about: String, total: u64, asked: bool) -> Self {
        if stderr().is_terminal() {
            let bar = ProgressBar::new(total).with_message(about);
            let template = "{msg} [{bar:30}] {human_pos} of {human_len} runs, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            // The time left is told anew also while a run takes long.
            bar.enable_steady_tick(Duration::from_millis(250));
            Progress::Bar(bar)
        } else if asked {
            let now = Instant::now();
            Progress::Lines(Lines {
                about,
                total: AtomicU64::new(total),
                done: AtomicU64::new(0),
                began: now,
                told: Mutex::new(now),
            })
        } else {
            Progress::Unseen
        }
    }

    /// One more is done.
    pub fn step(&self) {
        match self {
            Progress::Unseen => {}
            Progress::Bar(bar) => bar.inc(1),
            Progress::Lines(lines) => lines.tell(lines.done.fetch_add(1, Ordering::Relaxed) + 1),
        }
    }

    /// So many of so many are done; there may be fewer to do than was thought.
    pub fn at(&self, done: u64, total: u64) {
        match self {
            Progress::Unseen => {}
            Progress::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Progress::Lines(lines) => {
                lines.total.store(total, Ordering::Relaxed);
                lines.done.store(done, Ordering::Relaxed);
                lines.tell(done);
            }
        }
    }

    /// All is done, or will not be.
    pub fn end(&self) {
        match self {
            Progress::Unseen => {}
            Progress::Bar(bar) => bar.finish_and_clear(),
            Progress::Lines(lines) => lines.end(),
        }
    }
}

impl Lines {
    fn tell(&self, done: u64) {
        let total = self.total.load(Ordering::Relaxed);
        // Whoever finds another thread telling has nothing to add.
        let Ok(mut told) = self.told.try_lock() else { return };
        if told.elapsed() >= PAUSE && done < total {
            *told = Instant::now();
            let left = self.began.elapsed().as_secs_f64() / done as f64 * (total - done) as f64;
            eprintln!("{}: {done} of {total} runs, {} left", self.about, seconds(left));
        }
    }

    fn end(&self) {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let took = seconds(self.began.elapsed().as_secs_f64());
        eprintln!("{}: {done} of {total} runs in {took}", self.about);
    }
}

fn seconds(seconds: f64) -> String {
    let whole = seconds.ceil() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}
