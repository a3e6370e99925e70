//! Speeds: from a hundredth of real time to a thousand times, on a logarithmic slider.

use player::Player;

/// The speeds that have a button.
pub const MARKED: [f64; 6] = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0];
/// The mantissas that the keys go through.
const USUAL: [f64; 3] = [1.0, 2.0, 5.0];

/// Where a speed stands on the slider: its decimal logarithm.
pub fn position(speed: f64) -> f64 {
    speed.clamp(Player::SPEED_MIN, Player::SPEED_MAX).log10()
}

/// The speed at a place of the slider, rounded to two digits, so that it reads well.
pub fn at(position: f64) -> f64 {
    let exact = 10f64.powf(position.clamp(-2.0, 3.0));
    let unit = 10f64.powf(exact.log10().floor() - 1.0);
    (exact / unit).round() * unit
}

/// The next of 0.01, 0.02, 0.05, 0.1, ... in one direction.
pub fn next(speed: f64, slower: bool) -> f64 {
    let usual = (-2..=3).flat_map(|exponent| USUAL.map(|mantissa| mantissa * 10f64.powi(exponent)));
    // A speed counts as passed when it is within rounding of where we are.
    let found = if slower {
        usual.rev().find(|&other| other < speed * 0.999)
    } else {
        usual.clone().find(|&other| other > speed * 1.001)
    };
    found.unwrap_or(speed).clamp(Player::SPEED_MIN, Player::SPEED_MAX)
}

/// `0.25×`, `1×`, `1,000×`.
pub fn words(speed: f64) -> String {
    let digits = if speed >= 9.95 { 0 } else { 2 };
    let text = format!("{speed:.digits$}");
    let short = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if short.len() > 3 && digits == 0 { "1,000×".into() } else { format!("{short}×") }
}
