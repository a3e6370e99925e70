//! Frames: one call each time the screen is drawn, for as long as somebody asks for the next.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Calls its function once in the next frame after each [`Frames::request`].
pub struct Frames {
    each: Closure<dyn FnMut(f64)>,
    /// The browser's number of the frame that was asked for.
    pending: Rc<Cell<Option<i32>>>,
}

impl Frames {
    /// Calls nothing yet.
    pub fn new(mut each: impl FnMut(f64) + 'static) -> Self {
        let pending = Rc::new(Cell::new(None));
        let asked = pending.clone();
        let each = Closure::new(move |now| {
            asked.set(None);
            each(now);
        });
        Frames { each, pending }
    }

    /// Asks for the next frame, once. A hidden tab has no frames until it is seen again.
    pub fn request(&self) {
        if self.pending.get().is_none()
            && let Some(window) = super::window()
        {
            self.pending.set(window.request_animation_frame(self.each.as_ref().unchecked_ref()).ok());
        }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let (Some(number), Some(window)) = (self.pending.take(), super::window()) {
            // A frame that cannot be cancelled has been drawn.
            let _ = window.cancel_animation_frame(number);
        }
    }
}
