//! Something on the page.

use crate::endpoint::Endpoint;
use crate::failure::Outcome;
use crate::page::Page;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use std::time::Duration;

/// Something that was found on the page. The page may since have replaced it; then finding it again is the way.
pub struct Element<'a> {
    page: &'a Page,
    inner: fantoccini::elements::Element,
}

impl<'a> Element<'a> {
    pub(crate) fn new(page: &'a Page, inner: fantoccini::elements::Element) -> Self {
        Element { page, inner }
    }

    /// Clicks in its middle. Fails if something else is in front of it.
    pub fn click(&self) -> Outcome {
        self.page.wait_for(self.inner.click()).map_err(|failure| failure.during("click"))
    }

    /// Clicks so many CSS pixels right of and below its middle, for what is drawn rather than made of elements.
    pub fn click_at(&self, right: f64, below: f64) -> Outcome {
        let to_place = PointerAction::MoveToElement {
            element: self.inner.clone(),
            duration: Some(Duration::ZERO),
            x: right,
            y: below,
        };
        let left = fantoccini::actions::MOUSE_BUTTON_LEFT;
        let click = MouseActions::new("mouse".to_owned())
            .then(to_place)
            .then(PointerAction::Down { button: left })
            .then(PointerAction::Up { button: left });
        self.page.wait_for(self.page.browser().perform_actions(click))
    }

    /// Types at the end of what is in it.
    pub fn type_text(&self, text: &str) -> Outcome {
        self.page.wait_for(self.inner.send_keys(text)).map_err(|failure| failure.during("type"))
    }

    /// Empties a field.
    pub fn clear(&self) -> Outcome {
        self.page.wait_for(self.inner.clear()).map_err(|failure| failure.during("clear"))
    }

    /// Chooses an option of a `select` by its text.
    pub fn choose(&self, option: &str) -> Outcome {
        self.page.wait_for(self.inner.select_by_label(option)).map_err(|failure| failure.during("choose"))
    }

    /// Its text, as far as it is visible.
    pub fn text(&self) -> Outcome<String> {
        self.page.wait_for(self.inner.text())
    }

    /// An attribute as it is in the document.
    pub fn attribute(&self, name: &str) -> Outcome<Option<String>> {
        self.page.wait_for(self.inner.attr(name))
    }

    /// A property as it is now, such as the `value` of a field.
    pub fn property(&self, name: &str) -> Outcome<Option<String>> {
        self.page.wait_for(self.inner.prop(name))
    }

    /// What a screen reader calls it.
    pub fn accessible_name(&self) -> Outcome<String> {
        self.word(Endpoint::accessible_name(&self.inner.element_id()))
    }

    /// What a screen reader takes it for.
    pub fn role(&self) -> Outcome<String> {
        self.word(Endpoint::accessible_role(&self.inner.element_id()))
    }

    /// Whether it can be used.
    pub fn is_enabled(&self) -> Outcome<bool> {
        self.page.wait_for(self.inner.is_enabled())
    }

    /// Whether it can be seen.
    pub fn is_visible(&self) -> Outcome<bool> {
        self.page.wait_for(self.inner.is_displayed())
    }

    /// Its left, top, width and height in CSS pixels.
    pub fn rectangle(&self) -> Outcome<(f64, f64, f64, f64)> {
        self.page.wait_for(self.inner.rectangle())
    }

    fn word(&self, endpoint: Endpoint) -> Outcome<String> {
        Ok(self.page.ask(endpoint)?.as_str().unwrap_or_default().to_owned())
    }
}
