//! Day and night, and how much motion somebody wants.

use web_sys::{MediaQueryList, MediaQueryListEvent};

use super::listener::Listener;

/// Paper by day, near-black by night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Day,
    /// Light on dark.
    Night,
}

const KEY: &str = "signalbox.theme";
const ATTRIBUTE: &str = "data-theme";
const DARK: &str = "(prefers-color-scheme: dark)";
const REDUCED: &str = "(prefers-reduced-motion: reduce)";

impl Theme {
    /// Its name in the page's attribute and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Day => "day",
            Theme::Night => "night",
        }
    }

    /// The other one.
    pub fn other(self) -> Theme {
        match self {
            Theme::Day => Theme::Night,
            Theme::Night => Theme::Day,
        }
    }

    fn named(name: &str) -> Option<Theme> {
        [Theme::Day, Theme::Night].into_iter().find(|theme| theme.name() == name)
    }
}

/// What is on screen: what the person chose, else what the system prefers.
pub fn current() -> Theme {
    let chosen = super::document()
        .and_then(|document| document.document_element()?.get_attribute(ATTRIBUTE))
        .and_then(|name| Theme::named(&name));
    chosen.unwrap_or_else(|| if matches(DARK) { Theme::Night } else { Theme::Day })
}

/// Shows a theme and remembers it.
pub fn choose(theme: Theme) {
    show(theme);
    if let Some(storage) = storage() {
        // Where nothing may be stored, the choice holds until the page is left.
        let _ = storage.set_item(KEY, theme.name());
    }
}

/// Shows what was chosen the last time, if anything was.
pub fn restore() {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    if let Some(theme) = kept.and_then(|name| Theme::named(&name)) {
        show(theme);
    }
}

/// Whether the person asked for little motion.
pub fn reduced_motion() -> bool {
    matches(REDUCED)
}

/// Calls when the system's preference for colours or motion changes.
pub fn watch(call: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let on = |query: &str| {
        let (list, call) = (query_list(query)?, call.clone());
        Listener::new(&list, "change", move |_: MediaQueryListEvent| call())
    };
    [DARK, REDUCED].into_iter().filter_map(on).collect()
}

fn show(theme: Theme) {
    if let Some(root) = super::document().and_then(|document| document.document_element()) {
        // The attribute's name is valid, so this cannot fail.
        let _ = root.set_attribute(ATTRIBUTE, theme.name());
    }
}

fn matches(query: &str) -> bool {
    query_list(query).is_some_and(|list| list.matches())
}

fn query_list(query: &str) -> Option<MediaQueryList> {
    super::window()?.match_media(query).ok().flatten()
}

fn storage() -> Option<web_sys::Storage> {
    super::window()?.local_storage().ok().flatten()
}
