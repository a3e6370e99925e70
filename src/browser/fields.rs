//! What stands in the fields of a form, and texts as they stand in JSON.

use wasm_bindgen::JsValue;
use web_sys::{FormData, HtmlFormElement};

/// The fields of a form.
pub struct Fields(Option<FormData>);

impl Fields {
    /// As they are now.
    pub fn of(form: &HtmlFormElement) -> Fields {
        Fields(FormData::new_with_form(form).ok())
    }

    /// What stands in a field, without space around it; empty if there is none, or if it is a box without its tick.
    pub fn text(&self, name: &str) -> String {
        let text = self.0.as_ref().and_then(|fields| fields.get(name).as_string()).unwrap_or_default();
        text.trim().into()
    }

    /// What the ticked ones of several boxes stand for.
    pub fn all(&self, name: &str) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(fields) = &self.0 {
            all.extend(fields.get_all(name).iter().filter_map(|value| value.as_string()));
        }
        all
    }
}

/// A text as it stands in JSON.
pub fn quoted(text: &str) -> String {
    // A text always can be written so.
    js_sys::JSON::stringify(&JsValue::from_str(text)).map(String::from).unwrap_or_default()
}
