//! The three grammars that go word by word, as one with a few differences.

use std::str::Split;

/// What distinguishes a grammar of words from the others.
#[derive(Debug)]
pub(super) struct Words {
    /// What stands between two words.
    pub separator: char,
    /// What they are called by those who use them.
    pub called: &'static str,
    /// The word of a pattern that stands for exactly one.
    pub one: &'static str,
    /// The word of a pattern that stands for any number of them.
    pub many: &'static str,
    /// Whether `many` may also stand for no word at all.
    pub many_or_none: bool,
    /// Whether a subject may have empty words.
    pub empty_words: bool,
    /// Whether an empty text is a subject of no words. Otherwise it is none.
    pub empty_subject: bool,
    /// What a subject begins with that no wildcard in the first place matches.
    pub reserved: Option<char>,
}

pub(super) static AMQP: Words = Words {
    separator: '.',
    called: "word",
    one: "*",
    many: "#",
    many_or_none: true,
    empty_words: true,
    empty_subject: true,
    reserved: None,
};

pub(super) static MQTT: Words = Words {
    separator: '/',
    called: "level",
    one: "+",
    many: "#",
    many_or_none: true,
    empty_words: true,
    empty_subject: false,
    reserved: Some('$'),
};

pub(super) static NATS: Words = Words {
    separator: '.',
    called: "token",
    one: "*",
    many: ">",
    many_or_none: false,
    empty_words: false,
    empty_subject: false,
    reserved: None,
};

impl Words {
    /// The words of a pattern or subject.
    pub fn split<'a>(&self, text: &'a str) -> Split<'a, char> {
        let mut words = text.split(self.separator);
        if text.is_empty() {
            words.next();
        }
        words
    }

    /// The words of a subject; `None` if no message can bear it.
    pub fn subject<'a>(&self, subject: &'a str) -> Option<Split<'a, char>> {
        let impossible = if subject.is_empty() {
            !self.empty_subject
        } else {
            !self.empty_words && self.split(subject).any(str::is_empty)
        };
        (!impossible).then(|| self.split(subject))
    }

    /// Whether a wildcard may stand for the first word of this subject.
    pub fn open_to_wildcards(&self, subject: &str) -> bool {
        !self.reserved.is_some_and(|reserved| subject.starts_with(reserved))
    }

    /// One pattern, of which [`check`](super::Grammar::check) approves, against one subject.
    ///
    /// Each word of a pattern but `many` takes exactly one word. So if the words after the last `many` fit
    /// nowhere, letting an earlier one take more cannot help, and only the last has to be tried again.
    pub fn matches(&self, pattern: &str, subject: &str) -> bool {
        let Some(mut subject_words) = self.subject(subject) else { return false };
        let mut pattern_words = self.split(pattern);
        if !self.open_to_wildcards(subject)
            && pattern_words.clone().next().is_some_and(|word| word == self.one || word == self.many)
        {
            return false;
        }
        let mut retry = None;
        loop {
            let fits = match pattern_words.next() {
                Some(word) if word == self.many => {
                    let fits = self.many_or_none || subject_words.next().is_some();
                    retry = Some((pattern_words.clone(), subject_words.clone()));
                    fits
                }
                Some(word) => subject_words.next().is_some_and(|met| word == self.one || word == met),
                None if subject_words.next().is_none() => return true,
                None => false,
            };
            if !fits {
                let Some((after, taken)) = &mut retry else { return false };
                if taken.next().is_none() {
                    return false;
                }
                (pattern_words, subject_words) = (after.clone(), taken.clone());
            }
        }
    }
}
