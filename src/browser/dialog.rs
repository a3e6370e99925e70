//! Dialogs, which the browser opens over everything and closes with the escape key.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// Shows a dialog, and nothing else gets a key until it is closed.
pub fn show(dialog: &HtmlDialogElement) {
    // It is open already, or it is not part of the page any more.
    let _ = dialog.show_modal();
}

/// The same for the dialog of that id.
pub fn show_by_id(id: &str) {
    if let Some(dialog) = by_id(id) {
        show(&dialog);
    }
}

/// Closes the dialog of that id, if it is open.
pub fn close_by_id(id: &str) {
    if let Some(dialog) = by_id(id) {
        dialog.close();
    }
}

fn by_id(id: &str) -> Option<HtmlDialogElement> {
    super::element(id)?.dyn_into().ok()
}
