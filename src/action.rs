//! What a person can do on the page.

use analysis::Question;
use kernel::Time;
use player::Command;
use topology::Place;

use crate::browser::theme::Theme;
use crate::comparison::Comparing;
use crate::snapshot::{Board, Moment, Pile, Sheet, Wrong};

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
    /// From a failure to its cure or back, with the same seed and at the same time.
    Flip,
    /// Another run of the same variant.
    SetSeed(u64),
    /// Select a part, or none.
    Select(Option<Place>),
    /// Follow a case on the stage, or let it go.
    Follow(Option<u32>),
    /// Stand still at a moment of the run.
    GoTo(Moment),
    /// List the outcomes of a kind.
    List(Wrong),
    /// Find out why something happened, from what happened up to a time.
    Ask(Question, Time),
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
    /// What the panel at the side shows.
    Show(Sheet),
    /// Look at messages of the selected channel: which, and of which of its groups; or at none.
    OpenPile(Option<(Pile, usize)>),
    /// Whether the list of other profiles for the selected channel is open.
    ShowKinds(bool),
    /// Something is being typed for a parameter of the selected channel; `None`: it was taken back.
    Type {
        /// The parameter's name.
        parameter: &'static str,
        /// What stands in its field.
        text: Option<String>,
    },
    /// Give a parameter of the selected channel a value, as it would be written in a scenario.
    Set {
        /// The parameter's name.
        parameter: &'static str,
        /// The value.
        text: String,
    },
    /// Let the selected channel follow another profile.
    SetKind(&'static str),
    /// Use the page for something else.
    ShowBoard(Board),
    /// The next board.
    NextBoard,
    /// Which run side by side: a wish each, as [`scenario::wish`] reads them, or [`crate::WITHOUT`].
    Lanes(Vec<String>),
    /// Select a part in one of the lanes, which leads from now on.
    SelectIn {
        /// Which lane, from 0.
        lane: usize,
        /// The part.
        place: Option<Place>,
    },
    /// Go to the stage with one of the lanes, at the same time.
    OpenLane(usize),
    /// Go to the stage, open the run of a contender as it was compared, and stand still.
    OpenRun {
        /// The contender.
        wish: String,
        /// Where chance begins.
        seed: u64,
        /// Just before this; from the start, playing, if nothing is said.
        at: Option<Time>,
        /// The case to follow.
        case: Option<u32>,
    },
    /// Something on the board of figures.
    Compare(Comparing),
    /// Day or night.
    SetTheme(Theme),
}
