//! Keys, and whether they are meant for the page or for what has the focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// A key that is meant for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name, as the browser gives it.
    pub name: String,
}

/// What wants every key for itself.
const TYPING: &str = "input:not([type=range]), select, textarea, [contenteditable], dialog[open] *";
/// What does something of its own with the space bar and the enter key, if it was reached by keyboard.
const PRESSED: &str = "button:focus-visible, a:focus-visible, summary:focus-visible";
/// What the arrows move, if it was reached by keyboard or holds the pointer's focus.
const SLIDER: &str = "input[type=range]";

/// The key of an event, unless the focus has a better right to it.
pub fn key_for_page(event: &KeyboardEvent) -> Option<Key> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let name = event.key();
    let focused = super::document().and_then(|document| document.active_element());
    let focus_is = |selector: &str| {
        focused.as_ref().is_some_and(|element: &Element| element.matches(selector).unwrap_or(false))
    };
    let taken = focus_is(TYPING)
        || (matches!(name.as_str(), " " | "Enter") && focus_is(PRESSED))
        || (matches!(name.as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End") && focus_is(SLIDER));
    (!taken).then_some(Key { name })
}

/// Puts the focus on the first element that a selector finds.
pub fn focus(selector: &str) {
    let found = super::document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What cannot have the focus does not get it.
        let _ = element.focus();
    }
}
