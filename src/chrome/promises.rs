//! Promises: what was to be true of every case, and whether it is.

use analysis::CheckState;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::figures;

/// All of them, in the scenario's order.
pub fn promises(checks: &[CheckState]) -> Html {
    if checks.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block promises" aria-label="Promises">
            <h2>{ "Promises" }</h2>
            <ul>{ for checks.iter().enumerate().map(|(index, check)| promise(index, check)) }</ul>
        </section>
    }
}

fn promise(index: usize, check: &CheckState) -> Html {
    let (class, sign, state) = match check.held {
        Some(true) => ("held", Icon::Held, "held"),
        Some(false) => ("broken", Icon::Broken, "broken"),
        None => ("undecided", Icon::Undecided, "undecided"),
    };
    let words = if check.why.is_empty() { None } else { Some(check.why.clone()) };
    html! {
        <li {class} data-testid={format!("check-{index}")} data-state={state}>
            { icon(sign) }
            <div>
                <p class="vanished">{ state }</p>
                { for words.map(|words| html! { <p>{ words }</p> }) }
                <p class="name">{ &check.name }</p>
                { for story(check).map(|story| html! { <p class="story">{ story }</p> }) }
            </div>
        </li>
    }
}

/// Which cases broke it, or may still.
fn story(check: &CheckState) -> Option<String> {
    let cases = |count: u64| match count {
        1 => "1 case".to_owned(),
        _ => format!("{} cases", figures::count(count)),
    };
    match (check.first(), check.undecided) {
        (Some(first), _) => Some(format!(
            "broken by {}, first by case {} at {}",
            cases(check.violations),
            first.case,
            figures::instant(first.at),
        )),
        (None, 0) => None,
        (None, open) => Some(format!("{} not decided yet", cases(open))),
    }
}
