//! `signalbox sweep`: the same work with one or two parameters over a range.

use std::path::PathBuf;

use ::compare::{Axis, Sweep};

use crate::compare::{Common, wishes, wrong};
use crate::seeds;
use crate::{Failure, files, interrupt};

#[derive(clap::Args)]
pub struct Options {
    /// A scenario file, YAML or JSON.
    file: PathBuf,
    /// What is set to which values; once for curves, twice for a heat map.
    ///
    /// Values are whole numbers (services.payment.workers=1..8), steps (links.default.loss=0..0.2..0.05), with
    /// units (faults.1.for=5s..30s..5s), part of a text (clients.shopper.arrivals=poisson 2..20..2/s), or a list
    /// (channels.charges.profile=kafka,rabbitmq-quorum).
    #[arg(long, value_name = "PATH=VALUES", required = true)]
    set: Vec<String>,
    /// Which variants, several times or with commas between; by default every variant that has what is set.
    #[arg(long, value_name = "VARIANT")]
    variants: Vec<String>,
    /// With how many seeds each variant is run at each point; with --precision, with how many at most.
    #[arg(long, value_name = "N", default_value = "20", value_parser = seeds::count, allow_negative_numbers = true)]
    seeds: u64,
    /// The row that is drawn, and that --precision is about.
    #[arg(long, value_name = "ID", default_value = "response_p99")]
    row: String,
    #[command(flatten)]
    common: Common,
}

pub fn sweep(options: &Options) -> Result<(), Failure> {
    interrupt::listen();
    let path = &options.file;
    let (scenario, text) = files::read_with_text(path)?;
    let axes: Result<Vec<Axis>, String> = options.set.iter().map(|text| Axis::read(text)).collect();
    let sweep = axes.and_then(|axes| Sweep::new(&text, &wishes(&options.variants), axes));
    let sweep = sweep.map_err(|problem| wrong(path, &problem))?;
    let settings = options.common.settings(&scenario, options.seeds, &options.row);
    let study = sweep.study(&text, settings, &options.row);
    options.common.tell(path, study, Some((&sweep, &options.row)))
}
