//! What a recording does not say, decided by trying.
//!
//! A script does things that it does not write down: it lets time pass, or acknowledges what it fetched. Where
//! a driver comes to such a place it asks [`Unsaid`] for a decision; 0 is what a reader would assume. If that
//! does not lead to what was recorded, the recording is read again with other decisions, the last one changed
//! first. It agrees with the model if one of these readings agrees literally, so what nobody can have seen in
//! the model is a failure however it is read.

use crate::compare::compare;
use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::Vector;

/// How often a recording is read anew.
const READINGS_MAX: usize = 4096;

/// The decisions of one reading.
#[derive(Debug, Default)]
pub(in crate::drivers) struct Unsaid {
    decisions: Vec<Decision>,
    asked: usize,
}

#[derive(Debug)]
struct Decision {
    picked: usize,
    of: usize,
}

impl Unsaid {
    /// Reads a recording until what the model does agrees with it; if it never does, the first reading counts.
    pub(in crate::drivers) fn settle(
        vector: &Vector,
        mut read: impl FnMut(&mut Unsaid) -> Result<Replay, Stop>,
    ) -> Result<Replay, Stop> {
        let mut unsaid = Unsaid::default();
        let first = read(&mut unsaid);
        if first.as_ref().is_ok_and(|first| agrees(vector, first)) {
            return first;
        }
        for _ in 1..READINGS_MAX {
            if !unsaid.turn() {
                break;
            }
            match read(&mut unsaid) {
                Ok(other) if agrees(vector, &other) => return Ok(other),
                Ok(_) | Err(_) => {}
            }
        }
        first
    }

    /// One of so many ways to go on.
    pub(in crate::drivers) fn pick(&mut self, of: usize) -> usize {
        if self.asked == self.decisions.len() {
            self.decisions.push(Decision { picked: 0, of });
        }
        self.asked += 1;
        self.decisions[self.asked - 1].picked
    }

    /// Whether what is not likely is so.
    pub(in crate::drivers) fn is_so(&mut self) -> bool {
        self.pick(2) == 1
    }

    /// Turns to the next reading; `false` if there is none.
    fn turn(&mut self) -> bool {
        self.asked = 0;
        while let Some(last) = self.decisions.last_mut() {
            last.picked += 1;
            if last.picked < last.of {
                return true;
            }
            self.decisions.pop();
        }
        false
    }
}

/// A replay without steps that nobody understood counts only if it agrees all the same.
pub(in crate::drivers) fn but_for(
    vector: &Vector,
    replay: Replay,
    not_understood: &[String],
) -> Result<Replay, Stop> {
    match not_understood.first() {
        Some(step) if !agrees(vector, &replay) => Err(Stop::Skip(step.clone())),
        Some(_) | None => Ok(replay),
    }
}

fn agrees(vector: &Vector, replay: &Replay) -> bool {
    compare(vector, replay).differences.is_empty()
}
