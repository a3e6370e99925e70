//! The bare loop: the fastest event list and draws we know for these sizes, with no engine around them. It is
//! what the others are measured against, so it gives up everything that does not show here: keyed draws, a
//! sequence that lasts, bounds checks.

use crate::workloads::Parts;

const ARITY: usize = 4;

/// A 4-ary heap of (time, sequence, payload) packed into 128 bits, whose pop leaves the root to the next push,
/// and a xoshiro256++ generator (Blackman and Vigna) behind ziggurat tables.
pub struct Bare {
    heap: Vec<u128>,
    sequence: u32,
    hole: bool,
    state: [u64; 4],
    tables: Box<Tables>,
    means: Vec<f64>,
}

struct Tables {
    exponential: [(f64, f64); 257],
    normal: [(f64, f64); 257],
}

const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_992_336;

impl Tables {
    fn new() -> Self {
        let layers = |tail: f64, area: f64, density: fn(f64) -> f64, inverse: fn(f64) -> f64| {
            let mut edges = [(0.0, 0.0); 257];
            edges[0].0 = area / density(tail);
            edges[1].0 = tail;
            for layer in 2..256 {
                let before: f64 = edges[layer - 1].0;
                edges[layer].0 = inverse(area / before + density(before));
            }
            edges.map(|(edge, _)| (edge, density(edge)))
        };
        Tables {
            exponential: layers(EXPONENTIAL_TAIL, EXPONENTIAL_AREA, |x| (-x).exp(), |y| -y.ln()),
            normal: layers(NORMAL_TAIL, NORMAL_AREA, |x| (-x * x / 2.0).exp(), |y| (-2.0 * y.ln()).sqrt()),
        }
    }
}

impl Bare {
    #[inline(always)]
    fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let bits = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        bits
    }

    #[inline(always)]
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    #[inline(always)]
    fn standard_exponential(&mut self) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 255) as usize;
            let x = (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64) * self.tables.exponential[layer].0;
            if x < self.tables.exponential[layer + 1].0 {
                return x;
            }
            if layer == 0 {
                return EXPONENTIAL_TAIL - (1.0 - self.unit()).ln();
            }
            let (outer, inner) = (self.tables.exponential[layer].1, self.tables.exponential[layer + 1].1);
            if inner + (outer - inner) * self.unit() < (-x).exp() {
                return x;
            }
        }
    }

    #[inline(always)]
    fn standard_normal(&mut self) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 255) as usize;
            let unit = ((bits as i64) >> 11) as f64 * (1.0 / (1u64 << 52) as f64);
            let x = unit * self.tables.normal[layer].0;
            if x.abs() < self.tables.normal[layer + 1].0 {
                return x;
            }
            if layer == 0 {
                loop {
                    let beyond = -(1.0 - self.unit()).ln() / NORMAL_TAIL;
                    if -2.0 * (1.0 - self.unit()).ln() >= beyond * beyond {
                        return (NORMAL_TAIL + beyond).copysign(unit);
                    }
                }
            }
            let (outer, inner) = (self.tables.normal[layer].1, self.tables.normal[layer + 1].1);
            if inner + (outer - inner) * self.unit() < (-x * x / 2.0).exp() {
                return x;
            }
        }
    }

    #[inline(always)]
    fn sift_down(&mut self, key: u128) {
        let (heap, length) = (self.heap.as_mut_ptr(), self.heap.len());
        let mut at = 0;
        // SAFETY: every index is below `length`, which is not 0: children are compared with it before use.
        unsafe {
            loop {
                let first = at * ARITY + 1;
                if first >= length {
                    break;
                }
                let mut least = first;
                let mut least_key = *heap.add(first);
                if first + ARITY <= length {
                    for child in first + 1..first + ARITY {
                        let child_key = *heap.add(child);
                        let less = child_key < least_key;
                        least = if less { child } else { least };
                        least_key = if less { child_key } else { least_key };
                    }
                } else {
                    for child in first + 1..length {
                        if *heap.add(child) < least_key {
                            least = child;
                            least_key = *heap.add(child);
                        }
                    }
                }
                if key <= least_key {
                    break;
                }
                *heap.add(at) = least_key;
                at = least;
            }
            *heap.add(at) = key;
        }
    }
}

impl Parts for Bare {
    fn new(entities: &[f64]) -> Self {
        let state = [0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 42];
        let heap = Vec::with_capacity(2048);
        let tables = Box::new(Tables::new());
        Bare { heap, sequence: 0, hole: false, state, tables, means: entities.to_vec() }
    }

    #[inline(always)]
    fn push(&mut self, time: u64, payload: u32) {
        self.sequence = self.sequence.wrapping_add(1);
        let key = u128::from(time) << 64 | u128::from(self.sequence) << 32 | u128::from(payload);
        if self.hole {
            self.hole = false;
            return self.sift_down(key);
        }
        let mut at = self.heap.len();
        self.heap.push(key);
        let heap = self.heap.as_mut_ptr();
        // SAFETY: `at` starts at the last index and only becomes its parent's.
        unsafe {
            while at > 0 {
                let parent = (at - 1) / ARITY;
                if *heap.add(parent) <= key {
                    break;
                }
                *heap.add(at) = *heap.add(parent);
                at = parent;
            }
            *heap.add(at) = key;
        }
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<(u64, u32)> {
        if self.hole {
            self.hole = false;
            if let Some(last) = self.heap.pop()
                && !self.heap.is_empty()
            {
                self.sift_down(last);
            }
        }
        let &key = self.heap.first()?;
        self.hole = true;
        Some(((key >> 64) as u64, key as u32))
    }

    #[inline(always)]
    fn exponential(&mut self, entity: usize, _: u64) -> u64 {
        (self.standard_exponential() * self.means[entity] * 1e9) as u64
    }

    #[inline(always)]
    fn lognormal(&mut self, _: usize, _: u64) -> u64 {
        const LN_5_MS: f64 = 15.424_948_470_398_375;
        (LN_5_MS + 0.5 * self.standard_normal()).exp() as u64
    }

    #[inline(always)]
    fn process(&mut self, _: u64) -> u32 {
        (self.bits() >> 54) as u32
    }
}
