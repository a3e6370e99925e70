//! `cargo xtask serve`: the page on this machine, rebuilt on every change.

use crate::failure::{Failure, Outcome};
use crate::page::{self, Build};
use crate::{process, tools};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Command;

const DEFAULT_PORT: u16 = 8080;

/// Looks at the port before anything else: nobody should wait minutes to hear that it is taken.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let Options { port, build } = Options::read(arguments)?;
    require_free(port)?;
    let tools = tools::bring()?;
    let mut trunk = page::trunk(&tools, "serve", build)?;
    trunk.args(["--port", &port.to_string()]);
    println!("Building the page; Trunk says below where it is when it is ready, and Ctrl-C stops it.");
    Err(become_trunk(&mut trunk))
}

/// Whoever stops this command means the server, so the server takes this process's place.
/// Returns only if it cannot.
#[cfg(unix)]
fn become_trunk(trunk: &mut Command) -> Failure {
    let error = std::os::unix::process::CommandExt::exec(trunk);
    process::not_started(trunk, &error)
}

#[cfg(not(unix))]
fn become_trunk(trunk: &mut Command) -> Failure {
    match trunk.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => process::not_started(trunk, &error),
    }
}

#[derive(PartialEq, Eq, Debug)]
struct Options {
    port: u16,
    build: Build,
}

impl Options {
    fn read(arguments: &mut lexopt::Parser) -> Outcome<Self> {
        let mut options = Options { port: DEFAULT_PORT, build: Build::Development };
        while let Some(argument) = arguments.next()? {
            match argument {
                lexopt::Arg::Long("port") => options.port = port(&arguments.value()?.to_string_lossy())?,
                lexopt::Arg::Long("release") => options.build = Build::Release,
                other @ (lexopt::Arg::Long(_) | lexopt::Arg::Short(_) | lexopt::Arg::Value(_)) => {
                    return Err(other.unexpected().into());
                }
            }
        }
        Ok(options)
    }
}

fn port(text: &str) -> Outcome<u16> {
    text.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
        Failure::new(format!(
            "A port is a number from 1 to 65535, and {text:?} is not: \
             type `cargo xtask serve --port {DEFAULT_PORT}`."
        ))
    })
}

fn require_free(port: u16) -> Outcome {
    let Err(error) = TcpListener::bind(local(port)) else { return Ok(()) };
    let next = (port.saturating_add(1)..=u16::MAX).find(|next| TcpListener::bind(local(*next)).is_ok());
    Err(Failure::new(not_free(port, &error, next)))
}

fn not_free(port: u16, error: &io::Error, next: Option<u16>) -> String {
    let reason = if error.kind() == io::ErrorKind::AddrInUse {
        format!("Port {port} is taken by another program")
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        format!("Port {port} is reserved for the system")
    } else {
        format!("Port {port} cannot be used ({error})")
    };
    match next {
        Some(next) => format!("{reason}: type `cargo xtask serve --port {next}`."),
        None => format!("{reason}, and so is every port after it: choose a lower one with --port."),
    }
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options, String> {
        Options::read(&mut lexopt::Parser::from_args(words)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn options_have_defaults() {
        assert_eq!(read(&[]), Ok(Options { port: 8080, build: Build::Development }));
        assert_eq!(read(&["--release", "--port=9001"]), Ok(Options { port: 9001, build: Build::Release }));
    }

    #[test]
    fn a_port_that_is_none_is_refused_with_an_example() {
        for wrong in ["0", "65536", "http"] {
            let sentence = read(&["--port", wrong]).unwrap_err();
            assert!(sentence.contains(wrong) && sentence.contains("--port 8080"), "{sentence}");
        }
    }

    #[test]
    fn a_busy_port_is_named_with_the_next_free_one() {
        let holder = TcpListener::bind(local(0)).unwrap();
        let busy = holder.local_addr().unwrap().port();
        let sentence = require_free(busy).unwrap_err().to_string();
        let start = format!("Port {busy} is taken by another program: type `cargo xtask serve --port ");
        assert!(sentence.starts_with(&start), "{sentence}");
        assert!(!sentence.contains(&format!("--port {busy}`")), "{sentence}");
    }

    #[test]
    fn a_reserved_port_is_not_called_busy() {
        let sentence = not_free(80, &io::ErrorKind::PermissionDenied.into(), Some(8080));
        assert_eq!(sentence, "Port 80 is reserved for the system: type `cargo xtask serve --port 8080`.");
    }
}
