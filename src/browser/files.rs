//! Files: the page's own, and those that a person opens or drops.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, File, HtmlInputElement, Response};

use super::words_of;

/// Larger files are not even read. The format's own limit is lower and says so itself.
pub const BYTES_MAX: f64 = 4.0 * 1024.0 * 1024.0;

/// The bytes of a file of the page, or why they could not be had.
pub async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    Ok(Uint8Array::new(&fetch_buffer(path).await?).to_vec())
}

/// The same, left in the browser's hands.
pub async fn fetch_buffer(path: &str) -> Result<JsValue, String> {
    let window = super::window().ok_or("there is no window")?;
    let answer = wait(window.fetch_with_str(path)).await?;
    let response: Response = answer.dyn_into().map_err(|_| "the answer is not one")?;
    if !response.ok() {
        return Err(format!("The server answered {}.", response.status()));
    }
    wait(response.array_buffer().map_err(|error| words_of(&error))?).await
}

/// The bytes of a person's file, or why they could not be had.
pub async fn read(file: &File) -> Result<Vec<u8>, String> {
    if file.size() > BYTES_MAX {
        let megabytes = file.size() / 1e6;
        return Err(format!("The file has {megabytes:.1} MB; a scenario has at most 1 MB."));
    }
    Ok(Uint8Array::new(&wait(file.array_buffer()).await?).to_vec())
}

/// The file that was chosen in a field, which then forgets it, so that the same one can be chosen again.
pub fn chosen(field: &HtmlInputElement) -> Option<File> {
    let file = field.files()?.get(0);
    field.set_value("");
    file
}

/// The field that an event is about.
pub fn field(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

async fn wait(promise: Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|error| words_of(&error))
}
