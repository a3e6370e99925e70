//! The layout: everything has its place, and lines pass between the cards.

use std::sync::Arc;

use channel::Keeps;
use kernel::{Purpose, Stream};
use scene::{Layout, Rect};
use topology::{
    Arrivals, ChannelId, Client, Flow, Place, Plan, PlanBuilder, RouteId, Service, ServiceId, Target,
};

use crate::parts::{Architecture, TALL, WIDE, at, order_placed};

/// Numbers by chance, the same in every run.
struct Chance {
    stream: Stream,
    drawn: u64,
}

impl Chance {
    fn new(seed: u64) -> Chance {
        Chance { stream: Stream::new(seed, Purpose::Branch, "plans"), drawn: 0 }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.drawn += 1;
        self.stream.draw(self.drawn, 0).below(limit as u32) as usize
    }
}

/// A plan by chance: services that send to each other in any direction, straight and through channels.
pub fn random_plan(seed: u64, services: usize) -> Arc<Plan> {
    let mut chance = Chance::new(seed);
    let mut plan = PlanBuilder::new("by chance", at(1_000));
    let ids: Vec<ServiceId> = (0..services)
        .map(|index| {
            let workers = 1 + chance.below(30) as u16;
            plan.service(Service::named(&format!("service number {index}")).workers(workers))
        })
        .collect();
    let channels: Vec<_> = (0..chance.below(1 + services / 2))
        .map(|index| random_channel(&mut plan, &mut chance, index))
        .collect();
    let ask = plan.message_type("ask");
    for index in 0..1 + chance.below(3) {
        let to = Target::Service(ids[chance.below(services)]);
        let arrivals = Arrivals::Constant { per_second: 1.0 };
        plan.client(Client::named(&format!("client {index}"), arrivals, ask, to));
    }
    for &service in &ids {
        let mut flow = Flow::new();
        for _ in 0..chance.below(4) {
            flow = match chance.below(3) {
                0 if !channels.is_empty() => {
                    let to = channels[chance.below(channels.len())];
                    let event = plan.message_type(&format!("event {}", chance.below(6)));
                    flow.publish(to, event)
                }
                1 => flow.call(ids[chance.below(services)], ask, None, true),
                _ => flow.send(Target::Service(ids[chance.below(services)]), ask),
            };
        }
        plan.handler(service, ask, flow);
        for event in 0..6 {
            if chance.below(4) == 0 {
                let event = plan.message_type(&format!("event {event}"));
                plan.handler(service, event, Flow::new());
            }
        }
    }
    plan.build().unwrap()
}

/// A channel of any kind.
fn random_channel(plan: &mut PlanBuilder, chance: &mut Chance, index: usize) -> ChannelId {
    const PROFILES: [&str; 8] = [
        "redis-pubsub",
        "rabbitmq-quorum",
        "in-memory-bus",
        "sns",
        "kafka",
        "jetstream",
        "jobs-table",
        "background-task",
    ];
    let profile = PROFILES[chance.below(PROFILES.len())];
    let mut rules = channel::profile(profile).unwrap().rules.clone();
    if let Keeps::Log { partitions, .. } = &mut rules.keeps {
        *partitions = 1 + chance.below(12) as u16;
    }
    plan.channel(&format!("channel {index}"), profile, rules)
}

fn check(plan: &Plan, aspect: f64) {
    let layout = Layout::new(plan, aspect);
    let cards: Vec<(Place, Rect)> =
        layout.places().iter().map(|&place| (place, layout.bounds(place))).collect();
    let stage = Rect { x: 0.0, y: 0.0, width: layout.width(), height: layout.height() };
    for (index, (place, card)) in cards.iter().enumerate() {
        let name = plan.name_of(*place);
        assert!(stage.contains(card.centre()), "{name} is not on the stage");
        assert_eq!(layout.place_at(card.centre().x, card.centre().y), Some(*place), "{name} cannot be hit");
        for (other, other_card) in &cards[..index] {
            let other = plan.name_of(*other);
            assert!(!card.overlaps(other_card), "{name} {card:?} overlaps {other} {other_card:?}");
        }
    }
    for (index, route) in plan.routes.iter().enumerate() {
        let Some(track) = layout.track(RouteId(index as u16)) else { continue };
        for (part, end) in [(0.0, route.from), (1.0, route.to)] {
            let near = layout.bounds(end).grown(6.0);
            assert!(near.contains(track.at(part).0), "a line misses {}", plan.name_of(end));
        }
        for (place, card) in &cards {
            let inside = card.grown(-3.0);
            let touches = (0..=50).any(|part| inside.contains(track.at(f64::from(part) / 50.0).0));
            assert!(!touches, "a line crosses {}", plan.name_of(*place));
        }
    }
}

#[test]
fn cards_overlap_or_lines_cross_them() {
    for seed in 0..40 {
        let plan = random_plan(seed, 1 + seed as usize * 2 / 3);
        for aspect in [0.5, TALL, WIDE, 2.4] {
            check(&plan, aspect);
        }
    }
}

#[test]
fn a_system_of_hundreds_of_services_hangs() {
    for aspect in [TALL, WIDE] {
        let plan = random_plan(7, 500);
        let layout = Layout::new(&plan, aspect);
        assert!(layout.width() > 0.0 && layout.height() > 0.0);
    }
}

#[test]
fn the_same_plan_is_laid_out_differently() {
    let plan = random_plan(3, 20);
    assert_eq!(Layout::new(&plan, WIDE), Layout::new(&plan, WIDE));
}

#[test]
fn nothing_at_all_cannot_be_laid_out() {
    let plan = PlanBuilder::new("empty", at(1_000)).build().unwrap();
    for aspect in [WIDE, TALL, f64::NAN, 0.0, f64::INFINITY] {
        let layout = Layout::new(&plan, aspect);
        assert!(layout.width().is_finite() && layout.height().is_finite());
        assert_eq!(layout.place_at(0.0, 0.0), None);
    }
}

#[test]
fn requests_do_not_go_forward() {
    for architecture in [Architecture::Calls, Architecture::Topic, Architecture::Queues] {
        let plan = order_placed(architecture).build().unwrap();
        let (wide, tall) = (Layout::new(&plan, WIDE), Layout::new(&plan, TALL));
        let client = plan.clients[0].route;
        let forward = |layout: &Layout, route: RouteId| {
            let track = layout.track(route).unwrap();
            track.at(1.0).0 - track.at(0.0).0
        };
        let subscribers = plan.channels.iter().flat_map(|channel| &channel.subscribers);
        for route in subscribers.map(|it| it.route).chain([client]) {
            assert!(forward(&wide, route).x > 0.0);
            assert!(forward(&tall, route).y > 0.0);
        }
    }
}
