//! The scenarios that come with the page. `build.rs` lists them, so a new file needs no code.

/// A scenario that comes with the page; its text is fetched when it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in the folder `scenarios`.
    pub file: &'static str,
    /// What it is called.
    pub title: &'static str,
}

/// All of them; the first is the one that the page opens on.
pub const PRESETS: &[Preset] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));
