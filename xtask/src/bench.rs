//! `cargo xtask bench`: how fast the engine is, and how heavy the page.

use crate::failure::Outcome;
use crate::{page_size, paths, process};

pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    engine()?;
    page_size::measure()
}

fn engine() -> Outcome {
    let exists = ["bench", "crates/bench"].iter().any(|folder| paths::root().join(folder).is_dir());
    if !exists {
        println!("There is no package `bench`, so only the page is measured.");
        return Ok(());
    }
    process::run(process::cargo().args(["run", "--release", "--package", "bench"]))
}
