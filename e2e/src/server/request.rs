//! As much of HTTP as a browser needs to load files.

use std::io::{self, BufRead, Read};
use std::path::{Component, Path, PathBuf};

/// No browser sends a longer head for a file on this machine.
const HEAD_BYTES_MAX: u64 = 64 * 1024;

/// The first line of a request; nothing else in it matters here.
pub struct Request {
    method: String,
    target: String,
}

impl Request {
    /// Reads up to the empty line that ends the head. `None` if the other side sent nothing that makes sense.
    pub fn read(connection: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = connection.take(HEAD_BYTES_MAX);
        let mut first = String::new();
        head.read_line(&mut first)?;
        let mut line = String::new();
        while head.read_line(&mut line)? > 2 {
            line.clear();
        }
        let mut words = first.split_whitespace();
        let request = words.next().zip(words.next());
        Ok(request.map(|(method, target)| Request { method: method.to_owned(), target: target.to_owned() }))
    }

    /// The file that is asked for, relative to the folder. `None` if it would be outside.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.target.split(['?', '#']).next()?;
        let path = decoded(path.strip_prefix('/')?)?;
        let file = if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path };
        let is_inside = Path::new(&file).components().all(|part| matches!(part, Component::Normal(_)));
        is_inside.then(|| PathBuf::from(file))
    }

    pub fn wants_body(&self) -> bool {
        self.method != "HEAD"
    }
}

/// Undoes `%20` and its like.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, expected: Option<&str>) {
        let request = Request::read(&mut head.as_bytes()).unwrap();
        assert_eq!(request.and_then(|request| request.file()), expected.map(PathBuf::from), "{head:?}");
    }

    #[test]
    fn a_request_names_a_file_in_the_folder() {
        check("GET / HTTP/1.1\r\n\r\n", Some("index.html"));
        check(
            "GET /static/scenarios/order.yaml?v=2 HTTP/1.1\r\nHost: x\r\n\r\n",
            Some("static/scenarios/order.yaml"),
        );
        check("GET /place%20an%20order.yaml HTTP/1.1\r\n\r\n", Some("place an order.yaml"));
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        check("GET /../Cargo.toml HTTP/1.1\r\n\r\n", None);
        check("GET /%2e%2e/Cargo.toml HTTP/1.1\r\n\r\n", None);
        check("GET //etc/passwd HTTP/1.1\r\n\r\n", None);
    }

    #[test]
    fn nonsense_is_no_request() {
        check("", None);
        check("GET\r\n\r\n", None);
        check("GET /100% HTTP/1.1\r\n\r\n", None);
    }
}
