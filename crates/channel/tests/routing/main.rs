//! The grammars of routing against what the standards and the products' documentation say, and against a slow
//! matcher that is written from the definitions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod choice;
mod examples;
mod faults;
mod generated;
mod reference;
