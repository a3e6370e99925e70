//! `signalbox run`: one variant, one seed, to the end.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::{Fold, Summary};
use kernel::Time;
use topology::{Kinds, Plan, World};

use crate::records::write_record;
use crate::{Failure, Format, files, print, report, seeds};

#[derive(clap::Args)]
pub struct Options {
    /// A scenario file, YAML or JSON.
    file: PathBuf,
    /// Which variant; by default the first.
    #[arg(long)]
    variant: Option<String>,
    /// The seed of all chance; by default the scenario's.
    #[arg(long, value_parser = seeds::seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Stop earlier than the scenario says, e.g. 30s.
    #[arg(long, value_parser = until)]
    until: Option<Time>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write every record to this file, one JSON object a line.
    #[arg(long)]
    records: Option<PathBuf>,
}

fn until(text: &str) -> Result<Time, String> {
    scenario::units::duration(text).map(|span| Time::ZERO + span)
}

/// A run that has come to its end.
pub struct Finished {
    /// Its last state.
    pub world: World,
    /// Its figures.
    pub summary: Summary,
}

pub fn run(options: &Options) -> Result<(), Failure> {
    let scenario = files::read(&options.file)?;
    let variant = files::variant(&scenario, options.variant.as_deref(), &options.file)?;
    let seed = options.seed.unwrap_or(scenario.seed);
    let mut records = options.records.as_deref().map(Records::create).transpose()?;
    let until = options.until.unwrap_or(Time::MAX);
    let kinds = if records.is_some() { Kinds::ALL } else { Kinds::NONE };
    let finished = simulate(&variant.plan, seed, until, kinds, |world| match &mut records {
        Some(records) => records.write(world),
        None => Ok(()),
    })?;
    if let Some(records) = records {
        records.finish()?;
    }
    if let Some(halt) = finished.world.halted() {
        let stopped = report::stopped(&finished.world);
        eprintln!("{}: {stopped}: {}", options.file.display(), halt.words());
    }
    print(&match options.format {
        Format::Text => report::text(&scenario.title, &variant.name, seed, &finished),
        Format::Json => report::json(&scenario.title, &variant.name, seed, &finished),
    })
}

/// Runs to the end, and says what came of it. See [`play`].
pub fn simulate(
    plan: &Arc<Plan>,
    seed: u64,
    until: Time,
    kinds: Kinds,
    see: impl FnMut(&World) -> Result<(), Failure>,
) -> Result<Finished, Failure> {
    let (world, mut fold) = play(plan, seed, until, kinds, see)?;
    let summary = Summary::of(&world, &mut fold);
    Ok(Finished { world, summary })
}

/// Runs to the end. `see` is shown the world from time to time, with its latest records: at least those of these
/// kinds. What it fails with ends the run.
pub fn play(
    plan: &Arc<Plan>,
    seed: u64,
    until: Time,
    kinds: Kinds,
    mut see: impl FnMut(&World) -> Result<(), Failure>,
) -> Result<(World, Fold), Failure> {
    /// So many occurrences at a time, so that records do not pile up.
    const SLICE: u32 = 4096;
    let mut fold = Fold::new(plan);
    let mut world = World::new(plan.clone(), seed).record_only(fold.wants().and(kinds));
    loop {
        let more = (0..SLICE).all(|_| world.step(until));
        world.records().iter().for_each(|record| fold.take(record));
        see(&world)?;
        world.clear_records();
        if !more {
            break;
        }
    }
    world.pass(until);
    fold.pass(world.now());
    Ok((world, fold))
}

/// The file of records.
struct Records<'a> {
    path: &'a Path,
    file: BufWriter<File>,
}

impl<'a> Records<'a> {
    fn create(path: &'a Path) -> Result<Self, Failure> {
        let file = File::create(path).map_err(|error| failure(path, &error))?;
        Ok(Records { path, file: BufWriter::new(file) })
    }

    fn write(&mut self, world: &World) -> Result<(), Failure> {
        let plan = world.plan();
        let mut all = world.records().iter();
        all.try_for_each(|record| write_record(record, plan, &mut self.file))
            .map_err(|error| failure(self.path, &error))
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.file.flush().map_err(|error| failure(self.path, &error))
    }
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("{}: cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use kernel::Span;
    use player::{Command, Player};

    use super::*;

    /// The page plays, as people's machines let it: frames of another length than anything in the run, some of
    /// which end before their time.
    fn played(variant: &scenario::Variant, seed: u64) -> Player {
        let mut player = Player::new(variant.plan.clone(), seed);
        player.given(&variant.given);
        player.command(Command::SetSpeed(37.0));
        player.command(Command::Play);
        let mut asked = 0;
        while !player.is_over() {
            player.advance(Span::from_millis(17), &mut || {
                asked += 1;
                asked % 3 > 0
            });
        }
        player
    }

    #[test]
    fn the_page_sees_another_violation_than_the_command_line() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/scenarios");
        let mut broken = 0;
        for path in files::listed(&folder, &["yaml"]).unwrap() {
            let scenario = files::read(&path).unwrap();
            for variant in &scenario.variants {
                for seed in [scenario.seed, 57] {
                    let ran =
                        simulate(&variant.plan, seed, Time::MAX, Kinds::NONE, |_| Ok(())).unwrap().summary;
                    let played = played(variant, seed).summary();
                    assert_eq!(ran.checks, played.checks, "{} {} {seed}", path.display(), variant.name);
                    assert_eq!(ran, played, "{} {} {seed}", path.display(), variant.name);
                    broken += ran.checks.iter().filter(|check| check.first().is_some()).count();
                }
            }
        }
        assert!(broken > 10, "no violations are compared");
    }
}
