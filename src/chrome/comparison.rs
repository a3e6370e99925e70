//! Comparing by figures: what to compare, how far it is, and the report.

mod form;
mod report;

use yew::prelude::*;

use super::View;
use super::problems::problems;
use crate::Action;
use crate::browser::dialog;
use crate::comparison::{BEHIND, Comparing};
use crate::snapshot::{Board, ComparisonView, Places};

/// What the board shows. It stays on the page behind the others, with what stands in its fields.
pub fn board(view: &View) -> Html {
    let is_shown = view.snapshot.board == Board::Figures;
    let Some(comparison) = &view.snapshot.comparison else { return Html::default() };
    html! {
        <section
            class="board-figures" aria-label="Comparison" data-testid="board-figures" hidden={!is_shown}
        >
            { form::form(comparison, view) }
            { standing(comparison, &view.send) }
            if is_shown {
                { problems(view) }
            }
            if let Some(places) = &comparison.places {
                { figures(places, view) }
            }
        </section>
    }
}

/// How far it is, and what can be taken away.
fn standing(comparison: &ComparisonView, send: &Callback<Action>) -> Html {
    html! {
        <div class="standing">
            <progress
                aria-label="Runs" data-testid="compare-progress" hidden={!comparison.running}
                value={comparison.share.to_string()}
            />
            <div class="how-far">
                <p data-testid="compare-words">{ &comparison.words }</p>
                <button
                    type="button" data-testid="compare-cancel" hidden={!comparison.running}
                    onclick={send.reform(|_: MouseEvent| Action::Compare(Comparing::Ask(CANCEL.into())))}
                >{ "Cancel" }</button>
            </div>
            <div class="exports" role="group" aria-label="Take away" hidden={!comparison.known}>
                { for EXPORTS.iter().map(|(format, words)| {
                    let ask = format!("{{\"do\":\"export\",\"format\":\"{format}\"}}");
                    exporting(words, format!("export-{format}"), Comparing::Ask(ask), send)
                }) }
                { exporting("Copy", "export-copy".into(), Comparing::Copy, send) }
            </div>
        </div>
    }
}

/// What the worker is told if it is enough.
const CANCEL: &str = "{\"do\":\"cancel\"}";

/// What a report is saved as, by the worker's name for it.
const EXPORTS: [(&str, &str); 5] =
    [("md", "Markdown"), ("csv", "CSV"), ("json", "JSON"), ("html", "HTML"), ("svg", "SVG")];

fn exporting(words: &'static str, test_id: String, action: Comparing, send: &Callback<Action>) -> Html {
    let onclick = send.reform(move |_: MouseEvent| Action::Compare(action.clone()));
    html! { <button type="button" class="quiet" data-testid={test_id} {onclick}>{ words }</button> }
}

/// The report, and what is behind a cell of it. Both come as HTML; what is clicked in them is found by its attributes.
fn figures(places: &Places, view: &View) -> Html {
    let clicked = view.send.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(action) = report::meaning(&event) {
            if matches!(action, Action::OpenRun { .. }) {
                dialog::close_by_id(BEHIND);
            }
            clicked.emit(action);
        }
    });
    let hold = |held: bool| view.send.reform(move |_: PointerEvent| Action::Compare(Comparing::Hold(held)));
    html! {
        <>
            <div
                class="figures" data-testid="report" onclick={onclick.clone()} onpointerdown={hold(true)}
                onpointerup={hold(false)} onpointercancel={hold(false)} onpointerleave={hold(false)}
            >{ Html::VRef(places.report.clone().into()) }</div>
            <dialog class="behind" id={BEHIND} aria-label="What is behind it" data-testid="behind" {onclick}>
                <form method="dialog">
                    <button class="quiet" aria-label="Close">{ super::icon::icon(super::icon::Icon::Close) }</button>
                </form>
                { Html::VRef(places.behind.clone().into()) }
            </dialog>
        </>
    }
}
