//! Comparing by figures.

use yew::prelude::*;

use super::View;

/// What the board shows.
pub fn board(_view: &View) -> Html {
    html! { <section class="board-figures" aria-label="Comparison" data-testid="board-figures" /> }
}
