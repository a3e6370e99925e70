//! Wishes.

use kernel::{Purpose, Stream};
use scenario::{no_variant, wish};

use super::ORDERS;

fn check(text: &str, variant: &str, sets: &[(&str, &str)]) {
    let (found, assignments) = wish(text).expect("it can be read");
    let pairs: Vec<(&str, &str)> =
        assignments.iter().map(|set| (set.path.as_str(), set.value.as_str())).collect();
    assert_eq!((found.as_str(), &pairs[..]), (variant, sets), "{text}");
}

#[test]
fn a_wish_is_taken_apart_wrongly() {
    check("  queue ", "queue", &[]);
    check("queue with services.payment.workers=2", "queue", &[("services.payment.workers", "2")]);
    check(
        "queue with services.payment.workers = 2 and faults.1.for=20s and length=30s",
        "queue",
        &[("services.payment.workers", "2"), ("faults.1.for", "20s"), ("length", "30s")],
    );
}

#[test]
fn a_misspelt_word_makes_another_variant() {
    check("queue with lenght=30s and sed=1", "queue", &[("lenght", "30s and sed=1")]);
}

#[test]
fn a_number_that_tells_equal_ones_apart_is_a_part_of_the_name() {
    check("queue (2)", "queue", &[]);
    check("queue (2) with seed=1", "queue", &[("seed", "1")]);
    check("queue (two)", "queue (two)", &[]);
}

#[test]
fn a_name_with_the_word_with_is_cut() {
    check("calls with retries", "calls with retries", &[]);
    check("calls with v1.5", "calls with v1.5", &[]);
    check("calls with retries and more", "calls with retries and more", &[]);
    check("calls with retries with seed=1", "calls with retries", &[("seed", "1")]);
    check("calls with services.pay with card.workers=2", "calls", &[("services.pay with card.workers", "2")]);
}

#[test]
fn a_value_with_the_word_and_is_cut() {
    let check = |value: &str, more: &[(&str, &str)]| {
        let both =
            [&[("checks.1.never", value.split(" and seed").next().expect("it has a beginning"))], more]
                .concat();
        check(&format!("queue with checks.1.never={value}"), "queue", &both);
    };
    check("paid > 1 and reserved = 0", &[]);
    check("paid>1 and reserved=0", &[]);
    check("\"paid and orders.stock=0\" and seed=1", &[("seed", "1")]);
    check("{ why: paid and orders.stock=0 } and seed=1", &[("seed", "1")]);
    check("Nobody's and seed=1", &[("seed", "1")]);
}

#[test]
fn a_wish_for_nothing_is_fulfilled() {
    for text in ["", "  ", " with services.payment.workers=2", "\n with seed=1"] {
        assert_eq!(
            wish(text),
            Err("nothing is wished for; name a variant, such as `queue`".into()),
            "{text}"
        );
    }
}

#[test]
fn a_wrong_variant_names_no_other() {
    let scenario = scenario::read(ORDERS).scenario.expect("it is right");
    assert_eq!(no_variant(&scenario, "qeue"), "there is no variant qeue; did you mean queue?");
    assert_eq!(
        no_variant(&scenario, "jobs"),
        "there is no variant jobs; expected a variant: sync, pubsub or queue"
    );
    assert_eq!(
        no_variant(&scenario, "queue with two workers"),
        "there is no variant queue with two workers; behind `with` stands what is set, such as \
         `services.payment.workers=2`"
    );
}

#[test]
fn some_wish_panics() {
    const PIECES: [&str; 22] = [
        "queue", " with ", " and ", "=", "services", ".", "workers", "seed", "2", "\"", "'", "{", "}", "[",
        "]", " ", "(2)", "é", "\n", "with", "and", "(",
    ];
    let mut draw = Stream::new(1, Purpose::Loss, "wishes").draw(0, 0);
    let mut sets = 0;
    for _ in 0..20_000 {
        let pieces = (0..=draw.below(9)).map(|_| PIECES[draw.below(PIECES.len() as u32) as usize]);
        let text: String = pieces.collect();
        let Ok((variant, found)) = wish(&text) else { continue };
        assert!(!variant.is_empty(), "{text}");
        assert!(found.iter().all(|set| !set.path.contains('=')), "{text}");
        sets += found.len();
    }
    assert!(sets > 100, "only {sets} were set, so little was tried");
}
