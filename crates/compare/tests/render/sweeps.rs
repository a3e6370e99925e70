//! Curves and fields.

use compare::render::Report;
use compare::{Axis, Cell, Settings, Study, Sweep};
use serde_json::Value;

use crate::made::{cell, line, swept, table};

fn axis(path: &str, values: &[&str]) -> Axis {
    Axis { path: path.into(), values: values.iter().map(|&it| it.into()).collect() }
}

/// A report of a sweep with these values of the mean response, by contender.
fn with_report(axes: &[(&str, &[&str])], values: &[f64], check: &dyn Fn(&Report<'_>)) {
    let variants = ["sync", "queue"];
    let settings = Settings { seeds: 4, first: 10, ..Settings::default() };
    let study = Study::new("A sweep", swept(&variants, axes), settings).unwrap();
    let sweep = Sweep {
        variants: variants.map(String::from).to_vec(),
        axes: axes.iter().map(|(path, values)| axis(path, values)).collect(),
    };
    let found =
        |&value: &f64| if value.is_nan() { Cell::default() } else { cell(value, value * 0.9, value * 1.1) };
    let cells: Vec<Cell> = values.iter().map(found).collect();
    let table = table(&study, vec![line(&study, "response_mean", &cells)]);
    let row = "response_mean".to_owned();
    check(&Report { study: &study, table, claims: Vec::new(), sweep: Some((&sweep, row)) });
}

const WORKERS: (&str, &[&str]) = ("services.desk.workers", &["1", "2", "3"]);
const CURVES: [f64; 6] = [400.0, 200.0, 150.0, 90.0, f64::NAN, 70.0];

#[test]
fn a_point_is_lost_or_opens_another_run() {
    with_report(&[WORKERS], &CURVES, &|report| {
        let html = report.fragment();
        let open = "data-open=\"sync with services.desk.workers=2\" data-seed=\"11\"";
        assert_eq!(html.matches(open).count(), 2, "one for each of the two pictures: {html}");
        assert_eq!(html.matches("data-open").count(), 10, "no value, no point: {html}");
        assert!(html.contains("sync, 2: 200 ms (180 to 220)"), "{html}");
        assert!(!report.html().contains("data-open") && !report.svg().contains("var("));
        assert!(
            report.svg().contains(">queue</text>") && report.svg().contains(">services.desk.workers</text>")
        );
    });
}

#[test]
fn a_sweep_says_something_else_in_every_form() {
    with_report(&[WORKERS], &CURVES, &|report| {
        let json: Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!(json["sweep"]["row"], "response_mean");
        assert_eq!(json["sweep"]["axes"][0]["path"], WORKERS.0);
        assert_eq!(json["sweep"]["axes"][0]["values"][2], "3");
        assert!(json["sweep"]["knees"].is_array());
        let variant = &json["variants"][4];
        assert_eq!((&variant["variant"], &variant["set"][WORKERS.0]), (&"queue".into(), &"2".into()));
        assert!(variant["rows"]["response_mean"]["value"].is_null());
        let csv = report.csv();
        assert!(csv.starts_with("name,variant,services.desk.workers,row,unit,value,"), "{csv}");
        assert!(
            csv.contains("queue with services.desk.workers=3,queue,3,response_mean,milliseconds,70.0,"),
            "{csv}"
        );
        let text = report.text(100);
        for (form, expected) in [(&text, "200 ±20 ms"), (&report.markdown(), "200 ms (180 to 220)")] {
            assert!(form.contains(expected) && form.contains('–'), "{form}");
        }
        assert!(text.lines().any(|line| line.contains("▇▄▃") && line.ends_with("▂ ▂")), "{text}");
    });
}

#[test]
fn a_map_mixes_up_its_axes() {
    let axes = [WORKERS, ("links.default.loss", &["0", "0.1"][..])];
    let values: Vec<f64> = (1..=12).map(|at| f64::from(at) * 10.0).collect();
    with_report(&axes, &values, &|report| {
        let html = report.fragment();
        let row = "<tr><th scope=\"row\">2</th><td";
        let found = &html[html.find(row).unwrap()..];
        let wish = "sync with services.desk.workers=2 and links.default.loss=0.1";
        assert!(found.find("30.0<span").unwrap() < found.find("40.0<span").unwrap(), "{found}");
        assert!(found.find(wish).unwrap() < found.find("40.0<span").unwrap(), "{found}");
        assert!(html.contains("--heat: 100.0%") && html.matches("report-dark").count() == 3, "{html}");
        assert!(report.text(100).contains("\n2  30.0 ms  40.0 ms\n"), "{}", report.text(100));
        assert!(report.markdown().contains("| 2 | 30.0 ms | 40.0 ms |"), "{}", report.markdown());
        assert!(report.svg().contains(">120 ms</text>"), "{}", report.svg());
    });
}

#[test]
fn a_sweep_without_figures_is_drawn() {
    with_report(&[WORKERS], &[f64::NAN; 6], &|report| {
        assert!(report.fragment().contains("report-curves") && report.svg().ends_with("</svg>\n"));
        for form in [report.fragment(), report.svg(), report.text(100), report.markdown()] {
            assert!(!form.contains("NaN") && !form.contains("inf"), "{form}");
        }
    });
}
