//! The worker that compares: a second wasm, fetched when it is first wanted.

use std::rc::Rc;

use js_sys::{Reflect, WebAssembly};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, Worker};

use super::listener::Listener;
use super::{files, words_of};

/// The wasm, and the script that starts it when it is sent there. The script has another one beside it, and a worker
/// may start more such workers without compiling again.
const WASM: &str = "worker_bg.wasm";
const SCRIPT: &str = "start-worker.js";

/// A worker that lives as long as this.
pub struct Lead {
    worker: Worker,
    _listeners: [Option<Listener>; 2],
}

/// What the worker tells: a plain object, or why there will be nothing more.
pub struct Told(JsValue);

impl Lead {
    /// Starts it. `hear` is called with whatever it tells.
    pub async fn start(hear: Rc<dyn Fn(Told)>) -> Result<Lead, String> {
        let compiling = WebAssembly::compile(&files::fetch_buffer(WASM).await?);
        let module = JsFuture::from(compiling).await.map_err(|error| words_of(&error))?;
        let worker = Worker::new(SCRIPT).map_err(|error| words_of(&error))?;
        let failed = hear.clone();
        let listeners = [
            Listener::new(&worker, "message", move |event: MessageEvent| hear(Told(event.data()))),
            Listener::new(&worker, "error", move |event: Event| {
                event.prevent_default();
                failed(Told(
                    format!("What compares in the background broke down: {}", words_of(&event)).into(),
                ));
            }),
        ];
        worker.post_message(&module).map_err(|error| words_of(&error))?;
        Ok(Lead { worker, _listeners: listeners })
    }

    /// Asks it something, in JSON.
    pub fn ask(&self, text: &str) {
        // A text can always be sent.
        let _ = self.worker.post_message(&text.into());
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Told {
    /// Of what kind it is; `broken` if it is the last, and then [`Told::text`] has the words.
    pub fn kind(&self) -> String {
        if self.0.is_string() { "broken".into() } else { self.text("tell") }
    }

    /// A text in it.
    pub fn text(&self, name: &str) -> String {
        self.0.as_string().or_else(|| self.get(name)?.as_string()).unwrap_or_default()
    }

    /// A number in it.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(|value| value.as_f64()).unwrap_or_default()
    }

    fn get(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &name.into()).ok()
    }
}
