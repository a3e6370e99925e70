//! What a click on a report means.

use kernel::Time;
use web_sys::{Element, MouseEvent};
use yew::TargetCast;

use crate::Action;
use crate::browser::fields::quoted;
use crate::comparison::Comparing;

/// The button that was clicked says it in its attributes.
pub(super) fn meaning(event: &MouseEvent) -> Option<Action> {
    let clicked: Element = event.target_dyn_into()?;
    let button = clicked.closest("[data-cell],[data-baseline],[data-open]").ok()??;
    let said = |name: &str| button.get_attribute(name);
    if let Some(wish) = said("data-open") {
        let at = said("data-at").and_then(|at| at.parse::<f64>().ok());
        return Some(Action::OpenRun {
            wish,
            seed: said("data-seed")?.parse().ok()?,
            at: at.map(|millis| Time::from_nanos((millis * 1e6) as u64)),
            case: said("data-case").and_then(|case| case.parse().ok()),
        });
    }
    let ask = if let Some(contender) = said("data-baseline") {
        let contender: u32 = contender.parse().ok()?;
        format!("{{\"do\":\"baseline\",\"contender\":{contender}}}")
    } else {
        let cell = said("data-cell")?;
        let (contender, row) = cell.split_once(':')?;
        let (contender, row): (u32, _) = (contender.parse().ok()?, quoted(row));
        format!("{{\"do\":\"behind\",\"contender\":{contender},\"row\":{row}}}")
    };
    Some(Action::Compare(Comparing::Ask(ask)))
}
