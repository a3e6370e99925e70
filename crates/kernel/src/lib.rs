//! The kernel of a discrete-event simulation: time, order, chance and the digest of a run.
//!
//! A simulation takes the earliest occurrence out of an [`Agenda`], does what it stands for, and puts
//! new occurrences in. Three properties make a run repeatable on every machine:
//!
//! - [`Time`] is an integer number of nanoseconds, so no rounding depends on how one got there;
//! - the [`Agenda`] is a *total* order by (time, sequence), so ties fall as they were scheduled;
//! - a [`Stream`] draws chance from a *key* (seed, purpose, entity, case, attempt) and not from how many
//!   draws came before, so order 17 has the same bad luck in every architecture.
//!
//! ```
//! use kernel::{Agenda, Distribution, Purpose, Span, Stream, Time};
//!
//! let gaps = Distribution::exponential(Span::from_millis(200));
//! let stream = Stream::new(42, Purpose::Arrival, "shopper");
//! let mut agenda = Agenda::default();
//! agenda.push(Time::ZERO + gaps.sample(stream.draw(0, 0)), 0);
//! let mut served = 0;
//! while let Some((now, customer)) = agenda.pop() {
//!     served += 1;
//!     if served < 10 {
//!         agenda.push(now + gaps.sample(stream.draw(u64::from(customer) + 1, 0)), customer + 1);
//!     }
//! }
//! assert_eq!(served, 10);
//! ```
//!
//! The only dependency is `libm`: the logarithms and exponentials of std differ between x86-64 and wasm32.

mod agenda;
mod digest;
mod distribution;
mod random;
pub mod real;
mod time;
mod ziggurat;

pub use agenda::Agenda;
pub use digest::Digest;
pub use distribution::{Distribution, Shape};
pub use random::{Draw, Purpose, Stream};
pub use time::{Span, Time};
