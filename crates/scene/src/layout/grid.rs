//! The layered graph: places and the corridors of lines that pass a layer.

use super::Orientation;
use crate::geometry::{Point, point};

/// How far something reaches before and behind its middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reach {
    pub(super) before: f64,
    pub(super) after: f64,
}

impl Reach {
    pub(super) fn both(half: f64) -> Reach {
        Reach { before: half, after: half }
    }

    pub(super) fn length(self) -> f64 {
        self.before + self.after
    }
}

/// The room that something needs along both axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) main: Reach,
    pub(super) cross: Reach,
}

/// Which way the axes lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axes {
    tall: bool,
}

impl Axes {
    pub(super) fn of(orientation: Orientation) -> Axes {
        Axes { tall: orientation == Orientation::Tall }
    }

    pub(super) fn orientation(self) -> Orientation {
        if self.tall { Orientation::Tall } else { Orientation::Wide }
    }

    pub(super) fn point(self, main: f64, cross: f64) -> Point {
        if self.tall { point(cross, main) } else { point(main, cross) }
    }

    pub(super) fn main(self, at: Point) -> f64 {
        if self.tall { at.y } else { at.x }
    }

    pub(super) fn cross(self, at: Point) -> f64 {
        if self.tall { at.x } else { at.y }
    }
}

/// Nodes in layers. The first nodes are the places, the rest are corridors.
pub(super) struct Grid {
    pub(super) layer_of: Vec<usize>,
    pub(super) extents: Vec<Extent>,
    /// The nodes of each layer, in their order across.
    pub(super) layers: Vec<Vec<usize>>,
    /// The neighbours of each node in the layer before.
    pub(super) before: Vec<Vec<usize>>,
    /// The neighbours of each node in the layer behind.
    pub(super) behind: Vec<Vec<usize>>,
    /// For each edge the nodes it goes through, from the earlier layer to the later one.
    pub(super) chains: Vec<Vec<usize>>,
    places: usize,
}

/// More corridors than this are not made; further long lines run straight across.
const CORRIDORS_MAX: usize = 3_000;
/// Half the width of a corridor.
const CORRIDOR_HALF: f64 = 17.0;

impl Grid {
    pub(super) fn new(layer_of: Vec<usize>, extents: Vec<Extent>, edges: &[(usize, usize)]) -> Grid {
        let places = layer_of.len();
        let count = layer_of.iter().max().map_or(0, |last| last + 1);
        let mut grid = Grid {
            layer_of,
            extents,
            layers: vec![Vec::new(); count],
            before: vec![Vec::new(); places],
            behind: vec![Vec::new(); places],
            chains: Vec::with_capacity(edges.len()),
            places,
        };
        for node in 0..places {
            grid.layers[grid.layer_of[node]].push(node);
        }
        for &(from, to) in edges {
            let chain = grid.chain(from, to);
            for pair in chain.windows(2) {
                if grid.layer_of[pair[1]] == grid.layer_of[pair[0]] + 1 {
                    grid.behind[pair[0]].push(pair[1]);
                    grid.before[pair[1]].push(pair[0]);
                }
            }
            grid.chains.push(chain);
        }
        grid.sort_by_edges();
        grid
    }

    /// To begin with, nodes stand in the order of the edges that lead to them, so that what is asked by the
    /// same node stands together, corridors between places.
    fn sort_by_edges(&mut self) {
        let mut first = vec![usize::MAX; self.layer_of.len()];
        for (edge, chain) in self.chains.iter().enumerate() {
            for &node in chain.iter().skip(1) {
                first[node] = first[node].min(edge);
            }
        }
        for layer in &mut self.layers {
            let mut sorted = Vec::with_capacity(layer.len());
            for &node in layer.iter() {
                sorted.insert(sorted.partition_point(|&other: &usize| first[other] <= first[node]), node);
            }
            *layer = sorted;
        }
    }

    pub(super) fn is_corridor(&self, node: usize) -> bool {
        node >= self.places
    }

    fn chain(&mut self, from: usize, to: usize) -> Vec<usize> {
        let (first, last) = if self.layer_of[from] <= self.layer_of[to] { (from, to) } else { (to, from) };
        let between = self.layer_of[first] + 1..self.layer_of[last];
        let mut chain = vec![first];
        if self.layer_of.len() - self.places + between.len() <= CORRIDORS_MAX {
            for layer in between {
                let node = self.layer_of.len();
                self.layer_of.push(layer);
                let cross = Reach::both(CORRIDOR_HALF);
                self.extents.push(Extent { main: Reach::default(), cross });
                self.before.push(Vec::new());
                self.behind.push(Vec::new());
                self.layers[layer].push(node);
                chain.push(node);
            }
        }
        chain.push(last);
        chain
    }

    /// How far a layer reaches along the main axis.
    pub(super) fn thickness(&self, layer: &[usize]) -> Reach {
        let most = |side: fn(&Reach) -> f64| {
            layer.iter().map(|&node| side(&self.extents[node].main)).fold(0.0, f64::max)
        };
        Reach { before: most(|reach| reach.before), after: most(|reach| reach.after) }
    }

    /// How far everything reaches across.
    pub(super) fn span(&self, cross: &[f64]) -> f64 {
        let low = cross.iter().zip(&self.extents).map(|(at, extent)| at - extent.cross.before);
        let high = cross.iter().zip(&self.extents).map(|(at, extent)| at + extent.cross.after);
        high.fold(0.0, f64::max) - low.fold(0.0, f64::min)
    }
}
