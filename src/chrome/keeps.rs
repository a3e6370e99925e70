//! The selected service: what it keeps, and which handlers wait in it.

use yew::prelude::*;

use crate::figures;
use crate::snapshot::{CellTable, ServiceView};

/// The sheet of a service.
pub fn keeps(view: &ServiceView) -> Html {
    html! {
        <div class="sheet" data-testid="service">
            if !view.cells.is_empty() {
                <section class="block keeps" aria-label="Keeps">
                    <h2>{ "Keeps" }</h2>
                    { for view.cells.iter().map(cell) }
                </section>
            }
            if !view.parked.is_empty() {
                <section class="block parked" aria-label="Waiting handlers">
                    <h2>{ "Handlers that wait" }</h2>
                    <table data-testid="parked">{ for view.parked.iter().map(|line| html! {
                        <tr><th scope="row">{ format!("case {}", line.case) }</th><td>{ &line.text }</td></tr>
                    }) }</table>
                    { and_more(view.more_parked) }
                </section>
            }
        </div>
    }
}

fn cell(table: &CellTable) -> Html {
    html! {
        <>
        <table data-testid={format!("cell-{}", table.name)}>
            <thead>
                <tr>
                    <th scope="col"><b>{ &table.name }</b><small>{ &table.note }</small></th>
                    <th scope="col" data-testid={format!("total-{}", table.name)}>
                        { figures::signed(table.total) }
                        if table.split {
                            <small>{ "in all" }</small>
                        }
                    </th>
                </tr>
            </thead>
            if table.split {
                <tbody>{ for table.values.iter().map(|(of, value)| html! {
                    <tr><th scope="row">{ of }</th><td>{ figures::signed((*value).into()) }</td></tr>
                }) }</tbody>
            }
        </table>
        { and_more(table.more) }
        </>
    }
}

fn and_more(count: u64) -> Html {
    if count == 0 {
        return Html::default();
    }
    html! { <p class="hint">{ format!("and {} more", figures::count(count)) }</p> }
}
