//! Prints what the engine reaches, as ratios within one interleaved run: `cargo xtask bench`.
//!
//! Natively always; in Chromium too if `SIGNALBOX_BENCH_PAGE` names the folder of the measuring page, and inside
//! the running page if `SIGNALBOX_DIST` names the built page; the command line if `SIGNALBOX_COMMAND_LINE` does.

mod comparing;
mod long_runs;
mod seeds;
mod weight;

use std::env;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bench::channels::{BINDINGS, Backlog, Exchange, GRAMMARS, WAITING, channels_that_keep};
use bench::{Recording, Subject, full_size, run};
use e2e::{Failure, Outcome, Page};

const ROUNDS: usize = 7;
/// The bare loop of W2, which several ratios refer to.
const W2: u32 = 2;

/// Rates in million occurrences per second, one a round.
type Rates = Vec<f64>;

fn main() -> Outcome {
    let path = |name| env::var_os(name).map(PathBuf::from);
    let measuring = path("SIGNALBOX_BENCH_PAGE").map(open_measuring_page).transpose()?;
    println!("Million occurrences per second; ratios are medians over {ROUNDS} interleaved rounds.\n");
    let mut measures = measures();
    for _ in 0..ROUNDS {
        for measure in &mut measures {
            let rate = match measure.place {
                Place::Native => native(measure.workload, measure.subject),
                Place::Browser => match &measuring {
                    Some(page) => in_browser(page, measure.subject)?,
                    None => continue,
                },
            };
            measure.rates.push(rate);
        }
    }
    report(&measures);
    channels();
    bindings();
    long_runs::weigh()?;
    if let Some(signalbox) = path("SIGNALBOX_COMMAND_LINE") {
        seeds::checked(&signalbox)?;
        comparing::compared(&signalbox)?;
    }
    match (path("SIGNALBOX_DIST"), measuring, measures.last()) {
        (Some(dist), Some(measuring), Some(plain)) => in_the_page(dist, &measuring, median(&plain.rates)),
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Native,
    Browser,
}

struct Measure {
    name: &'static str,
    place: Place,
    workload: u32,
    subject: Subject,
    /// The position of the measure that it is divided by, and the ratio that it should reach.
    against: Option<(usize, f64)>,
    rates: Rates,
}

fn measures() -> Vec<Measure> {
    let measure = |name, place, workload, subject, against| Measure {
        name,
        place,
        workload,
        subject,
        against,
        rates: Rates::new(),
    };
    let (off, all) = (Subject::Engine(Recording::Off), Subject::Engine(Recording::All));
    vec![
        measure("W1 bare loop", Place::Native, 1, Subject::Bare, None),
        measure("W2 bare loop", Place::Native, W2, Subject::Bare, None),
        measure("W3 bare loop", Place::Native, 3, Subject::Bare, None),
        measure("W1 kernel", Place::Native, 1, Subject::Kernel, Some((0, 0.7))),
        measure("W2 kernel", Place::Native, W2, Subject::Kernel, Some((1, 0.7))),
        measure("W3 kernel", Place::Native, 3, Subject::Kernel, Some((2, 0.7))),
        measure("W2 engine, records off", Place::Native, W2, off, Some((1, 0.35))),
        measure("W2 engine, all records kept", Place::Native, W2, all, Some((1, 0.2))),
        measure("W2 engine, all records, wasm", Place::Browser, W2, all, Some((7, 0.65))),
        measure("W2 engine, records off, wasm", Place::Browser, W2, off, Some((6, 0.65))),
    ]
}

fn report(measures: &[Measure]) {
    for measure in measures.iter().filter(|measure| !measure.rates.is_empty()) {
        print!("{:30} {:6.1}", measure.name, median(&measure.rates));
        if let Some((against, goal)) = measure.against {
            // Within a round, so that a slow moment of the machine hits both sides.
            let pairs = measure.rates.iter().zip(&measures[against].rates);
            let ratios: Rates = pairs.map(|(rate, other)| rate / other).collect();
            print!("   {:.2} of {} (goal {goal})", median(&ratios), measures[against].name);
        }
        println!();
    }
}

/// The cost of one turn (a message comes, one is done, the next is handed out) by how many wait, and what one
/// that waits weighs.
fn channels() {
    println!(
        "\nA turn of a channel, in ns, with 1, 1,000 and 1,000,000 messages waiting; ratios to the first."
    );
    for (name, rules) in channels_that_keep() {
        let mut weight = 0.0;
        let mut backlogs: Vec<Backlog> = Vec::new();
        for waiting in WAITING {
            let before = weight::live();
            backlogs.push(Backlog::of(&rules, waiting));
            weight = (weight::live() - before) as f64 / f64::from(waiting);
        }
        let mut rounds: Vec<Rates> = vec![Rates::new(); backlogs.len()];
        for _ in 0..ROUNDS {
            for (backlog, times) in backlogs.iter_mut().zip(&mut rounds) {
                times.push(backlog.time(20_000));
            }
        }
        print!("{name:18}");
        report_ratios(&rounds);
        println!("   {weight:5.1} bytes per waiting message (goal: under 64)");
    }
}

/// The cost of finding who wants a message, by how many bindings there are.
fn bindings() {
    println!(
        "\nFinding the one binding that matches, in ns, among 1, 1,000 and 100,000; ratios to the first."
    );
    for (name, grammar, ending) in GRAMMARS {
        let mut exchanges: Vec<Exchange> =
            BINDINGS.iter().map(|&count| Exchange::of(grammar, ending, count)).collect();
        let mut rounds: Vec<Rates> = vec![Rates::new(); exchanges.len()];
        for _ in 0..ROUNDS {
            for (exchange, times) in exchanges.iter_mut().zip(&mut rounds) {
                times.push(exchange.time(20_000));
            }
        }
        print!("{name:18}");
        report_ratios(&rounds);
        println!();
    }
}

fn report_ratios(rounds: &[Rates]) {
    for times in rounds {
        let ratios: Rates = times.iter().zip(&rounds[0]).map(|(time, first)| time / first).collect();
        print!(" {:7.0} ({:4.2})", median(times), median(&ratios));
    }
}

fn native(workload: u32, subject: Subject) -> f64 {
    let began = Instant::now();
    let occurrences = run(workload, subject, full_size(workload));
    occurrences as f64 / began.elapsed().as_secs_f64() / 1e6
}

fn open_measuring_page(folder: PathBuf) -> Outcome<Page> {
    let page = Page::of(folder)?;
    page.open("/index.html")?;
    page.wait_until("the measuring page is ready", || Ok(page.title()? == "ready"))?;
    // V8 compiles what is hot anew; the first runs are not what a long one is like.
    page.script("engineRate(20000, 0); return engineRate(20000, 1)")?;
    Ok(page)
}

fn in_browser(page: &Page, subject: Subject) -> Outcome<f64> {
    let all_records = u32::from(subject == Subject::Engine(Recording::All));
    let rate = page.script(&format!("return engineRate({}, {all_records})", full_size(W2)))?;
    rate.as_f64().ok_or_else(|| Failure::new(format!("the measuring page answered {rate}.")))
}

/// The whole page at full speed: simulating, folding records, drawing; then comparing.
fn in_the_page(dist: PathBuf, measuring: &Page, plain: f64) -> Outcome {
    let page = Page::of(dist)?;
    page.open("/")?;
    page.wait_until("the page is there", || {
        Ok(page.script("return !!window.signalbox")?.as_bool() == Some(true))
    })?;
    let text = serde_json::to_string(bench::SCENARIO).map_err(|error| Failure::new(error.to_string()))?;
    page.script(&format!("window.signalbox.open({text}, 'w2.yaml')"))?;
    page.script("window.signalbox.measure().then((result) => { window.measured = result })")?;
    let mut measured = serde_json::Value::Null;
    page.wait_until_within(Duration::from_secs(120), "the run in the page has ended", || {
        measured = page.script("return window.measured || null")?;
        Ok(!measured.is_null())
    })?;
    let figure = |name: &str| measured[name].as_f64().unwrap_or(f64::NAN);
    // The engine has one occurrence more per message than W2 counts: the way from the client to the topic.
    let rate = figure("occurrences") * 17.0 / 18.0 / figure("seconds") / 1e6;
    println!(
        "{:30} {rate:6.1}   {:.2} of the plain wasm engine (goal 0.5)",
        "W2 in the running page",
        rate / plain
    );
    comparing::compared_in_page(&page, measuring)
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
