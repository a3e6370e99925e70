//! Messages on their way.

use kernel::Distribution;
use scene::{Form, Glyph, Picture, Ring, Shape, Tone, View, point};
use topology::{ClientId, Link, MessageState, Place, Record};

use crate::kinds;
use crate::parts::{Architecture, Shown, WIDE, at, millis, order_placed, shown};

fn at_spot(glyph: &Glyph, x: f64, y: f64) -> bool {
    (glyph.at.x - x).abs() < 1e-9 && (glyph.at.y - y).abs() < 1e-9
}

#[test]
fn a_travelling_message_is_not_seen_or_seen_twice() {
    for architecture in [Architecture::Calls, Architecture::Topic, Architecture::Queues] {
        for time in [1_500, 2_050, 4_333, 7_777] {
            let shown = shown(architecture, time);
            let picture = shown.picture(View::default());
            let mut glyphs: Vec<&Glyph> = picture.messages().collect();
            let travelling = shown.world.messages().map(|(_, message)| message);
            let travelling: Vec<_> =
                travelling.filter(|message| message.state == MessageState::Travelling).collect();
            assert!(!travelling.is_empty());
            for message in travelling {
                let whole = message.arrives.since(message.departed).seconds();
                let gone = shown.world.now().since(message.departed).seconds();
                let spot = shown.layout.track(message.route).unwrap().at(gone / whole).0;
                // What has just been handed out is still on its way to its track.
                let from = shown.world.plan().routes[message.route.index()].from;
                let leaves = matches!(from, Place::Channel(_)) && gone < whole * 0.2;
                let way = shown.layout.track(message.route).unwrap().length() * 0.2;
                let room = shown.layout.bounds(from).grown(way);
                let here = |glyph: &&Glyph| {
                    at_spot(glyph, spot.x, spot.y) || leaves && glyph.radius > 6.0 && room.contains(glyph.at)
                };
                let found = glyphs.iter().position(here);
                // Taken out, so that a second message at the same spot needs a second shape.
                glyphs.remove(found.expect("a message that is not drawn where it is"));
            }
            let placed = shown.layout.places().iter().map(|&place| shown.layout.bounds(place).grown(1.0));
            let cards: Vec<_> = placed.collect();
            let stray = glyphs.iter().filter(|glyph| {
                let falls = glyph.paint.tone == Tone::Loss;
                let waits = cards.iter().any(|card| card.contains(glyph.at));
                let explains = glyph.at.y > shown.layout.height() - 40.0;
                !falls && !waits && !explains
            });
            assert_eq!(stray.count(), 0, "{architecture:?} at {time} ms");
        }
    }
}

#[test]
fn a_message_does_not_leave_from_where_it_stood() {
    for (name, plan) in
        [("queue", kinds::queue(None)), ("exchange", kinds::exchange()), ("log", kinds::stream())]
    {
        let plan = plan.done();
        let leaves = |time: &u64| {
            let shown = Shown::at(plan.clone(), at(*time), WIDE);
            let card = shown.layout.bounds(Place::Channel(kinds::CHANNEL));
            let picture = shown.picture(View::default());
            let mut large = picture.messages().filter(|glyph| glyph.radius > 6.0);
            large.any(|glyph| card.grown(-20.0).contains(glyph.at))
        };
        let found = (1_000..4_000).step_by(10).find(leaves);
        assert!(found.is_some(), "{name}: no message is ever seen inside the card on its way out");
    }
}

#[test]
fn a_paused_world_moves() {
    let shown = shown(Architecture::Topic, 4_333);
    assert_eq!(shown.picture(View::default()), shown.picture(View::default()));
}

#[test]
fn a_message_does_not_travel_evenly() {
    let place = |time: u64| {
        let shown = shown(Architecture::Topic, time);
        let picture = shown.picture(View::default());
        let legend = shown.layout.height() - 40.0;
        let chevrons = picture.messages().filter(|glyph| glyph.form == Form::Chevron && glyph.at.y < legend);
        chevrons.map(|glyph| glyph.at.x).fold(f64::MAX, f64::min)
    };
    // The first request leaves at 250 ms and is on its way for 200 ms.
    let (one, two, three) = (place(300), place(350), place(400));
    assert!(one < two && two < three);
    assert!(((two - one) - (three - two)).abs() < 1e-6);
}

#[test]
fn too_many_messages_or_too_fast_ones_are_drawn_one_by_one() {
    let mut plan = order_placed(Architecture::Topic);
    plan.default_link(Link::with_latency(Distribution::constant(millis(10))));
    let shown = Shown::at(plan.build().unwrap(), at(1_505), WIDE);
    let legend = shown.layout.height() - 40.0;
    let on_the_way = |pace: f64| {
        let picture = shown.picture(View { pace, ..View::default() });
        picture.messages().filter(|glyph| glyph.at.y < legend).count()
    };
    assert!(on_the_way(0.05) > 0);
    assert_eq!(on_the_way(10.0), 0);
    let texts = shown.texts(View { pace: 10.0, ..View::default() });
    assert!(texts.iter().any(|text| text.ends_with("/s") && !text.starts_with('≈') && text != "4/s"));
}

#[test]
fn something_moves_although_motion_is_to_be_reduced() {
    let view = View { reduced_motion: true, ..View::default() };
    let spots = |time: u64| {
        let shown = shown(Architecture::Topic, time);
        let picture = shown.picture(view);
        let spots: Vec<(f64, f64)> = picture.messages().map(|glyph| (glyph.at.x, glyph.at.y)).collect();
        spots
    };
    // The same message is on its way at both times.
    assert_eq!(spots(300), spots(400));
}

#[test]
fn messages_of_other_cases_do_not_stand_back() {
    let shown = shown(Architecture::Topic, 4_333);
    let message = shown.world.messages().find(|(_, message)| message.state == MessageState::Travelling);
    let case = shown.world.case_of(message.unwrap().1).number;
    let bright = |case: Option<u32>| {
        let picture = shown.picture(View { case, ..View::default() });
        picture.messages().filter(|glyph| glyph.paint.alpha == 1.0).count()
    };
    assert!(bright(Some(case)) < bright(None));
}

#[test]
fn a_click_on_a_message_follows_another_case_or_none() {
    let shown = shown(Architecture::Topic, 4_333);
    let picture = shown.picture(View::default());
    let known: Vec<u32> = shown.world.cases().map(|case| case.number).collect();
    let messages: Vec<&Glyph> = picture.messages().filter(|glyph| glyph.case != Record::NONE).collect();
    assert!(messages.len() > 2);
    for glyph in &messages {
        // What falls may be of a case that is over.
        let falls = glyph.paint.tone == Tone::Loss;
        assert!(falls || known.contains(&glyph.case), "there is no case {}", glyph.case);
        let here: Vec<u32> = messages.iter().filter(|it| it.at == glyph.at).map(|it| it.case).collect();
        assert_eq!(picture.case_at(glyph.at, 0.0), here.last().copied());
    }
    assert_eq!(picture.case_at(point(-100.0, -100.0), 12.0), None);
    // What the legend shows is nobody's.
    let legend = picture.messages().find(|glyph| glyph.case == Record::NONE).unwrap();
    assert_eq!(picture.case_at(legend.at, 0.0), None);
}

#[test]
fn a_ring_stays_for_ever_or_moves_for_who_wants_nothing_to_move() {
    let shown = shown(Architecture::Topic, 4_333);
    let ring = Ring { place: Place::Client(ClientId(0)), time: at(4_000), tone: Tone::Amber };
    let seen = |time: u64, view: View| {
        let mut picture = Picture::default();
        scene::rings(&shown.world, &shown.layout, &[Ring { time: at(time), ..ring }], &view, &mut picture);
        match picture.shapes() {
            [] => None,
            [Shape::Arc { centre, radius, .. }] => {
                assert_eq!(*centre, shown.layout.bounds(ring.place).centre());
                Some(*radius)
            }
            other => panic!("{other:?}"),
        }
    };
    let (old, young) = (seen(3_500, View::default()), seen(4_300, View::default()));
    assert!(old > young && young.is_some(), "it does not widen");
    assert_eq!(seen(3_000, View::default()), None, "it is over");
    assert_eq!(seen(4_400, View::default()), None, "it is still to come");
    let slow = View { pace: 0.1, ..View::default() };
    assert!(seen(4_300, slow) > young, "it lasts for a time of the person who watches");
    let still = View { reduced_motion: true, ..View::default() };
    assert_eq!(seen(3_500, still), seen(4_300, still));
}
