//! The right name that is nearest to a wrong one.

/// The candidate with the fewest changes to `wrong`, if it is near enough to be meant.
pub(crate) fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let length = wrong.chars().count();
    if length > LENGTH_MAX {
        return None;
    }
    let changes_max = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LENGTH_MAX)
        .map(|candidate| (changes(&wrong, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(changes, _)| changes <= changes_max)
        .min_by_key(|&(changes, _)| changes)
        .map(|(_, candidate)| candidate)
}

/// How many letters to change. A part of the right name counts as one change: `charge` for `charge_card`.
fn changes(wrong: &str, right: &str) -> usize {
    const PART_MIN: usize = 4;
    let part = wrong.len().min(right.len()) >= PART_MIN && (wrong.contains(right) || right.contains(wrong));
    if part { 1 } else { strsim::osa_distance(wrong, right) }
}

/// A help that names the nearest candidate, or else lists them.
pub fn suggest(wrong: &str, what: &str, candidates: &[&str]) -> String {
    match nearest(wrong, candidates.iter().copied()) {
        Some(name) => format!("did you mean {name}?"),
        None if candidates.is_empty() => "none is defined yet".into(),
        None => format!("expected {what}: {}", listed(candidates)),
    }
}

/// `a, b or c`; a long list is cut.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => "none".into(),
        [one] => (*one).into(),
        [first @ .., last] if names.len() <= LISTED_MAX => format!("{} or {last}", first.join(", ")),
        _ => format!("{} or one of {} more", names[..LISTED_MAX].join(", "), names.len() - LISTED_MAX),
    }
}

/// Longer names are not compared, because that takes time with the square of the length.
const LENGTH_MAX: usize = 100;
/// How many names a help lists.
const LISTED_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keyboard_is_not_understood() {
        let names = ["payment", "inventory", "orders"];
        assert_eq!(nearest("paymnet", names), Some("payment"));
        assert_eq!(nearest("Orders", names), Some("orders"));
        assert_eq!(nearest("ordering", names), None);
        assert_eq!(nearest("", names), None);
    }
}
