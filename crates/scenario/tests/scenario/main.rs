//! Reading scenario files, from outside.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod assign;
mod lowering;
mod mutations;
mod parameters;
mod presets;
mod program;
mod right;
#[cfg(feature = "schema")]
mod schema;
mod wrong;
