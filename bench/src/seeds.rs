//! What `signalbox check --seeds` adds to the engine: records, their fold, promises, threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use e2e::{Failure, Outcome};
use kernel::Time;
use topology::World;

use crate::{ROUNDS, Rates, median};

/// So many seeds in each round.
const SEEDS: u64 = 500;
/// What the files begin with that are checked.
const FILES: [&str; 2] = ["order-placed", "saga"];

/// Prints how many seeds a second are checked. A seed is every variant of the file once.
pub fn checked(signalbox: &Path) -> Outcome {
    println!("\nSeeds a second; ratios are medians over {ROUNDS} interleaved rounds.");
    for path in &files()? {
        let (mut engine, mut one, mut two) = (Rates::new(), Rates::new(), Rates::new());
        for _ in 0..ROUNDS {
            engine.push(engine_alone(path, SEEDS)?);
            one.push(check(signalbox, path, "1")?);
            two.push(check(signalbox, path, "2")?);
        }
        let (alone, threads) = (median_ratio(&one, &engine), median_ratio(&two, &one));
        println!("{:30} {:6.0}   the engine alone, records off", name(path), median(&engine));
        println!("  {:28} {:6.0}   {alone:.2} of it (goal 0.8)", "check, 1 thread", median(&one));
        println!("  {:28} {:6.0}   {threads:.2} of 1 thread (goal 1.8)", "check, 2 threads", median(&two));
    }
    Ok(())
}

fn files() -> Outcome<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/scenarios");
    let entries = fs::read_dir(folder).map_err(|error| Failure::new(error.to_string()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| FILES.iter().any(|beginning| name(path).starts_with(beginning)));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The median of a rate's ratio to another, within a round.
pub fn median_ratio(rates: &Rates, others: &Rates) -> f64 {
    median(&rates.iter().zip(others).map(|(rate, other)| rate / other).collect::<Rates>())
}

/// How many seeds a second the engine runs of every variant of a file, with nothing around it.
pub fn engine_alone(path: &Path, seeds: u64) -> Outcome<f64> {
    let text = fs::read_to_string(path).map_err(|error| Failure::new(error.to_string()))?;
    let scenario = scenario::read(&text).scenario;
    let scenario = scenario.ok_or_else(|| Failure::new(format!("{} is wrong.", path.display())))?;
    let began = Instant::now();
    for seed in 0..seeds {
        for variant in &scenario.variants {
            World::new(variant.plan.clone(), scenario.seed + seed).run_until(Time::MAX);
        }
    }
    Ok(seeds as f64 / began.elapsed().as_secs_f64())
}

fn check(signalbox: &Path, path: &Path, jobs: &str) -> Outcome<f64> {
    let mut command = Command::new(signalbox);
    command.arg("check").arg(path).args(["--seeds", &SEEDS.to_string(), "--jobs", jobs]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status().map_err(|error| Failure::new(error.to_string()))?;
    // Its promises may be broken: that is what many scenarios are for.
    match status.code() {
        Some(0 | 1) => Ok(SEEDS as f64 / began.elapsed().as_secs_f64()),
        _ => Err(Failure::new(format!("`signalbox check {}` did not succeed: {status}.", path.display()))),
    }
}
