use super::*;
use std::io::Read;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server")
}

fn asked(server: &Server, head: &str) -> String {
    let mut connection = TcpStream::connect(server.address).unwrap();
    connection.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_file_comes_with_its_length_and_is_remembered_once() {
    let server = Server::of(folder()).unwrap();
    for _ in 0..2 {
        let answer = asked(&server, "GET /tests.rs HTTP/1.1\r\nHost: here\r\n\r\n");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(head.contains(&format!("Content-Length: {}", body.len())), "{head}");
        assert_eq!(body, include_str!("tests.rs"));
    }
    assert_eq!(server.served(), [folder().join("tests.rs")]);
}

#[test]
fn a_missing_file_is_missing() {
    let server = Server::of(folder()).unwrap();
    let answer = asked(&server, "GET /nothing.wasm HTTP/1.1\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(server.served().is_empty());
}

#[test]
fn types_are_those_that_browsers_insist_on() {
    let check = |path: &str, expected| assert_eq!(media_type(Path::new(path)), expected, "{path}");
    check("web-1f_bg.wasm", "application/wasm");
    check("web-1f.js", "text/javascript; charset=utf-8");
    check("scenarios/place.an.order.yaml", "application/yaml");
    check("fonts/mono.woff2", "font/woff2");
    check("LICENSE", "application/octet-stream");
}
