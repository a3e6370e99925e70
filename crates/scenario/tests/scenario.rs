//! Reading scenario files, from outside.

mod presets;
