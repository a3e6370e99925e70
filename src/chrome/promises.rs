//! Promises: what was to be true of every case, and whether it is.

use analysis::CheckState;
use topology::Record;
use yew::prelude::*;

use super::icon::{Icon, icon};
use super::inquiry::line;
use crate::snapshot::{InquiryLine, Wrong};
use crate::{Action, figures};

/// So many violations stand below a promise; the others are a click away.
const SHOWN: usize = 3;

/// All of them, in the scenario's order.
pub fn promises(checks: &[CheckState], send: &Callback<Action>) -> Html {
    if checks.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block promises" aria-label="Promises">
            <h2>{ "Promises" }<span class="balance" data-testid="promises">{ tally(checks) }</span></h2>
            <ul>{ for checks.iter().enumerate().map(|(index, check)| promise(index, check, send)) }</ul>
        </section>
    }
}

/// "1 broken, 3 held": of each state how many there are.
fn tally(checks: &[CheckState]) -> String {
    let mut words = String::new();
    for (wanted, name) in [(Some(false), "broken"), (Some(true), "held"), (None, "not decided yet")] {
        let count = checks.iter().filter(|check| check.held == wanted).count();
        if count > 0 {
            words += &format!("{}{count} {name}", if words.is_empty() { "" } else { ", " });
        }
    }
    words
}

fn promise(index: usize, check: &CheckState, send: &Callback<Action>) -> Html {
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
                { for check.broken_by.iter().take(SHOWN).map(|violation| {
                    line(&InquiryLine::of_violation(index, violation), true, send)
                }) }
                if check.broken_by.len() > SHOWN {
                    <button
                        class="lever" data-testid={format!("all-{index}")}
                        onclick={send.reform(move |_: MouseEvent| Action::List(Wrong::Broken(index)))}
                    >{ "Show all" }</button>
                }
            </div>
        </li>
    }
}

/// How many cases broke it, or may still.
fn story(check: &CheckState) -> Option<String> {
    let cases = |count: u64| match count {
        1 => "1 case".to_owned(),
        _ => format!("{} cases", figures::count(count)),
    };
    match (check.held, check.violations, check.undecided) {
        // It is about all of them together, and the line below says when.
        (Some(false), ..) if check.first().is_some_and(|first| first.case == Record::NONE) => None,
        (Some(false), broken, _) => Some(format!("broken by {}", cases(broken))),
        (Some(true), ..) => None,
        (None, _, 0) => Some("decided when the run ends".into()),
        (None, _, open) => Some(format!("{} not decided yet", cases(open))),
    }
}
