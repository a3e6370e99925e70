//! Everything that a person types in this repository. `cargo xtask` lists the commands.

mod bench;
mod browser;
mod clock;
mod failure;
mod page;
mod page_size;
mod paths;
mod process;
mod serve;
mod test;
mod tools;
mod versions;

use failure::{Failure, Outcome};
use std::process::ExitCode;

struct Command {
    name: &'static str,
    options: &'static str,
    about: &'static str,
    run: fn(&mut lexopt::Parser) -> Outcome,
}

const COMMANDS: [Command; 5] = [
    Command {
        name: "serve",
        options: "[--port 8080] [--release]",
        about: "fetch what is missing, build the page, serve it and rebuild on every change",
        run: serve::run,
    },
    Command {
        name: "test",
        options: "[--from STEP] [--only STEP]",
        about: "check everything, fastest first; each step says how to repeat it alone",
        run: test::run,
    },
    Command { name: "ci", options: "", about: "the same as test", run: test::run },
    Command {
        name: "page-size",
        options: "",
        about: "what the first view loads, in bytes after brotli, and how soon it paints",
        run: page_size::run,
    },
    Command { name: "bench", options: "", about: "measure the engine, then the page", run: bench::run },
];

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
    let mut arguments = lexopt::Parser::from_env();
    let Some(first) = arguments.next()? else {
        print!("{}", list());
        return Ok(());
    };
    match first {
        lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
            print!("{}", list());
            Ok(())
        }
        lexopt::Arg::Value(name) => {
            let found = COMMANDS.iter().find(|command| command.name == name);
            let Some(command) = found else {
                return Err(Failure::new(format!("There is no command {name:?}.\n\n{}", list())));
            };
            (command.run)(&mut arguments)
        }
        other @ (lexopt::Arg::Long(_) | lexopt::Arg::Short(_)) => Err(other.unexpected().into()),
    }
}

fn list() -> String {
    let mut text = String::new();
    for Command { name, options, about, .. } in &COMMANDS {
        let call = format!("cargo xtask {name} {options}");
        text += &format!("{call:<44} {about}\n");
    }
    text
}
