//! `signalbox presets`: the scenarios that come with Signalbox.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;

use crate::{Failure, Format, files, print};

pub fn list(format: Format, dir: Option<PathBuf>) -> Result<(), Failure> {
    let dir = dir.map_or_else(|| files::folder_of_project("static/scenarios", "--dir"), Ok)?;
    let mut values = Vec::new();
    let mut text = String::new();
    let mut wrong = Vec::new();
    for path in files::listed(&dir, &["yaml", "yml", "json"])? {
        let scenario = match files::read(&path) {
            Ok(scenario) => scenario,
            Err(Failure::Input(message)) => {
                wrong.push(message);
                continue;
            }
            Err(failure @ (Failure::Broken | Failure::Interrupted)) => return Err(failure),
        };
        let variants: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
        let _ = writeln!(text, "{}  {} ({})", path.display(), scenario.title, variants.join(", "));
        values.push(json!({
            "file": path.to_string_lossy(),
            "title": scenario.title,
            "variants": variants,
        }));
    }
    print(&match format {
        Format::Text => text,
        Format::Json => format!("{:#}\n", serde_json::Value::Array(values)),
    })?;
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Input(wrong.join("\n"))) }
}
