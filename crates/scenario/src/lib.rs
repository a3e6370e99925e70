//! Scenario files: what a person writes, and what is wrong with it.
//!
//! ```
//! let reading = scenario::read("
//! signalbox: 1
//! title: One service
//! clients:
//!   shopper: { arrivals: poisson 5/s, sends: place_order, to: orders }
//! services:
//!   orders: { workers: 2, work: lognormal median 80ms p99 300ms }
//! handlers:
//!   orders: { place_order: [work, reply] }
//! ");
//! assert_eq!(reading.diagnostics, []);
//! let scenario = reading.scenario.unwrap();
//! assert_eq!(scenario.variants[0].plan.services[0].name, "orders");
//!
//! let reading = scenario::read("signalbox: 1\ntitel: One service\nclients: {}\nservices: {}\n");
//! assert!(reading.scenario.is_none());
//! assert_eq!(
//!     reading.diagnostics[0].to_string(),
//!     "2:1: error: the file has the unknown key `titel`; did you mean title?"
//! );
//! ```
//!
//! A text goes through five hands, each of which reports what it finds, so that a person sees all of it:
//!
//! ```text
//! text ──tree──► Node ──shape::check──► Node ──document::read──► Document ──meaning::check──► Whole ──lower──► Plan
//!      YAML, with       keys, types,          in types of           names, circles,   one for
//!      positions        single values         its own               limits            each variant
//! ```
//!
//! A plan is only made if nobody found an error: a file never loads in part. Whoever wants something otherwise than it
//! stands in the file ([`read_with`]) changes the tree before anybody has looked at it.
//!
//! The reader goes into the page. So it has one kind of map (`Index`), which is filled with `extend` instead of
//! collected, because collecting sorts first and every kind of sort weighs 5 KB, and numbers are read without the
//! tables of std.

mod assign;
mod diagnostic;
mod document;
mod index;
mod line;
mod lower;
mod meaning;
mod nearest;
mod reading;
mod setting;
mod shape;
mod text;
mod tree;
pub mod units;
mod whole;

pub use assign::{Assignment, Settable, has, no_variant, read_with, settable, wish};
pub use diagnostic::{Diagnostic, Severity};
pub use nearest::suggest;
pub use reading::{Reading, Scenario, Variant, read, read_bytes};
pub use setting::{Given, parameter};
#[cfg(feature = "schema")]
pub use shape::schema;
