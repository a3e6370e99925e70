//! The scoreboard: what became of the customers, in figures that can be read from the back row.

use analysis::{Cases, Spread};
use yew::prelude::*;

use super::View;
use super::inquiry::figure;
use crate::snapshot::Wrong;
use crate::{Action, figures};

/// Of the cases, `waiting` wait for their answer now.
pub fn scoreboard(cases: Cases, waiting: u64, response: Spread, view: &View) -> Html {
    let Cases { started, answered, refused, gave_up, done, .. } = cases;
    html! {
        <section class="block scoreboard" aria-label="Customers">
            <h2>{ "Customers" }</h2>
            <dl class="scores">
                { score("answered", "answered", answered, None) }
                { score("refused", "refused", refused, Some((Wrong::Refused, view))) }
                { score("gave up", "gave-up", gave_up, Some((Wrong::GaveUp, view))) }
            </dl>
            { shares(&[("answered", answered), ("amber", waiting), ("loss", refused + gave_up)], started) }
            <dl class="lines">
                { line("waiting for an answer", "waiting-customers", figures::count(waiting)) }
                { line("cases complete", "complete", format!("{} of {}", figures::count(done), figures::count(started))) }
                { line("half answered within, p50", "p50", figures::maybe(response.p50)) }
                { line("99 of 100 within, p99", "p99", figures::maybe(response.p99)) }
            </dl>
        </section>
    }
}

fn score(words: &'static str, test_id: &'static str, number: u64, wrong: Option<(Wrong, &View)>) -> Html {
    let size = match number {
        0..1_000 => None,
        1_000..100_000 => Some("long"),
        _ => Some("longer"),
    };
    let class = classes!(wrong.filter(|_| number > 0).map(|_| "loss"), size);
    let shown = wrong.map_or_else(
        || figures::count(number).into(),
        |(wrong, view)| figure(number, words, Action::List(wrong), view),
    );
    html! {
        <div {class}>
            <dt>{ words }</dt>
            <dd data-testid={test_id}>{ shown }</dd>
        </div>
    }
}

fn line(words: &'static str, test_id: &'static str, figure: String) -> Html {
    html! { <div><dt>{ words }</dt><dd data-testid={test_id}>{ figure }</dd></div> }
}

/// A bar whose parts are to each other as the numbers are; figures beside it say the same.
pub fn shares(parts: &[(&'static str, u64)], whole: u64) -> Html {
    let part = |&(tone, number): &(&'static str, u64)| {
        let width = number as f64 / whole.max(1) as f64 * 100.0;
        html! { <span class={tone} style={format!("width:{width:.2}%")} /> }
    };
    html! { <div class="shares" aria-hidden="true">{ for parts.iter().map(part) }</div> }
}
