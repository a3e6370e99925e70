//! Where everything stands: places in layers in the direction of requests, and the tracks between them.
//!
//! ```text
//!  plan ─► traffic: which routes are used ─► layers: longest way from a client ─► order: few crossings
//!       ─► spread: straight lines, nothing overlaps ─► fit: fill the stage's shape ─► tracks
//! ```
//!
//! The method is that of Sugiyama, Tagawa and Toda (1981). Everything is computed along two axes, *main* (the
//! direction of requests) and *cross*, so that the tall orientation is the same code with the axes exchanged.

mod grid;
mod hues;
mod layers;
mod legend;
mod look;
mod measure;
mod order;
mod rack;
mod spread;
mod tracks;
mod traffic;

use topology::{ChannelId, ClientId, GroupPlan, Place, Plan, RouteId, ServiceId, TypeId, World};

use crate::geometry::{Point, Rect, Track, point};
use crate::shape::Tone;
use grid::{Axes, Extent, Grid};
pub(crate) use legend::LEGEND_SIZE;
pub(crate) use look::{BRANCH_SIZE, CELL, CELLS, JUNCTION, Kind, Look, ROWS, is_never};
pub(crate) use measure::{
    BAY_COLUMNS, BAY_PITCH, BAY_ROWS, BAY_WIDTH, CAPTION_SIZE, DRUM_WIDTH, Lamps, NAME_LETTERS_MAX,
    NAME_SIZE, keeps_a_store, text_width,
};
pub(crate) use rack::{Rack, RackShape};
pub(crate) use tracks::{Line, Plot};

/// Which way requests go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// From left to right.
    #[default]
    Wide,
    /// From top to bottom, for a phone held upright.
    Tall,
}

/// Where everything stands, in world units. It depends on nothing but the plan and the shape of the stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    orientation: Orientation,
    width: f64,
    height: f64,
    places: Vec<Place>,
    clients: usize,
    services: usize,
    /// The card of each place.
    cards: Vec<Rect>,
    lines: Vec<Line>,
    /// The way of each route's messages.
    tracks: Vec<Track>,
    /// What each channel is drawn as.
    looks: Vec<Look>,
    /// How the groups of each channel stand.
    plots: Vec<Plot>,
    /// The line of each route, `usize::MAX` where there is none.
    line_of: Vec<usize>,
    legend: Vec<(TypeId, Point)>,
    /// The colour of each type.
    hues: Vec<u8>,
}

/// Room around everything; a phone has little to give away.
const MARGIN: f64 = 20.0;
const MARGIN_TALL: f64 = 12.0;
/// The legend may stand beside the reason of a loss below the lowest card.
const LEGEND_UP: f64 = 16.0;
/// The distance between two layers: at least, and at most when there is room to fill.
const GAP_MIN: f64 = 86.0;
const GAP_MIN_TALL: f64 = 54.0;
const GAP_MAX: f64 = 230.0;
/// The shapes of stages, width by height, between which both orientations are tried.
const CLEARLY_WIDE: f64 = 1.4;
const CLEARLY_HIGH: f64 = 0.7;
/// How far cards of a layer are moved apart to fill the stage, at most.
const STRETCH_MAX: f64 = 2.0;

impl Layout {
    /// Lays a plan out for a stage that is `aspect` times as wide as it is high: from left to right where it
    /// is clearly wide, from top to bottom where it is clearly high, and else whichever is larger then.
    pub fn new(plan: &Plan, aspect: f64) -> Layout {
        let looks = (0..plan.channels.len() as u16).map(|id| Look::planned(plan, ChannelId(id))).collect();
        let groups: Vec<&[GroupPlan]> = plan.channels.iter().map(|channel| &channel.groups[..]).collect();
        Layout::with(plan, aspect, looks, &groups)
    }

    /// Lays out what a world has come to: its channels may follow other rules than those of the plan.
    pub fn present(world: &World, aspect: f64) -> Layout {
        let channels = || (0..world.plan().channels.len() as u16).map(ChannelId);
        let groups: Vec<&[GroupPlan]> = channels().map(|id| world.groups(id)).collect();
        Layout::with(world.plan(), aspect, channels().map(|id| Look::present(world, id)).collect(), &groups)
    }

    /// Whether every channel has the room that it needs now. Otherwise a new layout shows more.
    pub fn suits(&self, world: &World) -> bool {
        let mut looks = self.looks.iter().zip(0..);
        looks.all(|(look, id)| *look == Look::present(world, ChannelId(id)))
    }

    fn with(plan: &Plan, aspect: f64, looks: Vec<Look>, groups: &[&[GroupPlan]]) -> Layout {
        let aspect = if aspect.is_finite() { aspect.clamp(0.1, 10.0) } else { 1.5 };
        if aspect > CLEARLY_WIDE {
            return Layout::oriented(plan, aspect, Orientation::Wide, looks, groups);
        }
        let tall = Layout::oriented(plan, aspect, Orientation::Tall, looks.clone(), groups);
        if aspect < CLEARLY_HIGH {
            return tall;
        }
        let wide = Layout::oriented(plan, aspect, Orientation::Wide, looks, groups);
        let size = |layout: &Layout| (aspect / layout.width).min(1.0 / layout.height);
        if size(&tall) > size(&wide) { tall } else { wide }
    }

    fn oriented(
        plan: &Plan,
        aspect: f64,
        orientation: Orientation,
        looks: Vec<Look>,
        groups: &[&[GroupPlan]],
    ) -> Layout {
        let axes = Axes::of(orientation);
        let places: Vec<Place> = plan.places().collect();
        let traffic = traffic::Traffic::of(plan);
        let edges: Vec<(usize, usize)> = traffic.connections.iter().map(|it| (it.from, it.to)).collect();
        // Along the axes, the stage is this many times as long as it is wide.
        let shape = if orientation == Orientation::Wide { aspect } else { 1.0 / aspect };
        let gap = if orientation == Orientation::Wide { GAP_MIN } else { GAP_MIN_TALL };
        let layer_of = layers::layers(plan.clients.len(), places.len(), &edges);
        let sizes = measure::sizes(plan, &places, orientation, &layer_of, &looks);
        let extent = |(&place, &size)| measure::extent(plan, place, size, orientation, &looks);
        let extents: Vec<Extent> = places.iter().zip(&sizes).map(extent).collect();
        let layer_of = layers::split(layer_of, &extents, shape, gap);
        let mut grid = Grid::new(layer_of, extents, &edges);
        order::order(&mut grid);
        let mut cross = spread::spread(&grid);
        let main = fit(&grid, &mut cross, shape, gap);
        let mut frame = tracks::Frame::new(&grid, axes, main, cross);
        frame.widen_bars(&places, &looks, &sizes);
        let cards = frame.cards(&sizes);
        let of_channel = |(index, look): (usize, _)| tracks::Cast {
            look,
            groups: groups[index],
            subscribers: &plan.channels[index].subscribers,
        };
        let casts: Vec<tracks::Cast<'_>> = looks.iter().enumerate().map(of_channel).collect();
        let (lines, plots) = frame.lines(&traffic, &cards, &casts);
        let tracks = tracks::tracks(plan, &traffic, &lines, &cards);
        let mut line_of = vec![usize::MAX; plan.routes.len()];
        for (index, line) in lines.iter().enumerate() {
            line_of[line.forward.0.index()] = index;
            line_of[line.backward.0.index()] = index;
        }
        let mut layout = Layout {
            orientation,
            width: 0.0,
            height: 0.0,
            clients: plan.clients.len(),
            services: plan.services.len(),
            places,
            cards,
            lines,
            tracks,
            looks,
            plots,
            line_of,
            legend: Vec::new(),
            hues: hues::hues(plan.types.len(), &traffic.types),
        };
        layout.settle(plan, &traffic);
        layout
    }

    /// Moves everything so that the margins are equal, and puts the legend below it.
    fn settle(&mut self, plan: &Plan, traffic: &traffic::Traffic) {
        let rooms: Vec<Rect> = self
            .places
            .iter()
            .map(|&at| measure::room(plan, at, self.bounds(at), self.orientation, &self.looks))
            .collect();
        let points = self.lines.iter().flat_map(|line| line.track.points());
        let boxes = rooms.into_iter().chain(points.map(|&at| Rect::around(at, 12.0, 12.0)));
        let mut whole: Option<Rect> = None;
        for next in boxes {
            whole = Some(whole.map_or(next, |so_far| union(so_far, next)));
        }
        let whole = whole.unwrap_or_default();
        let (margin, legend_up) = match self.orientation {
            Orientation::Wide => (MARGIN, LEGEND_UP),
            Orientation::Tall => (MARGIN_TALL, 0.0),
        };
        let by = point(margin - whole.x, margin - whole.y);
        for card in &mut self.cards {
            (card.x, card.y) = (card.x + by.x, card.y + by.y);
        }
        for line in &mut self.lines {
            line.track = line.track.moved(by);
        }
        for track in &mut self.tracks {
            *track = track.moved(by);
        }
        self.width = whole.width + 2.0 * margin;
        // What is written below a card may have the legend beside it, but no line runs through it.
        let lowest =
            self.lines.iter().flat_map(|line| line.track.points()).map(|at| at.y).fold(0.0, f64::max);
        let below = (whole.height + margin - legend_up).max(lowest + LEGEND_UP);
        let (legend, height) = legend::legend(plan, traffic, point(margin, below), self.width - margin);
        self.legend = legend;
        self.height = below + height + margin * 0.6;
    }

    /// Which way requests go.
    pub fn orientation(&self) -> Orientation {
        self.orientation
    }

    /// How wide everything is together.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// How high everything is together.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Every place, in the order in which a person reads about them.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The card of a place.
    pub fn bounds(&self, place: Place) -> Rect {
        let index = match place {
            Place::Client(ClientId(id)) => usize::from(id),
            Place::Service(ServiceId(id)) => self.clients + usize::from(id),
            Place::Channel(ChannelId(id)) => self.clients + self.services + usize::from(id),
        };
        self.cards.get(index).copied().unwrap_or_default()
    }

    /// What stands at a point, with a little tolerance.
    pub fn place_at(&self, x: f64, y: f64) -> Option<Place> {
        let at = point(x, y);
        let hit = |margin: f64| {
            let mut hits = self.places.iter().zip(&self.cards);
            hits.find(|(_, card)| card.grown(margin).contains(at)).map(|(&place, _)| place)
        };
        hit(0.0).or_else(|| hit(12.0))
    }

    /// The colour of a type.
    pub fn tone(&self, message_type: TypeId) -> Tone {
        Tone::Type(self.hues.get(message_type.index()).copied().unwrap_or(0))
    }

    /// The way a route's messages go.
    pub fn track(&self, route: RouteId) -> Option<&Track> {
        self.tracks.get(route.index()).filter(|track| !track.points().is_empty())
    }

    /// What a channel was laid out as.
    pub(crate) fn look(&self, channel: ChannelId) -> Option<&Look> {
        self.looks.get(channel.index())
    }

    /// How the groups of a channel stand.
    pub(crate) fn plot(&self, channel: ChannelId) -> Option<&Plot> {
        self.plots.get(channel.index())
    }

    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The line that a route belongs to.
    pub(crate) fn line_of(&self, route: RouteId) -> Option<&Line> {
        self.lines.get(*self.line_of.get(route.index())?)
    }

    /// The types of message that are sent, each with where its mark stands.
    pub(crate) fn legend(&self) -> &[(TypeId, Point)] {
        &self.legend
    }
}

/// The main position of each layer's middle; moves cards apart in the cross direction as well, so that the
/// whole comes near the stage's shape.
fn fit(grid: &Grid, cross: &mut [f64], shape: f64, gap_min: f64) -> Vec<f64> {
    let thick: f64 = grid.layers.iter().map(|layer| grid.thickness(layer).length()).sum();
    let gaps = grid.layers.len().saturating_sub(1) as f64;
    let span = grid.span(cross);
    let room = (shape * span - thick) / gaps.max(1.0);
    let gap = room.clamp(gap_min, GAP_MAX);
    let wanted = (thick + gaps * gap) / shape;
    let stretch = (wanted / span.max(1.0)).clamp(1.0, STRETCH_MAX);
    cross.iter_mut().for_each(|at| *at *= stretch);
    let mut at = 0.0;
    let mut middles = Vec::with_capacity(grid.layers.len());
    for layer in &grid.layers {
        let thickness = grid.thickness(layer);
        middles.push(at + thickness.before);
        at += thickness.length() + gap;
    }
    middles
}

fn union(one: Rect, other: Rect) -> Rect {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let (right, bottom) = (one.right().max(other.right()), one.bottom().max(other.bottom()));
    Rect { x, y, width: right - x, height: bottom - y }
}
