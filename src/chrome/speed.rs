//! How fast time passes: a logarithmic slider, and a button for each power of ten.

use player::Command;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::perhaps;
use crate::snapshot::TransportView;
use crate::{Action, speed};

/// The slider, with what is reached where that is less.
pub fn speed_choice(transport: &TransportView, send: &Callback<Action>) -> Html {
    let oninput = perhaps(send, |event: InputEvent| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        Some(Action::Run(Command::SetSpeed(speed::at(field.value_as_number()))))
    });
    let mark = |marked: f64| {
        let onclick = send.reform(move |_: MouseEvent| Action::Run(Command::SetSpeed(marked)));
        let words = speed::words(marked);
        let name = format!("Speed {words}");
        let pressed = (marked == transport.speed).to_string();
        html! { <button aria-label={name} aria-pressed={pressed} {onclick}>{ words.trim_end_matches('×') }</button> }
    };
    html! {
        <div class="speed" role="group" aria-label="Speed">
            <p class="figure">
                <b data-testid="speed-figure">{ speed::words(transport.speed) }</b>
                <span>{ transport.reached.map_or_else(
                    || "real time".to_owned(),
                    |reached| format!("{} reached", speed::words(reached)),
                ) }</span>
            </p>
            <div class="slider">
                <input
                    type="range" min="0" max={(speed::STEPS.len() - 1).to_string()} step="1" data-testid="speed" aria-label="Speed"
                    aria-valuetext={format!("{} real time", speed::words(transport.speed))}
                    value={speed::position(transport.speed).to_string()} {oninput}
                />
                <div class="ticks">{ for speed::MARKED.map(mark) }</div>
            </div>
        </div>
    }
}
