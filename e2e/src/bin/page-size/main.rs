//! What the first view of the built page costs: bytes on the wire after brotli, and the time to the first paint.

mod paint;
mod size;

use e2e::Outcome;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let dist = e2e::dist()?;
    let paints = paint::measure(&dist)?;
    print!("{}", size::table(&dist, &paints.loaded)?);
    println!("\n{}", paints.sentence());
    Ok(())
}
