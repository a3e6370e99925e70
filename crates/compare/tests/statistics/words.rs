//! What the verdict says.
