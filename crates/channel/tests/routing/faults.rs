//! Patterns that cannot be used, and what a person is told.

use channel::routing::{Bindings, Grammar};

fn check(grammar: Grammar, pattern: &str, told: &str) {
    assert_eq!(grammar.check(pattern), Err(told.to_owned()));
    let mut bindings = Bindings::new(grammar);
    bindings.insert(pattern, 1);
    bindings.insert(pattern, 1);
    assert_eq!(bindings.iter().collect::<Vec<_>>(), [(pattern, 1)], "it is kept all the same");
    for subject in [pattern, "a", "a.b", "a/b", ""] {
        let mut found = Vec::new();
        bindings.matching(subject, &mut found);
        assert!(found.is_empty() && !grammar.matches(pattern, subject), "{pattern:?} matches {subject:?}");
    }
    assert!(bindings.remove(pattern, 1) && bindings.is_empty());
}

#[test]
fn a_topic_filter_with_a_wildcard_in_the_wrong_place_is_taken() {
    check(
        Grammar::Mqtt,
        "a/#/b",
        "level 2 of `a/#/b` is `#`, which may only be the last; end the pattern there, or write `+` for \
         exactly one level",
    );
    check(
        Grammar::Mqtt,
        "a+",
        "level 1 of `a+` is `a+`, but `+` has to be a level of its own; put `/` around it or leave it out",
    );
    check(
        Grammar::Mqtt,
        "sport/tennis#",
        "level 2 of `sport/tennis#` is `tennis#`, but `#` has to be a level of its own; put `/` around it or \
         leave it out",
    );
    check(Grammar::Mqtt, "", "a topic filter has at least one character; `#` stands for every topic");
    check(Grammar::Mqtt, "a/\0", "a topic filter cannot contain the character U+0000; leave it out");
    for pattern in ["#/#", "a/#/", "++", "+#", "#/a"] {
        assert!(Grammar::Mqtt.check(pattern).is_err(), "{pattern:?}");
    }
}

#[test]
fn a_subject_that_nats_refuses_is_taken() {
    check(Grammar::Nats, "", "a subject has at least one token; `>` stands for every subject");
    check(
        Grammar::Nats,
        "a..b",
        "token 2 of `a..b` is empty; take away a dot, or write `*` for any one token",
    );
    check(
        Grammar::Nats,
        "a.>.b",
        "token 2 of `a.>.b` is `>`, which may only be the last; end the pattern there, or write `*` for \
         exactly one token",
    );
    check(
        Grammar::Nats,
        "a.order created",
        "token 2 of `a.order created` contains a space, a tab or the end of a line, which no subject can; \
         write `-` or `_` in its place",
    );
    for pattern in [".", "a.", ".a", ">.>", "a.\t", "a\n"] {
        assert!(Grammar::Nats.check(pattern).is_err(), "{pattern:?}");
    }
}

#[test]
fn a_name_that_is_too_long_for_the_protocol_is_taken() {
    let long = "a".repeat(256);
    assert_eq!(
        Grammar::Amqp.check(&long),
        Err("a binding key has at most 255 bytes and this one has 256; shorten it".to_owned())
    );
    assert_eq!(Grammar::Amqp.check(&long[1..]), Ok(()));
    assert!(Grammar::Mqtt.check(&"é".repeat(32_768)).is_err());
    assert_eq!(Grammar::Mqtt.check(&"é".repeat(32_767)), Ok(()));
}

#[test]
fn a_pattern_that_a_product_takes_is_refused() {
    for pattern in ["", "#.#", "a..b", "a*", "**", " ", "[", "\\", "a b/c"] {
        for grammar in [Grammar::Everything, Grammar::Exact, Grammar::Amqp, Grammar::RedisGlob] {
            assert_eq!(grammar.check(pattern), Ok(()), "{grammar:?} {pattern:?}");
        }
    }
    for pattern in ["/", "//", "a/", "+/+/#", "$SYS/#", "$share/group/a", " ", "a.*"] {
        assert_eq!(Grammar::Mqtt.check(pattern), Ok(()), "{pattern:?}");
    }
    for pattern in ["*", ">", "a*", ">a", "*.>", "a/b", "$SYS.>", "#"] {
        assert_eq!(Grammar::Nats.check(pattern), Ok(()), "{pattern:?}");
    }
}
