//! Which queue a key goes to, against what the products' tests and the products themselves say.

use channel::routing::{Partitioner, consistent_bucket, jump};

/// A prime, so that a wrong bit of the hash shows.
const MANY: u16 = 65_521;

fn check(partitioner: Partitioner, hash_of: fn(u32) -> u32, known: &[(&str, u32)]) {
    for &(key, hash) in known {
        for partitions in [1, 2, 3, 12, MANY] {
            assert_eq!(
                u32::from(partitioner.partition(key.as_bytes(), partitions)),
                hash_of(hash) % u32::from(partitions),
                "{key:?} of {partitions}"
            );
        }
    }
}

/// Kafka's `UtilsTest.testMurmur2` and librdkafka's `unittest_murmur2`.
#[test]
fn murmur2_sends_a_key_elsewhere_than_java_does() {
    let known = [
        ("21", -973_932_308_i32),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ("abc", 479_470_107),
        ("", 0x106E_08D9),
    ];
    let known = known.map(|(key, hash)| (key, hash.cast_unsigned()));
    check(Partitioner::Murmur2, |hash| hash & 0x7FFF_FFFF, &known);
    let known = [("kafka", 0xD067_CF64), ("1234", 0x9FC9_7B14), ("234", 0xE7C0_09CA), ("4", 0x5A4B_5CA1)];
    check(Partitioner::Murmur2, |hash| hash & 0x7FFF_FFFF, &known);
}

/// The check value of CRC-32 in RFC 3385 and the catalogues, and zlib's of three more texts.
#[test]
fn crc32_sends_a_key_elsewhere_than_zlib_says() {
    let known = [
        ("123456789", 0xCBF4_3926),
        ("", 0),
        ("a", 0xE8B7_BE43),
        ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
    ];
    check(Partitioner::Crc32, |hash| hash, &known);
}

/// librdkafka's `unittest_fnv1a`, whose values come from Go. They are absolute already.
#[test]
fn fnv1a_sends_a_key_elsewhere_than_sarama_does() {
    let known = [
        ("kafka", 0x0D33_C4E1),
        ("giberish123456789", 0x77A5_8295),
        ("1234", 0x023B_DD03),
        ("234", 0x2DEA_3CD2),
        ("34", 0x740F_A83E),
        ("4", 0x310C_A263),
        ("PreAmbleWillBeRemoved,ThePrePartThatIs", 0x65CB_D69C),
        ("", 0x7EE3_623B),
    ];
    check(Partitioner::Fnv1a32, |hash| hash, &known);
}

/// Recorded with four partitions.
#[test]
fn a_key_goes_to_another_partition_than_was_recorded() {
    let partitions = |partitioner: Partitioner| -> Vec<u16> {
        (0..8).map(|number| partitioner.partition(format!("k{number}").as_bytes(), 4)).collect()
    };
    assert_eq!(partitions(Partitioner::Crc32), [3, 1, 3, 1, 2, 0, 2, 0]);
    assert_eq!(partitions(Partitioner::Murmur2), [1, 1, 1, 0, 0, 0, 1, 0]);
}

#[test]
fn a_topic_without_partitions_divides_by_zero() {
    for partitioner in [Partitioner::Murmur2, Partitioner::Crc32, Partitioner::Fnv1a32] {
        assert_eq!(partitioner.partition(b"key", 0), 0);
    }
    assert_eq!(consistent_bucket(b"key", 0), 0);
}

/// What Erlang/OTP 25 gives with the functions of RabbitMQ 3.10.8, for 2, 4, 10 and 1000 buckets.
#[test]
fn a_consistent_hash_exchange_sends_a_key_elsewhere_than_rabbitmq_does() {
    let known: [(&[u8], [u16; 4]); 16] = [
        (b"", [0, 0, 9, 161]),
        (b"o", [0, 3, 4, 90]),
        (b"or", [1, 3, 5, 828]),
        (b"ord", [0, 3, 6, 655]),
        (b"orde", [0, 3, 8, 67]),
        (b"order.e", [0, 0, 8, 208]),
        (b"order.eu", [0, 2, 2, 66]),
        (b"order.eu.", [1, 2, 2, 38]),
        (b"order.eu.be", [1, 1, 4, 942]),
        (b"order.eu.ber", [0, 2, 6, 989]),
        (b"order.eu.berl", [1, 1, 1, 314]),
        (b"order.eu.berlin.4711.created.x", [0, 0, 0, 948]),
        (b"k0", [1, 1, 7, 828]),
        (b"k1", [0, 3, 7, 913]),
        (b"\x00\xFF\x80", [0, 0, 5, 184]),
        ("grüße".as_bytes(), [0, 3, 8, 231]),
    ];
    for (key, buckets) in known {
        assert_eq!([2, 4, 10, 1000].map(|count| consistent_bucket(key, count)), buckets, "{key:?}");
    }
    let known = [
        (0, [0, 3, 4, 807]),
        (1, [0, 3, 3, 856]),
        (3, [1, 1, 7, 504]),
        (1000, [0, 0, 0, 762]),
        (2_097_151, [0, 2, 6, 220]),
        (2_097_152, [0, 3, 4, 807]),
        ((1 << 63) + 11, [1, 2, 5, 415]),
    ];
    for (key, buckets) in known {
        assert_eq!([2, 4, 10, 1000].map(|count| jump(key, count)), buckets, "{key}");
    }
}

#[test]
fn a_new_bucket_moves_keys_between_old_ones() {
    for key in 0..2_000 {
        let mut last = 0;
        for buckets in 1..40 {
            let bucket = jump(key, buckets);
            assert!(
                bucket == last || bucket == buckets - 1,
                "{key} goes from {last} to {bucket} of {buckets}"
            );
            last = bucket;
        }
    }
}

#[test]
fn keys_crowd_in_one_queue() {
    let spread = |of: fn(&[u8]) -> u16| {
        let mut counts = [0; 10];
        for number in 0..10_000 {
            counts[usize::from(of(format!("customer-{number}").as_bytes()))] += 1;
        }
        // Each queue gets 1000 on average, and 30 more or less is one standard deviation.
        assert!(counts.iter().all(|&count| (850..1_150).contains(&count)), "{counts:?}");
    };
    spread(|key| consistent_bucket(key, 10));
    spread(|key| Partitioner::Murmur2.partition(key, 10));
    spread(|key| Partitioner::Crc32.partition(key, 10));
    spread(|key| Partitioner::Fnv1a32.partition(key, 10));
}
