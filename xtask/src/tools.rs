//! Brings what building the page takes: the wasm target, Trunk, wasm-bindgen and, for a release, wasm-opt.
//!
//! A tool of the right version on the PATH is used as it is. Anything else is installed once per user and version,
//! outside the repository, so a second clone finds it there.

mod compiler;
mod installed;
mod optimizer;

use crate::failure::Outcome;
use crate::{paths, process, versions};
use installed::{Speed, Tool};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

pub use compiler::bring_wasm_target;
pub use optimizer::Optimizer;

/// The tools that are there now, and how to reach them.
pub struct Tools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
}

/// Makes sure of every tool but wasm-opt. Silent if nothing is missing.
pub fn bring() -> Outcome<Tools> {
    compiler::is_recent_enough()?;
    compiler::bring_wasm_target()?;
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).unwrap_or_default();
    let wasm_bindgen = Tool {
        title: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        version: versions::wasm_bindgen(&lock),
        // It rewrites megabytes of wasm in every build.
        speed: Speed::FastToRun,
        build_minutes: "2 to 6",
    };
    let trunk = Tool {
        title: "Trunk",
        package: "trunk",
        programs: &["trunk"],
        version: versions::TRUNK.to_owned(),
        // It waits for other programs.
        speed: Speed::FastToBuild,
        build_minutes: "2 to 4",
    };
    Ok(Tools { wasm_bindgen: wasm_bindgen.bring()?, trunk: trunk.bring()? })
}

impl Tools {
    /// The PATH with which Trunk finds the tools of the right version first, instead of fetching its own.
    pub fn path(&self, optimizer: &Optimizer) -> Outcome<OsString> {
        let mut folders = vec![self.trunk.clone(), self.wasm_bindgen.clone()];
        folders.extend(optimizer.folder().cloned());
        process::path_with(&folders)
    }

    pub fn trunk(&self) -> PathBuf {
        process::program_in(&self.trunk, "trunk").unwrap_or_else(|| "trunk".into())
    }

    /// What cargo runs a wasm test with. Absolute, because cargo starts it from the package's folder.
    pub fn test_runner(&self) -> PathBuf {
        let name = "wasm-bindgen-test-runner";
        process::program_in(&self.wasm_bindgen, name).unwrap_or_else(|| name.into())
    }
}
