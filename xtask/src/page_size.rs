//! `cargo xtask page-size`: what the first view costs a visitor.

use crate::failure::Outcome;
use crate::{browser, page, process};

/// Compressing at brotli's highest level takes a minute without optimisation, whatever the profile of the rest.
const OPTIMIZE_BROTLI: &str = "profile.dev.package.brotli.opt-level=3";

/// The measuring itself is in the crate that drives the page, because it has the browser at hand.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    measure()
}

pub fn measure() -> Outcome {
    let browser = browser::bring()?;
    let mut command = process::cargo();
    command.args(["run", "--quiet", "--config", OPTIMIZE_BROTLI, "--package", "e2e", "--bin", "page-size"]);
    command.env("SIGNALBOX_DIST", page::build_release()?);
    browser.tell(&mut command);
    process::run(&mut command)
}
