//! Tables of patterns with what they match and what they do not.

use channel::routing::{Bindings, Grammar, HeaderMatch};

/// Holds one pattern against subjects, with and without a trie.
fn check(grammar: Grammar, pattern: &str, matches: &[&str], does_not: &[&str]) {
    assert_eq!(grammar.check(pattern), Ok(()), "{pattern:?}");
    let mut bindings = Bindings::new(grammar);
    bindings.insert(pattern, 7);
    for (subjects, expected) in [(matches, true), (does_not, false)] {
        for subject in subjects {
            assert_eq!(grammar.matches(pattern, subject), expected, "{grammar:?} {pattern:?} {subject:?}");
            let mut found = Vec::new();
            bindings.matching(subject, &mut found);
            assert_eq!(!found.is_empty(), expected, "{grammar:?} {pattern:?} {subject:?} in a trie");
        }
    }
}

/// AMQP 0-9-1 section 3.1.3.3, RabbitMQ's tutorial "Topics", and what RabbitMQ 3.10.8 answered.
#[test]
fn a_topic_exchange_counts_words_wrongly() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::Amqp, pattern, matches, does_not);
    };
    check("*.stock.#", &["usd.stock", "eur.stock.db"], &["stock.nasdaq"]);
    check(
        "*.orange.*",
        &["quick.orange.rabbit", "lazy.orange.elephant", "quick.orange.fox"],
        &["orange", "quick.orange.male.rabbit", "quick.brown.fox"],
    );
    check("*.*.rabbit", &["quick.orange.rabbit", "lazy.pink.rabbit"], &["quick.orange.male.rabbit"]);
    check("lazy.#", &["lazy", "lazy.brown.fox", "lazy.orange.male.rabbit"], &["quick.brown.fox", "lazyness"]);
    check("a.#", &["a", "a.b", "a.b.c", "a."], &["", "b.a", "ab"]);
    check("#.b", &["b", "a.b", "b.x.b", ".b"], &["b.x", "ab", ""]);
    check("#.*.b", &["x.b", "x.y.b", "b.b"], &["b", "b.x"]);
    check("#.a.#", &["a", "x.a", "a.x", "x.a.y.a.z"], &["", "x", "aa"]);
    check("a.#.b", &["a.b", "a.x.b", "a..b", "a.b.b"], &["a", "b", "a.b.c"]);
    check("a.*.#.b", &["a.x.b", "a.b.b", "a.x.y.b"], &["a.b"]);
    check("#", &["", "a", "a.b.c", ".", ".."], &[]);
    check("#.#", &["", "a", "a.b"], &[]);
    check("#.*", &["a", "a.b", "."], &[""]);
    check("order.created", &["order.created"], &["order.Created", "order", "order.created.eu"]);
}

/// RabbitMQ splits at every dot, so words can be empty; but it splits an empty key into nothing.
#[test]
fn a_topic_exchange_overlooks_empty_words() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::Amqp, pattern, matches, does_not);
    };
    check("", &[""], &["a", "."]);
    check("*", &["a", "*", "#"], &["", ".", "a.b"]);
    check("*.*", &[".", "a.", ".b", "a.b"], &["a", "..", ""]);
    check("a..b", &["a..b"], &["a.b", "a.x.b"]);
    check("a.*.b", &["a..b"], &["a.b"]);
    check(".", &["."], &["", "..", "a.b"]);
}

#[test]
fn a_star_inside_a_word_is_taken_for_a_wildcard() {
    check(Grammar::Amqp, "a*.b", &["a*.b"], &["a.b", "ax.b"]);
    check(Grammar::Amqp, "a.#b", &["a.#b"], &["a.b", "a.x.b"]);
    check(Grammar::Nats, "a*.b", &["a*.b"], &["a.b", "ax.b"]);
    check(Grammar::Nats, "a.>b", &["a.>b"], &["a.b", "a.x.b"]);
}

/// The examples of MQTT 3.1.1, sections 4.7.1.2 to 4.7.3, which are those of 5.0.
#[test]
fn a_topic_filter_counts_levels_wrongly() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::Mqtt, pattern, matches, does_not);
    };
    check(
        "sport/tennis/player1/#",
        &[
            "sport/tennis/player1",
            "sport/tennis/player1/",
            "sport/tennis/player1/ranking",
            "sport/tennis/player1/score/wimbledon",
        ],
        &["sport/tennis", "sport/tennis/player10"],
    );
    check("sport/#", &["sport", "sport/", "sport/tennis"], &["", "sports", "/sport"]);
    check("#", &["a", "/", "a/b/c", "a$"], &[""]);
    check(
        "sport/tennis/+",
        &["sport/tennis/player1", "sport/tennis/player2", "sport/tennis/"],
        &["sport/tennis/player1/ranking", "sport/tennis"],
    );
    check("sport/+", &["sport/"], &["sport"]);
    check("+", &["finance", "a b"], &["/finance", "/", ""]);
    check("+/tennis/#", &["sport/tennis", "/tennis/x"], &["tennis", "a/b/tennis"]);
    check("sport/+/player1", &["sport//player1", "sport/tennis/player1"], &["sport/player1"]);
    check("+/+", &["/finance", "finance/", "/"], &["finance", "//"]);
    check("/+", &["/finance", "/"], &["finance", "/finance/x"]);
    check("ACCOUNTS", &["ACCOUNTS"], &["Accounts"]);
    check("Accounts payable", &["Accounts payable"], &["Accounts"]);
    check("a//b", &["a//b"], &["a/b", "a/x/b"]);
}

/// MQTT 3.1.1, section 4.7.2.
#[test]
fn a_wildcard_in_front_matches_what_begins_with_a_dollar_sign() {
    check(Grammar::Mqtt, "#", &["a/$SYS"], &["$SYS/monitor/Clients", "$SYS", "$"]);
    check(Grammar::Mqtt, "+/monitor/Clients", &["x/monitor/Clients"], &["$SYS/monitor/Clients"]);
    check(Grammar::Mqtt, "+", &["a$"], &["$SYS"]);
    check(Grammar::Mqtt, "$SYS/#", &["$SYS", "$SYS/monitor/Clients"], &["SYS"]);
    check(Grammar::Mqtt, "$SYS/monitor/+", &["$SYS/monitor/Clients"], &["$SYS/monitor"]);
    check(Grammar::Mqtt, "a/+", &["a/$b"], &[]);
    check(Grammar::Nats, ">", &["$SYS.account"], &[]);
    check(Grammar::Nats, "*.account", &["$SYS.account"], &[]);
    check(Grammar::Amqp, "#", &["$SYS"], &[]);
}

/// NATS' documentation, "Subject-Based Messaging", and what NATS 2.9.10 answered.
#[test]
fn a_subscription_counts_tokens_wrongly() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::Nats, pattern, matches, does_not);
    };
    check("time.*.east", &["time.us.east", "time.eu.east"], &["time.us.east.atlanta", "time.east"]);
    check("time.us.*", &["time.us.east"], &["time.us.east.atlanta", "time.us", "time.US.east"]);
    check("time.us.>", &["time.us.east", "time.us.east.atlanta"], &["time.us", "time"]);
    check("*.*.east.>", &["time.us.east.atlanta"], &["time.us.east"]);
    check("a.>", &["a.b", "a.b.c"], &["a", "b.a", "a.", "a..b"]);
    check(">", &["a", "a.b"], &["", ".", "a.", ".a", "a..b"]);
    check("*", &["a", "*", ">"], &["", "a.b"]);
    check("foo.bar", &["foo.bar"], &["foo.Bar", "foo", "foo.bar.baz"]);
}

/// Redis' documentation of `KEYS` and `PSUBSCRIBE`.
#[test]
fn a_glob_matches_something_else_than_documented() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::RedisGlob, pattern, matches, does_not);
    };
    check("h?llo", &["hello", "hallo", "hxllo"], &["hllo", "heello"]);
    check("h*llo", &["hllo", "heeeello"], &["hell", "ello"]);
    check("h[ae]llo", &["hello", "hallo"], &["hillo", "hllo"]);
    check("h[^e]llo", &["hallo", "hbllo"], &["hello", "hllo"]);
    check("h[a-b]llo", &["hallo", "hbllo"], &["hcllo"]);
    check("h[b-a]llo", &["hallo", "hbllo"], &["hcllo", "h-llo"]);
    check("news.*", &["news.art.figurative", "news.music.jazz", "news."], &["news", "News.art"]);
    check("*.eu.*", &["order.eu.created", "a.b.eu.c.d"], &["order.eu"]);
    check("**a**", &["a", "bab"], &["b"]);
    check("*ab", &["aab", "abab"], &["aba"]);
    check(r"a\*b", &["a*b"], &["ab", "axb", r"a\*b"]);
    check(r"a\", &[r"a\"], &["a"]);
    check("plain", &["plain"], &["plai", "plain."]);
}

/// What Redis 7.0.15 answered.
#[test]
fn a_glob_at_the_edges_is_tidier_than_the_product() {
    let check = |pattern, matches: &[&str], does_not: &[&str]| {
        check(Grammar::RedisGlob, pattern, matches, does_not);
    };
    check("", &[""], &["a"]);
    check("*", &["a", "a/b.c"], &[""]); // a pattern is looked at only while there is something left
    check("[a", &["a"], &["b", "[a"]);
    check("x[ab", &["xa", "xb"], &["x", "xab"]);
    check("[", &[], &["[", "a"]);
    check("[^", &["[", "a"], &["", "aa"]);
    check("[]a", &[], &["a", "]", "]a"]); // nothing is in `[]`
    check("[a-]", &["]", "a", "^"], &["-", "b"]); // the range goes to the bracket
    check("[a-", &["a", "-"], &["b"]);
    check(r"[\]]", &["]"], &[r"\", r"\]"]);
    check(r"[\", &[r"\"], &["["]);
    check("[a^]", &["a", "^"], &["b"]);
    check("??", &["é", "ab"], &["a", "aé"]); // bytes, not characters
    check("[é]a", &[], &["éa"]);
    check("é*", &["é", "éa"], &["e", "è"]);
}

#[test]
fn a_name_or_a_fan_out_reads_wildcards() {
    check(Grammar::Exact, "order.created", &["order.created"], &["order.creates", "", "order"]);
    check(Grammar::Exact, "#", &["#"], &["a", ""]);
    check(Grammar::Exact, "", &[""], &["a"]);
    check(Grammar::Everything, "order.created", &["order.created", "invoice", ""], &[]);
}

/// `rabbit_exchange_type_headers` of RabbitMQ 3.10.
#[test]
fn headers_are_compared_otherwise_than_rabbitmq_does() {
    let matches = |any: bool, wanted: &[(&str, Option<&str>)], headers: &[(&str, &str)]| {
        let owned = |text: &str| text.to_owned();
        let wanted = wanted.iter().map(|&(key, value)| (owned(key), value.map(owned))).collect();
        let headers: Vec<_> = headers.iter().map(|&(key, value)| (owned(key), owned(value))).collect();
        HeaderMatch { any, wanted }.matches(&headers)
    };
    let invoice = [("format", Some("pdf")), ("type", Some("report"))];
    for (headers, all, any) in [
        (vec![("format", "pdf"), ("type", "report")], true, true),
        (vec![("type", "report"), ("extra", "1"), ("format", "pdf")], true, true),
        (vec![("format", "pdf"), ("type", "log")], false, true),
        (vec![("format", "pdf")], false, true),
        (vec![("format", "PDF"), ("Type", "report")], false, false),
        (vec![], false, false),
    ] {
        assert_eq!(matches(false, &invoice, &headers), all, "all of {headers:?}");
        assert_eq!(matches(true, &invoice, &headers), any, "any of {headers:?}");
    }
    assert!(matches(false, &[("type", None)], &[("type", "whatever")]), "presence");
    assert!(matches(true, &[("type", None)], &[("type", "")]), "presence");
    assert!(!matches(false, &[("type", None)], &[("format", "pdf")]), "absence");
    assert!(matches(false, &[], &[]) && matches(false, &[], &[("a", "b")]), "all of nothing");
    assert!(!matches(true, &[], &[]) && !matches(true, &[], &[("a", "b")]), "any of nothing");
    let internal = [("x-match", Some("any")), ("x-tenant", Some("7"))];
    assert!(matches(false, &internal, &[]), "x- keys are not wanted");
    assert!(!matches(true, &internal, &[("x-tenant", "7")]), "x- keys do not count");
}
