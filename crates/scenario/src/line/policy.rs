//! Small numbers of handlers: how often, how much longer, which versions.

use crate::diagnostic::Wrong;
use crate::tree::shortened;
use crate::units::read_number;

/// What a number of attempts is, for messages.
pub(crate) const ATTEMPTS: &str = "a whole number from 1 to 65535, or `forever`";
/// What a growth is, for messages.
pub(crate) const GROWTH: &str = "a number from 1 to 1000, such as 2";
/// What schema versions are, for messages.
pub(crate) const VERSIONS: &str = "a schema version or a range of them, such as 1 or 1 to 2";

/// How many attempts there are; `None`: any number.
pub(crate) fn attempts(text: &str) -> Result<Option<u16>, Wrong> {
    match (text, text.parse()) {
        ("forever", _) => Ok(None),
        (_, Ok(attempts)) if attempts > 0 && !text.starts_with('+') => Ok(Some(attempts)),
        _ => Err(no(text, "a number of attempts", ATTEMPTS)),
    }
}

/// By how much each pause is longer than the one before.
pub(crate) fn growth(text: &str) -> Result<f64, Wrong> {
    let growth = read_number(text, GROWTH)?;
    match growth {
        1.0..=1000.0 => Ok(growth),
        _ => Err(Wrong::new(format!("a growth of {text} is out of range"), format!("expected {GROWTH}"))),
    }
}

/// The least and the greatest version.
pub(crate) fn versions(text: &str) -> Result<(i32, i32), Wrong> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let version = |text: &str| text.parse::<u16>().ok().filter(|it| *it > 0).map(i32::from);
    let range = match words.as_slice() {
        [one] => version(one).zip(version(one)),
        [from, "to", to] => version(from).zip(version(to)),
        _ => None,
    };
    match range {
        Some((from, to)) if from > to => {
            let help = format!("the lower version comes first: {to} to {from}");
            Err(Wrong::new(format!("no version is in the range {from} to {to}"), help))
        }
        Some(range) => Ok(range),
        None => Err(no(text, "a schema version", VERSIONS)),
    }
}

fn no(text: &str, what: &str, expected: &str) -> Wrong {
    Wrong::new(format!("`{}` is not {what}", shortened(text)), format!("expected {expected}"))
}
