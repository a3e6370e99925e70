//! The agenda: what will happen, in a total order by (time, sequence).
//!
//! A 4-ary heap of packed 128-bit keys. One key holds the whole entry:
//!
//! ```text
//!  127            72 71           32 31          0
//! +----------------+---------------+-------------+
//! | time, 56 bits  | sequence, 40  | payload, 32 |
//! +----------------+---------------+-------------+
//! ```
//!
//! so one integer comparison orders two entries. Taking the earliest entry leaves a hole at the root, which
//! the next push fills with a single sift; most handlers push right after they pop.

use crate::Time;

const ARITY: usize = 4;
const SEQUENCE_MAX: u64 = (1 << 40) - 1;

/// The event list of a simulation.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    heap: Vec<u128>,
    sequence: u64,
    hole: bool,
}

impl Agenda {
    /// Puts `payload` at `time`. Two entries of one time come out in the order in which they were put in.
    ///
    /// The sequence number has 40 bits: after 10^12 pushes ties would no longer be told apart, which
    /// [`Agenda::exhausted`] reports before it happens.
    #[inline]
    pub fn push(&mut self, time: Time, payload: u32) {
        self.sequence += 1;
        let key = (u128::from((time.nanos() << 8) | (self.sequence >> 32)) << 64)
            | u128::from((self.sequence << 32) | u64::from(payload));
        if self.hole {
            self.hole = false;
            self.sift_down(key);
        } else {
            self.heap.push(key);
            self.sift_up(key);
        }
    }

    /// Takes the earliest entry out.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, u32)> {
        self.fill_hole();
        let &key = self.heap.first()?;
        self.hole = true;
        Some((Time::from_nanos((key >> 72) as u64), key as u32))
    }

    /// The time of the earliest entry.
    #[inline]
    pub fn next_time(&mut self) -> Option<Time> {
        self.fill_hole();
        self.heap.first().map(|&key| Time::from_nanos((key >> 72) as u64))
    }

    /// How many entries wait.
    pub fn len(&self) -> usize {
        self.heap.len() - usize::from(self.hole)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the sequence numbers are used up, so that the run has to end.
    pub fn exhausted(&self) -> bool {
        self.sequence >= SEQUENCE_MAX
    }

    #[inline]
    fn fill_hole(&mut self) {
        if self.hole {
            self.hole = false;
            if let Some(last) = self.heap.pop()
                && !self.heap.is_empty()
            {
                self.sift_down(last);
            }
        }
    }

    #[inline]
    fn sift_up(&mut self, key: u128) {
        let heap = &mut self.heap[..];
        let mut at = heap.len() - 1;
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if heap[parent] <= key {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = key;
    }

    /// Lets `key` sink from the root. The minimum of four children is chosen without a branch.
    #[inline]
    fn sift_down(&mut self, key: u128) {
        let heap = &mut self.heap[..];
        let mut at = 0;
        loop {
            let first = at * ARITY + 1;
            let (mut least, mut least_key);
            if let Some(&[a, b, c, d]) = heap.get(first..first + ARITY).and_then(|four| four.as_array()) {
                let (left, left_key) = if b < a { (first + 1, b) } else { (first, a) };
                let (right, right_key) = if d < c { (first + 3, d) } else { (first + 2, c) };
                (least, least_key) = if right_key < left_key { (right, right_key) } else { (left, left_key) };
            } else if first < heap.len() {
                (least, least_key) = (first, heap[first]);
                for (offset, &child) in heap[first..].iter().enumerate().skip(1) {
                    if child < least_key {
                        (least, least_key) = (first + offset, child);
                    }
                }
            } else {
                break;
            }
            if key <= least_key {
                break;
            }
            heap[at] = least_key;
            at = least;
        }
        heap[at] = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn entries_of_one_time_change_places() {
        let mut agenda = Agenda::default();
        for payload in 0..1000 {
            agenda.push(Time::from_nanos(7), payload);
        }
        let order: Vec<u32> = std::iter::from_fn(|| agenda.pop()).map(|(_, payload)| payload).collect();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
    }

    /// The reference is an ordered set of (time, sequence): slow and obviously right.
    #[test]
    fn an_entry_comes_out_before_an_earlier_one() {
        let mut agenda = Agenda::default();
        let mut reference = BTreeSet::new();
        let mut state = 1u64;
        for step in 0..200_000u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if state >> 62 != 0 || reference.is_empty() {
                let time = (state >> 20) % 500;
                agenda.push(Time::from_nanos(time), step);
                reference.insert((time, step));
            } else {
                let expected = reference.pop_first();
                assert_eq!(agenda.next_time().map(Time::nanos), expected.map(|(time, _)| time));
                assert_eq!(
                    agenda.pop().map(|(time, payload)| (time.nanos(), payload)),
                    expected,
                    "step {step}"
                );
            }
            assert_eq!(agenda.len(), reference.len());
        }
    }

    #[test]
    fn the_last_instant_overflows_its_bits() {
        let mut agenda = Agenda::default();
        agenda.push(Time::MAX, u32::MAX);
        agenda.push(Time::ZERO, 1);
        assert_eq!(agenda.pop(), Some((Time::ZERO, 1)));
        assert_eq!(agenda.pop(), Some((Time::MAX, u32::MAX)));
        assert_eq!(agenda.pop(), None);
    }
}
