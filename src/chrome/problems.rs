//! What is wrong with a file that somebody opened, line by line. What was open stays open.

use scenario::{Diagnostic, Severity};
use yew::prelude::*;

use super::View;
use super::icon::{Icon, icon};
use crate::Action;

/// The list, as long as nobody closes it.
pub fn problems(view: &View) -> Html {
    let Some(problems) = &view.snapshot.problems else { return Html::default() };
    let what = if problems.opened { "was opened, with a doubt" } else { "was not opened" };
    html! {
        <section class="problems" role="alert" aria-label="Problems" data-testid="problems">
            <header>
                <h2><b>{ &problems.file }</b>{ " " }{ what }</h2>
                <button
                    class="quiet" aria-label="Close the list of problems" data-testid="close-problems"
                    onclick={view.send.reform(|_: MouseEvent| Action::CloseProblems)}
                >{ icon(Icon::Close) }</button>
            </header>
            <ol>{ for problems.list.iter().map(problem) }</ol>
        </section>
    }
}

fn problem(problem: &Diagnostic) -> Html {
    let (class, word) = match problem.severity {
        Severity::Error => ("error", "error"),
        Severity::Warning => ("warning", "warning"),
    };
    let place = match problem.line {
        0 => String::new(),
        line => format!("{line}:{}", problem.column),
    };
    html! {
        <li {class}>
            <code>{ place }</code>
            <div>
                <p><span class="vanished">{ word }{ ": " }</span>{ &problem.message }</p>
                <p class="help">{ &problem.help }</p>
            </div>
        </li>
    }
}
