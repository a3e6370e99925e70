//! Comparing by figures, in the background of the page.

use std::sync::Arc;

use compare::render::Report;
use compare::{Axis, Settings, Study, Sweep, Tally, contenders};
use e2e::{Key, Outcome, Page, page_test};

use crate::{drop_file, open, quiet, text};

/// What the page opens on.
const ORDER: &str = include_str!("../../../static/scenarios/order-placed.yaml");

/// A scenario whose figures everybody can tell.
const SMALL: &str = "
signalbox: 1
title: One or two clerks
length: 20s
clients: { people: { arrivals: poisson 10/s, sends: ask, to: desk, patience: 2s } }
services: { desk: { work: exponential 80ms } }
handlers: { desk: { ask: [work, reply] } }
variants:
  one: { services: { desk: { workers: 1 } } }
  two: { services: { desk: { workers: 2 } } }
";

#[test]
fn page_and_command_line_find_other_figures() {
    page_test("page_and_command_line_find_other_figures", |page| {
        open(page)?;
        let found = page.script("return signalbox.compare({ seeds: 12 })")?;
        let (scenario, contenders) = contenders(ORDER, &[]).unwrap();
        assert_ne!(scenario.seed, 0, "where nobody says otherwise is not where all begin");
        let settings = Settings { seeds: 12, first: scenario.seed, ..Settings::default() };
        let study = Study::new(&scenario.title, contenders, settings).unwrap();
        assert_eq!(found.as_str(), Some(played(study, None).as_str()));

        let found = page.script(
            "return signalbox.compare({ seeds: 3, first: 0, probes: false, wishes: ['sync', 'queue'],
             sweep: { axes: ['services.payment.workers=1..3'], row: 'completion_p99' } })",
        )?;
        let settings = Settings { seeds: 3, probes: false, ..Settings::default() };
        let axes = vec![Axis::read("services.payment.workers=1..3").unwrap()];
        let sweep = Sweep::new(ORDER, &["sync".into(), "queue".into()], axes).unwrap();
        let study = sweep.study(ORDER, settings, "completion_p99").unwrap();
        assert_eq!(found.as_str(), Some(played(study, Some((&sweep, "completion_p99".into()))).as_str()));
        quiet(page)
    });
}

#[test]
fn a_cancelled_comparison_loses_what_it_knows() {
    page_test("a_cancelled_comparison_loses_what_it_knows", |page| {
        figures(page, SMALL)?;
        page.by_test_id("compare-seeds")?.clear()?;
        page.by_test_id("compare-seeds")?.type_text("1000000")?;
        page.by_test_id("compare-start")?.click()?;
        page.wait_until("the time left is told", || {
            let words = text(page, "compare-words")?;
            Ok(words.contains("runs, about ") && words.ends_with(" left"))
        })?;
        page.wait_until("many have run", || Ok(!report(page)?.contains("20 runs each")))?;
        page.by_test_id("compare-cancel")?.click()?;
        page.wait_until("it says that it is partial", || Ok(report(page)?.contains("partial")))?;
        page.wait_until("nothing runs", || is_still(page))?;
        let json: serde_json::Value = serde_json::from_str(&saved(page, "export-json")?).unwrap();
        assert_eq!(json["partial"], true);
        assert!((1..1_000_000).contains(&json["seeds"].as_u64().unwrap_or(0)), "{}", json["seeds"]);
        // What is behind a cell is found all the same.
        page.by_css(".report-table [data-cell='1:response_mean']")?.click()?;
        page.by_css("li:first-child .report-case")?;
        quiet(page)
    });
}

#[test]
fn what_is_wrong_is_not_said_at_its_field() {
    page_test("what_is_wrong_is_not_said_at_its_field", |page| {
        figures(page, SMALL)?;
        let known = report(page)?;
        let wrong = |expected: &str| -> Outcome<Option<String>> {
            page.wait_until("it is told", || Ok(text(page, "compare-wrong")?.contains(expected)))?;
            assert_eq!(report(page)?, known, "what is known has gone");
            page.by_css("[aria-invalid=true]")?.attribute("name")
        };
        page.by_test_id("compare-seeds")?.clear()?;
        page.by_test_id("compare-seeds")?.type_text("0")?;
        page.press(Key::Enter)?;
        assert_eq!(wrong("without a seed nothing is run")?.as_deref(), Some("seeds"));

        page.by_test_id("compare-seeds")?.clear()?;
        page.by_test_id("compare-seeds")?.type_text("3")?;
        page.by_test_id("compare-add")?.type_text("services.desk.workrs=2")?;
        page.press(Key::Enter)?;
        assert_eq!(wrong("has no services.desk.workrs")?.as_deref(), Some("set"));
        assert!(page.all_by_css("[data-testid^='wish-one with']")?.is_empty());
        page.by_test_id("wish-two")?.click()?;
        page.by_test_id("compare-add")?.clear()?;
        page.by_test_id("compare-add")?.type_text("services.desk.workers=3")?;
        page.press(Key::Enter)?;
        page.by_test_id("wish-one with services.desk.workers=3")?;
        page.wait_until("there are three", || Ok(report(page)?.contains("3 runs each")))?;
        assert!(report(page)?.contains("one with services.desk.workers=3"));
        assert!(page.all_by_css("[data-testid=wish-two] :checked")?.is_empty(), "who was left out is back");

        page.by_test_id("compare-more")?.click()?;
        page.by_test_id("compare-warm_up")?.clear()?;
        page.by_test_id("compare-warm_up")?.type_text("20s")?;
        page.press(Key::Enter)?;
        page.wait_until("the warm-up is too long", || {
            Ok(text(page, "compare-wrong")?.contains("a warm-up of 20"))
        })?;
        quiet(page)
    });
}

#[test]
fn a_cell_does_not_lead_to_its_cases() {
    page_test("a_cell_does_not_lead_to_its_cases", |page| {
        open(page)?;
        page.by_test_id("show-figures")?.click()?;
        settled(page)?;
        page.by_test_id("compare-seeds")?.clear()?;
        page.by_test_id("compare-seeds")?.type_text("7")?;
        page.by_css(".report-table [data-cell='0:turned_away']")?.click()?;
        let case = page.by_css("li:first-child .report-case[data-case]")?;
        let (at, wish) = (case.attribute("data-at")?, case.attribute("data-open")?);
        assert_eq!(wish.as_deref(), Some("sync"));
        let seconds: f64 = at.and_then(|at| at.parse().ok()).unwrap_or(f64::NAN) / 1e3;
        let number = case.attribute("data-case")?.unwrap_or_default();
        case.click()?;
        page.wait_until("its run stands still just before it", || {
            Ok((-0.01..0.5).contains(&(seconds - crate::seconds(page)?)))
        })?;
        page.by_role("button", "Play")?;
        page.wait_until("it is followed", || Ok(text(page, "following")?.contains(&number)))?;
        // Back on the board everything is as it was, and nothing runs anew.
        page.by_test_id("show-figures")?.click()?;
        page.by_css(".report-table [data-cell='0:turned_away']")?;
        assert!(is_still(page)?);
        assert_eq!(page.by_test_id("compare-seeds")?.property("value")?.as_deref(), Some("7"));
        assert!(page.all_by_css("dialog[open]")?.is_empty());
        quiet(page)
    });
}

#[test]
fn the_keyboard_is_not_enough() {
    page_test("the_keyboard_is_not_enough", |page| {
        figures(page, SMALL)?;
        page.script("document.querySelector('[data-testid=wish-two] input').focus()")?;
        page.press(' ')?;
        page.press(Key::Enter)?;
        page.wait_until("two is left out", || {
            Ok(page.all_by_css(".report-table [data-cell='1:response_mean']")?.is_empty())
        })?;
        page.press(' ')?;
        page.press(Key::Enter)?;
        page.by_css(".report-table [data-cell='1:response_mean']")?;
        settled(page)?;
        // The report is replaced, and what has the focus keeps it.
        page.script("document.querySelector('[data-baseline=\"1\"]').focus()")?;
        page.press(Key::Enter)?;
        page.by_css("[data-baseline='1'][aria-pressed=true]:focus")?;
        page.script("document.querySelector('.report-table [data-cell=\"0:response_mean\"]').focus()")?;
        page.press(Key::Enter)?;
        page.by_css("dialog[open] li:first-child .report-case")?;
        page.press(Key::Escape)?;
        page.by_css(".report-table [data-cell='0:response_mean']:focus")?;
        // Letters are typed into fields, and do nothing else there.
        page.by_test_id("compare-sweep")?.click()?;
        page.by_test_id("path-1")?.type_text("services.desk.workers")?;
        page.press(Key::Tab)?;
        for letter in "1..4".chars() {
            page.press(letter)?;
        }
        page.press(Key::Enter)?;
        page.by_css(".report-curves [data-open='one with services.desk.workers=3']")?;
        page.press(Key::Escape)?;
        settled(page)?;
        page.script("document.activeElement.blur()")?;
        page.press('b')?;
        page.by_test_id("stage").map(drop)?;
        quiet(page)
    });
}

#[test]
fn another_scenario_is_compared_as_the_one_before() {
    page_test("another_scenario_is_compared_as_the_one_before", |page| {
        figures(page, SMALL)?;
        page.by_test_id("compare-seeds")?.clear()?;
        page.by_test_id("compare-seeds")?.type_text("5")?;
        page.by_role("combobox", "Scenario")?.choose("Place an order")?;
        page.by_test_id("wish-pubsub")?;
        page.wait_until("it is compared", || Ok(report(page)?.contains("pubsub")))?;
        assert_eq!(page.by_test_id("compare-seeds")?.property("value")?.as_deref(), Some("20"));
        assert!(page.all_by_css("[data-testid=wish-two]")?.is_empty());
        settled(page)?;
        quiet(page)
    });
}

#[test]
fn the_first_view_loads_what_compares() {
    page_test("the_first_view_loads_what_compares", |page| {
        open(page)?;
        let is_of_worker = |path: &std::path::PathBuf| path.to_string_lossy().contains("worker");
        assert_eq!(page.loaded().iter().filter(|path| is_of_worker(path)).count(), 0);
        page.by_test_id("show-figures")?.click()?;
        settled(page)?;
        assert!(page.loaded().iter().any(|path| path.ends_with("worker_bg.wasm")));
        Ok(())
    });
}

#[test]
fn a_phone_scrolls_sideways_for_the_form() {
    page_test("a_phone_scrolls_sideways_for_the_form", |page| {
        page.resize(390, 844)?;
        figures(page, SMALL)?;
        for tab in ["compare-variants", "compare-sweep"] {
            page.by_test_id(tab)?.click()?;
            let wide = page.script("return document.querySelector('.compare').scrollWidth - innerWidth")?;
            assert!(wide.as_f64().is_some_and(|beside| beside <= 0.0), "{tab}: {wide} px too wide");
            let wide = page.script("return document.documentElement.scrollWidth - innerWidth")?;
            assert!(
                wide.as_f64().is_some_and(|beside| beside <= 0.0),
                "{tab}: the page is {wide} px too wide"
            );
        }
        Ok(())
    });
}

/// What the command line finds, on one thread.
fn played(study: Study, sweep: Option<(&Sweep, String)>) -> String {
    let mut tally = Tally::new(Arc::new(study));
    while let Some(turn) = tally.next_turn() {
        let found = tally.study().play(turn, &mut || true);
        tally.take(turn, found.unwrap_or_default());
    }
    assert!(tally.is_over());
    Report::of(&tally, 0, sweep).json()
}

/// The board with a scenario, when what it begins with is over.
fn figures(page: &Page, scenario: &str) -> Outcome {
    open(page)?;
    drop_file(page, "own.yaml", &format!("[{}]", serde_json::to_string(scenario).unwrap_or_default()))?;
    page.by_test_id("show-figures")?.click()?;
    page.by_test_id("wish-two")?;
    settled(page)
}

fn settled(page: &Page) -> Outcome {
    page.wait_until("there is a report, and nothing runs", || {
        Ok(!report(page)?.is_empty() && is_still(page)? && !report(page)?.contains("partial"))
    })
}

fn is_still(page: &Page) -> Outcome<bool> {
    Ok(page.all_by_css("[data-testid=compare-progress]")?.is_empty())
}

fn report(page: &Page) -> Outcome<String> {
    let text = page.script("return document.querySelector('[data-testid=report]').textContent")?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// What a button saves, without a file.
fn saved(page: &Page, button: &str) -> Outcome<String> {
    page.script(
        "window.saved = ''; \
         URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved = text); return '#'; }",
    )?;
    page.by_test_id(button)?.click()?;
    page.wait_until("it is saved", || Ok(page.script("return window.saved")?.as_str() != Some("")))?;
    Ok(page.script("return window.saved")?.as_str().unwrap_or_default().to_owned())
}
