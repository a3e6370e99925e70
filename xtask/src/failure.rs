//! Why a command stopped.

use std::fmt;

/// What every part of xtask returns.
pub type Outcome<T = ()> = Result<T, Failure>;

/// A sentence for a person: what went wrong, and what to type about it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Failure(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Failure(format!("Not understood: {error}. `cargo xtask` lists the commands and their options."))
    }
}
