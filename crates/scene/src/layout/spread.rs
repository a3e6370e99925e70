//! Positions across: every node as near to its neighbours as the order and the room allow.

use super::grid::Grid;

const SWEEPS: usize = 12;
/// Room between two neighbours of a layer.
pub(super) const ROW_GAP: f64 = 8.0;
/// How much a corridor insists on being straight, compared with a place.
const CORRIDOR_WEIGHT: f64 = 4.0;

/// The position of each node across; the middle of everything is about 0.
pub(super) fn spread(grid: &Grid) -> Vec<f64> {
    let mut at = vec![0.0; grid.layer_of.len()];
    for layer in &grid.layers {
        settle(grid, layer, &mut at);
    }
    for sweep in 0..SWEEPS {
        let last = grid.layers.len();
        for step in 0..last {
            let layer = if sweep % 2 == 0 { step } else { last - 1 - step };
            let wanted: Vec<f64> =
                grid.layers[layer].iter().map(|&node| wish(grid, &at, node, sweep)).collect();
            for (&node, wish) in grid.layers[layer].iter().zip(wanted) {
                at[node] = wish;
            }
            settle(grid, &grid.layers[layer], &mut at);
        }
    }
    at
}

/// Where a node would like to be: in the middle of its neighbours, of one side at first and of both in the end.
fn wish(grid: &Grid, at: &[f64], node: usize, sweep: usize) -> f64 {
    let sides: [&[usize]; 2] = match (sweep + 4 < SWEEPS, sweep.is_multiple_of(2)) {
        (true, true) => [&grid.before[node], &[]],
        (true, false) => [&grid.behind[node], &[]],
        (false, _) => [&grid.before[node], &grid.behind[node]],
    };
    let means = sides.iter().filter(|side| !side.is_empty());
    let means = means.map(|side| side.iter().map(|&other| at[other]).sum::<f64>() / side.len() as f64);
    let (sum, count) = means.fold((0.0, 0), |(sum, count), mean| (sum + mean, count + 1));
    if count == 0 { at[node] } else { sum / f64::from(count) }
}

/// Moves the nodes of a layer as little as possible so that none overlap: pooling of adjacent violators, on
/// the positions without the room that lies before each node.
fn settle(grid: &Grid, layer: &[usize], at: &mut [f64]) {
    // A pool of nodes that touch: their common position, their weight, how many they are.
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(layer.len());
    let mut room = Vec::with_capacity(layer.len());
    let mut used = 0.0;
    for (index, &node) in layer.iter().enumerate() {
        if index > 0 {
            used += grid.extents[layer[index - 1]].cross.after + grid.extents[node].cross.before + ROW_GAP;
        }
        room.push(used);
        let weight = if grid.is_corridor(node) { CORRIDOR_WEIGHT } else { 1.0 };
        let mut pool = (at[node] - used, weight, 1);
        while let Some(&before) = pools.last()
            && before.0 >= pool.0
        {
            pools.pop();
            let weight = before.1 + pool.1;
            pool = ((before.0 * before.1 + pool.0 * pool.1) / weight, weight, before.2 + pool.2);
        }
        pools.push(pool);
    }
    let mut index = 0;
    for (position, _, count) in pools {
        for _ in 0..count {
            at[layer[index]] = position + room[index];
            index += 1;
        }
    }
}
