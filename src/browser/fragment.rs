//! HTML that comes as a text and is put into an element of the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Whatever can have the focus, or is open or closed.
const KEPT: &str = "button, summary, input";
/// What tells them apart, while their content changes.
const NAMES: [&str; 4] = ["id", "data-cell", "data-baseline", "data-open"];

/// An element that is not part of the page yet.
pub fn element(tag: &str) -> Option<Element> {
    super::document()?.create_element(tag).ok()
}

/// Puts other HTML into an element. What has the focus, what is open and what is ticked stays so.
pub fn put(place: &Element, html: &str) {
    let focused = super::document().and_then(|document| document.active_element());
    let (mut focus, mut open, mut ticked) = (String::new(), Vec::new(), Vec::new());
    each(place, &mut |element| {
        if focused.as_ref() == Some(element) {
            focus = name(element);
        }
        if is_open(element) {
            open.push(name(element));
        }
        if input(element).is_some_and(|input| input.checked()) {
            ticked.push(name(element));
        }
    });
    place.set_inner_html(html);
    each(place, &mut |element| {
        let name = name(element);
        if open.contains(&name)
            && let Some(details) = element.parent_element()
        {
            // The attribute's name is valid.
            let _ = details.set_attribute("open", "");
        }
        if ticked.contains(&name)
            && let Some(input) = input(element)
        {
            input.set_checked(true);
        }
        if !focus.is_empty()
            && name == focus
            && let Some(element) = element.dyn_ref::<HtmlElement>()
        {
            // What is not shown does not get it.
            let _ = element.focus();
        }
    });
}

fn each(place: &Element, see: &mut dyn FnMut(&Element)) {
    let Ok(all) = place.query_selector_all(KEPT) else { return };
    for index in 0..all.length() {
        if let Some(element) = all.get(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            see(&element);
        }
    }
}

fn name(element: &Element) -> String {
    let mut name = element.class_name();
    let class = name.len();
    for attribute in NAMES {
        if let Some(value) = element.get_attribute(attribute) {
            name.push_str(attribute);
            name.push_str(&value);
        }
    }
    if name.len() > class { name } else { element.text_content().unwrap_or_default() }
}

fn is_open(element: &Element) -> bool {
    element.tag_name() == "SUMMARY"
        && element.parent_element().is_some_and(|details| details.has_attribute("open"))
}

fn input(element: &Element) -> Option<&HtmlInputElement> {
    element.dyn_ref()
}
