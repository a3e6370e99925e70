//! Several runs side by side: what runs, how each of them stands, and a canvas for each.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Icon, icon};
use super::scoreboard::shares;
use super::{View, perhaps};
use crate::snapshot::{Choice, LaneView, LanesView};
use crate::{Action, LANES_MAX, figures};

/// The canvases, in the order of the lanes.
pub type Canvases = [NodeRef; LANES_MAX];

/// The board.
pub fn lanes(view: &View, canvases: &Canvases) -> Html {
    let Some(lanes) = &view.snapshot.lanes else { return Html::default() };
    let count = lanes.list.len();
    // All bars have one scale.
    let whole = lanes.list.iter().map(|lane| lane.started).max().unwrap_or(0);
    html! {
        <section class="lanes" aria-label="Side by side" data-testid="board-side-by-side">
            { choices(lanes, view) }
            <div class={classes!("grid", format!("of-{count}"))}>
                { for lanes.list.iter().zip(canvases).enumerate().map(|(index, (lane, canvas))| {
                    one(index, lane, whole, canvas, view)
                }) }
            </div>
        </section>
    }
}

/// What runs, what else could, and the case that is followed.
fn choices(lanes: &LanesView, view: &View) -> Html {
    let onchange = perhaps(&view.send, |event: Event| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        let text = field.value();
        if text.trim().is_empty() {
            Some(Action::Follow(None))
        } else {
            text.trim().parse().ok().map(|case| Action::Follow(Some(case)))
        }
    });
    let followed = view.snapshot.run.as_ref().and_then(|run| run.followed);
    html! {
        <div class="bar">
            <div class="choices" role="group" aria-label="What runs">
                { for lanes.choices.iter().map(|choice| chip(choice, lanes, view)) }
            </div>
            <div class="entries">
                { wish_field(lanes, view) }
                <label class="case">{ "Follow case" }
                    // A field of its own for each case, so that what is being typed is not written over.
                    <input
                        key={followed.map_or_else(String::new, |case| case.to_string())}
                        type="text" inputmode="numeric" size="5" data-testid="case" placeholder="number"
                        value={followed.map(|case| case.to_string())} {onchange}
                    />
                </label>
            </div>
            if !lanes.problem.is_empty() {
                <p class="problem" role="alert" data-testid="wish-problem">{ &lanes.problem }</p>
            }
        </div>
    }
}

fn wishes(lanes: &LanesView) -> Vec<String> {
    lanes.list.iter().map(|lane| lane.wish.clone()).collect()
}

fn chip(choice: &Choice, lanes: &LanesView, view: &View) -> Html {
    let mut next = wishes(lanes);
    if choice.shown {
        next.retain(|wish| *wish != choice.wish);
    } else {
        next.push(choice.wish.clone());
    }
    let onclick = view.send.reform(move |_: MouseEvent| Action::Lanes(next.clone()));
    html! {
        <button
            key={choice.wish.clone()} class="chip" aria-pressed={choice.shown.to_string()}
            title={choice.about.clone()} data-testid={format!("beside-{}", choice.wish)} {onclick}
        >
            <span>{ &choice.wish }</span>
            if !choice.own && choice.shown {
                { icon(Icon::Close) }
            }
        </button>
    }
}

fn wish_field(lanes: &LanesView, view: &View) -> Html {
    let known = wishes(lanes);
    let offered: Vec<String> = lanes.choices.iter().map(|choice| choice.wish.clone()).collect();
    let onchange = perhaps(&view.send, move |event: Event| {
        let field: HtmlInputElement = event.target_dyn_into()?;
        let wish = field.value().trim().to_owned();
        if offered.contains(&wish) {
            field.set_value("");
        }
        let mut next = known.clone();
        next.push(wish.clone());
        (!wish.is_empty()).then_some(Action::Lanes(next))
    });
    // What was granted is a chip, and the field is a new one; what was not stays in it.
    let granted: Vec<&str> = lanes.choices.iter().filter(|it| !it.own).map(|it| it.wish.as_str()).collect();
    html! {
        <label class="wish">{ "Add" }
            <input
                key={granted.join("; ")} type="text" spellcheck="false" autocomplete="off" data-testid="wish"
                aria-label="Add a variant with something set otherwise" placeholder={lanes.example.clone()}
                aria-invalid={(!lanes.problem.is_empty()).to_string()} {onchange}
            />
        </label>
    }
}

fn one(index: usize, lane: &LaneView, whole: u64, canvas: &NodeRef, view: &View) -> Html {
    let open = view.send.reform(move |_: MouseEvent| Action::OpenLane(index));
    let label = format!("{} as a diagram", lane.name);
    let (variant, set) = match lane.name.split_once(" with ") {
        Some((variant, set)) => (variant, format!("with {set}")),
        None => (&*lane.name, String::new()),
    };
    html! {
        <article
            key={index} class={classes!("lane", lane.leads.then_some("leads"))} aria-label={lane.name.clone()}
            data-testid={format!("lane-{index}")} data-digest={lane.digest.clone()}
            data-nanos={lane.time.nanos().to_string()}
        >
            <header>
                <h2>
                    <button
                        class="name" title="Open it alone, at this time" data-testid={format!("open-lane-{index}")}
                        onclick={open}
                    >{ variant }<small>{ set }</small></button>
                </h2>
                { scores(index, lane) }
                { shares(&[("answered", lane.answered), ("amber", lane.waiting), ("loss", lane.refused)], whole) }
                { told(index, lane) }
            </header>
            <div class="canvas"><canvas ref={canvas.clone()} role="img" aria-label={label} /></div>
        </article>
    }
}

fn scores(index: usize, lane: &LaneView) -> Html {
    let score = |words: &'static str, id: &str, number: u64, tone: Option<&'static str>| {
        let title = (id == "broken").then(|| format!("of {} promises", lane.promises));
        html! {
            <div class={classes!(tone.filter(|_| number > 0))} {title}>
                <dd data-testid={format!("lane-{index}-{id}")}>{ figures::count(number) }</dd>
                <dt>{ words }</dt>
            </div>
        }
    };
    html! {
        <dl class="outcome">
            { score("answered", "answered", lane.answered, None) }
            { score("refused", "refused", lane.refused, Some("loss")) }
            { score("waiting", "waiting", lane.waiting, Some("amber")) }
            if lane.promises > 0 {
                { score("broken", "broken", lane.broken as u64, Some("loss")) }
            }
        </dl>
    }
}

/// How it differs from the others, and how the followed case stands.
fn told(index: usize, lane: &LaneView) -> Html {
    let count = |number: u32| figures::count(u64::from(number));
    html! {
        <p class="told">
            if let Some((case, words)) = &lane.case {
                <span class="followed" data-testid={format!("lane-{index}-case")}>
                    <b>{ format!("case {case}") }</b>{ " " }{ words }
                </span>
            }
            if lane.behind > 0 {
                <span class="amber" data-testid={format!("lane-{index}-behind")}>
                    { format!(
                        "{} answered elsewhere still {} here",
                        count(lane.behind),
                        if lane.behind == 1 { "waits" } else { "wait" },
                    ) }
                </span>
            }
            if lane.refused_elsewhere > 0 {
                <span data-testid={format!("lane-{index}-refused-elsewhere")}>
                    { format!("{} told yes here and refused elsewhere", count(lane.refused_elsewhere)) }
                </span>
            }
            if let Some(note) = &lane.note {
                <span class="loss" data-testid={format!("lane-{index}-note")}>{ note }</span>
            }
        </p>
    }
}
