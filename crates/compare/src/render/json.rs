//! As JSON.

use serde_json::{Value, json};

use super::Report;

pub(super) fn json(report: &Report<'_>) -> String {
    let variant = |header: &crate::Header| json!({ "name": header.name, "rows": {} });
    let variants: Vec<Value> = report.table.headers.iter().map(variant).collect();
    format!("{:#}\n", json!({ "title": report.study.title, "variants": variants }))
}
