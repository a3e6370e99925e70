//! How figures and speeds are written.

use app::{figures, speed};
use kernel::{Span, Time};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn thousands_are_set_apart() {
    for (number, expected) in
        [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")]
    {
        assert_eq!(figures::count(number), expected);
    }
}

#[wasm_bindgen_test]
fn a_length_of_time_has_about_three_digits() {
    let cases = [
        (400, "0.00 ms"),
        (420_000, "0.42 ms"),
        (4_200_000, "4.2 ms"),
        (312_400_000, "312 ms"),
        (999_600_000, "1.00 s"),
        (1_240_000_000, "1.24 s"),
        (12_340_000_000, "12.3 s"),
        (123_400_000_000, "123 s"),
    ];
    for (nanos, expected) in cases {
        assert_eq!(figures::span(Span::from_nanos(nanos)), expected);
    }
    assert_eq!(figures::maybe(None), "–");
}

#[wasm_bindgen_test]
fn the_clock_is_finer_when_time_is_slow() {
    let time = Time::from_nanos(1_234_567_890);
    assert_eq!(figures::clock(time, 1.0), "1.23 s");
    assert_eq!(figures::clock(time, 0.01), "1.2346 s");
    assert_eq!(figures::round(Time::from_nanos(60_000_000_000)), "60 s");
    assert_eq!(figures::round(Time::from_nanos(2_500_000_000)), "2.5 s");
}

#[wasm_bindgen_test]
fn a_speed_reads_well() {
    for (number, expected) in [
        (0.01, "0.01×"),
        (0.25, "0.25×"),
        (0.5, "0.5×"),
        (1.0, "1×"),
        (9.9, "9.9×"),
        (120.0, "120×"),
        (1000.0, "1,000×"),
    ] {
        assert_eq!(speed::words(number), expected);
    }
}

#[wasm_bindgen_test]
fn the_slider_reaches_every_step_and_both_ends() {
    for (index, step) in speed::STEPS.into_iter().enumerate() {
        assert_eq!(speed::position(step), index);
        assert_eq!(speed::at(index as f64), step);
    }
    assert_eq!((speed::at(-1.0), speed::at(99.0), speed::at(f64::NAN)), (0.01, 1000.0, 0.01));
    assert_eq!(speed::at(speed::position(0.25) as f64), 0.2, "a speed between two steps");
}

#[wasm_bindgen_test]
fn the_marked_speeds_stand_at_equal_distances() {
    let places = speed::MARKED.map(speed::position);
    assert!(places.windows(2).all(|pair| pair[1] - pair[0] == places[1] - places[0]), "{places:?}");
}

#[wasm_bindgen_test]
fn the_keys_go_from_step_to_step() {
    for (speed, slower, expected) in [
        (0.25, true, 0.2),
        (0.25, false, 0.3),
        (1.0, false, 2.0),
        (0.01, true, 0.01),
        (1000.0, false, 1000.0),
    ] {
        assert_eq!(speed::next(speed, slower), expected);
    }
}
