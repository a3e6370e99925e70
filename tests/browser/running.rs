//! A run on the page: it plays, stands still, goes on step by step, and can be broken.

use app::Action;
use player::Command;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::{Page, frames};

#[wasm_bindgen_test]
async fn a_scenario_that_is_opened_plays() {
    let page = Page::with_shop().await;
    assert_eq!(page.attribute("play", "aria-label"), "Pause");
    let before = page.text("time");
    frames(20).await;
    assert_ne!(page.text("time"), before);
    assert!(page.find("variant-calls").is_some() && page.find("variant-queues").is_some());
    assert!(page.find("part-shopper").is_some() && page.find("part-payment").is_some());
}

#[wasm_bindgen_test]
async fn nothing_moves_on_pause() {
    let page = Page::with_shop().await;
    frames(30).await;
    page.press("play").await;
    let before = page.everything();
    frames(30).await;
    assert!(page.everything() == before, "something on the page or the stage has changed");
    page.press("play").await;
    frames(30).await;
    assert!(page.everything() != before);
}

#[wasm_bindgen_test]
async fn a_step_is_one_thing_that_happens() {
    let page = Page::with_shop().await;
    page.press("step").await;
    let (digest, records) = (page.text("digest"), page.desk.snapshot().run.as_ref().unwrap().summary.records);
    page.press("step").await;
    assert_ne!(page.text("digest"), digest);
    assert!(page.desk.snapshot().run.as_ref().unwrap().summary.records > records);
    assert_eq!(page.attribute("play", "aria-label"), "Play", "a step pauses");
}

#[wasm_bindgen_test]
async fn the_ledger_on_the_page_balances_all_the_time() {
    let page = Page::with_shop().await;
    for _ in 0..10 {
        frames(4).await;
        let parts = ["delivered", "in-flight", "waiting", "dead-lettered", "lost"];
        let sum: u64 = parts.iter().map(|part| page.number(part)).sum();
        assert_eq!(page.number("published"), sum);
        assert_eq!(page.text("ledger-balance"), "balances");
    }
    assert!(page.number("published") > 0);
}

#[wasm_bindgen_test]
async fn a_restart_gives_the_same_digest() {
    let page = Page::with_shop().await;
    page.run_to_end().await;
    let digest = page.text("digest");
    page.press("restart").await;
    assert_ne!(page.text("digest"), digest);
    page.run_to_end().await;
    assert_eq!(page.text("digest"), digest);
    assert_eq!(page.text("same-again"), "same as the run before");
}

#[wasm_bindgen_test]
async fn a_crash_by_hand_turns_customers_away_and_is_repeated() {
    let page = Page::with_shop().await;
    page.press("part-payment").await;
    page.press("crash").await;
    assert!(page.find("restart-part").is_some(), "what is down can be started again");
    page.run_to_end().await;
    assert!(page.number("refused") > 100, "{}", page.number("refused"));
    assert!(page.number("lost") > 0);
    let digest = page.text("digest");
    page.press("restart").await;
    page.run_to_end().await;
    assert_eq!(page.text("digest"), digest);
    page.press("forget").await;
    page.run_to_end().await;
    assert_eq!(page.number("refused"), 0);
}

#[wasm_bindgen_test]
async fn a_part_is_selected_and_left_again() {
    let page = Page::with_shop().await;
    page.press("part-orders").await;
    assert_eq!(page.attribute("part-orders", "aria-pressed"), "true");
    assert!(page.text("selected").contains("orders"));
    page.press("part-orders").await;
    assert_eq!(page.attribute("part-orders", "aria-pressed"), "false");
    assert!(page.find("selected").is_none());
}

#[wasm_bindgen_test]
async fn another_variant_keeps_the_speed_and_the_selection() {
    let page = Page::with_shop().await;
    page.send(Action::Run(Command::SetSpeed(5.0))).await;
    page.press("part-payment").await;
    page.press("variant-queues").await;
    assert_eq!(page.text("speed-figure"), "5×");
    assert_eq!(page.attribute("part-payment", "aria-pressed"), "true");
    assert_eq!(page.attribute("variant-queues", "aria-pressed"), "true");
    assert!(page.find("part-charges").is_some());
}

#[wasm_bindgen_test]
async fn another_variant_is_spared_what_was_done_by_hand() {
    let page = Page::with_shop().await;
    page.press("part-payment").await;
    page.press("crash").await;
    page.press("variant-queues").await;
    page.run_to_end().await;
    assert_eq!(page.number("refused"), 0);
    assert!(page.number("waiting") > 100, "{}", page.number("waiting"));
}

#[wasm_bindgen_test]
async fn a_wound_run_is_the_run_that_was_played() {
    let page = Page::with_shop().await;
    page.press("play").await;
    let at = |seconds: u64| Action::Run(Command::Seek(kernel::Time::from_nanos(seconds * 1_000_000_000)));
    page.send(at(5)).await;
    page.wait_until("it is there", |snapshot| {
        snapshot.run.as_ref().is_some_and(|run| !run.transport.winding)
    })
    .await;
    let digest = page.text("digest");
    page.run_to_end().await;
    page.send(at(5)).await;
    page.wait_until("it is back", |snapshot| snapshot.run.as_ref().is_some_and(|run| !run.transport.winding))
        .await;
    assert_eq!(page.text("digest"), digest);
    assert_eq!(page.text("time"), "5.00 s");
}

#[wasm_bindgen_test]
async fn another_seed_is_another_run() {
    let page =
        Page::with("poisson.yaml", &crate::mounted::SHOP.replace("constant 10/s", "poisson 10/s")).await;
    page.run_to_end().await;
    let digest = page.text("digest");
    page.send(Action::SetSeed(8)).await;
    page.run_to_end().await;
    assert_ne!(page.text("digest"), digest);
    page.send(Action::SetSeed(7)).await;
    page.run_to_end().await;
    assert_eq!(page.text("digest"), digest);
}

#[wasm_bindgen_test]
async fn the_event_log_tells_what_happened() {
    let page = Page::with_shop().await;
    page.press("step").await;
    page.press("tab-events").await;
    assert!(page.text("log").contains("customer 0 makes a request"), "{}", page.text("log"));
    page.press("tab-figures").await;
    assert!(page.find("answered").is_some());
}

#[wasm_bindgen_test]
async fn two_pages_do_not_know_of_each_other() {
    let (one, other) = (Page::with_shop().await, Page::with_shop().await);
    one.press("play").await;
    let before = one.text("time");
    frames(20).await;
    assert_eq!(one.text("time"), before);
    assert_eq!(other.attribute("play", "aria-label"), "Pause");
}
