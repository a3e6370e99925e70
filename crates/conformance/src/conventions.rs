//! How recordings are read where they do not say everything.
//!
//! - A step's field that is absent or `null` has the product's default.
