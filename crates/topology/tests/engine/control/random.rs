//! Random systems whose handlers wait, retry, branch, undo, call and cancel, and are durable or released, while
//! services and channels crash: every message stays in the books, and no worker and no handler is forgotten.

use kernel::{Distribution, Time};
use topology::{
    Call, Cell, CellId, ChannelId, Expression, FactId, Flow, Habits, Jitter, Link, Operator, Place,
    PlanBuilder, RecordKind, Retry, Scope, ServiceId, Target, Term, TypeId, World,
};

use crate::conservation::{Dice, random_channel, random_client, random_crash, random_service, watch_world};
use crate::parts::{millis, seconds};

/// What a random handler can use.
struct Parts {
    fact: FactId,
    /// Of the service itself.
    cells: [CellId; 2],
    /// Whom it asks, and with what.
    next: Option<(ServiceId, TypeId)>,
    /// Through which it sends to the same.
    channel: Option<ChannelId>,
}

fn random_workflows(seed: u64) -> World {
    let mut dice = Dice::of(seed, "workflows");
    let mut plan = PlanBuilder::new("workflows", seconds(20));
    plan.default_link(Link {
        latency: Distribution::exponential(millis(u64::from(dice.below(50)) + 1)),
        loss: dice.share(0.1),
        duplication: dice.share(0.2),
        reordering: dice.share(1.0),
    });
    let count = 2 + dice.below(3);
    let services: Vec<ServiceId> =
        (0..count).map(|index| random_service(&mut plan, &mut dice, index)).collect();
    let types: Vec<TypeId> = (0..count).map(|index| plan.message_type(&format!("t{index}"))).collect();
    let fact = plan.fact("done");
    for index in 0..count as usize {
        let next = services.get(index + 1).copied().zip(types.get(index + 1).copied());
        let channel = (next.is_some() && dice.maybe())
            .then(|| random_channel(&mut plan, &mut dice, &format!("c{index}")));
        let cells = ["one", "two"].map(|name| random_cell(&mut plan, &mut dice, name, services[index]));
        let parts = Parts { fact, cells, next, channel };
        let flow = random_flow(&mut dice, &parts, 3);
        let habits = Habits { durable: dice.maybe(), released: dice.maybe(), reads: None };
        plan.handler_with(services[index], types[index], habits, flow);
        random_crash(&mut plan, &mut dice, Place::Service(services[index]));
        random_crash(&mut plan, &mut dice, Place::Service(services[index]));
    }
    plan.client(random_client(&mut dice, Target::Service(services[0]), types[0]));
    World::new(plan.build().unwrap(), seed)
}

fn random_cell(plan: &mut PlanBuilder, dice: &mut Dice, name: &str, service: ServiceId) -> CellId {
    let per = [Scope::Case, Scope::Key, Scope::Service][dice.below(3) as usize];
    let name = format!("{name} of {}", service.0);
    plan.cell(Cell { name, service, per, kept: dice.maybe(), lasts: None, starts: 0 })
}

fn random_flow(dice: &mut Dice, parts: &Parts, depth: u32) -> Flow {
    (0..1 + dice.below(3)).fold(Flow::new(), |flow, _| random_step(dice, parts, depth, flow))
}

fn random_step(dice: &mut Dice, parts: &Parts, depth: u32, flow: Flow) -> Flow {
    let time = |dice: &mut Dice| {
        let mean = millis(u64::from(dice.below(300)));
        if dice.maybe() { Distribution::constant(mean) } else { Distribution::exponential(mean) }
    };
    let cell = parts.cells[dice.below(2) as usize];
    match dice.below(if depth == 0 { 10 } else { 17 }) {
        0 => flow.work(),
        1 => flow.pause(time(dice)),
        2 | 3 => flow.store(cell, Expression::Number(dice.below(3).into())),
        4 => flow.forget(cell),
        5 => {
            let limit = dice.maybe().then(|| time(dice));
            let otherwise = dice.maybe().then(|| Flow::new().set(parts.fact));
            flow.wait(random_condition(dice, parts), limit, otherwise)
        }
        6 | 7 => random_call(dice, parts, flow),
        8 => match parts.channel.zip(parts.next) {
            Some((channel, (_, message_type))) => flow.send(Target::Channel(channel), message_type),
            None => flow.reply(),
        },
        9 => flow.if_chance(dice.share(0.6), Flow::new().fail(), Flow::new().set(parts.fact)),
        10 | 11 => {
            let budget = dice.maybe().then_some(0.2);
            let policy = Retry {
                attempts: dice.maybe().then(|| 1 + dice.below(4) as u16),
                pause: millis(10 + u64::from(dice.below(200))),
                growth: f64::from(1 + dice.below(3)),
                longest: millis(1000),
                jitter: [Jitter::None, Jitter::Full, Jitter::Half][dice.below(3) as usize],
                budget,
            };
            flow.retry(policy, random_flow(dice, parts, depth - 1))
        }
        12 => {
            let otherwise = dice.maybe().then(|| random_flow(dice, parts, depth - 1));
            flow.deadline(time(dice), random_flow(dice, parts, depth - 1), otherwise)
        }
        13 | 14 => {
            let branches = (0..dice.below(4)).map(|_| random_flow(dice, parts, depth - 1)).collect();
            flow.parallel(branches)
        }
        15 => flow.attempt(random_flow(dice, parts, depth - 1), random_flow(dice, parts, depth - 1)),
        _ => flow.undo(random_flow(dice, parts, depth - 1)),
    }
}

fn random_condition(dice: &mut Dice, parts: &Parts) -> Expression {
    let [one, two] = parts.cells.map(|cell| Expression::compare(Term::Cell(cell), Operator::Above, 0));
    match dice.below(3) {
        0 => one,
        1 => one.with(Operator::And, two),
        _ => one.with(Operator::Or, two),
    }
}

fn random_call(dice: &mut Dice, parts: &Parts, flow: Flow) -> Flow {
    let Some((to, message_type)) = parts.next else { return flow.work() };
    let timeout = (dice.below(3) > 0).then(|| millis(20 + u64::from(dice.below(400))));
    let (go_on, cancels) = (dice.maybe(), dice.maybe());
    flow.call_with(Call { timeout, go_on, cancels, ..Call::new(to, message_type) })
}

/// How often each of these happened in all runs.
const HAPPENS: [(&str, RecordKind); 8] = [
    ("waits", RecordKind::Waits),
    ("woken", RecordKind::Woken),
    ("timed out", RecordKind::TimedOut),
    ("retried", RecordKind::Retried { attempt: 2 }),
    ("deadline passed", RecordKind::DeadlinePassed),
    ("undone", RecordKind::Undone { number: 0 }),
    ("cancelled", RecordKind::Cancelled),
    ("resumed", RecordKind::Resumed),
];

#[test]
fn a_handler_that_waits_or_branches_forgets_a_message_or_a_worker() {
    let mut counts = [0; HAPPENS.len()];
    for seed in 0..300 {
        let mut world = random_workflows(seed).record();
        let mut twin = world.clone();
        twin.run_until(seconds(5));
        let mut twin = twin.clone();
        twin.run_until(Time::MAX);
        watch_world(&mut world, seed);
        assert_eq!(twin.digest(), world.digest(), "seed {seed}: a clone goes another way");
        for record in world.records() {
            if let Some(kind) = HAPPENS.iter().position(|&(_, kind)| kind == record.kind) {
                counts[kind] += 1;
            }
        }
    }
    for (count, (what, _)) in counts.iter().zip(HAPPENS) {
        assert!(*count > 500, "the systems are too tame: {what} {count} times");
    }
}
