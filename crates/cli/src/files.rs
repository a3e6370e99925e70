//! Files and folders: scenarios, read or refused with all their problems as `file:line:column`, and what a folder
//! of scenarios or recordings holds.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use scenario::{Scenario, Variant};

use crate::Failure;

/// So much of a file is read; more than a scenario may have, so that the reader can say that it is too large.
const BYTES_MAX: u64 = 64 << 20;

/// Reads a scenario. Warnings go to standard error; errors are the failure.
pub fn read(path: &Path) -> Result<Scenario, Failure> {
    read_with_text(path).map(|(scenario, _)| scenario)
}

/// Reads a scenario, and gives the text of the file too.
pub fn read_with_text(path: &Path) -> Result<(Scenario, String), Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|error| Failure::Input(format!("{}: cannot be read: {error}", path.display())))?;
    let reading = scenario::read_bytes(&bytes);
    let diagnostics: Vec<String> =
        reading.diagnostics.iter().map(|diagnostic| format!("{}:{diagnostic}", path.display())).collect();
    match reading.scenario {
        Some(scenario) => {
            diagnostics.iter().for_each(|warning| eprintln!("{warning}"));
            // What is no text is no scenario.
            Ok((scenario, String::from_utf8(bytes).unwrap_or_default()))
        }
        None => Err(Failure::Input(diagnostics.join("\n"))),
    }
}

/// The variant of that name, or the first.
pub fn variant<'a>(scenario: &'a Scenario, name: Option<&str>, path: &Path) -> Result<&'a Variant, Failure> {
    let found = match name {
        Some(name) => scenario.variant(name),
        None => scenario.variants.first(),
    };
    found.ok_or_else(|| {
        let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
        let (path, name, names) = (path.display(), name.unwrap_or_default(), names.join(", "));
        Failure::Input(format!("{path}: there is no variant {name}; it has: {names}"))
    })
}

/// The files of a folder with one of these endings, by name.
pub fn listed(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| Failure::Input(format!("{}: cannot be listed: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let known = path.extension().is_some_and(|ending| endings.iter().any(|it| ending == *it));
        if known && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The recordings of a folder, by name. There is at least one.
pub fn recordings(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let paths = listed(folder, &["json"])?;
    if paths.is_empty() {
        return Err(Failure::Input(format!("{}: there is no *.json in this folder", folder.display())));
    }
    Ok(paths)
}

/// The text of a file, or what is wrong with it.
pub fn text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("byte {at} is not UTF-8: this is not a text file")
    })
}

/// A folder of the project, here or above; `option` says it otherwise.
pub fn folder_of_project(folder: &str, option: &str) -> Result<PathBuf, Failure> {
    let mut above = PathBuf::new();
    // Ten levels are deeper than anybody works inside the project.
    for _ in 0..10 {
        let candidate = above.join(folder);
        if candidate.is_dir() {
            return Ok(candidate);
        }
        above.push("..");
    }
    Err(Failure::Input(format!("there is no folder {folder} here or above; say where it is with {option}")))
}
