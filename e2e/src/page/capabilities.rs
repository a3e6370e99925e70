//! How Chromium is started: as the tests of wasm-bindgen start it, from the file in the root that they read.

use crate::failure::{Failure, Outcome};
use serde_json::{Map, Value, json};
use std::env;

const SHARED: &str = include_str!("../../../webdriver.json");

pub fn read() -> Outcome<Map<String, Value>> {
    let parsed: Value = serde_json::from_str(SHARED)
        .map_err(|error| Failure::new(format!("webdriver.json does not parse: {error}.")))?;
    let Value::Object(mut capabilities) = parsed else {
        return Err(Failure::new("webdriver.json is not an object."));
    };
    if let Ok(chromium) = env::var("SIGNALBOX_CHROMIUM") {
        capabilities["goog:chromeOptions"]["binary"] = Value::String(chromium);
    }
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    Ok(capabilities)
}
