//! Counter-based randomness: a draw is a pure function of its key.
//!
//! The generator is SplitMix64 (Steele, Lea, Flood 2014): the output function is a bijective mix of a
//! 64-bit counter. Here the counter is placed by the key instead of by history:
//!
//! ```text
//! counter = base(seed, purpose, entity) + case * CASE + attempt * ATTEMPT + n * STEP
//! ```
//!
//! with three different odd strides, so that the n-th number of one draw is not the first of another.

use crate::Digest;
use crate::ziggurat::{self, Tables};

const CASE: u64 = 0x9E37_79B9_7F4A_7C15;
const ATTEMPT: u64 = 0xD1B5_4A32_D192_ED03;
const STEP: u64 = 0x8CB9_2BA7_2F3D_8DD7;

/// What a draw is for. Two draws of different purpose are independent even for one entity and case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The time between two requests of a client.
    Arrival = 1,
    /// How long a piece of work takes.
    Work,
    /// How long a message travels.
    Latency,
    /// Whether a message is lost on its way.
    Loss,
    /// Whether a message is doubled on its way.
    Duplication,
    /// Whether a message may be overtaken.
    Reordering,
    /// Which way a handler goes when it leaves that to chance.
    Branch,
    /// What a delivery rule leaves to chance, such as which member of a group is served.
    Delivery,
    /// How long a client thinks between two requests, or waits before it gives up.
    Customer,
    /// What a request carries.
    Field,
    /// What a request is about.
    Key,
    /// How long a handler pauses, waits, or has until a deadline.
    Jitter,
}

/// All draws of one purpose for one entity. Its cases and attempts can be drawn in any order.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    base: u64,
    tables: &'static Tables,
}

/// One keyed draw: as many numbers as a distribution needs.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    counter: u64,
    tables: &'static Tables,
}

impl Stream {
    /// The stream of `purpose` for the part named `entity`: a name and not an index, so that the same
    /// service has the same luck in variants that list their parts differently.
    pub fn new(seed: u64, purpose: Purpose, entity: &str) -> Self {
        let named = finish(seed.wrapping_add(CASE)) ^ Digest::of_text(entity);
        Stream {
            base: finish(named.wrapping_add((purpose as u64).wrapping_mul(STEP))),
            tables: ziggurat::tables(),
        }
    }

    /// The draw for one case and attempt.
    #[inline]
    pub fn draw(&self, case: u64, attempt: u64) -> Draw {
        let counter =
            self.base.wrapping_add(case.wrapping_mul(CASE)).wrapping_add(attempt.wrapping_mul(ATTEMPT));
        Draw { counter, tables: self.tables }
    }
}

impl Draw {
    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let bits = finish(self.counter);
        self.counter = self.counter.wrapping_add(STEP);
        bits
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// True with probability `probability` (0 to 1).
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number in 0..`bound`; 0 when `bound` is 0. The bias is below `bound` / 2^32.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// Exponential with mean 1; uses the draw up.
    #[inline(always)]
    pub fn exponential(self) -> f64 {
        self.tables.exponential(self)
    }

    /// Standard normal; uses the draw up.
    #[inline(always)]
    pub fn normal(self) -> f64 {
        self.tables.normal(self)
    }
}

/// The output function of SplitMix64: a bijection in which every input bit reaches every output bit.
#[inline]
pub(crate) fn finish(counter: u64) -> u64 {
    let mixed = (counter ^ (counter >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chi-square over 256 cells; 99.9 % quantile of 255 degrees of freedom is 330.5.
    fn chi_square(mut next: impl FnMut(u64) -> u64) -> f64 {
        let n = 256_000u64;
        let mut cells = [0u32; 256];
        for index in 0..n {
            cells[(next(index) >> 56) as usize] += 1;
        }
        let expected = n as f64 / 256.0;
        cells
            .iter()
            .map(|&count| (f64::from(count) - expected) * (f64::from(count) - expected) / expected)
            .sum()
    }

    #[test]
    fn neighbouring_keys_give_related_numbers() {
        let stream = Stream::new(42, Purpose::Work, "payment");
        assert!(chi_square(|case| stream.draw(case, 0).bits()) < 330.5);
        assert!(chi_square(|attempt| stream.draw(7, attempt).bits()) < 330.5);
        assert!(chi_square(|case| stream.draw(case, 0).bits() ^ stream.draw(case, 1).bits()) < 330.5);
        assert!(chi_square(|case| stream.draw(case, 0).bits() ^ stream.draw(case + 1, 0).bits()) < 330.5);
        let inner = |case: u64| {
            let mut draw = stream.draw(case, 0);
            draw.bits();
            draw.bits() ^ stream.draw(case + 1, 0).bits()
        };
        assert!(chi_square(inner) < 330.5);
    }

    #[test]
    fn a_draw_depends_on_the_draws_before_it() {
        let stream = Stream::new(42, Purpose::Work, "payment");
        let forward: Vec<u64> = (0..100).map(|case| stream.draw(case, 0).bits()).collect();
        let mut backward: Vec<u64> = (0..100).rev().map(|case| stream.draw(case, 0).bits()).collect();
        backward.reverse();
        assert_eq!(forward, backward);
    }

    #[test]
    fn purpose_name_or_seed_makes_no_difference() {
        let bits = |seed, purpose, name| Stream::new(seed, purpose, name).draw(1, 0).bits();
        let base = bits(1, Purpose::Work, "a");
        assert_ne!(base, bits(2, Purpose::Work, "a"));
        assert_ne!(base, bits(1, Purpose::Loss, "a"));
        assert_ne!(base, bits(1, Purpose::Work, "b"));
    }
}
