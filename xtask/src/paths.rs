//! Where things are: the repository, what is built, and what is kept for this user between clones.

use crate::failure::{Failure, Outcome};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo builds. Trunk and cargo are started in the root, so a relative value means the same to all.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The release build of the page. Not `dist/`, because `serve` may be rebuilding that at the same time.
pub fn release_page() -> PathBuf {
    target().join("page")
}

/// Tools kept by version, for every clone of this user: `<cache>/tools/trunk-0.21.14`.
pub fn tool(name: &str, version: &str) -> Outcome<PathBuf> {
    Ok(cache()?.join("tools").join(format!("{name}-{version}")))
}

/// What the tools' builds had to say.
pub fn log(name: &str) -> Outcome<PathBuf> {
    Ok(cache()?.join("log").join(format!("{name}.log")))
}

fn cache() -> Outcome<PathBuf> {
    cache_on(System::here(), |name| env::var_os(name).filter(|value| !value.is_empty())).ok_or_else(|| {
        Failure::new(
            "There is no home directory to keep the build tools in: \
             name a folder for them, e.g. `SIGNALBOX_CACHE=.signalbox cargo xtask serve`.",
        )
    })
}

/// The habits of operating systems, where they differ about caches.
#[derive(Clone, Copy)]
enum System {
    Windows,
    MacOs,
    Other,
}

impl System {
    fn here() -> Self {
        if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::MacOs
        } else {
            System::Other
        }
    }
}

fn cache_on(system: System, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(chosen) = variable("SIGNALBOX_CACHE") {
        return Some(root().join(chosen));
    }
    if let Some(caches) = variable("XDG_CACHE_HOME") {
        return Some(Path::new(&caches).join("signalbox"));
    }
    let (base, below) = match system {
        System::Windows => ("LOCALAPPDATA", "signalbox"),
        System::MacOs => ("HOME", "Library/Caches/signalbox"),
        System::Other => ("HOME", ".cache/signalbox"),
    };
    variable(base).map(|base| Path::new(&base).join(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(system: System, variables: &[(&str, &str)], expected: Option<&str>) {
        let found = cache_on(system, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        });
        assert_eq!(found, expected.map(PathBuf::from), "{variables:?}");
    }

    #[test]
    fn each_system_has_its_own_cache() {
        check(System::Other, &[("HOME", "/home/ada")], Some("/home/ada/.cache/signalbox"));
        check(System::MacOs, &[("HOME", "/Users/ada")], Some("/Users/ada/Library/Caches/signalbox"));
        check(System::Windows, &[("LOCALAPPDATA", "/ada")], Some("/ada/signalbox"));
    }

    #[test]
    fn a_named_cache_wins_over_the_system() {
        let both = [("XDG_CACHE_HOME", "/xdg"), ("HOME", "/home/ada")];
        check(System::Other, &both, Some("/xdg/signalbox"));
        check(System::Other, &[("SIGNALBOX_CACHE", "/mine"), both[0], both[1]], Some("/mine"));
    }

    #[test]
    fn without_a_home_there_is_no_cache() {
        check(System::Other, &[("LOCALAPPDATA", "/ada")], None);
        check(System::Windows, &[("HOME", "/home/ada")], None);
    }
}
