//! The versions that are pinned here, and how to read the ones that are written elsewhere.

/// The newest Trunk that the workspace's compiler builds; 0.22 wants a later one.
pub const TRUNK: &str = "0.21.14";

/// The npm package that carries `wasm-opt`. `Trunk.toml` names the same version for those who let Trunk fetch it.
pub const BINARYEN: &str = "132.0.0";

/// What `Cargo.lock` says as long as the page uses wasm-bindgen; the tool has to match it to the last digit.
const WASM_BINDGEN: &str = "0.2.126";

/// The version of wasm-bindgen that the page is built with, out of the text of `Cargo.lock`.
pub fn wasm_bindgen(lock: &str) -> String {
    let mut lines = lock.lines().skip_while(|line| *line != r#"name = "wasm-bindgen""#);
    let version = lines.nth(1).and_then(|line| quoted(line, "version"));
    version.unwrap_or(WASM_BINDGEN).to_owned()
}

/// The oldest compiler that will do, out of the text of the workspace's `Cargo.toml`.
pub fn oldest_rust(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| quoted(line, "rust-version"))
}

/// The version out of what `tool --version` prints: `trunk 0.21.14`, `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn printed(line: &str) -> Option<&str> {
    line.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// Whether `found` is `wanted` or later. Whatever follows the numbers, as in `-nightly`, is left out of it.
pub fn is_at_least(found: &str, wanted: &str) -> bool {
    numbers(found) >= numbers(wanted)
}

fn numbers(version: &str) -> [u32; 3] {
    let plain = version.split(['-', '+']).next().unwrap_or(version);
    let mut parts = plain.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_is_what_the_lock_file_says() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.7\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.999\"\n";
        assert_eq!(wasm_bindgen(lock), "0.2.999");
    }

    #[test]
    fn without_wasm_bindgen_in_the_lock_file_the_pinned_one_holds() {
        assert_eq!(wasm_bindgen("[[package]]\nname = \"libm\"\nversion = \"0.2.15\"\n"), WASM_BINDGEN);
    }

    #[test]
    fn a_version_is_found_among_what_a_tool_prints() {
        let check = |line, expected| assert_eq!(printed(line), expected, "{line}");
        check("trunk 0.21.14", Some("0.21.14"));
        check("rustc 1.95.0 (59807616e 2026-04-14)", Some("1.95.0"));
        check("wasm-opt version 132 (version_132)", Some("132"));
        check("command not found", None);
    }

    #[test]
    fn versions_compare_by_number_not_by_letter() {
        let check = |found, wanted, expected| assert_eq!(is_at_least(found, wanted), expected, "{found}");
        check("1.95.0", "1.95", true);
        check("1.100.0", "1.95", true);
        check("1.94.1", "1.95", false);
        check("1.96.0-nightly", "1.95", true);
        check("2.0.0", "1.95", true);
    }

    #[test]
    fn the_oldest_compiler_is_read_from_the_manifest() {
        assert_eq!(oldest_rust("[workspace.package]\nrust-version = \"1.95\"\n"), Some("1.95"));
        assert_eq!(oldest_rust("rust-version.workspace = true\n"), None);
    }
}
