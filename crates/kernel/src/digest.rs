//! The digest of a run: one word that two equal runs share and two different ones do not.

use std::fmt;

/// A running 64-bit digest over what happened, in order. Not cryptographic: it tells runs apart by
/// accident, not by malice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0x9E37_79B9_7F4A_7C15)
    }
}

impl Digest {
    /// Takes in one word. The order of words matters.
    #[inline]
    pub fn mix(&mut self, word: u64) {
        // Multiply and fold, as in FxHash, but rotating before so that high bits reach low ones.
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }

    /// Takes in four words at once, which costs little more than one: only the last multiplication waits for
    /// what came before.
    #[inline]
    pub fn mix_four(&mut self, words: [u64; 4]) {
        const KEYS: [u64; 4] =
            [0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3];
        let [a, b, c, d] = words;
        let one = (a ^ KEYS[0]).wrapping_mul(KEYS[2]) ^ (b ^ KEYS[1]).wrapping_mul(KEYS[3]).rotate_left(32);
        let other = (c ^ KEYS[2]).wrapping_mul(KEYS[0]) ^ (d ^ KEYS[3]).wrapping_mul(KEYS[1]).rotate_left(32);
        self.mix(one ^ one >> 29 ^ other.rotate_left(17));
    }

    /// The value so far, finished so that every input bit reaches every output bit.
    pub fn value(self) -> u64 {
        crate::random::finish(self.0)
    }

    /// The digest of a text, used to key chance by a name.
    pub fn of_text(text: &str) -> u64 {
        let mut digest = Digest::default();
        digest.mix(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            digest.mix(u64::from_le_bytes(word));
        }
        digest.value()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_that_change_places_go_unnoticed() {
        let (mut one, mut other) = (Digest::default(), Digest::default());
        one.mix(1);
        one.mix(2);
        other.mix(2);
        other.mix(1);
        assert_ne!(one.value(), other.value());
    }

    #[test]
    fn a_bit_of_a_record_makes_no_difference() {
        let digest = |words| {
            let mut digest = Digest::default();
            digest.mix_four(words);
            digest.value()
        };
        let mut seen = std::collections::BTreeSet::from([digest([7; 4])]);
        for word in 0..4 {
            for bit in 0..64 {
                let mut words = [7; 4];
                words[word] ^= 1 << bit;
                assert!(seen.insert(digest(words)), "bit {bit} of word {word}");
            }
        }
        assert_ne!(digest([1, 2, 3, 4]), digest([2, 1, 3, 4]));
        assert_ne!(digest([1, 2, 3, 4]), digest([3, 4, 1, 2]));
    }

    #[test]
    fn names_that_differ_by_padding_collide() {
        assert_ne!(Digest::of_text("a"), Digest::of_text("a\0"));
        assert_ne!(Digest::of_text(""), Digest::of_text("\0\0\0\0\0\0\0\0"));
    }
}
