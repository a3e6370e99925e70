//! Patterns with their targets, found by subject.

use super::trie::{Numbers, Place, Trie, merge};
use super::{Grammar, glob};

/// Bindings: patterns of one grammar, each with a target, which is a number of the caller's.
///
/// What [`matching`](Bindings::matching) costs depends on the subject and on the bindings that match, and
/// hardly on how many do not:
///
/// - the grammars of words look their patterns up word by word, in a trie;
/// - [`Exact`](Grammar::Exact) looks the subject up in a sorted map;
/// - [`RedisGlob`](Grammar::RedisGlob) looks up the beginnings of the subject, and compares it with each
///   pattern that has one of these up to its first special character. Those of them that do not match do cost
///   time, and a pattern that begins with `*` costs it for every subject.
#[derive(Clone, Debug)]
pub struct Bindings {
    grammar: Grammar,
    /// In order of insertion. A binding's number is its index here.
    entries: Vec<Entry>,
    /// How many of the entries were removed.
    removed: usize,
    /// The number of the latest binding with this target and pattern, written as [`key`] does.
    numbers: Numbers,
    trie: Trie,
    /// How many bytes the patterns of globs have up to the first special character, each length once,
    /// ascending.
    literal_lengths: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Entry {
    pattern: Box<str>,
    target: u32,
    /// Where the pattern ends in the trie; `None` if it matches nothing, or everything.
    place: Option<Place>,
    removed: bool,
}

/// So many removed entries are kept before it pays to clear them away.
const REMOVED_MIN: usize = 32;

impl Bindings {
    /// No bindings, for patterns of this grammar.
    pub fn new(grammar: Grammar) -> Self {
        Bindings {
            grammar,
            entries: Vec::new(),
            removed: 0,
            numbers: Numbers::new(),
            trie: Trie::new(),
            literal_lengths: Vec::new(),
        }
    }

    /// The grammar of all patterns.
    pub fn grammar(&self) -> Grammar {
        self.grammar
    }

    /// How many bindings there are.
    pub fn len(&self) -> usize {
        self.entries.len() - self.removed
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every binding with its pattern and target, in order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.entries.iter().filter(|entry| !entry.removed).map(|entry| (&*entry.pattern, entry.target))
    }

    /// Binds. The same pattern with the same target twice is one binding, in its first place.
    ///
    /// A pattern that [`Grammar::check`] refuses is kept, but matches nothing.
    pub fn insert(&mut self, pattern: &str, target: u32) {
        let key = key(pattern, target);
        if self.number(&key).is_some() {
            return;
        }
        let number = self.entries.len() as u32; // memory ends long before 2^32 entries
        let place = self.place(pattern);
        if let Some(place) = place {
            self.trie.bind(place, number);
        }
        self.numbers.insert(key, number);
        self.entries.push(Entry { pattern: pattern.into(), target, place, removed: false });
    }

    /// Unbinds; whether there was such a binding.
    pub fn remove(&mut self, pattern: &str, target: u32) -> bool {
        let Some(number) = self.number(&key(pattern, target)) else { return false };
        let entry = &mut self.entries[number as usize];
        entry.removed = true;
        if let Some(place) = entry.place {
            self.trie.unbind(place, number);
        }
        self.removed += 1;
        if self.removed >= REMOVED_MIN && self.removed > self.len() {
            self.clear_away();
        }
        true
    }

    /// Puts the target of every binding that matches behind what is in `found`, in the order in which the
    /// bindings were inserted: one entry for each binding, so a target with two matching patterns is there
    /// twice.
    pub fn matching(&self, subject: &str, found: &mut Vec<u32>) {
        let start = found.len();
        match self.grammar {
            Grammar::Everything => return found.extend(self.iter().map(|(_, target)| target)),
            Grammar::Exact => {
                if let Some(place) = self.trie.named(subject) {
                    found.extend_from_slice(self.trie.bindings(place));
                }
            }
            Grammar::Amqp | Grammar::Mqtt | Grammar::Nats => {
                if let Some(words) = self.grammar.words() {
                    self.trie.matching(words, subject, found);
                }
            }
            Grammar::RedisGlob => self.matching_globs(subject, found),
        }
        for number in &mut found[start..] {
            *number = self.entries[*number as usize].target;
        }
    }

    fn matching_globs(&self, subject: &str, found: &mut Vec<u32>) {
        let start = found.len();
        let mut matching = Vec::new();
        for &length in &self.literal_lengths {
            let Some(place) = subject.get(..length).and_then(|beginning| self.trie.named(beginning)) else {
                continue;
            };
            matching.clear();
            for &number in self.trie.bindings(place) {
                if self.grammar.matches(&self.entries[number as usize].pattern, subject) {
                    matching.push(number);
                }
            }
            merge(found, start, &matching);
        }
    }

    /// Where in the trie this pattern ends, if it has to be looked up there.
    fn place(&mut self, pattern: &str) -> Option<Place> {
        let words = self.grammar.words();
        match self.grammar {
            Grammar::Everything => None,
            Grammar::Exact => Some(self.trie.end(None, pattern)),
            Grammar::RedisGlob => {
                let literal = glob::literal(pattern);
                if let Err(index) = self.literal_lengths.binary_search(&literal.len()) {
                    self.literal_lengths.insert(index, literal.len());
                }
                Some(self.trie.end(None, literal))
            }
            Grammar::Amqp | Grammar::Mqtt | Grammar::Nats => {
                self.grammar.check(pattern).is_ok().then(|| self.trie.end(words, pattern))
            }
        }
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.numbers.get(key).copied().filter(|&number| !self.entries[number as usize].removed)
    }

    /// Forgets the removed entries, and what only they needed in the trie.
    fn clear_away(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        *self = Bindings::new(self.grammar);
        for Entry { pattern, target, removed, .. } in entries {
            if !removed {
                self.insert(&pattern, target);
            }
        }
    }
}

/// Pattern and target as one text, so that they need no map of a type of their own. A number has no line end.
fn key(pattern: &str, target: u32) -> Box<str> {
    format!("{target}\n{pattern}").into()
}
