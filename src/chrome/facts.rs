//! Facts: what is true of how many cases, and of how many twice; and what was measured.

use analysis::Figure;
use topology::FactId;
use yew::prelude::*;

use super::View;
use super::inquiry::figure;
use crate::snapshot::Wrong;
use crate::{Action, figures};

/// Of each fact: its name, how often it was set, of how many cases it is true, of how many more than once.
pub fn facts(facts: &[(String, u64, u64, u64)], view: &View) -> Html {
    if facts.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block facts" aria-label="Facts">
            <table>
                <thead>
                    <tr>
                        <th scope="col"><h2>{ "Facts" }</h2></th>
                        <th scope="col">{ "cases" }</th>
                        <th scope="col">{ "twice or more" }</th>
                    </tr>
                </thead>
                <tbody>{ for facts.iter().enumerate().map(|(index, it)| fact(FactId(index as u16), it, view)) }</tbody>
            </table>
        </section>
    }
}

fn fact(id: FactId, (name, _, cases, twice): &(String, u64, u64, u64), view: &View) -> Html {
    html! {
        <tr key={name.clone()}>
            <th scope="row">{ name }</th>
            <td data-testid={format!("fact-{name}")}>{ figures::count(*cases) }</td>
            <td class={classes!((*twice > 0).then_some("twice"))} data-testid={format!("twice-{name}")}>
                { figure(*twice, "twice or more", Action::List(Wrong::Twice(id)), view) }
            </td>
        </tr>
    }
}

/// Each figure that handlers measured.
pub fn measured(measured: &[Figure]) -> Html {
    if measured.is_empty() {
        return Html::default();
    }
    let number =
        |value: Option<i64>| html! { <td>{ value.map_or_else(|| "–".into(), figures::signed) }</td> };
    html! {
        <section class="block facts" aria-label="Measured">
            <table data-testid="measured">
                <thead>
                    <tr>
                        <th scope="col"><h2>{ "Measured" }</h2></th>
                        <th scope="col">{ "p50" }</th>
                        <th scope="col">{ "p99" }</th>
                        <th scope="col">{ "most" }</th>
                    </tr>
                </thead>
                <tbody>{ for measured.iter().map(|figure| html! {
                    <tr key={figure.name.clone()}>
                        <th scope="row">{ &figure.name }</th>
                        { number(figure.p50) }
                        { number(figure.p99) }
                        { number(figure.max) }
                    </tr>
                }) }</tbody>
            </table>
        </section>
    }
}
