//! How much is handed out at a time, how often the page is told, and how long it will take.

/// What a child is given at a time should take so long: a message costs a fraction of a millisecond.
const BATCH_MS: f64 = 40.0;
/// So many turns at a time at most, however short they are.
const BATCH_MAX: u64 = 256;
/// How often the page is told how far things are.
const PROGRESS_EVERY_MS: f64 = 100.0;
/// How often it is told what is known, at most.
const REPORT_EVERY_MS: f64 = 400.0;
/// Rendering takes at most one part in so many of the time.
const REPORT_SHARE: f64 = 8.0;
/// Before this nobody knows how long it will take.
const ESTIMATE_AFTER_MS: f64 = 300.0;

/// When things are done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    begun_ms: f64,
    progress_at_ms: f64,
    report_at_ms: f64,
}

impl Pace {
    pub(crate) fn new(now_ms: f64) -> Pace {
        Pace { begun_ms: now_ms, progress_at_ms: now_ms, report_at_ms: now_ms + REPORT_EVERY_MS / 2.0 }
    }

    /// How many turns a child is given next.
    pub(crate) fn batch(&self, now_ms: f64, children: usize, done: u64, of: u64) -> u64 {
        let children = children.max(1) as u64;
        if done == 0 {
            return 1;
        }
        let turn_ms = (now_ms - self.begun_ms) * children as f64 / done as f64;
        let suits = (BATCH_MS / turn_ms.max(1e-3)) as u64;
        // Towards the end in smaller pieces, so that all are done at the same time.
        let share = of.saturating_sub(done) / (children * 4);
        suits.min(share).clamp(1, BATCH_MAX)
    }

    /// Whether it is time to tell how far things are.
    pub(crate) fn is_progress_due(&mut self, now_ms: f64) -> bool {
        let is_due = now_ms >= self.progress_at_ms;
        if is_due {
            self.progress_at_ms = now_ms + PROGRESS_EVERY_MS;
        }
        is_due
    }

    pub(crate) fn is_report_due(&self, now_ms: f64) -> bool {
        now_ms >= self.report_at_ms
    }

    /// A report was made.
    pub(crate) fn reported(&mut self, before_ms: f64, now_ms: f64) {
        self.report_at_ms = now_ms + REPORT_EVERY_MS.max((now_ms - before_ms) * REPORT_SHARE);
    }

    /// `340 of 1,000 runs, about 12 s left`.
    pub(crate) fn words(&self, now_ms: f64, done: u64, of: u64) -> String {
        let elapsed = now_ms - self.begun_ms;
        let known = format!("{} of {} runs", grouped(done), grouped(of));
        if done == 0 || elapsed < ESTIMATE_AFTER_MS {
            return known;
        }
        let left = elapsed / done as f64 * of.saturating_sub(done) as f64 / 1e3;
        let left = if left < 60.0 {
            format!("{} s", left.ceil().max(1.0))
        } else if left < 3600.0 {
            format!("{} min", (left / 60.0).ceil())
        } else {
            format!("{} h", (left / 3600.0).ceil())
        };
        format!("{known}, about {left} left")
    }
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_in_words() {
        let pace = Pace::new(0.0);
        let check = |now, done, of, expected: &str| assert_eq!(pace.words(now, done, of), expected);
        check(0.0, 0, 140, "0 of 140 runs");
        check(200.0, 3, 140, "3 of 140 runs");
        check(1000.0, 100, 1300, "100 of 1,300 runs, about 12 s left");
        check(1000.0, 1, 1_000_000, "1 of 1,000,000 runs, about 278 h left");
        check(60_000.0, 1, 3, "1 of 3 runs, about 2 min left");
        check(5000.0, 10, 10, "10 of 10 runs, about 1 s left");
    }

    #[test]
    fn short_turns_are_handed_out_in_heaps_and_the_last_ones_singly() {
        let pace = Pace::new(0.0);
        assert_eq!(pace.batch(0.0, 2, 0, 1000), 1, "nothing is known yet");
        // Two children did 100 turns in 100 ms: 2 ms each.
        assert_eq!(pace.batch(100.0, 2, 100, 1000), 20);
        assert_eq!(pace.batch(100.0, 2, 990, 1000), 1);
        assert_eq!(pace.batch(100_000.0, 2, 100, 1000), 1, "a turn takes two seconds");
    }
}
