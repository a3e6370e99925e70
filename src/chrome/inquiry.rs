//! What was asked: a list of what went wrong, or the chain from one outcome back to its root.

use yew::prelude::*;

use super::View;
use crate::snapshot::{Inquiry, InquiryLine};
use crate::{Action, figures};

/// Marks the heading, which has the focus when something was asked.
pub const HEADING: &str = ".inquiry h2";

/// The sheet of an inquiry.
pub fn inquiry(open: &Inquiry, send: &Callback<Action>) -> Html {
    let (class, count) = (if open.is_chain { "chain" } else { "list" }, open.lines.len());
    html! {
        <div class="sheet inquiry" data-testid="inquiry">
            <section class="block" aria-label="Question">
                if let Some(wrong) = open.back {
                    <button
                        class="lever" data-testid="back"
                        onclick={send.reform(move |_: MouseEvent| Action::List(wrong))}
                    >{ "← All of them" }</button>
                }
                <h2 tabindex="-1">{ &open.title }</h2>
                if !open.summary.is_empty() {
                    <p class="summary" data-testid="summary">{ &open.summary }</p>
                }
                <ol {class} data-testid={class}>{ for open.lines.iter().enumerate().map(|(index, link)| {
                    let root = open.is_chain && index + 1 == count;
                    html! {
                        <li class={classes!(root.then_some("root"))} data-testid={root.then_some("root")}>
                            { line(link, !open.is_chain, send) }
                        </li>
                    }
                }) }</ol>
                if open.more > 0 {
                    <p class="hint">{ format!("and {} more", figures::count(open.more)) }</p>
                } else if count == 0 {
                    <p class="hint">{ "Nothing up to now." }</p>
                }
            </section>
        </div>
    }
}

/// What a line speaks of, which can be gone to, and the question that it raises. The links of a chain say
/// themselves when they were.
pub fn line(line: &InquiryLine, timed: bool, send: &Callback<Action>) -> Html {
    let words = html! {
        <>
            if let Some(moment) = line.moment.filter(|_| timed) {
                <time>{ figures::instant(moment.time) }</time>
            }
            <span>{ &line.text }</span>
        </>
    };
    html! {
        <div class="line">
            if let Some(moment) = line.moment {
                <button
                    class="moment" data-testid="moment" title="Go there"
                    onclick={send.reform(move |_: MouseEvent| Action::GoTo(moment))}
                >{ words }</button>
            } else {
                <p class="moment">{ words }</p>
            }
            if let Some((question, until)) = line.ask {
                <button
                    class="ask" data-testid="ask" aria-label={format!("Why? {}", line.text)}
                    onclick={send.reform(move |_: MouseEvent| Action::Ask(question, until))}
                >{ "Why?" }</button>
            }
        </div>
    }
}

/// A figure of what went wrong, which can be asked about unless it is 0.
pub fn figure(number: u64, words: &str, action: Action, view: &View) -> Html {
    let figure = figures::count(number);
    if number == 0 {
        return figure.into();
    }
    html! {
        <button
            class="asks" aria-label={format!("{figure} {words}, show them")} title="Which ones, and why?"
            onclick={view.send.reform(move |_: MouseEvent| action.clone())}
        >{ figure }</button>
    }
}
