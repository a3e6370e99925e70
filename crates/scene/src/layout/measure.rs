//! How much room a place needs for what it shows.

use topology::{ChannelId, Place, Plan, Service, ServiceId};

use super::Orientation;
use super::grid::{Extent, Reach};
use super::look::{Kind, Look};
use crate::geometry::Rect;

/// The bay at a service's left edge in which its inbox stands.
pub(crate) const BAY_WIDTH: f64 = 36.0;
pub(crate) const BAY_COLUMNS: usize = 2;
pub(crate) const BAY_ROWS: usize = 4;
pub(crate) const BAY_PITCH: f64 = 15.0;

/// The drum of a service that keeps something over a crash, at its right edge.
pub(crate) const DRUM_WIDTH: f64 = 24.0;

/// Size of a place's name.
pub(crate) const NAME_SIZE: f64 = 15.0;
/// Names are cut after so many letters.
pub(crate) const NAME_LETTERS_MAX: usize = 22;

const LAMP_PITCH: f64 = 19.0;
/// Beyond this, workers are a bar and a figure.
const LAMPS_MAX: usize = 24;
/// Room above a card for the rest of its inbox, and below it for what was lost there.
const ABOVE: f64 = 16.0;
const BELOW: f64 = 20.0;
/// Room below the lowest cards for the reason of a loss.
const REASON_BELOW: f64 = 38.0;
/// A channel's name and caption stand above it; figures, and what it put aside, below.
const NAMES_ABOVE: f64 = 38.0;
const FIGURES_BELOW: f64 = 46.0;
/// Size of what stands below a channel's name.
pub(crate) const CAPTION_SIZE: f64 = 11.5;
/// What the caption says of a channel that lives inside a service, and of how many others.
const INSIDE: &str = ", inside  +9";

/// The width of a text in the sans type, about.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count().min(NAME_LETTERS_MAX) as f64 * size * 0.57
}

/// Whether a service keeps something over a crash.
pub(crate) fn keeps_a_store(plan: &Plan, service: ServiceId) -> bool {
    plan.cells.iter().any(|cell| cell.service == service && cell.kept)
}

/// How the workers of a service are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lamps {
    /// One lamp each, so many in a row, at this distance.
    Each { columns: usize, pitch: f64 },
    /// A bar.
    Bar,
}

impl Lamps {
    pub(crate) fn of(service: &Service) -> Lamps {
        let workers = usize::from(service.workers);
        if workers > LAMPS_MAX {
            return Lamps::Bar;
        }
        let under_name = (text_width(&service.name, NAME_SIZE) / LAMP_PITCH) as usize;
        let rows = if workers > 12 { 3 } else { 2 };
        Lamps::Each { columns: workers.min(under_name.max(5)).max(workers.div_ceil(rows)), pitch: LAMP_PITCH }
    }

    fn size(self, workers: u16) -> (f64, f64) {
        match self {
            Lamps::Each { columns, pitch } => {
                let rows = usize::from(workers).div_ceil(columns);
                (columns as f64 * pitch, rows as f64 * pitch)
            }
            // With the figures beside it.
            Lamps::Bar => (164.0, 19.0),
        }
    }
}

/// Width and height of every place's card. Services one above the other are equally wide.
pub(super) fn sizes(
    plan: &Plan,
    places: &[Place],
    orientation: Orientation,
    layer_of: &[usize],
    looks: &[Look],
) -> Vec<(f64, f64)> {
    let size = |&place: &Place| size(plan, place, orientation, looks);
    let mut sizes: Vec<(f64, f64)> = places.iter().map(size).collect();
    if orientation == Orientation::Wide {
        let mut widest = vec![0.0_f64; layer_of.iter().max().map_or(0, |last| last + 1)];
        let services = |(node, place): (usize, &Place)| matches!(place, Place::Service(_)).then_some(node);
        let services: Vec<usize> = places.iter().enumerate().filter_map(services).collect();
        for &node in &services {
            widest[layer_of[node]] = widest[layer_of[node]].max(sizes[node].0);
        }
        for &node in &services {
            sizes[node].0 = widest[layer_of[node]];
        }
    }
    sizes
}

fn size(plan: &Plan, place: Place, orientation: Orientation, looks: &[Look]) -> (f64, f64) {
    match place {
        Place::Client(id) => {
            let name = text_width(&plan.clients[id.index()].name, NAME_SIZE);
            match orientation {
                Orientation::Wide => (name.max(112.0), 176.0),
                Orientation::Tall => (name.max(96.0) + 300.0, 66.0),
            }
        }
        Place::Service(id) => {
            let service = &plan.services[id.index()];
            let (width, height) = Lamps::of(service).size(service.workers);
            let name = text_width(&service.name, NAME_SIZE);
            let drum = if keeps_a_store(plan, id) { DRUM_WIDTH } else { 0.0 };
            (BAY_WIDTH + name.max(width).max(76.0) + 22.0 + drum, (28.0 + height + 21.0).max(70.0))
        }
        Place::Channel(id) => {
            let channel = &plan.channels[id.index()];
            let name = text_width(&channel.name, NAME_SIZE);
            looks[id.index()].size(name, channel.subscribers.len(), orientation)
        }
    }
}

/// The room of a place whose card is known: with everything written around it.
pub(super) fn room(plan: &Plan, place: Place, card: Rect, orientation: Orientation, looks: &[Look]) -> Rect {
    let around = around(plan, place, (card.width, card.height), orientation, looks);
    let (across, down) = (around.across, around.down);
    let below = down.after.max(card.height / 2.0 + REASON_BELOW);
    let centre = card.centre();
    Rect {
        x: centre.x - across.before,
        y: centre.y - down.before,
        width: across.length(),
        height: down.before + below,
    }
}

/// How far a card reaches around its middle with everything that is written there.
struct Around {
    across: Reach,
    down: Reach,
}

fn around(
    plan: &Plan,
    place: Place,
    (width, height): (f64, f64),
    orientation: Orientation,
    looks: &[Look],
) -> Around {
    let (half, high) = (width / 2.0, height / 2.0);
    let down = |above: f64, below: f64| Reach { before: high + above, after: high + below };
    match place {
        Place::Client(_) => Around { across: Reach::both(half), down: down(0.0, BELOW) },
        Place::Service(_) => Around { across: Reach::both(half), down: down(ABOVE, BELOW) },
        Place::Channel(id) => {
            let look = &looks[id.index()];
            let names = names_width(plan, id, look);
            let topic = look.kind == Kind::Topic;
            let across = if topic && orientation == Orientation::Wide {
                Reach::both(half.max(names / 2.0))
            } else {
                // They begin where the card does.
                Reach { before: half, after: half.max(names - half) }
            };
            Around { across, down: down(NAMES_ABOVE, if topic { BELOW } else { FIGURES_BELOW }) }
        }
    }
}

/// How wide what stands above a channel is.
fn names_width(plan: &Plan, id: ChannelId, look: &Look) -> f64 {
    let channel = &plan.channels[id.index()];
    let mut caption = text_width(channel.profile, CAPTION_SIZE);
    if let (true, Some(publisher)) = (look.in_process, channel.publishers.first()) {
        let name = &plan.services[publisher.index()].name;
        caption += text_width(INSIDE, CAPTION_SIZE) + text_width(name, CAPTION_SIZE);
    }
    text_width(&channel.name, NAME_SIZE).max(caption)
}

/// The room of a place along the axes, around the middle of its card.
pub(super) fn extent(
    plan: &Plan,
    place: Place,
    size: (f64, f64),
    orientation: Orientation,
    looks: &[Look],
) -> Extent {
    let Around { across, down } = around(plan, place, size, orientation, looks);
    match orientation {
        Orientation::Wide => Extent { main: across, cross: down },
        Orientation::Tall => Extent { main: down, cross: across },
    }
}
