//! Chromium and its driver, which the browser tests need.

use crate::failure::{Failure, Outcome};
use crate::process;
use std::env;
use std::path::PathBuf;
use std::process::Command;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVER: &str = "chromedriver";

/// The browser and the program that drives it, both absolute.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds both, or installs them where that takes no password: on Debian and its kin, as root or with `sudo -n`.
pub fn bring() -> Outcome<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if process::find("apt-get").is_some() && may_install() {
        println!("Installing Chromium and its driver, once for this machine: about 2 minutes");
        process::run(&mut apt(&["update"])).map_err(|_| missing())?;
        process::run(&mut apt(&["install", "-y", "chromium", "chromium-driver"])).map_err(|_| missing())?;
    }
    find().ok_or_else(missing)
}

impl Browser {
    /// Tells a test where they are: `CHROMEDRIVER` is what wasm-bindgen's runner looks for.
    pub fn tell(&self, command: &mut Command) {
        command.env("CHROMEDRIVER", &self.driver).env("SIGNALBOX_CHROMIUM", &self.chromium);
    }
}

fn find() -> Option<Browser> {
    let chosen = env::var_os("CHROMEDRIVER").map(PathBuf::from).filter(|path| path.is_file());
    let driver = chosen.or_else(|| process::find(DRIVER))?;
    let chromium = BROWSERS.iter().find_map(|name| process::find(name))?;
    Some(Browser { chromium, driver })
}

fn missing() -> Failure {
    let remedy = if process::find("apt-get").is_some() {
        "type `sudo apt-get update && sudo apt-get install chromium chromium-driver`"
    } else {
        "install Chromium (or Chrome) and the chromedriver of the same version, and put both on the PATH"
    };
    Failure::new(format!(
        "The browser tests need Chromium and chromedriver, and they are not both on the PATH: \
         {remedy}, then the same command again."
    ))
}

fn may_install() -> bool {
    is_root() || process::output(Command::new("sudo").args(["-n", "true"])).is_some()
}

fn apt(words: &[&str]) -> Command {
    let mut command = Command::new(if is_root() { "apt-get" } else { "sudo" });
    if !is_root() {
        command.args(["-n", "apt-get"]);
    }
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).as_deref() == Some("0")
}
