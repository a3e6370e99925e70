//! The recordings of real brokers, and what came of replaying them on the profiles.

use std::path::Path;

use conformance::Verdict;
use serde_json::Value;

use crate::{Failure, files};

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
    files::recordings(folder)?.iter().map(|path| recording(path)).collect()
}

fn recording(path: &Path) -> Result<Recording, Failure> {
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = files::text(path).map_err(wrong)?;
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
