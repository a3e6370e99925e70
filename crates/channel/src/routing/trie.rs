//! The bindings by the words of their patterns.
//!
//! ```text
//!   order.*.created   order.#        (root) --order--> ( ) --*--> ( ) --created--> (0)
//!                                                       '---#--> (1)
//! ```

use std::collections::BTreeMap;

use super::words::Words;

/// Numbers by text. The only map of this module, because each further type of map weighs 3 KB on the page.
pub(super) type Numbers = BTreeMap<Box<str>, u32>;

/// A place in the trie: its number in order of creation.
pub(super) type Place = u32;

/// Where every pattern begins. As nothing leads back there, it also stands for "nowhere".
const ROOT: Place = 0;
const NOWHERE: Place = ROOT;

#[derive(Clone, Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// Where a word leads.
    named: Numbers,
    /// Where the wildcard for one word leads.
    one: Place,
    /// Where the wildcard for any number of words leads.
    many: Place,
    /// The bindings whose patterns end here, in the order in which they were made.
    bindings: Vec<u32>,
}

/// How far the comparison with a subject has come.
struct Walk<'a> {
    /// The bindings that match, in order.
    found: &'a mut Vec<u32>,
    /// Where in `found` this subject's begin.
    start: usize,
    /// Every place behind a `many` that was reached, in order of number.
    reached: Vec<Place>,
    /// Those of them from which a pattern goes on. As `many` takes any number of words, they stay reached.
    staying: Vec<Place>,
}

impl Trie {
    pub fn new() -> Self {
        Trie { nodes: vec![Node::default()] }
    }

    /// Where a pattern ends. One that is not taken word by word (without `words`) is a single step.
    pub fn end(&mut self, words: Option<&Words>, pattern: &str) -> Place {
        match words {
            Some(words) => words.split(pattern).fold(ROOT, |from, word| self.step(from, word, Some(words))),
            None => self.step(ROOT, pattern, None),
        }
    }

    fn step(&mut self, from: Place, word: &str, words: Option<&Words>) -> Place {
        let next = self.nodes.len() as Place; // memory ends long before 2^32 places
        let node = &mut self.nodes[from as usize];
        let to = match words {
            Some(words) if word == words.one => &mut node.one,
            Some(words) if word == words.many => &mut node.many,
            Some(_) | None => node.named.entry(word.into()).or_insert(NOWHERE),
        };
        if *to != NOWHERE {
            return *to;
        }
        *to = next;
        self.nodes.push(Node::default());
        next
    }

    /// Where this text leads from the root, as a whole.
    pub fn named(&self, text: &str) -> Option<Place> {
        self.nodes[ROOT as usize].named.get(text).copied()
    }

    /// The bindings that end here.
    pub fn bindings(&self, place: Place) -> &[u32] {
        &self.nodes[place as usize].bindings
    }

    /// The binding `number`, later than all others, ends here.
    pub fn bind(&mut self, place: Place, number: u32) {
        self.nodes[place as usize].bindings.push(number);
    }

    /// The binding ends here no more.
    pub fn unbind(&mut self, place: Place, number: u32) {
        let bindings = &mut self.nodes[place as usize].bindings;
        if let Ok(index) = bindings.binary_search(&number) {
            bindings.remove(index);
        }
    }

    /// Puts the bindings that match a subject behind what is in `found`, in the order in which they were
    /// made.
    ///
    /// The words are taken one by one, with all the places that they can have led to so far. A place is
    /// reached from one other place only, unless it is behind a `many`, and there the first time counts for
    /// all. So no place is looked at twice with one word, whatever the patterns, and none that cannot match.
    pub fn matching(&self, words: &Words, subject: &str, found: &mut Vec<u32>) {
        let Some(subject_words) = words.subject(subject) else { return };
        let start = found.len();
        let mut walk = Walk { found, start, reached: Vec::new(), staying: Vec::new() };
        let mut here = vec![ROOT];
        let mut next = Vec::new();
        let mut wildcards = words.open_to_wildcards(subject);
        for word in subject_words {
            if wildcards {
                here.iter().for_each(|&place| self.reach_many(place, &mut walk));
            }
            for &place in here.iter().chain(&walk.staying) {
                let node = &self.nodes[place as usize];
                if let Some(&named) = node.named.get(word) {
                    next.push(named);
                }
                if wildcards && node.one != NOWHERE {
                    next.push(node.one);
                }
            }
            (here, next) = (next, here);
            next.clear();
            wildcards = true;
            if here.is_empty() && walk.staying.is_empty() {
                return;
            }
        }
        for &place in &here {
            merge(walk.found, start, self.bindings(place));
            if words.many_or_none {
                self.reach_many(place, &mut walk);
            }
        }
    }

    /// The place behind the `many` of this place matches all that follows, and so does one behind it again.
    fn reach_many(&self, from: Place, walk: &mut Walk) {
        let mut many = self.nodes[from as usize].many;
        while many != NOWHERE {
            let Err(index) = walk.reached.binary_search(&many) else { return };
            walk.reached.insert(index, many);
            let node = &self.nodes[many as usize];
            merge(walk.found, walk.start, &node.bindings);
            if node.one != NOWHERE || !node.named.is_empty() {
                walk.staying.push(many);
            }
            many = node.many;
        }
    }
}

/// Adds numbers in ascending order to those that are in `list` from `start`, which are in ascending order
/// too.
///
/// By hand, because a sort weighs 5 KB on the page, and because what is added mostly belongs at the end.
pub(super) fn merge(list: &mut Vec<u32>, start: usize, more: &[u32]) {
    let (mut old, mut new) = (list.len(), more.len());
    list.extend_from_slice(more);
    while old > start && new > 0 {
        let larger = if list[old - 1] > more[new - 1] {
            old -= 1;
            list[old]
        } else {
            new -= 1;
            more[new]
        };
        list[old + new] = larger;
    }
    list[start..start + new].copy_from_slice(&more[..new]);
}
