//! The place of the stage: the canvas, and what the running variant is about.

use web_sys::{HtmlCanvasElement, MouseEvent};
use yew::prelude::*;

use super::View;
use crate::browser::canvas::{self, SizeWatch};
use crate::browser::listener::Listener;
use crate::{Action, Desk};

/// The canvas is drawn by the desk; Yew only makes it.
pub fn stage(view: &View, canvas: &NodeRef) -> Html {
    let about = view.snapshot.run.as_ref().and_then(|run| {
        let (name, about) = run.variants.get(run.variant)?;
        Some((name, if about.is_empty() { &run.about } else { about }))
    });
    html! {
        <section class="stage" aria-label="Stage">
            if let Some((name, about)) = about {
                <p class="about"><b>{ name }</b>{ about }</p>
            }
            <div class="canvas">
                <canvas
                    ref={canvas.clone()} data-testid="stage" role="img"
                    aria-label="The system as a diagram. The list of parts says it in words."
                />
            </div>
        </section>
    }
}

/// What has to live as long as the canvas.
pub struct Held {
    _size: Option<SizeWatch>,
    _pointer: [Option<Listener>; 2],
}

/// Draws on the canvas and listens to it, for as long as the result lives.
pub fn hold(desk: &Desk, canvas: HtmlCanvasElement) -> Held {
    desk.set_canvas(canvas.clone());
    let resized = desk.clone();
    let (clicked, click_canvas) = (desk.clone(), canvas.clone());
    let (moved, move_canvas) = (desk.clone(), canvas.clone());
    let click = Listener::new(&canvas, "click", move |event: MouseEvent| {
        let (x, y) = canvas::position(&click_canvas, &event);
        clicked.send(Action::Select(clicked.part_at(x, y)));
    });
    let hover = Listener::new(&canvas, "mousemove", move |event: MouseEvent| {
        let (x, y) = canvas::position(&move_canvas, &event);
        canvas::set_pointer(&move_canvas, moved.part_at(x, y).is_some());
    });
    Held { _size: SizeWatch::new(&canvas, move || resized.resize()), _pointer: [click, hover] }
}
