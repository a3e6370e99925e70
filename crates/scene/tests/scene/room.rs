//! Everything has room: no text leaves the stage, lies over another or over a card that it does not belong to.

use std::sync::Arc;

use scene::{Anchor, Face, Lettering, Picture, Point, Rect, Shape, View};
use topology::{Plan, World};

use crate::kinds;
use crate::layout::random_plan;
use crate::parts::{Shown, at};

/// Stages as they are in a window of 1440 by 900, on a phone of 390 by 844 and on a tablet held upright: their
/// width and height.
const STAGES: [(f64, f64); 3] = [(1090.0, 560.0), (390.0, 390.0), (820.0, 1100.0)];

const PRESETS: [&str; 3] = [
    include_str!("../../../../static/scenarios/order-placed.yaml"),
    include_str!("../../../../static/scenarios/lost-and-out-of-order.yaml"),
    include_str!("../../../../static/scenarios/user-signs-up.yaml"),
];

/// About where a text lies; letters are a little narrower than this, most of the time.
fn extent(text: &str, at: Point, lettering: Lettering) -> Rect {
    let letter = match lettering.face {
        Face::Words => 0.5,
        Face::Name => 0.55,
        Face::Figures => 0.6,
    };
    let (width, height) = (text.chars().count() as f64 * letter * lettering.size, lettering.size * 0.8);
    let x = match lettering.anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - width / 2.0,
        Anchor::End => at.x - width,
    };
    Rect { x, y: at.y - height / 2.0, width, height }
}

fn texts(picture: &Picture) -> Vec<(String, Rect)> {
    let text = |shape: &Shape| match *shape {
        Shape::Text { letters, at, lettering, .. } => {
            let letters = picture.letters(letters);
            Some((letters.to_owned(), extent(letters, at, lettering)))
        }
        _ => None,
    };
    picture.shapes().iter().filter_map(text).collect()
}

fn check(name: &str, plan: &Arc<Plan>, times: &[u64]) {
    for (width, height) in STAGES {
        for &time in times {
            let shown = Shown::at(plan.clone(), at(time), width / height);
            let scale = (width / shown.layout.width()).min(height / shown.layout.height()).min(2.4);
            // Without what stands for a moment only, and so slowly that no rate is written at a line.
            let mut picture = Picture::default();
            let view = View { scale, pace: 0.01, ..View::default() };
            scene::frame(&shown.world, &shown.layout, &shown.scenery, &[], &view, &mut picture);
            check_texts(&format!("{name} at {time} ms, {width} wide"), &shown, &texts(&picture));
        }
    }
}

fn check_texts(name: &str, shown: &Shown, texts: &[(String, Rect)]) {
    let stage = Rect { x: 0.0, y: 0.0, width: shown.layout.width(), height: shown.layout.height() };
    let cards: Vec<Rect> = shown.layout.places().iter().map(|&place| shown.layout.bounds(place)).collect();
    for (index, (text, rect)) in texts.iter().enumerate() {
        let corners = [rect.x, rect.y, stage.width - rect.right(), stage.height - rect.bottom()];
        assert!(corners.iter().all(|room| *room > -1.0), "{name}: {text} leaves the stage: {rect:?}");
        for card in cards.iter().filter(|card| !card.contains(rect.centre())) {
            assert!(!card.grown(-1.0).overlaps(rect), "{name}: {text} {rect:?} lies over a card {card:?}");
        }
        for (other, other_rect) in &texts[..index] {
            assert!(!rect.overlaps(other_rect), "{name}: {text} lies over {other}: {rect:?} {other_rect:?}");
        }
    }
}

#[test]
fn a_text_of_a_channel_lies_over_something() {
    for (name, plan) in kinds::all() {
        check(name, &plan, &[1_000, 5_200, 20_000, 60_000]);
    }
}

#[test]
fn a_text_of_a_preset_lies_over_something() {
    for preset in PRESETS {
        let scenario = scenario::read(preset).scenario.unwrap();
        for variant in &scenario.variants {
            check(&variant.name, &variant.plan, &[5_000, 25_000]);
        }
    }
}

#[test]
fn a_text_of_a_generated_system_lies_over_something() {
    for seed in 0..20 {
        let plan = random_plan(seed, 2 + seed as usize);
        check(&format!("seed {seed}"), &plan, &[900]);
    }
}

#[test]
fn a_long_backlog_is_drawn_message_by_message() {
    for (name, plan) in kinds::all() {
        let shapes = |time: u64| {
            let shown = Shown::at(plan.clone(), at(time), 1.6);
            shown.picture(View::default()).shapes().len()
        };
        let (early, late) = (shapes(30_000), shapes(500_000));
        assert!(late < 700 && late < early + 60, "{name}: {early} shapes, then {late}");
    }
}

#[test]
fn a_channel_that_follows_other_rules_is_drawn_as_before() {
    let plan = kinds::queue(None).done();
    let mut world = World::new(plan.clone(), 42);
    world.run_until(at(3_000));
    let layout = scene::Layout::new(&plan, 1.6);
    assert!(layout.suits(&world));
    world.set_rules(kinds::CHANNEL, "kafka", kinds::rules("kafka", |_| {}));
    assert!(!layout.suits(&world));
    let present = scene::Layout::present(&world, 1.6);
    assert!(present.suits(&world));
    for layout in [&layout, &present] {
        let mut picture = Picture::default();
        scene::frame(&world, layout, &scene::Scenery::default(), &[], &View::default(), &mut picture);
        let texts: Vec<&str> = picture.texts().map(|(text, _)| text).collect();
        assert!(texts.contains(&"kafka") && !texts.contains(&"0 unacked"), "{texts:?}");
    }
}
