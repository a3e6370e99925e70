//! Waiting for the page, which does things in its own time.

use crate::failure::{Failure, Outcome};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for something that is said to happen.
pub const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Asks again and again until there is an answer. If there never is one, the last reason why not is the failure.
pub fn until_some<T>(
    what: &str,
    patience: Duration,
    mut ask: impl FnMut() -> Outcome<Result<T, String>>,
) -> Outcome<T> {
    let start = Instant::now();
    loop {
        // What is not there yet is often an error to the browser: an element is gone, a script finds nothing.
        let reason = match ask() {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(reason)) => reason,
            Err(failure) => failure.to_string(),
        };
        if start.elapsed() >= patience {
            let waited = patience.as_secs_f64();
            return Err(Failure::new(format!("Waited {waited} s until {what}, in vain: {reason}.")));
        }
        thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends_with_the_answer() {
        let mut asked = 0;
        let answer = until_some("the third time", PATIENCE, || {
            asked += 1;
            Ok(if asked < 3 { Err("not yet".to_owned()) } else { Ok(asked) })
        });
        assert_eq!(answer.unwrap(), 3);
    }

    #[test]
    fn waiting_in_vain_says_for_what_and_why() {
        let never = || Ok(Err::<(), _>("the title is \"x\"".to_owned()));
        let failure = until_some("the page has loaded", Duration::ZERO, never).unwrap_err();
        assert_eq!(failure.to_string(), "Waited 0 s until the page has loaded, in vain: the title is \"x\".");
    }
}
