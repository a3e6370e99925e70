//! Other programs: finding them, asking their version, running them in sight of the person.

use crate::failure::{Failure, Outcome};
use crate::paths;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cargo that started xtask, in the root of the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Runs a program with its output in view, after a line that says what is run.
pub fn run(command: &mut Command) -> Outcome {
    println!("$ {}", shown(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` did not succeed: {status}.", shown(command))))
    }
}

/// What a program prints, if it runs and succeeds; nothing of it is shown.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first program of this name on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    folders_on_path().iter().find_map(|folder| program_in(folder, name))
}

pub fn folders_on_path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// A program by its bare name; on Windows it carries one of two endings.
pub fn program_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    endings.iter().map(|ending| folder.join(format!("{name}{ending}"))).find(|path| path.is_file())
}

/// The PATH with some folders in front of it.
pub fn path_with(folders: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let all = folders.iter().cloned().chain(folders_on_path());
    env::join_paths(all).map_err(|error| Failure::new(format!("The PATH cannot be extended: {error}.")))
}

/// A command as it could be typed: the program's own name, without the folders that lead to it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

pub fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` could not be started: {error}.", shown(command)))
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(' ') { format!("'{word}'") } else { word.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_could_be_typed() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["clippy", "--config", "a = 1", "--", "-D", "warnings"]);
        assert_eq!(shown(&command), "cargo clippy --config 'a = 1' -- -D warnings");
    }
}
