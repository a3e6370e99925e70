//! What services keep between messages.

use kernel::Span;

use crate::ServiceId;

/// A value that a service keeps, for each case, for each key, or once. Reading and writing it takes no time, so
/// what a handler does between two steps that take time is a transaction of the service with itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its name; unique within a plan.
    pub name: String,
    /// Whose.
    pub service: ServiceId,
    /// For what it is kept apart.
    pub per: Scope,
    /// Whether it survives a crash, as in a database; otherwise it is memory.
    pub kept: bool,
    /// How long a value is remembered after it was last stored (a lease, a window); `None`: for ever. After that the
    /// cell is as it was at the start, and whoever waits for it looks again.
    pub lasts: Option<Span>,
    /// What it is before anything was stored.
    pub starts: i32,
}

/// For what a cell is kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// One value for each case, forgotten when nothing is left to do for it.
    Case,
    /// One value for each key; where cases are their own keys, as [`Scope::Case`].
    Key,
    /// One value.
    Service,
}
