//! What the panel shows of a selected service.

/// What a service keeps, and who waits in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    /// Its name.
    pub name: String,
    /// Everything it keeps.
    pub cells: Vec<CellTable>,
    /// Handlers that wait without a worker.
    pub parked: Vec<ParkedLine>,
    /// How many more of them there are.
    pub more_parked: u64,
}

/// One kind of thing that a service keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct CellTable {
    /// Its name.
    pub name: String,
    /// For what it is kept, and what becomes of it in a crash.
    pub note: String,
    /// Whether there is a value for each case or key, rather than one.
    pub split: bool,
    /// The sum of all values.
    pub total: i64,
    /// For whom, and the value, where it is not as at the start.
    pub values: Vec<(String, i32)>,
    /// How many more there are.
    pub more: u64,
}

/// A handler that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkedLine {
    /// The number of the case.
    pub case: u32,
    /// What it handles, and what it waits for.
    pub text: String,
}
