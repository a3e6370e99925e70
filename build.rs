//! Lists the scenarios of `static/scenarios` for the page: whatever lies there is offered, and a wrong one stops
//! the build with everything that is wrong with it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use scenario::Scenario;

const FOLDER: &str = "static/scenarios";
/// What the page opens on, and therefore lists first.
const FIRST: &str = "order-placed.yaml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build.rs");
    match list() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("cargo::error={FOLDER} could not be listed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the list, and returns how many scenarios are wrong.
fn list() -> io::Result<usize> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
    paths.sort_by_key(|path| (!path.ends_with(FIRST), path.clone()));
    let (mut code, mut texts, mut wrong) = (String::from("&[\n"), String::from("&[\n"), 0);
    for path in &paths {
        let bytes = fs::read(path)?;
        let file = file_name(path);
        let Some(scenario) = read(file, &bytes) else {
            wrong += 1;
            continue;
        };
        code += &format!("Preset {{ file: {file:?}, title: {:?} }},\n", scenario.title);
        let variants: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
        texts += &format!("({file:?}, &{variants:?}, {:?}),\n", String::from_utf8_lossy(&bytes));
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("presets.rs"), code + "]\n")?;
    // For the tests, which have no server to fetch them from. The page has no use for the names of all variants.
    fs::write(out.join("preset_texts.rs"), texts + "]\n")?;
    Ok(wrong)
}

/// One scenario, or its problems told to cargo.
fn read(file: &str, bytes: &[u8]) -> Option<Scenario> {
    let reading = scenario::read_bytes(bytes);
    for problem in &reading.diagnostics {
        let level = if reading.scenario.is_some() { "warning" } else { "error" };
        println!("cargo::{level}={FOLDER}/{file}:{problem}");
    }
    reading.scenario
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
