//! Real time.

/// Milliseconds since the page was opened, with fractions; 0 where there is no clock.
pub fn now() -> f64 {
    super::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
