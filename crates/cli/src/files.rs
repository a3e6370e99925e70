//! Scenario files: read, or refused with all their problems as `file:line:column`.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use scenario::{Scenario, Variant};

use crate::Failure;

/// So much of a file is read; more than a scenario may have, so that the reader can say that it is too large.
const BYTES_MAX: u64 = 64 << 20;

/// Reads a scenario. Warnings go to standard error; errors are the failure.
pub fn read(path: &Path) -> Result<Scenario, Failure> {
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
            Ok(scenario)
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
