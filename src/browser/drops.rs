//! Files that are dragged over the window and dropped on it.

use web_sys::{DragEvent, File};

use super::listener::Listener;
use crate::Desk;

/// Set on the page while a file is over it.
const ATTRIBUTE: &str = "data-dragged";

/// Opens what is dropped, for as long as the listeners live.
pub fn listeners(desk: &Desk) -> Vec<Listener> {
    let desk = desk.clone();
    let listeners = [
        Listener::on_window("dragover", |event: DragEvent| {
            if carries_files(&event) {
                event.prevent_default();
                show(true);
            }
        }),
        Listener::on_window("dragleave", |event: DragEvent| {
            // It leaves one element for another all the time; only the window's edge counts.
            if event.related_target().is_none() {
                show(false);
            }
        }),
        Listener::on_window("drop", move |event: DragEvent| {
            show(false);
            if let Some(file) = dropped(&event) {
                event.prevent_default();
                desk.open_file(file);
            }
        }),
    ];
    listeners.into_iter().flatten().collect()
}

/// Files, rather than a selection of text.
fn carries_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&"Files".into(), 0))
}

fn dropped(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}

fn show(dragged: bool) {
    if let Some(root) = super::document().and_then(|document| document.document_element()) {
        // The attribute's name is valid, so this cannot fail.
        let _ = root.toggle_attribute_with_force(ATTRIBUTE, dragged);
    }
}
