//! The digest of every preset, which the browser must reach as well (`tests/` of the page reads the same file).

use crate::{json, presets, root};

#[test]
fn a_preset_runs_differently_than_it_did() {
    let mut expected = String::new();
    for (file, variant) in presets() {
        let run = json(&["run", &file, "--variant", &variant, "--format", "json"]);
        let name = file.rsplit('/').next().unwrap();
        expected += &format!("{name} {variant} {}\n", run["digest"].as_str().unwrap());
    }
    let path = root().join("tests/digests.txt");
    if std::env::var_os("UPDATE_DIGESTS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(known, expected, "if that is meant: UPDATE_DIGESTS=1 cargo nextest run -p cli a_preset_runs");
}
