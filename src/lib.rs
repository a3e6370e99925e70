//! The page: Yew draws the chrome, the stage draws the data.
//!
//! ```text
//!  buttons, keys, dropped files ──Action──► Desk ──► Session { Player, open scenario, Stage }
//!                                            ▲ │
//!                        requestAnimationFrame │  every frame: player.advance, stage.draw, the dials
//!                                              ▼  a few times a second: Snapshot
//!                                             Yew
//! ```
//!
//! No component holds a part of the simulation, and nothing that happens every frame goes through the virtual
//! DOM. [`Desk`] is the handle that everything on the page holds; [`browser`] is the only folder that names
//! globals of the browser.

mod action;
pub mod browser;
pub mod chrome;
pub mod comparison;
pub mod deeds;
mod desk;
mod dials;
pub mod figures;
pub mod keys;
mod levers;
pub mod marks;
mod measure;
mod parameters;
mod presets;
mod session;
mod snapshot;
pub mod speed;
mod stage;

pub use action::Action;
pub use desk::Desk;
pub use presets::{PRESETS, Preset};
pub use session::{LANES_MAX, Session, WITHOUT};
pub use snapshot::{Board, Pile, Sheet, Snapshot};
pub use stage::Stage;

/// Opens the page on its first scenario.
pub fn start() {
    browser::theme::restore();
    let desk = Desk::new();
    browser::hook::install(&desk);
    if let Some(root) = browser::element("app") {
        chrome::mount(root, desk.clone());
    }
    if let Some(first) = PRESETS.first() {
        desk.send(Action::OpenPreset(first.file.into()));
    }
}
