//! The program that drives Chromium, running for as long as the value lives.

use crate::failure::{Failure, Outcome};
use std::env;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const START_TIMEOUT: Duration = Duration::from_secs(30);
/// What chromedriver prints before the number of the port that it found free.
const STARTED: &str = "started successfully on port ";

pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Lets the driver choose its port, so that tests can run side by side.
    pub fn start() -> Outcome<Self> {
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Failure::new(format!(
                    "{} could not be started ({error}): install chromedriver, or name it in CHROMEDRIVER.",
                    program.display()
                ))
            })?;
        let port = process.stdout.take().and_then(wait_for_port);
        let driver = Driver { process, port: port.unwrap_or_default() };
        if port.is_some() {
            Ok(driver)
        } else {
            Err(Failure::new(format!("{} did not say on which port it listens.", program.display())))
        }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    /// It may have ended by itself, which is what is wanted.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The driver goes on printing, and it would stop at a full pipe, so the thread reads to the end.
fn wait_for_port(output: ChildStdout) -> Option<u16> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || -> io::Result<()> {
        for line in BufReader::new(output).lines() {
            if let Some(port) = port_in(&line?) {
                // Nobody listens any more if the driver took too long, and then the port does not matter.
                let _ = sender.send(port);
            }
        }
        Ok(())
    });
    receiver.recv_timeout(START_TIMEOUT).ok()
}

fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once(STARTED)?;
    rest.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_what_the_driver_says() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 41231."), Some(41231));
        assert_eq!(port_in("Starting ChromeDriver 156.0.8078.79 on port 0"), None);
    }
}
