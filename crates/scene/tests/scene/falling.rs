//! What goes wrong is seen where it goes wrong.

use kernel::Distribution;
use scene::{Scenery, Shape, Tone, View};
use topology::{Act, Link, LossReason};

use crate::parts::{Architecture, PAYMENT, SHIPPING, Shown, WIDE, at, millis, order_placed, shown};

fn red_messages(shown: &Shown, view: View) -> usize {
    let picture = shown.picture(view);
    picture.messages().filter(|glyph| glyph.paint.tone == Tone::Loss && glyph.paint.alpha < 1.0).count()
}

#[test]
fn a_crashed_service_looks_like_one_that_is_up() {
    let before = shown(Architecture::Topic, 1_990);
    let after = shown(Architecture::Topic, 5_200);
    assert!(!before.texts(View::default()).iter().any(|text| text.starts_with("down")));
    assert!(after.texts(View::default()).contains(&"down 3.2 s".to_owned()));
    let dashed = |shown: &Shown| {
        let card = shown.layout.bounds(PAYMENT);
        let of_it = |shape: &&Shape| matches!(shape, Shape::Card { rect, edge: Some(edge), .. } if *rect == card && edge.dash > 0.0);
        shown.picture(View::default()).shapes().iter().filter(of_it).count()
    };
    assert_eq!((dashed(&before), dashed(&after)), (0, 1));
}

#[test]
fn a_lost_message_does_not_fall_or_falls_for_ever() {
    let shown = shown(Architecture::Topic, 4_000);
    assert!(red_messages(&shown, View::default()) > 0);
    // At a hundredth of the pace, what was lost 0.1 s ago was lost 10 s ago for the person who watches.
    assert_eq!(red_messages(&shown, View { pace: 0.01, ..View::default() }), 0);
}

#[test]
fn the_reason_is_missing_or_printed_over_itself() {
    let texts = shown(Architecture::Topic, 4_000).texts(View::default());
    let reasons: Vec<&String> =
        texts.iter().filter(|text| text.starts_with(LossReason::SubscriberAway.words())).collect();
    assert_eq!(reasons.len(), 1, "{texts:?}");
}

#[test]
fn losses_are_not_counted_where_they_happen() {
    let mut shown = shown(Architecture::Topic, 4_000);
    let lost = shown.scenery.at_place(PAYMENT, shown.world.now()).lost;
    assert_eq!(lost, shown.world.ledger().lost());
    assert!(shown.texts(View::default()).contains(&format!("{lost} lost")));
    // Seen from an earlier time there were fewer, and a run that begins again has none.
    assert!(shown.scenery.at_place(PAYMENT, at(3_000)).lost < lost);
    shown.scenery.reset();
    assert_eq!(shown.scenery.at_place(PAYMENT, shown.world.now()).lost, 0);
}

#[test]
fn records_that_come_again_after_a_step_back_count_twice() {
    let shown = shown(Architecture::Topic, 4_000);
    let mut scenery = Scenery::default();
    shown.records.iter().for_each(|record| scenery.take(record));
    let half = &shown.records[shown.records.len() / 2..];
    half.iter().for_each(|record| scenery.take(record));
    let now = shown.world.now();
    assert_eq!(scenery.at_place(PAYMENT, now), shown.scenery.at_place(PAYMENT, now));
}

#[test]
fn a_cut_link_looks_whole() {
    let mut plan = order_placed(Architecture::Queues);
    plan.fault(at(1_000), Act::Cut { one: SHIPPING, other: crate::parts::SHIPPING_JOBS });
    let cut = Shown::at(plan.build().unwrap(), at(1_500), WIDE);
    let slashes = |shown: &Shown| {
        let red =
            |shape: &&Shape| matches!(shape, Shape::Line { stroke, .. } if stroke.paint.tone == Tone::Loss);
        shown.picture(View::default()).shapes().iter().filter(red).count()
    };
    assert_eq!(slashes(&cut), 2);
    assert_eq!(slashes(&shown(Architecture::Queues, 1_500)), 0);
}

#[test]
fn a_second_effect_or_an_overtaken_message_leaves_no_mark() {
    let mut plan = order_placed(Architecture::Topic);
    let mut link = Link::with_latency(Distribution::uniform(millis(50), millis(900)));
    (link.duplication, link.reordering) = (0.5, 1.0);
    plan.default_link(link);
    let shown = Shown::at(plan.build().unwrap(), at(1_900), WIDE);
    let twice = shown.scenery.at_place(SHIPPING, shown.world.now()).twice;
    assert!(twice > 0);
    let texts = shown.texts(View::default());
    assert!(texts.iter().any(|text| text.contains("twice")), "{texts:?}");
    assert!(texts.iter().any(|text| text == "shipped ×2"), "{texts:?}");
    let doubled = shown.picture(View::default()).messages().filter(|glyph| glyph.doubled).count();
    assert!(doubled > 0);
}
