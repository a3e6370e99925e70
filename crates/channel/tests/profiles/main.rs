//! The profiles by themselves: names, defaults and ranges of their parameters, and where they are known from.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod parameters;
mod rows;
mod runs;
#[cfg(feature = "stated")]
mod stated;
mod text;
