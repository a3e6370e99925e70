//! The steps of `cargo xtask test`. Their order is by how long they take when little has changed.

use crate::failure::Outcome;
use crate::{browser, page, process, tools};
use std::process::Command;

/// How long a browser test may take before it counts as hung.
const BROWSER_TEST_SECONDS_MAX: &str = "120";

pub struct Step {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn() -> Outcome,
}

impl Step {
    pub fn repeat(&self) -> String {
        format!("cargo xtask test --only {}", self.name)
    }
}

pub const STEPS: [Step; 9] = [
    Step { name: "format", about: "rustfmt has nothing to change", run: format },
    Step { name: "clippy", about: "lints of everything native", run: clippy },
    Step { name: "clippy-wasm", about: "lints of the page, as the browser gets it", run: clippy_wasm },
    Step { name: "tests", about: "unit and integration tests, native", run: tests },
    Step { name: "doc-tests", about: "examples in the documentation", run: doc_tests },
    Step { name: "docs", about: "documentation without a broken link", run: docs },
    Step { name: "browser", about: "tests of the page's parts in headless Chromium", run: browser_tests },
    Step { name: "page", about: "the release build of the page", run: build_page },
    Step { name: "end-to-end", about: "the built page, driven in headless Chromium", run: end_to_end },
];

fn format() -> Outcome {
    cargo("fmt --all --check")
}

/// The page is linted for the target that it is built for, in the next step.
fn clippy() -> Outcome {
    cargo("clippy --workspace --exclude signalbox --all-targets -- -D warnings")
}

fn clippy_wasm() -> Outcome {
    tools::bring_wasm_target()?;
    cargo("clippy --package signalbox --target wasm32-unknown-unknown --all-targets -- -D warnings")
}

/// The end-to-end test needs the built page, so it has its own step.
fn tests() -> Outcome {
    let runner = if has_nextest() { "nextest run" } else { "test --all-targets" };
    cargo(&format!("{runner} --workspace --exclude signalbox --exclude e2e"))
}

fn doc_tests() -> Outcome {
    cargo("test --doc --workspace --exclude signalbox --exclude e2e")
}

fn docs() -> Outcome {
    for scope in
        ["--workspace --exclude signalbox", "--package signalbox --lib --target wasm32-unknown-unknown"]
    {
        process::run(words(&format!("doc --no-deps {scope}")).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}

fn browser_tests() -> Outcome {
    let runner = tools::bring()?.test_runner();
    let browser = browser::bring()?;
    let mut command = words("test --package signalbox --target wasm32-unknown-unknown --tests");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS_MAX);
    browser.tell(&mut command);
    process::run(&mut command)
}

fn build_page() -> Outcome {
    page::build_release().map(drop)
}

/// Builds the page again, which takes a moment if nothing has changed: alone, this step must not test an old one.
fn end_to_end() -> Outcome {
    let browser = browser::bring()?;
    let mut command = words("test --package e2e");
    command.env("SIGNALBOX_DIST", page::build_release()?);
    browser.tell(&mut command);
    process::run(&mut command)
}

fn has_nextest() -> bool {
    process::output(process::cargo().args(["nextest", "--version"])).is_some()
}

fn cargo(line: &str) -> Outcome {
    process::run(&mut words(line))
}

fn words(line: &str) -> Command {
    let mut command = process::cargo();
    command.args(line.split(' '));
    command
}
