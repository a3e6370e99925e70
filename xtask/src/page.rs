//! Building the page with Trunk.

use crate::failure::Outcome;
use crate::tools::{Optimizer, Tools};
use crate::{paths, process, tools};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The two ways in which the page is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Build {
    /// Soon there.
    Development,
    /// Small and fast: the profile `web`, and wasm-opt where it can be had.
    Release,
}

/// Builds the release of the page, brings what that takes, and says where the page is.
pub fn build_release() -> Outcome<PathBuf> {
    let tools = tools::bring()?;
    let dist = paths::release_page();
    process::run(trunk(&tools, "build", Build::Release)?.arg("--dist").arg(&dist))?;
    Ok(dist)
}

/// Trunk, with its tools found on the PATH so that it fetches none.
pub fn trunk(tools: &Tools, subcommand: &str, build: Build) -> Outcome<Command> {
    let optimizer = match build {
        Build::Development => Optimizer::Absent,
        Build::Release => Optimizer::bring(),
    };
    let mut command = Command::new(tools.trunk());
    command.args([subcommand, "--log", LOG]).args(arguments(build, &optimizer));
    command.current_dir(paths::root()).env("PATH", tools.path(&optimizer)?);
    // Trunk would ask the network whether there is a newer one.
    command.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Where a build fails, the compiler's message is of use, and Trunk's own stack is not.
    command.env("RUST_BACKTRACE", "0");
    // Trunk 0.21 takes this variable's value for true or false and refuses the usual `1`.
    if env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}

/// All that Trunk says, except that its minifier cannot read a default export and leaves the script as it is.
const LOG: &str = "info,trunk::processing::minify=error";

/// Trunk calls wasm-opt whenever it is told `--release`, so without wasm-opt the same build is spelled out.
fn arguments(build: Build, optimizer: &Optimizer) -> &'static [&'static str] {
    match (build, optimizer) {
        (Build::Development, _) => &[],
        (Build::Release, Optimizer::Here(_)) => &["--release"],
        (Build::Release, Optimizer::Absent) => &["--cargo-profile", "web", "--minify"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_without_wasm_opt_never_lets_trunk_look_for_it() {
        assert!(!arguments(Build::Release, &Optimizer::Absent).contains(&"--release"));
        assert!(arguments(Build::Release, &Optimizer::Here(PathBuf::new())).contains(&"--release"));
    }
}
