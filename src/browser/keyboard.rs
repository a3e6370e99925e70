//! Keys, and whether they are meant for the page or for what has the focus.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

use super::listener::Listener;

/// A key that is meant for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name, as the browser gives it.
    pub name: String,
}

/// What wants every key for itself.
const TYPING: &str = "input:not([type=range]), select, textarea, [contenteditable]";
/// What does something of its own with the space bar and the enter key.
const PRESSED: &str = "button, a, summary";
/// What the arrows move.
const SLIDER: &str = "input[type=range]";

/// The key of an event, unless the focus has a better right to it.
pub fn key_for_page(event: &KeyboardEvent) -> Option<Key> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let name = event.key();
    let taken = dialog_is_open()
        || focus_is(TYPING)
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

/// What was pressed or moved with a pointer does not keep the focus, so that the space bar still plays and the
/// arrow still steps. Who goes from button to button by keyboard keeps it.
pub fn leave_what_was_pointed_at() -> Vec<Listener> {
    let by_pointer = Rc::new(Cell::new(false));
    let (down, key, changed) = (by_pointer.clone(), by_pointer.clone(), by_pointer.clone());
    let leave = |by_pointer: &Cell<bool>, what: &str| {
        if by_pointer.get() && focus_is(what) {
            leave_focus();
        }
    };
    let listeners = [
        Listener::on_window("pointerdown", move |_: PointerEvent| down.set(true)),
        Listener::on_window("keydown", move |_: KeyboardEvent| key.set(false)),
        Listener::on_window("click", move |_: Event| leave(&by_pointer, "button, input[type=range]")),
        // A click only opens the choice.
        Listener::on_window("change", move |_: Event| leave(&changed, "select")),
    ];
    listeners.into_iter().flatten().collect()
}

/// Who clicks beside what is in a dialog leaves the focus nowhere, and still means the dialog.
fn dialog_is_open() -> bool {
    super::document().is_some_and(|document| matches!(document.query_selector("dialog[open]"), Ok(Some(_))))
}

fn focused() -> Option<HtmlElement> {
    super::document()?.active_element()?.dyn_into().ok()
}

fn focus_is(selector: &str) -> bool {
    focused().is_some_and(|element| element.matches(selector).unwrap_or(false))
}

fn leave_focus() {
    if let Some(element) = focused() {
        // What cannot lose the focus keeps it.
        let _ = element.blur();
    }
}
