//! Speeds: from a hundredth of real time to a thousand times, on a slider whose steps are about equal factors.

/// The speeds that have a button; they stand at equal distances on the slider.
pub const MARKED: [f64; 6] = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0];
/// Every speed of the slider and the keys.
pub const STEPS: [f64; 21] = [
    0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0,
    300.0, 500.0, 1000.0,
];

/// Where a speed stands on the slider: at the last step that is not faster. A scenario may want one in between.
pub fn position(speed: f64) -> usize {
    STEPS.iter().rposition(|&step| step <= speed).unwrap_or(0)
}

/// The speed at a place of the slider.
pub fn at(position: f64) -> f64 {
    // A place that is not a number is the first, one beyond the end the last.
    STEPS[(position as usize).min(STEPS.len() - 1)]
}

/// The next step in one direction, or the same speed at the end of the slider.
pub fn next(speed: f64, slower: bool) -> f64 {
    let found = if slower {
        STEPS.iter().rfind(|&&step| step < speed)
    } else {
        STEPS.iter().find(|&&step| step > speed)
    };
    found.copied().unwrap_or(speed)
}

/// `0.25×`, `1×`, `1,000×`.
pub fn words(speed: f64) -> String {
    let digits = if speed >= 9.95 { 0 } else { 2 };
    let text = format!("{speed:.digits$}");
    let short = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if short.len() > 3 && digits == 0 { "1,000×".into() } else { format!("{short}×") }
}
