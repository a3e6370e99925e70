//! `signalbox presets`: the scenarios that come with Signalbox.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::{Failure, Format, files, print};

pub fn list(format: Format, dir: Option<PathBuf>) -> Result<(), Failure> {
    let dir = dir.map_or_else(find, Ok)?;
    let mut values = Vec::new();
    let mut text = String::new();
    let mut wrong = Vec::new();
    for path in scenario_files(&dir)? {
        let scenario = match files::read(&path) {
            Ok(scenario) => scenario,
            Err(Failure::Input(message)) => {
                wrong.push(message);
                continue;
            }
            Err(broken @ Failure::Broken) => return Err(broken),
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

/// The folder of presets, here or above.
fn find() -> Result<PathBuf, Failure> {
    const FOLDER: &str = "static/scenarios";
    let mut above = PathBuf::new();
    // Ten levels are deeper than anybody works inside the project.
    for _ in 0..10 {
        let candidate = above.join(FOLDER);
        if candidate.is_dir() {
            return Ok(candidate);
        }
        above.push("..");
    }
    Err(Failure::Input(format!("there is no folder {FOLDER} here or above; say where it is with --dir")))
}

/// YAML and JSON files, by name.
fn scenario_files(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = |error| Failure::Input(format!("{}: cannot be listed: {error}", dir.display()));
    let mut paths = Vec::new();
    for entry in dir.read_dir().map_err(failure)? {
        let path = entry.map_err(failure)?.path();
        if path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|it| extension == *it))
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
