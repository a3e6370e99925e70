//! What a person can do on the page.

use player::Command;
use topology::Place;

use crate::browser::theme::Theme;

/// One thing a person does. Buttons, keys and tests send the same values.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Something done to the run.
    Run(Command),
    /// Play if it stands still, else pause.
    PlayOrPause,
    /// The next slower or faster of the usual speeds.
    Faster {
        /// Slower instead.
        reverse: bool,
    },
    /// Crash the selected part, or start it again if it is down.
    CrashOrRestart,
    /// Open one of the scenarios that come with the page.
    OpenPreset(String),
    /// Open a scenario.
    Open {
        /// The file's name.
        name: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// A file could not be had.
    OpenFailed {
        /// The file's name.
        name: String,
        /// Why, for a person.
        reason: String,
    },
    /// Another architecture for the same work.
    ChooseVariant(usize),
    /// Another run of the same variant.
    SetSeed(u64),
    /// Select a part, or none.
    Select(Option<Place>),
    /// Come nearer to a point of the stage, in CSS pixels from its corner, or go away from it.
    Zoom {
        /// Above 1: nearer.
        factor: f64,
        /// From the left.
        x: f64,
        /// From the top.
        y: f64,
    },
    /// Move what the stage shows, in CSS pixels.
    Pan {
        /// To the right.
        x: f64,
        /// Down.
        y: f64,
    },
    /// Show the whole system.
    ShowWhole,
    /// The list of problems was read.
    CloseProblems,
    /// Whether the event log is on screen.
    ShowLog(bool),
    /// Day or night.
    SetTheme(Theme),
}
