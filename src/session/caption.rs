//! The caption under the stage: what just happened, in one sentence.

use topology::RecordKind;

use super::Session;
use crate::{deeds, figures};

/// The sentence for this moment. Screen readers read it out, so it does not change all the time.
pub(super) fn caption(session: &Session) -> String {
    if let Some(notice) = &session.notice {
        return notice.clone();
    }
    let Some(run) = &session.run else { return "Opening the first scenario.".into() };
    let (player, plan) = (&run.player, run.plan());
    if let Some(halt) = player.world().halted() {
        return format!("The run has ended early: {}.", halt.words());
    }
    if let Some(target) = player.seeking() {
        let target = target.min(plan.length);
        return format!("Winding to {}.", figures::round(target));
    }
    let sentence = |record| deeds::sentence(record, player);
    if player.is_over() {
        return format!("The run has ended after {}.", figures::round(player.world().now()));
    }
    let act = player.fold().acts().last();
    if player.is_playing() {
        return act
            .map_or_else(String::new, |act| format!("{}: {}.", figures::round(act.time), sentence(act)));
    }
    // Whoever does something while time stands still wants to see that it was done.
    if let Some(act) = act.filter(|act| act.time == player.world().now()) {
        return format!("{:.4} s: {}.", act.time.seconds(), sentence(act));
    }
    let last = player.recent().rfind(|record| !matches!(record.kind, RecordKind::Halted));
    last.map_or_else(
        || "The run has not begun.".into(),
        |record| format!("{:.4} s: {}.", record.time.seconds(), sentence(record)),
    )
}
