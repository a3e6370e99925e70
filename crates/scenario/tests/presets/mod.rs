//! The scenarios that the page offers.

#[test]
fn a_preset_does_not_load() {
    let text = include_str!("../../../../static/scenarios/order-placed.yaml");
    let reading = scenario::read(text);
    for diagnostic in &reading.diagnostics {
        println!("{diagnostic}");
    }
    assert_eq!(reading.diagnostics, []);
}
