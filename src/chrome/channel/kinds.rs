//! What a channel is, and what it could be instead.

use channel::{PROFILES, Profile};
use yew::prelude::*;

use super::marked;
use crate::Action;
use crate::chrome::modelled::modelled;
use crate::snapshot::ChannelView;

/// Calls pass through no channel.
const NO_CHANNEL: &str = "http";

/// The profile of a channel, and the list of the others while it is open.
pub fn kind(view: &ChannelView, send: &Callback<Action>) -> Html {
    let known = channel::profile(view.kind);
    let shown = !view.kinds;
    html! {
        <section class="block kind" aria-label="Kind of channel">
            <h2 data-testid="kind">{ view.kind }</h2>
            { for known.map(|profile| html! {
                <>
                    <p>{ marked(profile.about) }</p>
                    <p class="source">{ profile.product }{ ". " }{ modelled(profile.name, "modelled") }</p>
                </>
            }) }
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
    let name = profile.name;
    html! {
        <li>
            <button
                data-testid={format!("kind-{name}")} aria-pressed={(name == chosen).to_string()}
                aria-label={name} aria-description={profile.about}
                onclick={send.reform(move |_: MouseEvent| Action::SetKind(name))}
            ><b>{ name }</b><span>{ marked(profile.about) }</span></button>
        </li>
    }
}
