//! Knees of known curves.

use compare::{Axis, Cell, Header, Line, Sweep, Table, rows};
use kernel::{Purpose, Stream};

use super::ORDERS;

/// The value at which a curve has its knee, if its intervals reach so far to both sides.
fn knee(axis: &str, reach: f64, curve: impl Fn(f64) -> f64) -> Option<String> {
    let axis = Axis::read(axis).unwrap();
    let values: Vec<f64> = axis.positions().unwrap().into_iter().map(curve).collect();
    let cells = values.iter().map(|&value| cell(value, reach)).collect();
    found(axis, cells)
}

fn cell(value: f64, reach: f64) -> Cell {
    Cell { value: Some(value), low: Some(value - reach), high: Some(value + reach), ..Cell::default() }
}

fn found(axis: Axis, cells: Vec<Cell>) -> Option<String> {
    let plan = scenario::read(ORDERS).scenario.unwrap().variants[0].plan.clone();
    let row = rows(&plan).into_iter().find(|row| row.id == "response_mean").unwrap();
    let headers = cells.iter().map(|_| Header { name: String::new(), halted: 0 }).collect();
    let lines = vec![Line { row, cells, differs: true }];
    let table = Table { headers, lines, baseline: 0, seeds: 10, partial: false, notes: Vec::new() };
    let sweep = Sweep { variants: vec!["queue".into()], axes: vec![axis] };
    sweep.knee(&table, 0, "response_mean").map(|knee| sweep.axes[0].values[knee.at].clone())
}

#[test]
fn the_response_of_a_queue_bends_elsewhere() {
    let response = |load: f64| 1.0 / (1.0 - load);
    assert_eq!(knee("a=0.1..0.9..0.05", 0.01, response).as_deref(), Some("0.7"));
    assert_eq!(knee("a=0.9..0.1..0.05", 0.01, response).as_deref(), Some("0.7"), "counted down");
    assert_eq!(knee("a=10%..90%..5%", 0.01, |load| response(load / 100.0)).as_deref(), Some("70%"));
    assert_eq!(knee("a=0.1..0.9..0.05", 0.01, |load| -response(load)).as_deref(), Some("0.7"), "falling");
}

#[test]
fn a_bend_is_missed() {
    let hockey = |x: f64| if x > 7.0 { 1.0 + (x - 7.0) * 4.0 } else { 1.0 };
    assert_eq!(knee("a=1..10", 0.1, hockey).as_deref(), Some("7"));
    // More workers help as far as three.
    assert_eq!(knee("a=1..10", 0.1, |x| if x < 3.0 { 100.0 / x } else { 30.0 }).as_deref(), Some("3"));
    // Saturation.
    assert_eq!(knee("a=1..10", 0.1, |x| x.min(4.0)).as_deref(), Some("4"));
}

#[test]
fn a_straight_line_bends() {
    assert_eq!(knee("a=1..10", 0.0, |x| 3.0 * x + 1.0), None);
    assert_eq!(knee("a=1..10", 0.0, |x| -x), None);
    assert_eq!(knee("a=1..10", 0.0, |_| 5.0), None);
    assert_eq!(knee("a=1..10", 0.0, |x| x + 0.02 * x * x), None, "it is hardly bent");
}

#[test]
fn too_little_is_known_for_a_knee() {
    let hockey = |x: f64| if x > 7.0 { 1.0 + (x - 7.0) * 4.0 } else { 1.0 };
    assert_eq!(knee("a=1..10..4", 0.1, hockey), None, "three points");
    assert_eq!(knee("a=1..10", 6.0, hockey), None, "a straight line is within the intervals");
    let one_run = |x: f64| Cell { value: Some(hockey(x)), ..Cell::default() };
    let axis = Axis::read("a=1..10").unwrap();
    assert_eq!(found(axis.clone(), axis.positions().unwrap().into_iter().map(one_run).collect()), None);
    let gap = |x: f64| if x == 5.0 { Cell::default() } else { cell(hockey(x), 0.1) };
    let knee = found(axis.clone(), axis.positions().unwrap().into_iter().map(gap).collect());
    assert_eq!(knee.as_deref(), Some("7"), "one point without a value");
    let words = Axis::read("a=kafka,sqs,nats,mqtt,webhook").unwrap();
    assert_eq!(
        found(words, [1.0, 1.0, 1.0, 1.0, 9.0].map(|value| cell(value, 0.1)).into()),
        None,
        "no numbers"
    );
}

#[test]
fn noise_bends() {
    let tries = 400_u32;
    let mut bent = 0;
    for number in 0..tries {
        let mut draw = Stream::new(number.into(), Purpose::Loss, "noise").draw(0, 0);
        // The mean of twelve numbers between 0 and 1 has a standard deviation of 1/12.
        let mut mean = || (0..12).map(|_| draw.unit()).sum::<f64>() / 12.0;
        let cells = (0..10).map(|_| cell(mean(), 1.96 / 12.0)).collect();
        bent += u32::from(found(Axis::read("a=1..10").unwrap(), cells).is_some());
    }
    assert!(bent * 20 <= tries, "{bent} of {tries} straight lines have a knee");
}

#[test]
fn a_summit_is_taken_for_a_knee() {
    assert_eq!(knee("a=1..8", 0.1, |x| 10.0 - (x - 3.0).abs()), None);
    assert_eq!(knee("a=1..8", 0.1, |x| (x - 3.0).abs()), None, "a valley");
}
