//! The keys, and what the signs on the stage mean.

use yew::prelude::*;

use super::icon::{Icon, icon};
use super::modelled::modelled;
use crate::keys;

/// A dialog that is closed until [`crate::browser::dialog::show`], and closes itself.
pub fn help(dialog: &NodeRef) -> Html {
    html! {
        <dialog class="help" ref={dialog.clone()} aria-label="Keys and signs" data-testid="help">
            <form method="dialog">
                <h2>{ "Keys and signs" }</h2>
                <button class="quiet" aria-label="Close">{ icon(Icon::Close) }</button>
            </form>
            <div class="columns">
                <dl class="keys">{ for keys::LIST.iter().map(|(key, does)| html! {
                    <div><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></div>
                }) }</dl>
                <dl class="signs">{ for SIGNS.iter().map(sign) }</dl>
            </div>
            <p class="foot">
                { "What each kind of channel does, and where that is known from: " }
                { modelled("", "modelled-help") }
            </p>
        </dialog>
    }
}

/// How the stage draws things, with paths on a square of 20 units: filled, and lines.
const SIGNS: [(&str, &str, &str, &str); 11] = [
    ("a command: asks somebody to do something", "ink", "M5 4h5l5 6-5 6H5l5-6z", ""),
    ("an event: tells that something happened", "ink", "M10 5a5 5 0 1 1 0 10a5 5 0 0 1 0-10z", ""),
    ("a reply", "ink", "", "M10 5a5 5 0 1 1 0 10a5 5 0 0 1 0-10z"),
    ("an acknowledgement", "ink", "", "M5 10.5l3.5 3.5L15 6"),
    (
        "a copy that the network made",
        "ink",
        "M10 6.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7z",
        "M10 4a6 6 0 1 1 0 12a6 6 0 0 1 0-12z",
    ),
    ("a worker at work", "lamp", "M10 5a5 5 0 1 1 0 10a5 5 0 0 1 0-10z", ""),
    (
        "a worker that waits: for an answer, or for its time",
        "amber",
        "M10 5a5 5 0 1 1 0 10a5 5 0 0 1 0-10z",
        "",
    ),
    (
        "a service that keeps something over a crash",
        "ink",
        "",
        "M5 6v8c0 2.6 10 2.6 10 0V6M5 6c0-2.6 10-2.6 10 0s-10 2.6-10 0",
    ),
    ("a call: the line is taut while the caller waits", "ink", "", "M2 10h16M2 6v8M18 6v8"),
    ("a message that is lost falls from its line", "loss", "", "M4 4h12M10 7v8M7 12.5l3 3 3-3"),
    (
        "side by side: answered elsewhere, and still waiting here; in red: refused here",
        "amber",
        "",
        "M10 3a7 7 0 1 1 0 14a7 7 0 0 1 0-14z",
    ),
];

fn sign(&(words, tone, filled, lines): &(&'static str, &'static str, &'static str, &'static str)) -> Html {
    html! {
        <div>
            <dt>
                <svg class={classes!("icon", tone)} viewBox="0 0 20 20" aria-hidden="true">
                    <path d={filled} fill="currentColor" />
                    <path d={lines} fill="none" stroke="currentColor" stroke-width="1.6" />
                </svg>
            </dt>
            <dd>{ words }</dd>
        </div>
    }
}
