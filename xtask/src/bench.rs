//! `cargo xtask bench`: how fast the engine is, natively, in wasm and inside the page, and how heavy the page.

use crate::failure::{Failure, Outcome};
use crate::{browser, page, page_size, paths, process, tools};
use std::fs;
use std::path::PathBuf;

pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let browser = browser::bring()?;
    let mut command = process::cargo();
    command.args(["run", "--release", "--package", "bench"]);
    command.env("SIGNALBOX_BENCH_PAGE", measuring_page()?).env("SIGNALBOX_DIST", page::build_release()?);
    command.env("SIGNALBOX_COMMAND_LINE", command_line()?);
    browser.tell(&mut command);
    process::run(&mut command)?;
    page_size::measure()
}

/// Builds the command line as people run it.
fn command_line() -> Outcome<PathBuf> {
    process::run(process::cargo().args(["build", "--release", "--package", "cli"]))?;
    Ok(paths::target().join("release").join(format!("signalbox{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the engine for the browser as the page builds it, with nothing around it but a page that measures.
fn measuring_page() -> Outcome<PathBuf> {
    tools::bring()?;
    process::run(process::cargo().args([
        "build",
        "--profile",
        "web",
        "--package",
        "bench",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    let folder = paths::target().join("bench-page");
    let copy = || {
        fs::create_dir_all(&folder)?;
        fs::copy(paths::target().join("wasm32-unknown-unknown/web/bench.wasm"), folder.join("bench.wasm"))?;
        fs::copy(paths::root().join("bench/web/index.html"), folder.join("index.html"))
    };
    copy().map_err(|error| Failure::new(format!("The measuring page cannot be put together: {error}.")))?;
    Ok(folder)
}
