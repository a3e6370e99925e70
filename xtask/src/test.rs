//! `cargo xtask test`: every check there is, fastest first, stopping at the first that fails.

mod selection;
mod steps;

use crate::clock;
use crate::failure::{Failure, Outcome};
use selection::Selection;
use std::time::{Duration, Instant};
use steps::{STEPS, Step};

/// Runs the chosen steps in their order and says at the end what each of them took.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let selection = Selection::read(arguments)?;
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let start = Instant::now();
    let mut finished = Vec::new();
    for index in selection.range(&names)? {
        let step = &STEPS[index];
        let result = timed(step);
        finished.push((step.name, result.took));
        if let Err(failure) = result.outcome {
            print_summary(&finished, Some(step.name), start.elapsed());
            return Err(Failure::new(format!("\n{failure}\nRepeat this step alone: {}", step.repeat())));
        }
    }
    print_summary(&finished, None, start.elapsed());
    Ok(())
}

struct Timed {
    outcome: Outcome,
    took: Duration,
}

fn timed(step: &Step) -> Timed {
    println!("\n── {}: {}  ({})", step.name, step.about, step.repeat());
    let start = Instant::now();
    let outcome = (step.run)();
    let took = start.elapsed();
    println!("── {}: {}", step.name, clock::spoken(took));
    Timed { outcome, took }
}

fn print_summary(finished: &[(&str, Duration)], failed: Option<&str>, total: Duration) {
    println!("\n{}", summary(finished, failed, total));
}

fn summary(finished: &[(&str, Duration)], failed: Option<&str>, total: Duration) -> String {
    let mut lines = String::new();
    for (name, took) in finished {
        let mark = if failed == Some(name) { "FAILED" } else { "ok" };
        lines += &format!("{mark:<7}{name:<14}{:>13}\n", clock::spoken(*took));
    }
    let verdict = if failed.is_some() { "FAILED" } else { "ok" };
    lines + &format!("{verdict:<7}{:<14}{:>13}", "all", clock::spoken(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_every_step_and_the_one_that_failed() {
        let finished = [("format", Duration::from_millis(400)), ("clippy", Duration::from_secs(75))];
        let expected = "\
ok     format                0.4 s
FAILED clippy           1 min 15 s
FAILED all              1 min 16 s";
        assert_eq!(summary(&finished, Some("clippy"), Duration::from_secs(76)), expected);
    }
}
