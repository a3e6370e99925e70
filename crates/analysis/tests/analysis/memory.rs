//! How much the fold keeps: what it knows of a case only as long as that can change.

use kernel::Span;
use topology::{Promise, RecordKind};

use crate::tape::{PAID, SHIPPED, Tape, fact, plan};

/// Cases that come every millisecond and take 20 ms each; every seventh is never paid. Returns for how many there
/// was room in the end.
fn rooms(cases: u64, promises: &[Promise]) -> usize {
    let mut tape = Tape::new(&plan(promises));
    for millis in 0..cases + 20 {
        if millis < cases {
            tape.starts(millis);
        }
        if let Some(begun) = millis.checked_sub(20) {
            let case = begun as u32;
            tape.add(millis, case, RecordKind::CaseAnswered);
            if !case.is_multiple_of(7) {
                tape.set(millis, case, PAID, (0, 1));
            }
            tape.ends(millis, case);
        }
        // Only the fold is to be weighed.
        tape.records.clear();
    }
    tape.passes(cases + 5_000);
    assert_eq!(tape.fold.cases().ended, cases);
    tape.fold.cases_kept_max()
}

#[test]
fn what_is_known_of_a_case_is_kept_for_ever() {
    let promises = [Promise::Never(fact(SHIPPED)), Promise::Finally(fact(PAID))];
    let few = rooms(10_000, &promises);
    assert!((20..=22).contains(&few), "{few}");
    assert_eq!(rooms(100_000, &promises), few);
}

#[test]
fn a_case_that_is_decided_is_kept_until_its_time_is_up() {
    let within = Promise::Within { span: Span::from_millis(1_000), reach: vec![PAID] };
    let few = rooms(10_000, std::slice::from_ref(&within));
    // Of those that are over, the promise waits only for every seventh.
    assert!((20 + 980 / 7 - 2..=20 + 980 / 7 + 4).contains(&few), "{few}");
    assert_eq!(rooms(100_000, &[within]), few);
}

#[test]
fn one_case_that_never_ends_keeps_all_the_others() {
    let mut tape = Tape::new(&plan(&[Promise::Finally(fact(PAID))]));
    tape.starts(0);
    for millis in 1..100_000 {
        let case = tape.starts(millis);
        tape.ends(millis, case);
    }
    assert_eq!(tape.fold.cases_kept_max(), 2);
    assert_eq!(tape.check().undecided, 1);
}
