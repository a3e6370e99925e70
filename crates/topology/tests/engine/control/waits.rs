//! Waiting for a time, and for what a service keeps.

use topology::{
    Awaited, Cell, CellId, Expression, FactId, Flow, Habits, Operator, PlanBuilder, RecordKind, Scope,
    Sending, Service, ServiceId, Target, Term, WorkerState, World,
};

use super::{DONE, RELEASED, asks, handled, plan, ran, set_at};
use crate::parts::{always, millis, seconds};

fn cell(plan: &mut PlanBuilder, service: ServiceId, name: &str, per: Scope, starts: i32) -> CellId {
    plan.cell(Cell { name: name.into(), service, per, kept: true, lasts: None, starts })
}

fn above_zero(cell: CellId) -> Expression {
    Expression::compare(Term::Cell(cell), Operator::Above, 0)
}

fn number(number: i64) -> Expression {
    Expression::Number(number)
}

#[test]
fn a_pause_ends_early_or_late() {
    for habits in [Habits::default(), RELEASED] {
        let ran = handled(1, habits, &[0], Flow::new().pause(always(500)).pause(always(20)));
        assert_eq!(set_at(&ran, DONE), [521]);
        assert_eq!(ran.when(|kind| *kind == RecordKind::Waits), [1, 501]);
    }
}

/// An order is shipped when it is paid, at 103 ms, and packed, after `packing` ms, or 2 s after it came at 1 ms.
fn shipment(packing: u64, habits: Habits) -> [Vec<u64>; 3] {
    let mut plan = plan();
    let shipping = plan.service(Service::named("shipping"));
    let (order, paid, packed) =
        (plan.message_type("order"), plan.message_type("paid"), plan.message_type("packed"));
    let cells = ["is_paid", "is_packed"].map(|name| cell(&mut plan, shipping, name, Scope::Case, 0));
    let (shipped, late) = (plan.fact("shipped"), plan.fact("late"));
    let both = above_zero(cells[0]).with(Operator::And, above_zero(cells[1]));
    let mut flow = Flow::new();
    for (message_type, after) in [(paid, 101), (packed, packing)] {
        let to = Target::Service(shipping);
        let (kind, after) = (topology::MessageKind::Command, Some(always(after)));
        flow = flow.send_with(Sending { to, message_type, kind, after, with: Vec::new() });
    }
    let flow = flow.wait(both, Some(always(2000)), Some(Flow::new().set(late).fail())).set(shipped);
    plan.handler_with(shipping, order, habits, flow);
    plan.handler(shipping, paid, Flow::new().store(cells[0], number(1)));
    plan.handler(shipping, packed, Flow::new().store(cells[1], number(1)));
    asks(&mut plan, order, shipping, &[0]);
    let ran = ran(plan);
    let woken = ran.records.iter().filter(|record| record.kind == RecordKind::Woken);
    for record in woken {
        let cause = ran.records[record.cause as usize - 1].kind;
        let last = cells[usize::from(packing > 101)];
        assert!(matches!(cause, RecordKind::Stored { cell, .. } if cell == last), "{cause:?}");
    }
    [set_at(&ran, shipped), set_at(&ran, late), ran.when(|kind| *kind == RecordKind::TimedOut)]
}

#[test]
fn a_join_goes_on_with_one_of_its_events_or_waits_for_ever() {
    assert_eq!(shipment(299, RELEASED), [vec![301], vec![], vec![]]);
    assert_eq!(shipment(50, RELEASED), [vec![103], vec![], vec![]]);
    assert_eq!(shipment(3000, RELEASED), [vec![], vec![2001], vec![2001]]);
}

#[test]
fn a_step_that_waits_for_itself_is_not_seen() {
    // The only worker waits for events that only it could take up.
    assert_eq!(shipment(299, Habits::default()), [vec![], vec![2001], vec![2001]]);
}

/// A child that arrives before its parent waits until the parent was processed.
fn child_and_parent(waits: bool) -> (Vec<u64>, Vec<u64>) {
    let mut plan = plan();
    let (source, sink) = (plan.service(Service::named("source")), plan.service(Service::named("sink")));
    let (go, child, parent) =
        (plan.message_type("go"), plan.message_type("child"), plan.message_type("parent"));
    let seen = cell(&mut plan, sink, "seen", Scope::Case, 0);
    let facts = ["child_done", "parent_done"].map(|name| plan.fact(name));
    let to = Target::Service(sink);
    let (kind, after) = (topology::MessageKind::Command, Some(always(300)));
    let later = Sending { to, message_type: parent, kind, after, with: Vec::new() };
    plan.handler(source, go, Flow::new().send(to, child).send_with(later));
    let flow = if waits { Flow::new().wait(above_zero(seen), None, None) } else { Flow::new() };
    plan.handler_with(sink, child, RELEASED, flow.work_for(always(10)).set(facts[0]));
    plan.handler(sink, parent, Flow::new().work_for(always(20)).store(seen, number(1)).set(facts[1]));
    asks(&mut plan, go, source, &[0]);
    let ran = ran(plan);
    (set_at(&ran, facts[0]), set_at(&ran, facts[1]))
}

#[test]
fn a_child_is_processed_before_its_parent() {
    assert_eq!(child_and_parent(false), (vec![12], vec![322]));
    assert_eq!(child_and_parent(true), (vec![332], vec![322]));
}

/// Six messages at once that share two permits, each for 100 ms; the order in which they were done, and when.
fn bulkhead(workers: u16, habits: Habits) -> Vec<(u32, u64)> {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(workers));
    let ask = plan.message_type("ask");
    let permits = cell(&mut plan, service, "permits", Scope::Service, 2);
    let done = plan.fact("done");
    let change = |by| Expression::Term(Term::Cell(permits)).with(Operator::Plus, number(by));
    let flow = Flow::new().wait(above_zero(permits), None, None).store(permits, change(-1));
    let flow = flow.work_for(always(100)).store(permits, change(1)).set(done);
    plan.handler_with(service, ask, habits, flow);
    asks(&mut plan, ask, service, &[0; 6]);
    let ran = ran(plan);
    let set = |record: &&topology::Record| matches!(record.kind, RecordKind::FactSet { .. });
    let set = ran.records.iter().filter(set);
    set.map(|record| (record.case, record.time.nanos() / 1_000_000)).collect()
}

#[test]
fn more_than_there_are_permits_go_through_a_bulkhead_or_in_another_order() {
    let in_turn = [(0, 101), (1, 101), (2, 201), (3, 201), (4, 301), (5, 301)];
    assert_eq!(bulkhead(6, Habits::default()), in_turn);
    assert_eq!(bulkhead(6, RELEASED), in_turn);
    // Somebody may take the permit while whom it woke waits for a worker: then it waits again.
    assert_eq!(bulkhead(2, RELEASED), in_turn);
    assert_eq!(bulkhead(1, Habits::default()).last(), Some(&(5, 601)));
}

#[test]
fn two_go_on_with_one_permit_because_both_were_woken_while_there_was_no_worker() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let (ask, open) = (plan.message_type("ask"), plan.message_type("open"));
    let permits = cell(&mut plan, service, "permits", Scope::Service, 0);
    let done = plan.fact("done");
    let flow = Flow::new().wait(above_zero(permits), None, None).store(permits, number(0));
    let flow = flow.pause(always(100)).set(done).store(permits, number(1));
    plan.handler_with(service, ask, RELEASED, flow);
    plan.handler(service, open, Flow::new().store(permits, number(1)).work_for(always(50)));
    asks(&mut plan, ask, service, &[0, 0]);
    asks(&mut plan, open, service, &[10]);
    assert_eq!(set_at(&ran(plan), done), [161, 261]);
}

/// A handler that waits for what never comes.
fn in_vain(habits: Habits) -> (World, ServiceId) {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(2));
    let ask = plan.message_type("ask");
    let never = cell(&mut plan, service, "never", Scope::Case, 0);
    plan.handler_with(service, ask, habits, Flow::new().wait(above_zero(never), None, None));
    asks(&mut plan, ask, service, &[0]);
    let mut world = World::new(plan.build().unwrap(), 1);
    world.run_until(seconds(1000));
    (world, service)
}

#[test]
fn who_waits_in_vain_hangs_the_run_or_is_not_seen() {
    let (mut world, service) = in_vain(Habits::default());
    assert!(world.is_over());
    assert_eq!(world.workers(service).collect::<Vec<_>>(), [WorkerState::Waiting, WorkerState::Idle]);
    let (mut world, service) = in_vain(RELEASED);
    assert!(world.is_over());
    let (task, _, awaited) = world.parked_tasks(service).next().unwrap();
    assert!(matches!(awaited, Awaited::Condition(_)));
    assert_eq!(task.since, seconds(0) + millis(1));
    assert_eq!(world.cases().count(), 1);
}

#[test]
fn what_is_true_already_is_waited_for() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let open = cell(&mut plan, service, "open", Scope::Service, 1);
    let done = plan.fact("done");
    plan.handler(service, ask, Flow::new().wait(above_zero(open), None, None).set(done));
    asks(&mut plan, ask, service, &[0]);
    let ran = ran(plan);
    assert_eq!(set_at(&ran, FactId(0)), [1]);
    assert_eq!(ran.when(|kind| matches!(kind, RecordKind::Waits | RecordKind::Woken)), []);
}

#[test]
fn somebody_is_woken_by_what_was_true_for_a_moment_inside_of_another_handler() {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(2));
    let (ask, flicker) = (plan.message_type("ask"), plan.message_type("flicker"));
    let open = cell(&mut plan, service, "open", Scope::Service, 0);
    plan.handler(service, ask, Flow::new().wait(above_zero(open), Some(always(500)), None));
    plan.handler(service, flicker, Flow::new().store(open, number(1)).forget(open));
    asks(&mut plan, ask, service, &[0]);
    asks(&mut plan, flicker, service, &[100]);
    let ran = ran(plan);
    assert_eq!(ran.when(|kind| *kind == RecordKind::TimedOut), [501]);
}

#[test]
fn two_that_wake_each_other_without_end_hang_the_run() {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(2));
    let turn = cell(&mut plan, service, "turn", Scope::Service, 0);
    let endless = topology::Retry {
        attempts: None,
        pause: millis(0),
        growth: 1.0,
        longest: millis(0),
        jitter: topology::Jitter::None,
        budget: None,
    };
    for (name, own) in [("ping", 0), ("pong", 1)] {
        let ask = plan.message_type(name);
        let until = Expression::compare(Term::Cell(turn), Operator::Equal, own);
        let steps = Flow::new().wait(until, None, None).store(turn, number(1 - own)).fail();
        plan.handler(service, ask, Flow::new().retry(endless.clone(), steps));
        let at = topology::Arrivals::Times { at: vec![millis(1)] };
        plan.client(topology::Client::named(name, at, ask, Target::Service(service)));
    }
    let mut world = World::new(plan.build().unwrap(), 1);
    world.run_until(seconds(1));
    assert_eq!(world.halted(), Some(topology::Halt::Standstill));
    assert_eq!(world.halted_at(), Some(topology::Place::Service(service)));
    assert!(world.ledger().balances());
}

#[test]
fn who_waits_for_a_lock_whose_lease_runs_out_waits_for_ever() {
    for (habits, renewed, taken) in [
        (Habits::default(), None, 2001),
        (RELEASED, None, 2001),
        // Whoever renews the lease at 1 s keeps it until 3 s.
        (RELEASED, Some(1000), 3001),
    ] {
        let mut plan = plan();
        let service = plan.service(Service::named("service").workers(3));
        let (hold, ask) = (plan.message_type("hold"), plan.message_type("ask"));
        let lasts = Some(millis(2000));
        let (name, per) = ("locked".into(), Scope::Service);
        let locked = plan.cell(Cell { name, service, per, kept: true, lasts, starts: 0 });
        let done = plan.fact("done");
        plan.handler(service, hold, Flow::new().store(locked, number(1)));
        let free = Expression::compare(Term::Cell(locked), Operator::Equal, 0);
        let flow = Flow::new().wait(free, Some(always(10_000)), None).store(locked, number(1)).set(done);
        plan.handler_with(service, ask, habits, flow);
        let holds: Vec<u64> = [0].into_iter().chain(renewed).collect();
        asks(&mut plan, hold, service, &holds);
        let at = topology::Arrivals::Times { at: vec![millis(100), millis(200)] };
        plan.client(topology::Client::named("askers", at, ask, Target::Service(service)));
        let ran = ran(plan);
        // The second gets it when the lease of the first runs out.
        assert_eq!(set_at(&ran, done), [taken, taken + 2000]);
        assert_eq!(ran.when(|kind| *kind == RecordKind::Woken), [taken, taken + 2000]);
    }
}

#[test]
fn a_consumer_fetches_no_more_while_one_of_its_handlers_waits() {
    let (pull, every) = (|batch| channel::HandsOut::Pull { batch }, millis(10));
    for hands_out in [pull(1), pull(10), channel::HandsOut::Poll { every, batch: 1 }] {
        let mut plan = plan();
        let service = plan.service(Service::named("service"));
        let mut rules = channel::profile("sqs").unwrap().rules.clone();
        rules.delivery.hands_out = hands_out;
        let queue = plan.channel("queue", "sqs", rules);
        let (ask, event) = (plan.message_type("ask"), plan.message_type("event"));
        let seen = cell(&mut plan, service, "seen", Scope::Service, 0);
        let (done, heard) = (plan.fact("done"), plan.fact("heard"));
        let all = Expression::compare(Term::Cell(seen), Operator::AtLeast, 20);
        plan.handler_with(service, ask, RELEASED, Flow::new().wait(all, None, None).set(done));
        let one_more = Expression::Term(Term::Cell(seen)).with(Operator::Plus, number(1));
        let flow = Flow::new().work_for(always(5)).store(seen, one_more).set(heard);
        plan.handler(service, event, flow);
        for (name, message_type, at) in [("asker", ask, vec![1]), ("source", event, vec![100; 20])] {
            let at = topology::Arrivals::Times { at: at.into_iter().map(millis).collect() };
            plan.client(topology::Client::named(name, at, message_type, Target::Channel(queue)));
        }
        let ran = ran(plan);
        assert_eq!(set_at(&ran, heard).len(), 20, "{hands_out:?}");
        let last = *set_at(&ran, heard).last().unwrap();
        assert!(last < 1000, "the last was heard at {last} ms, {hands_out:?}");
        assert_eq!(set_at(&ran, done), [last]);
    }
}

#[test]
fn a_consumer_whose_handlers_wait_fetches_all_there_is() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let mut rules = channel::profile("sqs").unwrap().rules.clone();
    rules.delivery.hands_out = channel::HandsOut::Pull { batch: 10 };
    let queue = plan.channel("queue", "sqs", rules);
    let ask = plan.message_type("ask");
    plan.handler_with(service, ask, RELEASED, Flow::new().work_for(always(10)).pause(always(5000)));
    let at = topology::Arrivals::Times { at: vec![millis(1); 1000] };
    plan.client(topology::Client::named("client", at, ask, Target::Channel(queue)));
    let mut world = World::new(plan.build().unwrap(), 1);
    for at in (100..4000).step_by(50) {
        world.run_until(seconds(0) + millis(at));
        // A batch that it works off, and what it works on.
        assert!(world.inbox(service).len() <= 10, "{} at {at} ms", world.inbox(service).len());
    }
    // 10 ms for each, and 2 ms to fetch every ten.
    assert!((350..400).contains(&world.parked(service)), "{}", world.parked(service));
}
