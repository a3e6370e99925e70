//! The lever frame: every part as a button, and what can be done to the selected one. It is also how the stage
//! is read without seeing it.

use player::Command;
use topology::Act;
use yew::prelude::*;

use super::View;
use crate::Action;
use crate::levers::Lever;
use crate::snapshot::{PartView, RunView};

/// The parts, and the levers of the selected one.
pub fn levers(view: &View) -> Html {
    let Some(run) = &view.snapshot.run else { return Html::default() };
    html! {
        <section class="levers" aria-label="Parts">
            <ul class="parts">{ for run.parts.iter().map(|part| part_button(part, &view.send)) }</ul>
            { selected(run, &view.send) }
        </section>
    }
}

fn part_button(part: &PartView, send: &Callback<Action>) -> Html {
    let place = (!part.selected).then_some(part.place);
    html! {
        <li key={part.name.clone()}>
            <button
                class={classes!("part", (!part.up).then_some("down"))}
                data-testid={format!("part-{}", part.name)}
                aria-pressed={part.selected.to_string()} aria-description={part.description.clone()}
                onclick={send.reform(move |_: MouseEvent| Action::Select(place))}
            >{ part.name.clone() }</button>
        </li>
    }
}

fn selected(run: &RunView, send: &Callback<Action>) -> Html {
    let Some(part) = run.parts.iter().find(|part| part.selected) else {
        return html! { <p class="hint">{ "Choose a part to crash it, slow it down or cut its links." }</p> };
    };
    html! {
        <>
            <p class="what" data-testid="selected" title={part.description.clone()}>{ &part.description }</p>
            <div class="row" role="group" aria-label={format!("What can be done to {}", part.name)}>
                { for run.levers.iter().map(|lever| lever_button(lever, send)) }
            </div>
        </>
    }
}

fn lever_button(lever: &Lever, send: &Callback<Action>) -> Html {
    let act: Act = lever.act;
    html! {
        <button
            data-testid={lever.test_id}
            class={classes!("lever", lever.mends.then_some("thrown"))}
            onclick={send.reform(move |_: MouseEvent| Action::Run(Command::Inject(act)))}
        >{ &lever.label }</button>
    }
}
