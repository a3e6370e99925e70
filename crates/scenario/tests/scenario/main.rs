//! Reading scenario files, from outside.

mod lowering;
mod mutations;
mod presets;
mod schema;
mod wrong;
