//! The scrubber: the whole run as a line, with what goes wrong marked on it.

use kernel::Time;
use player::Command;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::perhaps;
use crate::marks::Mark;
use crate::snapshot::TransportView;
use crate::{Action, figures};

/// The field's place is written in every frame by the desk; Yew leaves it alone.
pub fn scrubber(field: &NodeRef, transport: &TransportView, send: &Callback<Action>) -> Html {
    let oninput = perhaps(send, |event: InputEvent| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        let nanos = (field.value_as_number() * 1e6).max(0.0) as u64;
        Some(Action::Run(Command::Seek(Time::from_nanos(nanos))))
    });
    let valuetext = format!("{:.0} s of {}", transport.now.seconds(), figures::round(transport.length));
    html! {
        <div class="scrub">
            <div class="marks" aria-hidden="true">
                { for transport.marks.iter().map(|mark| mark_line(mark, transport.length)) }
            </div>
            <input
                class="scrubber" type="range" min="0" max={transport.length.millis().to_string()} step="any"
                aria-label="Time in the run" aria-valuetext={valuetext} data-testid="scrubber"
                ref={field.clone()} {oninput}
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
