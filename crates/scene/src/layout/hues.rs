//! Which colour a type of message has.

use topology::TypeId;

use crate::shape::Tone;

/// So many colours of the set are told apart at a glance and are not near to amber, which means waiting.
const CLEAR: u16 = 4;

/// The colour of every type. The first types of a scenario keep theirs in every variant; a later one takes the
/// clearest colour that no type of this plan has.
pub(super) fn hues(types: usize, sent: &[TypeId]) -> Vec<u8> {
    let mut hues: Vec<u8> = (0..types as u16).map(|id| (id % Tone::TYPES) as u8).collect();
    let mut taken = [false; Tone::TYPES as usize];
    for id in sent.iter().filter(|id| id.0 < CLEAR) {
        taken[id.index()] = true;
    }
    for id in sent.iter().filter(|id| id.0 >= CLEAR) {
        if let Some(free) = taken.iter().position(|taken| !taken) {
            taken[free] = true;
            hues[id.index()] = free as u8;
        }
    }
    hues
}
