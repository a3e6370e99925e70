//! What a request carries in a field: `7`, `5 to 100`, `request`.

use topology::FieldValue;

use super::{Word, unfinished, value, words};
use crate::diagnostic::Wrong;
use crate::nearest::nearest;

/// What is expected, in messages.
pub(crate) const EXPECTED: &str = "a whole number, two of them such as `5 to 100`, or `request`";

/// Reads what a field is given.
pub(crate) fn read(line: &str) -> Result<FieldValue, Wrong> {
    let words = words(line);
    match words.as_slice() {
        [] => Err(Wrong::new("nothing is said", format!("expected {EXPECTED}"))),
        [Word { text: "request", .. }] => Ok(FieldValue::Request),
        [number] => match value(*number, whole) {
            Err(wrong) if nearest(number.text, ["request"]).is_some() => {
                Err(Wrong { help: "did you mean request?".into(), ..wrong })
            }
            number => number.map(FieldValue::Number),
        },
        [least, Word { text: "to", .. }, most] => {
            let (least, most) = (value(*least, whole)?, value(*most, whole)?);
            if least > most {
                let message = format!("{least} is greater than {most}");
                return Err(Wrong::new(message, "write the least first, such as `5 to 100`"));
            }
            Ok(FieldValue::Between { least, most })
        }
        all => Err(unfinished(all, "5 to 100")),
    }
}

fn whole(text: &str) -> Result<i32, Wrong> {
    let wrong = |what: &str| Wrong::new(format!("`{text}` {what}"), format!("expected {EXPECTED}"));
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("is not a whole number"));
    }
    text.parse().map_err(|_| wrong("is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_given_something_else() {
        assert_eq!(read("7"), Ok(FieldValue::Number(7)));
        assert_eq!(read("-7"), Ok(FieldValue::Number(-7)));
        assert_eq!(read("-5 to 100"), Ok(FieldValue::Between { least: -5, most: 100 }));
        assert_eq!(read("request"), Ok(FieldValue::Request));
        for line in
            ["", "-", "7.5", "+7", "5..100", "100 to 5", "5 to", "1 2", "requests", "3000000000", "5s"]
        {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
