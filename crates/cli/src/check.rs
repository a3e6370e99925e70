//! `signalbox check`: are the files valid, and are their promises kept?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kernel::Time;

use crate::run::simulate;
use crate::{Failure, files, print, report};

/// Checks every file, and only then fails: with wrong files before broken promises.
pub fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    let (mut wrong, mut broken) = (Vec::new(), false);
    for path in paths {
        match check_file(path) {
            Ok(()) => {}
            Err(Failure::Broken) => broken = true,
            Err(Failure::Input(message)) => wrong.push(message),
        }
    }
    match (wrong.is_empty(), broken) {
        (false, _) => Err(Failure::Input(wrong.join("\n"))),
        (true, true) => Err(Failure::Broken),
        (true, false) => Ok(()),
    }
}

fn check_file(path: &Path) -> Result<(), Failure> {
    let scenario = files::read(path)?;
    let mut broken = false;
    for variant in &scenario.variants {
        let finished = simulate(&variant.plan, scenario.seed, Time::MAX, |_| Ok(()))?;
        let mut out = format!("{} {}\n", path.display(), variant.name);
        if let Some(halt) = finished.world.halted() {
            broken = true;
            let _ = writeln!(out, "  STOPPED at {}: {}", finished.world.now(), halt.words());
        }
        for check in &finished.summary.checks {
            broken |= check.held == Some(false);
            let _ = writeln!(out, "  {}", report::check_text(check));
        }
        print(&out)?;
    }
    if broken { Err(Failure::Broken) } else { Ok(()) }
}
