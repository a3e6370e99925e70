//! The bar under the stage: play, step, wind, and how fast.

use player::Command;
use yew::prelude::*;

use super::View;
use super::icon::{Icon, icon};
use super::scrubber::scrubber;
use super::speed::speed_choice;
use crate::dials::Dials;
use crate::snapshot::TransportView;
use crate::{Action, figures};

/// The elements that the desk writes in every frame.
#[derive(Clone, Default, PartialEq)]
pub struct DialRefs {
    pub clock: NodeRef,
    pub scrubber: NodeRef,
}

impl DialRefs {
    /// The elements, as long as they are on the page.
    pub fn dials(&self) -> Option<Dials> {
        Some(Dials { clock: self.clock.cast()?, scrubber: self.scrubber.cast()? })
    }
}

/// The whole bar; nothing but the caption until a scenario is open.
pub fn transport(view: &View, dials: &DialRefs) -> Html {
    let send = &view.send;
    html! {
        <section class="transport" aria-label="Transport">
            if let Some(run) = &view.snapshot.run {
                { scrubber(&dials.scrubber, &run.transport, send) }
                <div class="controls">
                    { buttons(&run.transport, send) }
                    <p class="clock">
                        <span
                            class="now" role="timer" aria-label="Time" data-testid="time"
                            ref={dials.clock.clone()}
                        />
                        <span class="length">{ format!("/ {}", figures::round(run.transport.length)) }</span>
                    </p>
                    { caption(view) }
                    { speed_choice(&run.transport, send) }
                </div>
            } else {
                { caption(view) }
            }
        </section>
    }
}

fn caption(view: &View) -> Html {
    html! { <p class="caption" role="status" data-testid="caption">{ &view.snapshot.caption }</p> }
}

fn buttons(transport: &TransportView, send: &Callback<Action>) -> Html {
    let moving = transport.playing || transport.winding;
    let (sign, name) = if moving { (Icon::Pause, "Pause") } else { (Icon::Play, "Play") };
    let run = |command: Command| send.reform(move |_: MouseEvent| Action::Run(command));
    html! {
        <div class="buttons" role="group" aria-label="Run">
            <button
                class="quiet" data-testid="restart" aria-label="Restart" title="Restart (R)"
                onclick={run(Command::Restart)}
            >{ icon(Icon::Restart) }</button>
            <button
                class="play" data-testid="play" aria-label={name} title={format!("{name} (Space)")}
                onclick={send.reform(|_: MouseEvent| Action::PlayOrPause)}
            >{ icon(sign) }</button>
            <button
                class="quiet" data-testid="step" aria-label="Step" title="Let the next thing happen (→)"
                onclick={run(Command::StepEvent)}
            >{ icon(Icon::Step) }</button>
            <button
                class="quiet" data-testid="run-to-end" aria-label="Run to the end" title="Run to the end (E)"
                onclick={run(Command::RunToEnd)}
            >{ icon(Icon::ToEnd) }</button>
        </div>
    }
}
