//! A comparison by itself, for tests and measurements.

use std::cell::RefCell;
use std::rc::Rc;

use crate::browser::worker::{Lead, Told};

/// Compares what `begin` says in a worker of its own. `done` is called with the JSON text, or with what is wrong.
pub fn once(text: &str, begin: String, done: Rc<dyn Fn(Result<String, String>)>) {
    let opening = super::opening(text);
    let lead: Rc<RefCell<Option<Lead>>> = Rc::default();
    let (kept, finish) = (lead.clone(), done.clone());
    let hear = move |told: Told| {
        let answer = match told.kind().as_str() {
            "over" => {
                if let Some(lead) = kept.borrow().as_ref() {
                    lead.ask("{\"do\":\"export\",\"format\":\"json\"}");
                }
                return;
            }
            "file" => Ok(told.text("text")),
            "problem" => Err(told.text("words")),
            "broken" => Err(told.text("")),
            _ => return,
        };
        // The worker is ended, and whoever hears it with it, when nobody is listening any more.
        let lead = kept.clone();
        wasm_bindgen_futures::spawn_local(async move { drop(lead.take()) });
        finish(answer);
    };
    wasm_bindgen_futures::spawn_local(async move {
        match Lead::start(Rc::new(hear)).await {
            Ok(started) => {
                started.ask(&opening);
                started.ask(&begin);
                *lead.borrow_mut() = Some(started);
            }
            Err(reason) => done(Err(reason)),
        }
    });
}
