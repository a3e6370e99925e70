//! The verdict: what the table says, in sentences that are built from its figures.

use crate::{Study, Table};

/// A sentence of the verdict, with the cell that it is taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// About which contender.
    pub contender: usize,
    /// By which row, its id.
    pub row: String,
    /// The sentence.
    pub text: String,
}

/// What a table says about each contender, the first contender first.
pub fn verdict(_study: &Study, _table: &Table) -> Vec<Claim> {
    Vec::new()
}
