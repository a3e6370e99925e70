//! Drives the built page in a real browser, the way a person meets it: by what things are called.
//!
//! A test is a function over a [`Page`]. Every test has its own browser, driver and file server, so tests neither
//! share state nor have an order. Finding something waits for it to be there.
//!
//! ```no_run
//! use e2e::page_test;
//!
//! #[test]
//! fn a_run_can_be_paused() {
//!     page_test("a_run_can_be_paused", |page| {
//!         page.open("/")?;
//!         page.by_role("button", "Pause")?.click()?;
//!         page.by_role("button", "Play")?;
//!         let clock = page.by_test_id("clock")?.text()?;
//!         page.wait_until("the clock stands still", || Ok(page.by_test_id("clock")?.text()? == clock))
//!     });
//! }
//! ```
//!
//! A test that fails leaves `target/e2e/NAME.png`, and says where it is and what the page wrote to its console.
//! `cargo xtask test --only end-to-end` builds the page and runs all of it; what it needs from there:
//!
//! | variable | |
//! |---|---|
//! | `SIGNALBOX_DIST` | the folder of the built page; there is no default, so that nothing is tested by accident |
//! | `CHROMEDRIVER` | the program that drives Chromium, `chromedriver` on the PATH if absent |
//! | `SIGNALBOX_CHROMIUM` | the browser, the driver's own choice if absent |

mod driver;
mod element;
mod endpoint;
mod evidence;
mod failure;
mod page;
mod server;
mod wait;

pub use element::Element;
pub use failure::{Failure, Outcome};
pub use fantoccini::key::Key;
pub use page::Page;
pub use server::Server;

use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

/// Runs a test on a page of its own. Panics with all there is to know if the test fails.
#[track_caller]
pub fn page_test(name: &str, test: impl FnOnce(&Page) -> Outcome) {
    let page = match dist().and_then(Page::of) {
        Ok(page) => page,
        Err(failure) => panic!("{failure}"),
    };
    // A failed assertion deserves the same evidence as a failed search.
    match panic::catch_unwind(AssertUnwindSafe(|| test(&page))) {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => panic!("{failure}\n{}", page.evidence(name)),
        Err(assertion) => {
            eprintln!("{}", page.evidence(name));
            panic::resume_unwind(assertion);
        }
    }
}

/// The built page that is to be driven.
pub fn dist() -> Outcome<PathBuf> {
    let dist = env::var_os("SIGNALBOX_DIST").map(PathBuf::from).ok_or_else(|| {
        Failure::new(
            "SIGNALBOX_DIST does not name a built page: \
             `cargo xtask test --only end-to-end` builds it and runs this test.",
        )
    })?;
    if dist.join("index.html").is_file() {
        Ok(dist)
    } else {
        Err(Failure::new(format!(
            "There is no index.html in {}, which SIGNALBOX_DIST names.",
            dist.display()
        )))
    }
}
