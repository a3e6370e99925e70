//! Sweeps: axes, the contenders at their points, and the knees of curves.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod axes;
mod contenders;
mod knees;
mod studies;

const ORDERS: &str = include_str!("../../../../static/scenarios/order-placed.yaml");

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}
