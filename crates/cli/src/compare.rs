//! `signalbox compare`: the same work through several architectures, side by side.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use ::compare::render::Report;
use ::compare::{Contender, Precision, Settings, Study, Sweep};
use clap::ValueEnum;
use kernel::Span;
use scenario::Scenario;

use crate::pool::Threads;
use crate::seeds;
use crate::{Failure, files, interrupt, pool, print};

#[derive(clap::Args)]
pub struct Options {
    /// A scenario file, YAML or JSON.
    file: PathBuf,
    /// What is compared, several times or with commas between; by default every variant.
    ///
    /// Either variants (sync,queue), or a variant with something set otherwise than in the file (queue with
    /// services.payment.workers=2 and faults.1.for=20s).
    #[arg(long, value_name = "VARIANT")]
    variants: Vec<String>,
    /// With how many seeds each is run; with --precision, with how many at most.
    #[arg(long, value_name = "N", default_value = "100", value_parser = seeds::count, allow_negative_numbers = true)]
    seeds: u64,
    /// The row that --precision is about.
    #[arg(long, value_name = "ID", default_value = "response_mean")]
    row: String,
    #[command(flatten)]
    common: Common,
}

/// What comparisons and sweeps have in common.
#[derive(clap::Args)]
pub struct Common {
    /// The first seed, which the others follow; by default the scenario's.
    #[arg(long, value_name = "SEED", value_parser = seeds::seed, allow_negative_numbers = true)]
    from: Option<u64>,
    /// Customers who come earlier are not counted, e.g. 10s.
    #[arg(long, value_name = "TIME", value_parser = scenario::units::duration, default_value = "0s")]
    warm_up: Span,
    /// Stop when the row is known this well in every variant, e.g. 2%.
    ///
    /// That is when half of its interval is at most this share of its value.
    #[arg(long, value_name = "SHARE", value_parser = scenario::units::percent, allow_hyphen_values = true)]
    precision: Option<f64>,
    /// What the others are compared with; by default the first.
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    /// Give each its own seeds: differences are then not taken seed by seed, and intervals are wider.
    #[arg(long)]
    independent: bool,
    /// Do not find out by experiments what hangs on each part.
    #[arg(long)]
    no_probes: bool,
    #[command(flatten)]
    threads: Threads,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a spreadsheet: one line for each row and variant.
    Csv,
    /// For an issue or a wiki.
    Md,
    /// A page of its own, with everything in it.
    Html,
    /// A picture of its own.
    Svg,
}

pub fn compare(options: &Options) -> Result<(), Failure> {
    interrupt::listen();
    let path = &options.file;
    let (scenario, text) = files::read_with_text(path)?;
    let settings = options.common.settings(&scenario, options.seeds, &options.row);
    let study = ::compare::contenders(&text, &wishes(&options.variants)).and_then(|(_, contenders)| {
        let study = Study::new(&scenario.title, contenders, settings)?;
        study.known_row(&options.row)?;
        Ok(study)
    });
    options.common.tell(path, study, None)
}

/// What is asked for by texts that may be lists. What is set otherwise may have commas of its own.
pub fn wishes(texts: &[String]) -> Vec<String> {
    let mut wishes = Vec::new();
    for text in texts {
        let (variants, set) = text.split_at(text.find(" with ").unwrap_or(text.len()));
        wishes.extend(variants.split(',').map(|variant| variant.trim().to_owned()));
        if let Some(last) = wishes.last_mut() {
            last.push_str(set);
        }
    }
    wishes
}

impl Common {
    /// How a study is made that asks for this.
    pub fn settings(&self, scenario: &Scenario, seeds: u64, row: &str) -> Settings {
        Settings {
            first: self.from.unwrap_or(scenario.seed),
            seeds,
            warm_up: self.warm_up,
            precision: self.precision.map(|share| Precision { row: row.into(), share }),
            independent: self.independent,
            probes: !self.no_probes,
        }
    }

    /// Plays a study, and prints what was found; of a sweep the row that is drawn. Stopped by Ctrl-C it prints what is
    /// known by then.
    pub fn tell(
        &self,
        path: &Path,
        study: Result<Study, String>,
        sweep: Option<(&Sweep, &str)>,
    ) -> Result<(), Failure> {
        let play = |study: Study| {
            let baseline = self.baseline(&study.contenders)?;
            Ok((pool::play(study, &self.threads, path.display().to_string()), baseline))
        };
        let (tally, baseline) = study.and_then(play).map_err(|problem| wrong(path, &problem))?;
        let report = Report::of(&tally, baseline, sweep.map(|(sweep, row)| (sweep, row.into())));
        print(&self.printed(&report))?;
        if report.table.partial { Err(Failure::Interrupted) } else { Ok(()) }
    }

    fn baseline(&self, contenders: &[Contender]) -> Result<usize, String> {
        let Some(wanted) = &self.baseline else { return Ok(0) };
        let named = contenders.iter().position(|it| it.name == *wanted);
        named.or_else(|| contenders.iter().position(|it| it.variant == *wanted)).ok_or_else(|| {
            let names: Vec<&str> = contenders.iter().map(|it| it.name.as_str()).collect();
            format!("there is no {wanted} to compare with; {}", scenario::suggest(wanted, "one of", &names))
        })
    }

    fn printed(&self, report: &Report<'_>) -> String {
        match self.format {
            Form::Text => report.text(columns()),
            Form::Json => report.json(),
            Form::Csv => report.csv(),
            Form::Md => report.markdown(),
            Form::Html => report.html(),
            Form::Svg => report.svg(),
        }
    }
}

/// How wide the terminal is, if it says so. What goes elsewhere does not depend on where one sits.
fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().filter(|_| std::io::stdout().is_terminal());
    said.and_then(|columns| columns.parse().ok()).unwrap_or(Report::WIDTH)
}

/// What is wrong with what was asked about a file; every line says which.
pub fn wrong(path: &Path, problem: &str) -> Failure {
    let lines: Vec<String> = problem.lines().map(|line| format!("{}: {line}", path.display())).collect();
    Failure::Input(lines.join("\n"))
}
