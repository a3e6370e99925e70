//! Expected and actual: figures of the business that a promise compares, as two bars on one scale.

use analysis::{CheckState, Sides};
use topology::Operator;
use yew::prelude::*;

use super::channel::breakable;
use crate::figures;

/// Every promise that compares two totals; nothing where none does.
pub fn sides(checks: &[CheckState]) -> Html {
    let compared = checks.iter().filter_map(|check| Some((check, check.sides.as_ref()?)));
    let shown: Vec<Html> = compared.enumerate().map(|(index, it)| comparison(index, it)).collect();
    if shown.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block compared" aria-label="Expected and actual">
            <h2>{ "Expected and actual" }</h2>
            { for shown }
        </section>
    }
}

fn comparison(index: usize, (check, sides): (&CheckState, &Sides)) -> Html {
    let off = check.held == Some(false);
    let most = sides.actual.max(sides.expected).max(1);
    // What both have, what is too much, what is missing.
    let both = sides.actual.min(sides.expected);
    let percent = |amount: i64| format!("width:{:.2}%", amount.max(0) as f64 / most as f64 * 100.0);
    let bar = |name: Html, number: i64, parts: Html| {
        html! {
            <tr>
                <th scope="row">{ name }</th>
                <td class="bar" aria-hidden="true"><div>{ parts }</div></td>
                <td>{ figures::signed(number) }</td>
            </tr>
        }
    };
    let actual = html! {
        <>
            <span class="both" style={percent(both)} />
            if sides.actual > both {
                <span class="surplus" style={percent(sides.actual - both)} />
            } else if sides.expected > both {
                <span class="gap" style={percent(sides.expected - both)} />
            }
        </>
    };
    let expected = html! { <span class="wanted" style={percent(sides.expected)} /> };
    let expected_name = html! { <>{ relation(sides) }<small>{ breakable(&sides.expected_name) }</small></> };
    let title = if check.why.is_empty() { &check.name } else { &check.why };
    html! {
        <div class={classes!("comparison", off.then_some("off"))} data-testid={format!("sides-{index}")}>
            <p>{ title }</p>
            <table>
                { bar(breakable(&sides.actual_name), sides.actual, actual) }
                { bar(expected_name, sides.expected, expected) }
            </table>
            <p class="verdict" data-testid={format!("verdict-{index}")}>{ verdict(check.held, sides) }</p>
        </div>
    }
}

/// How the left side is to relate to the right one, in words for a person.
fn relation(sides: &Sides) -> &'static str {
    match sides.relation {
        Operator::AtMost => "at most",
        Operator::Below => "less than",
        Operator::AtLeast => "at least",
        Operator::Above => "more than",
        Operator::Different => "anything but",
        // What is no comparison has no sides.
        Operator::Equal
        | Operator::Implies
        | Operator::Or
        | Operator::And
        | Operator::Plus
        | Operator::Minus
        | Operator::Times
        | Operator::DividedBy
        | Operator::Least
        | Operator::Greatest => "expected",
    }
}

/// `150 charged, expected 100: 50 too many`.
fn verdict(held: Option<bool>, sides: &Sides) -> String {
    let number = figures::signed;
    let expected = format!("{} {}", relation(sides), number(sides.expected));
    let mut words = if sides.actual_name.contains(' ') {
        format!("{} is {}, {expected}", sides.actual_name, number(sides.actual))
    } else {
        format!("{} {}, {expected}", number(sides.actual), sides.actual_name)
    };
    let difference = sides.actual.saturating_sub(sides.expected);
    match (held, difference) {
        (None, _) => words += " so far",
        (Some(_), 0) => words += ": as expected",
        (Some(true), _) => words += ": as promised",
        (Some(false), 1..) => words += &format!(": {} too many", number(difference)),
        (Some(false), _) => words += &format!(": {} missing", number(difference.saturating_neg())),
    }
    words
}
