//! The built page, met the way a visitor meets it.

mod asking;
mod channels;
mod comparing;
mod side_by_side;

use e2e::{Failure, Key, Outcome, Page, page_test};

/// A file with a wrong key, a wrong unit and something missing.
const WRONG: &str = "signalbox: 1\ntitel: mine\nclients: { a: { arrivals: poisson 5/q } }\nservices: {}\n";

#[test]
fn the_page_opens_on_a_running_system() {
    page_test("the_page_opens_on_a_running_system", |page| {
        open(page)?;
        assert!(page.title()?.contains("Signalbox"));
        assert_eq!(
            page.by_role("combobox", "Scenario")?.property("value")?.as_deref(),
            Some("order-placed.yaml")
        );
        let before = seconds(page)?;
        page.wait_until("time advances", || Ok(seconds(page)? > before + 0.1))?;
        page.wait_until("messages are sent", || Ok(number(page, "published")? > 0))?;
        quiet(page)
    });
}

#[test]
fn a_paused_page_stands_still() {
    page_test("a_paused_page_stands_still", |page| {
        open(page)?;
        page.by_role("button", "Pause")?.click()?;
        page.by_role("button", "Play")?;
        let (time, digest, picture) = (seconds(page)?, text(page, "digest")?, stage(page)?);
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert_eq!((seconds(page)?, text(page, "digest")?), (time, digest));
        assert!(stage(page)? == picture, "the stage has changed");
        page.by_role("button", "Step")?.click()?;
        page.wait_until(
            "a step changes the digest",
            || Ok(stage(page)? != picture || seconds(page)? > time),
        )?;
        page.by_role("button", "Play")?.click()?;
        page.wait_until("time goes on", || Ok(seconds(page)? > time + 0.1))
    });
}

#[test]
fn payment_crashes_and_customers_are_refused() {
    page_test("payment_crashes_and_customers_are_refused", |page| {
        open(page)?;
        page.by_test_id("variant-sync")?.click()?;
        page.by_test_id("part-payment")?.click()?;
        page.by_role("button", "Crash payment")?.click()?;
        page.by_role("button", "Restart payment")?;
        // Slow enough that payment is still down when it is restarted by hand.
        page.by_role("button", "Speed 1×")?.click()?;
        page.wait_until("customers are refused", || Ok(number(page, "refused")? > 5))?;
        assert!(number(page, "lost")? > 0);
        balanced(page)?;
        page.by_role("button", "Restart payment")?.click()?;
        let answered = number(page, "answered")?;
        page.wait_until("customers are answered again", || Ok(number(page, "answered")? > answered + 5))?;
        balanced(page)
    });
}

#[test]
fn what_is_clicked_on_the_stage_is_selected() {
    page_test("what_is_clicked_on_the_stage_is_selected", |page| {
        open(page)?;
        // The pointer says where something can be selected; of a row across the middle, the first such place.
        let found = page.script(
            "const canvas = document.querySelector('[data-testid=stage]'), box = canvas.getBoundingClientRect();
             for (let x = 4; x < box.width; x += 8) {
               const at = { clientX: box.left + x, clientY: box.top + box.height / 2, bubbles: true };
               canvas.dispatchEvent(new MouseEvent('mousemove', at));
               if (canvas.style.cursor === 'pointer') return x - box.width / 2;
             }",
        )?;
        let right =
            found.as_f64().ok_or_else(|| Failure::new("there is nothing in the middle of the stage"))?;
        page.by_test_id("stage")?.click_at((right + 12.0).round(), 0.0)?;
        page.by_test_id("selected").map(drop)
    });
}

#[test]
fn a_restart_repeats_the_run_to_the_last_record() {
    page_test("a_restart_repeats_the_run_to_the_last_record", |page| {
        open(page)?;
        for variant in ["sync", "pubsub", "queue"] {
            page.by_test_id(&format!("variant-{variant}"))?.click()?;
            let first = run_to_end(page)?;
            page.by_role("button", "Restart")?.click()?;
            assert_eq!(run_to_end(page)?, first, "{variant}");
            assert_eq!(text(page, "same-again")?, "same as the run before");
        }
        quiet(page)
    });
}

#[test]
fn the_keyboard_is_enough() {
    page_test("the_keyboard_is_enough", |page| {
        open(page)?;
        page.press(' ')?;
        page.by_role("button", "Play")?;
        let digest = text(page, "digest")?;
        page.press(Key::Right)?;
        page.wait_until("the arrow steps", || Ok(text(page, "digest")? != digest))?;
        page.press('/')?;
        page.press(Key::Tab)?;
        page.press(Key::Tab)?;
        page.press(Key::Enter)?;
        page.wait_until("payment is selected", || Ok(text(page, "selected")?.contains("payment")))?;
        page.press('c')?;
        page.by_role("button", "Restart payment")?;
        page.press('?')?;
        page.by_role("dialog", "Keys and signs")?;
        page.press(Key::Escape)?;
        page.press('3')?;
        let queue = page.by_test_id("variant-queue")?;
        page.wait_until("3 chooses the third", || {
            Ok(queue.attribute("aria-pressed")?.as_deref() == Some("true"))
        })
    });
}

#[test]
fn a_button_that_was_clicked_leaves_the_space_bar_to_the_page() {
    page_test("a_button_that_was_clicked_leaves_the_space_bar_to_the_page", |page| {
        open(page)?;
        page.by_test_id("part-payment")?.click()?;
        page.by_role("button", "Crash payment")?.click()?;
        page.press(' ')?;
        page.by_role("button", "Play")?;
        page.by_role("button", "Restart payment").map(drop)
    });
}

#[test]
fn a_wrong_file_lists_its_problems_and_the_run_goes_on() {
    page_test("a_wrong_file_lists_its_problems_and_the_run_goes_on", |page| {
        open(page)?;
        drop_file(page, "wrong.yaml", &format!("[{}]", serde_json::to_string(WRONG).unwrap_or_default()))?;
        let problems = page.by_test_id("problems")?.text()?;
        for expected in ["wrong.yaml was not opened", "2:1", "`titel`", "did you mean title?", "3:"] {
            assert!(problems.contains(expected), "{expected} is missing in {problems}");
        }
        let before = seconds(page)?;
        page.wait_until("the run goes on", || Ok(seconds(page)? > before + 0.1))?;
        page.by_test_id("part-payment")?;
        page.by_role("button", "Close the list of problems")?.click()?;
        page.wait_until("the list is closed", || Ok(page.all_by_css("[data-testid=problems]")?.is_empty()))?;
        drop_file(page, "film.mp4", "[new Uint8Array(1e7)]")?;
        assert!(page.by_test_id("problems")?.text()?.contains("The file has 10.0 MB"));
        drop_file(page, "picture.png", "[new Uint8Array([137, 80, 78, 71, 0, 1])]")?;
        page.wait_until("a picture is refused", || {
            Ok(page.by_test_id("problems")?.text()?.contains("not a text file"))
        })?;
        quiet(page)
    });
}

#[test]
fn a_file_of_ones_own_runs() {
    page_test("a_file_of_ones_own_runs", |page| {
        open(page)?;
        let own = "signalbox: 1\ntitle: My own\nclients: { me: { arrivals: poisson 5/s, sends: ask, to: desk } }\n\
                   services: { desk: { work: 50ms } }\nhandlers: { desk: { ask: [work, reply] } }\n";
        drop_file(page, "own.yaml", &format!("[{}]", serde_json::to_string(own).unwrap_or_default()))?;
        page.by_test_id("part-desk")?;
        page.wait_until("it is answered", || Ok(number(page, "answered")? > 0))?;
        page.by_role("combobox", "Scenario")?.choose("Place an order")?;
        page.by_test_id("part-payment").map(drop)
    });
}

#[test]
fn day_and_night_are_chosen_and_kept() {
    page_test("day_and_night_are_chosen_and_kept", |page| {
        page.prefer("prefers-color-scheme", "light")?;
        open(page)?;
        let day = ground(page)?;
        page.by_role("button", "Night colours")?.click()?;
        page.wait_until("the ground is another one", || Ok(ground(page)? != day))?;
        let night = ground(page)?;
        page.reload()?;
        page.by_role("button", "Day colours")?;
        assert_eq!(ground(page)?, night);
        page.by_role("button", "Day colours")?.click()?;
        page.wait_until("it is day again", || Ok(ground(page)? == day))?;
        page.script("localStorage.clear()")?;
        page.prefer("prefers-color-scheme", "dark")?;
        page.reload()?;
        page.by_role("button", "Day colours")?;
        assert_eq!(ground(page)?, night);
        Ok(())
    });
}

#[test]
fn a_phone_has_everything_and_nothing_beside_it() {
    page_test("a_phone_has_everything_and_nothing_beside_it", |page| {
        page.resize(390, 844)?;
        open(page)?;
        let beside = page
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
        assert_eq!(beside.as_f64(), Some(0.0), "it scrolls sideways");
        let (_, _, _, stage) = page.by_test_id("stage")?.rectangle()?;
        assert!((300.0..480.0).contains(&stage), "the stage is {stage} high");
        for control in
            ["play", "step", "restart", "run-to-end", "part-payment", "variant-queue", "theme", "open"]
        {
            let (left, _, width, height) = page.by_test_id(control)?.rectangle()?;
            assert!(width >= 40.0 && height >= 40.0, "{control} is {width} by {height}");
            assert!(left >= 0.0 && left + width <= 390.0, "{control} is cut off");
        }
        let (_, top, _, height) = page.by_test_id("speed")?.rectangle()?;
        let first_view = page.script("return innerHeight")?.as_f64().unwrap_or_default();
        assert!(
            top + height <= first_view,
            "the transport ends at {}, the first view at {first_view}",
            top + height
        );
        Ok(())
    });
}

#[test]
fn nothing_comes_from_elsewhere() {
    page_test("nothing_comes_from_elsewhere", |page| {
        open(page)?;
        run_to_end(page)?;
        let hosts = page.script(
            "return [...new Set(performance.getEntriesByType('resource').map(it => new URL(it.name).host))]",
        )?;
        let own = page.script("return [location.host]")?;
        assert_eq!(hosts, own);
        Ok(())
    });
}

/// The page with its first scenario, running.
fn open(page: &Page) -> Outcome {
    page.open("/")?;
    page.by_role("button", "Pause").map(drop)
}

fn run_to_end(page: &Page) -> Outcome<String> {
    page.by_role("button", "Run to the end")?.click()?;
    page.wait_until("the run has ended", || Ok(text(page, "caption")?.starts_with("The run has ended")))?;
    text(page, "digest")
}

fn text(page: &Page, test_id: &str) -> Outcome<String> {
    page.by_test_id(test_id)?.text()
}

fn number(page: &Page, test_id: &str) -> Outcome<u64> {
    let text = text(page, test_id)?;
    text.replace(',', "").parse().map_err(|_| Failure::new(format!("{test_id} is no number: {text:?}")))
}

fn seconds(page: &Page) -> Outcome<f64> {
    let text = text(page, "time")?;
    let number = text.trim_end_matches(" s").parse();
    number.map_err(|_| Failure::new(format!("the clock shows {text:?}")))
}

/// All figures of one moment, because they change between two questions.
fn balanced(page: &Page) -> Outcome {
    let ids = ["published", "delivered", "in-flight", "waiting", "dead-lettered", "lost"];
    let read = ids
        .map(|id| format!("+document.querySelector('[data-testid={id}]').textContent.replaceAll(',', '')"));
    let figures = page.script(&format!("return [{}]", read.join(",")))?;
    let figures: Vec<f64> = figures.as_array().into_iter().flatten().filter_map(|it| it.as_f64()).collect();
    assert_eq!(figures.len(), ids.len());
    assert_eq!(figures[0], figures[1..].iter().sum::<f64>(), "{figures:?}");
    assert_eq!(text(page, "ledger-balance")?.trim(), "balances");
    Ok(())
}

fn drop_file(page: &Page, name: &str, parts: &str) -> Outcome {
    page.script(&format!(
        "const data = new DataTransfer(); data.items.add(new File({parts}, '{name}')); \
         window.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }}))"
    ))
    .map(drop)
}

fn ground(page: &Page) -> Outcome<serde_json::Value> {
    page.script("return getComputedStyle(document.documentElement).backgroundColor")
}

/// Every pixel of the stage.
fn stage(page: &Page) -> Outcome<serde_json::Value> {
    page.script("return document.querySelector('[data-testid=stage]').toDataURL()")
}

/// Whatever the page writes to its console is a mistake.
fn quiet(page: &Page) -> Outcome {
    let console = page.console()?;
    assert!(console.is_empty(), "{}", console.join("\n"));
    Ok(())
}
