//! What a person sees of a world, as shapes and as words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and asks for one thing"
)]

mod channels;
mod falling;
mod handlers;
mod kinds;
mod layout;
mod motion;
mod parts;
mod pictures;
mod room;
mod words;
