//! Channels are drawn as what their rules make of them, and everything in them is drawn or counted once.

use std::collections::BTreeSet;
use std::sync::Arc;

use channel::{Claim, Group};
use scene::{Form, Glyph, Palette, Picture, Point, Rect, Shape, Tone, View, describe, svg};
use topology::{MessageState, Place, Plan, World};

use crate::kinds::{self, CHANNEL, LONG_PATTERN};
use crate::parts::{Shown, WIDE, at};

const HERE: Place = Place::Channel(CHANNEL);

fn shown(plan: &Arc<Plan>, time: u64) -> Shown {
    Shown::at(plan.clone(), at(time), WIDE)
}

/// What is drawn within the card of the channel.
struct Card {
    picture: Picture,
    rect: Rect,
}

impl Card {
    fn of(shown: &Shown, view: View) -> Card {
        Card { picture: shown.picture(view), rect: shown.layout.bounds(HERE) }
    }

    fn glyphs(&self) -> Vec<Glyph> {
        let here =
            |glyph: &&Glyph| self.rect.grown(-3.0).contains(glyph.at) && glyph.paint.tone != Tone::Loss;
        self.picture.messages().filter(here).copied().collect()
    }

    /// Boxes with an edge of this width.
    fn boxes(&self, width: f64) -> Vec<Rect> {
        let with_edge = |shape: &Shape| match *shape {
            Shape::Card { rect, edge: Some(edge), .. } => (edge.width == width).then_some(rect),
            _ => None,
        };
        let inside = |rect: &Rect| self.rect.contains(rect.centre()) && *rect != self.rect;
        self.picture.shapes().iter().filter_map(with_edge).filter(inside).collect()
    }

    /// Texts in the card and below it, with where they are.
    fn texts(&self) -> Vec<(&str, Point)> {
        let here = Rect { height: self.rect.height + 50.0, ..self.rect }.grown(2.0);
        self.picture.texts().filter(|(_, at)| here.contains(*at)).collect()
    }

    fn says(&self, wanted: &str) -> bool {
        self.texts().iter().any(|(text, _)| *text == wanted)
    }
}

/// Every text wanted is drawn as often as it is wanted.
fn says_all(name: &str, card: &Card, wanted: &[String]) {
    let mut texts = card.texts();
    for text in wanted {
        let found = texts.iter().position(|(drawn, _)| drawn == text);
        let found = found.unwrap_or_else(|| panic!("{name}: {text} is missing: {:?}", card.texts()));
        texts.remove(found);
    }
}

fn told(shown: &Shown) -> String {
    let said = describe(&shown.world, &shown.layout, &shown.scenery);
    said.into_iter().find(|(place, _)| *place == HERE).unwrap().1
}

/// (ready, unacknowledged, later) of a group.
fn counts(world: &World, group: u16) -> (usize, usize, usize) {
    let (engine, group) = (world.channel(CHANNEL), Group(group));
    let later = engine.delayed(group).count();
    (world.waiting_in(CHANNEL, group).count() - later, world.held_in(CHANNEL, group).count(), later)
}

#[test]
fn the_kind_is_not_told_by_the_rules() {
    let kinds = [
        ("topic, 1 of 2 subscribers listening", kinds::topic()),
        ("topic, 2 of 2 subscribers listening, inside orders", kinds::bus()),
        ("queue, ", kinds::queue(None)),
        ("exchange; ", kinds::exchange()),
        ("log; partition 0: ", kinds::partitions(3)),
        ("log; partition 0: ", kinds::stream()),
        ("jobs table, ", kinds::table(Claim::SkipLocked)),
    ];
    for (kind, making) in kinds {
        let told = told(&shown(&making.done(), 5_200));
        assert!(told.starts_with(&format!("order-events: {kind}")), "{told}");
    }
}

#[test]
fn a_queue_counts_or_shows_other_messages_than_it_has() {
    for bound in [None, Some(3)] {
        let plan = kinds::queue(bound).done();
        for time in [1_700, 2_900, 4_100, 5_200, 9_000] {
            let shown = shown(&plan, time);
            let (ready, held, later) = counts(&shown.world, 0);
            let name = format!("bound {bound:?} at {time} ms");
            let card = Card::of(&shown, View { reduced_motion: true, ..View::default() });
            let ready_words = bound.map_or(format!("{ready} ready"), |most| format!("{ready}/{most} ready"));
            says_all(&name, &card, &[ready_words, format!("{held} unacked")]);
            let glyphs = card.glyphs();
            let put_off = glyphs.iter().filter(|glyph| glyph.paint.alpha < 1.0).count();
            assert_eq!(glyphs.len() - put_off, ready.min(16), "{name}");
            assert_eq!(put_off, later.min(6), "{name}");
            assert_eq!(card.boxes(1.8).len(), held, "{name}: each is outlined, with its holder in it");
            let marks = card.texts().iter().filter(|(text, _)| matches!(*text, "b" | "r")).count();
            assert_eq!(marks, held, "{name}");
        }
    }
}

#[test]
fn the_slots_do_not_end_where_the_room_ends() {
    let slots = |bound: Option<u32>| {
        let shown = shown(&kinds::queue(bound).done(), 100);
        let card = Card::of(&shown, View::default());
        let stop = |shape: &&Shape| matches!(shape, Shape::Line { points, stroke } if stroke.width == 2.6 && card.rect.contains(card.picture.points(*points)[0]));
        (card.boxes(1.0).len(), card.picture.shapes().iter().filter(stop).count())
    };
    // Eight of them for what is out.
    assert_eq!(slots(None), (16 + 8, 0));
    assert_eq!(slots(Some(3)), (3 + 8, 1));
    assert_eq!(slots(Some(500)), (16 + 8, 0));
}

#[test]
fn an_exchange_counts_or_shows_other_messages_than_its_queues_have() {
    let plan = kinds::exchange().done();
    for time in [1_500, 5_200, 20_000] {
        let shown = shown(&plan, time);
        let card = Card::of(&shown, View { reduced_motion: true, ..View::default() });
        let all: Vec<_> = (0..3).map(|group| counts(&shown.world, group)).collect();
        let words =
            all.iter().flat_map(|(ready, held, _)| [format!("{ready} ready"), format!("{held} unacked")]);
        says_all("exchange", &card, &words.collect::<Vec<_>>());
        let drawn: usize = all.iter().map(|(ready, held, _)| (*ready).min(6) + (*held).min(3)).sum();
        assert_eq!(card.glyphs().len(), drawn, "at {time} ms");
    }
}

#[test]
fn queues_for_which_there_is_no_room_are_not_counted() {
    let shown = shown(&kinds::crowded_exchange().done(), 5_200);
    let card = Card::of(&shown, View::default());
    let counts: Vec<_> = (0..10).map(|group| counts(&shown.world, group)).collect();
    let sum = |of: fn(&(usize, usize, usize)) -> usize| counts.iter().map(of).sum::<usize>();
    let number =
        |text: &str, words: &str| text.strip_suffix(words).and_then(|count| count.parse::<usize>().ok());
    let drawn = |words: &str| card.texts().iter().filter_map(|(text, _)| number(text, words)).sum::<usize>();
    let (ready, held) = (sum(|it| it.0) - drawn(" ready"), sum(|it| it.1) - drawn(" unacked"));
    assert!(ready + held > 0);
    assert!(card.says(&format!("+2 groups: {ready} ready, {held} unacked")), "{:?}", card.texts());
}

#[test]
fn a_branch_does_not_say_what_it_is_bound_by() {
    let shown = shown(&kinds::exchange().done(), 5_200);
    let card = Card::of(&shown, View::default());
    // The first of two patterns, and how many more; a long one without its middle; a queue of another name.
    says_all(
        "exchange",
        &card,
        &["order.*", "order.# +1", "payment.f…uspected", "to look at"].map(String::from),
    );
    let told = told(&shown);
    assert!(told.contains(&format!("to look at ({LONG_PATTERN}): ")), "{told}");
    assert!(told.contains("mail (order.#, refund.#): "), "{told}");
}

#[test]
fn lines_do_not_leave_from_the_queue_of_their_subscriber_or_cross() {
    let plan = kinds::exchange().done();
    let layout = scene::Layout::new(&plan, WIDE);
    let (subscribers, card) = (&plan.channels[0].subscribers, layout.bounds(HERE));
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for it in subscribers {
        let track = layout.track(it.route).unwrap();
        ends.push((track.at(0.0).0.y, track.at(1.0).0.y));
        assert!((track.at(0.0).0.x - card.right()).abs() < 1.0);
    }
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert!(ends.is_sorted_by(|one, other| one.1 < other.1 && other.0 - one.0 > 40.0), "{ends:?}");
}

#[test]
fn a_group_that_is_away_looks_as_if_it_were_there() {
    let dashed = |making: kinds::Making| {
        let shown = shown(&making.done(), 5_200);
        let card = Card::of(&shown, View::default());
        let edge = |shape: &&Shape| matches!(shape, Shape::Card { rect, edge: Some(edge), .. } if edge.dash > 0.0 && card.rect.contains(rect.centre()));
        let count = card.picture.shapes().iter().filter(edge).count();
        (count, told(&shown).matches(", away").count())
    };
    assert_eq!(dashed(kinds::exchange()), (1, 1));
    assert_eq!(dashed(kinds::partitions(1)), (0, 0));
}

#[test]
fn a_tape_shows_other_entries_than_its_partition_has() {
    for (making, count) in [(kinds::partitions(3), 3_u16), (kinds::stream(), 1)] {
        let plan = making.done();
        for time in [1_500, 5_200, 20_000] {
            let shown = shown(&plan, time);
            let engine = shown.world.channel(CHANNEL);
            let card = Card::of(&shown, View { reduced_motion: true, ..View::default() });
            let entries = (0..count).map(|partition| engine.entries_len(partition).min(12)).sum::<usize>();
            assert_eq!(card.glyphs().len(), entries, "{count} partitions at {time} ms");
            let first_and_end = |partition| {
                let end = engine.end(partition);
                [end.saturating_sub(12).to_string(), end.to_string()]
            };
            says_all("log", &card, &(0..count).flat_map(first_and_end).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_group_is_not_so_far_behind_as_its_lane_says() {
    for (making, count) in [(kinds::partitions(3), 3_u16), (kinds::stream(), 1)] {
        let plan = making.done();
        for time in [1_500, 5_200, 9_000] {
            let shown = shown(&plan, time);
            let engine = shown.world.channel(CHANNEL);
            let card = Card::of(&shown, View::default());
            let lanes = || (0..count).flat_map(|partition| [0, 1].map(|group| (Group(group), partition)));
            let lag = |(group, partition): (Group, u16)| engine.unread(group, partition).1;
            let drawn: Vec<String> = lanes().map(|lane| lag(lane).to_string()).collect();
            says_all("log", &card, &drawn);
            let waiting = [0, 1].map(|group| shown.world.waiting_in(CHANNEL, Group(group)).count());
            assert_eq!(lanes().map(lag).sum::<usize>(), waiting.iter().sum::<usize>(), "at {time} ms");
            // The stretch from the flag to the end, as long as it is on the tape.
            let shaded = |shape: &Shape| match *shape {
                Shape::Card { rect, fill: Some(fill), .. } => (fill.tone == Tone::Amber && fill.alpha < 0.5)
                    .then_some((rect.width / 13.0).round() as u64),
                _ => None,
            };
            let mut stretches: Vec<u64> = card.picture.shapes().iter().filter_map(shaded).collect();
            let stretch = |(group, partition): (Group, u16)| {
                (engine.end(partition) - engine.unread(group, partition).0).min(12)
            };
            let mut wanted: Vec<u64> = lanes().map(stretch).filter(|length| *length > 0).collect();
            stretches.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(stretches, wanted, "{count} partitions at {time} ms");
        }
    }
}

#[test]
fn who_owns_a_partition_or_is_idle_is_not_seen() {
    let shown = shown(&kinds::partitions(3).done(), 5_200);
    let card = Card::of(&shown, View::default());
    let plates = card.texts().into_iter().filter(|(_, at)| at.x > card.rect.right() - 20.0);
    let mut owners: Vec<&str> = plates.map(|(text, _)| text).collect();
    owners.sort_unstable();
    assert_eq!(
        owners,
        ["1", "1", "1", "1", "2", "3"],
        "three of billing's workers, three times search's only one"
    );
    assert!(card.says("billing 4 idle"));
    let told = told(&shown);
    for words in ["owned by billing 2", "owned by search 1", "; billing 4 idle"] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn partitions_and_groups_for_which_there_is_no_room_are_not_counted() {
    let shown = shown(&kinds::partitions(12).done(), 9_000);
    let engine = shown.world.channel(CHANNEL);
    let card = Card::of(&shown, View::default());
    let tapes = card.texts().iter().filter(|(text, _)| text.starts_with('p')).count() as u16;
    assert!((2..=8).contains(&tapes));
    let entries: usize = (tapes..12).map(|partition| engine.entries_len(partition)).sum();
    let lag = |partition| [0, 1].map(|group| engine.unread(Group(group), partition).1).iter().sum::<usize>();
    let behind: usize = (tapes..12).map(lag).sum();
    assert!(card.says(&format!("+{} partitions: {entries} entries, {behind} behind", 12 - tapes)));
}

#[test]
fn a_table_counts_or_shows_other_rows_than_it_has() {
    for claim in [Claim::Naive, Claim::ConditionalUpdate, Claim::UpdateSubselect, Claim::SkipLocked] {
        let plan = kinds::table(claim).done();
        for time in [1_200, 2_500, 5_200, 20_000] {
            let shown = shown(&plan, time);
            let (world, engine) = (&shown.world, shown.world.channel(CHANNEL));
            let (ready, _, later) = counts(world, 0);
            let claimed = engine.held(Group(0)).filter(|held| !engine.is_look(Group(0), held.tag));
            let running = claimed.map(|held| held.message).collect::<BTreeSet<u32>>().len();
            let card = Card::of(&shown, View { reduced_motion: true, ..View::default() });
            let done = engine.done_len(Group(0));
            let done = if later > 0 { format!("{later} later, {done} done") } else { format!("{done} done") };
            let mut words = vec![format!("{ready} pending"), format!("{running} running"), done];
            let all = ready + running + later;
            if all > 7 {
                words.push(format!("+{}", all - 6));
            }
            says_all(&format!("{claim:?} at {time} ms"), &card, &words);
            assert_eq!(card.glyphs().len(), if all > 7 { 6 } else { all }, "{claim:?} at {time} ms");
            let rows = |state: &str| card.texts().iter().filter(|(text, _)| *text == state).count();
            assert_eq!(rows("running"), running, "{claim:?} at {time} ms");
        }
    }
}

#[test]
fn a_row_in_two_hands_is_drawn_twice_or_in_one_hand() {
    let plan = kinds::table(Claim::Naive).done();
    let in_two_hands = |time: &u64| {
        let shown = shown(&plan, *time);
        let mut held = shown.world.held_in(CHANNEL, Group(0)).map(|(slot, _)| slot);
        held.next().is_some_and(|first| held.any(|other| other == first))
    };
    let time = (1_000..9_000).step_by(50).find(in_two_hands).expect("two workers that look at one row");
    let shown = shown(&plan, time);
    let card = Card::of(&shown, View::default());
    let hands: Vec<Rect> = card.boxes(1.0);
    assert_eq!(hands.len(), shown.world.held_in(CHANNEL, Group(0)).count());
    assert!(hands.iter().any(|one| hands.iter().any(|other| one.x != other.x && one.y == other.y)));
    assert!(told(&shown).contains(" times, 0 running"), "{}", told(&shown));
}

#[test]
fn a_message_jumps_into_its_slot_or_glides_although_motion_is_to_be_reduced() {
    let plan = kinds::queue(None).done();
    let arriving = |time: &u64| {
        let shown = shown(&plan, *time);
        let fresh = |slot: u32| {
            let message = shown.world.message(slot);
            let age = shown.world.now().since(message.arrives).seconds();
            message.state == MessageState::Ready && (0.05..0.1).contains(&age)
        };
        shown.world.waiting_in(CHANNEL, Group(0)).next().is_some_and(fresh)
            && shown.world.waiting_in(CHANNEL, Group(0)).count() == 1
    };
    let time = (1_000..9_000).step_by(10).find(arriving).expect("a message that has just arrived");
    let spot = |reduced_motion: bool| {
        let shown = shown(&plan, time);
        let card = Card::of(&shown, View { reduced_motion, ..View::default() });
        let ready = card.glyphs().into_iter().find(|glyph| glyph.paint.alpha == 1.0).unwrap();
        (ready.at.x - card.rect.x) / card.rect.width
    };
    assert!(spot(true) > 0.9, "in its slot, where messages leave");
    assert!((0.1..0.8).contains(&spot(false)), "between the edge and its slot");
}

#[test]
fn a_channel_inside_a_service_looks_like_one_beside_it() {
    let texts = shown(&kinds::bus().done(), 2_000).texts(View::default());
    assert!(texts.contains(&"nameless, inside orders".to_owned()), "{texts:?}");
}

#[test]
fn dead_letters_that_are_sent_on_lie_on_a_siding_too() {
    let mut making = kinds::queue(None);
    let rules = kinds::rules("rabbitmq-quorum", |_| {});
    let failed = making.plan.channel("failed", kinds::NAMELESS, rules);
    making.plan.dead_letter(making.channel, failed);
    let plan = making.done();
    let shown = shown(&plan, 20_000);
    let dead = shown.world.dead_lettered(CHANNEL);
    assert!(dead > 0);
    let card = Card::of(&shown, View::default());
    assert!(card.says(&format!("{dead} dead")));
    let way = plan.routes.iter().position(|route| route.from == HERE && route.to == Place::Channel(failed));
    assert!(shown.layout.track(topology::RouteId(way.unwrap() as u16)).is_some());
    // A dead letter on a siding is a ring with a stroke.
    let here = Rect { height: card.rect.height + 50.0, ..card.rect };
    let ring = |shape: &&Shape| matches!(shape, Shape::Arc { centre, radius, .. } if *radius == 4.6 && here.contains(*centre));
    assert_eq!(card.picture.shapes().iter().filter(ring).count(), 0);
}

#[test]
fn an_svg_shows_less_than_the_stage() {
    for (name, plan) in kinds::all() {
        let shown = shown(&plan, 9_000);
        let picture = shown.picture(View::default());
        let drawing = svg(&picture, shown.layout.width(), shown.layout.height(), &Palette::day());
        for line in drawing.lines().skip(1).filter(|line| *line != "</svg>") {
            assert!(
                line.starts_with('<') && (line.ends_with("/>") || line.ends_with("</text>")),
                "{name}: {line}"
            );
        }
        assert!(drawing.matches("<text").count() >= picture.texts().count(), "{name}");
        assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{name}");
        let forms =
            picture.messages().filter(|glyph| matches!(glyph.form, Form::Disc | Form::Chevron)).count();
        assert!(forms > 0, "{name}");
    }
}
