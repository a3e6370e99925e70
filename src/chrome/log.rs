//! The event log: what happened last, in sentences.

use yew::prelude::*;

use crate::snapshot::LogLine;

/// The lines, the latest first; only those of a case that is followed.
pub fn log(lines: &[LogLine], playing: bool, followed: Option<u32>) -> Html {
    let hint = match followed {
        Some(case) => format!("Only case {case}, the latest first."),
        None if playing => {
            "The latest first, without what happens to every message. Pause to see everything.".into()
        }
        None => "Everything, the latest first.".into(),
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
