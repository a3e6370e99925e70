//! Files of a person's own, right and wrong.

use app::Action;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::{Page, SHOP, frames};

#[wasm_bindgen_test]
async fn a_wrong_file_lists_its_problems_and_the_run_goes_on() {
    let page = Page::with_shop().await;
    let wrong = SHOP.replace("title:", "titel:").replace("work: 20ms", "work: 20 bananas");
    page.open("wrong.yaml", wrong.as_bytes()).await;
    let problems = page.text("problems");
    for expected in ["wrong.yaml", "was not opened", "3:1", "`titel`", "did you mean title?", "bananas"] {
        assert!(problems.contains(expected), "{expected} is missing in {problems}");
    }
    assert!(page.find("part-payment").is_some(), "the old scenario is still open");
    let before = page.text("time");
    frames(20).await;
    assert_ne!(page.text("time"), before, "and still runs");
    page.press("close-problems").await;
    assert!(page.find("problems").is_none());
}

#[wasm_bindgen_test]
async fn what_is_no_text_is_refused_with_a_sentence() {
    let page = Page::with_shop().await;
    page.open("picture.png", &[0x89, b'P', b'N', b'G', 0, 1, 2, 3]).await;
    assert!(page.text("problems").contains("not a text file"), "{}", page.text("problems"));
    page.open("zeros.bin", &vec![0; 10_000_000]).await;
    assert!(page.text("problems").contains("10000000 bytes"), "{}", page.text("problems"));
    page.open("empty.yaml", b"").await;
    assert!(page.text("problems").contains("empty.yaml"));
    assert!(page.find("part-payment").is_some());
}

#[wasm_bindgen_test]
async fn a_file_that_cannot_be_had_leaves_everything_as_it_was() {
    let page = Page::with_shop().await;
    let reason = "The server answered 404.".to_owned();
    page.send(Action::OpenFailed { name: "gone.yaml".into(), reason }).await;
    assert!(page.text("problems").contains("The server answered 404."));
    assert!(page.text("caption").contains("gone.yaml could not be opened"));
    assert!(page.find("part-payment").is_some());
}

#[wasm_bindgen_test]
async fn the_next_right_file_takes_the_problems_away() {
    let page = Page::with_shop().await;
    page.open("wrong.yaml", b"signalbox: 1\n").await;
    assert!(page.find("problems").is_some());
    page.open("other.yaml", SHOP.replace("payment", "bank").as_bytes()).await;
    assert!(page.find("problems").is_none());
    assert!(page.find("part-bank").is_some() && page.find("part-payment").is_none());
}

#[wasm_bindgen_test]
async fn a_page_without_a_scenario_says_what_it_waits_for() {
    let page = Page::empty().await;
    assert_eq!(page.text("caption"), "Opening the first scenario.");
    page.key(" ").await;
    page.key("ArrowRight").await;
    assert!(page.find("play").is_none());
}
