//! What real brokers did, held against the profiles: recordings are read and replayed on the channel engine.
//!
//! ```text
//! vector.json --vector--> Vector --drivers::replay--> Replay --compare--> Verdict
//!                         steps     one per product,   what the      where the two part
//!                                   on the engine      model did
//! ```
//!
//! ```
//! use conformance::{Outcome, conform};
//!
//! let recording = r#"{
//!     "broker": "redis",
//!     "steps": [
//!         {"op": "publish", "channel": "c", "id": "m1"},
//!         {"op": "subscribe", "who": "A", "channel": "c"},
//!         {"op": "publish", "channel": "c", "id": "m2"}
//!     ],
//!     "observed": {"consumers": {"A": [{"id": "m2"}]}, "publish_returned": [0, 1]}
//! }"#;
//! assert_eq!(conform("late.json", recording).outcome, Outcome::Passed);
//!
//! let wrong = recording.replace("[0, 1]", "[1, 1]");
//! assert!(matches!(conform("late.json", &wrong).outcome, Outcome::Failed(_)));
//! ```
//!
//! A driver knows the verbs of one product and nothing of any recording: it reads the steps, lets the engine
//! do what the profile says, and writes down what happened in the form in which the recordings are written.
//! What a recording does not say follows from the conventions that [`mod@conventions`] lists.

mod bench;
mod compare;
pub mod conventions;
mod drivers;
mod question;
mod replay;
mod vector;

use drivers::Stop;
use vector::Vector;

/// What came of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The name of the file.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The paths of what was observed and could not be compared, because it does not follow from the steps.
    pub not_compared: Vec<String>,
}

/// How the comparison ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The model did what the broker did.
    Passed,
    /// It did something else.
    Failed(Vec<Difference>),
    /// There was nothing to hold against the model, and this is why.
    Skipped(String),
    /// The file is not a recording: what is wrong with it, and where.
    Broken(String),
}

/// A place where the model and the broker part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place in `observed`, as a JSON pointer.
    pub path: String,
    /// What the broker did.
    pub expected: String,
    /// What the model did.
    pub got: String,
}

/// Replays a recording, given as the text of its file, and compares. The name is only repeated.
pub fn conform(name: &str, text: &str) -> Verdict {
    let (outcome, not_compared) = match Vector::read(text).and_then(|vector| judge(&vector)) {
        Ok(judged) => judged,
        Err(Stop::Skip(why)) => (Outcome::Skipped(why), Vec::new()),
        Err(Stop::Broken(what)) => (Outcome::Broken(what), Vec::new()),
    };
    Verdict { name: name.to_owned(), outcome, not_compared }
}

fn judge(vector: &Vector) -> Result<(Outcome, Vec<String>), Stop> {
    let replay = drivers::replay(vector)?;
    let comparison = compare::compare(vector, &replay);
    let outcome = if !comparison.differences.is_empty() {
        if let Some(remark) = replay.remarks.first() {
            return Err(Stop::Skip(format!(
                "a step is a remark that only a person understands: \"{remark}\""
            )));
        }
        Outcome::Failed(comparison.differences)
    } else if comparison.compared == 0 {
        let left = comparison.not_compared.join(", ");
        Outcome::Skipped(format!("nothing that was observed follows from the steps ({left})"))
    } else {
        Outcome::Passed
    };
    Ok((outcome, comparison.not_compared))
}
