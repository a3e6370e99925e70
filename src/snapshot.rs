//! What the panels show: figures of one moment, made a few times a second.

mod channel;
mod comparison;
mod inquiry;
mod lanes;
mod service;

use std::rc::Rc;

use analysis::Summary;
use kernel::Time;
use scenario::Diagnostic;
use topology::Place;

pub use self::channel::{
    ChannelView, Column, Counts, GroupView, MessageLine, ParameterView, PartitionView, Pile, PileView,
};
pub use self::comparison::{ComparisonView, Places};
pub use self::inquiry::{Inquiry, InquiryLine, Moment, Wrong};
pub use self::lanes::{Choice, LaneView, LanesView};
pub use self::service::{CellTable, ParkedLine, ServiceView};
use crate::levers::Lever;
use crate::marks::Mark;

/// Everything that Yew draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// What the page is used for.
    pub board: Board,
    /// The run, once a scenario is open.
    pub run: Option<RunView>,
    /// What runs side by side, while that is on the board.
    pub lanes: Option<LanesView>,
    /// What is wrong with the file that was opened last.
    pub problems: Option<Problems>,
    /// What is on screen beside the stage.
    pub sheet: Sheet,
    /// What just happened, in a sentence; read out by screen readers.
    pub caption: String,
    /// How the comparison stands, while its board is shown.
    pub comparison: Option<ComparisonView>,
}

/// What the page is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Board {
    /// Watching one run.
    #[default]
    Stage,
    /// Watching several with one clock.
    SideBySide,
    /// Comparing many by their figures.
    Figures,
}

impl Board {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Board; 3] = [Board::Stage, Board::SideBySide, Board::Figures];

    /// The next one; after the last the first.
    pub fn next(self) -> Board {
        match self {
            Board::Stage => Board::SideBySide,
            Board::SideBySide => Board::Figures,
            Board::Figures => Board::Stage,
        }
    }
}

/// What the panel at the side shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// The figures.
    #[default]
    Figures,
    /// The event log.
    Events,
    /// The selected channel.
    Channel,
    /// What the selected service keeps.
    Service,
    /// What was asked about the run.
    Inquiry,
}

/// An open scenario and how its run stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RunView {
    /// The name of the scenario's file.
    pub file: String,
    /// What the scenario is called.
    pub title: String,
    /// What the scenario shows.
    pub about: String,
    /// The architectures.
    pub variants: Vec<VariantView>,
    /// Which of them runs.
    pub variant: usize,
    /// The one that cures this one, or that this one cures.
    pub counterpart: Option<usize>,
    /// Where chance begins.
    pub seed: u64,
    /// Where it begins if nobody says otherwise.
    pub scenario_seed: u64,
    /// How the run moves.
    pub transport: TransportView,
    /// The figures.
    pub summary: Summary,
    /// How many customers wait for their answer now.
    pub waiting: u64,
    /// Whether this run ended with the digest of the same run before; `None` if there was none.
    pub same_again: Option<bool>,
    /// Every client, service and channel.
    pub parts: Vec<PartView>,
    /// What can be done to the selected part.
    pub levers: Vec<Lever>,
    /// The selected channel, while it is on screen.
    pub channel: Option<ChannelView>,
    /// The selected service, while it is on screen.
    pub service: Option<ServiceView>,
    /// What a person did, in sentences.
    pub interventions: Vec<String>,
    /// What was asked about the run, until something else runs.
    pub inquiry: Option<Rc<Inquiry>>,
    /// The case that is followed on the stage.
    pub followed: Option<u32>,
    /// The latest records, the latest first, if somebody reads them.
    pub log: Vec<LogLine>,
}

/// One of the architectures.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantView {
    /// Its name.
    pub name: String,
    /// What is different in it.
    pub about: String,
    /// The names of the variants whose failures it cures.
    pub cures: Vec<String>,
}

/// How a run moves.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    /// Whether time passes.
    pub playing: bool,
    /// Whether the run has come to its end.
    pub over: bool,
    /// Whether it is being wound to another time.
    pub winding: bool,
    /// Simulated seconds per real second, as asked for.
    pub speed: f64,
    /// What is reached of it, where that is less.
    pub reached: Option<f64>,
    /// The present.
    pub now: Time,
    /// When the run ends.
    pub length: Time,
    /// What goes wrong and what was done, along the time.
    pub marks: Vec<Mark>,
}

/// A client, service or channel.
#[derive(Clone, Debug, PartialEq)]
pub struct PartView {
    /// Which.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// What the stage shows of it, in words.
    pub description: String,
    /// Whether it is up.
    pub up: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// A record in words.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Its number in the run.
    pub number: u64,
    /// When.
    pub time: String,
    /// What happened.
    pub text: String,
    /// Whether something was lost or went wrong.
    pub loss: bool,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems {
    /// The file's name.
    pub file: String,
    /// Whether it was opened all the same.
    pub opened: bool,
    /// All of them, in the order of the text; line 0 is the file as a whole.
    pub list: Vec<Diagnostic>,
}
