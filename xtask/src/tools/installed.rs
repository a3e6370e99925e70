//! One tool out of the package registry, built once per user and version.

mod waiting;

use crate::failure::{Failure, Outcome};
use crate::{paths, process, versions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Tool {
    /// What people call it.
    pub title: &'static str,
    /// What the registry calls it.
    pub package: &'static str,
    /// What it installs; the first one names the folder in the cache.
    pub programs: &'static [&'static str],
    pub version: String,
    pub speed: Speed,
    /// How long building it takes on two cores, idle and busy.
    pub build_minutes: &'static str,
}

/// What the person's time is spent on.
#[derive(Clone, Copy)]
pub enum Speed {
    FastToRun,
    FastToBuild,
}

impl Tool {
    /// The folder with the tool's programs.
    pub fn bring(&self) -> Outcome<PathBuf> {
        if let Some(folder) = process::folders_on_path().into_iter().find(|folder| self.is_in(folder)) {
            return Ok(folder);
        }
        let root = paths::tool(self.folder_name(), &self.version)?;
        let programs = root.join("bin");
        if !self.is_in(&programs) {
            self.install(&root)?;
        }
        if self.is_in(&programs) {
            Ok(programs)
        } else {
            Err(Failure::new(format!(
                "{self} was installed but does not run: remove the folder {} and type the same command again.",
                root.display()
            )))
        }
    }

    fn folder_name(&self) -> &'static str {
        self.programs.first().copied().unwrap_or(self.package)
    }

    /// A program that is there but does not answer is as good as missing: its installation was cut off.
    fn is_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|name| {
            let program = process::program_in(folder, name);
            let printed = program.and_then(|path| process::output(Command::new(path).arg("--version")));
            printed.as_deref().and_then(versions::printed) == Some(&self.version)
        })
    }

    /// Two clones may do this at once: cargo moves a finished program into place in one step, and the second one
    /// is the same as the first. It builds away from this workspace, whose settings are not the tool's.
    fn install(&self, root: &Path) -> Outcome {
        self.remove_what_does_not_run(&root.join("bin"));
        fs::create_dir_all(root).map_err(|error| {
            Failure::new(format!(
                "The folder {} for build tools cannot be made ({error}): \
                 name another one, e.g. `SIGNALBOX_CACHE=.signalbox cargo xtask serve`.",
                root.display()
            ))
        })?;
        println!("Building {self}, once for this user: about {} minutes", self.build_minutes);
        let mut command = process::cargo();
        command.args(["install", self.package, "--version", &self.version, "--locked", "--root"]);
        command.arg(root).current_dir(root).env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET");
        self.speed.tell(&mut command);
        let log = paths::log(&format!("{}-{}", self.folder_name(), self.version))?;
        if waiting::run_for_minutes(&mut command, &log)? {
            Ok(())
        } else {
            let said = fs::read_to_string(&log).unwrap_or_default();
            Err(Failure::new(self.why_it_failed(&said, &log)))
        }
    }

    /// Otherwise cargo would see the file and call the tool installed.
    fn remove_what_does_not_run(&self, programs: &Path) {
        for path in self.programs.iter().filter_map(|name| process::program_in(programs, name)) {
            // If it cannot be removed, cargo is about to say why.
            let _ = fs::remove_file(path);
        }
    }

    fn why_it_failed(&self, said: &str, log: &Path) -> String {
        if speaks_of_the_network(said) {
            return format!(
                "{self} could not be fetched, because the package registry is out of reach: \
                 connect to the network and type the same command again."
            );
        }
        let lines: Vec<&str> = said.lines().collect();
        let last = lines.split_at(lines.len().saturating_sub(12)).1.join("\n");
        let Tool { package, version, .. } = self;
        format!(
            "{last}\n\n{self} did not build: the whole log is in {}, and \
             `cargo install {package} --version {version} --locked` repeats it.",
            log.display()
        )
    }
}

impl Speed {
    /// Trunk without optimisation builds in 2 minutes instead of 5, and a page with it takes no longer.
    /// What only looks for mistakes in Trunk itself is left out, as in its release.
    fn tell(self, install: &mut Command) {
        match self {
            Speed::FastToRun => {}
            Speed::FastToBuild => {
                install.arg("--debug");
                for setting in ["DEBUG", "DEBUG_ASSERTIONS", "OVERFLOW_CHECKS", "INCREMENTAL"] {
                    install.env(format!("CARGO_PROFILE_DEV_{setting}"), "false");
                }
            }
        }
    }
}

impl std::fmt::Display for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.title, self.version)
    }
}

/// Cargo has no exit code for it, so its words have to do.
fn speaks_of_the_network(said: &str) -> bool {
    const SIGNS: [&str; 8] = [
        "Could not resolve host",
        "Couldn't resolve host",
        "Could not connect to server",
        "Failed to connect to",
        "failed to download",
        "download of config.json failed",
        "spurious network error",
        "--offline was specified",
    ];
    SIGNS.iter().any(|sign| said.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunk() -> Tool {
        Tool {
            title: "Trunk",
            package: "trunk",
            programs: &["trunk"],
            version: "0.21.14".to_owned(),
            speed: Speed::FastToBuild,
            build_minutes: "2 to 4",
        }
    }

    #[test]
    fn a_missing_network_is_said_in_one_sentence() {
        let said = "    Updating crates.io index\nwarning: spurious network error (3 tries remaining): \
                    [6] Couldn't resolve host name\nerror: failed to fetch";
        let sentence = trunk().why_it_failed(said, Path::new("trunk.log"));
        assert!(sentence.starts_with("Trunk 0.21.14 could not be fetched"), "{sentence}");
        assert_eq!(sentence.lines().count(), 1);
    }

    #[test]
    fn another_failure_shows_the_end_of_the_log_and_how_to_repeat_it() {
        let said = format!("{}error: linker `cc` not found\n", "   Compiling something\n".repeat(200));
        let sentence = trunk().why_it_failed(&said, Path::new("trunk.log"));
        assert!(sentence.contains("error: linker `cc` not found"), "{sentence}");
        assert!(sentence.contains("`cargo install trunk --version 0.21.14 --locked`"), "{sentence}");
        assert!(sentence.lines().count() < 20, "{sentence}");
    }

    #[test]
    fn a_folder_without_the_programs_does_not_count_as_installed() {
        assert!(!trunk().is_in(Path::new("/nowhere")));
    }
}
