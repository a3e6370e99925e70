//! The dials: the clock and the scrubber, which move in every frame and are therefore written without Yew.

use kernel::Time;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::figures;

/// The elements that show the present. Yew makes them and leaves their content alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Dials {
    /// Shows the time as text.
    pub clock: HtmlElement,
    /// Shows the time as a place: milliseconds of the run.
    pub scrubber: HtmlInputElement,
}

impl Dials {
    /// Shows a time.
    pub fn show(&self, now: Time, speed: f64) {
        self.clock.set_text_content(Some(&figures::clock(now, speed)));
        self.scrubber.set_value_as_number(now.millis());
    }
}
