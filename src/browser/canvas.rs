//! What a canvas has to be told (its size changed, the fonts have come), and what a person does on it.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, MouseEvent, ResizeObserver, WheelEvent};

use super::listener::Listener;

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

/// What a person does on the canvas; places are in CSS pixels from its corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// A click that was not a drag.
    Click(f64, f64),
    /// The pointer is here, and nothing is pressed.
    Hover(f64, f64),
    /// It was dragged so far since the last time.
    Drag(f64, f64),
    /// The wheel was turned, or two fingers were spread: the factor, and where.
    Zoom(f64, f64, f64),
    /// Two clicks.
    DoubleClick,
}

/// Closer to where it went down, a pointer has not been dragged: hands tremble.
const DRAG_PX_MIN: i32 = 5;
/// How much one pixel of the wheel brings nearer.
const ZOOM_PER_PX: f64 = 0.002;

/// Tells what a person does on the canvas, for as long as the listeners live.
pub fn gestures(canvas: &HtmlCanvasElement, tell: impl Fn(Gesture) + Clone + 'static) -> Vec<Listener> {
    let dragged = Rc::new(Cell::new(0));
    let (pressed, moved) = (dragged.clone(), dragged.clone());
    let (clicks, moves, wheels, doubles) = (tell.clone(), tell.clone(), tell.clone(), tell);
    let (click_canvas, move_canvas, wheel_canvas) = (canvas.clone(), canvas.clone(), canvas.clone());
    let listeners = [
        Listener::new(canvas, "mousedown", move |_: MouseEvent| pressed.set(0)),
        Listener::new(canvas, "mousemove", move |event: MouseEvent| {
            if event.buttons() & 1 == 0 {
                let (x, y) = position(&move_canvas, &event);
                moves(Gesture::Hover(x, y));
                return;
            }
            let (x, y) = (event.movement_x(), event.movement_y());
            moved.set(moved.get() + x.abs() + y.abs());
            if moved.get() >= DRAG_PX_MIN {
                moves(Gesture::Drag(f64::from(x), f64::from(y)));
            }
        }),
        Listener::new(canvas, "click", move |event: MouseEvent| {
            if dragged.get() < DRAG_PX_MIN {
                let (x, y) = position(&click_canvas, &event);
                clicks(Gesture::Click(x, y));
            }
        }),
        Listener::new(canvas, "dblclick", move |_: MouseEvent| doubles(Gesture::DoubleClick)),
        Listener::new(canvas, "wheel", move |event: WheelEvent| {
            // Where the page scrolls, the wheel alone is for that.
            if event.ctrl_key() || !page_scrolls() {
                event.prevent_default();
                let (x, y) = position(&wheel_canvas, &event);
                wheels(Gesture::Zoom((1.0 - event.delta_y() * ZOOM_PER_PX).clamp(0.5, 2.0), x, y));
            }
        }),
    ];
    listeners.into_iter().flatten().collect()
}

/// The middle of the canvas.
pub fn centre(canvas: &HtmlCanvasElement) -> (f64, f64) {
    (f64::from(canvas.client_width()) / 2.0, f64::from(canvas.client_height()) / 2.0)
}

fn position(canvas: &HtmlCanvasElement, event: &MouseEvent) -> (f64, f64) {
    let bounds = canvas.get_bounding_client_rect();
    (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top())
}

fn page_scrolls() -> bool {
    let root = super::document().and_then(|document| document.document_element());
    root.is_some_and(|root| root.scroll_height() > root.client_height())
}

/// Shows whether a click would select something.
pub fn set_pointer(canvas: &HtmlCanvasElement, selects: bool) {
    // A cursor that stays as it was is no harm.
    let _ = canvas.style().set_property("cursor", if selects { "pointer" } else { "default" });
}
