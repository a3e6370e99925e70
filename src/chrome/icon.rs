//! Icons, drawn in the thin lines of the diagram.

use yew::prelude::*;

/// A drawing on a square of 20 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A semaphore at clear.
    Mark,
    Play,
    Pause,
    Step,
    Restart,
    ToEnd,
    Open,
    Sun,
    Moon,
    Keys,
    Close,
    Held,
    Broken,
    Undecided,
}

impl Icon {
    /// Filled outlines, then lines.
    fn paths(self) -> (&'static str, &'static str) {
        match self {
            Icon::Mark => ("M5.6 6.4 15.6 1.6 16.9 4.3 6.9 9.1z", "M6 3v15M2.5 18h7"),
            Icon::Play => ("M5 3.2 16.5 10 5 16.8z", ""),
            Icon::Pause => ("M4.5 3.5h4v13h-4zM11.5 3.5h4v13h-4z", ""),
            Icon::Step => ("M3.5 4 11.5 10l-8 6z", "M14.8 4v12"),
            Icon::Restart => ("M2.6 3v5.6h5.6z", "M4.6 6.9a6.6 6.6 0 1 1-1 4.6"),
            Icon::ToEnd => ("M2.5 4 9 10l-6.5 6zM9.2 4l6.5 6-6.5 6z", "M17.2 4v12"),
            Icon::Open => ("", "M10 13.5V3M6 7l4-4 4 4M3 12.5V17h14v-4.5"),
            Icon::Sun => (
                "",
                "M10 6.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6zM10 1v2M10 17v2M1 10h2M17 10h2M3.6 3.6l1.4 1.4M15 15l1.4 1.4M3.6 16.4 5 15M15 5l1.4-1.4",
            ),
            Icon::Moon => ("", "M16.8 12.2A7.2 7.2 0 1 1 7.8 3.2a5.8 5.8 0 0 0 9 9z"),
            Icon::Keys => ("", "M2 5.5h16v9H2zM5 8.5h.01M8.3 8.5h.01M11.7 8.5h.01M15 8.5h.01M6.5 11.5h7"),
            Icon::Close => ("", "M4.5 4.5l11 11M15.5 4.5l-11 11"),
            Icon::Held => ("", "M3.5 10.5l4.5 4.5 8.5-10"),
            Icon::Broken => ("", "M4.5 4.5l11 11M15.5 4.5l-11 11"),
            Icon::Undecided => ("M4 10h.01M10 10h.01M16 10h.01", "M4 10h.01M10 10h.01M16 10h.01"),
        }
    }
}

/// The icon alone; whoever shows it says what it means.
pub fn icon(icon: Icon) -> Html {
    let (filled, lines) = icon.paths();
    html! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            if !filled.is_empty() {
                <path d={filled} fill="currentColor" />
            }
            if !lines.is_empty() {
                <path
                    d={lines} fill="none" stroke="currentColor" stroke-width="1.6"
                    stroke-linecap="round" stroke-linejoin="round"
                />
            }
        </svg>
    }
}
