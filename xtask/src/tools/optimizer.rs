//! `wasm-opt`, which makes the release page smaller. Useful but not needed: a page without it works the same.

use crate::failure::{Failure, Outcome};
use crate::{paths, process, versions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the release is going to be optimized.
pub enum Optimizer {
    /// `wasm-opt` of the version that `Trunk.toml` names is in this folder.
    Here(PathBuf),
    /// Not needed, or not to be had. Trunk must not look for it: it would try to download it and fail the build.
    Absent,
}

impl Optimizer {
    /// Looks on the PATH and in the cache, then asks npm. Says so in a line if the build has to do without.
    pub fn bring() -> Self {
        let on_path = process::folders_on_path().into_iter().find(|folder| is_in(folder));
        if let Some(folder) = on_path {
            return Optimizer::Here(folder);
        }
        match from_npm() {
            Ok(folder) => Optimizer::Here(folder),
            Err(reason) => {
                println!("Building without wasm-opt, so the page is about a third larger: {reason}");
                Optimizer::Absent
            }
        }
    }

    pub fn folder(&self) -> Option<&PathBuf> {
        match self {
            Optimizer::Here(folder) => Some(folder),
            Optimizer::Absent => None,
        }
    }
}

fn from_npm() -> Outcome<PathBuf> {
    let root = paths::tool("binaryen", versions::BINARYEN)?;
    let programs = programs_in(&root);
    if is_in(&programs) {
        return Ok(programs);
    }
    let npm =
        process::find("npm").ok_or_else(|| Failure::new("npm, which would fetch it, is not installed."))?;
    println!("Fetching wasm-opt (binaryen {} from npm), once for this user", versions::BINARYEN);
    install(&npm, &root)?;
    if is_in(&programs) {
        Ok(programs)
    } else {
        Err(Failure::new(format!("the one in {} does not run.", root.display())))
    }
}

/// npm does not lock, so it installs beside the final place, and the folder moves when it is complete.
fn install(npm: &Path, root: &Path) -> Outcome {
    let beside = root.with_file_name(format!("binaryen-{}.{}.part", versions::BINARYEN, std::process::id()));
    fs::create_dir_all(&beside)
        .map_err(|error| Failure::new(format!("{} cannot be written ({error}).", beside.display())))?;
    let mut command = Command::new(npm);
    command.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&beside);
    command.arg(format!("binaryen@{}", versions::BINARYEN)).current_dir(&beside);
    let fetched = process::output(&mut command);
    if fetched.is_some() {
        move_to(&beside, root);
    }
    // What is left of it is in nobody's way.
    let _ = fs::remove_dir_all(&beside);
    fetched.map(drop).ok_or_else(|| Failure::new("npm could not fetch it, perhaps for want of a network."))
}

/// The place is taken if another clone was faster, which is fine, or if what is there does not run.
/// Failing to move is not an error here: the caller looks whether the tool runs.
fn move_to(beside: &Path, root: &Path) {
    if fs::rename(beside, root).is_err() && !is_in(&programs_in(root)) {
        let _ = fs::remove_dir_all(root);
        let _ = fs::rename(beside, root);
    }
}

fn programs_in(root: &Path) -> PathBuf {
    root.join("node_modules/.bin")
}

fn is_in(folder: &Path) -> bool {
    let program = process::program_in(folder, "wasm-opt");
    let printed = program.and_then(|path| process::output(Command::new(path).arg("--version")));
    let major = versions::BINARYEN.split('.').next();
    printed.as_deref().and_then(versions::printed) == major
}
