//! The figures of the lanes at one moment.

use analysis::Cases;
use topology::{Outcome, Record};

use super::differences::CASES_MAX;
use super::{Lane, Lanes, WITHOUT};
use crate::figures;
use crate::session::run::Run;
use crate::snapshot::{Choice, LaneView, LanesView};

pub(super) fn view(lanes: &Lanes, run: &Run, followed: Option<u32>) -> LanesView {
    let shown = |name: &str| lanes.list.iter().any(|lane| lane.wish == name);
    let choice = |index: usize, name: &str, about: &str| Choice {
        wish: name.into(),
        about: about.into(),
        shown: shown(name),
        own: !run.is_wished(index),
    };
    let mut choices: Vec<Choice> = Vec::new();
    for (index, variant) in run.scenario.variants.iter().enumerate() {
        choices.push(choice(index, &variant.name, variant.about.trim()));
    }
    choices.push(choice(0, WITHOUT, "the run as it would be without what was done to it by hand"));
    let lane = |(index, lane): (usize, &Lane)| {
        let mut view = lane_view(lane, run, followed);
        let count = lanes.differences.count(index);
        (view.behind, view.refused_elsewhere) = (count.behind, count.refused_elsewhere);
        view.leads = index == lanes.lead;
        view
    };
    LanesView {
        list: lanes.list.iter().enumerate().map(lane).collect(),
        choices,
        problem: lanes.problem.clone(),
        example: example(run),
    }
}

fn lane_view(lane: &Lane, run: &Run, followed: Option<u32>) -> LaneView {
    let player = lane.player(run);
    let world = player.world();
    let Cases { started, answered, refused, gave_up, .. } = player.fold().cases();
    let variant = run.scenario.variants.get(lane.variant).map_or("", |variant| &variant.name);
    let checks = player.fold().checks();
    let stopped =
        world.halted().map(|halt| format!("stopped at {}: {}", figures::instant(world.now()), halt.words()));
    let uncounted = world.cases().any(|case| case.number as usize >= CASES_MAX);
    let limit = uncounted
        .then(|| format!("only the first {} customers are compared", figures::count(CASES_MAX as u64)));
    LaneView {
        name: if lane.spared { format!("{variant}, {WITHOUT}") } else { lane.wish.clone() },
        wish: lane.wish.clone(),
        leads: false,
        started,
        answered,
        refused: refused + gave_up,
        waiting: world.cases().filter(|case| case.outcome == Outcome::Waiting).count() as u64,
        broken: checks.iter().filter(|check| check.held == Some(false)).count(),
        promises: checks.len(),
        behind: 0,
        refused_elsewhere: 0,
        case: followed
            .filter(|&case| case != Record::NONE)
            .map(|case| (case, lane.fates.words(case, world.now(), world.plan()))),
        note: stopped.or(limit),
        time: world.now(),
        digest: format!("{:016x}", world.digest()),
    }
}

/// A wish that this scenario would grant.
fn example(run: &Run) -> String {
    let variant = run.scenario.variants.get(run.variant).map_or("", |variant| &variant.name);
    let plan = run.plan();
    let service = plan.services.last().map_or("payment", |service| &service.name);
    match variant.contains(" with ") {
        true => format!("{variant} and services.{service}.workers=2"),
        false => format!("{variant} with services.{service}.workers=2"),
    }
}
