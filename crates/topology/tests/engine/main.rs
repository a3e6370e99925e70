//! The engine against what must be true of it: queueing theory, conservation, repeatability, and what
//! people know of each channel.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and asks for one thing"
)]

mod architectures;
mod brokers;
mod conservation;
mod control;
mod limits;
mod logs;
mod parts;
mod publishers;
mod queueing;
mod repeatability;
mod swaps;
mod tables;
mod values;
mod workflows;
