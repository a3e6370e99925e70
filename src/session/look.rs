//! Making the figures of one moment.

use topology::{Outcome, Place};

use super::run::Run;
use super::{Session, caption, keeps, log, opened};
use crate::snapshot::{PartView, RunView, Sheet, Snapshot, TransportView, VariantView};
use crate::{Stage, deeds, figures, levers, marks};

pub(super) fn snapshot(session: &mut Session) -> Snapshot {
    let caption = caption::caption(session);
    let (selected, sheet) = (session.selected, session.sheet);
    let channel = session.selected_channel().filter(|_| sheet == Sheet::Channel);
    let service = session.selected_service();
    let opened = &session.opened;
    let inquiry = session.inquiry.as_ref().map(|open| open.inquiry.clone());
    let followed = session.followed;
    let run = session.run.as_mut().map(|run| {
        let mut view =
            run_view(run, session.lanes.lead_stage().or(session.stage.as_ref()), selected, followed, sheet);
        view.channel = channel.map(|channel| opened::view(run, channel, opened));
        view.service = service.map(|service| keeps::view(run.player.world(), service));
        view.inquiry = inquiry;
        view
    });
    let (board, lanes) = (session.board, session.lanes_view());
    Snapshot { board, run, lanes, problems: session.problems.clone(), sheet, caption, comparison: None }
}

fn run_view(
    run: &mut Run,
    stage: Option<&Stage>,
    selected: Option<Place>,
    followed: Option<u32>,
    sheet: Sheet,
) -> RunView {
    let transport = transport(run);
    let summary = run.player.summary();
    let plan = run.plan().clone();
    let (player, world) = (&run.player, run.player.world());
    let log = if sheet == Sheet::Events { log::lines(player, followed) } else { Vec::new() };
    let intervention =
        |it: &player::Intervention| format!("{}: {}", figures::instant(it.at), deeds::words(it.deed, &plan));
    RunView {
        file: run.file.clone(),
        title: run.scenario.title.clone(),
        about: run.scenario.about.trim().into(),
        variants: run.scenario.variants.iter().map(variant).collect(),
        variant: run.variant,
        counterpart: run.counterpart(),
        seed: run.seed,
        scenario_seed: run.scenario.seed,
        transport,
        summary,
        waiting: world.cases().filter(|case| case.outcome == Outcome::Waiting).count() as u64,
        same_again: run.same_again,
        parts: parts(run, stage, selected),
        channel: None,
        service: None,
        inquiry: None,
        followed,
        levers: selected.map_or_else(Vec::new, |place| levers::levers(world, place)),
        interventions: player.interventions().iter().map(intervention).collect(),
        log,
    }
}

fn variant(variant: &scenario::Variant) -> VariantView {
    let (name, about) = (variant.name.clone(), variant.about.trim().into());
    VariantView { name, about, cures: variant.cures.clone() }
}

fn transport(run: &mut Run) -> TransportView {
    let reached = run.reached.take();
    let player = &run.player;
    TransportView {
        playing: player.is_playing(),
        over: player.is_over(),
        winding: player.seeking().is_some(),
        speed: player.speed(),
        reached,
        now: player.world().now(),
        length: run.plan().length,
        marks: marks::marks(run.plan(), player.interventions()),
    }
}

fn parts(run: &Run, stage: Option<&Stage>, selected: Option<Place>) -> Vec<PartView> {
    let (plan, world) = (run.plan(), run.player.world());
    let described = stage.map_or_else(Vec::new, |stage| stage.describe(world));
    let description = |place: Place| {
        let found = described.iter().find(|(described, _)| *described == place);
        found.map_or_else(String::new, |(_, words)| words.clone())
    };
    let part = |place: Place| PartView {
        place,
        name: plan.name_of(place).into(),
        description: description(place),
        up: world.is_up(place),
        selected: selected == Some(place),
    };
    plan.places().map(part).collect()
}
