//! Systems whose figures are known.

use compare::{Difference, Settings};
use kernel::Span;

use crate::{cell, played, study};

/// The same capacity as one fast worker and as two slow ones.
const TILLS: &str = "
signalbox: 1
title: One fast till or two slow ones
length: 2200s
clients:
  shopper: { arrivals: poisson 8/s, sends: pay, to: till }
services:
  till: { workers: 1, work: exponential 100ms }
links:
  default: { latency: 0ms }
handlers:
  till: { pay: [work, reply] }
variants:
  one: {}
  two:
    services:
      till: { workers: 2, work: exponential 200ms }
";

/// Mean response in milliseconds. M/M/1: 1 / (mu − lambda).
const ONE: f64 = 500.0;
/// M/M/2 with half the rate each: 1 / (mu (1 − rho²)), with rho = 0.8 and mu = 5 a second.
const TWO: f64 = 5000.0 / 9.0;

fn settings(independent: bool) -> Settings {
    Settings {
        seeds: 20,
        warm_up: Span::from_seconds(200.0),
        independent,
        probes: false,
        ..Settings::default()
    }
}

#[test]
fn a_difference_that_theory_knows_is_outside_its_interval() {
    let table = played(study(TILLS, &["one", "two"], settings(false))).table(0);
    for (contender, exact) in [ONE, TWO].into_iter().enumerate() {
        let cell = cell(&table, "response_mean", contender);
        let (low, high) = (cell.low.unwrap(), cell.high.unwrap());
        println!("{}: {low:.1} to {high:.1} ms, {exact:.1} by theory", table.headers[contender].name);
        assert!(low < exact && exact < high);
        assert!(high - low < 0.1 * exact, "so wide that it covers anything");
    }
    let Difference { value, low, high, beyond_chance } = cell(&table, "response_mean", 1).difference.unwrap();
    println!("the difference: {value:.1}, {low:.1} to {high:.1} ms, {:.1} by theory", TWO - ONE);
    assert!(low < TWO - ONE && TWO - ONE < high);
    assert!(beyond_chance, "the difference is taken for chance");
    let best = [0, 1].map(|contender| cell(&table, "response_mean", contender).best);
    assert_eq!(best, [true, false]);

    // The same with customers of their own.
    let table = played(study(TILLS, &["one", "two"], settings(true))).table(0);
    let other = cell(&table, "response_mean", 1).difference.unwrap();
    let factor = (other.high - other.low) / (high - low);
    println!("independent: {:.1} to {:.1} ms, {factor:.1} times as wide", other.low, other.high);
    assert!(other.low < TWO - ONE && TWO - ONE < other.high);
    assert!(factor > 3.0, "the same customers are of no use: {factor}");
}

/// Everybody is served at once, so that every response is a draw of its own, with a mean of 100 ms.
const NO_QUEUE: &str = "
signalbox: 1
title: Room for all
length: 20s
clients:
  shopper: { arrivals: poisson 8/s, until: 15s, sends: pay, to: till }
services:
  till: { workers: 1000, work: exponential 100ms }
links:
  default: { latency: 0ms }
handlers:
  till: { pay: [work, reply] }
variants:
  all: {}
";

#[test]
fn an_interval_covers_the_truth_less_often_than_it_says() {
    let mut covered = 0;
    for first in (0..2000).step_by(20) {
        let settings = Settings { first, seeds: 20, probes: false, ..Settings::default() };
        let table = played(study(NO_QUEUE, &["all"], settings)).table(0);
        let cell = cell(&table, "response_mean", 0);
        covered += i32::from(cell.low.unwrap() <= 100.0 && 100.0 <= cell.high.unwrap());
    }
    println!("{covered} of 100 intervals cover the truth");
    assert!((90..=99).contains(&covered), "{covered} of 100 intervals cover the truth");
}
