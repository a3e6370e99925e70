//! Axes, right and wrong.

use compare::Axis;
use kernel::{Purpose, Stream};

#[track_caller]
fn check(text: &str, path: &str, values: &[&str], positions: Option<&[f64]>) {
    let axis = Axis::read(text).unwrap();
    assert_eq!((axis.path.as_str(), &axis.values[..]), (path, &super::texts(values)[..]), "{text}");
    assert_eq!(axis.positions().as_deref(), positions, "{text}");
}

#[track_caller]
fn wrong(text: &str, said: &str) {
    assert_eq!(Axis::read(text), Err(said.into()), "{text}");
}

#[test]
fn a_range_has_other_values() {
    check("a.b=1..4", "a.b", &["1", "2", "3", "4"], Some(&[1.0, 2.0, 3.0, 4.0]));
    check(" a.b = 4..1 ", "a.b", &["4", "3", "2", "1"], Some(&[4.0, 3.0, 2.0, 1.0]));
    check("a=8..2..3", "a", &["8", "5", "2"], Some(&[8.0, 5.0, 2.0]));
    check("a=8..2..-3", "a", &["8", "5", "2"], Some(&[8.0, 5.0, 2.0]));
    check("a=1..8..3", "a", &["1", "4", "7"], Some(&[1.0, 4.0, 7.0]));
    check("a=5..5", "a", &["5"], Some(&[5.0]));
    check("a=5..5..0", "a", &["5"], Some(&[5.0]));
    check("a=9..11", "a", &["9", "10", "11"], Some(&[9.0, 10.0, 11.0]));
}

#[test]
fn decimal_steps_are_not_exact() {
    check("a=0..0.2..0.05", "a", &["0", "0.05", "0.1", "0.15", "0.2"], Some(&[0.0, 0.05, 0.1, 0.15, 0.2]));
    check("a=0.1..0.4..0.1", "a", &["0.1", "0.2", "0.3", "0.4"], Some(&[0.1, 0.2, 0.3, 0.4]));
    check("a=1..0.25..0.25", "a", &["1", "0.75", "0.5", "0.25"], Some(&[1.0, 0.75, 0.5, 0.25]));
    check("a=10..30.0..10", "a", &["10", "20", "30"], Some(&[10.0, 20.0, 30.0]));
    check("a=-0.5s..0.5s..0.5s", "a", &["-0.5s", "0s", "0.5s"], Some(&[-0.5, 0.0, 0.5]));
}

#[test]
fn a_unit_is_lost() {
    check("a=5s..15s..5s", "a", &["5s", "10s", "15s"], Some(&[5.0, 10.0, 15.0]));
    check("a=5..15..5s", "a", &["5s", "10s", "15s"], Some(&[5.0, 10.0, 15.0]));
    check("a=5..7s", "a", &["5s", "6s", "7s"], Some(&[5.0, 6.0, 7.0]));
    check(
        "a=500ms..2s..500ms",
        "a",
        &["500ms", "1000ms", "1500ms", "2000ms"],
        Some(&[500.0, 1000.0, 1500.0, 2000.0]),
    );
    check("a=1h..2h..30min", "a", &["60min", "90min", "120min"], Some(&[60.0, 90.0, 120.0]));
    check("a=0%..10%..5%", "a", &["0%", "5%", "10%"], Some(&[0.0, 5.0, 10.0]));
    check("a=1x..3x", "a", &["1x", "2x", "3x"], Some(&[1.0, 2.0, 3.0]));
}

#[test]
fn a_range_within_a_text_is_the_text() {
    check("a=poisson 2..6..2/s", "a", &["poisson 2/s", "poisson 4/s", "poisson 6/s"], Some(&[2.0, 4.0, 6.0]));
    check("a=poisson 1..3/s", "a", &["poisson 1/s", "poisson 2/s", "poisson 3/s"], Some(&[1.0, 2.0, 3.0]));
    check("a={ poisson: 1..2/s }", "a", &["{ poisson: 1/s }", "{ poisson: 2/s }"], Some(&[1.0, 2.0]));
    check("a={poisson: 1..2/s}", "a", &["{poisson: 1/s}", "{poisson: 2/s}"], Some(&[1.0, 2.0]));
    check(
        "a=lognormal median 80ms p99 200ms..400ms..100ms",
        "a",
        &[
            "lognormal median 80ms p99 200ms",
            "lognormal median 80ms p99 300ms",
            "lognormal median 80ms p99 400ms",
        ],
        Some(&[200.0, 300.0, 400.0]),
    );
    check(
        "a=burst 10..20..10 every 5s",
        "a",
        &["burst 10 every 5s", "burst 20 every 5s"],
        Some(&[10.0, 20.0]),
    );
    check("a=poisson 8/s", "a", &["poisson 8/s"], Some(&[8.0]));
}

#[test]
fn the_ends_of_a_uniform_distribution_are_a_range() {
    check("a=uniform 10ms..20ms", "a", &["uniform 10ms..20ms"], None);
    check(
        "a=uniform 10ms..20ms,uniform 10ms..30ms",
        "a",
        &["uniform 10ms..20ms", "uniform 10ms..30ms"],
        Some(&[20.0, 30.0]),
    );
    check("a={ uniform: 10ms..20ms }", "a", &["{ uniform: 10ms..20ms }"], None);
}

#[test]
fn a_list_is_cut_in_the_wrong_places() {
    check("a=kafka, rabbitmq-quorum", "a", &["kafka", "rabbitmq-quorum"], None);
    check("a=kafka", "a", &["kafka"], None);
    check("a=1..3,8,16", "a", &["1", "2", "3", "8", "16"], Some(&[1.0, 2.0, 3.0, 8.0, 16.0]));
    check("a=1min,30s,500ms", "a", &["1min", "30s", "500ms"], Some(&[60_000.0, 30_000.0, 500.0]));
    check("a=1,11,111", "a", &["1", "11", "111"], Some(&[1.0, 11.0, 111.0]));
    check("a=none,4", "a", &["none", "4"], None);
    check("a=[x, y],[x]", "a", &["[x, y]", "[x]"], None);
    check("a={ at: 1s, crash: b },\"c, d\"", "a", &["{ at: 1s, crash: b }", "\"c, d\""], None);
    check("a=2x,3/s", "a", &["2x", "3/s"], None);
}

#[test]
fn a_wrong_axis_is_no_help() {
    let write = "write PATH=VALUES, such as services.payment.workers=1..8";
    wrong("workers", &format!("`workers`: there is no `=`; {write}"));
    wrong("", &format!("``: there is no `=`; {write}"));
    wrong("=1..8", &format!("`=1..8`: no path stands before the `=`; {write}"));
    wrong("a=", &format!("`a=`: a value is empty; {write}"));
    wrong("a=1,,2", &format!("`a=1,,2`: a value is empty; {write}"));
    wrong("a=1..2,2", "a=1..2,2: the value 2 stands twice");
    let number = "stands where a number should be; a range is written as 1..8 or 5s..30s..5s";
    wrong("a=1..", &format!("a=1..: nothing {number}"));
    wrong("a=..", &format!("a=..: nothing {number}"));
    wrong("a=1...5", &format!("a=1...5: `.5` {number}"));
    wrong("a=x..y", &format!("a=x..y: `x` {number}"));
    wrong("a=1..9999999999999999", &format!("a=1..9999999999999999: `9999999999999999` {number}"));
    wrong("a=1..2..3..4", "a=1..2..3..4: `1..2..3..4` is not a range; write FROM..TO or FROM..TO..STEP");
    wrong("a=1s..5%", "a=1s..5%: its units differ: `%` is none of the others");
}

#[test]
fn a_step_never_gets_there() {
    wrong("a=1..8..0", "a=1..8..0: with a step of 0 it never gets there; write 1..8..1");
    wrong("a=1..8..-1", "a=1..8..-1: with a step below 0 it never gets there; write 1..8..1");
    wrong("a=1..8..10", "a=1..8..10: the step is wider than the range; write 1..8..1");
    wrong("a=0..0.5", "a=0..0.5: a range of decimal numbers needs a step; write 0..0.5..0.1");
    wrong("a=0.00..0.50", "a=0.00..0.50: a range of decimal numbers needs a step; write 0..0.5..0.05");
}

#[test]
fn a_million_points_are_played() {
    wrong(
        "a=1..1000000",
        "a=1..1000000: these are 1000000 values, and an axis has at most 200; take wider steps, such as \
         1..1000000..100000",
    );
    wrong(
        "a=0..1s..1ns",
        "a=0..1s..1ns: these are 1000000001 values, and an axis has at most 200; take wider steps, such as \
         0ns..1000000000ns..100000000ns",
    );
    let listed = (0..201).map(|it| format!("v{it}")).collect::<Vec<_>>().join(",");
    assert!(Axis::read(&format!("a={listed}")).unwrap_err().ends_with("at most 200; name fewer"));
    assert_eq!(Axis::read("a=1..200").unwrap().values.len(), 200);
    assert!(Axis::read("a=1..200,999").is_err());
    assert!(Axis::read("a=1..150,151..201").is_err());
}

#[test]
fn a_wide_range_of_small_steps_is_a_wrong_one() {
    for (from, to) in [("99999999999999d", "0.00000000000001ns"), ("0.00000000000001ns", "99999999999999d")] {
        let said = Axis::read(&format!("a={from}..{to}")).unwrap_err();
        assert!(said.contains("too far apart"), "{said}");
    }
}

#[test]
fn some_axis_panics() {
    const PIECES: [&str; 27] = [
        "=",
        "..",
        ".",
        "1",
        "0",
        "20",
        "999999999999999",
        "s",
        "ms",
        "/s",
        "%",
        ",",
        " ",
        "-",
        "+",
        "poisson ",
        "uniform ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "é",
        "none",
        "d",
        "ns",
    ];
    let mut draw = Stream::new(1, Purpose::Loss, "axes").draw(0, 0);
    let mut right = 0;
    for _ in 0..20_000 {
        let mut text = String::from("a=");
        for _ in 0..=draw.below(8) {
            text += PIECES[draw.below(PIECES.len() as u32) as usize];
        }
        let Ok(axis) = Axis::read(&text) else { continue };
        right += 1;
        assert!((1..=200).contains(&axis.values.len()), "{text}");
        assert!(axis.positions().is_none_or(|found| found.len() == axis.values.len()), "{text}");
    }
    assert!(right > 500, "only {right} were right, so little was tried");
}
