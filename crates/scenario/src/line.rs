//! The small languages of one line: `lognormal median 80ms p99 300ms`, `poisson 5/s`, `paid > 1`.

pub(crate) mod arrivals;
pub(crate) mod carried;
pub(crate) mod distribution;
pub(crate) mod expression;
pub(crate) mod policy;

use crate::diagnostic::Wrong;
use crate::nearest::suggest;

/// A word of a line, with how many characters stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub offset: usize,
    pub text: &'a str,
}

/// The words of a line. Commas and square brackets only separate, so that `at [1s, 2s]` reads like `at 1s 2s`.
pub(crate) fn words(line: &str) -> Vec<Word<'_>> {
    let is_gap = |c: char| c.is_whitespace() || c == ',' || c == '[' || c == ']';
    let mut words = Vec::new();
    let mut start = None;
    for (offset, (byte, c)) in line.char_indices().enumerate() {
        match (start, is_gap(c)) {
            (None, false) => start = Some((offset, byte)),
            (Some((offset, from)), true) => {
                words.push(Word { offset, text: &line[from..byte] });
                start = None;
            }
            (None, true) | (Some(_), false) => {}
        }
    }
    if let Some((offset, from)) = start {
        words.push(Word { offset, text: &line[from..] });
    }
    words
}

/// The value of a word, or what is wrong with it, at its place in the line.
pub(crate) fn value<T>(word: Word<'_>, read: impl Fn(&str) -> Result<T, Wrong>) -> Result<T, Wrong> {
    read(word.text).map_err(|wrong| wrong.moved(word.offset))
}

/// The same for each of several words.
pub(crate) fn values<T>(
    words: &[Word<'_>],
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<Vec<T>, Wrong> {
    words.iter().map(|&word| value(word, &read)).collect()
}

/// The line begins well and then does not say what it must, which `form` shows.
pub(crate) fn unfinished(words: &[Word<'_>], form: &str) -> Wrong {
    let shown: Vec<&str> = words.iter().map(|word| word.text).collect();
    Wrong::new(
        format!("`{}` is not complete or says too much", shown.join(" ")),
        format!("write it like `{form}`"),
    )
}

/// The line begins with a word that means nothing here.
pub(crate) fn unknown(word: Word<'_>, what: &str, names: &[&str]) -> Wrong {
    let message = format!("`{}` is not {what}", word.text);
    Wrong { offset: word.offset, message, help: suggest(word.text, what, names) }
}
