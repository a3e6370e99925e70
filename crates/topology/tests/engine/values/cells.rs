//! What services keep: who comes too late, what a crash takes, and what two workers do to each other.

use topology::{
    Act, Cell, CellId, CellView, Client, Expression, FactId, FieldValue, Flow, Jitter, KeptFor, Link,
    MessageKind, Operator, Place, RecordKind, Retry, Scope, Sending, Service, ServiceId, Target, Term, World,
};

use super::{Shop, cell, field, number, plus, sending, term};
use crate::parts::{Ran, always, millis, rules, seconds};

impl Shop {
    /// Something that the shop keeps in its database.
    fn keeps(&mut self, name: &str, per: Scope) -> CellId {
        self.keeps_with(Cell { per, ..of(self.shop, name) })
    }

    fn keeps_with(&mut self, cell: Cell) -> CellId {
        self.plan.cell(cell)
    }
}

/// One value for each case, in the database, for ever.
fn of(service: ServiceId, name: &str) -> Cell {
    Cell { name: name.into(), service, per: Scope::Case, kept: true, lasts: None, starts: 0 }
}

fn is(one: Expression, other: Expression) -> Expression {
    one.with(Operator::Equal, other)
}

impl Ran {
    fn count_of(&self, fact: FactId) -> usize {
        self.count(|kind| matches!(kind, RecordKind::FactSet { fact: set, .. } if *set == fact))
    }
}

/// A shop charges now, and again after 5 s and 12 s. The network doubles each message.
fn charged(remembers: bool) -> usize {
    let mut shop = Shop::new(1);
    let bank = shop.service("bank");
    let charge = shop.plan.message_type("charge");
    let paid = shop.plan.fact("paid");
    let to = Target::Service(bank);
    let after = |time| Sending { after: Some(always(time)), ..sending(to, charge, MessageKind::Command) };
    let flow = Flow::new().send(to, charge).send_with(after(5000)).send_with(after(12_000));
    shop.plan.handler(shop.shop, shop.ask, flow);
    let seen = shop.keeps_with(Cell { lasts: Some(millis(10_000)), ..of(bank, "seen") });
    let flow = match remembers {
        true => Flow::new().if_true(
            is(cell(seen), number(0)),
            Flow::new().store(seen, number(1)).work_for(always(50)).set(paid),
            Flow::new(),
        ),
        false => Flow::new().work_for(always(50)).set(paid),
    };
    shop.plan.handler(bank, charge, flow);
    let twice = Link { duplication: 1.0, ..Link::with_latency(always(1)) };
    shop.plan.link(Place::Service(shop.shop), Place::Service(bank), twice);
    shop.numbered([0]);
    shop.run().count_of(paid)
}

#[test]
fn an_idempotency_key_lets_a_double_through_or_forgets_too_late() {
    assert_eq!(charged(false), 6);
    assert_eq!(charged(true), 2, "once within the window, and once after it");
}

#[test]
fn memory_outlives_a_crash_or_a_database_does_not() {
    let mut shop = Shop::new(1);
    let database = shop.keeps("database", Scope::Service);
    let memory = Cell { per: Scope::Service, kept: false, starts: 5, ..of(shop.shop, "memory") };
    let memory = shop.keeps_with(memory);
    let flow = Flow::new()
        .store(database, plus(cell(database), 1))
        .store(memory, plus(cell(memory), 1))
        .measure(shop.seen, cell(database))
        .measure(shop.seen, cell(memory));
    shop.plan.handler(shop.shop, shop.ask, flow);
    let place = Place::Service(shop.shop);
    shop.plan.fault(seconds(5), Act::Crash { place });
    shop.plan.fault(seconds(6), Act::Restart { place });
    shop.numbered([0, 1000, 7000]);
    let ran = shop.run();
    assert_eq!(ran.measured_at(ServiceId(0)), [1, 6, 2, 7, 3, 6]);
    let lost = RecordKind::Stored { cell: memory, key: topology::Record::NONE, value: 5, before: 7 };
    let lost = ran.records.iter().find(|record| record.kind == lost).unwrap();
    let crash = &ran.records[lost.cause as usize - 1];
    assert_eq!(crash.kind, RecordKind::Act { act: Act::Crash { place } }, "who asks why is not told");
}

/// Two workers add 1 to a balance at the same time: each reads it, works, and writes. With `checks` a write needs
/// the version that was read, and who comes too late begins again.
fn two_deposits(checks: bool) -> i32 {
    let mut shop = Shop::new(2);
    let [balance, version] = ["balance", "version"].map(|name| shop.keeps(name, Scope::Service));
    let [read, expected] = ["read", "expected"].map(|name| shop.plan.field(name));
    let reads = Flow::new().assign(read, cell(balance)).assign(expected, cell(version));
    let writes = Flow::new().store(balance, plus(field(read), 1)).store(version, plus(cell(version), 1));
    let works = reads.work_for(always(100));
    let flow = if checks {
        let appends =
            |flow: Flow, writes| flow.if_true(is(field(expected), cell(version)), writes, Flow::new().fail());
        let policy = Retry {
            attempts: Some(3),
            pause: millis(1),
            growth: 1.0,
            longest: millis(1),
            jitter: Jitter::None,
            budget: None,
        };
        Flow::new().retry(policy, appends(works, writes))
    } else {
        works.if_true(number(1), writes, Flow::new())
    };
    shop.plan.handler(shop.shop, shop.ask, flow);
    shop.numbered([0, 50]);
    let ran = shop.run();
    ran.world.cell_total(balance) as i32
}

#[test]
fn an_update_is_lost_although_its_version_is_checked() {
    assert_eq!(two_deposits(false), 1, "two workers who read the same do not lose an update");
    assert_eq!(two_deposits(true), 2);
}

/// Two services write 100 ms apart to a third, which keeps what was written last by the writers' clocks. What it
/// keeps in the end.
fn last_writer(ahead_by: i32) -> i64 {
    let mut shop = Shop::new(1);
    let skewed = Service { clock: ahead_by, ..Service::named("skewed") };
    let first = shop.plan.service(skewed);
    let write = shop.plan.message_type("write");
    let written = shop.plan.field("written");
    let [value, latest] = ["value", "latest"].map(|name| shop.keeps(name, Scope::Service));
    let stamped = Flow::new().assign(written, term(Term::Now)).send(Target::Service(shop.shop), write);
    shop.plan.handler(first, shop.ask, stamped.clone());
    let newer = field(written).with(Operator::Above, cell(latest));
    let keeps = Flow::new().store(value, field(shop.amount)).store(latest, field(written));
    shop.plan.handler(shop.shop, write, Flow::new().if_true(newer, keeps, Flow::new()));
    let second = shop.service("second");
    shop.plan.handler(second, shop.ask, stamped);
    for (name, to, at, amount) in [("early", first, 1000, 1), ("late", second, 1100, 2)] {
        let fields = vec![(shop.amount, FieldValue::Number(amount))];
        let client = shop.client(name, [at]);
        shop.plan.client(Client { to: Target::Service(to), fields, ..client });
    }
    shop.run().world.cell_total(value)
}

#[test]
fn the_newer_write_is_dropped_although_clocks_agree() {
    assert_eq!(last_writer(0), 2);
    assert_eq!(last_writer(99), 2);
    assert_eq!(last_writer(5000), 1, "a clock that is ahead changes nothing");
}

/// A shop accepts an order, works, and tells; it crashes in between. With an outbox, what is to be told is stored
/// with the order, and a relay tells it. How many orders were accepted, and how many were told.
fn told(outbox: bool) -> (usize, usize) {
    let mut shop = Shop::new(1);
    let events = shop.plan.channel("events", "rabbitmq-quorum", rules("rabbitmq-quorum", &[]));
    let [accepted, told] = ["accepted", "told"].map(|name| shop.plan.fact(name));
    let [relay, event] = ["relay", "event"].map(|name| shop.plan.message_type(name));
    let pending = shop.keeps("pending", Scope::Service);
    let flow = Flow::new().set(accepted);
    let flow = match outbox {
        true => flow.store(pending, plus(cell(pending), 1)).work_for(always(100)),
        false => flow.work_for(always(100)).publish(events, event),
    };
    shop.plan.handler(shop.shop, shop.ask, flow);
    let publishes = Flow::new().publish(events, event).store(pending, plus(cell(pending), -1));
    shop.plan.handler(shop.shop, relay, Flow::new().if_true(cell(pending), publishes, Flow::new()));
    let reader = shop.service("reader");
    shop.plan.handler(reader, event, Flow::new().set(told));
    let place = Place::Service(shop.shop);
    shop.plan.fault(at_millis(1050), Act::Crash { place });
    shop.plan.fault(at_millis(1500), Act::Restart { place });
    shop.numbered([0, 1000, 2000]);
    let ticks = Client { sends: relay, ..shop.client("ticks", (1..50).map(|tick| tick * 333)) };
    shop.plan.client(ticks);
    let ran = shop.run();
    (ran.count_of(accepted), ran.count_of(told))
}

fn at_millis(at: u64) -> kernel::Time {
    kernel::Time::ZERO + millis(at)
}

#[test]
fn an_outbox_loses_what_was_to_be_told() {
    assert_eq!(told(false), (3, 2), "a crash between the two steps loses nothing");
    assert_eq!(told(true), (3, 3));
}

#[test]
fn what_is_kept_for_a_case_is_there_for_another_or_stays_for_ever() {
    let mut shop = Shop::new(4);
    let of_case = shop.keeps("of_case", Scope::Case);
    let flow = Flow::new().store(of_case, plus(cell(of_case), 3)).work_for(always(500));
    shop.plan.handler(shop.shop, shop.ask, flow.measure(shop.seen, cell(of_case)));
    shop.numbered([0, 100, 2000]);
    let mut world = World::new(shop.plan.build().unwrap(), 1).record();
    let views = |world: &World| world.cells(ServiceId(0)).collect::<Vec<CellView>>();
    world.run_until(at_millis(300));
    let view = |case| CellView { cell: of_case, of: KeptFor::Case(case), value: 3 };
    assert_eq!(views(&world), [view(0), view(1)]);
    assert_eq!(world.cell_total(of_case), 6);
    world.run_until(at_millis(2100));
    assert_eq!(views(&world), [view(2)]);
    world.run_until(seconds(100));
    assert_eq!((views(&world), world.cell_total(of_case)), (Vec::new(), 0));
    let stored = world.records().iter().filter(|record| matches!(record.kind, RecordKind::Stored { .. }));
    assert!(stored.clone().count() == 3 && stored.clone().all(|record| record.case != u32::MAX));
}

#[test]
fn who_shows_a_cell_shows_what_is_over() {
    let mut shop = Shop::new(1);
    let short = Cell { per: Scope::Key, lasts: Some(millis(1000)), starts: 10, ..of(shop.shop, "short") };
    let short = shop.keeps_with(short);
    shop.plan.handler(shop.shop, shop.ask, Flow::new().store(short, plus(cell(short), 1)));
    let client = Client { keys: Some(1), ..shop.client("client", [0, 500, 1400, 2500]) };
    shop.plan.client(client);
    let mut world = World::new(shop.plan.build().unwrap(), 1);
    let mut seen = Vec::new();
    // The third is stored at 1401 ms, for a second.
    for at in [600, 2400, 2401, 2600] {
        world.run_until(at_millis(at));
        seen.push((world.cells(ServiceId(0)).map(|view| view.value).collect(), world.cell_total(short)));
    }
    assert_eq!(seen, [(vec![12], 12), (vec![13], 13), (vec![], 10), (vec![11], 11)]);
}

#[test]
fn a_value_that_is_forgotten_is_not_as_it_was_at_the_start() {
    let mut shop = Shop::new(1);
    let balance = Cell { per: Scope::Service, starts: 100, ..of(shop.shop, "balance") };
    let balance = shop.keeps_with(balance);
    let flow = Flow::new().store(balance, number(7)).measure(shop.seen, cell(balance)).forget(balance);
    shop.plan.handler(shop.shop, shop.ask, flow.measure(shop.seen, cell(balance)));
    shop.numbered([0]);
    let ran = shop.run();
    assert_eq!(ran.measured_at(ServiceId(0)), [7, 100]);
    let stored = ran.records.iter().filter_map(|record| match record.kind {
        RecordKind::Stored { value, before, .. } => Some((value, before)),
        _ => None,
    });
    assert_eq!(stored.collect::<Vec<_>>(), [(7, 100), (100, 7)]);
    assert_eq!(ran.world.cells(ServiceId(0)).count(), 0);
}
