//! Everything by keyboard.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use crate::mounted::Page;

#[wasm_bindgen_test]
async fn space_plays_and_pauses() {
    let page = Page::with_shop().await;
    page.key(" ").await;
    assert_eq!(page.attribute("play", "aria-label"), "Play");
    page.key(" ").await;
    assert_eq!(page.attribute("play", "aria-label"), "Pause");
}

#[wasm_bindgen_test]
async fn the_right_arrow_steps() {
    let page = Page::with_shop().await;
    page.key(" ").await;
    let digest = page.text("digest");
    page.key("ArrowRight").await;
    assert_ne!(page.text("digest"), digest);
}

#[wasm_bindgen_test]
async fn a_question_mark_shows_the_keys() {
    let page = Page::with_shop().await;
    let help: HtmlDialogElement = page.element("help").dyn_into().unwrap();
    assert!(!help.open());
    page.key("?").await;
    assert!(help.open());
    help.close();
}

#[wasm_bindgen_test]
async fn a_slash_goes_to_the_parts_and_c_crashes_the_selected_one() {
    let page = Page::with_shop().await;
    page.key("/").await;
    assert_eq!(page.focused().as_deref(), Some("part-shopper"));
    page.press("part-payment").await;
    page.key("c").await;
    assert!(page.find("restart-part").is_some());
    page.key("c").await;
    assert!(page.find("crash").is_some());
    page.key("Escape").await;
    assert!(page.find("crash").is_none());
}

#[wasm_bindgen_test]
async fn a_focused_button_has_the_space_bar_for_itself() {
    let page = Page::with_shop().await;
    page.element("part-orders").focus().unwrap();
    page.key(" ").await;
    assert_eq!(page.attribute("play", "aria-label"), "Pause", "the run goes on");
}

#[wasm_bindgen_test]
async fn whoever_types_a_seed_presses_no_keys_of_the_page() {
    let page = Page::with_shop().await;
    page.element("seed").focus().unwrap();
    for key in [" ", "r", "2", "?"] {
        page.key(key).await;
    }
    assert_eq!(page.attribute("play", "aria-label"), "Pause");
    assert_eq!(page.attribute("variant-calls", "aria-pressed"), "true");
}

#[wasm_bindgen_test]
async fn brackets_change_the_speed_and_digits_the_variant() {
    let page = Page::with_shop().await;
    page.key("]").await;
    assert_eq!(page.text("speed-figure"), "2×");
    page.key("[").await;
    page.key("[").await;
    assert_eq!(page.text("speed-figure"), "0.5×");
    page.key("2").await;
    assert_eq!(page.attribute("variant-queues", "aria-pressed"), "true");
    page.key("9").await;
    assert_eq!(page.attribute("variant-queues", "aria-pressed"), "true", "there is no ninth");
}

#[wasm_bindgen_test]
async fn plus_comes_nearer_to_the_stage_and_zero_shows_all_of_it() {
    let page = Page::with_shop().await;
    page.key(" ").await;
    let (_, whole) = page.everything();
    page.key("+").await;
    assert!(page.everything().1 != whole);
    page.key("0").await;
    assert!(page.everything().1 == whole);
}

#[wasm_bindgen_test]
async fn every_control_has_a_name() {
    let page = Page::with_shop().await;
    page.press("part-payment").await;
    assert!(named_controls(&page) > 20);
    page.press("variant-queues").await;
    page.press("part-charges").await;
    page.press("kinds").await;
    page.press("charges, ready").await;
    assert!(named_controls(&page) > 50);
}

/// How many controls there are, all of which have a name.
fn named_controls(page: &Page) -> u32 {
    let controls = page.element("stage").owner_document().unwrap();
    let controls = controls.query_selector_all("a, button, input, select, canvas").unwrap();
    for index in 0..controls.length() {
        let control: web_sys::Element = controls.get(index).unwrap().dyn_into().unwrap();
        let text = control.text_content().unwrap_or_default();
        let labelled = control.has_attribute("aria-label") || control.closest("label").unwrap().is_some();
        assert!(labelled || !text.trim().is_empty(), "{}", control.outer_html());
    }
    controls.length()
}
