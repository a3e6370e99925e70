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
    fn names_that_differ_by_padding_collide() {
        assert_ne!(Digest::of_text("a"), Digest::of_text("a\0"));
        assert_ne!(Digest::of_text(""), Digest::of_text("\0\0\0\0\0\0\0\0"));
    }
}
