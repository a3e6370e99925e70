//! What may stand in a text at all, and in a name.

use crate::diagnostic::{Place, Problems, Wrong};
use crate::line::expression;
use crate::tree::shortened;

/// The largest text that is read.
pub(crate) const BYTES_MAX: usize = 1 << 20;
/// The longest name.
const NAME_MAX: usize = 60;

/// Reports what no text may contain. The positions are exact, which those of a parser would not be.
pub(crate) fn check(text: &str, problems: &mut Problems) {
    if text.len() > BYTES_MAX {
        let wrong = too_large(text.len());
        problems.error(Place::START, wrong.message, wrong.help);
        return;
    }
    for (line, source) in text.lines().enumerate() {
        for (column, c) in source.chars().enumerate() {
            if let Some(wrong) = forbidden(c).filter(|_| !(line == 0 && column == 0 && c == BYTE_ORDER_MARK))
            {
                let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
                let place = Place { line: number(line), column: number(column) };
                problems.error(place, wrong.message, wrong.help);
            }
        }
    }
}

/// What to say of a text of so many bytes.
pub(crate) fn too_large(bytes: usize) -> Wrong {
    let help = format!("at most {BYTES_MAX} bytes (1 MiB) are read");
    Wrong::new(format!("the file has {bytes} bytes"), help)
}

/// What to say of bytes that are no text.
pub(crate) fn not_utf8(bytes: &[u8]) -> Wrong {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Wrong::new("the file is written in UTF-16", "save it as UTF-8");
    }
    if bytes.contains(&0) {
        return Wrong::new("this is not a text file", "a scenario is a text in YAML or JSON");
    }
    Wrong::new("this character is not written in UTF-8", "save the file as UTF-8")
}

/// Where a byte stands, if everything before it is UTF-8.
pub(crate) fn place_of_byte(bytes: &[u8], index: usize) -> Place {
    let before = String::from_utf8_lossy(bytes.get(..index).unwrap_or_default());
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: number(line), column: number(column) }
}

/// The first character of a text that was written with an escape and may not be there.
pub(crate) fn escaped(text: &str) -> Option<Wrong> {
    text.chars().find_map(forbidden)
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

fn forbidden(c: char) -> Option<Wrong> {
    let code = c as u32;
    let wrong =
        |what: &str, help: &str| Some(Wrong::new(format!("{what} (U+{code:04X}) is in the text"), help));
    match c {
        '\t' | '\n' | '\r' => None,
        '\0' => wrong("a zero byte", "this does not look like a text file"),
        c if c.is_control() => wrong("a control character", "remove it"),
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => wrong(
            "a mark that turns the direction of writing",
            "remove it: it can make a text look like another",
        ),
        '\u{00AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | BYTE_ORDER_MARK => {
            wrong("an invisible character", "remove it: two names could look the same")
        }
        _ => None,
    }
}

/// What names may consist of, as a regular expression for editors.
#[cfg(feature = "schema")]
pub(crate) const NAME_PATTERN: &str =
    r"^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.\-]| (?! )){0,58}[\p{L}\p{M}\p{N}_.\-]?$";

/// Whether this can be the name of a part.
pub(crate) fn name(text: &str) -> Result<(), Wrong> {
    const HELP: &str = "a name consists of letters, digits, `_`, `-`, `.` and single spaces, at most 60 characters, \
                        and begins with a letter, a digit or `_`";
    let shown = shortened(text);
    let problem = if text.is_empty() {
        Some("a name is empty".into())
    } else if text.chars().count() > NAME_MAX {
        Some(format!("the name `{shown}` has {} characters", text.chars().count()))
    } else if let Some(c) = text.chars().find(|&c| !(c.is_alphanumeric() || "_-. ".contains(c))) {
        Some(format!("the name `{shown}` contains `{}`", c.escape_debug()))
    } else if text.starts_with(['-', '.', ' ']) || text.ends_with(' ') || text.contains("  ") {
        Some(format!("the name `{shown}` begins wrongly or has spaces that nobody sees"))
    } else {
        None
    };
    problem.map_or(Ok(()), |problem| Err(Wrong::new(problem, HELP)))
}

/// Whether this can be the name of a fact, field, cell or figure: one without spaces, because they stand in
/// expressions.
pub(crate) fn term(text: &str) -> Result<(), Wrong> {
    const OPERATORS: [&str; 4] = ["and", "or", "not", "implies"];
    if text.contains(['<', '>', '=', '+', '*', '/', '(']) {
        let message = format!("`{}` is an expression, and here stands a name", shortened(text));
        return Err(Wrong::new(message, "write a name, such as `paid`"));
    }
    name(text)?;
    if OPERATORS.contains(&text) || expression::word(text).is_some() {
        let message = format!("`{text}` is a word of expressions");
        return Err(Wrong::new(message, "take another name, such as `paid`"));
    }
    if text.contains(' ') || text.starts_with(|c: char| c.is_numeric()) {
        let message = format!("`{}` cannot be a name in expressions", shortened(text));
        return Err(Wrong::new(message, "expected a letter first and no spaces, such as `paid`"));
    }
    Ok(())
}
