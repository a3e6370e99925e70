//! What was promised, what came of it, and why.

use app::{Action, Snapshot};
use kernel::Time;
use player::Command;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::{Page, TWICE, frames};

/// Everything is charged twice, and the run has ended.
async fn charged_twice() -> Page {
    let page = Page::with("twice.yaml", TWICE).await;
    page.run_to_end().await;
    page
}

fn is_still(snapshot: &Snapshot) -> bool {
    snapshot.run.as_ref().is_some_and(|run| !run.transport.winding)
}

fn now(page: &Page) -> Time {
    page.desk.snapshot().run.as_ref().unwrap().transport.now
}

#[wasm_bindgen_test]
async fn a_broken_promise_is_asked_why() {
    let page = charged_twice().await;
    assert_eq!(page.text("promises"), "2 broken");
    assert_eq!(page.attribute("check-0", "data-state"), "broken");
    assert!(page.text("check-0").contains("broken by 50 cases"), "{}", page.text("check-0"));
    page.press("ask").await;
    let (summary, root) = (page.text("summary"), page.text("root"));
    assert!(summary.contains("charged") && summary.contains("payment"), "{summary}");
    assert!(root.contains("waits 70 ms for the answer"), "{root}");
    let heading = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
    assert!(heading.text_content().unwrap().contains("charged > 1"), "the answer does not have the focus");
    page.press("tab-figures").await;
    page.press("tab-why").await;
    assert_eq!(page.text("summary"), summary);
    page.press("restart").await;
    page.press("variant-with_key").await;
    assert!(page.find("tab-why").is_none(), "what was asked was about another run");
}

#[wasm_bindgen_test]
async fn a_link_of_the_chain_leads_to_its_moment() {
    let page = charged_twice().await;
    page.press("ask").await;
    page.press("moment").await;
    page.wait_until("it is there", is_still).await;
    assert!(now(&page).seconds() < 1.0, "{}", now(&page).seconds());
    assert!(page.text("selected").starts_with("payment"), "{}", page.text("selected"));
    assert!(page.find("summary").is_some(), "the answer is closed");
    assert_eq!(page.attribute("play", "aria-label"), "Play", "time goes on");
}

#[wasm_bindgen_test]
async fn a_violation_is_gone_to_and_its_case_followed_until_it_is_let_go() {
    let page = charged_twice().await;
    page.press("all-0").await;
    let list = page.text("list");
    assert!(list.contains("case 0") && list.contains("case 49"), "{list}");
    page.press("moment").await;
    page.wait_until("it is there", is_still).await;
    // The speed is 1: a second before it, or the start.
    assert!(now(&page) < Time::from_nanos(372_000_000));
    assert!(page.text("following").contains("case 0"));
    page.send(Action::Run(Command::Seek(Time::from_nanos(5_000_000_000)))).await;
    page.wait_until("it is there", is_still).await;
    let followed = page.everything().1;
    page.press("tab-events").await;
    let of_case = page.text("log");
    assert!(of_case.contains("case 0 is charged 2 times") && !of_case.contains("customer 1 "), "{of_case}");
    page.press("let-go").await;
    assert!(page.find("following").is_none());
    assert!(page.everything().1 != followed, "the stage still shows one case only");
    assert!(page.text("log").contains("customer 24 "), "{}", page.text("log"));
    page.send(Action::Follow(Some(3))).await;
    page.key("Escape").await;
    assert!(page.find("following").is_none());
}

#[wasm_bindgen_test]
async fn refused_customers_and_lost_messages_are_listed_and_asked_about() {
    let page = charged_twice().await;
    for (test_id, first) in [
        ("refused", "customer 0 of shopper is refused"),
        ("lost-too_late", "charge"),
        ("twice-charged", "case 0"),
    ] {
        let count = page.number(test_id);
        let figure = page.element(test_id).query_selector("button").unwrap().unwrap();
        wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(figure).click();
        frames(3).await;
        let list = page.element("list");
        assert_eq!(u64::from(list.child_element_count()), count.min(100), "{test_id}");
        assert!(list.text_content().unwrap().contains(first), "{test_id}: {:?}", list.text_content());
        page.press("ask").await;
        assert!(!page.text("summary").is_empty() && page.find("root").is_some(), "{test_id}");
        page.press("back").await;
        assert!(page.find("list").is_some());
        page.press("tab-figures").await;
    }
}

#[wasm_bindgen_test]
async fn expected_and_actual_are_those_of_the_command_line() {
    let page = charged_twice().await;
    // signalbox run: BROKEN total: charged = requests   100 charged, 50 requests
    assert_eq!(page.text("verdict-0"), "100 charged, expected 50: 50 too many");
    assert!(page.attribute("sides-0", "class").contains("off"));
    page.press("flip").await;
    page.run_to_end().await;
    assert_eq!(page.text("verdict-0"), "50 charged, expected 50: as expected");
    assert!(!page.attribute("sides-0", "class").contains("off"));
    page.press("restart").await;
    assert!(page.text("verdict-0").ends_with(" so far"), "{}", page.text("verdict-0"));
    assert_eq!(page.text("promises"), "1 held, 1 not decided yet");
}

#[wasm_bindgen_test]
async fn a_failure_flips_to_its_cure_at_the_same_time_and_seed() {
    let page = Page::with("twice.yaml", TWICE).await;
    page.fill("seed", "11").await;
    page.send(Action::Run(Command::Pause)).await;
    page.send(Action::Run(Command::Seek(Time::from_nanos(4_321_000_000)))).await;
    page.wait_until("it is there", is_still).await;
    page.send(Action::Follow(Some(5))).await;
    let failing = page.text("digest");
    assert!(page.text("variant-with_key").contains("cure"));
    for (variant, words) in [("with_key", "See it fail"), ("naive", "See it cured")] {
        page.press("flip").await;
        page.wait_until("it is there", is_still).await;
        assert_eq!(page.attribute(&format!("variant-{variant}"), "aria-pressed"), "true");
        assert_eq!((now(&page).nanos(), page.value("seed").as_str()), (4_321_000_000, "11"));
        assert_eq!(page.text("flip"), words);
        assert_eq!(page.attribute("play", "aria-label"), "Play", "it does not stand still any more");
        assert!(page.text("following").contains("case 5"));
        assert_eq!(page.text("digest") == failing, variant == "naive");
    }
}

#[wasm_bindgen_test]
async fn what_a_service_keeps_is_seen_as_soon_as_it_is_selected() {
    let page = Page::with("twice.yaml", TWICE).await;
    page.send(Action::Run(Command::Pause)).await;
    page.send(Action::Run(Command::Seek(Time::from_nanos(10_000_000_000)))).await;
    page.wait_until("it is there", is_still).await;
    page.press("part-payment").await;
    assert_eq!(page.attribute("tab-service", "aria-pressed"), "true");
    let paid: u64 = page.number("total-charges");
    assert!((80..=100).contains(&paid), "{paid}");
    page.press("flip").await;
    page.wait_until("it is there", is_still).await;
    assert!(page.find("total-done").is_some() && page.text("cell-done").contains("kept, for each case"));
    page.press("part-orders").await;
    assert!(page.find("service").is_none(), "orders keeps nothing");
    assert!(page.find("rebuild").is_none(), "there is no log to read again");
}
