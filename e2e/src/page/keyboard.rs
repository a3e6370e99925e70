//! Keys, pressed wherever the focus is.

use crate::failure::Outcome;
use crate::page::Page;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};

impl Page {
    /// Presses and releases a key: `press(' ')`, `press('?')`, `press(Key::Right)`.
    pub fn press(&self, key: impl Into<char>) -> Outcome {
        let value = key.into();
        let stroke = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.wait_for(self.browser().perform_actions(stroke))
    }
}
