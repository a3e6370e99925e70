//! The place of the stage: the canvas, and what the running variant is about.

use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::View;
use super::icon::{Icon, icon};
use crate::browser::canvas::{self, Gesture, SizeWatch};
use crate::browser::listener::Listener;
use crate::{Action, Board, Desk};

/// The canvas is drawn by the desk; Yew only makes it.
pub fn stage(view: &View, canvas: &NodeRef) -> Html {
    let about = view.snapshot.run.as_ref().and_then(|run| {
        let variant = run.variants.get(run.variant)?;
        // A single variant has no name worth showing.
        let name = (run.variants.len() > 1).then_some(&variant.name);
        Some((name, if variant.about.is_empty() { &run.about } else { &variant.about }))
    });
    html! {
        <section class="stage" aria-label="Stage" hidden={view.snapshot.board != Board::Stage}>
            if let Some((name, about)) = about {
                <p class="about">{ for name.map(|name| html! { <b>{ name }</b> }) }{ about }</p>
            }
            <div class="canvas">
                if let Some(case) = view.snapshot.run.as_ref().and_then(|run| run.followed) {
                    <p class="following" data-testid="following">
                        <span class="word">{ "Following " }</span>
                        { format!("case {case}") }
                        <button
                            class="quiet" data-testid="let-go" aria-label={format!("Let case {case} go")}
                            title="Let it go (Esc)"
                            onclick={view.send.reform(|_: MouseEvent| Action::Follow(None))}
                        >{ icon(Icon::Close) }</button>
                    </p>
                }
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
    _gestures: Vec<Listener>,
}

/// The same for the canvas of a lane.
pub fn hold_lane(desk: &Desk, lane: usize, canvas: HtmlCanvasElement) -> Held {
    desk.set_lane_canvas(lane, Some(canvas.clone()));
    let (resized, acting, pointed) = (desk.clone(), desk.clone(), canvas.clone());
    let gestures = canvas::gestures(&canvas, move |gesture| {
        let hits = acting.gesture_in_lane(lane, gesture);
        if let Gesture::Hover(..) = gesture {
            canvas::set_pointer(&pointed, hits);
        }
    });
    Held { _size: SizeWatch::new(&canvas, move || resized.resize_lane(lane)), _gestures: gestures }
}

/// Draws on the canvas and listens to it, for as long as the result lives.
pub fn hold(desk: &Desk, canvas: HtmlCanvasElement) -> Held {
    desk.set_canvas(canvas.clone());
    let (resized, acting, pointed) = (desk.clone(), desk.clone(), canvas.clone());
    let gestures = canvas::gestures(&canvas, move |gesture| match gesture {
        Gesture::Click(x, y) => acting.click_at(x, y),
        Gesture::Hover(x, y) => {
            let hits = acting.part_at(x, y).is_some() || acting.case_at(x, y).is_some();
            canvas::set_pointer(&pointed, hits);
        }
        Gesture::Drag(x, y) => acting.send(Action::Pan { x, y }),
        Gesture::Zoom(factor, x, y) => acting.send(Action::Zoom { factor, x, y }),
        Gesture::DoubleClick => acting.send(Action::ShowWhole),
    });
    Held { _size: SizeWatch::new(&canvas, move || resized.resize()), _gestures: gestures }
}
