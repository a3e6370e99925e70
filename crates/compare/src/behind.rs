//! What is behind a cell: cases of one run that make its value what it is.

use kernel::Time;

use crate::Study;

/// A case behind a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// The case; `None` where it is about the run as a whole.
    pub case: Option<u32>,
    /// When it happened.
    pub at: Time,
    /// What, in a sentence.
    pub words: String,
}

/// Plays a run again and lists the cases that make the value of a row what it is, the most telling first, at most
/// `most`. `None` if `go_on` said no.
pub fn behind(
    _study: &Study,
    _contender: usize,
    _row: &str,
    _seed: u64,
    _most: usize,
    _go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Behind>> {
    Some(Vec::new())
}
