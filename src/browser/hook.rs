//! What the page offers to measurements: `await window.signalbox.measure(seconds)` plays the open run to its end at
//! full speed, through the same frames as ever, until the engine was busy for so long (2 s if not said), and
//! answers `{ events, engine_seconds, page_seconds, events_per_second }`. The last counts the engine's time.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::Desk;
use crate::measure::Measured;

const NAME: &str = "signalbox";
const USUAL_SECONDS: f64 = 2.0;

/// Puts the hook on the window.
pub fn install(desk: &Desk) {
    let desk = desk.clone();
    let measure = Closure::<dyn Fn(JsValue) -> Promise>::new(move |seconds: JsValue| {
        let wanted_ms = seconds.as_f64().unwrap_or(USUAL_SECONDS) * 1e3;
        let desk = desk.clone();
        Promise::new(&mut |resolve, _| {
            let answer = move |measured: Measured| {
                // The promise's own function takes any value.
                let _ = resolve.call1(&JsValue::NULL, &object(measured));
            };
            desk.measure(wanted_ms, Box::new(answer));
        })
    });
    let hook = Object::new();
    if let Some(window) = super::window()
        && Reflect::set(&hook, &"measure".into(), &measure.into_js_value()).is_ok()
    {
        let target: &JsValue = window.unchecked_ref();
        // The window takes any property.
        let _ = Reflect::set(target, &NAME.into(), &hook);
    }
}

fn object(measured: Measured) -> JsValue {
    let engine_seconds = measured.engine_ms / 1e3;
    let fields = [
        ("events", measured.events as f64),
        ("engine_seconds", engine_seconds),
        ("page_seconds", measured.page_ms / 1e3),
        ("events_per_second", measured.events as f64 / engine_seconds.max(f64::MIN_POSITIVE)),
    ];
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value.into());
    }
    object.into()
}
