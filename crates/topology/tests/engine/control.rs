//! Waits, retries, deadlines, branches, cancellation, and handlers that give their worker back.

mod random;
mod retries;
mod waits;

use kernel::Distribution;
use topology::{
    Act, Arrivals, Awaited, Call, Client, FactId, Flow, Habits, Link, LossReason, MessageKind, Place,
    PlanBuilder, RecordKind, Service, ServiceId, Target, TypeId, WorkerState,
};

use crate::parts::{Given, Ran, always, line, millis, rules, seconds};

/// A plan whose links take 1 ms.
pub fn plan() -> PlanBuilder {
    let mut plan = PlanBuilder::new("control", seconds(100));
    plan.default_link(Link::with_latency(always(1)));
    plan
}

/// A client that sends a message at each of these milliseconds.
pub fn asks(plan: &mut PlanBuilder, message_type: TypeId, to: ServiceId, at: &[u64]) {
    let at = at.iter().copied().map(millis).collect();
    let name = format!("client of {}", to.0);
    plan.client(Client::named(&name, Arrivals::Times { at }, message_type, Target::Service(to)));
}

pub fn ran(plan: PlanBuilder) -> Ran {
    let (world, records) = crate::parts::records_of(plan.build().unwrap(), 1);
    Ran { world, records }
}

/// One service with so many workers that is sent a message at each of these milliseconds, and sets the facts `begun`
/// and `done` around what it does.
fn handled(workers: u16, habits: Habits, at: &[u64], flow: Flow) -> Ran {
    let mut plan = plan();
    let service = plan.service(Service::named("service").workers(workers));
    let ask = plan.message_type("ask");
    let begun = plan.fact("begun");
    let done = plan.fact("done");
    let steps = Flow::new().set(begun).attempt(flow, Flow::new().fail()).set(done);
    plan.handler_with(service, ask, habits, steps);
    asks(&mut plan, ask, service, at);
    ran(plan)
}

/// When a fact was set, in milliseconds.
pub fn set_at(ran: &Ran, wanted: FactId) -> Vec<u64> {
    ran.when(|kind| matches!(kind, RecordKind::FactSet { fact, .. } if *fact == wanted))
}

const DONE: FactId = FactId(1);
const RELEASED: Habits = Habits { durable: false, released: true, reads: None };

#[test]
fn branches_take_the_time_of_all_of_them_or_of_the_shortest() {
    let works = [100, 300, 200].map(|time| Flow::new().work_for(always(time)));
    let ran = handled(1, Habits::default(), &[0], Flow::new().parallel(works.to_vec()));
    assert_eq!(set_at(&ran, DONE), [301]);
    let nested =
        Flow::new().parallel(vec![Flow::new().parallel(works.to_vec()), Flow::new().pause(always(50))]);
    assert_eq!(set_at(&handled(1, Habits::default(), &[0], nested), DONE), [301]);
}

#[test]
fn a_branch_fails_and_the_others_go_on() {
    let slow = Flow::new().work_for(always(1000)).set(FactId(0));
    let fails = Flow::new().work_for(always(100)).fail();
    let flow = Flow::new().parallel(vec![slow.clone(), fails.clone(), slow]);
    let ran_once = handled(1, Habits::default(), &[0, 200], flow.clone());
    assert_eq!(ran_once.when(|kind| *kind == RecordKind::HandlerFailed), [101, 301]);
    assert_eq!(set_at(&ran_once, FactId(0)), [1, 201], "a branch went on");
    // Caught, it is no failure of the handler.
    let caught = Flow::new().attempt(flow, Flow::new().work_for(always(7)));
    assert_eq!(set_at(&handled(1, Habits::default(), &[0], caught), DONE), [108]);
    // A branch that has not begun when another fails does nothing.
    let at_once = Flow::new().parallel(vec![Flow::new().fail(), Flow::new().set(FactId(0))]);
    assert_eq!(set_at(&handled(1, Habits::default(), &[0], at_once), FactId(0)), [1]);
}

#[test]
fn thousands_of_blocks_in_a_row_use_up_the_stack() {
    let none = Flow::new();
    let fails = || Flow::new().parallel(vec![none.clone(), Flow::new().fail()]);
    let many = (0..10_000).fold(Flow::new(), |flow, _| {
        flow.parallel(vec![none.clone(), none.clone()]).attempt(fails(), none.clone())
    });
    assert_eq!(set_at(&handled(1, Habits::default(), &[0], many), DONE), [1]);
    let pauses = (0..10_000).fold(Flow::new(), |flow, _| flow.parallel(vec![Flow::new().pause(always(1))]));
    assert_eq!(set_at(&handled(1, RELEASED, &[0], pauses), DONE), [10_001]);
}

#[test]
fn a_deadline_passes_for_what_was_done_in_time() {
    let flow = Flow::new().deadline(always(100), Flow::new().pause(always(50)), None).pause(always(500));
    let ran = handled(1, Habits::default(), &[0], flow);
    assert_eq!(ran.when(|kind| *kind == RecordKind::DeadlinePassed), []);
    assert_eq!(set_at(&ran, DONE), [551]);
}

#[test]
fn a_deadline_inside_of_one_that_has_passed_still_passes() {
    let inner = Flow::new().deadline(always(300), Flow::new().pause(always(1000)), None);
    let otherwise = Flow::new().pause(always(500));
    let ran = handled(1, Habits::default(), &[0], Flow::new().deadline(always(100), inner, Some(otherwise)));
    assert_eq!(ran.when(|kind| *kind == RecordKind::DeadlinePassed), [101]);
    assert_eq!(set_at(&ran, DONE), [601]);
}

#[test]
fn work_and_branches_go_on_after_a_deadline() {
    for inside in [
        Flow::new().work_for(always(1000)),
        Flow::new().parallel(vec![Flow::new().work_for(always(1000)).set(FactId(0))]),
    ] {
        let flow = Flow::new().deadline(always(100), inside, None);
        let ran = handled(1, Habits::default(), &[0, 10], flow);
        assert_eq!(
            ran.when(|kind| *kind == RecordKind::HandlerFailed),
            [101, 201],
            "the worker was not free"
        );
        assert_eq!(set_at(&ran, FactId(0)).len(), 2, "a branch went on");
    }
}

#[test]
fn an_answer_after_the_deadline_is_heard() {
    let mut plan = plan();
    let caller = plan.service(Service::named("caller"));
    let slow = plan.service(Service::named("slow").work(always(1000)));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    let (late, answered) = (plan.fact("late"), plan.fact("answered"));
    let call = Flow::new().call(slow, question, None, false).set(answered);
    plan.handler(caller, ask, Flow::new().deadline(always(200), call, Some(Flow::new().set(late))));
    plan.handler(slow, question, Flow::new().work());
    asks(&mut plan, ask, caller, &[0]);
    let ran = ran(plan);
    assert_eq!((set_at(&ran, late), set_at(&ran, answered)), (vec![201], vec![]));
    let too_late = |kind: &RecordKind| matches!(kind, RecordKind::Lost { reason: LossReason::TooLate, .. });
    assert_eq!(ran.when(too_late), [1003]);
    assert_eq!(ran.world.departures(topology::ClientId(0)).0, 1);
}

/// A calls B, which calls C, whose only worker works for 10 s; A waits 100 ms.
fn chain_of_calls(cancels: bool) -> Ran {
    let mut plan = plan();
    let services = ["a", "b", "c"].map(|name| plan.service(Service::named(name).workers(9)));
    let last = plan.service(Service::named("d").work(always(10_000)));
    let types = ["to_a", "to_b", "to_c", "to_d"].map(|name| plan.message_type(name));
    let asked = [services[1], services[2], last];
    for index in 0..3 {
        let timeout = (index == 0).then(|| millis(100));
        let call = Call { timeout, cancels, ..Call::new(asked[index], types[index + 1]) };
        plan.handler(services[index], types[index], Flow::new().call_with(call));
    }
    plan.handler(last, types[3], Flow::new().work());
    asks(&mut plan, types[0], services[0], &[0, 50, 300]);
    ran(plan)
}

#[test]
fn work_that_nobody_waits_for_any_more_keeps_a_worker_busy() {
    let taken_at = |ran: &Ran| {
        let at_last = |record: &&topology::Record| {
            matches!(record.kind, RecordKind::Taken { .. }) && record.place == Place::Service(ServiceId(3))
        };
        ran.records.iter().filter(at_last).map(|record| record.time.nanos() / 1_000_000).collect::<Vec<_>>()
    };
    assert_eq!(taken_at(&chain_of_calls(false)), [4, 10_004, 20_004]);
    let ran = chain_of_calls(true);
    // The first is cancelled at 100 ms, the second, which has waited in the inbox, then is taken, and cancelled at 150.
    assert_eq!(taken_at(&ran), [4, 104, 304]);
    // Three handlers of each of b, c and d end, and none of the commands is missed.
    assert_eq!(ran.when(|kind| *kind == RecordKind::Cancelled).len(), 9);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Cancelled), 9);
    let missed = |kind: &RecordKind| matches!(kind, RecordKind::Lost { missed: true, .. });
    assert_eq!(ran.when(missed), []);
    assert!(ran.world.ledger().balances());
    assert_eq!(ran.world.tasks().count(), 0);
}

#[test]
fn a_cancelled_command_waits_in_the_inbox() {
    let mut plan = plan();
    let (caller, callee) =
        (plan.service(Service::named("caller").workers(2)), plan.service(Service::named("callee")));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    let call =
        |timeout| Call { timeout: Some(millis(timeout)), cancels: true, ..Call::new(callee, question) };
    let late = plan.message_type("late");
    plan.handler(caller, ask, Flow::new().call_with(call(900)));
    plan.handler(caller, late, Flow::new().call_with(call(100)));
    plan.handler(callee, question, Flow::new().work_for(always(500)));
    asks(&mut plan, ask, caller, &[0]);
    plan.client(Client::named(
        "second",
        Arrivals::Times { at: vec![millis(100)] },
        late,
        Target::Service(caller),
    ));
    let ran = ran(plan);
    let lost = ran.records.iter().find(|record| {
        matches!(record.kind, RecordKind::Lost { reason: LossReason::Cancelled, missed: false, .. })
    });
    let lost = lost.unwrap();
    assert_eq!(lost.time.nanos(), 202_000_000);
    // The chain of causes leads to the call that took too long.
    let cause = |number: u64| ran.records[number as usize - 1];
    let sent = cause(lost.cause);
    assert!(matches!(sent.kind, RecordKind::Sent { kind: MessageKind::Cancellation, .. }), "{sent:?}");
    assert_eq!(cause(sent.cause).kind, RecordKind::TimedOut);
}

#[test]
fn a_caller_that_has_crashed_still_cancels() {
    let mut plan = plan();
    let (caller, callee) = (plan.service(Service::named("caller")), plan.service(Service::named("callee")));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    plan.handler(caller, ask, Flow::new().call_with(Call { cancels: true, ..Call::new(callee, question) }));
    plan.handler(callee, question, Flow::new().work_for(always(500)));
    asks(&mut plan, ask, caller, &[0]);
    plan.fault(seconds(0) + millis(100), Act::Crash { place: Place::Service(caller) });
    let ran = ran(plan);
    let cancels =
        |kind: &RecordKind| matches!(kind, RecordKind::Sent { kind: MessageKind::Cancellation, .. });
    assert_eq!(ran.when(cancels), []);
}

#[test]
fn a_branch_and_its_handler_both_answer() {
    let replies = Flow::new().parallel(vec![Flow::new().reply(), Flow::new().pause(always(5)).reply()]);
    let ran = handled(1, Habits::default(), &[0], replies.reply());
    assert_eq!(ran.when(|kind| matches!(kind, RecordKind::Answered { .. })), [1]);
}

/// One worker, and six messages at once, for each of which it asks somebody who needs a second.
fn six_calls(habits: Habits) -> (PlanBuilder, ServiceId) {
    let mut plan = plan();
    let caller = plan.service(Service::named("caller"));
    let slow = plan.service(Service::named("slow").workers(10).work(always(998)));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    let done = plan.fact("done");
    plan.handler_with(caller, ask, habits, Flow::new().call(slow, question, None, false).set(done));
    plan.handler(slow, question, Flow::new().work());
    asks(&mut plan, ask, caller, &[0; 6]);
    (plan, caller)
}

#[test]
fn a_worker_that_waits_does_something_else_unless_it_is_released() {
    let done = FactId(0);
    assert_eq!(set_at(&ran(six_calls(Habits::default()).0), done), [1001, 2001, 3001, 4001, 5001, 6001]);
    assert_eq!(set_at(&ran(six_calls(RELEASED).0), done), [1001; 6]);
}

#[test]
fn a_handler_that_waits_without_a_worker_is_not_seen() {
    let (plan, caller) = six_calls(RELEASED);
    let mut world = topology::World::new(plan.build().unwrap(), 1);
    world.run_until(seconds(0) + millis(500));
    assert_eq!((world.parked(caller), world.inbox(caller).len()), (6, 0));
    assert!(world.parked_tasks(caller).all(|(task, message, awaited)| {
        awaited == Awaited::Answer && task.worker.is_none() && message.kind == MessageKind::Command
    }));
    assert_eq!(world.workers(caller).collect::<Vec<_>>(), [WorkerState::Idle]);
    let (plan, caller) = six_calls(Habits::default());
    let mut world = topology::World::new(plan.build().unwrap(), 1);
    world.run_until(seconds(0) + millis(500));
    assert_eq!((world.parked(caller), world.inbox(caller).len()), (0, 5));
    assert_eq!(world.workers(caller).collect::<Vec<_>>(), [WorkerState::Waiting]);
}

#[test]
fn a_released_handler_overtakes_what_waits_or_takes_its_room() {
    let mut plan = plan();
    let service = plan.service(Service::named("service").inbox(1));
    let (ask, job) = (plan.message_type("ask"), plan.message_type("job"));
    let asked = plan.fact("asked");
    let worked = plan.fact("worked");
    plan.handler_with(service, ask, RELEASED, Flow::new().pause(always(50)).set(asked));
    plan.handler(service, job, Flow::new().work_for(always(100)).set(worked));
    asks(&mut plan, ask, service, &[0]);
    let jobs = Arrivals::Times { at: [10, 20, 130].map(millis).to_vec() };
    plan.client(Client::named("jobs", jobs, job, Target::Service(service)));
    let plan = plan.build().unwrap();
    let mut world = topology::World::new(plan.clone(), 1);
    world.run_until(seconds(0) + millis(60));
    // At 51 ms the first job is worked on and the second waits; the handler waits behind it.
    assert_eq!((world.inbox(service).len(), world.inbox(service).count()), (1, 1));
    assert_eq!(
        world.parked_tasks(service).map(|(.., awaited)| awaited).collect::<Vec<_>>(),
        [Awaited::Worker]
    );
    let (world, records) = crate::parts::records_of(plan, 1);
    let ran = Ran { world, records };
    // The third job finds room beside the handler, and comes after it.
    assert_eq!((set_at(&ran, asked), set_at(&ran, worked)), (vec![211], vec![111, 211, 311]));
}

#[test]
fn a_handler_reads_a_version_that_it_does_not_know() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let (ask, schema) = (plan.message_type("ask"), plan.field("schema"));
    let habits = Habits { reads: Some((1, 2)), released: true, durable: true };
    plan.handler_with(service, ask, habits, Flow::new());
    for (version, at) in [(2, 0), (3, 10)] {
        let arrivals = Arrivals::Times { at: vec![millis(at)] };
        let mut client = Client::named(&format!("{version}"), arrivals, ask, Target::Service(service));
        client.fields = vec![(schema, topology::FieldValue::Number(version))];
        plan.client(client);
    }
    let ran = ran(plan);
    assert_eq!(ran.when(|kind| *kind == RecordKind::Unreadable { schema: 3 }), [11]);
    assert_eq!(ran.when(|kind| *kind == RecordKind::HandlerFailed), [11]);
    let told = [0, 1].map(|client| ran.world.departures(topology::ClientId(client)));
    assert_eq!(told, [(1, 0, 0), (0, 1, 0)]);
    assert_eq!(ran.world.parked(service), 0);
}

#[test]
fn a_duplicate_of_a_cancelled_command_goes_on() {
    let mut plan = plan();
    plan.default_link(Link { duplication: 1.0, ..Link::with_latency(Distribution::constant(millis(1))) });
    let (caller, callee) =
        (plan.service(Service::named("caller")), plan.service(Service::named("callee").workers(2)));
    let (ask, question) = (plan.message_type("ask"), plan.message_type("question"));
    let call = Call { timeout: Some(millis(100)), cancels: true, ..Call::new(callee, question) };
    plan.handler(caller, ask, Flow::new().call_with(call));
    plan.handler(callee, question, Flow::new().work_for(always(5000)));
    asks(&mut plan, ask, caller, &[0]);
    let ran = ran(plan);
    // The request is doubled too, so that its worker asks twice, each time in two copies.
    assert_eq!(ran.when(|kind| *kind == RecordKind::Cancelled), [102, 102, 202, 202]);
    assert!(ran.world.ledger().balances());
}

/// Jobs at one moment out of a log with one partition, whose reader waits 100 ms for each.
fn read_from_a_log(habits: Habits, automatic: Given) -> Vec<u64> {
    let mut line = line("kafka", rules("kafka", &[("enable_auto_commit", automatic)]), &[]);
    let reader = line.plan.service(Service::named("reader").workers(4));
    let flow = Flow::new().pause(always(100)).set(FactId(1));
    line.plan.handler_with(reader, line.job, habits, flow);
    line.jobs_at([0; 5]);
    set_at(&line.run(), FactId(1))
}

#[test]
fn a_consumer_that_hands_its_work_off_reads_no_further() {
    for automatic in [|| Given::Yes, || Given::No] {
        let held = read_from_a_log(Habits::default(), automatic());
        assert!(held[4] >= 500, "the partition has one reader: {held:?}");
        let released = read_from_a_log(RELEASED, automatic());
        assert!(released.len() == 5 && released[4] < 200, "{released:?}");
    }
}

#[test]
fn a_worker_whose_branch_works_is_shown_as_waiting() {
    let mut plan = plan();
    let service = plan.service(Service::named("service"));
    let ask = plan.message_type("ask");
    let works = Flow::new().parallel(vec![Flow::new().work_for(always(50))]);
    plan.handler(service, ask, Flow::new().parallel(vec![works, Flow::new().pause(always(100))]));
    asks(&mut plan, ask, service, &[0]);
    let mut world = topology::World::new(plan.build().unwrap(), 1);
    let mut lamps = Vec::new();
    for at in [20, 80, 200] {
        world.run_until(seconds(0) + millis(at));
        lamps.extend(world.workers(service));
    }
    assert_eq!(lamps, [WorkerState::Working, WorkerState::Waiting, WorkerState::Idle]);
}
