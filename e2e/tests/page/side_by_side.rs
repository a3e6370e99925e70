//! Several architectures side by side, with one clock.

use e2e::{Failure, Key, Outcome, Page, page_test};

use crate::{number, open, quiet, run_to_end, text};

#[test]
fn a_lane_has_another_time_than_the_one_beside_it() {
    page_test("a_lane_has_another_time_than_the_one_beside_it", |page| {
        side_by_side(page, &["sync", "queue"])?;
        let before = together(page, "both play")?;
        page.wait_until("time advances", || Ok(times(page)?[0] > before + 100_000_000))?;
        page.by_role("button", "Pause")?.click()?;
        page.by_role("button", "Play")?;
        let paused = together(page, "both stand still")?;
        std::thread::sleep(std::time::Duration::from_millis(400));
        assert_eq!(times(page)?, [paused, paused]);
        page.by_role("button", "Step")?.click()?;
        page.wait_until("both have gone a step", || {
            let times = times(page)?;
            Ok(times[0] > paused && times[0] == times[1])
        })?;
        for seconds in [21, 7, 40] {
            seek(page, seconds)?;
            assert_eq!(together(page, "both are there")?, seconds * 1_000_000_000);
        }
        page.by_role("button", "Restart")?.click()?;
        page.wait_until("both begin again", || Ok(times(page)? == [0, 0]))?;
        page.by_role("button", "Speed 1,000×")?.click()?;
        page.press(' ')?;
        page.wait_until("both end", || Ok(times(page)? == [60_000_000_000; 2]))?;
        quiet(page)
    });
}

#[test]
fn what_crashes_in_one_lane_is_up_in_the_other() {
    page_test("what_crashes_in_one_lane_is_up_in_the_other", |page| {
        side_by_side(page, &["sync", "queue"])?;
        page.by_role("button", "Pause")?.click()?;
        seek(page, 5)?;
        page.by_test_id("part-payment")?.click()?;
        page.by_role("button", "Crash payment")?.click()?;
        page.by_role("button", "Restart payment")?;
        seek(page, 12)?;
        // The calls fail, and those who are told yes by the queue wait for their payment.
        page.wait_until("customers are refused", || Ok(number(page, "lane-0-refused")? > 10))?;
        assert_eq!(number(page, "lane-1-refused")?, 0);
        assert!(text(page, "lane-1-refused-elsewhere")?.contains("told yes here and refused elsewhere"));
        page.by_test_id("open-lane-1")?.click()?;
        page.by_test_id("variant-queue")?;
        page.wait_until("it is opened alone", || Ok(text(page, "time")? == "12.00 s"))?;
        page.by_role("button", "Restart payment")?;
        assert_eq!(text(page, "selected")?.split_whitespace().next(), Some("payment:"));
        assert_eq!(number(page, "refused")?, 0);
        quiet(page)
    });
}

#[test]
fn a_case_is_followed_in_one_lane_only() {
    page_test("a_case_is_followed_in_one_lane_only", |page| {
        side_by_side(page, &["sync", "queue"])?;
        page.by_role("button", "Pause")?.click()?;
        seek(page, 25)?;
        let field = page.by_test_id("case")?;
        field.type_text("85")?;
        page.press(Key::Enter)?;
        page.wait_until("it is followed in both", || {
            Ok(text(page, "lane-0-case")?.starts_with("case 85 refused after ")
                && text(page, "lane-1-case")?.starts_with("case 85 answered after "))
        })?;
        assert!(text(page, "lane-1-case")?.contains("not paid yet"));
        page.press(Key::Escape)?;
        page.wait_until("it is let go", || Ok(page.all_by_css("[data-testid=lane-0-case]")?.is_empty()))?;

        // Whoever clicks a message follows its case, here and alone on the stage.
        page.script(&click_messages(".lane:last-child canvas"))?;
        page.wait_until("a message was clicked", || Ok(!case_in(page, 0)?.is_empty()))?;
        assert_eq!(case_in(page, 0)?, case_in(page, 1)?);
        page.press(Key::Escape)?;
        page.by_test_id("show-stage")?.click()?;
        // The stage is drawn some frames later.
        page.wait_until("a message was clicked alone", || {
            page.script(&click_messages("[data-testid=stage]"))?;
            Ok(!page.all_by_css("[data-testid=following]")?.is_empty())
        })?;
        quiet(page)
    });
}

#[test]
fn a_run_beside_others_is_another_run_than_alone() {
    page_test("a_run_beside_others_is_another_run_than_alone", |page| {
        let wishes = [
            "sync",
            "pubsub",
            "queue",
            "queue with channels.charges.profile=kafka",
            "queue with services.payment.workers=1",
            "without what I did",
        ];
        side_by_side(page, &wishes)?;
        assert_eq!(page.all_by_css(".lane canvas")?.len(), 6);
        let together = ended(page)?;
        page.by_role("button", "Restart")?.click()?;
        page.wait_until("all begin again", || Ok(times(page)?.iter().all(|&time| time == 0)))?;
        assert_eq!(ended(page)?, together, "a second time");
        let mut different = together.clone();
        different.sort();
        different.dedup();
        // The one without what was done by hand is the leader's, since nothing was done.
        assert_eq!((different.len(), &together[5]), (5, &together[leader(page)?]));

        page.by_test_id("show-stage")?.click()?;
        for (wish, expected) in wishes.iter().zip(&together).take(5) {
            page.by_test_id(&format!("variant-{wish}"))?.click()?;
            assert_eq!(&run_to_end(page)?, expected, "{wish}");
        }
        quiet(page)
    });
}

#[test]
fn a_wrong_wish_is_not_told_or_loses_what_runs() {
    page_test("a_wrong_wish_is_not_told_or_loses_what_runs", |page| {
        side_by_side(page, &["sync", "pubsub", "queue"])?;
        let wrong = "queue with services.paiment.workers=2";
        wish(page, wrong)?;
        page.wait_until("it is told", || {
            Ok(text(page, "wish-problem")?.contains("services.payment.workers"))
        })?;
        assert_eq!(page.by_test_id("wish")?.property("value")?.as_deref(), Some(wrong), "the text is lost");
        assert_eq!(page.all_by_css(".lane")?.len(), 3);
        wish(page, "kueue")?;
        page.wait_until("the nearest is named", || Ok(text(page, "wish-problem")?.contains("queue")))?;
        for workers in 2..=4 {
            wish(page, &format!("queue with services.payment.workers={workers}"))?;
            page.wait_until("it runs", || Ok(page.all_by_css(".lane")?.len() == workers + 2))?;
        }
        assert!(page.all_by_css("[data-testid=wish-problem]")?.is_empty());
        page.by_test_id("beside-without what I did")?.click()?;
        page.wait_until("a seventh is refused", || {
            Ok(text(page, "wish-problem")?.starts_with("no more than 6 fit"))
        })?;
        for gone in ["sync", "pubsub"] {
            page.by_test_id(&format!("beside-{gone}"))?.click()?;
        }
        page.wait_until("they are gone", || Ok(page.all_by_css(".lane")?.len() == 4))?;
        together(page, "the others go on")?;
        quiet(page)
    });
}

#[test]
fn boards_scenarios_and_seeds_change_and_something_is_left_behind() {
    page_test("boards_scenarios_and_seeds_change_and_something_is_left_behind", |page| {
        page.resize(1920, 1080)?;
        side_by_side(page, &["sync", "queue"])?;
        // From side by side to figures, the long way round.
        for _ in 0..7 {
            page.press('b')?;
        }
        page.by_css("[data-testid=show-figures][aria-pressed=true]")?;
        page.by_test_id("show-side-by-side")?.click()?;
        together(page, "both go on")?;
        page.press('3')?;
        page.by_css("[data-testid=lane-1].leads")?;
        page.press('2')?;
        page.wait_until("the leader was replaced", || Ok(names(page)? == ["sync", "pubsub"]))?;
        let seed = page.by_test_id("seed")?;
        seed.clear()?;
        seed.type_text("7")?;
        page.press(Key::Enter)?;
        let first = ended(page)?;
        let scenarios = page.by_role("combobox", "Scenario")?;
        scenarios.choose("Processed twice, and the idempotency key")?;
        page.wait_until("other lanes run", || Ok(!names(page)?.contains(&"sync".to_owned())))?;
        scenarios.choose("Place an order")?;
        page.wait_until("it begins anew", || Ok(names(page)?.len() == 3))?;
        let other = ended(page)?;
        assert_ne!(first[0], other[0], "another seed");
        page.resize(390, 844)?;
        let wide = page.script("return document.documentElement.scrollWidth")?;
        assert!(wide.as_f64().is_some_and(|wide| wide <= 390.0), "the page is {wide} wide");
        let (_, top, _, height) = page.by_test_id("play")?.rectangle()?;
        let scrolled = page.script("return scrollY")?.as_f64().unwrap_or_default();
        assert!((0.0..844.0).contains(&(top + height - scrolled)), "the controls are out of reach");
        quiet(page)
    });
}

/// Exactly these, side by side, of the first scenario.
fn side_by_side(page: &Page, wishes: &[&str]) -> Outcome {
    open(page)?;
    page.by_test_id("show-side-by-side")?.click()?;
    page.by_test_id("wish")?;
    for wished in wishes {
        if !names(page)?.iter().any(|name| name == wished) {
            wish(page, wished)?;
        }
    }
    for name in names(page)? {
        if !wishes.contains(&name.as_str()) && !name.contains("without") {
            page.by_test_id(&format!("beside-{name}"))?.click()?;
        }
    }
    page.wait_until("they are there", || Ok(names(page)?.len() == wishes.len()))
}

/// What runs.
fn names(page: &Page) -> Outcome<Vec<String>> {
    strings(page, "[...document.querySelectorAll('.lane')].map(it => it.getAttribute('aria-label'))")
}

fn wish(page: &Page, text: &str) -> Outcome {
    page.script(&format!(
        "const field = document.querySelector('[data-testid=wish]'); field.value = {text:?}; \
         field.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))?;
    // The panels tell it some frames later.
    std::thread::sleep(std::time::Duration::from_millis(100));
    Ok(())
}

fn strings(page: &Page, expression: &str) -> Outcome<Vec<String>> {
    let found = page.script(&format!("return {expression}"))?;
    let all = found.as_array().into_iter().flatten();
    Ok(all.map(|it| it.as_str().unwrap_or_default().to_owned()).collect())
}

/// The time of each lane at one moment, in nanoseconds.
fn times(page: &Page) -> Outcome<Vec<u64>> {
    let found = strings(page, "[...document.querySelectorAll('.lane')].map(it => it.dataset.nanos)")?;
    let numbers: Result<Vec<u64>, _> = found.iter().map(|it| it.parse()).collect();
    numbers.map_err(|_| Failure::new(format!("these are no times: {found:?}")))
}

/// The time that all lanes have.
fn together(page: &Page, what: &str) -> Outcome<u64> {
    let mut time = 0;
    page.wait_until(what, || {
        let times = times(page)?;
        time = times.first().copied().unwrap_or_default();
        Ok(times.len() > 1 && times.iter().all(|&it| it == time))
    })?;
    Ok(time)
}

fn seek(page: &Page, seconds: u64) -> Outcome {
    page.script(&format!(
        "const field = document.querySelector('[data-testid=scrubber]'); field.value = {seconds}000; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ))?;
    page.wait_until("it is wound", || Ok(times(page)?.iter().all(|&time| time == seconds * 1_000_000_000)))
}

/// The digest of each lane at the end.
fn ended(page: &Page) -> Outcome<Vec<String>> {
    page.by_role("button", "Run to the end")?.click()?;
    page.wait_until("all have ended", || Ok(times(page)?.iter().all(|&time| time == 60_000_000_000)))?;
    strings(page, "[...document.querySelectorAll('.lane')].map(it => it.dataset.digest)")
}

fn leader(page: &Page) -> Outcome<usize> {
    let found =
        page.script("return [...document.querySelectorAll('.lane')].findIndex(it => it.matches('.leads'))")?;
    found.as_u64().map(|index| index as usize).ok_or_else(|| Failure::new("no lane leads"))
}

/// The case that is followed in a lane, or nothing.
fn case_in(page: &Page, lane: usize) -> Outcome<String> {
    let shown = strings(
        page,
        &format!(
            "[...document.querySelectorAll('[data-testid=lane-{lane}-case] b')].map(it => it.textContent)"
        ),
    )?;
    Ok(shown.concat())
}

/// Clicks wherever the pointer says that something is there, from left to right.
fn click_messages(canvas: &str) -> String {
    format!(
        "const canvas = document.querySelector('{canvas}'), box = canvas.getBoundingClientRect();
         for (let y = 6; y < box.height; y += 6) for (let x = 6; x < box.width; x += 6) {{
           const at = {{ clientX: box.left + x, clientY: box.top + y, bubbles: true }};
           canvas.dispatchEvent(new MouseEvent('mousemove', at));
           if (canvas.style.cursor !== 'pointer') continue;
           canvas.dispatchEvent(new MouseEvent('mousedown', at));
           canvas.dispatchEvent(new MouseEvent('click', at));
         }}"
    )
}
