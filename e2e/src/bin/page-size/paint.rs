//! How soon the page shows something, in browsers that have never seen it.

use e2e::{Failure, Outcome, Page};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Odd, so that one of them is the median.
const LOADS: usize = 5;
/// Long enough for what the page fetches by itself after it has started.
const QUIET: Duration = Duration::from_secs(1);
const FIRST_PAINT_MS: &str =
    "return performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] ?? null";

/// The first paints of all loads, and the files that the first load asked for.
pub struct Paints {
    pub loaded: Vec<PathBuf>,
    sorted_ms: Vec<f64>,
}

pub fn measure(dist: &Path) -> Outcome<Paints> {
    let mut paints = Paints { loaded: Vec::new(), sorted_ms: Vec::new() };
    for _ in 0..LOADS {
        let page = Page::of(dist.to_owned())?;
        page.open("/")?;
        paints.sorted_ms.push(first_paint_ms(&page)?);
        if paints.loaded.is_empty() {
            paints.loaded = everything_loaded(&page);
        }
    }
    paints.sorted_ms.sort_by(f64::total_cmp);
    Ok(paints)
}

impl Paints {
    pub fn sentence(&self) -> String {
        let at = |index: usize| self.sorted_ms.get(index).copied().unwrap_or_default();
        format!(
            "First contentful paint: {:.0} ms, median of {LOADS} loads from this machine ({:.0} to {:.0} ms).",
            at(LOADS / 2),
            at(0),
            at(LOADS - 1)
        )
    }
}

fn first_paint_ms(page: &Page) -> Outcome<f64> {
    let mut painted = None;
    page.wait_until("something is painted", || {
        painted = page.script(FIRST_PAINT_MS)?.as_f64();
        Ok(painted.is_some())
    })?;
    painted.ok_or_else(|| Failure::new("The browser reports no first paint."))
}

/// Waits until nothing more has been asked for during a while.
fn everything_loaded(page: &Page) -> Vec<PathBuf> {
    let mut loaded = page.loaded();
    loop {
        thread::sleep(QUIET);
        let now = page.loaded();
        if now.len() == loaded.len() {
            return now;
        }
        loaded = now;
    }
}
