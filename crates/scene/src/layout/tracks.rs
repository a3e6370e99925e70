//! The lines between cards: they slant only between layers, so none crosses a card.

use topology::{GroupPlan, Place, Plan, RouteId, Subscriber};

use super::grid::{Axes, Grid};
use super::look::{Kind, Look};
use super::traffic::Traffic;
use crate::geometry::{Point, Rect, Track, point};

/// What is drawn between two places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// From the place in the earlier layer to that in the later one.
    pub(crate) track: Track,
    /// The route that way, and whether anything is sent on it.
    pub(crate) forward: (RouteId, bool),
    /// The route the other way, and whether anything is sent on it.
    pub(crate) backward: (RouteId, bool),
}

impl Line {
    /// Whether messages go both ways.
    pub(crate) fn is_double(&self) -> bool {
        self.forward.1 && self.backward.1
    }

    /// The place on the track halfway between the cards.
    pub(crate) fn middle(&self) -> (Point, Point) {
        self.track.at(0.5)
    }
}

/// How the groups of a channel stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plot {
    /// The groups in the order in which they are shown.
    pub(crate) lanes: Vec<u16>,
    /// How far apart the first and the last line stand that lead there.
    pub(crate) reach: f64,
}

/// A channel with those who share its work.
pub(super) struct Cast<'a> {
    pub(super) look: &'a Look,
    pub(super) subscribers: &'a [Subscriber],
    pub(super) groups: &'a [GroupPlan],
}

/// The groups of a channel in their order, and that of each edge.
type Lanes = (Vec<u16>, Vec<Option<u16>>);

impl Cast<'_> {
    /// Groups stand in the order of the edges to their subscribers, so that these do not cross.
    fn lanes(&self, traffic: &Traffic, edges: &[(f64, usize)]) -> Lanes {
        let group_of = |&(_, edge): &(f64, usize)| {
            let connection = &traffic.connections[edge];
            let routes = [connection.there, connection.back];
            let subscriber = self.subscribers.iter().position(|it| routes.contains(&it.route))? as u16;
            let group = self.groups.iter().position(|group| group.subscribers.contains(&subscriber))?;
            Some(group as u16)
        };
        let of_edges: Vec<Option<u16>> = edges.iter().map(group_of).collect();
        let mut lanes: Vec<u16> = Vec::with_capacity(self.groups.len());
        for group in of_edges.iter().flatten().copied().chain(0..self.groups.len() as u16) {
            if !lanes.contains(&group) {
                lanes.push(group);
            }
        }
        (lanes, of_edges)
    }
}

/// Half the distance between the two tracks of a line that is used both ways.
const TRACK_HALF: f64 = 4.5;
/// How far a line runs straight out of a layer.
const STUB: f64 = 14.0;
const BEND: f64 = 16.0;
/// A line that would bend by less than this runs straight.
const NEARLY_STRAIGHT: f64 = 9.0;
/// The distance between two lines at a card: at most, and how much of the card's side they use.
const PORT_PITCH: f64 = 24.0;
const PORT_SIDE: f64 = 0.72;
/// Room between a bar and what stands beside it in its layer, and how far it reaches beyond its last line.
const BAR_GAP: f64 = 26.0;
const BAR_END: f64 = 16.0;

/// The grid with its positions.
pub(super) struct Frame<'a> {
    grid: &'a Grid,
    axes: Axes,
    /// The middle of each layer along the main axis.
    main: Vec<f64>,
    /// The middle of each node across.
    cross: Vec<f64>,
    /// Bars reach from here to there across, instead of their own size around their middle.
    bars: Vec<Option<(f64, f64)>>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(grid: &'a Grid, axes: Axes, main: Vec<f64>, cross: Vec<f64>) -> Self {
        let bars = vec![None; cross.len()];
        Frame { grid, axes, main, cross, bars }
    }

    /// Lets every topic's bar reach as far as its neighbours, so that copies part at the bar and go straight.
    pub(super) fn widen_bars(&mut self, places: &[Place], looks: &[Look], sizes: &[(f64, f64)]) {
        for (node, &place) in places.iter().enumerate() {
            let Place::Channel(id) = place else { continue };
            if looks[id.index()].kind != Kind::Topic {
                continue;
            }
            let (width, height) = sizes[node];
            let half = self.axes.cross(point(width, height)) / 2.0;
            let layer = &self.grid.layers[self.grid.layer_of[node]];
            let index = layer.iter().position(|&other| other == node).unwrap_or(0);
            let start_of = |other: usize| self.cross[other] - self.grid.extents[other].cross.before;
            let end_of = |other: usize| {
                let end = self.cross[other] + self.grid.extents[other].cross.after;
                self.bars.get(other).copied().flatten().map_or(end, |(_, widened)| widened.max(end))
            };
            let own = self.grid.extents[node].cross;
            let low =
                index.checked_sub(1).map_or(f64::MIN, |at| end_of(layer[at]) + BAR_GAP + own.before - half);
            let high = layer.get(index + 1).map_or(f64::MAX, |&at| start_of(at) - BAR_GAP - own.after + half);
            let neighbours = self.grid.before[node].iter().chain(&self.grid.behind[node]);
            let (mut from, mut to) = (self.cross[node] - half, self.cross[node] + half);
            for &other in neighbours {
                from = from.min((self.cross[other] - BAR_END).max(low));
                to = to.max((self.cross[other] + BAR_END).min(high));
            }
            self.bars[node] = Some((from, to));
        }
    }

    pub(super) fn cards(&self, sizes: &[(f64, f64)]) -> Vec<Rect> {
        let card = |(node, &(mut width, mut height)): (usize, &(f64, f64))| {
            let mut cross = self.cross[node];
            if let Some((from, to)) = self.bars[node] {
                cross = (from + to) / 2.0;
                let along = if self.axes.main(point(1.0, 0.0)) > 0.0 { &mut height } else { &mut width };
                *along = to - from;
            }
            Rect::around(self.axes.point(self.main[self.grid.layer_of[node]], cross), width, height)
        };
        sizes.iter().enumerate().map(card).collect()
    }

    /// The lines, and how the groups of each channel stand.
    pub(super) fn lines(
        &self,
        traffic: &Traffic,
        cards: &[Rect],
        casts: &[Cast<'_>],
    ) -> (Vec<Line>, Vec<Plot>) {
        let (ports, plots) = self.ports(traffic, cards, casts);
        let lines = traffic.connections.iter().enumerate().map(|(index, connection)| {
            let chain = &self.grid.chains[index];
            let (forward, backward) = if chain.first() == Some(&connection.from) {
                (connection.there, connection.back)
            } else {
                (connection.back, connection.there)
            };
            let used = |route: RouteId| (route, traffic.used[route.index()]);
            let track = Track::bent(&self.corners(chain, ports[index], cards), BEND);
            Line { track, forward: used(forward), backward: used(backward) }
        });
        (lines.collect(), plots)
    }

    /// Where each edge leaves its first card and reaches its last, across.
    fn ports(&self, traffic: &Traffic, cards: &[Rect], casts: &[Cast<'_>]) -> (Vec<(f64, f64)>, Vec<Plot>) {
        let mut ports = vec![(0.0, 0.0); self.grid.chains.len()];
        // At every card, on its near and its far side: which edges, and where they come from.
        let mut sides: Vec<[Vec<(f64, usize)>; 2]> = vec![Default::default(); cards.len()];
        for (edge, chain) in self.grid.chains.iter().enumerate() {
            let [first, second, ..] = chain[..] else { continue };
            let [.., previous, last] = chain[..] else { continue };
            for (side, other) in [((first, 1), second), ((last, 0), previous)] {
                let (from, side) = (self.cross[other], &mut sides[side.0][side.1]);
                side.insert(side.partition_point(|&(earlier, _)| earlier <= from), (from, edge));
            }
        }
        let mut plots = Vec::with_capacity(casts.len());
        let channels = cards.len() - casts.len();
        for (node, both) in sides.iter().enumerate() {
            let centre = self.axes.cross(cards[node].centre());
            let size = self.axes.cross(point(cards[node].width, cards[node].height));
            let cast = node.checked_sub(channels).map(|index| &casts[index]);
            let lanes = cast.map(|cast| cast.lanes(traffic, &both[1]));
            for (far, edges) in both.iter().enumerate() {
                let count = edges.len();
                let pitch = PORT_PITCH.min(size * PORT_SIDE / count.max(1) as f64);
                for (index, &(other, edge)) in edges.iter().enumerate() {
                    let rack = cast.zip(lanes.as_ref()).filter(|_| far == 1);
                    let rack = rack.and_then(|(cast, lanes)| self.rack(cards[node], cast, lanes, index));
                    let port = match self.bars[node] {
                        Some((from, to)) => other.clamp(from + BAR_END * 0.5, to - BAR_END * 0.5),
                        None => rack.unwrap_or(centre + (index as f64 - (count as f64 - 1.0) / 2.0) * pitch),
                    };
                    if far == 1 { ports[edge].0 = port } else { ports[edge].1 = port }
                }
            }
            if let Some(lanes) = lanes {
                let near = (both[0].len().max(1) - 1) as f64;
                let reach = near * PORT_PITCH.min(size * PORT_SIDE / (near + 1.0));
                plots.push(Plot { lanes: lanes.0, reach });
            }
        }
        (ports, plots)
    }

    /// Where the line to a subscriber leaves an exchange across: at the rack of its group, beside the lines to
    /// others of the group.
    fn rack(&self, card: Rect, cast: &Cast<'_>, (lanes, of_edges): &Lanes, index: usize) -> Option<f64> {
        if cast.look.kind != Kind::Exchange {
            return None;
        }
        let group = of_edges[index]?;
        let shown = cast.look.lanes(self.axes.orientation());
        let lane = lanes.iter().position(|&known| known == group)?;
        let end = self.axes.cross(point(card.right(), card.bottom()));
        if lane >= shown {
            return Some(end);
        }
        let same = |edges: &[Option<u16>]| edges.iter().filter(|known| **known == Some(group)).count() as f64;
        let (before, all) = (same(&of_edges[..index]), same(of_edges));
        let rack = cast.look.rack(card, lane, self.axes.orientation()).rect;
        let size = self.axes.cross(point(rack.width, rack.height));
        let pitch = PORT_PITCH.min(size / all.max(1.0));
        Some(self.axes.cross(rack.centre()) + (before - (all - 1.0) / 2.0) * pitch)
    }

    fn corners(&self, chain: &[usize], (leaves, reaches): (f64, f64), cards: &[Rect]) -> Vec<Point> {
        let [first, .., last] = chain[..] else { return Vec::new() };
        let bent = chain.len() > 2 || (leaves - reaches).abs() > NEARLY_STRAIGHT;
        let middle = (leaves + reaches) / 2.0;
        let (leaves, reaches) = if bent { (leaves, reaches) } else { (middle, middle) };
        let along = |node: usize| {
            let size = self.axes.main(point(cards[node].width, cards[node].height));
            (self.axes.main(cards[node].centre()), size / 2.0)
        };
        let edge = |node: usize| {
            let layer = self.grid.layer_of[node];
            let thickness = self.grid.thickness(&self.grid.layers[layer]);
            (self.main[layer] - thickness.before - STUB, self.main[layer] + thickness.after + STUB)
        };
        let at = |main: f64, cross: f64| self.axes.point(main, cross);
        let (from, to) = (along(first), along(last));
        let mut corners = vec![at(from.0 + from.1, leaves), at(edge(first).1, leaves)];
        for &node in &chain[1..chain.len() - 1] {
            corners.push(at(edge(node).0, self.cross[node]));
            corners.push(at(edge(node).1, self.cross[node]));
        }
        corners.push(at(edge(last).0, reaches));
        corners.push(at(to.0 - to.1, reaches));
        corners
    }
}

/// The way of each route's messages: beside the line's middle where messages go both ways.
pub(super) fn tracks(plan: &Plan, traffic: &Traffic, lines: &[Line], cards: &[Rect]) -> Vec<Track> {
    let mut tracks = vec![Track::default(); plan.routes.len()];
    for line in lines {
        let aside = if line.is_double() { TRACK_HALF } else { 0.0 };
        tracks[line.forward.0.index()] = line.track.beside(aside);
        tracks[line.backward.0.index()] = line.track.reversed().beside(aside);
    }
    let places: Vec<Place> = plan.places().collect();
    for &route in &traffic.loops {
        let here = plan.routes[route.index()].from;
        if let Some(index) = places.iter().position(|&place| place == here) {
            tracks[route.index()] = loop_over(cards[index]);
        }
    }
    tracks
}

/// From a card back to itself, over its upper edge.
fn loop_over(card: Rect) -> Track {
    let (right, top) = (card.right() - 16.0, card.y);
    let left = card.centre().x;
    let corners = [point(right, top), point(right, top - 26.0), point(left, top - 26.0), point(left, top)];
    Track::bent(&corners, 10.0)
}
