//! The order of the nodes within each layer, so that few lines cross: barycentres, swept to and fro.

use super::grid::Grid;

const SWEEPS: usize = 8;

/// Puts the nodes of each layer into a good order. The first order is by number; a sweep that does not
/// improve is undone in the end.
pub(super) fn order(grid: &mut Grid) {
    let mut best = (crossings(grid), grid.layers.clone());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let count = grid.layers.len();
        for step in 1..count {
            let forward = sweep % 2 == 0;
            let layer = if forward { step } else { count - 1 - step };
            sort_layer(grid, layer, forward);
        }
        let crossings = crossings(grid);
        if crossings < best.0 {
            best = (crossings, grid.layers.clone());
        }
    }
    grid.layers = best.1;
}

fn sort_layer(grid: &mut Grid, layer: usize, forward: bool) {
    let position = positions(grid);
    let neighbours = if forward { &grid.before } else { &grid.behind };
    let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(grid.layers[layer].len());
    for (index, &node) in grid.layers[layer].iter().enumerate() {
        let near = &neighbours[node];
        let sum: f64 = near.iter().map(|&other| position[other]).sum();
        let here = (index as f64 + 0.5) / grid.layers[layer].len() as f64;
        let wanted = if near.is_empty() { here } else { sum / near.len() as f64 };
        keyed.insert(keyed.partition_point(|&(other, _)| other <= wanted), (wanted, node));
    }
    grid.layers[layer] = keyed.into_iter().map(|(_, node)| node).collect();
}

/// Where each node stands in its layer, 0 to 1.
fn positions(grid: &Grid) -> Vec<f64> {
    let mut position = vec![0.0; grid.layer_of.len()];
    for layer in &grid.layers {
        for (index, &node) in layer.iter().enumerate() {
            position[node] = (index as f64 + 0.5) / layer.len() as f64;
        }
    }
    position
}

/// How often lines between neighbouring layers cross.
fn crossings(grid: &Grid) -> usize {
    let position = positions(grid);
    let mut crossings = 0;
    for layer in grid.layers.iter().skip(1) {
        let mut seen: Vec<f64> = Vec::new();
        for &node in layer {
            let ends = grid.before[node].iter().map(|&other| position[other]);
            let place = |seen: &[f64], end: f64| seen.partition_point(|&earlier| earlier <= end);
            crossings += ends.clone().map(|end| seen.len() - place(&seen, end)).sum::<usize>();
            ends.for_each(|end| seen.insert(place(&seen, end), end));
        }
    }
    crossings
}
