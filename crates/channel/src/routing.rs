//! Who gets a message by its name: the grammars of subjects and patterns, to the letter.
//!
//! A publisher puts a *subject* on a message (a routing key, a topic name, a channel name), a subscriber
//! binds with a *pattern*, and each product has its own rules for which fits which. The rules here are those
//! of the standards and of the products' sources; where the two differ, the product counts.
//!
//! ```
//! use channel::routing::{Bindings, Grammar};
//!
//! let mut bindings = Bindings::new(Grammar::Amqp);
//! bindings.insert("order.*.created", 1);
//! bindings.insert("order.#", 2);
//! bindings.insert("invoice.#", 3);
//! let mut found = Vec::new();
//! bindings.matching("order.eu.created", &mut found);
//! assert_eq!(found, [1, 2]);
//! ```
//!
//! ```text
//!                 | one word | any number      | "a" + the many | empty words | also
//!   Amqp   a.b.c  |    *     | #  anywhere     | matches "a"    | are words   | "" has no words
//!   Mqtt   a/b/c  |    +     | #  at the end   | matches "a"    | are levels  | "$x" only by its name
//!   Nats   a.b.c  |    *     | >  at the end   | does not       | never       |
//!   Redis  bytes  |  ?  [ ]  | *  anywhere     |                |             | no words, no separators
//! ```
//!
//! [`HeaderMatch`] is AMQP's other way to bind, by headers instead of a name. [`Partitioner`] and
//! [`consistent_bucket`] choose one of several queues by a key.

mod bindings;
mod check;
mod glob;
pub(crate) mod hash;
mod headers;
mod trie;
mod words;

pub use bindings::Bindings;
pub use hash::{Partitioner, consistent_bucket, jump};
pub use headers::HeaderMatch;

use words::Words;

/// How a pattern is compared with a subject. Upper and lower case differ in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Every binding matches every subject, whatever its pattern says: a fan-out exchange.
    Everything,
    /// The subject is the pattern: an AMQP direct exchange, a Kafka topic, an SNS topic, a Redis channel.
    Exact,
    /// AMQP 0-9-1 topic exchange (section 3.1.3.3 and RabbitMQ's `rabbit_exchange_type_topic`): words between
    /// dots, `*` for exactly one, `#` for any number and none. Two dots enclose an empty word, which `*`
    /// matches, but an empty text has no words. A `*` or `#` inside a longer word is an ordinary character.
    Amqp,
    /// MQTT 3.1.1 and 5.0, section 4.7: levels between slashes, `+` for exactly one, which may be empty, and
    /// `#` at the end for any number and none, so `a/#` matches `a`. A filter that begins with either does
    /// not match topics that begin with `$`. The `$share/group/` of a shared subscription is no part of the
    /// filter.
    Mqtt,
    /// NATS (`server/sublist.go`): tokens between dots, `*` for exactly one, `>` at the end for one or more,
    /// so `a.>` does not match `a`. A subject with an empty token reaches nobody. A `*` or `>` inside a
    /// longer token is an ordinary character.
    Nats,
    /// Redis `PSUBSCRIBE` (`stringmatchlen` in `util.c`, as of Redis 7.0): `*` for any bytes, dots and
    /// slashes among them, `?` for one byte, `[abc]`, `[^abc]`, `[a-z]`, and a backslash before what is to be
    /// taken literally. An unclosed bracket ends with the pattern. An empty subject is matched by an empty
    /// pattern only, and not by `*`. Bytes above 127 sort as negative numbers in ranges, as they do on
    /// x86-64.
    RedisGlob,
}

impl Grammar {
    /// Why nobody can bind with this pattern: where, what and how to mend it, in words for a person.
    ///
    /// Where the product takes any pattern, so does this: the lengths apart, only MQTT (section 4.7) and NATS
    /// refuse any.
    pub fn check(self, pattern: &str) -> Result<(), String> {
        check::check(self, pattern)
    }

    /// Whether this pattern matches this subject. One that [`check`](Grammar::check) refuses matches nothing,
    /// except in [`Everything`](Grammar::Everything).
    ///
    /// The time is at most proportional to the product of the two lengths.
    pub fn matches(self, pattern: &str, subject: &str) -> bool {
        match self {
            Grammar::Everything => true,
            Grammar::Exact => pattern == subject,
            Grammar::Amqp | Grammar::Mqtt | Grammar::Nats => {
                self.check(pattern).is_ok()
                    && self.words().is_some_and(|words| words.matches(pattern, subject))
            }
            Grammar::RedisGlob => glob::matches(pattern.as_bytes(), subject.as_bytes()),
        }
    }

    /// The rules of a grammar that goes word by word.
    fn words(self) -> Option<&'static Words> {
        match self {
            Grammar::Amqp => Some(&words::AMQP),
            Grammar::Mqtt => Some(&words::MQTT),
            Grammar::Nats => Some(&words::NATS),
            Grammar::Everything | Grammar::Exact | Grammar::RedisGlob => None,
        }
    }
}
