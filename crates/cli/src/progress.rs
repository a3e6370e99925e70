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
    total: u64,
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
                total,
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
            Progress::Lines(lines) => lines.step(),
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
    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Whoever finds another thread telling has nothing to add.
        let Ok(mut told) = self.told.try_lock() else { return };
        if told.elapsed() >= PAUSE && done < self.total {
            *told = Instant::now();
            let left = self.began.elapsed().as_secs_f64() / done as f64 * (self.total - done) as f64;
            eprintln!("{}: {done} of {} runs, {} left", self.about, self.total, seconds(left));
        }
    }

    fn end(&self) {
        let (done, took) = (self.done.load(Ordering::Relaxed), self.began.elapsed().as_secs_f64());
        eprintln!("{}: {done} of {} runs in {}", self.about, self.total, seconds(took));
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
