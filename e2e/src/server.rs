//! A file server for a folder, as small as a static host can be, that remembers what was asked of it.

mod request;

use request::Request;
use std::fs;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A browser that opens a connection ahead of need may never use it.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    served: Mutex<Vec<PathBuf>>,
    stopped: AtomicBool,
}

impl Server {
    /// Serves a folder on a free port of this machine.
    pub fn of(folder: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Shared { folder, served: Mutex::default(), stopped: AtomicBool::new(false) };
        let shared = Arc::new(shared);
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        Ok(Server { address, shared })
    }

    /// The address of a path, which starts with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The files that were sent so far, each once, in the order of the first request.
    pub fn served(&self) -> Vec<PathBuf> {
        self.shared.served.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    /// The accepting thread is asleep until someone connects.
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for connection in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&self);
            // A connection that breaks off is the browser's business; it says so in the page's console.
            thread::spawn(move || connection.and_then(|connection| shared.answer(&connection)));
        }
    }

    fn answer(&self, mut connection: &TcpStream) -> io::Result<()> {
        connection.set_read_timeout(Some(READ_TIMEOUT))?;
        let Some(request) = Request::read(&mut BufReader::new(connection))? else { return Ok(()) };
        let path = request.file().map(|file| self.folder.join(file));
        let found = path.and_then(|path| fs::read(&path).ok().map(|bytes| (path, bytes)));
        let Some((path, bytes)) = found else {
            return write!(
                connection,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        };
        let (kind, length) = (media_type(&path), bytes.len());
        write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )?;
        if request.wants_body() {
            self.remember(path);
            connection.write_all(&bytes)?;
        }
        connection.flush()
    }

    fn remember(&self, path: PathBuf) {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if !served.contains(&path) {
            served.push(path);
        }
    }
}

/// Browsers compile wasm while it loads, and accept a module script, only if the type is right.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "yaml" | "yml" => "application/yaml",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
