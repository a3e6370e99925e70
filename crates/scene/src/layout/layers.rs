//! Which layer a place stands in: the longest way from a client.

use super::grid::Extent;
use super::spread::ROW_GAP;

/// The layer of every node: clients first, everybody else behind whoever asks them. A request that goes in a
/// circle is ignored where it closes the circle.
pub(super) fn layers(clients: usize, nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut asked = vec![Vec::new(); nodes];
    for &(from, to) in edges {
        asked[from].push(to);
    }
    let (order, forward) = walk(&asked);
    let mut layer_of: Vec<usize> =
        (0..nodes).map(|node| usize::from(node >= clients && clients > 0)).collect();
    for &node in order.iter().rev() {
        for (&next, &ahead) in asked[node].iter().zip(&forward[node]) {
            if ahead {
                layer_of[next] = layer_of[next].max(layer_of[node] + 1);
            }
        }
    }
    without_gaps(layer_of)
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Visits every node in depth: in which order they are done, and which edges do not close a circle.
fn walk(asked: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<bool>>) {
    let mut marks = vec![Mark::New; asked.len()];
    let mut forward: Vec<Vec<bool>> = asked.iter().map(|next| vec![true; next.len()]).collect();
    let mut done = Vec::with_capacity(asked.len());
    for start in 0..asked.len() {
        let mut path = vec![(start, 0)];
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        while let Some((node, edge)) = path.last_mut() {
            let (here, at) = (*node, *edge);
            *edge += 1;
            let Some(&next) = asked[here].get(at) else {
                marks[here] = Mark::Done;
                done.push(here);
                path.pop();
                continue;
            };
            match marks[next] {
                Mark::New => {
                    marks[next] = Mark::Open;
                    path.push((next, 0));
                }
                Mark::Open => forward[here][at] = false,
                Mark::Done => {}
            }
        }
    }
    (done, forward)
}

fn without_gaps(mut layer_of: Vec<usize>) -> Vec<usize> {
    let mut present = vec![false; layer_of.iter().max().map_or(0, |last| last + 1)];
    layer_of.iter().for_each(|&layer| present[layer] = true);
    for layer in &mut layer_of {
        *layer = present[..*layer].iter().filter(|&&present| present).count();
    }
    layer_of
}

/// Room for the line that passes a card of a split layer.
const CORRIDOR: f64 = 42.0;
/// How much better the whole has to fit for a layer to be split.
const WORTH_SPLITTING: f64 = 1.3;

/// Splits layers that hold so many places that the whole would be small on the stage; `shape` is the length
/// of the stage along the main axis by its length across.
pub(super) fn split(layer_of: Vec<usize>, extents: &[Extent], shape: f64, gap: f64) -> Vec<usize> {
    let count = layer_of.iter().max().map_or(0, |last| last + 1);
    let mut layers = vec![Vec::new(); count];
    for (node, &layer) in layer_of.iter().enumerate() {
        layers[layer].push(node);
    }
    let fullest = layers.iter().map(Vec::len).max().unwrap_or(0);
    let fitness = |rows: usize| {
        let (mut main, mut cross) = (0.0_f64, 1.0_f64);
        for layer in &layers {
            let parts = layer.len().div_ceil(rows);
            let thick = layer.iter().map(|&node| extents[node].main.length()).fold(0.0, f64::max);
            let high: f64 = layer.iter().map(|&node| extents[node].cross.length() + ROW_GAP).sum();
            // Past each part of a split layer go the lines to its other parts.
            let passing = CORRIDOR * (layer.len() - layer.len() / parts) as f64;
            main += (thick + gap) * parts as f64;
            cross = cross.max(high / parts as f64 + passing);
        }
        (shape / main).min(1.0 / cross)
    };
    let mut best = (fullest.max(1), fitness(fullest.max(1)));
    let mut parts = 2;
    while fullest.div_ceil(parts) > 1 {
        let rows = fullest.div_ceil(parts);
        let fit = fitness(rows);
        if fit > best.1 * WORTH_SPLITTING {
            best = (rows, fit);
        }
        parts += 1;
    }
    let mut begin = 0;
    let mut result = layer_of;
    for layer in &layers {
        let parts = layer.len().div_ceil(best.0);
        for (index, &node) in layer.iter().enumerate() {
            result[node] = begin + index % parts;
        }
        begin += parts;
    }
    result
}
