//! `signalbox` on the command line: a headless twin of the page, over the same values.
//!
//! Exit codes: 0 all is well, 1 a promise was broken, 2 a file or an argument is wrong, 130 stopped by Ctrl-C.

mod check;
mod compare;
mod conform;
mod files;
mod interrupt;
mod modelled;
mod pool;
mod presets;
mod progress;
mod records;
mod report;
mod run;
mod seeds;
mod sweep;
mod why;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Simulates event-driven systems and says what each architecture does to the customer.
#[derive(Parser)]
#[command(name = "signalbox", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run one variant of a scenario and print what came of it.
    Run(run::Options),
    /// Run every variant of scenarios, with one seed or with many, and say which promises were kept.
    Check(check::Options),
    /// Compare variants, each run with many seeds: a table with intervals, and what differs beyond chance.
    Compare(compare::Options),
    /// Set one or two things to a range of values, and see what becomes of each variant.
    Sweep(sweep::Options),
    /// Say why a promise was broken, a message lost or a customer refused: the chain of causes back to its root.
    Why(why::Options),
    /// Replay recordings of real brokers on the profiles, and say where these do something else.
    Conform {
        /// The folder with the recordings, one *.json each.
        dir: PathBuf,
    },
    /// Say what each profile does, from where that is known, and what it leaves out.
    Modelled {
        /// In which form.
        #[arg(long, value_enum, default_value_t = modelled::Form::Md)]
        format: modelled::Form,
        /// The folder with the recordings; by default tests/fidelity here or in a folder above.
        #[arg(long)]
        recordings: Option<PathBuf>,
    },
    /// List the scenarios that come with Signalbox.
    Presets {
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Where they are; by default static/scenarios here or in a folder above.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Print the JSON Schema of scenario files, by which editors complete and check them.
    Schema,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Why the command line could not do what it was asked.
#[derive(Debug)]
enum Failure {
    /// A file or an argument is wrong; what to say about it.
    Input(String),
    /// A promise was broken; it has been reported.
    Broken,
    /// A person stopped it; what was known by then has been reported.
    Interrupted,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Check(options) => check::check(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Sweep(options) => sweep::sweep(&options),
        Command::Why(options) => why::why(&options),
        Command::Conform { dir } => conform::conform(&dir),
        Command::Modelled { format, recordings } => modelled::modelled(format, recordings),
        Command::Presets { format, dir } => presets::list(format, dir),
        Command::Schema => print(&format!("{:#}\n", scenario::schema())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Broken) => ExitCode::from(1),
        Err(Failure::Interrupted) => ExitCode::from(130),
        Err(Failure::Input(message)) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Input(format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}
