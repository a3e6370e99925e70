//! What is written of a comparison, for people and for programmes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what they expect")]

mod figures;
mod made;
mod markup;
mod sweeps;
