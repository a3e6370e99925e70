//! What matches what, written from the definitions, and as slow as may be.

use channel::routing::Grammar;

pub fn matches(grammar: Grammar, pattern: &str, subject: &str) -> bool {
    match grammar {
        Grammar::Everything => true,
        Grammar::Exact => pattern == subject,
        Grammar::Amqp => amqp(pattern, subject),
        Grammar::Mqtt => mqtt(pattern, subject),
        Grammar::Nats => nats(pattern, subject),
        Grammar::RedisGlob if subject.is_empty() => pattern.is_empty(),
        Grammar::RedisGlob => glob(&parts(pattern.as_bytes()), subject.as_bytes()),
    }
}

fn amqp(pattern: &str, subject: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        if text.is_empty() { Vec::new() } else { text.split('.').map(str::to_owned).collect() }
    };
    words(&split(pattern), &split(subject), "*", "#", 0)
}

fn mqtt(pattern: &str, subject: &str) -> bool {
    let split = |text: &str| -> Vec<String> { text.split('/').map(str::to_owned).collect() };
    let levels = split(pattern);
    let misplaced = |(index, level): (usize, &String)| {
        level.contains(['+', '#']) && level.len() > 1 || level == "#" && index + 1 < levels.len()
    };
    if pattern.is_empty() || subject.is_empty() || levels.iter().enumerate().any(misplaced) {
        return false;
    }
    !(subject.starts_with('$') && pattern.starts_with(['+', '#']))
        && words(&levels, &split(subject), "+", "#", 0)
}

fn nats(pattern: &str, subject: &str) -> bool {
    let split = |text: &str| -> Vec<String> { text.split('.').map(str::to_owned).collect() };
    let tokens = split(pattern);
    let misplaced = tokens.iter().rev().skip(1).any(|token| token == ">");
    if misplaced || tokens.iter().chain(&split(subject)).any(String::is_empty) {
        return false;
    }
    words(&tokens, &split(subject), "*", ">", 1)
}

fn words(pattern: &[String], subject: &[String], one: &str, many: &str, many_min: usize) -> bool {
    match pattern {
        [] => subject.is_empty(),
        [word, rest @ ..] if word == many => {
            (many_min..=subject.len()).any(|taken| words(rest, &subject[taken..], one, many, many_min))
        }
        [word, rest @ ..] => {
            subject.first().is_some_and(|met| word == one || word == met)
                && words(rest, &subject[1..], one, many, many_min)
        }
    }
}

/// A part of a glob: any bytes, or one byte of those that are marked.
enum Part {
    Any,
    OneOf(Box<[bool; 256]>),
}

fn only(byte: u8) -> Part {
    let mut marked = [false; 256];
    marked[usize::from(byte)] = true;
    Part::OneOf(Box::new(marked))
}

fn parts(mut pattern: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some((&byte, rest)) = pattern.split_first() {
        pattern = rest;
        parts.push(match (byte, rest.first()) {
            (b'*', _) => Part::Any,
            (b'?', _) => Part::OneOf(Box::new([true; 256])),
            (b'\\', Some(&escaped)) => {
                pattern = &rest[1..];
                only(escaped)
            }
            (b'[', _) => {
                let inside;
                (inside, pattern) = bracket(rest);
                Part::OneOf(Box::new(inside))
            }
            _ => only(byte),
        });
    }
    parts
}

/// The bytes that a bracket matches, and the pattern behind it.
fn bracket(inside: &[u8]) -> ([bool; 256], &[u8]) {
    let mut marked = [false; 256];
    let negated = inside.starts_with(b"^");
    let mut at = usize::from(negated);
    while at < inside.len() && inside[at] != b']' {
        let left = inside.len() - at;
        if inside[at] == b'\\' && left >= 2 {
            at += 1;
            marked[usize::from(inside[at])] = true;
        } else if left >= 3 && inside[at + 1] == b'-' {
            let signed = |byte: u8| i32::from(byte.cast_signed());
            let ends = [signed(inside[at]), signed(inside[at + 2])];
            let range = ends[0].min(ends[1])..=ends[0].max(ends[1]);
            (0..=255).filter(|&byte| range.contains(&signed(byte))).for_each(|byte| {
                marked[usize::from(byte)] = true;
            });
            at += 2;
        } else {
            marked[usize::from(inside[at])] = true;
        }
        at += 1;
    }
    let behind = inside.get(at + 1..).unwrap_or_default();
    (marked.map(|marked| marked != negated), behind)
}

fn glob(parts: &[Part], subject: &[u8]) -> bool {
    match parts {
        [] => subject.is_empty(),
        [Part::Any, rest @ ..] => (0..=subject.len()).any(|taken| glob(rest, &subject[taken..])),
        [Part::OneOf(marked), rest @ ..] => {
            subject.first().is_some_and(|&byte| marked[usize::from(byte)]) && glob(rest, &subject[1..])
        }
    }
}
