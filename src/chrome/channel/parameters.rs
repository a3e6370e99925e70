//! How a channel is set: a field for each parameter of its profile.

use channel::Takes;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{breakable, marked};
use crate::Action;
use crate::chrome::perhaps;
use crate::snapshot::{ChannelView, ParameterView};

/// Every parameter with its value.
pub fn parameters(view: &ChannelView, send: &Callback<Action>) -> Html {
    html! {
        <section class="block parameters" aria-label="Parameters">
            <h2>{ "Parameters" }</h2>
            if view.parameters.is_empty() {
                <p class="hint">{ "This kind has none." }</p>
            }
            { for view.parameters.iter().map(|parameter| row(parameter, send)) }
        </section>
    }
}

fn row(parameter: &ParameterView, send: &Callback<Action>) -> Html {
    let name = parameter.name;
    let same = parameter.real.replace('-', "_").eq_ignore_ascii_case(name);
    let class = classes!("parameter", parameter.changed.then_some("changed"));
    html! {
        <div {class} key={name}>
            <label for={format!("set-{name}")}>{ breakable(name) }</label>
            { field(parameter, send) }
            if let Some(wrong) = &parameter.wrong {
                <p class="loss" role="alert" id={format!("wrong-{name}")} data-testid={format!("wrong-{name}")}>
                    { marked(wrong) }
                </p>
            }
            <p class="hint" id={format!("about-{name}")}>
                { marked(parameter.about) }{ " " }
                if same {
                    { format!("Default: {}.", parameter.default) }
                } else {
                    <code>{ parameter.real }</code>{ format!(", default: {}.", parameter.default) }
                }
            </p>
        </div>
    }
}

fn field(parameter: &ParameterView, send: &Callback<Action>) -> Html {
    let (name, test_id) = (parameter.name, format!("set-{}", parameter.name));
    let described = format!("about-{name}");
    match parameter.takes {
        Takes::Flag => {
            let on = parameter.text == "true";
            let text = if on { "false" } else { "true" };
            let onclick =
                send.reform(move |_: MouseEvent| Action::Set { parameter: name, text: text.into() });
            html! {
                <button
                    class="switch" role="switch" id={test_id.clone()} data-testid={test_id} aria-label={name}
                    aria-checked={on.to_string()} aria-describedby={described} {onclick}
                >{ if on { "on" } else { "off" } }</button>
            }
        }
        Takes::Choice(words) => {
            let onchange = perhaps(send, move |event: Event| {
                let select: HtmlSelectElement = event.target_dyn_into()?;
                Some(Action::Set { parameter: name, text: select.value() })
            });
            html! {
                <select
                    class="choice" id={test_id.clone()} data-testid={test_id} aria-label={name}
                    aria-describedby={described} {onchange}
                >{ for words.iter().map(|word| html! {
                    <option key={*word} value={*word} selected={*word == parameter.text}>{ *word }</option>
                }) }</select>
            }
        }
        Takes::Count { .. } | Takes::Span { .. } => typed(parameter, described, send),
    }
}

fn typed(parameter: &ParameterView, described: String, send: &Callback<Action>) -> Html {
    let (name, test_id) = (parameter.name, format!("set-{}", parameter.name));
    let oninput = perhaps(send, move |event: InputEvent| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        Some(Action::Type { parameter: name, text: Some(field.value()) })
    });
    let onchange = perhaps(send, move |event: Event| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        Some(Action::Set { parameter: name, text: field.value() })
    });
    let onkeydown = perhaps(send, move |event: KeyboardEvent| {
        (event.key() == "Escape").then_some(Action::Type { parameter: name, text: None })
    });
    let wrong = parameter.wrong.is_some();
    let described = if wrong { format!("wrong-{name} {described}") } else { described };
    html! {
        <input
            type="text" autocomplete="off" spellcheck="false" id={test_id.clone()} data-testid={test_id}
            aria-label={name} aria-describedby={described} aria-invalid={wrong.to_string()}
            value={parameter.text.clone()} {oninput} {onchange} {onkeydown}
        />
    }
}
