//! Waiting for something that takes minutes, so that nobody thinks it hangs.

use crate::clock;
use crate::failure::{Failure, Outcome};
use crate::process;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(250);
const LINE_EVERY_ON_A_TERMINAL: Duration = Duration::from_secs(1);
/// A log that nobody watches gets a line now and then, not thousands.
const LINE_EVERY_IN_A_LOG: Duration = Duration::from_secs(30);
/// Enough of the log's end to hold its last line.
const TAIL_BYTES: u64 = 400;
const LINE_WIDTH_CHARS: usize = 72;

/// Runs a command with its output in a file, telling the time and the file's last line.
/// Whether it succeeded is the answer; a failure means that it could not be run at all.
pub fn run_for_minutes(command: &mut Command, log: &Path) -> Outcome<bool> {
    let (out, err) = open(log)
        .map_err(|error| Failure::new(format!("The log {} cannot be written: {error}.", log.display())))?;
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let mut child = command.spawn().map_err(|error| process::not_started(command, &error))?;

    let is_terminal = io::stdout().is_terminal();
    let line_every = if is_terminal { LINE_EVERY_ON_A_TERMINAL } else { LINE_EVERY_IN_A_LOG };
    let start = Instant::now();
    let mut last_line = start;
    loop {
        let ended = child.try_wait().map_err(|error| process::not_started(command, &error))?;
        if let Some(status) = ended {
            finish_line(is_terminal);
            println!(
                "  {} {}",
                if status.success() { "done in" } else { "stopped after" },
                clock::spoken(start.elapsed())
            );
            return Ok(status.success());
        }
        if last_line.elapsed() >= line_every {
            last_line = Instant::now();
            say(&format!("  {} · {}", clock::spoken(start.elapsed()), last_line_of(log)), is_terminal);
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn open(log: &Path) -> io::Result<(File, File)> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(log)?;
    Ok((file.try_clone()?, file))
}

fn say(line: &str, is_terminal: bool) {
    let line: String = line.chars().take(LINE_WIDTH_CHARS).collect();
    if is_terminal {
        print!("\r{line:<LINE_WIDTH_CHARS$}");
        // The clock is a courtesy; a terminal that is gone does not stop the build.
        let _ = io::stdout().flush();
    } else {
        println!("{line}");
    }
}

fn finish_line(is_terminal: bool) {
    if is_terminal {
        print!("\r{:LINE_WIDTH_CHARS$}\r", "");
    }
}

fn last_line_of(log: &Path) -> String {
    let read = || -> io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let tail = read().unwrap_or_default();
    tail.lines().last().unwrap_or_default().trim().to_owned()
}
