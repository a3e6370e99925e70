//! The stage as shapes: where everything stands ([`Layout`]), and what it looks like at one moment
//! ([`frame()`]). Shapes name roles, not colours, and know no canvas; any surface that can draw lines, circles
//! and text can show them, through a [`Painter`]. [`svg()`] is one.
//!
//! Nothing here reads a clock or draws by chance: the same world gives the same picture, so a paused run
//! stands still and a test can compare pictures.

mod describe;
mod frame;
mod geometry;
mod layout;
mod painter;
mod rings;
mod scenery;
mod shape;
mod svg;
mod waiting;

pub use describe::describe;
pub use frame::{View, frame};
pub use geometry::{Point, Rect, Track, point};
pub use layout::{Layout, Orientation};
pub use painter::Painter;
pub use rings::{Ring, rings};
pub use scenery::{Scenery, Tally};
pub use shape::{Anchor, Face, Form, Glyph, Lettering, Paint, Picture, Run, Shape, Stroke, Tone};
pub use svg::{Palette, svg};
