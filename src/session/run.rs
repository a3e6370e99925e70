//! The run: an open scenario, one of its variants, and the player of it.

use std::sync::Arc;

use kernel::Span;
use player::{Command, Intervention, Player, Progress};
use scenario::{Scenario, Variant};
use topology::Plan;

use crate::Stage;

/// An open scenario with the player of one variant.
pub(super) struct Run {
    pub file: String,
    /// What is in it.
    pub text: String,
    pub scenario: Scenario,
    pub variant: usize,
    /// The variant that ran before.
    before: usize,
    pub seed: u64,
    pub player: Player,
    /// What is reached of the speed that was asked for.
    pub reached: Reached,
    /// Whether this run ended as the same run did before.
    pub same_again: Option<bool>,
    /// The last run that came to its end.
    ended: Option<Ending>,
    /// How often the player had begun again when the stage last saw it.
    shown_runs: u32,
    /// How many of the fresh records the stage has taken.
    shown: usize,
    /// The run whose ending is noted already.
    noted: Option<u32>,
}

/// All that determines a run, and the digest that it had.
struct Ending {
    variant: usize,
    seed: u64,
    interventions: Vec<Intervention>,
    digest: u64,
}

/// How far simulation has come since the figures were last read, and in how much real time.
#[derive(Clone, Copy, Default)]
pub(super) struct Reached {
    simulated_s: f64,
    real_s: f64,
    behind: bool,
}

impl Run {
    /// Opens the first variant, and plays it. `None` if there is no variant at all.
    pub fn open(file: String, text: String, scenario: Scenario) -> Option<Run> {
        let mut player = player_of(scenario.variants.first()?, scenario.seed);
        player.command(Command::SetSpeed(scenario.speed.unwrap_or(1.0)));
        player.command(Command::Play);
        Some(Run {
            file,
            text,
            seed: scenario.seed,
            scenario,
            variant: 0,
            before: 0,
            player,
            reached: Reached::default(),
            same_again: None,
            ended: None,
            shown_runs: 0,
            shown: 0,
            noted: None,
        })
    }

    pub fn plan(&self) -> &Arc<Plan> {
        self.player.world().plan()
    }

    /// Another architecture, from the start.
    pub fn choose(&mut self, variant: usize) {
        if variant < self.scenario.variants.len() {
            self.before = std::mem::replace(&mut self.variant, variant);
            self.begin();
        }
    }

    /// The variant that cures the one that runs, or that this one cures.
    pub fn counterpart(&self) -> Option<usize> {
        let variants = &self.scenario.variants;
        let running = variants.get(self.variant)?;
        let is_it = |other: &Variant| match running.cures.is_empty() {
            false => running.cures.contains(&other.name),
            true => other.cures.contains(&running.name),
        };
        // Who came from one of several failures goes back there.
        let before = variants.get(self.before).filter(|before| is_it(before)).map(|_| self.before);
        before.or_else(|| variants.iter().position(is_it))
    }

    /// The counterpart, with the same seed, at the same time: what would have happened.
    pub fn flip(&mut self) {
        let Some(other) = self.counterpart() else { return };
        let (now, playing) = (self.player.world().now(), self.player.is_playing());
        self.choose(other);
        if !playing {
            self.player.command(Command::Pause);
        }
        self.player.command(Command::Seek(now));
    }

    /// Another run of the same architecture.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.begin();
    }

    /// A new player, which goes on as the last one did; one that had come to its end plays.
    fn begin(&mut self) {
        let Some(variant) = self.scenario.variants.get(self.variant) else { return };
        let (speed, playing) = (self.player.speed(), self.player.is_playing() || self.player.is_over());
        let mut player = player_of(variant, self.seed);
        // The same accident in another architecture is what people want to see.
        player.repeat(&self.player);
        self.player = player;
        self.player.command(Command::SetSpeed(speed));
        if playing {
            self.player.command(Command::Play);
        }
        (self.shown_runs, self.shown, self.noted, self.same_again) = (0, 0, None, None);
    }

    /// Lets time pass.
    pub fn advance(&mut self, elapsed: Span, go_on: &mut dyn FnMut() -> bool) -> Progress {
        let before = self.player.world().now();
        let progress = self.player.advance(elapsed, go_on);
        // Advancing forgets the records before it.
        self.shown = 0;
        self.reached.simulated_s += self.player.world().now().since(before).seconds();
        self.reached.real_s += elapsed.seconds();
        self.reached.behind |= progress == Progress::Behind;
        if self.player.is_over() && self.noted != Some(self.player.runs()) {
            self.note_ending();
        }
        progress
    }

    fn note_ending(&mut self) {
        self.noted = Some(self.player.runs());
        let ending = Ending {
            variant: self.variant,
            seed: self.seed,
            interventions: self.player.interventions().to_vec(),
            digest: self.player.world().digest(),
        };
        let same_run = |before: &&Ending| {
            (before.variant, before.seed) == (ending.variant, ending.seed)
                && before.interventions == ending.interventions
        };
        self.same_again = self.ended.as_ref().filter(same_run).map(|before| before.digest == ending.digest);
        self.ended = Some(ending);
    }

    /// Gives the stage the records that it has not seen.
    pub fn show_records(&mut self, stage: Option<&mut Stage>) {
        let Some(stage) = stage else { return };
        if self.shown_runs != self.player.runs() {
            self.shown_runs = self.player.runs();
            self.shown = 0;
            self.same_again = None;
            stage.reset();
        }
        let fresh = self.player.fresh();
        for record in fresh.get(self.shown..).unwrap_or_default() {
            stage.take(record);
        }
        self.shown = fresh.len();
    }

    /// Gives a new stage what is still known of the past.
    pub fn show_all_records(&mut self, stage: Option<&mut Stage>) {
        if let Some(stage) = stage {
            for record in self.player.recent() {
                stage.take(record);
            }
        }
        (self.shown_runs, self.shown) = (self.player.runs(), self.player.fresh().len());
    }
}

fn player_of(variant: &Variant, seed: u64) -> Player {
    let mut player = Player::new(variant.plan.clone(), seed);
    player.given(&variant.given);
    player
}

impl Reached {
    /// Simulated seconds per real second, if that was less than asked for; begins to measure again.
    pub fn take(&mut self) -> Option<f64> {
        let Reached { simulated_s, real_s, behind } = std::mem::take(self);
        (behind && real_s > 0.0).then(|| simulated_s / real_s)
    }
}
