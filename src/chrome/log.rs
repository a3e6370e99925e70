//! The event log: what happened last, in sentences.

use yew::prelude::*;

use crate::snapshot::LogLine;

/// The lines, the latest first.
pub fn log(lines: &[LogLine], playing: bool) -> Html {
    let hint = if playing {
        "The latest first, without what happens to every message. Pause to see everything."
    } else {
        "Everything, the latest first."
    };
    html! {
        <div class="sheet log">
            <p class="hint">{ hint }</p>
            <ol data-testid="log">{ for lines.iter().map(|line| html! {
                <li key={line.number} class={classes!(line.loss.then_some("loss"))}>
                    <time>{ &line.time }</time><span>{ &line.text }</span>
                </li>
            }) }</ol>
        </div>
    }
}
