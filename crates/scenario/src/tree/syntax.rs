//! What the parser says when a text is not YAML, in words for people who write scenarios.

use saphyr_parser::ScanError;

use crate::diagnostic::{Place, Problems};

/// Reports where the text stops being YAML.
pub(super) fn report(text: &str, error: &ScanError, problems: &mut Problems) {
    let mark = error.marker();
    let line = mark.line().max(1);
    let place = Place { line: number(line), column: number(mark.col() + 1) };
    let source = text.lines().nth(line - 1).unwrap_or_default();
    if let Some((line, column)) = tab_in_indentation(text, line) {
        let place = Place { line: number(line), column: number(column) };
        problems.error(place, "a tab is used for indentation", "use spaces, for example two for each level");
    } else if let Some((column, word)) = braces_after_word(source) {
        let message = format!("braces or brackets cannot follow `{word}` here");
        problems.error(place_in(line, column), message, one_line_help(word));
    } else {
        let (message, help) = explain(error.info());
        problems.error(place, message, help);
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn place_in(line: usize, column: usize) -> Place {
    Place { line: number(line), column: number(column) }
}

/// A tab before the first word of the line at which the parser stopped, or of the one before.
fn tab_in_indentation(text: &str, line: usize) -> Option<(usize, usize)> {
    let first = line.saturating_sub(1).max(1);
    text.lines().enumerate().skip(first - 1).take(line + 1 - first).find_map(|(index, source)| {
        let indentation = source.len() - source.trim_start().len();
        source[..indentation].find('\t').map(|column| (index + 1, column + 1))
    })
}

/// The words after which people put braces, because other tools print them so.
const FORMS: [(&str, &str); 9] = [
    (
        "lognormal",
        "lognormal median 80ms p99 300ms`, or as a mapping `{ lognormal: { median: 80ms, p99: 300ms } }",
    ),
    ("uniform", "uniform 10ms..20ms`, or as a mapping `{ uniform: { low: 10ms, high: 20ms } }"),
    ("exponential", "exponential 30ms`, or as a mapping `{ exponential: { mean: 30ms } }"),
    ("pareto", "pareto minimum 10ms shape 2.5`, or as a mapping `{ pareto: { minimum: 10ms, shape: 2.5 } }"),
    ("empirical", "empirical 10ms 20ms`, or as a mapping `{ empirical: [10ms, 20ms] }"),
    ("ramp", "ramp 1/s to 20/s over 30s`, or as a mapping `{ ramp: { from: 1/s, to: 20/s, over: 30s } }"),
    ("burst", "burst 20 every 5s`, or as a mapping `{ burst: 20, every: 5s }"),
    ("users", "users 10 thinking 2s`, or as a mapping `{ users: 10, thinking: 2s }"),
    ("at", "at 1s 2s`, or as a mapping `{ at: [1s, 2s] }"),
];

/// The column and the word of `word {` or `word [` in a line.
fn braces_after_word(source: &str) -> Option<(usize, &'static str)> {
    FORMS.iter().find_map(|(word, _)| {
        source.match_indices(word).find_map(|(start, _)| {
            let after = source[start + word.len()..].trim_start();
            let before = source[..start].chars().next_back();
            let whole_word = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
            let braces = after.starts_with('{') || after.starts_with('[');
            (whole_word && braces).then(|| (source[..start].chars().count() + 1, *word))
        })
    })
}

fn one_line_help(word: &str) -> String {
    let form = FORMS.iter().find(|(known, _)| *known == word).map_or("", |(_, form)| form);
    format!("on one line write `{form}`")
}

/// What the parser's complaints mean here: a piece of its message, what is wrong, how to mend it.
const COMPLAINTS: [(&str, &str, &str); 22] = [
    (
        "recursion limit",
        "parts stand in each other far too deep",
        "make it flatter: at most 64 deep are read",
    ),
    (
        "indentation in quoted",
        "a quote is not closed",
        "add the closing quote; further lines of a quoted text are indented",
    ),
    (
        "mapping values are not allowed",
        "a `:` stands where no key can be",
        "one key to a line, with keys of the same mapping below each other; put quotes around a text with `: ` in it",
    ),
    (
        "simple key expect",
        "a key has no `:` after it",
        "write `key: value`, or `- ` before an item of a list",
    ),
    ("did not find expected key", "this line does not fit into the mapping above it", ALIGN),
    (
        "did not find expected '-'",
        "this line does not fit into the list above it",
        "begin every item with `- `",
    ),
    ("did not find expected ',' or '}'", "a `{` is not closed", "expected `,` or `}`"),
    ("expected ',' or ']'", "a `[` is not closed", "expected `,` or `]`"),
    ("found unexpected end of stream", "a quote is not closed", "add the closing quote"),
    ("unexpected end of stream", "the text ends in the middle of something", "close what is open"),
    ("unexpected eof", "the text ends in the middle of something", "close what is open"),
    ("indentation for anchor", "this line is not indented like its neighbours", ALIGN),
    ("invalid indentation", "a `{` or `[` before this line is not closed", "expected `,`, `}` or `]`"),
    ("wrongly indented", "this line of a text is indented less than its first line", ALIGN),
    ("tab", "a tab stands where only spaces can", "use spaces"),
    ("block sequence entries are not allowed", "a `- ` stands where no list can be", ALIGN),
    (
        "unknown anchor",
        "this alias (`*name`) stands for nothing",
        "define it before with `&name`, or put quotes around it",
    ),
    ("misplaced bracket", "a closing bracket was never opened", "remove it, or open it before"),
    ("unexpected character", "this character cannot begin a value", "put quotes around the value"),
    (
        "Unicode character escape code",
        "this `\\u` stands for no character of its own",
        "write the character itself; the pairs of codes that JSON uses for some are not read",
    ),
    (
        "unknown escape",
        "this `\\` is not followed by a known letter",
        "use single quotes, in which `\\` means itself",
    ),
    ("trailing content", "something follows a closing quote", "put all of it inside the quotes"),
];

const ALIGN: &str = "keys that belong together begin in the same column";

fn explain(info: &str) -> (String, String) {
    match COMPLAINTS.iter().find(|(part, _, _)| info.contains(part)) {
        Some((_, message, help)) => ((*message).into(), (*help).into()),
        None => (format!("this is not YAML: {info}"), "see how the presets are written".into()),
    }
}
