//! Redis' glob patterns.

/// Where the part of a pattern ends that every subject it matches begins with, byte for byte.
pub(super) fn literal(pattern: &str) -> &str {
    pattern.split(['*', '?', '[', '\\']).next().unwrap_or(pattern)
}

/// Whether `pattern` matches `subject`, as Redis' `stringmatchlen` answers.
///
/// Everything but `*` takes exactly one byte, so only the last `*` has to be tried again: if what stands
/// behind it fits nowhere, an earlier one that takes more cannot help.
pub(super) fn matches(pattern: &[u8], subject: &[u8]) -> bool {
    if subject.is_empty() {
        return pattern.is_empty(); // Redis looks at a pattern, even `*`, only while something is left
    }
    let (mut at, mut met) = (0, 0);
    let mut retry = None;
    while let Some(&byte) = subject.get(met) {
        if pattern.get(at) == Some(&b'*') {
            at += 1;
            retry = Some((at, met));
        } else if let Some(after) = take(pattern, at, byte) {
            (at, met) = (after, met + 1);
        } else if let Some((after, taken)) = &mut retry {
            *taken += 1;
            (at, met) = (*after, *taken);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&rest| rest == b'*')
}

/// Where the pattern goes on after what stands at `at`, if that matches `byte`.
fn take(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    let (fits, after) = match pattern[at..] {
        [] => return None,
        [b'?', ..] => (true, at + 1),
        [b'[', ..] => bracket(pattern, at + 1, byte),
        [b'\\', escaped, ..] => (escaped == byte, at + 2),
        [literal, ..] => (literal == byte, at + 1),
    };
    fits.then_some(after)
}

/// Whether the bracket whose inside begins at `at` matches `byte`, and where the pattern goes on.
///
/// A bracket without an end takes in the rest of the pattern. A range takes whatever stands behind its
/// hyphen, even the closing bracket, and may be written from either end.
fn bracket(pattern: &[u8], mut at: usize, byte: u8) -> (bool, usize) {
    let negated = pattern.get(at) == Some(&b'^');
    if negated {
        at += 1;
    }
    let mut fits = false;
    loop {
        at += match pattern[at..] {
            [] => return (fits != negated, at),
            [b'\\', escaped, ..] => {
                fits |= escaped == byte;
                2
            }
            [b']', ..] => return (fits != negated, at + 1),
            [one, b'-', other, ..] => {
                // C's `char` has a sign on x86-64.
                let (one, other, byte) = (one as i8, other as i8, byte as i8);
                fits |= one.min(other) <= byte && byte <= one.max(other);
                3
            }
            [literal, ..] => {
                fits |= literal == byte;
                1
            }
        }
    }
}
