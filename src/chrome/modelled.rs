//! Links to the page that says what of the real products is simulated, and where that is known from.

use yew::prelude::*;

/// A link to what is said of one profile; of all, if it has no name.
pub fn modelled(profile: &str, test_id: &'static str) -> Html {
    let href =
        if profile.is_empty() { "modelled.html".to_owned() } else { format!("modelled.html#{profile}") };
    html! { <a {href} target="_blank" rel="noopener" data-testid={test_id}>{ "What is modelled" }</a> }
}
