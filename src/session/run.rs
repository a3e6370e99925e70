//! The run: an open scenario, one of its variants, and the player of it.

use std::sync::Arc;

use kernel::Span;
use player::{Command, Intervention, Player, Progress};
use scenario::{Scenario, Variant};
use topology::{Plan, Record};

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
    /// What the stage has seen of it.
    seen: Seen,
    /// How many variants the file has; behind them are those that somebody wished for.
    own: usize,
    /// The run whose ending is noted already.
    noted: Option<u32>,
}

/// Which of a player's records were seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// How often the player had begun again.
    runs: u32,
    /// How many of its fresh records.
    fresh: usize,
}

/// All that determines a run, and the digest that it had.
struct Ending {
    plan: Arc<Plan>,
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
            own: scenario.variants.len(),
            seed: scenario.seed,
            scenario,
            variant: 0,
            before: 0,
            player,
            reached: Reached::default(),
            same_again: None,
            ended: None,
            seen: Seen::default(),
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
        (self.seen, self.noted, self.same_again) = (Seen::default(), None, None);
    }

    /// A player of another variant, with the same seed, at its beginning. `repeats`: with what was done by hand.
    pub fn beside(&self, variant: usize, repeats: bool) -> Option<Player> {
        let mut player = player_of(self.scenario.variants.get(variant)?, self.seed);
        if repeats {
            player.repeat(&self.player);
        }
        Some(player)
    }

    /// Goes on with the player of another variant, which is where this one is.
    pub fn swap(&mut self, variant: usize, mut player: Player) -> Player {
        player.take_clock(&self.player);
        self.before = std::mem::replace(&mut self.variant, variant);
        (self.noted, self.same_again) = (None, None);
        std::mem::replace(&mut self.player, player)
    }

    /// The run of a variant as it is compared: nobody touches it.
    pub fn open_untouched(&mut self, variant: usize, seed: u64) {
        self.seed = seed;
        self.player.command(Command::ForgetInterventions);
        self.choose(variant);
        self.player.command(Command::Play);
    }

    /// Which variant is wished for. One with something set otherwise is a further variant from now on.
    ///
    /// # Errors
    /// What is wrong with the wish, for a person.
    pub fn wished(&mut self, wish: &str) -> Result<usize, String> {
        let wish = wish.trim();
        if let Some(known) = self.scenario.variants.iter().position(|variant| variant.name == wish) {
            return Ok(known);
        }
        let (name, sets) = scenario::wish(wish)?;
        if self.scenario.variant(&name).is_none() {
            return Err(scenario::no_variant(&self.scenario, &name));
        }
        let reading = scenario::read_with(&self.text, &[&name], &sets);
        let Some(read) = reading.scenario else {
            let wrong: Vec<String> = reading.diagnostics.iter().map(words).collect();
            return Err(wrong.join("\n"));
        };
        let Some(found) = read.variants.into_iter().find(|variant| variant.name == name) else {
            return Err(scenario::no_variant(&self.scenario, &name));
        };
        self.scenario.variants.push(Variant { name: wish.into(), cures: Vec::new(), ..found });
        Ok(self.scenario.variants.len() - 1)
    }

    /// Whether a variant is one of those that were wished for.
    pub fn is_wished(&self, variant: usize) -> bool {
        variant >= self.own
    }

    /// Forgets what was wished for, but for these and what runs.
    pub fn keep_wished(&mut self, wishes: &[String]) {
        let own = self.own;
        let names = |variants: &[Variant], index: usize| variants.get(index).map(|it| it.name.clone());
        let (running, before) = (
            names(&self.scenario.variants, self.variant).unwrap_or_default(),
            names(&self.scenario.variants, self.before).unwrap_or_default(),
        );
        let mut index = 0;
        self.scenario.variants.retain(|variant| {
            index += 1;
            index <= own || variant.name == running || wishes.contains(&variant.name)
        });
        let find = |name: &str| self.scenario.variants.iter().position(|variant| variant.name == name);
        (self.variant, self.before) = (find(&running).unwrap_or(0), find(&before).unwrap_or(0));
    }

    /// Lets time pass.
    pub fn advance(&mut self, elapsed: Span, go_on: &mut dyn FnMut() -> bool) -> Progress {
        let before = self.player.world().now();
        let progress = self.player.advance(elapsed, go_on);
        self.seen.forget_fresh();
        self.reached.simulated_s += self.player.world().now().since(before).seconds();
        self.reached.real_s += elapsed.seconds();
        self.reached.behind |= progress == Progress::Behind;
        if self.player.is_over() && self.noted != Some(self.player.runs()) {
            self.note_ending();
        }
        progress
    }

    /// Time that passes while this waits for the run beside it.
    pub fn wait(&mut self, elapsed: Span) {
        self.reached.real_s += elapsed.seconds();
        self.reached.behind = true;
    }

    fn note_ending(&mut self) {
        self.noted = Some(self.player.runs());
        let Some(variant) = self.scenario.variants.get(self.variant) else { return };
        let ending = Ending {
            plan: variant.plan.clone(),
            seed: self.seed,
            interventions: self.player.interventions().to_vec(),
            digest: self.player.world().digest(),
        };
        let same_run = |before: &&Ending| {
            Arc::ptr_eq(&before.plan, &ending.plan)
                && before.seed == ending.seed
                && before.interventions == ending.interventions
        };
        self.same_again = self.ended.as_ref().filter(same_run).map(|before| before.digest == ending.digest);
        self.ended = Some(ending);
    }

    /// Gives the stage the records that it has not seen.
    pub fn show_records(&mut self, stage: Option<&mut Stage>) {
        let Some(stage) = stage else { return };
        if self.seen.begins_again(&self.player) {
            self.same_again = None;
            stage.reset();
        }
        for record in self.seen.rest(&self.player) {
            stage.take(record);
        }
    }

    /// Gives a new stage what is still known of the past.
    pub fn show_all_records(&mut self, stage: Option<&mut Stage>) {
        if let Some(stage) = stage {
            for record in self.player.recent() {
                stage.take(record);
            }
        }
        self.all_seen();
    }

    /// The stage has seen everything elsewhere.
    pub fn all_seen(&mut self) {
        self.seen.begins_again(&self.player);
        self.seen.rest(&self.player);
    }
}

impl Seen {
    /// Whether the run has begun again since the last time. Then nothing of it was seen.
    pub fn begins_again(&mut self, player: &Player) -> bool {
        let again = self.runs != player.runs();
        if again {
            *self = Seen { runs: player.runs(), fresh: 0 };
        }
        again
    }

    /// Advancing a player forgets the records before it.
    pub fn forget_fresh(&mut self) {
        self.fresh = 0;
    }

    /// The records that were not seen, which now are.
    pub fn rest<'a>(&mut self, player: &'a Player) -> &'a [Record] {
        let fresh = player.fresh();
        let rest = fresh.get(self.fresh..).unwrap_or_default();
        self.fresh = fresh.len();
        rest
    }
}

/// What is wrong with a wish. It has no lines.
fn words(problem: &scenario::Diagnostic) -> String {
    match problem.help.as_str() {
        "" => problem.message.clone(),
        help => format!("{}; {help}", problem.message),
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
