//! The scrubber: the whole run as a line, with what goes wrong marked on it.

use kernel::Time;
use player::Command;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::perhaps;
use crate::marks::Mark;
use crate::{Action, figures};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The field itself, whose place is written in every frame.
    pub field: NodeRef,
    pub send: Callback<Action>,
    pub now: Time,
    pub length: Time,
    pub marks: Vec<Mark>,
}

#[component]
pub fn Scrubber(props: &Props) -> Html {
    let oninput = perhaps(&props.send, |event: InputEvent| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        let nanos = (field.value_as_number() * 1e6).max(0.0) as u64;
        Some(Action::Run(Command::Seek(Time::from_nanos(nanos))))
    });
    let valuetext = format!("{:.0} s of {}", props.now.seconds(), figures::round(props.length));
    html! {
        <div class="scrub">
            <div class="marks" aria-hidden="true">
                { for props.marks.iter().map(|mark| mark_line(mark, props.length)) }
            </div>
            <input
                class="scrubber" type="range" min="0" max={props.length.millis().to_string()} step="any"
                aria-label="Time in the run" aria-valuetext={valuetext} data-testid="scrubber"
                ref={props.field.clone()} {oninput}
            />
        </div>
    }
}

fn mark_line(mark: &Mark, length: Time) -> Html {
    let percent = |time: Time| time.seconds() / length.seconds().max(f64::MIN_POSITIVE) * 100.0;
    let (left, width) = (percent(mark.from), percent(mark.until) - percent(mark.from));
    let class = classes!("mark", (!mark.planned).then_some("by-hand"));
    let title = format!("{}: {}", figures::instant(mark.from), mark.label);
    html! { <span {class} {title} style={format!("left:{left:.3}%;width:{width:.3}%")} /> }
}
