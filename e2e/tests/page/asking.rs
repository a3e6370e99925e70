//! A promise breaks: what came of it, why, and what would have kept it.

use e2e::{Key, Outcome, Page, page_test};

use crate::{drop_file, number, open, quiet, run_to_end, text};

/// Whoever asks payment asks again before it can have answered, and payment may remember what it has charged.
const TWICE: &str = "
signalbox: 1
title: Charged twice
seed: 7
length: 20s
clients: { shopper: { arrivals: constant 5/s, until: 10s, sends: order, to: orders } }
services:
  orders: { workers: 8 }
  payment: { workers: 8, work: 100ms, store: { done: per case } }
checks:
  - { never: charged > 1, why: Nobody is charged twice. }
  - { total: charged = requests, why: As many charges as orders. }
variants:
  naive:
    handlers:
      orders: { order: [{ retry: { attempts: 2 }, steps: [call: { to: payment, send: charge, timeout: 70ms }] }, reply] }
      payment: { charge: [work, set: charged] }
  with_key:
    cures: naive
    handlers:
      orders: { order: [{ retry: { attempts: 2 }, steps: [call: { to: payment, send: charge, timeout: 70ms }] }, reply] }
      payment: { charge: [{ if: done, then: [reply], else: [store: done, work, set: charged] }] }
";

#[test]
fn a_broken_promise_says_why_and_is_cured() {
    page_test("a_broken_promise_says_why_and_is_cured", |page| {
        charged_twice(page)?;
        // signalbox run: BROKEN total: charged = requests   100 charged, 50 requests
        assert_eq!(text(page, "verdict-0")?, "100 charged, expected 50: 50 too many");
        assert_eq!(number(page, "twice-charged")?, 50);
        page.by_role("button", "Why? case 0")?.click()?;
        let (summary, root) = (text(page, "summary")?, text(page, "root")?);
        assert!(summary.contains("charged by payment"), "{summary}");
        assert!(root.contains("waits 70 ms for the answer"), "{root}");
        page.by_css(".chain li:first-child button")?.click()?;
        page.wait_until("the place is selected", || Ok(text(page, "selected")?.starts_with("payment")))?;
        page.by_role("button", "Let case 0 go")?.click()?;

        page.by_test_id("flip")?.click()?;
        run_to_end(page)?;
        page.wait_until("all is as expected", || {
            Ok(text(page, "verdict-0")? == "50 charged, expected 50: as expected")
        })?;
        assert_eq!(text(page, "promises")?, "2 held");
        quiet(page)
    });
}

#[test]
fn why_is_found_on_a_phone_and_by_keyboard_alone() {
    page_test("why_is_found_on_a_phone_and_by_keyboard_alone", |page| {
        page.resize(390, 844)?;
        charged_twice(page)?;
        page.script("document.querySelector('[data-testid=ask]').focus()")?;
        page.press(Key::Enter)?;
        let heading = page.by_css(".inquiry h2")?;
        page.wait_until("the answer is on screen", || {
            let (_, top, ..) = heading.rectangle()?;
            let scrolled = page.script("return scrollY")?.as_f64().unwrap_or_default();
            Ok((0.0..844.0).contains(&(top - scrolled)))
        })?;
        let wide = page.script("return document.documentElement.scrollWidth")?;
        assert!(wide.as_f64().is_some_and(|wide| wide <= 390.0), "the page is {wide} wide");
        // The first link is the next thing that has the focus.
        page.press(Key::Tab)?;
        page.press(Key::Enter)?;
        page.wait_until("its place is selected", || Ok(text(page, "selected")?.starts_with("payment")))?;
        page.press(Key::Escape)?;
        page.wait_until("it is let go", || Ok(page.all_by_css("[data-testid=following]")?.is_empty()))?;
        page.press('v')?;
        let cured = page.by_test_id("variant-with_key")?;
        page.wait_until("V flips", || Ok(cured.attribute("aria-pressed")?.as_deref() == Some("true")))?;
        quiet(page)
    });
}

fn charged_twice(page: &Page) -> Outcome {
    open(page)?;
    drop_file(page, "twice.yaml", &format!("[{}]", serde_json::to_string(TWICE).unwrap_or_default()))?;
    page.by_test_id("part-payment")?;
    run_to_end(page).map(drop)
}
