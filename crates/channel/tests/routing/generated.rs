//! Small random patterns and subjects, against the reference.

use channel::routing::{Bindings, Grammar};
use kernel::{Draw, Purpose, Stream};

use crate::reference;

/// A grammar with what its patterns and subjects are made of, and what stands between.
struct Field {
    grammar: Grammar,
    pattern: &'static [&'static str],
    subject: &'static [&'static str],
    between: &'static str,
    length_max: u32,
}

const FIELDS: [Field; 6] = [
    Field {
        grammar: Grammar::Everything,
        pattern: &["a", "*"],
        subject: &["a", "b"],
        between: ".",
        length_max: 2,
    },
    Field {
        grammar: Grammar::Exact,
        pattern: &["a", "b", "#", ""],
        subject: &["a", "b", "#", ""],
        between: ".",
        length_max: 3,
    },
    Field {
        grammar: Grammar::Amqp,
        pattern: &["a", "b", "*", "#", "#", "", "a*"],
        subject: &["a", "a", "b", "", "#", "*", "a*"],
        between: ".",
        length_max: 6,
    },
    Field {
        grammar: Grammar::Mqtt,
        pattern: &["a", "b", "+", "+", "#", "", "$", "a+"],
        subject: &["a", "a", "b", "", "$"],
        between: "/",
        length_max: 4,
    },
    Field {
        grammar: Grammar::Nats,
        pattern: &["a", "b", "*", "*", ">", "", "a>", "b "],
        subject: &["a", "a", "b", "", ">", "*"],
        between: ".",
        length_max: 4,
    },
    Field {
        grammar: Grammar::RedisGlob,
        pattern: &["a", "b", "é", "*", "*", "?", "[", "]", "^", "-", "\\"],
        subject: &["a", "a", "b", "é", "-", "]", "^", "\\"],
        between: "",
        length_max: 8,
    },
];

impl Field {
    fn text(&self, from: &[&str], draw: &mut Draw) -> String {
        let length = draw.below(self.length_max + 1);
        let parts: Vec<&str> = (0..length).map(|_| from[draw.below(from.len() as u32) as usize]).collect();
        parts.join(self.between)
    }

    fn stream(&self) -> Stream {
        Stream::new(1, Purpose::Work, &format!("{:?}", self.grammar))
    }
}

#[test]
fn a_pattern_matches_otherwise_than_defined() {
    for field in &FIELDS {
        let stream = field.stream();
        let mut matches = 0;
        for case in 0..20_000 {
            let mut draw = stream.draw(case, 0);
            let (pattern, subject) =
                (field.text(field.pattern, &mut draw), field.text(field.subject, &mut draw));
            let expected = reference::matches(field.grammar, &pattern, &subject);
            let grammar = field.grammar;
            assert_eq!(grammar.matches(&pattern, &subject), expected, "{grammar:?} {pattern:?} {subject:?}");
            matches += u32::from(expected);
        }
        assert!(matches > 400, "{:?} matches only {matches} times", field.grammar);
    }
}

/// Bindings beside a plain list of them.
struct Twins<'a> {
    field: &'a Field,
    bindings: Bindings,
    list: Vec<(String, u32)>,
}

impl Twins<'_> {
    fn change(&mut self, draw: &mut Draw, remove: bool) {
        let pattern = self.field.text(self.field.pattern, draw);
        let chosen = match self.list.get(draw.below(self.list.len() as u32) as usize) {
            Some(known) if draw.chance(0.6) => known.clone(),
            _ => (pattern, draw.below(3)),
        };
        let index = self.list.iter().position(|known| *known == chosen);
        if remove {
            assert_eq!(self.bindings.remove(&chosen.0, chosen.1), index.is_some(), "{chosen:?}");
            if let Some(index) = index {
                self.list.remove(index);
            }
        } else {
            self.bindings.insert(&chosen.0, chosen.1);
            if index.is_none() {
                self.list.push(chosen);
            }
        }
    }

    fn compare(&self, draw: &mut Draw) {
        let grammar = self.field.grammar;
        assert_eq!(self.bindings.len(), self.list.len());
        assert_eq!(self.bindings.is_empty(), self.list.is_empty());
        let all: Vec<(String, u32)> =
            self.bindings.iter().map(|(pattern, target)| (pattern.to_owned(), target)).collect();
        assert_eq!(all, self.list, "{grammar:?}");
        let subject = self.field.text(self.field.subject, draw);
        let mut found = vec![99];
        self.bindings.matching(&subject, &mut found);
        let expected = self.list.iter().filter(|known| reference::matches(grammar, &known.0, &subject));
        let expected: Vec<u32> = [99].into_iter().chain(expected.map(|known| known.1)).collect();
        assert_eq!(found, expected, "{grammar:?} {subject:?} {:?}", self.list);
    }
}

#[test]
fn bindings_are_found_out_of_order_or_not_at_all_after_others_came_and_went() {
    for field in &FIELDS {
        let stream = field.stream();
        for case in 0..60 {
            let mut draw = stream.draw(case, 1);
            let mut twins = Twins { field, bindings: Bindings::new(field.grammar), list: Vec::new() };
            // First they become many, then few, so that what was removed is cleared away more than once.
            for remove_chance in [0.1, 0.9, 0.3, 0.95] {
                for _ in 0..80 {
                    let remove = draw.chance(remove_chance);
                    twins.change(&mut draw, remove);
                    twins.compare(&mut draw);
                }
            }
        }
    }
}

#[test]
fn a_copy_of_bindings_shares_something_with_the_original() {
    let mut original = Bindings::new(Grammar::Amqp);
    original.insert("a.#", 1);
    let mut copy = original.clone();
    copy.insert("#", 2);
    assert!(copy.remove("a.#", 1));
    let found = |bindings: &Bindings| {
        let mut found = Vec::new();
        bindings.matching("a.b", &mut found);
        found
    };
    assert_eq!((found(&original), found(&copy)), (vec![1], vec![2]));
    assert_eq!(copy.grammar(), Grammar::Amqp);
}

/// Seen by what is printed of it, as nothing else shows it.
#[test]
fn what_was_removed_is_kept_for_ever() {
    for field in &FIELDS {
        let mut bindings = Bindings::new(field.grammar);
        for number in 0..2_000 {
            bindings.insert(&format!("word{number}"), number);
            assert!(bindings.remove(&format!("word{number}"), number));
        }
        let kept = format!("{bindings:?}").matches("word").count();
        assert!(kept < 200, "{:?} keeps {kept} of 2000", field.grammar);
    }
}

#[test]
fn a_target_with_two_matching_patterns_is_found_once() {
    let mut bindings = Bindings::new(Grammar::Nats);
    for (pattern, target) in [("a.*", 5), ("b.>", 1), ("*.x", 5), ("a.>", 2), ("a.*", 5)] {
        bindings.insert(pattern, target);
    }
    let mut found = Vec::new();
    bindings.matching("a.x", &mut found);
    assert_eq!(found, [5, 5, 2]);
}

/// Would take longer than the universe is old, were each way to match tried.
#[test]
fn a_pattern_with_many_wildcards_takes_for_ever() {
    let words = vec!["a"; 120].join(".");
    for pattern in
        [format!("{}b", "#.".repeat(120)), format!("{}b", "#.a.".repeat(60)), "#.*.".repeat(60) + "b"]
    {
        assert!(!Grammar::Amqp.matches(&pattern, &words), "{pattern}");
        assert!(Grammar::Amqp.matches(&pattern, &format!("{words}.b")), "{pattern}");
        let mut bindings = Bindings::new(Grammar::Amqp);
        // With all its beginnings, so that there is much to walk through.
        for end in (0..pattern.len()).filter(|&end| pattern.as_bytes()[end] == b'.') {
            bindings.insert(&pattern[..end], 1);
        }
        bindings.insert(&pattern, 2);
        let mut found = Vec::new();
        bindings.matching(&words, &mut found);
        assert!(!found.contains(&2) && found.contains(&1), "{pattern}");
        bindings.matching(&format!("{words}.b"), &mut found);
        assert_eq!(found.last(), Some(&2), "{pattern}");
    }
    let glob = "a*".repeat(100) + "b";
    assert!(!Grammar::RedisGlob.matches(&glob, &"a".repeat(1_000)));
    assert!(Grammar::RedisGlob.matches(&glob, &("a".repeat(1_000) + "b")));
}
