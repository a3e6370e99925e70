//! Promises and facts: what was to be true of every order, and what is.

use analysis::CheckState;
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::figures;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub checks: Vec<CheckState>,
    /// Name, how often set, of how many cases true, of how many more than once.
    pub facts: Vec<(String, u64, u64, u64)>,
}

#[component]
pub fn Promises(props: &Props) -> Html {
    html! {
        <>
            if !props.checks.is_empty() {
                <section class="block promises" aria-label="Promises">
                    <h2>{ "Promises" }</h2>
                    <ul>{ for props.checks.iter().enumerate().map(|(index, check)| promise(index, check)) }</ul>
                </section>
            }
            if !props.facts.is_empty() {
                <section class="block facts" aria-label="Facts">
                    <h2>{ "Facts" }</h2>
                    <table>
                        <thead><tr><th /><th scope="col">{ "orders" }</th><th scope="col">{ "twice or more" }</th></tr></thead>
                        <tbody>{ for props.facts.iter().map(fact) }</tbody>
                    </table>
                </section>
            }
        </>
    }
}

fn promise(index: usize, check: &CheckState) -> Html {
    let (class, sign, state) = match check.held {
        Some(true) => ("held", Icon::Held, "held"),
        Some(false) => ("broken", Icon::Broken, "broken"),
        None => ("undecided", Icon::Undecided, "undecided"),
    };
    let orders = |count: u64| match count {
        1 => "1 order".to_owned(),
        _ => format!("{} orders", figures::count(count)),
    };
    let story = match (check.first, check.undecided) {
        (Some(first), _) => Some(format!(
            "{} broke it, first order {} at {}",
            orders(check.violations),
            first.case,
            figures::instant(first.at),
        )),
        (None, 0) => None,
        (None, open) => Some(format!("{} not decided yet", orders(open))),
    };
    html! {
        <li {class} data-testid={format!("check-{index}")} data-state={state}>
            { icon(sign) }
            <div>
                <p class="name"><span class="vanished">{ state }{ ": " }</span>{ &check.name }</p>
                { for story.map(|story| html! { <p class="story">{ story }</p> }) }
                <p class="why">{ &check.why }</p>
            </div>
        </li>
    }
}

fn fact((name, _, cases, twice): &(String, u64, u64, u64)) -> Html {
    html! {
        <tr key={name.clone()}>
            <th scope="row">{ name }</th>
            <td data-testid={format!("fact-{name}")}>{ figures::count(*cases) }</td>
            <td class={classes!((*twice > 0).then_some("twice"))} data-testid={format!("twice-{name}")}>
                { figures::count(*twice) }
            </td>
        </tr>
    }
}
