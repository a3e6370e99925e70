//! Event listeners that end with the value that holds them.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// A function that is called for each event of a kind, for as long as this lives.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    call: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens on any target. The function may prevent what the browser would do by itself.
    pub fn new<E: JsCast>(
        target: &EventTarget,
        kind: &'static str,
        mut call: impl FnMut(E) + 'static,
    ) -> Option<Listener> {
        let call = Closure::<dyn FnMut(Event)>::new(move |event: Event| call(event.unchecked_into()));
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        let function = call.as_ref().unchecked_ref();
        target
            .add_event_listener_with_callback_and_add_event_listener_options(kind, function, &options)
            .ok()?;
        Some(Listener { target: target.clone(), kind, call })
    }

    /// Listens on the window.
    pub fn on_window<E: JsCast>(kind: &'static str, call: impl FnMut(E) + 'static) -> Option<Listener> {
        let window: EventTarget = super::window()?.into();
        Listener::new(&window, kind, call)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A listener that is not there any more is what was wanted.
        let _ =
            self.target.remove_event_listener_with_callback(self.kind, self.call.as_ref().unchecked_ref());
    }
}
