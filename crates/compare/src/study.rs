//! A study: what is compared, by what, and how often.

use kernel::{Span, Time};

use scenario::units::percent_text;

use crate::contender::same_promises;
use crate::row::{self, Row, Source};
use crate::{Contender, measure, probe};

/// How a study is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The first seed, which the others follow.
    pub first: u64,
    /// With how many seeds each contender is run; with a precision: with how many at most. At least 1.
    pub seeds: u64,
    /// Customers who come before this time are not counted.
    pub warm_up: Span,
    /// When there are enough seeds; `None`: after all.
    pub precision: Option<Precision>,
    /// Every contender has seeds of its own. Then differences are not taken seed by seed, and intervals are wider.
    pub independent: bool,
    /// Whether parts are knocked out and slowed, to see what hangs on them.
    pub probes: bool,
}

/// How narrow the interval of a row has to be, in every contender, so that there are enough seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The row's id.
    pub row: String,
    /// Half of the interval, as a share of the value, above 0.
    pub share: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            first: 0,
            seeds: 100,
            warm_up: Span::ZERO,
            precision: None,
            independent: false,
            probes: true,
        }
    }
}

impl Settings {
    fn check(&self, contenders: &[Contender], rows: &[Row]) -> Result<(), String> {
        self.check_seeds(contenders.len() as u64)?;
        for contender in contenders {
            let (name, length) = (&contender.name, contender.plan.length);
            if Time::ZERO + self.warm_up >= length {
                let (warm_up, length) = (self.warm_up, length - Time::ZERO);
                return Err(format!(
                    "a warm-up of {warm_up} leaves nothing of {name}, which runs for {length}: make it shorter"
                ));
            }
        }
        self.precision.as_ref().map_or(Ok(()), |precision| precision.check(rows))
    }

    fn check_seeds(&self, contenders: u64) -> Result<(), String> {
        let Settings { first, seeds, .. } = *self;
        if seeds == 0 {
            return Err("without a seed nothing is run: say 1 or more".into());
        }
        let (runs, most) = (seeds.saturating_mul(contenders), Study::RUNS_MAX);
        if runs > most {
            let seeds = most / contenders;
            return Err(format!(
                "{runs} runs are more than {most}: compare fewer, or with at most {seeds} seeds"
            ));
        }
        let seeds = if self.independent { runs } else { seeds };
        match first.checked_add(seeds - 1) {
            Some(_) => Ok(()),
            None => Err(format!("from seed {first} on there are not {seeds}: the last seed is {}", u64::MAX)),
        }
    }
}

impl Precision {
    fn check(&self, rows: &[Row]) -> Result<(), String> {
        let Precision { row: id, share } = self;
        if !(*share > 0.0 && *share <= 1.0) {
            return Err(format!("a precision of {} is not between 0% and 100%", percent_text(*share)));
        }
        match row::known(rows, id)?.source {
            Source::Runs => Ok(()),
            Source::Probes | Source::Plan => Err(format!(
                "{id} has no interval that seeds could make narrower: it does not come from runs"
            )),
        }
    }
}

/// What is compared, by what, and how often. It never changes while it is played.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario's title.
    pub title: String,
    /// What is compared, at least one.
    pub contenders: Vec<Contender>,
    /// What is measured.
    pub rows: Vec<Row>,
    /// How often.
    pub settings: Settings,
}

/// A piece of work: one run, or one experiment on one contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// A run to the end.
    Run {
        /// Of which contender.
        contender: u16,
        /// The how many-eth run of it, from 0; see [`Study::seed`].
        number: u64,
    },
    /// An experiment with one seed: a part is knocked out, or slowed, or there is more to do than can be done.
    Probe {
        /// On which contender.
        contender: u16,
        /// Which one, from 0; see [`Study::probes`].
        number: u16,
    },
}

/// What came of a turn, as numbers that can be sent anywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Of a run: a value for each of [`Study::rows`], NaN where there is none (nobody was answered, or the row is not
    /// measured in runs). Of a probe: what it found, to be read by whoever made it.
    pub values: Vec<f64>,
    /// Why the run ended before its time: the limit in words, with the time and the place.
    pub halted: Option<String>,
}

impl Study {
    /// Of these contenders, which come of one scenario.
    ///
    /// # Errors
    /// If there is nothing to compare, or too much, if they promise different things, or if the settings do not suit
    /// them (no seed, a warm-up as long as the run, a precision of a row that there is not); for a person.
    pub fn new(title: &str, contenders: Vec<Contender>, settings: Settings) -> Result<Study, String> {
        let Some(first) = contenders.first() else {
            return Err("there is nothing to compare: name at least one variant".into());
        };
        if contenders.len() > Self::CONTENDERS_MAX {
            let (count, most) = (contenders.len(), Self::CONTENDERS_MAX);
            return Err(format!("{count} contenders are more than {most}: compare fewer, or in wider steps"));
        }
        contenders.iter().try_for_each(|other| same_promises(first, other))?;
        let rows = row::rows(&first.plan);
        settings.check(&contenders, &rows)?;
        Ok(Study { title: title.into(), contenders, rows, settings })
    }

    /// So many can be compared at most.
    pub const CONTENDERS_MAX: usize = 2000;

    /// So many runs can be made of all contenders together, because every value of every run is kept.
    pub const RUNS_MAX: u64 = 2_000_000;

    /// The seed of a contender's run.
    pub fn seed(&self, contender: usize, number: u64) -> u64 {
        let offset = if self.settings.independent { contender as u64 * self.settings.seeds } else { 0 };
        self.settings.first + offset + number
    }

    /// How many probes of a contender there are.
    pub fn probes(&self, contender: usize) -> u16 {
        if self.settings.probes { probe::count(&self.contenders[contender].plan) } else { 0 }
    }

    /// Takes a turn. `go_on` is asked from time to time; `None` if it said no. A pure function of the study and the
    /// turn, natively and in every browser.
    pub fn play(&self, turn: Turn, go_on: &mut dyn FnMut() -> bool) -> Option<Found> {
        match turn {
            Turn::Run { contender, number } => {
                let contender = usize::from(contender);
                let (plan, seed) = (&self.contenders[contender].plan, self.seed(contender, number));
                measure::play(plan, seed, Time::ZERO + self.settings.warm_up, &self.rows, go_on)
            }
            Turn::Probe { contender, number } => {
                let plan = &self.contenders[usize::from(contender)].plan;
                probe::play(plan, self.settings.first, number, go_on)
            }
        }
    }

    /// The position of a row.
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    /// The row that a person names.
    ///
    /// # Errors
    /// That there is none, and which may have been meant.
    pub fn known_row(&self, id: &str) -> Result<&Row, String> {
        row::known(&self.rows, id)
    }
}
