//! Randomised systems in which features are switched on and off: after every step each message is somewhere.

use std::collections::BTreeSet;

use channel::{Acknowledgement, Claim, PROFILES, Rules, Takes, Value};
use kernel::{Distribution, Purpose, Span, Stream, Time};
use topology::{
    Act, Arrivals, Awaited, Cell, ChannelId, Client, Expression, FieldId, FieldValue, Flow, Link, Message,
    MessageKind, MessageState, Operator, Place, PlanBuilder, RecordKind, Scope, Sending, Service, ServiceId,
    Target, Term, WorkerState, World,
};

use crate::parts::{millis, seconds};

/// Draws the options of one system, in order.
pub struct Dice {
    stream: Stream,
    thrown: u64,
}

impl Dice {
    pub fn of(seed: u64, name: &str) -> Self {
        Dice { stream: Stream::new(seed, Purpose::Branch, name), thrown: 0 }
    }

    pub fn below(&mut self, bound: u32) -> u32 {
        self.thrown += 1;
        self.stream.draw(self.thrown, 0).below(bound)
    }

    pub fn maybe(&mut self) -> bool {
        self.below(2) == 0
    }

    pub fn share(&mut self, most: f64) -> f64 {
        if self.maybe() { 0.0 } else { most * f64::from(self.below(100)) / 100.0 }
    }
}

/// Services in a row: each either calls the next, or sends to it through a channel; one more listens to all.
fn random_world(seed: u64) -> World {
    random_world_with(seed, None)
}

/// The same; with other dice, messages carry their request's number, services keep something, and are rebuilt.
fn random_world_with(seed: u64, mut values: Option<Dice>) -> World {
    let mut dice = Dice::of(seed, "dice");
    let mut plan = PlanBuilder::new("random", seconds(20));
    plan.default_link(Link {
        latency: Distribution::exponential(millis(u64::from(dice.below(50)) + 1)),
        loss: dice.share(0.2),
        duplication: dice.share(0.2),
        reordering: dice.share(1.0),
    });
    let count = 2 + dice.below(4);
    let services: Vec<ServiceId> =
        (0..count).map(|index| random_service(&mut plan, &mut dice, index)).collect();
    let audit = dice.maybe().then(|| random_service(&mut plan, &mut dice, count));
    let types: Vec<_> = (0..count).map(|index| plan.message_type(&format!("t{index}"))).collect();
    for index in 0..count as usize {
        let fact = plan.fact("done");
        let mut flow = Flow::new().work().set(fact);
        if dice.maybe() {
            flow = flow.if_chance(dice.share(0.5), Flow::new().fail(), Flow::new().reply());
        }
        if let (Some(&next), Some(&next_type)) = (services.get(index + 1), types.get(index + 1)) {
            if dice.below(3) == 0 {
                let timeout = dice.maybe().then(|| millis(200));
                flow = flow.call(next, next_type, timeout, dice.maybe());
            } else {
                let channel = random_channel(&mut plan, &mut dice, &format!("c{index}"));
                let after = values.as_mut().and_then(|values| values.maybe().then(|| random_delay(values)));
                let (to, kind) = (Target::Channel(channel), MessageKind::Command);
                flow = flow.send_with(Sending { to, message_type: next_type, kind, after, with: Vec::new() });
            }
        }
        if let Some(values) = &mut values {
            flow = random_keeping(&mut plan, values, services[index], flow);
        }
        plan.handler(services[index], types[index], flow);
        if let Some(audit) = audit {
            plan.handler(audit, types[index], Flow::new().work());
        }
        random_crash(&mut plan, &mut dice, Place::Service(services[index]));
    }
    if dice.maybe() {
        let (one, other) = (Place::Service(services[0]), Place::Service(services[1]));
        plan.fault(seconds(4), Act::Cut { one, other });
        plan.fault(seconds(6), Act::Mend { one, other });
    }
    let mut client = random_client(&mut dice, Target::Service(services[0]), types[0]);
    if let Some(values) = &mut values {
        client.fields = vec![(plan.field("number"), FieldValue::Request)];
        client.keys = values.maybe().then(|| 1 + values.below(10));
    }
    plan.client(client);
    World::new(plan.build().unwrap(), seed)
}

fn random_delay(dice: &mut Dice) -> Distribution {
    Distribution::exponential(millis(u64::from(dice.below(3000))))
}

/// A service counts what it does, for what it counts is left to chance, and is rebuilt now and then.
fn random_keeping(plan: &mut PlanBuilder, dice: &mut Dice, service: ServiceId, flow: Flow) -> Flow {
    for _ in 0..dice.below(3) {
        let at = Time::ZERO + millis(u64::from(dice.below(18_000)));
        plan.fault(at, Act::Rebuild { service });
    }
    let per = [Scope::Case, Scope::Key, Scope::Service][dice.below(3) as usize];
    let lasts = dice.maybe().then(|| millis(u64::from(dice.below(2000))));
    let name = format!("count of {}", service.0);
    let count = plan.cell(Cell { name, service, per, kept: dice.maybe(), lasts, starts: 0 });
    let one_more = Expression::Term(Term::Cell(count)).with(Operator::Plus, Expression::Number(1));
    flow.store(count, one_more)
}

/// A channel of any profile, which may crash, be cut off, follow other rules, and pass on what it puts aside.
pub fn random_channel(plan: &mut PlanBuilder, dice: &mut Dice, name: &str) -> ChannelId {
    let (profile, rules) = random_rules(dice);
    let channel = plan.channel(name, profile, rules);
    let place = Place::Channel(channel);
    random_crash(plan, dice, place);
    if dice.maybe() {
        let other = Place::Service(ServiceId(dice.below(2) as u16));
        plan.fault(seconds(7), Act::Cut { one: place, other });
        plan.fault(seconds(9), Act::Mend { one: place, other });
    }
    if dice.maybe() {
        let (profile, rules) = random_rules(dice);
        let to = plan.channel(&format!("{name}-dead"), profile, rules);
        plan.dead_letter(channel, to);
    }
    for _ in 0..dice.below(3) {
        let (profile, rules) = random_rules(dice);
        let number = plan.alternative(channel, profile, rules);
        let at = Time::ZERO + millis(u64::from(dice.below(18_000)));
        plan.fault(at, Act::Profile { channel, number });
    }
    channel
}

fn random_rules(dice: &mut Dice) -> (&'static str, Rules) {
    let profile = &PROFILES[dice.below(PROFILES.len() as u32) as usize];
    let mut values = Vec::new();
    for parameter in profile.parameters {
        if dice.maybe() {
            values.push((parameter, random_value(dice, parameter.takes)));
        }
    }
    let mut rules = profile.with(&values);
    let delivery = &mut rules.delivery;
    // What takes half a minute in the products shows within these runs.
    delivery.heartbeat = delivery.heartbeat.min(millis(500));
    delivery.session_timeout = delivery.session_timeout.min(millis(1500));
    delivery.again_after =
        delivery.again_after.map(|span| span.min(millis(50 + u64::from(dice.below(2000)))));
    delivery.backoff.most = delivery.backoff.most.min(millis(700));
    if dice.below(4) == 0 {
        rules.time_to_live = Some(millis(100 + u64::from(dice.below(3000))));
    }
    (profile.name, rules)
}

fn random_value(dice: &mut Dice, takes: Takes) -> Value {
    match takes {
        Takes::Count { or_none: true, .. } | Takes::Span { or_none: true, .. } if dice.maybe() => Value::None,
        Takes::Count { least, most, .. } => Value::Count(dice.below(12).clamp(least, most)),
        Takes::Span { least, most, .. } => {
            Value::Span(millis(1 + u64::from(dice.below(3000))).clamp(least, most))
        }
        Takes::Flag => Value::Flag(dice.maybe()),
        Takes::Choice(words) => Value::Choice(dice.below(words.len() as u32) as usize),
    }
}

pub fn random_service(plan: &mut PlanBuilder, dice: &mut Dice, index: u32) -> ServiceId {
    let mut service = Service::named(&format!("s{index}")).workers(1 + dice.below(4) as u16);
    if dice.maybe() {
        service = service.inbox(dice.below(10));
    }
    plan.service(service.work(Distribution::exponential(millis(u64::from(dice.below(100))))))
}

pub fn random_client(dice: &mut Dice, to: Target, sends: topology::TypeId) -> Client {
    let arrivals = match dice.below(6) {
        0 => Arrivals::Poisson { per_second: 30.0 },
        1 => Arrivals::Constant { per_second: 20.0 },
        2 => Arrivals::Burst { count: 40, every: millis(3000) },
        3 => Arrivals::Ramp { from_per_second: 0.0, to_per_second: 60.0, over: millis(10_000) },
        4 => Arrivals::Times { at: (0..50).map(|index| millis(index * 7)).collect() },
        _ => Arrivals::Users { count: 20, think: Distribution::exponential(millis(300)) },
    };
    let mut client = Client::named("client", arrivals, sends, to);
    client.patience = dice.maybe().then(|| Distribution::exponential(millis(400)));
    client
}

pub fn random_crash(plan: &mut PlanBuilder, dice: &mut Dice, place: Place) {
    if dice.maybe() {
        let at = Time::ZERO + millis(u64::from(dice.below(15_000)));
        plan.fault(at, Act::Crash { place });
        if dice.maybe() {
            plan.fault(at + millis(u64::from(dice.below(3000))), Act::Restart { place });
        }
    }
}

/// Counts what the ledger says by looking at every message.
pub fn assert_accounted(world: &World, seed: u64) {
    let ledger = world.ledger();
    let travelling =
        world.messages().filter(|(_, message)| message.state == MessageState::Travelling).count();
    let all = world.messages().count();
    assert_eq!(ledger.in_flight, travelling as u64, "seed {seed} at {}", world.now());
    assert_eq!(ledger.waiting, (all - travelling) as u64, "seed {seed} at {}", world.now());
    assert!(ledger.balances(), "seed {seed} at {}: {ledger:?}", world.now());
}

/// What waits in channels and inboxes is where the messages say they are.
pub fn assert_in_place(world: &World, seed: u64) {
    let plan = world.plan();
    let count = |state| world.messages().filter(|(_, message)| message.state == state).count();
    let inboxes: usize = (0..plan.services.len()).map(|id| world.inbox(ServiceId(id as u16)).len()).sum();
    assert_eq!(inboxes, count(MessageState::Inbox), "seed {seed} at {}", world.now());
    // Who is done and nobody answers for waits only as long as its acknowledgement is on its way.
    let left = |message: &Message| message.state == MessageState::Handled && !message.kept;
    let on_its_way = |message: &Message| {
        message.kind == MessageKind::Acknowledgement && message.state == MessageState::Travelling
    };
    let left = world.messages().filter(|(_, message)| left(message)).count();
    let on_their_way = world.messages().filter(|(_, message)| on_its_way(message)).count();
    assert!(left <= on_their_way, "seed {seed} at {}: {left} wait for {on_their_way}", world.now());
    for id in 0..plan.channels.len() {
        assert_channel_in_place(world, ChannelId(id as u16), seed);
    }
    let services = (0..plan.services.len()).map(|id| ServiceId(id as u16));
    let in_hand: usize = services.clone().map(|service| busy(world, service) + world.parked(service)).sum();
    assert_eq!(in_hand, count(MessageState::AtWork), "seed {seed} at {}", world.now());
    for service in services {
        let here = format!("seed {seed} at {}, service {}", world.now(), service.0);
        assert_eq!(world.parked(service), world.parked_tasks(service).count(), "{here}");
        if busy(world, service) < world.workers(service).len() && world.is_up(Place::Service(service)) {
            let ready =
                world.parked_tasks(service).filter(|(.., awaited)| *awaited == Awaited::Worker).count();
            assert_eq!(ready, 0, "{here}: a worker is free, but somebody waits for one");
        }
    }
}

fn busy(world: &World, service: ServiceId) -> usize {
    world.workers(service).filter(|&state| state != WorkerState::Idle).count()
}

/// What an engine says that it has is there, once, and nothing else waits in its name.
fn assert_channel_in_place(world: &World, channel: ChannelId, seed: u64) {
    let engine = world.channel(channel);
    let here = format!("seed {seed} at {}, {} of {}", world.now(), world.profile(channel), channel.0);
    let delivery = &engine.rules().delivery;
    let is_table = delivery.claim != Claim::HandOut;
    // A row that somebody looks at, and what a group has read and will read again, are in two places.
    let is_seen_twice = is_table || matches!(delivery.acknowledgement, Acknowledgement::Offset { .. });
    let mut known = BTreeSet::new();
    for group in engine.groups() {
        let said = engine.ready(group).count() + engine.delayed(group).count();
        let waiting: Vec<u32> = world.waiting_in(channel, group).collect();
        assert_eq!(waiting.len(), said, "{here}: waits, but nobody has it");
        let held: Vec<u32> = world.held_in(channel, group).map(|(slot, _)| slot).collect();
        for &slot in &waiting {
            let state = world.message(slot).state;
            assert!(is_seen_twice || state == MessageState::Ready, "{here}: {slot} waits, but is {state:?}");
        }
        for &slot in &held {
            let state = world.message(slot).state;
            assert!(is_seen_twice || state != MessageState::Ready, "{here}: {slot} is held, but waits");
        }
        if !is_seen_twice {
            assert_eq!(held.len(), engine.held_len(group), "{here}: held, but nobody has it");
        }
        known.extend(waiting.into_iter().chain(held));
    }
    if !is_table {
        let mine = |message: &Message| {
            let route = &world.plan().routes[message.route.index()];
            let (from, to, me) = (route.from, route.to, Place::Channel(channel));
            message.kept && (to == me || from == me && matches!(to, Place::Service(_)))
        };
        let kept = world.messages().filter(|(_, message)| mine(message)).count();
        assert_eq!(kept, known.len(), "{here}: kept, but the engine knows nothing of it");
    }
}

/// Runs a random world to its end.
fn watch(seed: u64) -> World {
    let mut world = random_world(seed);
    watch_world(&mut world, seed);
    world
}

/// Runs a world to its end, and looks at it all the time.
pub fn watch_world(world: &mut World, seed: u64) {
    let mut steps = 0u32;
    while world.step(Time::MAX) {
        assert_accounted(world, seed);
        steps += 1;
        if steps.is_multiple_of(16) {
            assert_in_place(world, seed);
        }
    }
}

#[test]
fn a_message_is_nowhere_or_in_two_places() {
    let mut lost_somewhere = 0;
    for seed in 0..200 {
        let world = watch(seed);
        lost_somewhere += u64::from(world.ledger().lost() > 0 && world.ledger().redelivered > 0);
    }
    assert!(lost_somewhere > 50, "the systems are too tame: only {lost_somewhere} lose and redeliver");
}

/// Every copy carries the number of its request, wherever it is; an acknowledgement carries nothing.
fn assert_numbered(world: &World, seed: u64) {
    for (slot, message) in world.messages() {
        let carries =
            if message.kind == MessageKind::Acknowledgement { 0 } else { world.case_of(message).number + 1 };
        assert_eq!(
            world.field(slot, FieldId(0)),
            carries as i32,
            "seed {seed} at {}: {message:?}",
            world.now()
        );
    }
}

#[test]
fn a_message_that_is_read_again_or_leaves_later_is_nowhere_or_carries_something_else() {
    let mut read_again = 0;
    for seed in 0..200 {
        let mut world = random_world_with(seed, Some(Dice::of(seed, "values"))).record();
        let mut steps = 0u32;
        while world.step(Time::MAX) {
            assert_accounted(&world, seed);
            steps += 1;
            if steps.is_multiple_of(16) {
                assert_in_place(&world, seed);
                assert_numbered(&world, seed);
            }
        }
        let mut acts = Vec::new();
        for record in world.records() {
            if let RecordKind::Act { act: Act::Rebuild { .. } } = record.kind {
                acts.push(record.number);
            }
            read_again += u64::from(record.kind == RecordKind::Queued && acts.contains(&record.cause));
        }
    }
    assert!(read_again > 1000, "the systems are too tame: only {read_again} are read again");
}

/// One worker gives a row back that another has in hand too (`update_subselect`), and the other finishes it.
#[test]
fn a_row_that_was_given_back_and_finished_comes_again() {
    watch(2680);
}

#[test]
fn a_closed_loop_loses_or_multiplies_its_users() {
    for seed in 0..20 {
        let mut plan = PlanBuilder::new("loop", seconds(30));
        let service = plan.service(Service::named("s").work(Distribution::exponential(millis(50))));
        let ask = plan.message_type("ask");
        let users = Arrivals::Users { count: 7, think: Distribution::exponential(millis(100)) };
        plan.client(Client::named("users", users, ask, Target::Service(service)));
        plan.handler(service, ask, Flow::new().work());
        let mut world = World::new(plan.build().unwrap(), seed);
        let mut most = 0;
        while world.step(Time::MAX) {
            most = most.max(world.cases().count());
        }
        let (answered, _, _) = world.departures(topology::ClientId(0));
        // One worker at 50 ms and seven users who think 100 ms: the worker is busy nearly all the time.
        assert!((500..=680).contains(&answered), "seed {seed}: {answered} answers in 30 s");
        assert_eq!(most, 7, "seed {seed}");
    }
}

#[test]
fn time_stands_still_in_a_handler_that_takes_none() {
    let mut plan = PlanBuilder::new("instant", seconds(1));
    let service = plan.service(Service::named("s").work(Distribution::constant(Span::ZERO)));
    let ask = plan.message_type("ask");
    let arrivals = Arrivals::Burst { count: 10_000, every: millis(900) };
    plan.client(Client::named("c", arrivals, ask, Target::Service(service)));
    plan.handler(service, ask, Flow::new().work());
    let mut world = World::new(plan.build().unwrap(), 1);
    world.run_until(Time::MAX);
    assert_eq!(world.departures(topology::ClientId(0)).0, 20_000);
}
