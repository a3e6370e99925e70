//! Numbers by name.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The number that belongs to a name. It is the only map of this crate, and where a number says nothing its only
/// set, because each further type of map would weigh 3 KB on the page.
pub(crate) type Index<'a> = BTreeMap<Cow<'a, str>, usize>;

/// Two names as one. A name has no lines.
pub(crate) fn joined(one: &str, other: &str) -> Cow<'static, str> {
    Cow::Owned(format!("{one}\n{other}"))
}
