//! `signalbox conform`: do the profiles do what real brokers did?

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use conformance::{Difference, Outcome, Verdict};

use crate::{Failure, print};

/// The widest that one side of a difference is printed.
const WIDTH_MAX: usize = 200;

/// Replays every recording of a folder and prints a line for each; the last line counts them. A file that is
/// no recording is named and counts as failed.
pub fn conform(folder: &Path) -> Result<(), Failure> {
    let files = recordings(folder)?;
    if files.is_empty() {
        return Err(Failure::Input(format!("{}: there is no *.json in this folder", folder.display())));
    }
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for path in &files {
        let verdict = judge(path);
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

fn recordings(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| Failure::Input(format!("{}: cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn judge(path: &Path) -> Verdict {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match fs::read(path) {
        Err(error) => {
            let outcome = Outcome::Broken(format!("cannot be read: {error}"));
            Verdict { name, outcome, not_compared: Vec::new() }
        }
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => conformance::conform(&name, &text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let outcome = Outcome::Broken(format!("byte {at} is not UTF-8: this is not a text file"));
                Verdict { name, outcome, not_compared: Vec::new() }
            }
        },
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
