//! What a channel is, and what it could be instead.

use channel::{PROFILES, Profile};
use yew::prelude::*;

use super::marked;
use crate::Action;
use crate::browser::keyboard;
use crate::chrome::modelled::modelled;
use crate::snapshot::ChannelView;

/// Calls pass through no channel.
const NO_CHANNEL: &str = "http";

/// The profile of a channel, and the list of the others while it is open.
pub fn kind(view: &ChannelView, send: &Callback<Action>) -> Html {
    let shown = !view.kinds;
    html! {
        <section class="block kind" aria-label="Kind of channel">
            <h2 data-testid="kind">{ view.kind }</h2>
            if let Some(profile) = channel::profile(view.kind) {
                <p>{ marked(profile.about) }</p>
                <p class="source">{ profile.product }{ ". " }{ modelled(profile.name, "modelled") }</p>
            }
            <button
                class="lever" data-testid="kinds" aria-expanded={view.kinds.to_string()}
                onclick={send.reform(move |_: MouseEvent| Action::ShowKinds(shown))}
            >{ "Change kind" }</button>
            if view.kinds {
                <ul class="kinds" aria-label="Kinds of channel">
                    { for PROFILES.iter().filter(|it| it.name != NO_CHANNEL).map(|it| choice(it, view.kind, send)) }
                </ul>
            }
        </section>
    }
}

fn choice(profile: &'static Profile, chosen: &str, send: &Callback<Action>) -> Html {
    let (name, send) = (profile.name, send.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        send.emit(Action::SetKind(name));
        // The list closes, and whoever goes by keyboard goes on where it was opened.
        keyboard::focus("[data-testid=kinds]");
    });
    html! {
        <li>
            <button
                data-testid={format!("kind-{name}")} aria-pressed={(name == chosen).to_string()}
                aria-label={name} aria-description={profile.about} {onclick}
            ><b>{ name }</b><span>{ marked(profile.about) }</span></button>
        </li>
    }
}
