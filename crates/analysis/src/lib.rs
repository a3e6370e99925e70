//! Folds over records: what a run did to the customers, which promises were kept, how long things took.
//!
//! A [`Fold`] takes every [`topology::Record`] of a run in order, and can be asked at any time. It knows
//! nothing but the plan and the records, so it can be checked against the engine's own books.

mod books;
mod checks;
mod columns;
mod fold;
mod rows;
mod samples;
mod sentence;
mod spelling;
mod summary;
mod why;

pub use checks::{CheckState, Sides, Violation};
pub use fold::{Cases, Fold};
pub use samples::Samples;
pub use sentence::sentence;
pub use spelling::spelled;
pub use summary::{Figure, Spread, Summary};
pub use why::{Link, Question, Root, Story, Why, explain};
