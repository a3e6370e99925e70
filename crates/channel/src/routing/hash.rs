//! Which of several queues a key goes to.

/// How a producer chooses the partition of a message with a key. The same key goes to the same partition as
/// long as their number stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitioner {
    /// Kafka's Java client and every other that follows it: `murmur2`, without the sign, modulo the number of
    /// partitions (`BuiltInPartitioner.partitionForKey`; in librdkafka `murmur2`).
    Murmur2,
    /// librdkafka and the clients built on it, unless told otherwise: CRC-32 modulo the number of partitions
    /// (`consistent` and `consistent_random`).
    Crc32,
    /// Sarama, and librdkafka's `fnv1a` after it: the absolute value of FNV-1a as a signed number of 32 bits,
    /// modulo the number of partitions.
    Fnv1a32,
}

impl Partitioner {
    /// The partition that a message with this key goes to; 0 if there are no partitions.
    ///
    /// A message *without* a key goes elsewhere: each client spreads those as it likes.
    pub fn partition(self, key: &[u8], partitions: u16) -> u16 {
        let hash = match self {
            Partitioner::Murmur2 => murmur2(key) & 0x7FFF_FFFF,
            Partitioner::Crc32 => crc32(key),
            Partitioner::Fnv1a32 => fnv1a(key).cast_signed().unsigned_abs(),
        };
        hash.checked_rem(u32::from(partitions)).unwrap_or(0) as u16
    }
}

/// MurmurHash2 of 32 bits (Appleby 2008) with the seed of Kafka's `Utils.murmur2`.
fn murmur2(key: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_B28C;
    const FACTOR: u32 = 0x5BD1_E995;
    let (words, rest) = key.as_chunks::<4>();
    let mut hash = SEED ^ key.len() as u32;
    for &word in words {
        let word = u32::from_le_bytes(word).wrapping_mul(FACTOR);
        hash = hash.wrapping_mul(FACTOR) ^ (word ^ word >> 24).wrapping_mul(FACTOR);
    }
    if !rest.is_empty() {
        hash = (hash ^ little_endian(rest)).wrapping_mul(FACTOR);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(FACTOR);
    hash ^ hash >> 15
}

/// CRC-32 of ISO 3309, as in zlib.
fn crc32(key: &[u8]) -> u32 {
    const POLYNOMIAL_REVERSED: u32 = 0xEDB8_8320;
    let mut rest = u32::MAX;
    for &byte in key {
        rest ^= u32::from(byte);
        for _ in 0..8 {
            rest = rest >> 1 ^ if rest & 1 == 1 { POLYNOMIAL_REVERSED } else { 0 };
        }
    }
    !rest
}

/// FNV-1a of 32 bits (Fowler, Noll, Vo).
fn fnv1a(key: &[u8]) -> u32 {
    key.iter().fold(0x811C_9DC5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The bucket of RabbitMQ's consistent hash exchange that a routing key goes to; 0 if there are no buckets.
///
/// A binding's key is its weight, which is how many buckets it owns; they are numbered in the order in which
/// the bindings were made, and when one is removed, those behind move up.
///
/// This is `rabbit_exchange_type_consistent_hash` of RabbitMQ 3.10, to the last key: [`jump`] of Erlang's
/// `erlang:phash2/1` of the key.
pub fn consistent_bucket(key: &[u8], buckets: u16) -> u16 {
    jump(u64::from(phash2(key)), buckets)
}

/// The bucket that a number goes to; 0 if there are no buckets. If a bucket is added, the number stays where
/// it was or goes to the new one. Numbers that agree in their lowest 21 bits go to the same bucket.
///
/// This is jump consistent hash (Lamping and Veach 2014) with the `exs1024` of Erlang's `rand` in place of
/// the generator of the paper, as RabbitMQ 3.10 does it. A header with a number is taken as it is; everything
/// else is made a number as [`consistent_bucket`] does.
pub fn jump(key: u64, buckets: u16) -> u16 {
    let mut chance = Exs1024::new(key);
    let (mut bucket, mut next) = (0, 0);
    while next < buckets {
        bucket = next;
        next = (f64::from(bucket + 1) / chance.unit()) as u16; // what is too large becomes the largest
    }
    bucket
}

/// Erlang's `erlang:phash2/1` of a binary: `block_hash` in `erts/emulator/beam`, which is lookup2 (Jenkins
/// 1996), cut to 27 bits.
fn phash2(key: &[u8]) -> u32 {
    const GOLDEN_RATIO: u32 = 0x9E37_79B9;
    const BINARY: u32 = 0x08D1_2E65;
    if key.is_empty() {
        return BINARY & 0x07FF_FFFF;
    }
    let mut state = [GOLDEN_RATIO, GOLDEN_RATIO, BINARY];
    let (blocks, rest) = key.as_chunks::<12>();
    for block in blocks {
        for (part, bytes) in state.iter_mut().zip(block.chunks(4)) {
            *part = part.wrapping_add(little_endian(bytes));
        }
        lookup2_mix(&mut state);
    }
    // The lowest byte of the third part is for the length, so the rest leaves it out.
    let mut last = [0; 12];
    for (index, &byte) in rest.iter().enumerate() {
        last[if index < 8 { index } else { index + 1 }] = byte;
    }
    for (part, bytes) in state.iter_mut().zip(last.chunks(4)) {
        *part = part.wrapping_add(little_endian(bytes));
    }
    state[2] = state[2].wrapping_add(key.len() as u32);
    lookup2_mix(&mut state);
    state[2] & 0x07FF_FFFF
}

fn lookup2_mix([a, b, c]: &mut [u32; 3]) {
    for [x, y, z] in [[13, 8, 13], [12, 16, 5], [3, 10, 15]] {
        *a = a.wrapping_sub(*b).wrapping_sub(*c) ^ *c >> x;
        *b = b.wrapping_sub(*c).wrapping_sub(*a) ^ *a << y;
        *c = c.wrapping_sub(*a).wrapping_sub(*b) ^ *b >> z;
    }
}

/// Up to four bytes as a number, the first the lowest.
fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// Xorshift1024* (Vigna 2014), as Erlang's `rand` seeds and reads it under the name `exs1024`.
struct Exs1024 {
    state: [u64; 16],
    at: usize,
}

impl Exs1024 {
    /// `rand:seed_s(exs1024, {Seed, Seed, Seed})`.
    fn new(seed: u64) -> Self {
        const LOW: u64 = 0x1F_FFFF;
        let part = |prime: u64| (((seed & LOW) + 1) * prime) & LOW;
        let mut small = part(2_097_131) << 43 | part(2_097_133) << 22 | part(2_097_143) << 1 | 1;
        let mut state = [0; 16];
        // Erlang puts each number before the ones that were drawn earlier.
        for word in state.iter_mut().rev() {
            small ^= small >> 12;
            small ^= small << 25;
            small ^= small >> 27;
            *word = small.wrapping_mul(0x2545_F491_4F6C_DD1D);
        }
        Exs1024 { state, at: 0 }
    }

    /// `rand:uniform_s/1`: 64 bits as a fraction of 1, rounded.
    fn unit(&mut self) -> f64 {
        let old = self.state[self.at];
        self.at = (self.at + 1) % 16;
        let mut new = self.state[self.at];
        new ^= new << 31;
        new ^= new >> 11;
        new ^= old ^ old >> 30;
        self.state[self.at] = new;
        new.wrapping_mul(1_181_783_497_276_652_981) as f64 / 18_446_744_073_709_551_616.0
    }
}
