//! What to compare. What stands in the fields is the form's own, until it is asked for.

use web_sys::{HtmlFormElement, HtmlSelectElement};
use yew::prelude::*;

use crate::Action;
use crate::browser::fields::{Fields, quoted};
use crate::chrome::View;
use crate::comparison::{ADDED, Comparing, PATHS, SEEDS};
use crate::snapshot::{ComparisonView, Places, RunView};

/// Those of its fields that are out of sight at first.
const MORE: [&str; 3] = ["first", "warm_up", "precision"];

pub(super) fn form(comparison: &ComparisonView, view: &View) -> Html {
    let (Some(run), Some(places)) = (&view.snapshot.run, &comparison.places) else { return Html::default() };
    let names = contenders(run, comparison);
    let (sweep, own, send) = (comparison.sweep, of_file(run).cloned().collect::<Vec<_>>(), view.send.clone());
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = event.target_dyn_into::<HtmlFormElement>() {
            send.emit(Action::Compare(asked(&Fields::of(&form), sweep, &own)));
        }
    });
    html! {
        <form key={comparison.scenario} class="compare" data-testid="compare-form" autocomplete="off" {onsubmit}>
            <div class="segments" role="group" aria-label="What is compared">
                { tab("Variants", false, sweep, view) }
                { tab("Sweep", true, sweep, view) }
            </div>
            <fieldset class="field wishes" aria-label="Contenders">
                // Beside nothing else, each is known by its name, and keeps its tick when another one comes.
                <div class="chips">{ for names.iter().map(|name| chip(name)) }</div>
                { wrong(comparison, "wishes") }
            </fieldset>
            { Html::VRef(places.paths.clone().into()) }
            <div class={classes!("rest", sweep.then_some("whole"))}>
                <div class="more-contenders" hidden={sweep}>{ addition(run, comparison) }</div>
                <div class="axes" hidden={!sweep}>{ axes(comparison, places, &view.send) }</div>
                { field(comparison, "seeds", "Seeds", "seeds", &SEEDS.to_string(), "") }
                { more(comparison, places, run.scenario_seed) }
                <button class="start" data-testid="compare-start">{ if sweep { "Sweep" } else { "Compare" } }</button>
            </div>
            { wrong(comparison, "") }
        </form>
    }
}

/// The variants of the file, and what was added.
fn contenders(run: &RunView, comparison: &ComparisonView) -> Vec<String> {
    of_file(run).chain(&comparison.added).cloned().collect()
}

/// The variants of the file. A run that was opened from a report is kept as a variant, too.
fn of_file(run: &RunView) -> impl Iterator<Item = &String> {
    run.variants.iter().map(|variant| &variant.name).filter(|name| !name.contains(" with "))
}

fn tab(words: &str, to_sweep: bool, sweep: bool, view: &View) -> Html {
    let onclick = view.send.reform(move |_: MouseEvent| Action::Compare(Comparing::Sweep(to_sweep)));
    let test_id = if to_sweep { "compare-sweep" } else { "compare-variants" };
    html! {
        <button type="button" data-testid={test_id} aria-pressed={(sweep == to_sweep).to_string()} {onclick}>
            { words }
        </button>
    }
}

fn chip(name: &str) -> Html {
    html! {
        <label key={name.to_owned()} class="contender" data-testid={format!("wish-{name}")}>
            <input type="checkbox" name="wish" value={name.to_owned()} ~defaultChecked={true} />
            <span>{ name }</span>
        </label>
    }
}

/// One more contender: a variant with something set otherwise.
fn addition(run: &RunView, comparison: &ComparisonView) -> Html {
    html! {
        <fieldset class="field addition" aria-label="One more">
            <select name="variant" aria-label="Variant">
                { for of_file(run).enumerate().map(|(index, name)| html! {
                    <option key={name.clone()} value={name.clone()} selected={index == 0}>{ name }</option>
                }) }
            </select>
            <span>{ "with" }</span>
            <input
                id={ADDED} name="set" list={PATHS} aria-label="Set otherwise" data-testid="compare-add"
                placeholder="services.payment.workers=2" spellcheck="false"
                aria-invalid={is_wrong(comparison, "set")}
            />
            { wrong(comparison, "set") }
        </fieldset>
    }
}

fn axes(comparison: &ComparisonView, places: &Places, send: &Callback<Action>) -> Html {
    let axis = |number: &str, words: &'static str, values: &'static str| {
        let (path, field) = (format!("path-{number}"), format!("axis-{number}"));
        html! {
            <fieldset class="field axis" aria-label={words}>
                <span>{ words }</span>
                <input
                    name={path.clone()} list={PATHS} aria-label={format!("{words}: what")} data-testid={path}
                    placeholder="services.payment.workers" spellcheck="false"
                    aria-invalid={is_wrong(comparison, &field)}
                />
                <input
                    class="values" name={format!("values-{number}")} data-testid={format!("values-{number}")}
                    aria-label={format!("{words}: values")} placeholder={values} spellcheck="false"
                />
                { wrong(comparison, &field) }
            </fieldset>
        }
    };
    let chosen = super::super::perhaps(send, |event: Event| {
        let select: HtmlSelectElement = event.target_dyn_into()?;
        let ask = format!("{{\"do\":\"row\",\"row\":{}}}", quoted(&select.value()));
        Some(Action::Compare(Comparing::Ask(ask)))
    });
    html! {
        <>
            { axis("1", "Parameter", "1..8") }
            { axis("2", "and", "0..0.2..0.05") }
            <label class="field" onchange={chosen}>
                <span>{ "Row" }</span>
                { Html::VRef(places.row.clone().into()) }
                { wrong(comparison, "row") }
            </label>
        </>
    }
}

fn more(comparison: &ComparisonView, places: &Places, first: u64) -> Html {
    let open = !comparison.problem.is_empty() && MORE.contains(&comparison.field.as_str());
    html! {
        <details class="more" {open}>
            <summary data-testid="compare-more">{ "More" }</summary>
            <div class="fields">
                { field(comparison, "first", "First seed", "first", &first.to_string(), "") }
                { field(comparison, "warm_up", "Warm-up", "warm_up", "0s", "10s") }
                <label class="field">
                    <span>{ "Enough seeds at ±" }</span>
                    <input
                        name="share" size="4" placeholder="2%" data-testid="share"
                        aria-invalid={is_wrong(comparison, "precision")}
                    />
                    <span>{ "of" }</span>
                    { Html::VRef(places.precision_row.clone().into()) }
                    { wrong(comparison, "precision") }
                </label>
                <label class="field box">
                    <input type="checkbox" name="probes" ~defaultChecked={true} />
                    <span>{ "Knock out and slow each part" }</span>
                </label>
                <label class="field box">
                    <input type="checkbox" name="independent" />
                    <span>{ "Seeds of their own" }</span>
                </label>
            </div>
        </details>
    }
}

/// A field with one number.
fn field(
    comparison: &ComparisonView,
    name: &'static str,
    words: &'static str,
    test_id: &'static str,
    value: &str,
    placeholder: &'static str,
) -> Html {
    html! {
        <label class="field">
            <span>{ words }</span>
            <input
                {name} size="4" ~defaultValue={value.to_owned()} {placeholder} data-testid={format!("compare-{test_id}")}
                aria-invalid={is_wrong(comparison, name)}
            />
            { wrong(comparison, name) }
        </label>
    }
}

fn is_wrong(comparison: &ComparisonView, field: &str) -> Option<&'static str> {
    (!comparison.problem.is_empty() && comparison.field == field).then_some("true")
}

/// What is wrong with a field, beside it.
fn wrong(comparison: &ComparisonView, field: &str) -> Html {
    if is_wrong(comparison, field).is_none() {
        return Html::default();
    }
    html! { <p class="wrong" role="alert" data-testid="compare-wrong">{ &comparison.problem }</p> }
}

/// What the form asks the worker for, as JSON; see the worker's `commission.rs`. `own` are the variants of the file.
fn asked(fields: &Fields, sweep: bool, own: &[String]) -> Comparing {
    let mut wishes = fields.all("wish");
    let is_all = wishes == own;
    let set = fields.text("set");
    let added = (!sweep && !set.is_empty()).then(|| format!("{} with {set}", fields.text("variant")));
    wishes.extend(added.clone());
    let text = |name: &str| quoted(&fields.text(name));
    let mut begin = format!(
        "{{\"do\":\"begin\",\"seeds\":{},\"first\":{},\"warm_up\":{},\"precision\":{{\"row\":{},\"share\":{}}},\
         \"probes\":{},\"independent\":{}",
        text("seeds"),
        text("first"),
        text("warm_up"),
        text("precision-row"),
        text("share"),
        !fields.text("probes").is_empty(),
        !fields.text("independent").is_empty(),
    );
    // A sweep of all the file's variants is of those that have the parameter.
    if !(sweep && is_all) {
        begin += ",\"wishes\":";
        begin += &list(&wishes);
    }
    if sweep {
        let axis = |number: &str| {
            let (path, values) =
                (fields.text(&format!("path-{number}")), fields.text(&format!("values-{number}")));
            if values.is_empty() { path } else { format!("{path}={values}") }
        };
        let mut axes = vec![axis("1"), axis("2")];
        axes.retain(|axis| !axis.is_empty());
        begin += &format!(",\"sweep\":{{\"row\":{},\"axes\":{}}}", text("row"), list(&axes));
    }
    begin.push('}');
    match added {
        Some(wish) => Comparing::Add { wish, begin },
        None => Comparing::Begin(begin),
    }
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(","))
}
