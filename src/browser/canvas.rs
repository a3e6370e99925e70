//! What a canvas has to be told: its size changed, or the fonts have come.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, ResizeObserver};

/// Calls when the canvas has another size, for as long as it lives.
pub struct SizeWatch {
    observer: ResizeObserver,
    _call: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Calls once at the start, too.
    pub fn new(canvas: &HtmlCanvasElement, call: impl FnMut() + 'static) -> Option<Self> {
        let call = Closure::<dyn FnMut()>::new(call);
        let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
        observer.observe(canvas);
        Some(SizeWatch { observer, _call: call })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Waits until the page's fonts are there: a canvas does not draw itself again when they come.
pub async fn fonts_ready() {
    let ready = super::document().and_then(|document| document.fonts().ready().ok());
    if let Some(ready) = ready {
        // Without its fonts the page is legible, too.
        let _ = wasm_bindgen_futures::JsFuture::from(ready).await;
    }
}

/// Where a pointer is, in CSS pixels from the canvas's corner.
pub fn position(canvas: &HtmlCanvasElement, event: &web_sys::MouseEvent) -> (f64, f64) {
    let bounds = canvas.get_bounding_client_rect();
    (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top())
}

/// Shows whether a click would select something.
pub fn set_pointer(canvas: &HtmlCanvasElement, selects: bool) {
    // A cursor that stays as it was is no harm.
    let _ = canvas.style().set_property("cursor", if selects { "pointer" } else { "default" });
}
