//! Tables made by hand.

use std::sync::Arc;

use compare::{Cell, Contender, Difference, Header, Line, Settings, Study, Table, contenders};
use scenario::Assignment;

/// A scenario with one variant, which all contenders of these tests are.
const SCENARIO: &str = "
signalbox: 1
title: A <shop> | \"small\" & open
length: 10s
clients:
  shopper: { arrivals: constant 1/s, sends: ask, to: desk }
services:
  desk: { workers: 1, work: 100ms }
variants:
  only:
    handlers:
      desk: { ask: [work, reply: done] }
";

/// A study of contenders with these names; what they do does not matter.
pub(crate) fn study(names: &[&str], settings: Settings) -> Study {
    let (scenario, found) = contenders(SCENARIO, &[]).unwrap();
    let contender = |name: &&str| Contender { name: (*name).into(), ..found[0].clone() };
    Study::new(&scenario.title, names.iter().map(contender).collect(), settings).unwrap()
}

/// The contenders of a sweep: variants by values of axes, the last fastest.
pub(crate) fn swept(variants: &[&str], axes: &[(&str, &[&str])]) -> Vec<Contender> {
    let (_, found) = contenders(SCENARIO, &[]).unwrap();
    let plan: Arc<_> = found[0].plan.clone();
    let mut sets: Vec<Vec<Assignment>> = vec![Vec::new()];
    for (path, values) in axes {
        let set = |value: &&str| Assignment { path: (*path).into(), value: (*value).into() };
        let with = |sets: &Vec<Assignment>| -> Vec<Vec<Assignment>> {
            values.iter().map(|value| [&sets[..], &[set(value)]].concat()).collect()
        };
        sets = sets.iter().flat_map(with).collect();
    }
    let contender = |(variant, sets): (&&str, &Vec<Assignment>)| {
        let said: Vec<String> = sets.iter().map(|set| format!("{}={}", set.path, set.value)).collect();
        let name = format!("{variant} with {}", said.join(" and "));
        Contender { name, variant: (*variant).into(), sets: sets.clone(), plan: plan.clone() }
    };
    variants.iter().flat_map(|variant| sets.iter().map(move |sets| (variant, sets))).map(contender).collect()
}

/// A value between two others.
pub(crate) fn cell(value: f64, low: f64, high: f64) -> Cell {
    let (value, low, high) = (Some(value), Some(low), Some(high));
    Cell { value, low, high, runs: vec![1.0, 2.0], typical: Some(1), ..Cell::default() }
}

/// The same, which differs from the baseline.
pub(crate) fn differing(cell: Cell, value: f64, beyond_chance: bool) -> Cell {
    let (low, high) = (value - 1.0 / 3.0, value + 1.0 / 3.0);
    Cell { difference: Some(Difference { value, low, high, beyond_chance }), ..cell }
}

/// A line of a study's row.
pub(crate) fn line(study: &Study, row: &str, cells: &[Cell]) -> Line {
    let row = study.rows[study.row(row).unwrap()].clone();
    let is_beyond = |cell: &Cell| cell.difference.is_some_and(|it| it.beyond_chance);
    Line { row, differs: cells.iter().any(is_beyond), cells: cells.to_vec() }
}

/// A table of these lines.
pub(crate) fn table(study: &Study, lines: Vec<Line>) -> Table {
    let header = |contender: &Contender| Header { name: contender.name.clone(), halted: 0 };
    Table {
        headers: study.contenders.iter().map(header).collect(),
        lines,
        baseline: 0,
        seeds: study.settings.seeds,
        partial: false,
        notes: Vec::new(),
    }
}
