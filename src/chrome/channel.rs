//! The selected channel: what it is, what it holds, and how it is set.

mod holds;
mod kinds;
mod parameters;

use yew::prelude::*;

use crate::Action;
use crate::snapshot::ChannelView;

/// The sheet of a channel.
pub fn channel(view: &ChannelView, send: &Callback<Action>) -> Html {
    html! {
        <div class="sheet" data-testid="channel">
            { kinds::kind(view, send) }
            { holds::holds(view, send) }
            { parameters::parameters(view, send) }
        </div>
    }
}

/// A name that may be broken after each of its words.
pub(super) fn breakable(name: &str) -> Html {
    html! { { for name.split_inclusive('_').map(|word| html! { <>{ word.to_owned() }<wbr /></> }) } }
}

/// A text in which `code` stands between backticks.
fn marked(text: &str) -> Html {
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => html! { { piece.to_owned() } },
        _ => html! { <code>{ piece.to_owned() }</code> },
    };
    html! { { for text.split('`').enumerate().map(piece) } }
}
