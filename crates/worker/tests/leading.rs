//! A lead with children that play at once, in order, and a clock that goes by looking at it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what is not there fails the test")]

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

use compare::render::Report;
use compare::{Tally, contenders};
use serde_json::json;
use worker::{Ask, Child, Format, Lead, Message, Surroundings, Tell, commission};

const TEXT: &str = "
signalbox: 1
title: Two & two
length: 5s
clients: { shopper: { arrivals: poisson 20/s, sends: order, to: shop } }
services: { shop: { work: exponential 30ms, inbox: 4 } }
handlers: { shop: { order: [work, reply] } }
variants:
  one: { services: { shop: { workers: 1 } } }
  two: { services: { shop: { workers: 2 } } }
";

/// A page and children, both without a browser.
#[derive(Default)]
struct Room {
    clock: Cell<f64>,
    cores: usize,
    children: Vec<Child>,
    /// What lies before children.
    ahead: VecDeque<(usize, Message)>,
    told: Vec<Tell>,
}

impl Surroundings for Room {
    fn now_ms(&self) -> f64 {
        self.clock.set(self.clock.get() + 7.0);
        self.clock.get()
    }

    fn cores(&self) -> usize {
        self.cores
    }

    fn tell(&mut self, tell: Tell) {
        self.told.push(tell);
    }

    fn start_children(&mut self, count: usize, order: &str) {
        self.ahead.clear();
        self.children = (0..count).map(|_| Child::new(order).expect("the lead has read it")).collect();
    }

    fn say(&mut self, child: usize, message: Message) {
        self.ahead.push_back((child, message));
    }
}

/// A lead in its room, with the scenario open.
struct Scene {
    lead: Lead,
    room: Room,
}

impl Scene {
    fn open(text: &str, cores: usize) -> Scene {
        let mut scene = Scene { lead: Lead::default(), room: Room { cores, ..Room::default() } };
        scene.ask(&json!({ "do": "open", "text": text }));
        scene
    }

    fn ask(&mut self, ask: &serde_json::Value) {
        self.lead.hear(Ask::read(&ask.to_string()).expect("it is asked so"), &mut self.room);
    }

    /// Lets so many messages be answered, the last ones first, as if one child were much slower.
    fn play(&mut self, messages: usize) {
        for _ in 0..messages {
            let Some((child, message)) = self.room.ahead.pop_back() else { return };
            let (numbers, words) = message.pack();
            let message = Message::unpack(&numbers, words).expect("it was packed");
            if let Some(answer) = self.room.children[child].answer(&message) {
                self.lead.take(child, answer, &mut self.room);
            }
        }
    }

    fn file(&mut self, format: &str) -> String {
        self.ask(&json!({ "do": "export", "format": format }));
        let Some(Tell::File { text, .. }) = self.room.told.pop() else { panic!("no file was told") };
        text
    }

    fn problem(&mut self) -> (String, String) {
        let Some(Tell::Problem { field, words }) = self.room.told.pop() else {
            panic!("no problem was told")
        };
        (field, words)
    }

    fn over(&self) -> Option<bool> {
        self.room
            .told
            .iter()
            .rev()
            .find_map(|tell| if let Tell::Over { partial } = tell { Some(*partial) } else { None })
    }
}

/// What threads would find.
fn expected(begin: &serde_json::Value) -> String {
    let commission = commission(TEXT, begin).unwrap();
    let mut tally = Tally::new(Arc::new(commission.study));
    while let Some(turn) = tally.next_turn() {
        let found = tally.study().play(turn, &mut || true).unwrap();
        tally.take(turn, found);
    }
    Report::of(&tally, 0, None).json()
}

#[test]
fn any_number_of_children_finds_the_same() {
    let begin =
        json!({ "do": "begin", "seeds": 24, "precision": { "row": "response_mean", "share": "30%" } });
    let expected = expected(&begin);
    for cores in [1, 2, 5] {
        let mut scene = Scene::open(TEXT, cores);
        scene.ask(&begin);
        scene.play(usize::MAX);
        assert_eq!(scene.over(), Some(false), "{cores} cores");
        assert_eq!(scene.file("json"), expected, "{cores} cores");
    }
}

#[test]
fn a_cancelled_comparison_keeps_what_it_knows_and_says_that_it_is_partial() {
    let mut scene = Scene::open(TEXT, 2);
    scene.ask(&json!({ "do": "begin", "seeds": "1000" }));
    scene.play(40);
    assert_eq!(scene.over(), None);
    let partial = |tell: &Tell| matches!(tell, Tell::Html(html) if html.contains("partial"));
    assert!(!scene.room.told.iter().any(partial), "what still runs is called partial");
    scene.ask(&json!({ "do": "baseline", "contender": 1 }));
    assert!(matches!(scene.room.told.last(), Some(Tell::Html(_))));
    assert!(!scene.room.told.iter().any(partial), "what still runs is called partial");
    scene.ask(&json!({ "do": "cancel" }));
    assert_eq!(scene.over(), Some(true));
    assert!(scene.room.told.iter().any(partial), "what was cancelled is not called partial");
    assert!(scene.room.children.is_empty(), "the children play on");
    let json: serde_json::Value = serde_json::from_str(&scene.file("json")).unwrap();
    assert_eq!(json["partial"], true);
    assert!(json["seeds"].as_u64().is_some_and(|seeds| seeds > 0 && seeds < 1000), "{}", json["seeds"]);
    // What is behind a cell can still be asked, and nothing begins again.
    let told = scene.room.told.len();
    scene.ask(&json!({ "do": "behind", "contender": 1, "row": "response_mean" }));
    scene.play(usize::MAX);
    assert!(matches!(scene.room.told[told..], [Tell::Behind(_)]), "{:?}", &scene.room.told[told..]);
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_what_is_known_stays() {
    let mut scene = Scene::open(TEXT, 1);
    scene.ask(&json!({ "do": "begin", "seeds": 3 }));
    scene.play(usize::MAX);
    let known = scene.file("csv");
    let mut check = |key: &str, value: serde_json::Value, field: &str, words: &str| {
        let mut begin = json!({ "do": "begin" });
        begin[key] = value;
        scene.ask(&begin);
        let (at, said) = scene.problem();
        assert_eq!(at, field, "{said}");
        assert!(said.contains(words), "{said}");
        assert_eq!(scene.file("csv"), known);
    };
    check("seeds", json!(0), "seeds", "without a seed nothing is run");
    check("seeds", json!("many"), "seeds", "`many` is not a whole number");
    check("seeds", json!(u64::MAX), "seeds", "compare fewer");
    check("seeds", json!(1_500_000), "wishes", "with at most 1000000 seeds");
    check("first", json!("-1"), "first", "`-1` is not a whole number");
    check("first", json!(u64::MAX), "first", "there are not 100");
    check("warm_up", json!("5s"), "warm_up", "leaves nothing");
    check("warm_up", json!("5"), "warm_up", "has no unit");
    check("precision", json!({ "row": "response_mean", "share": "0%" }), "precision", "not between");
    check("precision", json!({ "row": "respons_mean", "share": 0.02 }), "precision", "response_mean");
    check("wishes", json!([]), "wishes", "choose at least one");
    check("wishes", json!(["on"]), "wishes", "did you mean one?");
    check("wishes", json!(["one with services.shop.worker=2"]), "wishes", "has no services.shop.worker;");
    check(
        "sweep",
        json!({ "axes": ["services.shop.workers=1..2"], "row": "lots" }),
        "row",
        "did you mean lost?",
    );
    check("sweep", json!({ "axes": [] }), "axis-1", "name a parameter");
    check("sweep", json!({ "axes": ["a=1..2", "b=1..2", "c=1..2"] }), "axis-1", "cannot be drawn");
}

#[test]
fn differences_are_taken_to_the_baseline_that_was_chosen() {
    let mut scene = Scene::open(TEXT, 1);
    scene.ask(&json!({ "do": "begin", "seeds": 3 }));
    scene.play(usize::MAX);
    let baseline = |scene: &mut Scene| {
        let json: serde_json::Value = serde_json::from_str(&scene.file("json")).unwrap();
        json["baseline"].clone()
    };
    scene.ask(&json!({ "do": "baseline", "contender": 1 }));
    assert!(matches!(scene.room.told.last(), Some(Tell::Html(_))));
    assert_eq!(baseline(&mut scene), "two");
    scene.ask(&json!({ "do": "baseline", "contender": 2 }));
    assert_eq!(baseline(&mut scene), "two", "there is no third");
    scene.ask(&json!({ "do": "begin", "seeds": 2, "wishes": ["two", "one"] }));
    scene.play(usize::MAX);
    assert_eq!(baseline(&mut scene), "two", "the same comparison again");
}

#[test]
fn cases_are_told_of_another_cell_than_they_are_behind() {
    let mut scene = Scene::open(TEXT, 2);
    scene.ask(&json!({ "do": "begin", "seeds": 3 }));
    scene.play(usize::MAX);
    let mut behind = |rows: &[&str]| {
        let told = scene.room.told.len();
        for row in rows {
            scene.ask(&json!({ "do": "behind", "contender": 1, "row": row }));
        }
        // They are answered in the order in which they were asked.
        scene.room.ahead.make_contiguous().reverse();
        scene.play(usize::MAX);
        scene.room.told[told..].to_vec()
    };
    let rows = ["response_mean", "messages_per_case"];
    let apart = rows.map(|row| behind(&[row])).concat();
    assert_eq!(apart.len(), 2);
    assert_ne!(apart[0], apart[1]);
    assert_eq!(behind(&rows), apart);
}

#[test]
fn a_sweep_is_said_to_have_figures_of_experiments_some_day() {
    let mut scene = Scene::open(TEXT, 2);
    let sweep = |row: &str| json!({ "do": "begin", "seeds": 2, "sweep": { "axes": ["services.shop.workers=1..2"], "row": row } });
    scene.ask(&sweep("response_mean"));
    scene.play(usize::MAX);
    scene.ask(&json!({ "do": "row", "row": "must_be_up" }));
    let Some(Tell::Html(html)) = scene.room.told.last() else { panic!("no report was told") };
    assert!(html.contains("only for the row that a sweep begins with"), "{html}");
    scene.ask(&sweep("must_be_up"));
    scene.play(usize::MAX);
    let json: serde_json::Value = serde_json::from_str(&scene.file("json")).unwrap();
    assert_eq!(json["variants"][3]["rows"]["must_be_up"]["value"], 1.0);
}

#[test]
fn another_scenario_ends_the_comparison() {
    let mut scene = Scene::open(TEXT, 2);
    scene.ask(&json!({ "do": "begin" }));
    scene.ask(&json!({ "do": "open", "text": TEXT.replace("Two", "Three") }));
    assert!(scene.room.children.is_empty());
    let Some(Tell::Paths { paths, rows }) = scene.room.told.last() else { panic!("no paths") };
    assert!(paths.contains("<option value=\"services.shop.workers\""), "{paths}");
    assert_eq!(paths.matches("\"services.shop.workers\"").count(), 1, "{paths}");
    assert!(rows.contains("<option value=\"response_p99\" selected>"), "{rows}");
    let told = scene.room.told.len();
    scene.ask(&json!({ "do": "export", "format": "json" }));
    assert_eq!(scene.room.told.len(), told, "nothing is known of it");
}

#[test]
fn a_file_is_called_after_its_scenario() {
    let mut scene = Scene::open(TEXT, 1);
    scene.ask(&json!({ "do": "begin", "seeds": 1 }));
    scene.play(usize::MAX);
    scene.ask(&json!({ "do": "export", "format": "md" }));
    let Some(Tell::File { name, format, .. }) = scene.room.told.last() else { panic!("no file") };
    assert_eq!((name.as_str(), *format), ("two-two-comparison.md", Format::Markdown));
}

#[test]
fn a_child_makes_the_study_of_the_lead() {
    let (_, list) = contenders(TEXT, &[]).unwrap();
    assert_eq!(list.len(), 2);
    let mut scene = Scene::open(TEXT, 3);
    scene.ask(&json!({ "do": "begin", "first": 7, "seeds": 2, "jobs": 2 }));
    assert_eq!(scene.room.children.len(), 2, "there may be two jobs");
    scene.play(usize::MAX);
    let json: serde_json::Value = serde_json::from_str(&scene.file("json")).unwrap();
    assert_eq!((&json["first_seed"], &json["seeds"]), (&json!(7), &json!(2)));
}
