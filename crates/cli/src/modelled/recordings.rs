//! The recordings of real brokers, and what came of replaying them on the profiles.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::Verdict;
use serde_json::Value;

use crate::Failure;

/// One recording.
pub struct Recording {
    /// Its name, without the ending of its file.
    pub name: String,
    /// What was watched.
    pub product: String,
    /// In which version.
    pub version: String,
    /// With which client.
    pub client: String,
    /// How often it was done.
    pub runs: u64,
    /// Whether all runs went alike.
    pub alike: bool,
    /// What came of replaying it.
    pub verdict: Verdict,
}

/// Reads and replays every recording of a folder, in the order of their names.
pub fn read(folder: &Path) -> Result<Vec<Recording>, Failure> {
    let cannot = |error| Failure::Input(format!("{}: cannot be read: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::Input(format!("{}: there is no *.json in this folder", folder.display())));
    }
    paths.iter().map(|path| recording(path)).collect()
}

/// The folder of recordings, here or above.
pub fn find() -> Result<PathBuf, Failure> {
    const FOLDER: &str = "tests/fidelity";
    let mut above = PathBuf::new();
    // Ten levels are deeper than anybody works inside the project.
    for _ in 0..10 {
        let candidate = above.join(FOLDER);
        if candidate.is_dir() {
            return Ok(candidate);
        }
        above.push("..");
    }
    Err(Failure::Input(format!(
        "there is no folder {FOLDER} here or above; say where it is with --recordings"
    )))
}

fn recording(path: &Path) -> Result<Recording, Failure> {
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(format!("is not JSON: {error}")))?;
    let said = |key: &str| match value[key].as_str() {
        Some(said) => Ok(said.to_owned()),
        None => Err(wrong(format!("/{key} is no text"))),
    };
    let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Recording {
        product: said("product")?,
        version: said("version")?,
        client: said("client")?,
        runs: value["runs"].as_u64().ok_or_else(|| wrong("/runs is no number".to_owned()))?,
        alike: value["deterministic"]
            .as_bool()
            .ok_or_else(|| wrong("/deterministic is no flag".to_owned()))?,
        verdict: conformance::conform(&name, &text),
        name,
    })
}
