//! Comparing in the background of a page: the second wasm, loaded when somebody compares.
//!
//! ```text
//!  page ──JSON text──► Lead { Tally, Report } ──Message: turns──► Child { Study }   one for each core,
//!       ◄──Tell────── HTML, progress, files   ◄──Message: Found──                   workers of the lead
//! ```
//! One programme plays both parts, by the first message that it gets. The lead reads, keeps the tally and renders; it
//! never simulates, so that it hears a person who cancels. It starts the children itself, and ends them whatever they
//! do. A child makes the same study from the same text, so that all that travels is turns and numbers.
//!
//! Everything but the browser's own calls is plain Rust and tested without one.

mod ask;
#[cfg(target_arch = "wasm32")]
mod browser;
mod child;
mod choices;
mod commission;
mod lead;
mod message;
mod pace;

pub use ask::{Ask, Format};
#[cfg(target_arch = "wasm32")]
pub use browser::start;
pub use child::Child;
pub use commission::{Commission, Problem, commission};
pub use lead::{Lead, Surroundings, Tell};
pub use message::Message;
