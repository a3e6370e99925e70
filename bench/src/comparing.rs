//! What `signalbox compare` adds to the engine: customers, promises, intervals, experiments, threads.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::SEVEN_WAYS;
use e2e::{Failure, Outcome, Page};

use crate::seeds::{engine_alone, median_ratio};
use crate::{ROUNDS, Rates, median};

/// So many runs of each variant.
const SEEDS: u64 = 100;

fn scenario() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/scenarios/seven-ways-downtime.yaml")
}

/// Prints how many seeds a second are compared. A seed is every variant of the file once.
pub fn compared(signalbox: &Path) -> Outcome {
    println!("\nSeeds a second, seven variants each; ratios are medians over {ROUNDS} interleaved rounds.");
    let (mut engine, mut plain) = (Rates::new(), Rates::new());
    let (mut one, mut two) = (Rates::new(), Rates::new());
    for _ in 0..ROUNDS {
        engine.push(engine_alone(&scenario(), SEEDS)?);
        plain.push(compare(signalbox, &["--jobs", "1", "--no-probes"])?);
        one.push(compare(signalbox, &["--jobs", "1"])?);
        two.push(compare(signalbox, &["--jobs", "2"])?);
    }
    tell("the engine alone, records off", &engine, String::new());
    tell("  compare --no-probes, 1 thread", &plain, longer(&engine, &plain));
    tell("  compare, 1 thread", &one, longer(&engine, &one) + OVERHEAD_GOAL);
    tell("  compare, 2 threads", &two, threads(&two, &one));
    Ok(())
}

/// Prints the same of the page, whose workers do what threads do natively. `measuring` has the engine alone.
pub fn compared_in_page(page: &Page, measuring: &Page) -> Outcome {
    println!("\nThe same in the browser.");
    let text = serde_json::to_string(SEVEN_WAYS).map_err(|error| Failure::new(error.to_string()))?;
    page.script(&format!("window.signalbox.open({text}, 'seven-ways.yaml')"))?;
    // Whoever reads figures has them on a board on which time stands still.
    page.by_test_id("play")?.click()?;
    page.by_role("button", "Play")?;
    // The first time, what compares is fetched and compiled.
    compare_in_page(page, "seeds: 2, jobs: 2")?;
    measuring.script("return seedRate(2)")?;
    let (mut engine, mut plain) = (Rates::new(), Rates::new());
    let (mut one, mut two) = (Rates::new(), Rates::new());
    for _ in 0..ROUNDS {
        let rate = measuring.script(&format!("return seedRate({SEEDS})"))?;
        engine.push(rate.as_f64().unwrap_or(f64::NAN));
        plain.push(compare_in_page(page, &format!("seeds: {SEEDS}, jobs: 1, probes: false"))?);
        one.push(compare_in_page(page, &format!("seeds: {SEEDS}, jobs: 1"))?);
        two.push(compare_in_page(page, &format!("seeds: {SEEDS}, jobs: 2"))?);
    }
    tell("the wasm engine alone", &engine, String::new());
    tell("  the page, no probes, 1 worker", &plain, longer(&engine, &plain));
    tell("  the page, 1 worker", &one, longer(&engine, &one) + OVERHEAD_GOAL);
    tell("  the page, 2 workers", &two, threads(&two, &one));
    Ok(())
}

const OVERHEAD_GOAL: &str = " (goal 25 %)";

fn tell(name: &str, rates: &Rates, said: String) {
    println!("{name:32} {:6.1}   {said}", median(rates));
}

/// By how much longer than the engine alone it takes.
fn longer(engine: &Rates, rates: &Rates) -> String {
    format!("{:.0} % longer", (median_ratio(engine, rates) - 1.0) * 100.0)
}

fn threads(two: &Rates, one: &Rates) -> String {
    format!("{:.2} of one (goal 1.7)", median_ratio(two, one))
}

fn compare(signalbox: &Path, arguments: &[&str]) -> Outcome<f64> {
    let mut command = Command::new(signalbox);
    command.arg("compare").arg(scenario()).args(["--seeds", &SEEDS.to_string()]).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status().map_err(|error| Failure::new(error.to_string()))?;
    if !status.success() {
        return Err(Failure::new(format!("`signalbox compare` did not succeed: {status}.")));
    }
    Ok(SEEDS as f64 / began.elapsed().as_secs_f64())
}

fn compare_in_page(page: &Page, options: &str) -> Outcome<f64> {
    page.script(&format!(
        "window.compared = null; const began = performance.now();
        window.signalbox.compare({{ first: 42, {options} }}).then(
            (text) => {{ window.compared = JSON.parse(text).seeds / (performance.now() - began) * 1e3 }},
            (problem) => {{ window.compared = String(problem) }})"
    ))?;
    let mut compared = serde_json::Value::Null;
    page.wait_until_within(Duration::from_secs(300), "the page has compared", || {
        compared = page.script("return window.compared")?;
        Ok(!compared.is_null())
    })?;
    compared.as_f64().ok_or_else(|| Failure::new(format!("The page could not compare: {compared}.")))
}
