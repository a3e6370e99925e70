//! What services keep, and what handlers do beside their usual steps.

use std::sync::Arc;

use kernel::{Distribution, Span};
use scene::{Shape, Tone, View, describe};
use topology::{
    Act, Arrivals, Cell, Client, Expression, Flow, Habits, Jitter, Place, Plan, PlanBuilder, Retry, Scope,
    Service, ServiceId, Target,
};

use crate::parts::{Shown, WIDE, at, millis};

/// Orders come every 250 ms to a desk that does with them what `flow` says: it may ask a slow clerk.
fn desk(
    habits: Habits,
    kept: Option<bool>,
    flow: &dyn Fn(&mut PlanBuilder, ServiceId) -> Flow,
) -> PlanBuilder {
    let mut plan = PlanBuilder::new("desk", at(20_000));
    let desk = plan.service(Service::named("desk").workers(4));
    let clerk = plan.service(Service::named("clerk").workers(8).work(Distribution::constant(millis(3_000))));
    let order = plan.message_type("order");
    let arrivals = Arrivals::Constant { per_second: 4.0 };
    plan.client(Client::named("shopper", arrivals, order, Target::Service(desk)));
    if let Some(kept) = kept {
        let (name, per) = ("orders".into(), Scope::Service);
        plan.cell(Cell { name, service: desk, per, kept, lasts: None, starts: 0 });
    }
    let ask = plan.message_type("ask");
    plan.handler(clerk, ask, Flow::new().work());
    let flow = flow(&mut plan, clerk);
    plan.handler_with(desk, order, habits, flow);
    plan
}

fn calls(plan: &mut PlanBuilder, clerk: ServiceId) -> Flow {
    let ask = plan.message_type("ask");
    Flow::new().call(clerk, ask, None, false)
}

fn shown(plan: PlanBuilder, milliseconds: u64) -> Shown {
    let plan: Arc<Plan> = plan.build().unwrap();
    Shown::at(plan, at(milliseconds), WIDE)
}

fn ambers(shown: &Shown) -> usize {
    let picture = shown.picture(View::default());
    let amber = |shape: &&Shape| matches!(shape, Shape::Disc { fill, .. } if fill.tone == Tone::Amber);
    picture.shapes().iter().filter(amber).count()
}

#[test]
fn who_waits_without_a_worker_is_nowhere() {
    let released = Habits { released: true, ..Habits::default() };
    let texts = shown(desk(released, None, &calls), 1_100).texts(View::default());
    assert!(texts.contains(&"+4 wait".to_owned()), "{texts:?}");
    let held = shown(desk(Habits::default(), None, &calls), 1_100).texts(View::default());
    assert!(!held.iter().any(|text| text.ends_with("wait")), "{held:?}");
    let shown = shown(desk(released, None, &calls), 1_100);
    let words = describe(&shown.world, &shown.layout, &shown.scenery);
    let desk = &words.iter().find(|(place, _)| *place == Place::Service(ServiceId(0))).unwrap().1;
    assert!(desk.contains("4 handlers wait without a worker"), "{desk}");
}

#[test]
fn a_drum_is_drawn_for_memory() {
    let lines = |kept: Option<bool>| {
        let picture = shown(desk(Habits::default(), kept, &calls), 100).picture(View::default());
        picture.shapes().iter().filter(|shape| matches!(shape, Shape::Line { .. })).count()
    };
    assert_eq!(lines(Some(false)), lines(None), "memory is lost in a crash, and has no drum");
    assert!(lines(Some(true)) > lines(None), "a store has no drum");
}

#[test]
fn a_worker_that_pauses_looks_idle_or_busy() {
    let pauses = |_: &mut PlanBuilder, _: ServiceId| {
        Flow::new().pause(Distribution::constant(Span::from_seconds(5.0)))
    };
    let works = |_: &mut PlanBuilder, _: ServiceId| {
        Flow::new().work_for(Distribution::constant(Span::from_seconds(5.0)))
    };
    let pausing = ambers(&shown(desk(Habits::default(), None, &pauses), 1_100));
    let working = ambers(&shown(desk(Habits::default(), None, &works), 1_100));
    // A lit lamp is a disc and its halo.
    assert_eq!(pausing, working + 2 * 4);
}

#[test]
fn an_attempt_or_what_is_undone_leaves_no_word() {
    let flow = |plan: &mut PlanBuilder, clerk: ServiceId| {
        let policy = Retry {
            attempts: Some(2),
            pause: millis(100),
            growth: 1.0,
            longest: millis(100),
            jitter: Jitter::None,
            budget: None,
        };
        let fact = plan.fact("booked");
        let ask = plan.message_type("ask");
        let calls = Flow::new().call(clerk, ask, Some(millis(50)), false);
        Flow::new().set(fact).undo(Flow::new().set_by(fact, Expression::Number(0))).retry(policy, calls)
    };
    let seen = |milliseconds: u64, word: &str| {
        let mut plan = desk(Habits::default(), None, &flow);
        plan.fault(at(500), Act::Crash { place: Place::Service(ServiceId(1)) });
        shown(plan, milliseconds).texts(View::default()).iter().any(|text| text.starts_with(word))
    };
    let times: Vec<u64> = (0..40).map(|step| 600 + step * 50).collect();
    for word in ["tries again", "undone"] {
        assert!(times.iter().any(|&time| seen(time, word)), "{word} is never seen");
        assert!(!seen(100, word), "{word} is seen before anything went wrong");
    }
}
