//! How fast time passes: a logarithmic slider, and a button for each power of ten.

use player::Command;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::perhaps;
use crate::{Action, speed};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub speed: f64,
    /// What is reached of it, where that is less.
    pub reached: Option<f64>,
    pub send: Callback<Action>,
}

#[component]
pub fn Speed(props: &Props) -> Html {
    let oninput = perhaps(&props.send, |event: InputEvent| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        Some(Action::Run(Command::SetSpeed(speed::at(field.value_as_number()))))
    });
    let mark = |marked: f64| {
        let onclick = props.send.reform(move |_: MouseEvent| Action::Run(Command::SetSpeed(marked)));
        let words = speed::words(marked);
        let name = format!("Speed {words}");
        let pressed = (marked == props.speed).to_string();
        html! { <button aria-label={name} aria-pressed={pressed} {onclick}>{ words.trim_end_matches('×') }</button> }
    };
    html! {
        <div class="speed" role="group" aria-label="Speed">
            <p class="figure">
                <b data-testid="speed-figure">{ speed::words(props.speed) }</b>
                <span>{ props.reached.map_or_else(
                    || "real time".to_owned(),
                    |reached| format!("{} reached", speed::words(reached)),
                ) }</span>
            </p>
            <div class="slider">
                <input
                    type="range" min="-2" max="3" step="0.05" data-testid="speed" aria-label="Speed"
                    aria-valuetext={format!("{} real time", speed::words(props.speed))}
                    value={format!("{:.2}", speed::position(props.speed))} {oninput}
                />
                <div class="ticks">{ for speed::MARKED.map(mark) }</div>
            </div>
        </div>
    }
}
