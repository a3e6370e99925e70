//! The scenarios that the page offers.

/// Each with its file name.
pub const PRESETS: [(&str, &str); 1] =
    [("order-placed", include_str!("../../../../static/scenarios/order-placed.yaml"))];

#[test]
fn a_preset_does_not_load() {
    for (name, text) in PRESETS {
        let reading = scenario::read(text);
        assert_eq!(reading.diagnostics, [], "{name}");
    }
}
