//! The strip at the top: what is open, which variant of it runs, and how the page looks.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::{Icon, icon};
use super::modelled::modelled;
use super::{View, perhaps};
use crate::browser::theme::{self, Theme};
use crate::snapshot::{Board, RunView};
use crate::{Action, PRESETS};

/// `choose_file` lets a person choose one, `help` shows the keys.
pub fn masthead(view: &View, choose_file: Callback<MouseEvent>, help: Callback<MouseEvent>) -> Html {
    let run = view.snapshot.run.as_ref();
    // The other boards choose among all.
    let alone = run.filter(|_| view.snapshot.board == Board::Stage);
    let night = theme::current() == Theme::Night;
    let send = |action: Action| view.send.reform(move |_: MouseEvent| action.clone());
    let look = if night { (Icon::Sun, "Day colours") } else { (Icon::Moon, "Night colours") };
    html! {
        <header class="masthead">
            <h1 class="brand">{ icon(Icon::Mark) }<span>{ "Signalbox" }</span></h1>
            { preset_choice(run, &view.send) }
            // Each has a place of its own, so that a button keeps its focus when the one beside it comes or goes.
            { alone.map(|run| variant_choice(run, &view.send)).unwrap_or_default() }
            { alone.and_then(|run| flip(run, &view.send)).unwrap_or_default() }
            { boards(view) }
            <div class="tools">
                { modelled("", "modelled-all") }
                <button
                    class="quiet" data-testid="open" title="Open a scenario file (O)"
                    aria-label="Open a file"
                    onclick={choose_file}
                >{ icon(Icon::Open) }<span class="word">{ "Open" }</span></button>
                <button
                    class="quiet" data-testid="theme" title={format!("{} (T)", look.1)} aria-label={look.1}
                    onclick={send(Action::SetTheme(theme::current().other()))}
                >{ icon(look.0) }</button>
                <button
                    class="quiet" data-testid="keys" title="Keys and signs (?)" aria-label="Keys and signs"
                    onclick={help}
                >{ icon(Icon::Keys) }</button>
            </div>
        </header>
    }
}

/// What the page is used for.
fn boards(view: &View) -> Html {
    let button = |board: Board| {
        // The panel has a button of the name Figures, too.
        let (words, name, test_id) = match board {
            Board::Stage => ("Stage", "Stage", "show-stage"),
            Board::SideBySide => ("Side by side", "Side by side", "show-side-by-side"),
            Board::Figures => ("Figures", "Figures of many runs", "show-figures"),
        };
        let pressed = (board == view.snapshot.board).to_string();
        let onclick = view.send.reform(move |_: MouseEvent| Action::ShowBoard(board));
        html! { <button data-testid={test_id} title="Next (B)" aria-label={name} aria-pressed={pressed} {onclick}>{ words }</button> }
    };
    html! { <div class="boards" role="group" aria-label="Board">{ for Board::ALL.into_iter().map(button) }</div> }
}

fn preset_choice(run: Option<&RunView>, send: &Callback<Action>) -> Html {
    let open = run.map(|run| run.file.as_str());
    let own = run.filter(|run| PRESETS.iter().all(|preset| preset.file != run.file));
    let onchange = perhaps(send, |event: Event| {
        let select: HtmlSelectElement = event.target_dyn_into()?;
        Some(Action::OpenPreset(select.value()))
    });
    html! {
        <select class="preset" data-testid="preset" aria-label="Scenario" {onchange}>
            if let Some(own) = own {
                <option value={own.file.clone()} selected={true}>{ own.title.clone() }</option>
            }
            { for PRESETS.iter().map(|preset| html! {
                <option key={preset.file} value={preset.file} selected={open == Some(preset.file)}>
                    { preset.title }
                </option>
            }) }
        </select>
    }
}

fn variant_choice(run: &RunView, send: &Callback<Action>) -> Html {
    if run.variants.len() < 2 {
        return Html::default();
    }
    html! {
        <div class="segments" role="group" aria-label="Variant">
            { for run.variants.iter().enumerate().map(|(index, variant)| html! {
                <button
                    key={variant.name.clone()} data-testid={format!("variant-{}", variant.name)}
                    title={variant.about.clone()} aria-pressed={(index == run.variant).to_string()}
                    onclick={send.reform(move |_: MouseEvent| Action::ChooseVariant(index))}
                >
                    { &variant.name }
                    if !variant.cures.is_empty() {
                        <small title={format!("cures {}", variant.cures.join(", "))}>{ "cure" }</small>
                    }
                </button>
            }) }
        </div>
    }
}

/// From a failure to its cure, or back.
fn flip(run: &RunView, send: &Callback<Action>) -> Option<Html> {
    let (here, there) = (run.variants.get(run.variant)?, run.variants.get(run.counterpart?)?);
    let words = if here.cures.is_empty() { "See it cured" } else { "See it fail" };
    let title = format!("{}, with the same seed and at the same time (V)", there.name);
    Some(html! {
        <button
            class="flip" data-testid="flip" {title}
            onclick={send.reform(|_: MouseEvent| Action::Flip)}
        >{ words }</button>
    })
}
