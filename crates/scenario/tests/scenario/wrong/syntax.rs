//! Texts that are not YAML, or YAML that scenarios do not use.

use expect_test::expect;

use super::{check, exact};

#[test]
fn an_empty_file() {
    exact(
        "",
        expect![[r#"
        1:1: error: the file is empty; a scenario begins with `signalbox: 1` and a `title:`; the presets show how one looks
    "#]],
    );
}

#[test]
fn a_file_of_comments() {
    exact(
        "# nothing\n",
        expect![[r#"
        1:1: error: the file is empty; a scenario begins with `signalbox: 1` and a `title:`; the presets show how one looks
    "#]],
    );
}

#[test]
fn a_file_that_is_a_word() {
    exact(
        "hello",
        expect![[r#"
        1:1: error: the file is `hello`; expected a scenario, a mapping with signalbox, title, about, seed, length, speed, clients, services, links, channels, checks, faults, handlers or variants
    "#]],
    );
}

#[test]
fn a_file_that_is_a_list() {
    exact(
        r#"
- signalbox: 1
- title: A shop
"#,
        expect![[r#"
            2:1: error: the file is a list; expected a scenario, a mapping with signalbox, title, about, seed, length, speed, clients, services, links, channels, checks, faults, handlers or variants
        "#]],
    );
}

#[test]
fn a_tab_for_indentation() {
    check(
        "services:\n\tshop: { workers: 2 }",
        expect![[r#"
        2:1: error: a tab is used for indentation; use spaces, for example two for each level
    "#]],
    );
}

#[test]
fn a_key_without_colon() {
    check(
        r#"
services:
  shop: { workers: 2 }
  payment
"#,
        expect![[r#"
            4:1: error: a key has no `:` after it; write `key: value`, or `- ` before an item of a list
        "#]],
    );
}

#[test]
fn a_bracket_that_is_never_closed() {
    check(
        "services: { shop: { workers: 2 }",
        expect![[r#"
        2:1: error: a `{` or `[` before this line is not closed; expected `,`, `}` or `]`
    "#]],
    );
}

#[test]
fn a_list_that_is_never_closed() {
    check(
        "handlers: { shop: { order: [work, reply } }",
        expect![[r#"
        1:41: error: a `[` is not closed; expected `,` or `]`
    "#]],
    );
}

#[test]
fn a_quote_that_is_never_closed() {
    check(
        r#"title: "A shop"#,
        expect![[r#"
        1:8: error: a quote is not closed; add the closing quote; further lines of a quoted text are indented
    "#]],
    );
}

#[test]
fn keys_in_different_columns() {
    check(
        r#"
services:
    shop: { workers: 2 }
  payment: { workers: 1 }
"#,
        expect![[r#"
            3:3: error: this line does not fit into the mapping above it; keys that belong together begin in the same column
        "#]],
    );
}

#[test]
fn braces_after_the_name_of_a_distribution() {
    check(
        r#"
services:
  shop: { workers: 4, work: lognormal { median: 80ms, p99: 300ms } }
"#,
        expect![[r#"
            2:29: error: braces or brackets cannot follow `lognormal` here; on one line write `lognormal median 80ms p99 300ms`, or as a mapping `{ lognormal: { median: 80ms, p99: 300ms } }`
        "#]],
    );
}

#[test]
fn braces_after_the_name_of_a_distribution_in_a_block() {
    check(
        r#"
services:
  shop:
    work: exponential { mean: 30ms }
"#,
        expect![[r#"
            3:11: error: braces or brackets cannot follow `exponential` here; on one line write `exponential 30ms`, or as a mapping `{ exponential: { mean: 30ms } }`
        "#]],
    );
}

#[test]
fn brackets_after_at_in_braces() {
    check(
        "clients: { shopper: { arrivals: at [1s, 2s], sends: order, to: shop } }",
        expect![[r#"
        1:33: error: braces or brackets cannot follow `at` here; on one line write `at 1s 2s`, or as a mapping `{ at: [1s, 2s] }`
    "#]],
    );
}

#[test]
fn a_colon_in_a_text() {
    check(
        "about: the rule: never twice",
        expect![[r#"
        1:16: error: a `:` stands where no key can be; one key to a line, with keys of the same mapping below each other; put quotes around a text with `: ` in it
    "#]],
    );
}

#[test]
fn a_key_that_stands_twice() {
    check(
        r#"
services:
  shop: { workers: 2 }
  shop: { workers: 3 }
title: A shop
title: Another
"#,
        expect![[r#"
            3:3: error: `shop` stands twice in the same mapping; the first is in line 2: remove one or join them
            5:1: error: `title` stands twice in the same mapping; the first is in line 4: remove one or join them
        "#]],
    );
}

#[test]
fn a_second_document() {
    check(
        r#"
title: A shop
---
title: Another
"#,
        expect![[r#"
            2:1: error: a second document begins here; a file holds one scenario: remove the `---`
        "#]],
    );
}

#[test]
fn a_tag() {
    check(
        "title: !!str A shop",
        expect![[r#"
        1:8: error: this has a YAML tag (a word with `!`); scenarios use none: remove it
    "#]],
    );
}

#[test]
fn a_merge_key() {
    check(
        r#"
services:
  shop: &shop { workers: 2 }
  other: { <<: *shop }
"#,
        expect![[r#"
            3:12: error: services.other has the unknown key `<<`; merge keys are not part of YAML 1.2: repeat the lines, or use a variant
        "#]],
    );
}

#[test]
fn an_alias_of_nothing() {
    check(
        "title: *name",
        expect![[r#"
        1:8: error: this alias (`*name`) stands for nothing; define it before with `&name`, or put quotes around it
    "#]],
    );
}

#[test]
fn an_alias_inside_itself() {
    check(
        "services: &all { shop: *all }",
        expect![[r#"
        1:24: error: this alias stands inside what it stands for; that would never end: remove it
    "#]],
    );
}

#[test]
fn a_list_as_a_key() {
    check(
        "services: { [shop, other]: { workers: 2 } }",
        expect![[r#"
        1:13: error: a list or mapping stands where a key should be; a key is a name, such as `orders:`; braces need a key before them
    "#]],
    );
}

#[test]
fn a_control_character() {
    check(
        "title: \"A \u{7}shop\"",
        expect![[r#"
        1:11: error: a control character (U+0007) is in the text; remove it
    "#]],
    );
}

#[test]
fn a_control_character_with_an_escape() {
    check(
        r#"title: "A \u0007shop""#,
        expect![[r#"
        1:8: error: a control character (U+0007) is in the text; remove it
    "#]],
    );
}

#[test]
fn a_mark_that_turns_the_writing() {
    check(
        "title: A \u{202E}shop",
        expect![[r#"
        1:10: error: a mark that turns the direction of writing (U+202E) is in the text; remove it: it can make a text look like another
    "#]],
    );
}

#[test]
fn a_mark_that_turns_the_writing_with_an_escape() {
    check(
        r#"title: "A \u202Eshop""#,
        expect![[r#"
        1:8: error: a mark that turns the direction of writing (U+202E) is in the text; remove it: it can make a text look like another
    "#]],
    );
}

#[test]
fn an_invisible_space_in_a_name() {
    check(
        "services: { sh\u{200B}op: { workers: 2 } }",
        expect![[r#"
        1:15: error: an invisible character (U+200B) is in the text; remove it: two names could look the same
    "#]],
    );
}

#[test]
fn a_zero_byte() {
    exact(
        "signalbox: 1\u{0}",
        expect![[r#"
        1:13: error: a zero byte (U+0000) is in the text; this does not look like a text file
    "#]],
    );
}

#[test]
fn half_a_character() {
    check(
        r#"title: "A shop \ud83d\ude00""#,
        expect![[r#"
        1:8: error: this `\u` stands for no character of its own; write the character itself; the pairs of codes that JSON uses for some are not read
    "#]],
    );
}
