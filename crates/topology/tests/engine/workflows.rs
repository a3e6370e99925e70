//! Workflows: sagas in both styles, what is undone when they fail, and coordinators that crash on the way.

use channel::profile;
use topology::{
    Act, Expression, FactId, Flow, Habits, LossReason, Place, PlanBuilder, Record, RecordKind, Service,
    ServiceId, Target, Term, World,
};

use crate::control::{asks, plan, ran, set_at};
use crate::parts::{Ran, always, millis, seconds};

const DURABLE: Habits = Habits { durable: true, released: false, reads: None };
/// A channel that lives in the process of who publishes to it.
const IN_PROCESS: &str = "in-memory-bus";
const BOTH: Habits = Habits { durable: true, released: true, reads: None };

/// The three steps of an order: who does it, how long it takes, the fact that it sets, and the one that undoes it.
const STEPS: [(&str, u64, &str, &str); 3] = [
    ("payment", 50, "charged", "refunded"),
    ("stock", 30, "reserved", "released"),
    ("carrier", 40, "shipped", "recalled"),
];

/// What goes wrong in a saga.
#[derive(Clone, Copy, Default)]
struct Wrong {
    /// The step that fails.
    step: Option<usize>,
    /// The step that cannot be undone.
    undo: Option<usize>,
}

/// A coordinator that asks for one step after another, and undoes them if one fails.
///
/// ```text
/// client --order--> orders --charge--> payment, --reserve--> stock, --ship--> carrier
/// ```
fn saga(plan: &mut PlanBuilder, habits: Habits, wrong: Wrong) -> ServiceId {
    let orders = plan.service(Service::named("orders"));
    let mut flow = Flow::new();
    for (index, (name, time, fact, undone)) in STEPS.into_iter().enumerate() {
        let who = plan.service(Service::named(name).workers(9));
        let (forward, back) = (plan.message_type(fact), plan.message_type(undone));
        let facts = [plan.fact(fact), plan.fact(undone)];
        let act = |fails: bool, fact| match fails {
            true => Flow::new().work_for(always(time)).fail(),
            false => Flow::new().work_for(always(time)).set(fact),
        };
        plan.handler(who, forward, act(wrong.step == Some(index), facts[0]));
        plan.handler(who, back, act(wrong.undo == Some(index), facts[1]));
        flow = flow.call(who, forward, None, false);
        flow = flow.undo(Flow::new().call(who, back, None, false));
    }
    let order = plan.message_type("order");
    plan.handler_with(orders, order, habits, flow);
    orders
}

/// The facts that were set, in order, with their times.
fn story(ran: &Ran) -> Vec<(String, u64)> {
    let told = |record: &Record| match record.kind {
        RecordKind::FactSet { fact, .. } => {
            let name = ran.world.plan().facts[fact.index()].clone();
            Some((name, record.time.nanos() / 1_000_000))
        }
        _ => None,
    };
    ran.records.iter().filter_map(told).collect()
}

fn names(ran: &Ran) -> Vec<String> {
    story(ran).into_iter().map(|(name, _)| name).collect()
}

fn one_order(habits: Habits, wrong: Wrong) -> Ran {
    let mut plan = plan();
    let orders = saga(&mut plan, habits, wrong);
    let order = plan.message_type("order");
    asks(&mut plan, order, orders, &[0]);
    ran(plan)
}

#[test]
fn what_was_done_is_undone_in_the_order_in_which_it_was_done() {
    for habits in [Habits::default(), DURABLE, BOTH] {
        let ran = one_order(habits, Wrong { step: Some(2), ..Wrong::default() });
        assert_eq!(names(&ran), ["charged", "reserved", "released", "refunded"]);
        let undone: Vec<_> =
            ran.records.iter().filter(|it| matches!(it.kind, RecordKind::Undone { .. })).collect();
        let numbers: Vec<_> = undone.iter().map(|record| record.kind).collect();
        assert_eq!(numbers, [RecordKind::Undone { number: 1 }, RecordKind::Undone { number: 0 }]);
        assert_eq!(ran.world.departures(topology::ClientId(0)), (0, 1, 0));
    }
    let nothing = one_order(DURABLE, Wrong { step: Some(0), ..Wrong::default() });
    assert_eq!(names(&nothing), Vec::<String>::new());
    let all = one_order(DURABLE, Wrong::default());
    assert_eq!(names(&all), ["charged", "reserved", "shipped"]);
}

#[test]
fn what_cannot_be_undone_keeps_the_rest_from_being_undone() {
    let ran = one_order(DURABLE, Wrong { step: Some(2), undo: Some(1) });
    assert_eq!(names(&ran), ["charged", "reserved", "refunded"]);
    assert_eq!(ran.world.departures(topology::ClientId(0)), (0, 1, 0));
    assert_eq!(ran.world.tasks().count(), 0);
}

#[test]
fn a_step_that_was_tried_again_is_undone_twice() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let [done, undone, other] = ["done", "undone", "other"].map(|name| plan.fact(name));
    // Undone inside of `attempt`, and not once more outside; what succeeded inside is undone outside.
    let inner = Flow::new().set(done).undo(Flow::new().set(undone));
    let flow =
        Flow::new().attempt(inner.clone().fail(), Flow::new()).attempt(inner, Flow::new().set(other)).fail();
    plan.handler(service, ask, flow);
    asks(&mut plan, ask, service, &[0]);
    assert_eq!(names(&ran(plan)), ["done", "undone", "done", "undone"]);
}

#[test]
fn branches_are_not_undone_where_one_of_them_failed() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let facts = ["one", "two", "three"].map(|name| plan.fact(name));
    let branch = |index: usize, time| {
        Flow::new().work_for(always(time)).undo(Flow::new().work_for(always(5)).set(facts[index]))
    };
    let fails = Flow::new().work_for(always(100)).fail();
    plan.handler(
        service,
        ask,
        Flow::new().parallel(vec![branch(0, 50), branch(1, 80), branch(2, 200), fails]),
    );
    asks(&mut plan, ask, service, &[0]);
    // The third was not done when the fourth failed.
    let told = |name: &str, at| (name.to_string(), at);
    assert_eq!(story(&ran(plan)), [told("two", 106), told("one", 111)]);
}

/// A coordinator that is down from one moment to another while it works for an order that came at 1 ms.
fn crashed(habits: Habits, wrong: Wrong, from: u64, to: u64) -> Ran {
    let mut plan = plan();
    let orders = saga(&mut plan, habits, wrong);
    let order = plan.message_type("order");
    asks(&mut plan, order, orders, &[0]);
    let place = Place::Service(orders);
    plan.fault(seconds(0) + millis(from), Act::Crash { place });
    plan.fault(seconds(0) + millis(to), Act::Restart { place });
    ran(plan)
}

fn count(ran: &Ran, name: &str) -> usize {
    names(ran).iter().filter(|known| *known == name).count()
}

#[test]
fn a_durable_coordinator_leaves_an_orphan_or_asks_too_often() {
    // Without a crash the last answer is there at 127 ms.
    for habits in [DURABLE, BOTH] {
        for from in 2..127 {
            let ran = crashed(habits, Wrong::default(), from, from + 300);
            let here = format!("crash at {from} ms: {:?}", story(&ran));
            for (_, _, fact, _) in STEPS {
                assert!((1..=2).contains(&count(&ran, fact)), "{here}");
            }
            let twice = STEPS.iter().filter(|step| count(&ran, step.2) == 2).count();
            assert!(twice <= 1, "{here}");
            assert_eq!(ran.when(|kind| *kind == RecordKind::Resumed), [from + 300], "{here}");
            // The connection of who asked is gone with the process: there is no other answer.
            let answers = |record: &&Record| {
                matches!(record.kind, RecordKind::Answered { .. })
                    && record.place == Place::Service(ServiceId(0))
            };
            assert_eq!(ran.records.iter().filter(answers).count(), 1, "{here}");
            assert_eq!(ran.world.departures(topology::ClientId(0)), (0, 1, 0), "{here}");
            assert_eq!((ran.world.tasks().count(), ran.world.cases().count()), (0, 0), "{here}");
        }
    }
    let orphan = crashed(Habits::default(), Wrong::default(), 70, 370);
    assert_eq!(names(&orphan), ["charged", "reserved"]);
}

#[test]
fn a_crash_while_it_undoes_forgets_what_is_still_to_be_undone() {
    let wrong = Wrong { step: Some(2), ..Wrong::default() };
    // At 127 ms the carrier has said no; the stock is given back until 159 ms, the money until 211 ms.
    for from in 100..211 {
        let ran = crashed(DURABLE, wrong, from, from + 100);
        for fact in ["released", "refunded"] {
            assert!((1..=2).contains(&count(&ran, fact)), "crash at {from} ms: {:?}", story(&ran));
        }
        assert_eq!(ran.world.tasks().count(), 0);
    }
}

#[test]
fn who_crashes_again_and_again_goes_on_from_the_beginning() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let facts = ["one", "two", "three"].map(|name| plan.fact(name));
    let flow = facts.iter().fold(Flow::new(), |flow, &fact| flow.work_for(always(100)).set(fact));
    plan.handler_with(service, ask, DURABLE, flow);
    asks(&mut plan, ask, service, &[0]);
    let place = Place::Service(service);
    // Up for 150 ms, down for 10.
    for turn in 0..4 {
        plan.fault(seconds(0) + millis(150 + turn * 160), Act::Crash { place });
        plan.fault(seconds(0) + millis(160 + turn * 160), Act::Restart { place });
    }
    let ran = ran(plan);
    let times: Vec<u64> = story(&ran).into_iter().map(|(_, at)| at).collect();
    // Each piece of work begins anew after the crash that interrupted it.
    assert_eq!(times, [101, 260, 420]);
}

/// A durable handler that a crash interrupts from 100 ms on, until it comes back.
fn interrupted(habits: Habits, until: u64, flow: impl Fn(&mut PlanBuilder) -> Flow) -> Ran {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let done = plan.fact("done");
    let flow = flow(&mut plan).set(done);
    plan.handler_with(service, ask, habits, flow);
    asks(&mut plan, ask, service, &[0]);
    let place = Place::Service(service);
    plan.fault(seconds(0) + millis(100), Act::Crash { place });
    plan.fault(seconds(0) + millis(until), Act::Restart { place });
    ran(plan)
}

#[test]
fn a_pause_or_a_deadline_begins_anew_after_a_crash() {
    for habits in [DURABLE, BOTH] {
        let pause = |_: &mut PlanBuilder| Flow::new().pause(always(500));
        assert_eq!(set_at(&interrupted(habits, 300, pause), FactId(0)), [501]);
        assert_eq!(set_at(&interrupted(habits, 900, pause), FactId(0)), [900], "its time had come meanwhile");
        let again = |_: &mut PlanBuilder| {
            let policy = topology::Retry {
                attempts: Some(2),
                pause: millis(500),
                growth: 1.0,
                longest: millis(500),
                jitter: topology::Jitter::None,
                budget: None,
            };
            Flow::new().attempt(Flow::new().retry(policy, Flow::new().fail()), Flow::new())
        };
        let retried = interrupted(habits, 300, again);
        assert_eq!(set_at(&retried, FactId(0)), [501]);
        assert_eq!(retried.when(|kind| matches!(kind, RecordKind::Retried { .. })), [1], "it counted anew");
        let late = |plan: &mut PlanBuilder| {
            let late = plan.fact("late");
            let work = Flow::new().work_for(always(1000));
            Flow::new().deadline(always(500), work, Some(Flow::new().set(late)))
        };
        for (back, passes) in [(300, 501), (900, 900)] {
            let ran = interrupted(habits, back, late);
            assert_eq!(ran.when(|kind| *kind == RecordKind::DeadlinePassed), [passes]);
            assert_eq!(set_at(&ran, FactId(1)), [passes], "{:?}", story(&ran));
        }
    }
}

#[test]
fn branches_are_forgotten_in_a_crash_or_done_again_from_the_beginning() {
    let flow = |plan: &mut PlanBuilder| {
        let facts = ["a", "b", "c"].map(|name| plan.fact(name));
        let short = Flow::new().work_for(always(50)).set(facts[0]);
        let long = Flow::new().work_for(always(60)).set(facts[1]).work_for(always(100)).set(facts[2]);
        Flow::new().parallel(vec![short, Flow::new().parallel(vec![long])])
    };
    for habits in [DURABLE, BOTH] {
        let ran = interrupted(habits, 200, flow);
        let told = |name: &str, at| (name.to_string(), at);
        assert_eq!(story(&ran), [told("a", 51), told("b", 61), told("c", 300), told("done", 300)]);
    }
    assert_eq!(story(&interrupted(Habits::default(), 200, flow)).len(), 2);
}

#[test]
fn a_call_that_is_made_again_after_a_crash_carries_something_else() {
    let mut plan = plan();
    let (service, other) = (plan.service(Service::named("service")), plan.service(Service::named("other")));
    let (ask, question, amount) =
        (plan.message_type("ask"), plan.message_type("question"), plan.field("amount"));
    let paid = plan.fact("paid");
    let mut call = topology::Call::new(other, question);
    call.with = vec![(amount, Expression::Number(7))];
    plan.handler_with(service, ask, DURABLE, Flow::new().call_with(call));
    plan.handler(
        other,
        question,
        Flow::new().set_by(paid, Expression::Term(Term::Field(amount))).work_for(always(200)),
    );
    asks(&mut plan, ask, service, &[0]);
    let place = Place::Service(service);
    plan.fault(seconds(0) + millis(100), Act::Crash { place });
    plan.fault(seconds(0) + millis(300), Act::Restart { place });
    let ran = ran(plan);
    let counts: Vec<u16> = ran
        .records
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::FactSet { count, .. } => Some(count),
            _ => None,
        })
        .collect();
    assert_eq!(counts, [7, 14]);
}

#[test]
fn a_durable_handler_dies_with_the_process_that_published_to_it() {
    for (habits, finished) in [(Habits::default(), 0), (DURABLE, 1)] {
        let mut plan = plan();
        let (source, sink) = (plan.service(Service::named("source")), plan.service(Service::named("sink")));
        let (ask, event, done) = (plan.message_type("ask"), plan.message_type("event"), plan.fact("done"));
        let inside = plan.channel("inside", IN_PROCESS, profile(IN_PROCESS).unwrap().rules.clone());
        plan.handler(source, ask, Flow::new().publish(inside, event));
        plan.handler_with(sink, event, habits, Flow::new().work_for(always(200)).set(done));
        asks(&mut plan, ask, source, &[0]);
        plan.fault(seconds(0) + millis(100), Act::Crash { place: Place::Service(source) });
        let ran = ran(plan);
        assert_eq!(set_at(&ran, done).len(), finished);
        assert_eq!(ran.world.tasks().count(), 0);
        assert!(ran.world.ledger().balances());
    }
}

#[test]
fn those_that_a_crash_interrupted_go_on_in_another_order_or_all_at_once() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let done = plan.fact("done");
    plan.handler_with(service, ask, BOTH, Flow::new().pause(always(50)).work_for(always(100)).set(done));
    asks(&mut plan, ask, service, &[0, 10, 20, 30]);
    let place = Place::Service(service);
    plan.fault(seconds(0) + millis(40), Act::Crash { place });
    plan.fault(seconds(0) + millis(500), Act::Restart { place });
    let ran = ran(plan);
    let set = ran.records.iter().filter(|record| matches!(record.kind, RecordKind::FactSet { .. }));
    let order: Vec<(u32, u64)> = set.map(|record| (record.case, record.time.nanos() / 1_000_000)).collect();
    // The pause of each is over; the one worker does one after the other.
    assert_eq!(order, [(0, 600), (1, 700), (2, 800), (3, 900)]);
    assert_eq!(ran.when(|kind| *kind == RecordKind::Resumed), [500; 4]);
}

#[test]
fn a_message_that_a_durable_handler_has_comes_again() {
    for (habits, times) in [(Habits::default(), 2), (DURABLE, 1)] {
        let mut plan = plan();
        let service = plan.service(Service::named("service"));
        let job = plan.message_type("job");
        let (begun, done) = (plan.fact("begun"), plan.fact("done"));
        let rules = profile("rabbitmq-quorum").unwrap().rules.clone();
        let jobs = plan.channel("jobs", "rabbitmq-quorum", rules);
        plan.handler_with(service, job, habits, Flow::new().set(begun).work_for(always(200)).set(done));
        let arrivals = topology::Arrivals::Times { at: vec![millis(0)] };
        plan.client(topology::Client::named("client", arrivals, job, Target::Channel(jobs)));
        let place = Place::Service(service);
        plan.fault(seconds(0) + millis(100), Act::Crash { place });
        plan.fault(seconds(0) + millis(150), Act::Restart { place });
        let plan = plan.build().unwrap();
        let mut world = World::new(plan.clone(), 1);
        world.run_until(seconds(0) + millis(120));
        let parked = usize::from(habits.durable);
        assert_eq!((world.parked(service), world.is_up(place)), (parked, false));
        let (world, records) = crate::parts::records_of(plan, 1);
        let ran = Ran { world, records };
        assert_eq!(set_at(&ran, begun).len(), times, "{:?}", story(&ran));
        assert_eq!(set_at(&ran, done).len(), 1);
        assert_eq!(ran.world.ledger().lost_to(LossReason::Crash), 0);
        assert_eq!(ran.world.cases().count(), 0);
        assert!(ran.world.ledger().balances());
    }
}

/// The same saga as plain subscriptions: each event leads to the next.
///
/// ```text
/// order --> payment --charged--> stock --reserved--> carrier
/// ```
fn choreography(plan: &mut PlanBuilder) -> ServiceId {
    let rules = profile("rabbitmq-quorum").unwrap().rules.clone();
    let mut incoming = plan.message_type("order");
    let mut first = None;
    for (index, (name, time, fact, _)) in STEPS.into_iter().enumerate() {
        let who = plan.service(Service::named(name).workers(9));
        first = first.or(Some(who));
        let set = plan.fact(fact);
        let mut flow = Flow::new().work_for(always(time)).set(set);
        let event = plan.message_type(&format!("{fact}_event"));
        if index + 1 < STEPS.len() {
            let events = plan.channel(&format!("{fact}-events"), "rabbitmq-quorum", rules.clone());
            flow = flow.publish(events, event);
        }
        plan.handler(who, incoming, flow);
        incoming = event;
    }
    first.unwrap()
}

#[test]
fn a_saga_reaches_other_facts_when_nobody_coordinates_it() {
    let at: Vec<u64> = (0..50).map(|index| index * 40).collect();
    let facts = |style: fn(&mut PlanBuilder) -> ServiceId| {
        let mut plan = plan();
        for (_, _, fact, undone) in STEPS {
            plan.fact(fact);
            plan.fact(undone);
        }
        let first = style(&mut plan);
        let order = plan.message_type("order");
        asks(&mut plan, order, first, &at);
        let ran = ran(plan);
        (0..6).map(|fact| ran.times_of(FactId(fact))).collect::<Vec<_>>()
    };
    let orchestrated = facts(|plan| saga(plan, BOTH, Wrong::default()));
    assert_eq!(orchestrated, facts(choreography));
    assert_eq!(orchestrated[4], [1; 50]);
}

#[test]
fn a_coordinator_with_one_worker_is_no_bottleneck() {
    let last = |habits| {
        let mut plan = plan();
        let orders = saga(&mut plan, habits, Wrong::default());
        let order = plan.message_type("order");
        asks(&mut plan, order, orders, &[0; 9]);
        story(&ran(plan)).last().unwrap().1
    };
    // An order takes 126 ms; nine of them one after the other, or side by side.
    assert_eq!(last(DURABLE), 9 * 126);
    assert_eq!(last(BOTH), 126);
}

#[test]
fn a_workflow_does_not_know_that_its_caller_was_told_no_in_the_crash() {
    for answers_first in [false, true] {
        let mut plan = plan();
        let (caller, service) =
            (plan.service(Service::named("caller")), plan.service(Service::named("service")));
        let (ask, question, left) =
            (plan.message_type("ask"), plan.message_type("question"), plan.fact("left"));
        let flow = if answers_first { Flow::new().reply() } else { Flow::new() };
        let works = Flow::new().work_for(always(200)).set_by(left, Expression::Term(Term::Abandoned));
        plan.handler(caller, ask, Flow::new().call(service, question, None, true).pause(always(1000)));
        plan.handler_with(service, question, DURABLE, flow.parallel(vec![works]));
        asks(&mut plan, ask, caller, &[0]);
        let place = Place::Service(service);
        plan.fault(seconds(0) + millis(100), Act::Crash { place });
        plan.fault(seconds(0) + millis(300), Act::Restart { place });
        let ran = ran(plan);
        let counts = ran.records.iter().filter_map(|record| match record.kind {
            RecordKind::FactSet { count, .. } => Some(count),
            _ => None,
        });
        assert_eq!(counts.collect::<Vec<_>>(), [u16::from(!answers_first)]);
    }
}
