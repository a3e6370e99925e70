//! The panel at the side: the figures or the event log, and under both what identifies the run.

use player::Command;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::View;
use super::ledger::LedgerView;
use super::log::Log;
use super::perhaps;
use super::promises::Promises;
use super::scoreboard::Scoreboard;
use crate::snapshot::RunView;
use crate::{Action, figures};

#[component]
pub fn Panel(view: &View) -> Html {
    let shows_log = use_state(|| false);
    let Some(run) = &view.snapshot.run else { return html! { <aside class="panel" /> } };
    let tab = |log: bool, name: &'static str| {
        let (shows_log, send) = (shows_log.clone(), view.send.clone());
        let pressed = (*shows_log == log).to_string();
        let onclick = move |_: MouseEvent| {
            shows_log.set(log);
            send.emit(Action::ShowLog(log));
        };
        html! { <button aria-pressed={pressed} data-testid={format!("tab-{name}")} {onclick}>{ name }</button> }
    };
    html! {
        <aside class="panel" aria-label="Figures">
            <div class="tabs" role="group" aria-label="Show">
                { tab(false, "figures") }
                { tab(true, "events") }
            </div>
            if *shows_log {
                <Log lines={run.log.clone()} playing={run.transport.playing} />
            } else {
                <div class="sheet">
                    <Scoreboard cases={run.summary.cases} waiting={run.waiting} response={run.summary.response} />
                    <LedgerView ledger={run.summary.ledger.clone()} />
                    <Promises checks={run.summary.checks.clone()} facts={run.summary.facts.clone()} />
                    { interventions(run, &view.send) }
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
