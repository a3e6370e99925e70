//! How recordings are read where they do not say everything.
//!
//! A recording is what a script wrote down, and scripts leave things out. What is missing is filled in by these
//! rules, which hold for every recording alike: no name of a file or a scenario means anything here. What only
//! one product needs stands in the documentation of its driver (`drivers/*.rs`).
//!
//! # Steps
//!
//! - A field that is absent or `null` has the product's default.
//! - A step takes no time, or as little as its driver says; `sleep` takes its time. A bound on time that is so
//!   short that a script surely waited for it is over.
//! - A verb that nobody knows is an error, with its place. A step in words (with spaces) is a remark. If the
//!   model then does what the broker did, the remark was only that; if not, it may be why, and the recording is
//!   skipped.
//! - What a step says of its own result (`got`, `rowcount`) is not believed.
//!
//! # Consumers
//!
//! - A consumer that is observed and attached by no step comes after the last step and takes all there is.
//! - It has its own name, or its group's if the recording writes groups.
//! - A row is compared in the fields that the recording has; the model may know more. A consumer of whom the
//!   recording says nothing must have got nothing, unless it says nothing of any.
//! - An id that is observed and that no step names was put there without a word, and before anything that could
//!   take it away. Something was in a store that was looked at, even if it was found empty each time.
//!
//! # Other observations
//!
//! - The words of a key say what it is about: `pending_after_claim`, `B_got`, `lost_for_late`. After `before` and
//!   `after` come words that name a step, by its verb, by who does it or by one of its fields; without them the
//!   end is meant.
//! - The same fact may be written as a list, as a number, as yes or no, or as the only id.
//! - Where a key may mean more than one thing, the recording agrees if one of them holds. Where it lists some of
//!   what is known in an order, and no step says which, the order has to be kept.
//! - A key that is about nothing the model knows is not compared, and is named. If nothing can be compared, the
//!   recording is skipped.
//!
//! # What varied
//!
//! - What differed between runs (`varies`) is not compared literally. Each message still comes as often as in
//!   the model, to the same consumers, and in the order of publication (or of offsets in a partition) if the
//!   model keeps that for everybody. Where even the number of copies depends on timing, each comes at least once.
