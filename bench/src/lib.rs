//! What the engine reaches of what is possible: three workloads, each as a bare loop, on the kernel, and, for
//! the second, as an ordinary scenario through the whole engine.
//!
//! - W1: M/M/1, two occurrences per customer, at most two pending.
//! - W2: one publisher at 100/s, eight subscribers behind a lognormal network; 17 occurrences per message,
//!   about ten pending. It is also `w2.yaml`.
//! - W3: PHOLD, 1024 processes that each schedule one occurrence at another; 1024 pending.
//!
//! Beside these, what a channel's operations cost by how much waits in it.
//!
//! Every measure counts the *same* occurrences, whatever the engine needs inside.

mod bare;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
pub mod channels;
mod engine;
mod on_kernel;
mod workloads;

pub use engine::{Recording, SCENARIO};

/// What is compared, natively and in the page: seven variants, a minute, twenty orders a second.
pub const SEVEN_WAYS: &str = include_str!("../../static/scenarios/seven-ways-downtime.yaml");

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The event list and the draws, hand-tuned, with nothing around them.
    Bare,
    /// The same loop on the kernel's agenda and streams.
    Kernel,
    /// The scenario through the whole engine. Only for W2.
    Engine(Recording),
}

/// Runs a workload of `size` (customers, messages or occurrences) and returns how many occurrences it had.
///
/// # Panics
/// If the result is not what theory says: a measure of a wrong program is worth nothing.
pub fn run(workload: u32, subject: Subject, size: u64) -> u64 {
    let outcome = match subject {
        Subject::Bare => workloads::run::<bare::Bare>(workload, size),
        Subject::Kernel => workloads::run::<on_kernel::OnKernel>(workload, size),
        Subject::Engine(recording) => engine::run(size, recording),
    };
    outcome.verify(workload, size);
    outcome.occurrences
}

/// The size at which a workload has a few million occurrences.
pub fn full_size(workload: u32) -> u64 {
    [0, 1_000_000, 200_000, 2_000_000][workload as usize]
}
