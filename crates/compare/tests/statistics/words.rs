//! What the verdict says.

use std::sync::Arc;

use compare::{Claim, Found, Settings, Study, Table, Tally, Turn, Unit, render, verdict};
use expect_test::{Expect, expect};

use crate::{SHOP, played, study};

/// The verdict on a table in which rows have these values in every run, a little more or less; the others have none.
fn check(text: &str, wishes: &[&str], values: &dyn Fn(&str, usize) -> f64, expected: Expect) {
    let study = study(text, wishes, Settings { seeds: 10, probes: false, ..Settings::default() });
    let mut tally = Tally::new(study.clone());
    while let Some(turn) = tally.next_turn() {
        let Turn::Run { contender, number } = turn else { panic!("a probe that nobody asked for") };
        let nearly = 1.0 + (number as f64 - 4.5) / 1e6;
        let value = |row: &compare::Row| match (values(&row.id, contender.into()), row.unit) {
            // A little more or less of what cannot be more would be wrong.
            (value, Unit::Share) => value,
            (value, _) => value * nearly,
        };
        tally.take(turn, Found { values: study.rows.iter().map(value).collect(), halted: None });
    }
    let table = tally.table(0);
    let claims = verdict(&study, &table);
    hold(&study, &table, &claims);
    let lines: Vec<String> = claims.into_iter().map(|claim| format!("{}\n", claim.text)).collect();
    expected.assert_eq(&lines.concat());
}

/// Every number of a verdict is in the table, in the rows and of the contenders that the sentence is about.
fn hold(study: &Study, table: &Table, claims: &[Claim]) {
    let circumstances = claims.first().and_then(|claim| claim.text.strip_prefix("With ")?.split_once(", "));
    for claim in claims {
        let line = table.lines.iter().find(|line| line.row.id == claim.row);
        assert!(
            line.is_some_and(|line| line.cells[claim.contender].value.is_some()),
            "no such cell: {claim:?}"
        );
        let mut text = claim.text.clone();
        // A promise is quoted, with whatever numbers are in it.
        if let (Some(from), Some(to)) = (text.find('“'), text.rfind('”')) {
            text.replace_range(from..to, "");
        }
        if let Some((what, _)) = circumstances {
            text = text.replace(what, "");
        }
        let mut known = vec!["100".to_owned(), "1,000".to_owned(), "99".to_owned(), table.seeds.to_string()];
        let about = |row: &str| match claim.row.as_str() {
            "response_mean" => {
                ["response_mean", "completion_p50", "completion_p99", "channels"].contains(&row)
            }
            id if id.starts_with("missing:") => row.starts_with("missing:"),
            id => row == id,
        };
        let mut responses = Vec::new();
        for line in table.lines.iter().filter(|line| about(&line.row.id)) {
            for (contender, cell) in study.contenders.iter().zip(&line.cells) {
                let is_named = text.contains(&contender.name) || text.contains("the others");
                let Some(value) = cell.value.filter(|_| is_named) else { continue };
                let difference = cell.difference.map_or(0.0, |difference| difference.value.abs());
                known.extend([value, difference].map(|value| render::shown(value, line.row.unit)));
                known.extend(
                    [value.round(), value * 100.0].map(|value| render::shown(value.round(), Unit::Count)),
                );
                known.push(render::shown((value * 1000.0).round(), Unit::Count));
                known.push(cell.runs.iter().filter(|&&run| run > 0.0).count().to_string());
                responses.push(value);
            }
        }
        if claim.row == "response_mean" {
            let ratios = responses.iter().flat_map(|one| responses.iter().map(move |other| one / other));
            known.extend(ratios.clone().map(|ratio| format!("{}", ratio.round())));
            known.extend(ratios.map(|ratio| format!("{}", (ratio * 10.0).round() / 10.0)));
        }
        let known: Vec<&str> = known.iter().map(|known| known.split(' ').next().unwrap()).collect();
        for contender in &study.contenders {
            text = text.replace(&contender.name, "");
        }
        for word in text.split([' ', '(', ')']).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        {
            let number = word.trim_end_matches(['.', ',', ';']).trim_end_matches("th");
            assert!(known.contains(&number), "{number} is not in the table: {}", claim.text);
        }
    }
}

#[test]
fn a_sentence_is_no_sentence() {
    let three = ["sync", "pubsub", "queue"];
    let of = |values: [f64; 3]| move |at: usize| values[at];
    check(
        SHOP,
        &three,
        &|row, at| match row {
            "taken_while_down" => of([0.04, 1.0, 1.0])(at),
            "missing:paid" => of([0.0, 47.2, 0.0])(at),
            "missing:reserved" => of([0.0, 1.1, 0.0])(at),
            "promises_broken" => of([0.0, 48.3, 0.0])(at),
            // What is never true is not late.
            "unfinished" => of([0.0, 0.4, 0.0])(at),
            "staleness_p99" => of([0.0, 35_000.0, 12_340.0])(at),
            "completion_p50" => of([300.0, 310.0, 320.0])(at),
            "completion_p99" => of([500.0, 500.0, 14_500.0])(at),
            "response_mean" => of([312.0, 52.0, 52.0])(at),
            _ => f64::NAN,
        },
        expect![[r#"
            With payment down for 10 s, sync said yes to only 4 of 100 customers who came meanwhile; the others to all of them.
            Of the requests that pubsub took in a run, 47 were never paid and 1 never reserved.
            After the yes it took up to 12.3 s in queue until what was promised was true (99 of 100 requests).
            Every promise was kept by sync and queue.
            queue answers 6 times as fast as sync (52 ms instead of 312 ms), and takes 14 s longer until all is done (99th percentile); it needs 2 more channels.
        "#]],
    );
    check(
        SHOP,
        &three,
        &|row, at| match row {
            "taken_while_down" => of([0.0, 0.6, 0.997])(at),
            "missing:paid" => of([0.3, 1.0, 0.0])(at),
            "done_twice" => of([1.0, 3.4, 0.0])(at),
            "promises_broken" => of([2.0, 2.0, 1.0])(at),
            "drain" => of([2_000.0, 3_000.0, 100.0])(at),
            "response_mean" => of([52.0, 61.0, 52.0])(at),
            _ => f64::NAN,
        },
        expect![[r#"
            With payment down for 10 s, sync said yes to none of the customers who came meanwhile; pubsub to 60 of 100; queue to 997 of 1,000.
            Of the requests that pubsub took in a run, 1 was never paid.
            In a run something was done twice for 1 request in sync and 3 in pubsub.
            After the last request it took 2 s in sync and 3 s in pubsub until the last promise was kept.
            None of them kept every promise.
            sync answers a little faster than pubsub (52 ms instead of 61 ms). But it broke promises in every run.
        "#]],
    );
}

#[test]
fn what_was_broken_is_left_out_or_said_twice() {
    let of = |values: [f64; 3]| move |at: usize| values[at];
    let three = ["sync", "pubsub", "queue"];
    // As many as were never paid; and one more promise, which nobody is told of otherwise.
    check(
        SHOP,
        &three,
        &|row, at| match row {
            "turned_away" => of([0.3, 0.0, 0.1])(at),
            "missing:paid" => of([0.0, 12.0, 12.0])(at),
            "broken:1" => of([7.0, 0.0, 3.0])(at),
            "broken:2" => of([0.0, 12.0, 12.0])(at),
            "promises_broken" => of([7.0, 12.0, 15.0])(at),
            "response_mean" => of([90.0, 40.0, 60.0])(at),
            "done_twice" => of([7.0, 4.0, 4.0])(at),
            _ => f64::NAN,
        },
        expect![[r#"
            With payment down for 10 s, sync turned away 30 of 100 customers; queue 10 of 100; pubsub turned nobody away.
            Of the requests taken in a run, 12 in pubsub and queue were never paid.
            sync broke “Nobody is charged twice” 7 times in a run and queue 3 times.
            In a run something was done twice for 4 requests in pubsub and queue.
            None of them kept every promise.
            pubsub answers 2.3 times as fast as sync (40 ms instead of 90 ms); it needs 1 more channel. But it broke promises in every run.
        "#]],
    );
    // Where nobody waits for an answer, there is no yes; what happens now and then is said by runs.
    check(
        SHOP,
        &["pubsub", "queue"],
        &|row, at| match row {
            "broken:3" => [0.0, 0.9][at],
            "promises_broken" => [0.0, 0.9][at],
            "missing:reserved" => [0.0, 0.01][at],
            "staleness_p99" => [90.0, 4_000.0][at],
            _ => f64::NAN,
        },
        expect![[r#"
            With payment down for 10 s, queue broke “Who was told yes gets it” in every run.
            After a request it took up to 4 s in queue until what was promised was true (99 of 100 requests).
            Only pubsub kept every promise.
        "#]],
    );
}

#[test]
fn what_is_equal_is_said_to_differ() {
    check(
        SHOP,
        &["queue", "queue"],
        &|_, _| 0.5,
        expect![[r#"
        With payment down for 10 s, in 10 runs of each nothing differs beyond chance.
    "#]],
    );
    // The parts are counted, which has nothing to do with chance.
    check(
        SHOP,
        &["pubsub", "queue"],
        &|_, _| 0.5,
        expect![[r#"
        With payment down for 10 s, in 10 runs of each nothing differs beyond chance.
    "#]],
    );
    let study = study(SHOP, &["sync", "queue"], Settings { seeds: 1, probes: false, ..Settings::default() });
    let claims = verdict(&study, &played(study.clone()).table(0));
    assert_eq!(claims[0].text, "Fewer than two seeds cannot tell a difference from chance.");
}

#[test]
fn what_differs_is_kept_quiet_where_no_sentence_is_about_it() {
    let values = |row: &str, at: usize| match row {
        "out_of_order" => [5.0, 9.0][at],
        "throughput" => [5.0, 4.0][at],
        _ => 0.5,
    };
    check(
        SHOP,
        &["pubsub", "queue"],
        &values,
        expect![[r#"
            Beyond chance they differ only in “Done per second” and “Out of order”.
        "#]],
    );
}

#[test]
fn a_verdict_contradicts_its_table() {
    for seeds in [2, 8, 20] {
        let study = study(SHOP, &["sync", "pubsub", "queue"], Settings { seeds, ..Settings::default() });
        let tally = played(study.clone());
        for baseline in 0..3 {
            let table = tally.table(baseline);
            let claims = verdict(&study, &table);
            assert!(!claims.is_empty());
            hold(&study, &table, &claims);
        }
    }
}

#[test]
fn a_circumstance_is_left_out_or_invented() {
    let begins = |fault: &str, client: &str, link: &str| {
        let text = SHOP
            .replace("  - { at: 10s, crash: payment, for: 10s }\n", fault)
            .replace("services:\n", &format!("{client}services:\n"))
            .replace("p99 60ms }", &format!("p99 60ms{link} }}"));
        let study: Arc<Study> =
            study(&text, &["sync", "queue"], Settings { seeds: 6, probes: false, ..Settings::default() });
        let claims = verdict(&study, &played(study.clone()).table(0));
        let (circumstance, _) = claims[0].text.split_once(", ").unwrap_or_default();
        circumstance.to_owned()
    };
    let crash = "  - { at: 10s, crash: payment, for: 10s }\n";
    assert_eq!(begins(crash, "", ""), "With payment down for 10 s");
    let again = crash.to_owned() + "  - { at: 22s, crash: payment, for: 10s }\n";
    assert_eq!(begins(&again, "", ""), "With payment down twice for 10 s");
    let longer = crash.to_owned() + "  - { at: 22s, crash: payment, for: 5s }\n";
    assert_eq!(begins(&longer, "", ""), "With payment down for 10 s and for 5 s");
    let slow = "  - { at: 10s, slow: inventory, by: 10x, for: 20s }\n";
    assert_eq!(begins(slow, "", ""), "With inventory 10 times as slow for 20 s");
    let cut = "  - { at: 10s, cut: [orders, payment], for: 5s }\n";
    assert_eq!(begins(cut, "", ""), "With nothing getting through between orders and payment for 5 s");
    assert_eq!(begins("  - { at: 10s, crash: payment }\n", "", ""), "With payment down from 10 s on");
    assert_eq!(begins(crash, "", ", loss: 2%"), "With payment down for 10 s and 2 % of messages lost");
    let burst = "  crowd: { arrivals: burst 40 every 20s, until: 25s, sends: place_order, to: orders }\n";
    assert_eq!(begins(crash, burst, ""), "With payment down for 10 s and 40 customers at once every 20 s");
    let crowd =
        "  crowd: { arrivals: poisson 30/s, from: 10s, until: 15s, sends: place_order, to: orders }\n";
    assert_eq!(
        begins(crash, crowd, ""),
        "With payment down for 10 s and 30 more customers a second from 10 s to 15 s"
    );
}
