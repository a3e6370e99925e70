//! Names come from files, and may be anything.

use compare::render::Report;
use compare::{Behind, Cell, Claim, Settings};
use kernel::Time;

use crate::made::{cell, differing, line, study, table};

const EVIL: &str = "<script>alert('1')</script> \"a\", b|c `d`\n& more";

fn with_report(check: &dyn Fn(&Report<'_>)) {
    let study = study(&["plain", EVIL], Settings { seeds: 3, ..Settings::default() });
    let exact = Cell { detail: EVIL.into(), ..cell(3.0, 3.0, 3.0) };
    let lines = vec![
        line(&study, "response_mean", &[cell(5.0, 4.0, 6.0), differing(cell(9.0, 8.0, 10.0), 4.0, true)]),
        line(&study, "channels", &[exact.clone(), exact]),
    ];
    let mut table = table(&study, lines);
    table.notes.push(EVIL.into());
    let claims = vec![Claim { contender: 1, row: "response_mean".into(), text: EVIL.into() }];
    check(&Report { study: &study, table, claims, sweep: None });
}

/// Reads markup as far as these documents go: every tag is closed in its order, and nothing stands between that looks
/// like one.
fn check_nesting(markup: &str) {
    const VOID: [&str; 5] = ["!doctype", "meta", "input", "wbr", "br"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag does not end");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes another tag");
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn a_name_becomes_markup() {
    with_report(&|report| {
        let case = Behind { case: Some(3), at: Time::from_nanos(1_500_000_000), words: EVIL.into() };
        let behind = report.behind(1, "response_mean", 1, &[case]);
        for form in [report.fragment(), report.html(), report.svg(), behind] {
            assert!(!form.contains("<script") && form.contains("&lt;script"), "{form}");
            check_nesting(&form);
        }
        let markdown = report.markdown();
        assert!(!markdown.contains("<script") && markdown.contains("\\|c \\`d\\`"), "{markdown}");
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        assert!(
            markdown.lines().filter(|line| line.starts_with('|')).all(|line| columns(line) == 4),
            "{markdown}"
        );
        let quoted = "\"<script>alert('1')</script> \"\"a\"\", b|c `d`\n& more\",response_mean,";
        assert!(report.csv().contains(quoted), "{}", report.csv());
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!(json["variants"][1]["name"], EVIL);
    });
}

#[test]
fn what_is_clicked_does_not_say_what_it_is() {
    with_report(&|report| {
        let fragment = report.fragment();
        for data in ["data-cell=\"1:response_mean\"", "data-baseline=\"1\"", "data-cell=\"0:channels\""] {
            assert!(fragment.contains(data), "{data} in {fragment}");
        }
        let cases = [
            Behind { case: Some(3), at: Time::from_nanos(1_500_000_000), words: "It waited.".into() },
            Behind { case: None, at: Time::from_nanos(250_000), words: "A crash.".into() },
        ];
        let behind = report.behind(0, "response_mean", 1, &cases);
        assert!(behind.contains("data-open=\"plain\" data-seed=\"1\">Open this run"), "{behind}");
        assert!(
            behind.contains("data-open=\"plain\" data-seed=\"1\" data-at=\"1500\" data-case=\"3\""),
            "{behind}"
        );
        assert!(behind.contains("data-open=\"plain\" data-seed=\"1\" data-at=\"0.25\">"), "{behind}");
        assert!(behind.contains("of 2 runs, the one whose value is nearest to the mean"), "{behind}");
        assert!(report.behind(0, "no_such_row", 1, &[]).contains("no figures"));
        assert!(report.behind(9, "response_mean", 1, &[]).contains("no figures"));
    });
}

#[test]
fn an_exported_page_has_buttons_or_needs_something_else() {
    with_report(&|report| {
        let page = report.html();
        for forbidden in ["<button", "<script", "data-", "url(", "http", "@import", "@font-face", "<link"] {
            let styled = forbidden == "data-";
            let body = if styled { &page[page.find("<body").unwrap()..] } else { &page[..] };
            assert!(!body.contains(forbidden), "{forbidden}");
        }
        assert!(page.starts_with("<!doctype html>") && page.contains("<title>A &lt;shop&gt;"), "{page}");
        assert!(page.contains("--ground: #f6f4ee") && page.contains(".report-table"));
        let svg = report.svg();
        assert!(
            svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && !svg.contains("var("),
            "{svg}"
        );
    });
}
