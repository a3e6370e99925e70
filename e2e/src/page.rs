//! The page in a browser of its own.

mod capabilities;
mod keyboard;
mod search;

use crate::driver::Driver;
use crate::endpoint::Endpoint;
use crate::failure::{Failure, Outcome};
use crate::server::Server;
use crate::wait::{self, PATIENCE};
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// A browser with the page in it. Every call waits until it is done, so a test reads from top to bottom.
pub struct Page {
    browser: Client,
    runtime: Runtime,
    /// The browser hands out each line once, and more than one reader may want it.
    console: RefCell<Vec<String>>,
    server: Server,
    // Last, because fields are dropped in order: the browser is closed by its driver.
    _driver: Driver,
}

impl Page {
    /// A fresh browser, with nothing kept from another one, and a server for the page in this folder.
    pub fn of(dist: PathBuf) -> Outcome<Self> {
        let server = Server::of(dist)?;
        let driver = Driver::start()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities::read()?);
        let browser = runtime
            .block_on(builder.connect(&driver.url()))
            .map_err(|error| Failure::new(format!("Chromium did not start: {error}.")))?;
        Ok(Page { browser, runtime, console: RefCell::default(), server, _driver: driver })
    }

    /// Goes to a path of the page, which starts with `/`, and waits until the browser calls it loaded.
    pub fn open(&self, path: &str) -> Outcome {
        self.wait_for(self.browser.goto(&self.server.url(path)))
    }

    /// The title of the tab.
    pub fn title(&self) -> Outcome<String> {
        self.wait_for(self.browser.title())
    }

    /// The address as it is now, with what the page has written into it.
    pub fn url(&self) -> Outcome<String> {
        self.wait_for(self.browser.current_url()).map(String::from)
    }

    /// All the text that is visible.
    pub fn text(&self) -> Outcome<String> {
        self.by_css("body")?.text()
    }

    /// Loads the page again.
    pub fn reload(&self) -> Outcome {
        self.wait_for(self.browser.refresh())
    }

    /// Gives the window another size, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) -> Outcome {
        self.wait_for(self.browser.set_window_size(width, height))
    }

    /// The value that the body of a JavaScript function returns.
    pub fn script(&self, body: &str) -> Outcome<Value> {
        self.wait_for(self.browser.execute(body, Vec::new()))
    }

    /// Makes the page believe in a preference of its visitor: `("prefers-reduced-motion", "reduce")`.
    pub fn prefer(&self, feature: &str, value: &str) -> Outcome {
        let features = serde_json::json!({ "features": [{ "name": feature, "value": value }] });
        self.ask(Endpoint::devtools("Emulation.setEmulatedMedia", features)).map(drop)
    }

    /// Waits until something is so. `what` ends the sentence "Waited until ..." if it never is.
    pub fn wait_until(&self, what: &str, is_so: impl FnMut() -> Outcome<bool>) -> Outcome {
        self.wait_until_within(PATIENCE, what, is_so)
    }

    /// The same, with a patience of one's own.
    pub fn wait_until_within(
        &self,
        patience: Duration,
        what: &str,
        mut is_so: impl FnMut() -> Outcome<bool>,
    ) -> Outcome {
        wait::until_some(what, patience, || {
            Ok(if is_so()? { Ok(()) } else { Err("it is not so yet".to_owned()) })
        })
    }

    /// What the page has written to its console so far, each line after its level: `SEVERE`, `WARNING`, `INFO`.
    pub fn console(&self) -> Outcome<Vec<String>> {
        let entries = self.ask(Endpoint::console())?;
        let lines = entries.as_array().into_iter().flatten().map(|entry| {
            let part = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", part("level"), part("message"))
        });
        let mut console = self.console.borrow_mut();
        console.extend(lines);
        Ok(console.clone())
    }

    /// A picture of what is on the screen, as a PNG.
    pub fn screenshot(&self) -> Outcome<Vec<u8>> {
        self.wait_for(self.browser.screenshot())
    }

    /// The files that the page has loaded so far.
    pub fn loaded(&self) -> Vec<PathBuf> {
        self.server.served()
    }

    pub(crate) fn browser(&self) -> &Client {
        &self.browser
    }

    pub(crate) fn ask(&self, endpoint: Endpoint) -> Outcome<Value> {
        self.wait_for(self.browser.issue_cmd(endpoint))
    }

    pub(crate) fn wait_for<T>(&self, answer: impl Future<Output = Result<T, CmdError>>) -> Outcome<T> {
        self.runtime.block_on(answer).map_err(Failure::from)
    }
}

impl Drop for Page {
    /// Without this, Chromium would outlive its driver. If it is gone already, so much the better.
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.browser.clone().close());
    }
}
