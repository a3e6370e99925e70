//! The panel at the side: the figures, the event log or the selected channel, and under each what identifies
//! the run.

use player::Command;
use topology::Place;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::channel::channel;
use super::facts::{facts, measured};
use super::inquiry::inquiry;
use super::keeps::keeps;
use super::ledger::ledger;
use super::log::log;
use super::promises::promises;
use super::scoreboard::scoreboard;
use super::sides::sides;
use super::{View, perhaps};
use crate::snapshot::{RunView, Sheet};
use crate::{Action, figures};

/// Empty until a scenario is open.
pub fn panel(view: &View) -> Html {
    let Some(run) = &view.snapshot.run else { return html! { <aside class="panel" /> } };
    let (shown, summary) = (view.snapshot.sheet, &run.summary);
    let tab = |sheet: Sheet, words: &str, test_id: &'static str| {
        let onclick = view.send.reform(move |_: MouseEvent| Action::Show(sheet));
        let pressed = (sheet == shown).to_string();
        html! { <button aria-pressed={pressed} data-testid={test_id} {onclick}>{ words }</button> }
    };
    // There is more to see of a channel, and of a service that keeps something.
    let sheet = |place: Place| match place {
        Place::Channel(_) => Some((Sheet::Channel, "tab-channel")),
        Place::Service(_) => run.service.as_ref().map(|_| (Sheet::Service, "tab-service")),
        Place::Client(_) => None,
    };
    let selected = run.parts.iter().find(|part| part.selected);
    let selected = selected.and_then(|part| sheet(part.place).map(|(sheet, id)| tab(sheet, &part.name, id)));
    html! {
        <aside class="panel" aria-label="Figures">
            <div class="tabs" role="group" aria-label="Show">
                { tab(Sheet::Figures, "Figures", "tab-figures") }
                { tab(Sheet::Events, "Events", "tab-events") }
                { for selected }
                if run.inquiry.is_some() {
                    { tab(Sheet::Inquiry, "Why", "tab-why") }
                }
            </div>
            if shown == Sheet::Events {
                { log(&run.log, run.transport.playing, run.followed) }
            } else if let (Sheet::Inquiry, Some(open)) = (shown, &run.inquiry) {
                { inquiry(open, &view.send) }
            } else if let (Sheet::Service, Some(selected)) = (shown, &run.service) {
                { keeps(selected) }
            } else if let Some(selected) = &run.channel {
                { channel(selected, &view.send) }
            } else {
                <div class="sheet">
                    { scoreboard(summary.cases, run.waiting, summary.response, view) }
                    { sides(&summary.checks) }
                    { promises(&summary.checks, &view.send) }
                    { ledger(&summary.ledger, view) }
                    { facts(&summary.facts, view) }
                    { measured(&summary.figures) }
                    { interventions(run, &view.send) }
                    { about(run) }
                </div>
            }
            { identity(run, &view.send) }
        </aside>
    }
}

fn interventions(run: &RunView, send: &Callback<Action>) -> Html {
    if run.interventions.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block interventions" aria-label="Done by hand">
            <h2>{ "Done by hand" }</h2>
            <ol>{ for run.interventions.iter().map(|words| html! { <li>{ words }</li> }) }</ol>
            <button
                class="lever" data-testid="forget"
                onclick={send.reform(|_: MouseEvent| Action::Run(Command::ForgetInterventions))}
            >{ "Forget and restart" }</button>
        </section>
    }
}

/// What the scenario shows, and how its variants differ.
fn about(run: &RunView) -> Html {
    if run.about.is_empty() && run.variants.iter().all(|variant| variant.about.is_empty()) {
        return Html::default();
    }
    html! {
        <section class="block about-all" aria-label="About">
            <h2>{ &run.title }</h2>
            <p>{ &run.about }</p>
            <dl>{ for run.variants.iter().filter(|it| !it.about.is_empty()).map(|it| html! {
                <div><dt>{ &it.name }</dt><dd>{ &it.about }</dd></div>
            }) }</dl>
        </section>
    }
}

/// Same scenario, variant, seed and interventions: same digest.
fn identity(run: &RunView, send: &Callback<Action>) -> Html {
    let onchange = perhaps(send, |event: Event| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        field.value().trim().parse().ok().map(Action::SetSeed)
    });
    let verdict = match run.same_again {
        Some(true) => Some(("same", "same as the run before")),
        Some(false) => Some(("differs", "not what the run before had")),
        None => None,
    };
    html! {
        <section class="identity" aria-label="This run">
            <label>{ "seed" }
                <input
                    type="text" inputmode="numeric" size="6" data-testid="seed"
                    value={run.seed.to_string()} {onchange}
                />
            </label>
            <p title="The same scenario, variant, seed and interventions give the same digest, on every machine.">
                <span>{ "digest" }</span>
                <code data-testid="digest">{ &run.summary.digest }</code>
                <small data-testid="same-again" class={classes!(verdict.map(|it| it.0))}>
                    { verdict.map_or_else(
                        || format!("{} records", figures::count(run.summary.records)),
                        |it| it.1.to_owned(),
                    ) }
                </small>
            </p>
        </section>
    }
}
