//! All forms have the figures of the JSON.

use compare::render::{Report, shown};
use compare::{Cell, Claim, Settings, Table, Unit};
use serde_json::Value;

use crate::made::{cell, differing, line, study, table};

fn settings(seeds: u64) -> Settings {
    Settings { seeds, ..Settings::default() }
}

/// Two contenders with values of all kinds.
fn with_report(check: &dyn Fn(&Report<'_>)) {
    let study = study(&["sync", "queue, late"], settings(20));
    let lines = vec![
        line(
            &study,
            "response_mean",
            &[cell(1.0 / 3.0, 0.25, 0.5), differing(cell(98.76, 97.1, 99.9), 98.43, true)],
        ),
        line(&study, "drain", &[cell(90.0, 88.0, 92.0), differing(cell(28.1, 26.6, 29.6), -61.9, true)]),
        line(&study, "turned_away", &[cell(0.234_56, 0.2, 0.3), Cell::default()]),
        line(&study, "lost", &[cell(42.3, 40.0, 44.0), differing(cell(42.3, 40.3, 44.3), 0.2, false)]),
        line(&study, "done_twice", &[cell(7.0, 7.0, 7.0), cell(7.0, 7.0, 7.0)]),
    ];
    let claims = vec![Claim { contender: 1, row: "lost".into(), text: "It \"lost\" some.".into() }];
    let table = Table { notes: vec!["A note.".into()], ..table(&study, lines) };
    check(&Report { study: &study, table, claims, sweep: None });
}

fn parsed(report: &Report<'_>) -> Value {
    serde_json::from_str(&report.json()).unwrap()
}

#[test]
fn the_json_lacks_a_field_or_a_digit() {
    with_report(&|report| {
        let json = parsed(report);
        let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        let expected =
            "baseline first_seed independent notes partial rows seeds title variants verdict warm_up_ms";
        assert_eq!(keys.into_iter().map(String::as_str).collect::<Vec<_>>().join(" "), expected);
        assert_eq!(
            (&json["title"], &json["baseline"]),
            (&"A <shop> | \"small\" & open".into(), &"sync".into())
        );
        assert_eq!((json["seeds"].as_u64(), json["partial"].as_bool()), (Some(20), Some(false)));
        let claim = &json["verdict"][0];
        assert_eq!((&claim["variant"], &claim["row"]), (&"queue, late".into(), &"lost".into()));
        for row in json["rows"].as_array().unwrap() {
            for key in ["id", "group", "name", "says", "formula", "unit", "better", "source"] {
                assert!(row[key].is_string(), "{key} of {row}");
            }
        }
        for (at, variant) in json["variants"].as_array().unwrap().iter().enumerate() {
            assert_eq!(variant["name"], report.table.headers[at].name.as_str());
            assert_eq!(variant["halted"], 0);
            for line in &report.table.lines {
                let (found, cell) = (&variant["rows"][&line.row.id], &line.cells[at]);
                for (key, value) in [("value", cell.value), ("low", cell.low), ("high", cell.high)] {
                    assert_eq!(found[key].as_f64(), value, "{key} of {}", line.row.id);
                    assert!(found.get(key).is_some(), "{key} of {}", line.row.id);
                }
                let difference = &found["difference"];
                assert_eq!(difference["value"].as_f64(), cell.difference.map(|it| it.value));
                assert_eq!(difference["low"].as_f64(), cell.difference.map(|it| it.low));
                assert_eq!(difference["high"].as_f64(), cell.difference.map(|it| it.high));
                assert_eq!(difference["beyond_chance"].as_bool(), cell.difference.map(|it| it.beyond_chance));
            }
        }
    });
}

/// The fields of a line as RFC 4180 has them.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            letter => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}

#[test]
fn the_csv_has_other_figures_than_the_json() {
    with_report(&|report| {
        let (csv, json) = (report.csv(), parsed(report));
        let mut lines = csv.split_terminator("\r\n");
        let head = lines.next().unwrap();
        assert_eq!(
            head,
            "name,row,unit,value,low,high,difference,difference_low,difference_high,beyond_chance"
        );
        let mut count = 0;
        for line in lines {
            let fields = fields(line);
            assert_eq!(fields.len(), 10, "{line}");
            let variants = json["variants"].as_array().unwrap();
            let variant = variants.iter().find(|it| it["name"] == fields[0].as_str()).unwrap();
            let (cell, difference) =
                (&variant["rows"][&fields[1]], &variant["rows"][&fields[1]]["difference"]);
            let from_json = [
                &cell["value"],
                &cell["low"],
                &cell["high"],
                &difference["value"],
                &difference["low"],
                &difference["high"],
                &difference["beyond_chance"],
            ];
            for (field, value) in fields[3..].iter().zip(from_json) {
                assert_eq!(*field, if value.is_null() { String::new() } else { value.to_string() }, "{line}");
            }
            count += 1;
        }
        assert_eq!(count, 10);
    });
}

#[test]
fn text_and_tables_have_other_figures_than_the_json() {
    with_report(&|report| {
        let json = parsed(report);
        let value =
            |variant: usize, row: &str| json["variants"][variant]["rows"][row]["value"].as_f64().unwrap();
        let (text, markdown, html) = (report.text(100), report.markdown(), report.fragment());
        for (variant, row, unit) in [
            (0, "response_mean", Unit::Milliseconds),
            (1, "response_mean", Unit::Milliseconds),
            (0, "turned_away", Unit::Share),
            (0, "lost", Unit::Count),
            (0, "done_twice", Unit::Count),
        ] {
            // Some digits may be left out where the interval is wide, but no other may stand there.
            let whole = shown(value(variant, row), unit);
            let digits = whole.split(['.', ' ']).next().unwrap();
            let all = [&text, &markdown, &html];
            assert!(all.iter().all(|it| it.contains(digits)), "{whole} of {row}");
        }
        for expected in ["0.33 ms (0.25 to 0.50)", "98.8 ms (97.1 to 99.9)", "23.5 % (20.0 to 30.0)"] {
            assert!(markdown.contains(expected), "{expected}\n{markdown}");
        }
        assert!(text.contains("28.1 ±1.5 ms *") && text.contains("42.3 ±2.0\n"), "{text}");
        assert!(!text.contains("42.3 ±2.0 *"), "what differs by chance is marked:\n{text}");
        assert!(markdown.contains("**+98.4 ms (+98.1 to +98.8)**"), "{markdown}");
        assert!(text.contains("The same in all: Done twice (7)."), "{text}");
    });
}

#[test]
fn a_terminal_breaks_lines() {
    let names: Vec<String> =
        (0..7).map(|at| format!("contender-{at} with services.desk.workers={at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let study = study(&names, settings(5));
    let cells: Vec<Cell> =
        (0..7).map(|at| cell(f64::from(at) + 100.0, f64::from(at) + 95.0, f64::from(at) + 105.0)).collect();
    let rows = ["response_mean", "completion_p99", "drain"];
    let lines = rows.iter().map(|row| line(&study, row, &cells)).collect();
    let report = Report { study: &study, table: table(&study, lines), claims: Vec::new(), sweep: None };
    for (width, blocks) in [(100, 2), (200, 1), (1, 7)] {
        let text = report.text(width);
        assert!(text.lines().all(|line| line.chars().count() <= width.max(60)), "{text}");
        assert_eq!(text.matches("Response, mean ").count(), blocks, "{text}");
        for value in 0..7 {
            let shown = format!("  10{value} ±5 ms");
            assert_eq!(text.matches(&shown).count(), 3, "{shown} in\n{text}");
        }
    }
}

#[test]
fn where_there_is_nothing_something_is_said() {
    let nothing = study(&["alone"], settings(1));
    let empty = Table { seeds: 0, partial: true, ..table(&nothing, Vec::new()) };
    let report = Report { study: &nothing, table: empty, claims: Vec::new(), sweep: None };
    assert!(
        report
            .text(100)
            .contains("no run has ended in every contender yet, partial: not everything was played"),
        "{}",
        report.text(100)
    );
    assert!(report.fragment().contains("There are no figures yet"));
    assert!(report.svg().contains("There are no figures yet"));
    assert_eq!(parsed(&report)["partial"], true);
    assert_eq!(report.csv().lines().count(), 1);

    // One contender has nothing to be compared with, and one seed no interval.
    let one = Cell { value: Some(47.0), runs: vec![47.0], typical: Some(0), ..Cell::default() };
    let lines =
        vec![line(&nothing, "lost", std::slice::from_ref(&one)), line(&nothing, "drain", &[Cell::default()])];
    let report = Report { study: &nothing, table: table(&nothing, lines), claims: Vec::new(), sweep: None };
    let (text, html) = (report.text(100), report.fragment());
    assert!(text.contains("one run each, seed 0") && text.contains("47"), "{text}");
    assert!(!text.contains("baseline") && !html.contains("data-baseline"), "{text}{html}");
    assert!(text.contains('–') && html.contains('–') && report.markdown().contains('–'), "{text}");
    assert!(html.contains("data-cell=\"0:lost\"") && !html.contains("data-cell=\"0:drain\""), "{html}");
    assert!(parsed(&report)["variants"][0]["rows"]["drain"]["value"].is_null());
}

#[test]
fn a_contender_that_was_stopped_looks_like_the_others() {
    let study = study(&["calm", "storm"], settings(100));
    let mut table = table(&study, vec![line(&study, "lost", &[cell(1.0, 0.5, 1.5), cell(2.0, 1.5, 2.5)])]);
    table.headers[1].halted = 7;
    let report = Report { study: &study, table, claims: Vec::new(), sweep: None };
    for form in [report.text(100), report.markdown(), report.fragment(), report.html()] {
        assert!(form.contains("7 of 100 runs stopped"), "{form}");
    }
    assert_eq!(parsed(&report)["variants"][1]["halted"], 7);
}
