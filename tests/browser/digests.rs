//! Every variant of every preset has the same digest in this browser as it has natively: `tests/digests.txt` is
//! kept by a native test of the command line.

use app::Action;
use std::collections::BTreeMap;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::Page;

const NATIVE: &str = include_str!("../digests.txt");
/// The names of each preset's variants and its text, by its file's name.
const PRESETS: &[(&str, &[&str], &str)] = include!(concat!(env!("OUT_DIR"), "/preset_texts.rs"));

#[wasm_bindgen_test]
async fn a_run_in_the_browser_is_the_native_run() {
    let page = Page::empty().await;
    let native: BTreeMap<(&str, &str), &str> = NATIVE.lines().map(entry).collect();
    let mut checked = 0;
    for (file, variants, text) in PRESETS {
        page.open(file, text.as_bytes()).await;
        for (index, variant) in variants.iter().enumerate() {
            page.send(Action::ChooseVariant(index)).await;
            page.run_to_end().await;
            let expected = native.get(&(*file, *variant)).copied();
            assert_eq!(Some(page.text("digest").as_str()), expected, "{file}, {variant}");
            checked += 1;
        }
    }
    assert_eq!(checked, native.len(), "digests.txt has lines for what does not exist");
}

fn entry(line: &str) -> ((&str, &str), &str) {
    let mut words = line.split_whitespace();
    let mut next = || words.next().expect("a line is: file variant digest");
    ((next(), next()), next())
}
