//! Finding things by what they are called, the way a person or a screen reader does.

use crate::element::Element;
use crate::failure::Outcome;
use crate::page::Page;
use crate::wait::{self, PATIENCE};
use fantoccini::Locator;

/// Whatever may carry a name of its own.
const NAMED: &str =
    "a, button, input, select, textarea, summary, [role], [aria-label], [aria-labelledby], [tabindex]";

impl Page {
    /// The one visible element with this role and accessible name: `by_role("button", "Play")`.
    pub fn by_role(&self, role: &str, name: &str) -> Outcome<Element<'_>> {
        self.the_only(&format!("there is one {role} called {name:?}"), || {
            let mut called = self.called(&candidates(role), name)?;
            for index in (0..called.elements.len()).rev() {
                if called.elements[index].role()? != role {
                    called.elements.remove(index);
                }
            }
            Ok(called)
        })
    }

    /// The one visible element with this accessible name, whatever it is.
    pub fn by_name(&self, name: &str) -> Outcome<Element<'_>> {
        self.the_only(&format!("there is something called {name:?}"), || self.called(NAMED, name))
    }

    /// The one visible element with this `data-testid`, for what has no name that a person would use.
    pub fn by_test_id(&self, id: &str) -> Outcome<Element<'_>> {
        self.by_css(&format!("[data-testid={id:?}]"))
    }

    /// The one visible element that a CSS selector matches.
    pub fn by_css(&self, selector: &str) -> Outcome<Element<'_>> {
        self.the_only(&format!("{selector} is on the page"), || {
            Ok(Found { elements: self.all_by_css(selector)?, others: Vec::new() })
        })
    }

    /// All the visible elements that a CSS selector matches right now.
    pub fn all_by_css(&self, selector: &str) -> Outcome<Vec<Element<'_>>> {
        let mut visible = Vec::new();
        for element in self.wait_for(self.browser().find_all(Locator::Css(selector)))? {
            let element = Element::new(self, element);
            if element.is_visible()? {
                visible.push(element);
            }
        }
        Ok(visible)
    }

    fn called(&self, selector: &str, name: &str) -> Outcome<Found<'_>> {
        let mut found = Found { elements: Vec::new(), others: Vec::new() };
        for element in self.all_by_css(selector)? {
            let own = element.accessible_name()?;
            if own == name {
                found.elements.push(element);
            } else {
                found.others.push(own);
            }
        }
        Ok(found)
    }

    fn the_only<'a>(&'a self, what: &str, look: impl Fn() -> Outcome<Found<'a>>) -> Outcome<Element<'a>> {
        wait::until_some(what, PATIENCE, || {
            let mut found = look()?;
            match (found.elements.pop(), found.elements.len()) {
                (Some(element), 0) => Ok(Ok(element)),
                (Some(_), more) => Ok(Err(format!("there are {}", more + 1))),
                (None, _) if found.others.is_empty() => Ok(Err("there is none".to_owned())),
                (None, _) => Ok(Err(format!("there is only {}", found.others.join(", ")))),
            }
        })
    }
}

/// What was looked for, and the names of what was there instead.
struct Found<'a> {
    elements: Vec<Element<'a>>,
    others: Vec<String>,
}

/// The browser knows the role of an element, but not the elements of a role; this narrows the question down.
fn candidates(role: &str) -> String {
    let native = match role {
        "button" => "button, summary, input[type=button], input[type=submit], ",
        "link" => "a[href], ",
        "checkbox" => "input[type=checkbox], ",
        "radio" => "input[type=radio], ",
        "slider" => "input[type=range], ",
        "spinbutton" => "input[type=number], ",
        "searchbox" => "input[type=search], ",
        "textbox" => "input:not([type]), input[type=text], textarea, [contenteditable], ",
        "combobox" | "listbox" => "select, ",
        "option" => "option, ",
        "heading" => "h1, h2, h3, h4, h5, h6, ",
        "dialog" => "dialog, ",
        "table" => "table, ",
        "row" => "tr, ",
        "list" => "ul, ol, ",
        "listitem" => "li, ",
        "img" | "image" => "img, svg, canvas, ",
        "status" => "output, ",
        "navigation" => "nav, ",
        "main" => "main, ",
        "region" => "section, ",
        "group" => "fieldset, details, ",
        _ => "",
    };
    format!("{native}[role={role:?}]")
}
