//! The same work through several architectures, with figures that can be trusted.
//!
//! ```text
//!  contenders ──Study──► Turn, Turn, ... ──play, on any thread or worker──► Found ──► Tally ──► Table ──► verdict
//!   variants, perhaps       (contender, seed)                               numbers              │
//!   with something set      (contender, probe)                                                   └──► render
//!   otherwise
//! ```
//! A [`Study`] says what is compared and by which [`Row`]s. A [`Tally`] hands out [`Turn`]s to whoever is free and
//! takes what was found in any order; its [`Table`] is the same for the same seeds, however many played them, natively
//! and in every browser. Contenders meet the same customers and the same bad luck (a draw is a function of the seed
//! and of what it is for), so their differences are taken seed by seed.

mod behind;
mod contender;
mod listed;
mod measure;
mod probe;
pub mod render;
mod row;
mod structure;
mod student;
mod study;
mod sweep;
mod table;
mod tally;
mod verdict;

pub use behind::{Behind, behind};
pub use contender::{Contender, contenders};
pub use row::{Better, Group, Row, Source, Unit, rows};
pub use study::{Found, Precision, Settings, Study, Turn};
pub use sweep::{Axis, Knee, Sweep};
pub use table::{Cell, Difference, Header, Line, Table};
pub use tally::Tally;
pub use verdict::{Claim, verdict};
