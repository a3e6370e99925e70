//! What leaves the page: as a file, or through the clipboard.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Gives a person a file.
pub fn save(name: &str, media_type: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options);
    let Some(address) = blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).ok() else { return };
    if let Some(link) = super::fragment::element("a").and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // Names of attributes are valid.
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", name);
        link.click();
    }
    // The browser has the file by now.
    let _ = Url::revoke_object_url(&address);
}

/// Puts a text into the clipboard, and says whether it is there.
pub async fn copy(text: &str) -> bool {
    let Some(window) = super::window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Pages from a foreign host have none, unless they come encrypted.
    !clipboard.is_undefined()
        && wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
