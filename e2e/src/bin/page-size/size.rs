//! Bytes on the wire, as a host sends them that compresses its files once with brotli at its highest level.

use brotli::enc::BrotliEncoderParams;
use e2e::Outcome;
use std::fs;
use std::path::{Path, PathBuf};

/// Compressed already, so no host does it again.
const SENT_AS_THEY_ARE: [&str; 4] = ["woff2", "png", "jpg", "webp"];

struct Row {
    name: String,
    plain_bytes: usize,
    sent_bytes: usize,
}

pub fn table(dist: &Path, loaded: &[PathBuf]) -> Outcome<String> {
    let mut rows = Vec::new();
    for path in loaded {
        rows.push(Row::of(dist, path)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.sent_bytes));
    Ok(drawn(&rows))
}

impl Row {
    fn of(dist: &Path, path: &Path) -> Outcome<Self> {
        let plain = fs::read(path)?;
        let name = path.strip_prefix(dist).unwrap_or(path).display().to_string();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let sent_bytes =
            if SENT_AS_THEY_ARE.contains(&extension) { plain.len() } else { compressed_bytes(&plain)? };
        Ok(Row { name, plain_bytes: plain.len(), sent_bytes })
    }
}

fn compressed_bytes(plain: &[u8]) -> Outcome<usize> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 24, ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut compressed, &parameters)?;
    Ok(compressed.len())
}

fn drawn(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default().max("the first view".len());
    let line = |name: &str, plain: &str, sent: &str| format!("{name:<width$}  {plain:>10}  {sent:>10}\n");
    let mut table = line("", "plain kB", "brotli kB");
    for row in rows {
        table += &line(&row.name, &kilobytes(row.plain_bytes), &kilobytes(row.sent_bytes));
    }
    let plain = rows.iter().map(|row| row.plain_bytes).sum();
    let sent = rows.iter().map(|row| row.sent_bytes).sum();
    table + &line("the first view", &kilobytes(plain), &kilobytes(sent))
}

/// A thousand bytes each, as networks count.
fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let row =
            |name: &str, plain_bytes, sent_bytes| Row { name: name.to_owned(), plain_bytes, sent_bytes };
        let expected = "                  plain kB   brotli kB
web_bg.wasm          912.3       301.0
index.html             1.2         0.4
the first view       913.5       301.4
";
        assert_eq!(drawn(&[row("web_bg.wasm", 912_345, 301_049), row("index.html", 1_234, 432)]), expected);
    }

    #[test]
    fn brotli_makes_text_smaller() {
        let text = "a message leaves, a message arrives. ".repeat(100);
        assert!(compressed_bytes(text.as_bytes()).unwrap() < 100);
    }
}
