//! The bar under the stage: play, step, wind, and how fast.

use player::Command;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::View;
use super::icon::{Icon, icon};
use super::scrubber::Scrubber;
use super::speed::Speed;
use crate::dials::Dials;
use crate::snapshot::TransportView;
use crate::{Action, Desk, figures};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub desk: Desk,
    pub view: View,
}

#[component]
pub fn Transport(props: &Props) -> Html {
    let (clock, scrubber) = (use_node_ref(), use_node_ref());
    let run = props.view.snapshot.run.as_ref();
    let is_open = run.is_some();
    {
        let (clock, scrubber) = (clock.clone(), scrubber.clone());
        use_effect_with((props.desk.clone(), is_open), move |(desk, _)| {
            let dials = clock.cast::<HtmlElement>().zip(scrubber.cast::<HtmlInputElement>());
            desk.set_dials(dials.map(|(clock, scrubber)| Dials { clock, scrubber }));
        });
    }
    let send = &props.view.send;
    html! {
        <section class="transport" aria-label="Transport">
            if let Some(run) = run {
                <Scrubber
                    field={scrubber} send={send.clone()} now={run.transport.now}
                    length={run.transport.length} marks={run.transport.marks.clone()}
                />
                <div class="controls">
                    { buttons(&run.transport, send) }
                    <p class="clock">
                        <span class="now" role="timer" aria-label="Time" data-testid="time" ref={clock} />
                        <span class="length">{ format!("/ {}", figures::round(run.transport.length)) }</span>
                    </p>
                    <p class="caption" role="status" data-testid="caption">{ &props.view.snapshot.caption }</p>
                    <Speed
                        speed={run.transport.speed} reached={run.transport.reached} send={send.clone()}
                    />
                </div>
            } else {
                <p class="caption" role="status" data-testid="caption">{ &props.view.snapshot.caption }</p>
            }
        </section>
    }
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
