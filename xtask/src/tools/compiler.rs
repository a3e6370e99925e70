//! The compiler and its standard library for wasm, which come from rustup where there is one.

use crate::failure::{Failure, Outcome};
use crate::{paths, process, versions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// Cargo says the same in its own words, but only once it has fetched and planned everything.
pub fn is_recent_enough() -> Outcome {
    let manifest = fs::read_to_string(paths::root().join("Cargo.toml")).unwrap_or_default();
    let Some(wanted) = versions::oldest_rust(&manifest) else { return Ok(()) };
    let printed = process::output(rustc().arg("--version"));
    let found = printed.as_deref().and_then(versions::printed);
    match found {
        Some(found) if versions::is_at_least(found, wanted) => Ok(()),
        found => Err(Failure::new(too_old(found, wanted, has_rustup()))),
    }
}

/// Looks for the library itself rather than asking rustup, because distributions ship it without rustup.
pub fn bring_wasm_target() -> Outcome {
    if has_wasm_library() {
        return Ok(());
    }
    if !has_rustup() {
        return Err(Failure::new(format!(
            "Rust's standard library for {WASM} is missing, and without rustup it cannot be fetched: \
             install Rust from https://rustup.rs, or your distribution's package for that target."
        )));
    }
    process::run(rustup().args(["target", "add", WASM])).map_err(|_| {
        Failure::new(format!(
            "Rust's standard library for {WASM} could not be fetched: \
             with a network, type `rustup target add {WASM}`, then the same command again."
        ))
    })
}

fn has_wasm_library() -> bool {
    let sysroot = process::output(rustc().args(["--print", "sysroot"])).map(PathBuf::from);
    let library = sysroot.map(|sysroot| sysroot.join("lib/rustlib").join(WASM).join("lib"));
    library.is_some_and(|library| Path::is_dir(&library))
}

fn too_old(found: Option<&str>, wanted: &str, has_rustup: bool) -> String {
    let state = match found {
        Some(found) => format!("This is Rust {found}, and Signalbox needs {wanted} or later"),
        None => format!("No Rust compiler answers here, and Signalbox needs {wanted} or later"),
    };
    let remedy = if has_rustup { "type `rustup update stable`" } else { "install it from https://rustup.rs" };
    format!("{state}: {remedy}, then the same command again.")
}

fn rustc() -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(paths::root());
    command
}

fn rustup() -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(paths::root());
    command
}

fn has_rustup() -> bool {
    process::find("rustup").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_compiler_is_named_with_what_to_type() {
        let sentence = too_old(Some("1.80.1"), "1.95", true);
        assert_eq!(
            sentence,
            "This is Rust 1.80.1, and Signalbox needs 1.95 or later: \
             type `rustup update stable`, then the same command again."
        );
    }

    #[test]
    fn without_rustup_nobody_is_told_to_type_it() {
        let sentence = too_old(None, "1.95", false);
        assert!(sentence.contains("https://rustup.rs") && !sentence.contains("rustup update"), "{sentence}");
    }
}
