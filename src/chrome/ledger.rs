//! The ledger as an account: every message that was published, and where it is.

use topology::{Ledger, LossReason};
use yew::prelude::*;

use super::View;
use super::icon::{Icon, icon};
use super::inquiry::figure;
use super::scoreboard::shares;
use crate::snapshot::Wrong;
use crate::{Action, figures};

/// The account, with a sign whether it balances.
pub fn ledger(ledger: &Ledger, view: &View) -> Html {
    let (lost, balances) = (ledger.lost(), ledger.balances());
    let parts = [
        ("delivered", ledger.delivered),
        ("travelling", ledger.in_flight),
        ("amber", ledger.waiting),
        ("aside", ledger.dead_lettered),
        ("loss", lost),
    ];
    html! {
        <section class="block ledger" aria-label="Messages">
            <h2>{ "Messages" }
                <span class={classes!("balance", (!balances).then_some("loss"))} data-testid="ledger-balance">
                    { icon(if balances { Icon::Held } else { Icon::Broken }) }
                    { if balances { "balances" } else { "does not balance" } }
                </span>
            </h2>
            <table>
                <tbody>
                    { row("", "published", "published", ledger.published, None) }
                    { row("=", "delivered", "delivered", ledger.delivered, None) }
                    { row("+", "in flight", "in-flight", ledger.in_flight, None) }
                    { row("+", "waiting", "waiting", ledger.waiting, Some("amber")) }
                    { put_aside(ledger.dead_lettered, view) }
                    { row("+", "lost", "lost", lost, Some("loss")) }
                    { for LossReason::ALL.into_iter().filter(|&it| ledger.lost_to(it) > 0).map(|it| reason(it, ledger, view)) }
                </tbody>
            </table>
            { shares(&parts, ledger.published) }
            <dl class="sides">
                { side("doubled", "doubled", ledger.duplicated) }
                { side("redelivered", "redelivered", ledger.redelivered) }
                { side("out of order", "out-of-order", ledger.out_of_order) }
            </dl>
        </section>
    }
}

fn row(
    sign: &'static str,
    words: &'static str,
    test_id: &'static str,
    number: u64,
    tone: Option<&'static str>,
) -> Html {
    html! {
        <tr class={classes!(tone.filter(|_| number > 0))}>
            <td class="sign" aria-hidden="true">{ sign }</td>
            <th scope="row">{ words }</th>
            <td data-testid={test_id}>{ figures::count(number) }</td>
        </tr>
    }
}

fn put_aside(number: u64, view: &View) -> Html {
    let figure = figure(number, "put aside", Action::List(Wrong::PutAside), view);
    html! {
        <tr class={classes!((number > 0).then_some("loss"))}>
            <td class="sign" aria-hidden="true">{ "+" }</td>
            <th scope="row">{ "dead-lettered" }</th>
            <td data-testid="dead-lettered">{ figure }</td>
        </tr>
    }
}

fn reason(reason: LossReason, ledger: &Ledger, view: &View) -> Html {
    let figure = figure(ledger.lost_to(reason), "lost", Action::List(Wrong::Lost(reason)), view);
    html! {
        <tr class="reason" key={reason.name()}>
            <td />
            <th scope="row">{ reason.words() }</th>
            <td data-testid={format!("lost-{}", reason.name())}>{ figure }</td>
        </tr>
    }
}

fn side(words: &'static str, test_id: &'static str, number: u64) -> Html {
    html! { <div><dt>{ words }</dt><dd data-testid={test_id}>{ figures::count(number) }</dd></div> }
}
