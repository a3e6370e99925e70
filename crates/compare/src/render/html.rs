//! As HTML.

use super::Report;
use crate::Behind;

pub(super) fn page(report: &Report<'_>) -> String {
    format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{}</title>{}",
        report.study.title,
        fragment(report)
    )
}

pub(super) fn fragment(_report: &Report<'_>) -> String {
    String::new()
}

pub(super) fn behind(
    _report: &Report<'_>,
    _contender: usize,
    _row: &str,
    _seed: u64,
    _list: &[Behind],
) -> String {
    String::new()
}
