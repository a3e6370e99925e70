//! What the page offers to measurements and tests, as `window.signalbox`:
//!
//! | call | |
//! |---|---|
//! | `open(text, name)` | opens a scenario, as if a file of that name had been dropped |
//! | `await measure()` | runs what is open from its start to its end at full speed, through the same frames as ever; answers `{ occurrences, seconds, engine_seconds }`: how much happened, how long the page took, and how much of that the player took |
//! | `await compare(options)` | compares what is open in a worker of its own; answers the same JSON text as `signalbox compare` and `sweep`. The options are what the worker is asked to begin: `{ wishes, seeds, first, warm_up, precision, independent, probes, sweep, jobs }` |
//! | `await frames(count)` | the mean of the milliseconds of script that each of the next frames takes |

use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::comparison::once;
use crate::measure::Measured;
use crate::{Action, Desk};

const NAME: &str = "signalbox";

/// Puts the hook on the window.
pub fn install(desk: &Desk) {
    let hook = object(&[
        ("open", open(desk.clone())),
        ("measure", measure(desk.clone())),
        ("compare", compare(desk.clone())),
        ("frames", frames(desk.clone())),
    ]);
    if let Some(window) = super::window() {
        // The window takes any property.
        let _ = Reflect::set(&window, &NAME.into(), &hook);
    }
}

fn open(desk: Desk) -> JsValue {
    let call = move |text: String, name: String| {
        desk.send(Action::Open { name, bytes: text.into_bytes() });
    };
    Closure::<dyn Fn(String, String)>::new(call).into_js_value()
}

fn measure(desk: Desk) -> JsValue {
    let call = move || {
        Promise::new(&mut |resolve: Function, _| {
            let answer = move |measured: Measured| {
                // The promise's own function takes any value.
                let _ = resolve.call1(&JsValue::NULL, &result(measured));
            };
            desk.measure(Box::new(answer));
        })
    };
    Closure::<dyn Fn() -> Promise>::new(call).into_js_value()
}

fn compare(desk: Desk) -> JsValue {
    let call = move |options: JsValue| {
        let text = desk.scenario_text().unwrap_or_default();
        Promise::new(&mut |resolve: Function, reject: Function| {
            let begin: Object = object(&[("do", "begin".into())]).unchecked_into();
            if let Some(options) = options.dyn_ref() {
                Object::assign(&begin, options);
            }
            // What cannot be written as JSON is no option.
            let begin = js_sys::JSON::stringify(&begin).map(String::from).unwrap_or_default();
            let done = move |answer: Result<String, String>| {
                // The promise's own functions take any value.
                let _ = match answer {
                    Ok(json) => resolve.call1(&JsValue::NULL, &json.into()),
                    Err(words) => reject.call1(&JsValue::NULL, &js_sys::Error::new(&words)),
                };
            };
            once(&text, begin, Rc::new(done));
        })
    };
    Closure::<dyn Fn(JsValue) -> Promise>::new(call).into_js_value()
}

fn frames(desk: Desk) -> JsValue {
    let call = move |count: f64| {
        Promise::new(&mut |resolve: Function, _| {
            let answer = move |mean_ms: f64| {
                // The promise's own function takes any value.
                let _ = resolve.call1(&JsValue::NULL, &mean_ms.into());
            };
            desk.measure_frames(count as u32, Box::new(answer));
        })
    };
    Closure::<dyn Fn(f64) -> Promise>::new(call).into_js_value()
}

fn result(measured: Measured) -> JsValue {
    object(&[
        ("occurrences", (measured.occurrences as f64).into()),
        ("seconds", (measured.page_ms / 1e3).into()),
        ("engine_seconds", (measured.engine_ms / 1e3).into()),
    ])
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
