//! Durations as a person says them.

use std::time::Duration;

/// `0.4 s`, `12.3 s`, `4 min 05 s`.
pub fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_minutes_from_a_minute_on() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(59_900)), "59.9 s");
        assert_eq!(spoken(Duration::from_secs(60)), "1 min 00 s");
        assert_eq!(spoken(Duration::from_secs(245)), "4 min 05 s");
    }
}
