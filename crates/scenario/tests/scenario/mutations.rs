//! Whatever the text is: a scenario or at least one error, never both, and never a panic.

use std::panic::catch_unwind;

use crate::presets::PRESETS;

/// A sequence of numbers that is the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

/// Pieces that mean something somewhere, and so do the most harm in the wrong place.
const PIECES: [&str; 58] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "- ",
    "\n",
    "\n  ",
    "\n      ",
    "\t",
    "#",
    "'",
    "\"",
    "|",
    ">",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "? ",
    "%",
    "@",
    "`",
    "<<",
    "~",
    "null",
    "0",
    "-1",
    "99999999999999999999",
    "80ms",
    "5/s",
    "%TAG",
    "\\",
    "\u{FEFF}",
    "\r",
    "é",
    "work",
    "reply",
    "{ call: { to: orders, send: place_order } }",
    "lognormal median",
    "..",
    "profile: kafka",
    "groups: { a: [b] }",
    "bindings: { a: '#' }",
    "dead_letter: jobs",
    "subjects: { asked: a..b }",
    "{ retry: { attempts: forever }, steps: [fail] }",
    "{ wait: { until: seen, for: 1s }, else: [reply] }",
    "undo: [fail]",
    "parallel: [[work], [fail]]",
    "with: { amount: 1 + amount }",
    "steps: [",
    "else: [",
    "until: ",
    "none",
];

fn mutated(numbers: &mut Numbers, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(characters.len() + 1);
        let length = numbers.below(40).min(characters.len() - at);
        let piece: Vec<char> = match numbers.below(4) {
            0 => Vec::new(),
            1 => {
                let from = numbers.below(characters.len().saturating_sub(40));
                let to = characters.len().min(from + numbers.below(40));
                characters[from..to].to_vec()
            }
            _ => PIECES[numbers.below(PIECES.len())].chars().collect(),
        };
        let replaced = if numbers.below(3) == 0 { length } else { 0 };
        characters.splice(at..at + replaced, piece);
    }
    characters.into_iter().collect()
}

fn check(text: &str, name: &str) {
    let Ok(reading) = catch_unwind(|| scenario::read(text)) else {
        panic!("{name} panics:\n{text}\n{text:?}");
    };
    let any_error = reading.diagnostics.iter().any(|it| it.severity == scenario::Severity::Error);
    assert_eq!(reading.scenario.is_none(), any_error, "{name}: a scenario or an error, not both:\n{text}");
    for diagnostic in reading.diagnostics {
        assert!(diagnostic.line >= 1 && diagnostic.column >= 1, "{name}: {diagnostic} has no place");
        assert!(
            !diagnostic.message.is_empty() && !diagnostic.help.is_empty(),
            "{name}: {diagnostic} says nothing"
        );
    }
}

fn mutate(rounds: u64) {
    let everything = ("everything", include_str!("../files/everything.yaml"));
    let steps = ("steps", include_str!("../files/steps.yaml"));
    for (name, text) in PRESETS.into_iter().chain([everything, steps]) {
        for seed in 0..rounds {
            let mut numbers = Numbers(seed);
            check(&mutated(&mut numbers, text), &format!("{name}, seed {seed}"));
        }
    }
}

#[test]
fn a_mutated_preset_panics() {
    mutate(300);
}

#[test]
#[ignore = "takes minutes: for a new version of the YAML parser"]
fn a_mutated_preset_panics_in_the_long_run() {
    mutate(100_000);
    cook(1_000_000);
}

#[test]
fn a_soup_of_pieces_panics() {
    cook(2_000);
}

fn cook(rounds: u64) {
    for seed in 0..rounds {
        let mut numbers = Numbers(seed);
        let soup: String = (0..numbers.below(60)).map(|_| PIECES[numbers.below(PIECES.len())]).collect();
        check(&soup, &format!("soup, seed {seed}"));
    }
}

#[test]
fn a_preset_that_is_cut_off_panics() {
    for (name, text) in PRESETS {
        for (end, _) in text.char_indices().step_by(7) {
            check(&text[..end], &format!("{name} up to {end}"));
        }
    }
}

#[test]
fn bytes_that_are_no_text_panic() {
    for seed in 0..2_000 {
        let mut numbers = Numbers(seed);
        let bytes: Vec<u8> = (0..numbers.below(200)).map(|_| numbers.below(256) as u8).collect();
        let reading = scenario::read_bytes(&bytes);
        assert!(reading.scenario.is_none() && !reading.diagnostics.is_empty());
    }
}

#[test]
fn a_text_that_repeats_one_thing_hangs() {
    const PIECES: [&str; 24] = [
        "[",
        "{",
        "- ",
        "? ",
        "&a ",
        "a: ",
        "\n",
        "'",
        "\"",
        "#",
        "[a, ",
        "{a: ",
        "a: b\n",
        "- a\n",
        "- - ",
        "*a ",
        "|\n",
        "[],",
        "'a' ",
        "\"a\": ",
        "[a]: ",
        "&a [*a,",
        "- {a: 1}\n",
        "\\",
    ];
    for piece in PIECES {
        for beginning in ["", "[", "{a: ", "a:\n  - ", "a: >\n  ", "a: \"", "clients: {", "title: "] {
            let text = format!("{beginning}{}", piece.repeat((1 << 14) / piece.len()));
            check(&text, &format!("{beginning:?} and many {piece:?}"));
        }
    }
}
