//! The scoreboard: what became of the customers, in figures that can be read from the back row.

use analysis::{Cases, Spread};
use yew::prelude::*;

use crate::figures;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub cases: Cases,
    /// Customers who wait for their answer now.
    pub waiting: u64,
    pub response: Spread,
}

#[component]
pub fn Scoreboard(props: &Props) -> Html {
    let Cases { started, answered, refused, gave_up, done, .. } = props.cases;
    html! {
        <section class="block scoreboard" aria-label="Customers">
            <h2>{ "Customers" }</h2>
            <dl class="scores">
                { score("answered", "answered", answered, None) }
                { score("refused", "refused", refused, Some("loss")) }
                { score("gave up", "gave-up", gave_up, Some("loss")) }
            </dl>
            { shares(&[("answered", answered), ("amber", props.waiting), ("loss", refused + gave_up)], started) }
            <dl class="lines">
                { line("waiting for an answer", "waiting-customers", figures::count(props.waiting)) }
                { line("orders complete", "complete", format!("{} of {}", figures::count(done), figures::count(started))) }
                { line("response, half within", "p50", figures::maybe(props.response.p50)) }
                { line("response, 99 % within", "p99", figures::maybe(props.response.p99)) }
            </dl>
        </section>
    }
}

fn score(words: &'static str, test_id: &'static str, number: u64, tone: Option<&'static str>) -> Html {
    let class = classes!(tone.filter(|_| number > 0));
    html! {
        <div {class}>
            <dt>{ words }</dt>
            <dd data-testid={test_id}>{ figures::count(number) }</dd>
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
