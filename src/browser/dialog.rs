//! Dialogs, which the browser opens over everything and closes with the escape key.

use web_sys::HtmlDialogElement;

/// Shows a dialog, and nothing else gets a key until it is closed.
pub fn show(dialog: &HtmlDialogElement) {
    // It is open already, or it is not part of the page any more.
    let _ = dialog.show_modal();
}
