//! Several names in a sentence.

/// `a, b and c`; a long list is cut.
pub(crate) fn listed(words: &[impl AsRef<str>]) -> String {
    let (shown, more) = match words.len().checked_sub(LISTED_MAX) {
        Some(more @ 1..) => (&words[..LISTED_MAX], Some(format!("{more} more"))),
        Some(0) | None => (words, None),
    };
    let mut parts: Vec<&str> = shown.iter().map(AsRef::as_ref).collect();
    parts.extend(more.as_deref());
    match &parts[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}

/// So many are named.
pub(crate) const LISTED_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_not_said_as_people_say_it() {
        assert_eq!(listed(&[] as &[&str]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a"; 10]), "a, a, a, a, a, a, a, a, a and a");
        assert_eq!(listed(&["a"; 12]), "a, a, a, a, a, a, a, a, a, a and 2 more");
    }
}
