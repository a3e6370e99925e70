//! `signalbox conform`: do the profiles do what real brokers did?

use std::fmt::Write as _;
use std::path::Path;

use conformance::{Difference, Outcome, Verdict};

use crate::{Failure, files, print};

/// The widest that one side of a difference is printed.
const WIDTH_MAX: usize = 200;

/// Replays every recording of a folder and prints a line for each; the last line counts them. A file that is
/// no recording is named and counts as failed.
pub fn conform(folder: &Path) -> Result<(), Failure> {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for path in files::recordings(folder)? {
        let verdict = judge(&path);
        match verdict.outcome {
            Outcome::Passed => passed += 1,
            Outcome::Skipped(_) => skipped += 1,
            Outcome::Failed(_) | Outcome::Broken(_) => failed += 1,
        }
        print(&line(&verdict))?;
    }
    print(&format!("{passed} passed, {failed} failed, {skipped} skipped\n"))?;
    if failed > 0 { Err(Failure::Broken) } else { Ok(()) }
}

fn judge(path: &Path) -> Verdict {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match files::text(path) {
        Ok(text) => conformance::conform(&name, &text),
        Err(problem) => Verdict { name, outcome: Outcome::Broken(problem), not_compared: Vec::new() },
    }
}

fn line(verdict: &Verdict) -> String {
    let name = &verdict.name;
    match &verdict.outcome {
        Outcome::Passed if verdict.not_compared.is_empty() => format!("pass  {name}\n"),
        Outcome::Passed => format!("pass  {name}  (not compared: {})\n", verdict.not_compared.join(", ")),
        Outcome::Skipped(why) => format!("skip  {name}: {why}\n"),
        Outcome::Broken(what) => format!("FAIL  {name}: {what}\n"),
        Outcome::Failed(differences) => {
            let mut text = format!("FAIL  {name}\n");
            differences.iter().for_each(|difference| side_by_side(&mut text, difference));
            text
        }
    }
}

fn side_by_side(text: &mut String, difference: &Difference) {
    let Difference { path, expected, got } = difference;
    let _ = writeln!(text, "      {path}");
    let _ = writeln!(text, "        expected  {}", shortened(expected));
    let _ = writeln!(text, "        got       {}", shortened(got));
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(WIDTH_MAX) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
