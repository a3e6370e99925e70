//! WebDriver endpoints that the client has no method for: accessible names and roles, the console, the devtools.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::Value;
use url::{ParseError, Url};

/// A path below the session's, and what is posted to it.
#[derive(Debug)]
pub struct Endpoint {
    path: String,
    body: Option<Value>,
}

impl Endpoint {
    /// What assistive technology calls an element.
    pub fn accessible_name(element: &str) -> Self {
        Endpoint { path: format!("element/{element}/computedlabel"), body: None }
    }

    /// What assistive technology takes an element for.
    pub fn accessible_role(element: &str) -> Self {
        Endpoint { path: format!("element/{element}/computedrole"), body: None }
    }

    /// What was written to the console since the last time.
    pub fn console() -> Self {
        Endpoint { path: "se/log".to_owned(), body: Some(serde_json::json!({ "type": "browser" })) }
    }

    /// A command of the Chrome DevTools protocol.
    pub fn devtools(command: &str, parameters: Value) -> Self {
        let body = serde_json::json!({ "cmd": command, "params": parameters });
        Endpoint { path: "goog/cdp/execute".to_owned(), body: Some(body) }
    }
}

impl WebDriverCompatibleCommand for Endpoint {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.to_string())),
            None => (Method::GET, None),
        }
    }
}
