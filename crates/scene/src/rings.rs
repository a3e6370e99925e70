//! Rings that draw the eye to a place for a moment: here something went otherwise than in the run beside it.

use kernel::Time;
use topology::{Place, World};

use crate::frame::View;
use crate::layout::Layout;
use crate::shape::{Picture, Tone};

/// Something to look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    /// Where.
    pub place: Place,
    /// Since when.
    pub time: Time,
    /// What it means.
    pub tone: Tone,
}

impl Ring {
    /// How long it can be seen, in real seconds.
    pub const SECONDS: f64 = 1.2;
}

/// How wide a ring begins and ends, in pixels of the screen, so that it can be seen on the smallest stage.
const RADIUS_FROM: f64 = 14.0;
const RADIUS_TO: f64 = 40.0;
const WIDTH: f64 = 3.0;

/// Adds the rings of this moment to a picture: each widens once and fades; where nothing shall move, it only fades.
pub fn rings(world: &World, layout: &Layout, rings: &[Ring], view: &View, picture: &mut Picture) {
    let pixel = 1.0 / view.scale.max(1e-3);
    let lasts = Ring::SECONDS * if view.pace > 0.0 { view.pace } else { 1.0 };
    for ring in rings {
        let part = world.now().since(ring.time).seconds() / lasts;
        if ring.time > world.now() || part >= 1.0 {
            continue;
        }
        let grown = if view.reduced_motion { 0.5 } else { 1.0 - (1.0 - part) * (1.0 - part) };
        let radius = RADIUS_FROM + (RADIUS_TO - RADIUS_FROM) * grown;
        let stroke = ring.tone.faint(1.0 - part).wide(WIDTH * pixel);
        picture.ring(layout.bounds(ring.place).centre(), radius * pixel, stroke);
    }
}
