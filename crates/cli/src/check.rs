//! `signalbox check`: are the files valid, and are their promises kept, by one seed or by many?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kernel::Time;
use scenario::{Scenario, Variant};
use serde_json::{Value, json};
use topology::{Check, Kinds, Record};

use crate::pool::Threads;
use crate::run::simulate;
use crate::seeds::{self, Count, Findings, Seeds};
use crate::{Failure, Format, files, interrupt, print, report};

#[derive(clap::Args)]
pub struct Options {
    /// Scenario files, YAML or JSON.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// With how many seeds each variant is run.
    #[arg(long, value_name = "N", default_value = "1", value_parser = seeds::count, allow_negative_numbers = true)]
    seeds: u64,
    /// The first seed, which the others follow; by default the scenario's.
    #[arg(long, value_name = "SEED", value_parser = seeds::seed, allow_negative_numbers = true)]
    from: Option<u64>,
    /// Only this variant.
    #[arg(long)]
    variant: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    threads: Threads,
    /// Run also more than 1,000,000 seeds.
    #[arg(long)]
    many: bool,
}

/// What became of a file.
struct Checked<'a> {
    path: &'a Path,
    scenario: &'a Scenario,
    variants: &'a [&'a Variant],
    seeds: Seeds,
    findings: &'a [Findings],
}

/// Checks every file, and only then fails: with wrong files before broken promises.
pub fn check(options: &Options) -> Result<(), Failure> {
    if options.seeds > SEEDS_MAX && !options.many {
        let text =
            format!("{} seeds are more than {SEEDS_MAX}: say --many too if that is meant", options.seeds);
        return Err(Failure::Input(text));
    }
    interrupt::listen();
    let (mut wrong, mut broken, mut all) = (Vec::new(), false, Vec::new());
    for path in &options.files {
        match check_file(path, options, &mut all) {
            Ok(()) => {}
            Err(Failure::Broken) => broken = true,
            Err(Failure::Interrupted) => break,
            Err(Failure::Input(message)) => wrong.push(message),
        }
    }
    if options.format == Format::Json {
        print(&format!("{:#}\n", Value::Array(all)))?;
    }
    if !wrong.is_empty() {
        Err(Failure::Input(wrong.join("\n")))
    } else if broken {
        Err(Failure::Broken)
    } else {
        interrupt::go_on()
    }
}

/// So many seeds are run without being asked twice.
const SEEDS_MAX: u64 = 1_000_000;

fn check_file(path: &Path, options: &Options, all: &mut Vec<Value>) -> Result<(), Failure> {
    let scenario = files::read(path)?;
    let variants: Vec<&Variant> = match &options.variant {
        Some(name) => vec![files::variant(&scenario, Some(name), path)?],
        None => scenario.variants.iter().collect(),
    };
    let seeds = Seeds::new(options.from.unwrap_or(scenario.seed), options.seeds)
        .map_err(|problem| Failure::Input(format!("{}: {problem}", path.display())))?;
    if options.format == Format::Text && seeds.count() == 1 {
        return one_seed(path, &variants, seeds.first());
    }
    let findings = explore(path, &variants, seeds, options);
    let checked = Checked { path, scenario: &scenario, variants: &variants, seeds, findings: &findings };
    match options.format {
        Format::Text => print(&checked.text())?,
        Format::Json => all.push(checked.json()),
    }
    if findings.iter().any(Findings::broken) {
        Err(Failure::Broken)
    } else if checked.partial() {
        Err(Failure::Interrupted)
    } else {
        Ok(())
    }
}

/// With one seed there is a time and a case for everything.
fn one_seed(path: &Path, variants: &[&Variant], seed: u64) -> Result<(), Failure> {
    let mut broken = false;
    for variant in variants {
        let finished = simulate(&variant.plan, seed, Time::MAX, Kinds::NONE, |_| interrupt::go_on())?;
        let mut out = format!("{} {}\n", path.display(), variant.name);
        if let Some(halt) = finished.world.halted() {
            broken = true;
            let _ = writeln!(out, "  {}: {}", report::stopped(&finished.world), halt.words());
        }
        for check in &finished.summary.checks {
            broken |= check.held == Some(false);
            let _ = writeln!(out, "  {}", report::check_text(check));
        }
        print(&out)?;
    }
    if broken { Err(Failure::Broken) } else { Ok(()) }
}

fn explore(path: &Path, variants: &[&Variant], seeds: Seeds, options: &Options) -> Vec<Findings> {
    let plans: Vec<_> = variants.iter().map(|variant| variant.plan.clone()).collect();
    let runs = seeds.count().saturating_mul(plans.len() as u64);
    let progress = options.threads.progress(path.display().to_string(), runs);
    let findings = seeds::explore(&plans, seeds, options.threads.jobs(), &|| progress.step());
    progress.end();
    findings
}

impl Checked<'_> {
    /// Whether it was stopped before every seed was run.
    fn partial(&self) -> bool {
        self.findings.iter().any(|found| found.runs < self.seeds.count())
    }

    fn text(&self) -> String {
        let (path, seeds) = (self.path.display(), self.seeds);
        let mut out = format!("{path}: seeds {} to {}\n", seeds.first(), seeds.last());
        if self.partial() {
            out += "  PARTIAL: stopped before every seed was run\n";
        }
        for (variant, found) in self.variants.iter().zip(self.findings) {
            let _ = writeln!(out, "  {} ({} runs)", variant.name, found.runs);
            if let Some(first) = found.first_halt {
                let (halted, runs, seed, at) = (found.halted, found.runs, first.seed, first.at.seconds());
                let _ = writeln!(out, "    STOPPED {halted} of {runs}: first with seed {seed} at {at:.3} s:");
                let _ = writeln!(out, "            {}", first.halt.words());
                self.to_see(&mut out, variant, seed);
            }
            let width = variant.plan.checks.iter().map(|check| check.name.chars().count()).max().unwrap_or(0);
            for (index, (check, count)) in variant.plan.checks.iter().zip(&found.promises).enumerate() {
                let word = match (count.broken, count.undecided) {
                    (0, 0) => "held",
                    (0, _) => "open",
                    _ => "BROKEN",
                };
                let name = &check.name;
                let _ = writeln!(out, "    {word:7} {name:width$}  {}", counted(count, found.runs));
                if let Some((seed, _)) = count.first {
                    self.to_see(&mut out, variant, seed);
                    self.to_ask(&mut out, variant, seed, index + 1);
                }
            }
        }
        if self.findings.iter().any(Findings::broken) {
            out += "  The page shows the same run: open the file, choose the variant, and type the seed into its field.\n";
        }
        out
    }

    /// The line with which a run is seen.
    fn to_see(&self, out: &mut String, variant: &Variant, seed: u64) {
        let (path, name) = (quoted(&self.path.to_string_lossy()), quoted(&variant.name));
        let _ = writeln!(out, "            signalbox run {path} --variant {name} --seed {seed}");
    }

    /// The line with which it is asked why a promise was broken in it.
    fn to_ask(&self, out: &mut String, variant: &Variant, seed: u64, check: usize) {
        let (path, name) = (quoted(&self.path.to_string_lossy()), quoted(&variant.name));
        let _ =
            writeln!(out, "            signalbox why {path} --variant {name} --seed {seed} --check {check}");
    }

    fn json(&self) -> Value {
        let variant = |(variant, found): (&&Variant, &Findings)| {
            let checks = variant.plan.checks.iter().zip(&found.promises);
            json!({
                "variant": variant.name,
                "runs": found.runs,
                "halted": found.halted,
                "first_halt": found.first_halt.map(|first| json!({
                    "seed": first.seed,
                    "at_ms": first.at.millis(),
                    "words": first.halt.words(),
                })),
                "checks": checks.map(|(check, count)| check_json(check, count)).collect::<Vec<_>>(),
            })
        };
        json!({
            "file": self.path.to_string_lossy(),
            "title": self.scenario.title,
            "from": self.seeds.first(),
            "seeds": self.seeds.count(),
            "partial": self.partial(),
            "variants": self.variants.iter().zip(self.findings).map(variant).collect::<Vec<_>>(),
        })
    }
}

fn check_json(check: &Check, count: &Count) -> Value {
    json!({
        "name": check.name,
        "why": check.why,
        "held": count.held,
        "broken": count.broken,
        "undecided": count.undecided,
        "violations": count.violations,
        // Of the first seed that breaks it.
        "first": count.first.map(|(seed, violation)| json!({
            "seed": seed,
            "at_ms": violation.at.millis(),
            "case": case(violation.case),
        })),
    })
}

/// By how many seeds a promise is held, and where it is broken first.
fn counted(count: &Count, runs: u64) -> String {
    let mut text = format!("held in {} of {runs}", count.held);
    if count.undecided > 0 {
        let _ = write!(text, ", not decided in {}", count.undecided);
    }
    if let Some((seed, violation)) = count.first {
        let (broken, at) = (count.broken, violation.at.seconds());
        let _ = write!(text, ", broken in {broken}: first with seed {seed} at {at:.3} s");
        if let Some(case) = case(violation.case) {
            let _ = write!(text, ", case {case}");
        }
    }
    text
}

/// Of a violation that is about all cases there is none.
fn case(number: u32) -> Option<u32> {
    (number != Record::NONE).then_some(number)
}

/// A word of a command line, as a shell takes it.
fn quoted(word: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-_./\\:+@%,=".contains(&byte) || !byte.is_ascii();
    if !word.is_empty() && word.bytes().all(plain) { word.into() } else { format!("\"{word}\"") }
}
