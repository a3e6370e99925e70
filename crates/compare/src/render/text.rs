//! For a terminal, and for spreadsheets.

use super::Report;

pub(super) fn text(_report: &Report<'_>) -> String {
    String::new()
}

pub(super) fn csv(_report: &Report<'_>) -> String {
    String::new()
}
