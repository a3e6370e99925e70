//! Everything the page asks of the browser. No other folder names its globals.

pub mod canvas;
pub mod clock;
pub mod dialog;
pub mod drops;
pub mod exports;
pub mod fields;
pub mod files;
pub mod fragment;
pub mod frames;
pub mod hook;
pub mod keyboard;
pub mod listener;
pub mod theme;
pub mod worker;

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, Window};

/// The window, as long as this runs in one.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The element of that id.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// What an exception says.
pub(crate) fn words_of(error: &JsValue) -> String {
    let told = js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    told.or_else(|| error.as_string()).unwrap_or_else(|| "the browser does not say why".into())
}
