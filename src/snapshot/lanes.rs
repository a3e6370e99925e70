//! What runs side by side.

use kernel::Time;

/// The board of several runs.
#[derive(Clone, Debug, PartialEq)]
pub struct LanesView {
    /// Those that run.
    pub list: Vec<LaneView>,
    /// Those that could.
    pub choices: Vec<Choice>,
    /// What is wrong with what was asked for last, or nothing.
    pub problem: String,
    /// A wish that would be granted.
    pub example: String,
}

/// Something that can be chosen to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The wish.
    pub wish: String,
    /// What is different there.
    pub about: String,
    /// Whether it runs.
    pub shown: bool,
    /// Whether it is in the file, rather than wished for.
    pub own: bool,
}

/// One of the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// What it is called.
    pub name: String,
    /// What was asked for.
    pub wish: String,
    /// Whether the parts and the panels are about it.
    pub leads: bool,
    /// Customers so far.
    pub started: u64,
    /// Who were answered.
    pub answered: u64,
    /// Who were refused or gave up.
    pub refused: u64,
    /// Who wait.
    pub waiting: u64,
    /// How many promises are broken, of how many.
    pub broken: usize,
    /// How many promises there are.
    pub promises: usize,
    /// Who wait here and were answered elsewhere.
    pub behind: u32,
    /// Who were told yes here and refused elsewhere.
    pub refused_elsewhere: u32,
    /// The case that is followed, and how it stands.
    pub case: Option<(u32, String)>,
    /// What keeps it from being compared as a whole.
    pub note: Option<String>,
    /// Where it is.
    pub time: Time,
    /// The digest of all its records.
    pub digest: String,
}
