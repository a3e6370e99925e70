//! What a failed test leaves behind: a picture, and what the page wrote to its console.

use crate::failure::Outcome;
use crate::page::Page;
use std::path::{Path, PathBuf};
use std::{env, fs};

impl Page {
    /// Saves a picture and describes the page's state. Never fails: what cannot be had is said instead.
    pub(crate) fn evidence(&self, name: &str) -> String {
        let picture = match self.save_picture(name) {
            Ok(path) => path.display().to_string(),
            Err(failure) => format!("none, because {failure}"),
        };
        let console = match self.console() {
            Ok(lines) if lines.is_empty() => "empty".to_owned(),
            Ok(lines) => format!("\n    {}", lines.join("\n    ")),
            Err(failure) => format!("not to be had, because {failure}"),
        };
        let address = self.url().unwrap_or_else(|failure| format!("unknown, because {failure}"));
        format!("  address: {address}\n  picture: {picture}\n  console: {console}")
    }

    fn save_picture(&self, name: &str) -> Outcome<PathBuf> {
        let folder = target().join("e2e");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, self.screenshot()?)?;
        Ok(path)
    }
}

/// Where cargo builds, seen from the root of the workspace, whichever folder the test runs in.
fn target() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
