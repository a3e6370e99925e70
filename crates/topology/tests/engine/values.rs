//! What messages carry: fields reach whoever gets the message, and only what is meant to goes on or comes back.

mod cells;
mod keys;
mod rebuilding;

use channel::Rules;
use kernel::Time;
use topology::{
    Act, Arrivals, Call, CellId, Client, Expression, FieldId, FieldValue, FigureId, Flow, Habits, Link,
    LossReason, MessageKind, Operator, Place, PlanBuilder, RecordKind, Sending, Service, ServiceId, Target,
    Term, TypeId,
};

use crate::parts::{Given, Ran, always, millis, records_of, rules, seconds};

fn number(number: i64) -> Expression {
    Expression::Number(number)
}

fn term(term: Term) -> Expression {
    Expression::Term(term)
}

fn field(field: FieldId) -> Expression {
    term(Term::Field(field))
}

fn cell(cell: CellId) -> Expression {
    term(Term::Cell(cell))
}

fn plus(one: Expression, other: i64) -> Expression {
    one.with(Operator::Plus, number(other))
}

/// A service `shop` that is asked. Links take 1 ms.
struct Shop {
    plan: PlanBuilder,
    shop: ServiceId,
    ask: TypeId,
    amount: FieldId,
    /// What services note of the amounts that they see.
    seen: FigureId,
}

impl Shop {
    fn new(workers: u16) -> Self {
        let mut plan = PlanBuilder::new("shop", seconds(100));
        let shop = plan.service(Service::named("shop").workers(workers));
        let ask = plan.message_type("ask");
        let (amount, seen) = (plan.field("amount"), plan.figure("seen"));
        Shop { plan, shop, ask, amount, seen }
    }

    fn service(&mut self, name: &str) -> ServiceId {
        self.plan.service(Service::named(name))
    }

    /// One request at each of these milliseconds.
    fn client(&self, name: &str, at: impl IntoIterator<Item = u64>) -> Client {
        let at = at.into_iter().map(millis).collect();
        Client::named(name, Arrivals::Times { at }, self.ask, Target::Service(self.shop))
    }

    /// The same, of which each carries its number as amount.
    fn numbered(&mut self, at: impl IntoIterator<Item = u64>) {
        let fields = vec![(self.amount, FieldValue::Request)];
        self.plan.client(Client { fields, ..self.client("client", at) });
    }

    /// Notes the amount of the message in hand.
    fn notes(&self) -> Flow {
        Flow::new().measure(self.seen, field(self.amount))
    }

    fn run(self) -> Ran {
        let (world, records) = records_of(self.plan.build().unwrap(), 1);
        Ran { world, records }
    }
}

impl Ran {
    /// Everything measured at a service, in order.
    fn measured_at(&self, service: ServiceId) -> Vec<i32> {
        let here = self.records.iter().filter(|record| record.place == Place::Service(service));
        here.filter_map(|record| match record.kind {
            RecordKind::Measured { value, .. } => Some(value),
            _ => None,
        })
        .collect()
    }

    fn count(&self, wanted: impl Fn(&RecordKind) -> bool) -> usize {
        self.records.iter().filter(|record| wanted(&record.kind)).count()
    }
}

fn sending(to: Target, message_type: TypeId, kind: MessageKind) -> Sending {
    Sending { to, message_type, kind, after: None, with: Vec::new() }
}

fn queue(shop: &mut Shop, profile: &'static str, given: &[(&str, Given)]) -> topology::ChannelId {
    let rules: Rules = rules(profile, given);
    shop.plan.channel("queue", profile, rules)
}

#[test]
fn a_field_is_lost_where_a_message_is_copied() {
    let mut shop = Shop::new(1);
    let topic = shop.plan.channel("topic", "redis-pubsub", rules("redis-pubsub", &[]));
    let jobs = queue(&mut shop, "rabbitmq-quorum", &[("delivery_limit", Given::Number(2))]);
    let dead = shop.plan.channel("dead", "rabbitmq-quorum", rules("rabbitmq-quorum", &[]));
    shop.plan.dead_letter(jobs, dead);
    let (event, job) = (shop.plan.message_type("event"), shop.plan.message_type("job"));
    let places = ["one", "other", "worker", "undertaker"].map(|name| shop.service(name));
    let [one, other, worker, undertaker] = places;
    shop.plan.consumers(jobs, &[worker]);
    shop.plan.consumers(dead, &[undertaker]);
    let flow = Flow::new().publish(topic, event).send(Target::Channel(jobs), job);
    shop.plan.handler(shop.shop, shop.ask, flow);
    let notes = shop.notes();
    shop.plan.handler(one, event, notes.clone());
    shop.plan.handler(other, event, notes.clone());
    shop.plan.handler(worker, job, notes.clone().fail());
    shop.plan.handler(undertaker, job, notes);
    let twice = Link { duplication: 1.0, ..Link::with_latency(always(1)) };
    shop.plan.link(Place::Channel(topic), Place::Service(one), twice);
    shop.numbered([0, 10]);
    let ran = shop.run();
    assert_eq!(ran.measured_at(one), [1, 1, 2, 2], "fan-out, doubled by the network");
    assert_eq!(ran.measured_at(other), [1, 2], "fan-out");
    assert_eq!(ran.measured_at(worker), [1, 1, 1, 2, 2, 2], "redelivered twice each");
    assert_eq!(ran.measured_at(undertaker), [1, 2], "put aside");
}

#[test]
fn what_a_handler_changed_is_there_when_its_message_comes_again() {
    let mut shop = Shop::new(1);
    let jobs = queue(&mut shop, "rabbitmq-quorum", &[]);
    let worker = shop.service("worker");
    let job = shop.plan.message_type("job");
    shop.plan.handler(shop.shop, shop.ask, Flow::new().send(Target::Channel(jobs), job));
    let first = Expression::compare(Term::Delivery, Operator::Equal, 1);
    let flow = shop.notes().assign(shop.amount, number(99)).if_true(first, Flow::new().fail(), shop.notes());
    shop.plan.handler(worker, job, flow);
    shop.numbered([0]);
    assert_eq!(shop.run().measured_at(worker), [1, 1, 99]);
}

#[test]
fn one_sending_changes_what_the_next_one_carries() {
    let mut shop = Shop::new(1);
    let other = shop.service("other");
    let tell = shop.plan.message_type("tell");
    let with = vec![(shop.amount, plus(field(shop.amount), 100))];
    let to = Target::Service(other);
    let flow = Flow::new()
        .send_with(Sending { with, ..sending(to, tell, MessageKind::Command) })
        .send(to, tell)
        .assign(shop.amount, number(7))
        .send(to, tell);
    shop.plan.handler(shop.shop, shop.ask, flow);
    let notes = shop.notes();
    shop.plan.handler(other, tell, notes);
    shop.numbered([0]);
    assert_eq!(shop.run().measured_at(other), [101, 1, 7]);
}

#[test]
fn an_answer_brings_back_what_nobody_asked_for() {
    for (takes_it, expected) in [(true, [3, 0]), (false, [1, 0])] {
        let mut shop = Shop::new(1);
        let other = shop.service("other");
        let tell = shop.plan.message_type("tell");
        let stock = shop.plan.field("stock");
        let takes = if takes_it { vec![shop.amount] } else { Vec::new() };
        let call = Call { takes, ..Call::new(other, tell) };
        let flow = Flow::new().call_with(call);
        let flow = flow.measure(shop.seen, field(shop.amount)).measure(shop.seen, field(stock));
        shop.plan.handler(shop.shop, shop.ask, flow);
        let with = vec![(shop.amount, plus(field(shop.amount), 2)), (stock, number(5))];
        shop.plan.handler(other, tell, Flow::new().reply_with(with));
        shop.numbered([0]);
        assert_eq!(shop.run().measured_at(ServiceId(0)), expected);
    }
}

#[test]
fn an_answer_that_never_goes_out_changes_what_is_sent_next() {
    let mut shop = Shop::new(1);
    let other = shop.service("other");
    let tell = shop.plan.message_type("tell");
    let with = vec![(shop.amount, number(50))];
    let flow = Flow::new().reply().reply_with(with).send(Target::Service(other), tell);
    shop.plan.handler(shop.shop, shop.ask, flow);
    let notes = shop.notes();
    shop.plan.handler(other, tell, notes);
    shop.numbered([0]);
    assert_eq!(shop.run().measured_at(other), [1]);
}

#[test]
fn a_schema_version_is_inherited_or_read_by_who_does_not_know_it() {
    let mut shop = Shop::new(1);
    let schema = shop.plan.field("schema");
    let readers = ["old", "tolerant"].map(|name| shop.service(name));
    let [new, usual] = ["new", "usual"].map(|name| shop.plan.message_type(name));
    let mut flow = Flow::new();
    for reader in readers {
        let to = Target::Service(reader);
        let with = vec![(schema, number(2))];
        let versioned = Sending { with, ..sending(to, new, MessageKind::Command) };
        flow = flow.assign(schema, number(9)).send_with(versioned).send(to, usual);
    }
    shop.plan.handler(shop.shop, shop.ask, flow);
    let notes = Flow::new().measure(shop.seen, field(schema));
    for (reader, reads) in readers.into_iter().zip([(1, 1), (1, 2)]) {
        let habits = Habits { reads: Some(reads), ..Habits::default() };
        shop.plan.handler_with(reader, new, habits, notes.clone());
        shop.plan.handler_with(reader, usual, habits, notes.clone());
    }
    shop.numbered([0]);
    let ran = shop.run();
    assert_eq!(ran.measured_at(readers[0]), [1]);
    assert_eq!(ran.measured_at(readers[1]), [2, 1]);
    assert_eq!(ran.count(|kind| *kind == RecordKind::Unreadable { schema: 2 }), 1);
    assert_eq!(ran.world.ledger().lost_to(LossReason::HandlerFailed), 1);
}

/// What the client's requests carry and are about, in an architecture with or without a service between.
fn drawn(through_another: bool, seed: u64) -> Vec<(u32, i32)> {
    let mut shop = Shop::new(4);
    let notes = shop.notes();
    let mut from = shop.shop;
    if through_another {
        shop.plan.field("other");
        from = shop.service("front");
        shop.plan.handler(
            from,
            shop.ask,
            Flow::new().work_for(always(5)).call(shop.shop, shop.ask, None, true),
        );
    }
    shop.plan.handler(shop.shop, shop.ask, notes);
    let fields = vec![(shop.amount, FieldValue::Between { least: -10, most: 10 })];
    let client = Client { to: Target::Service(from), fields, keys: Some(5), ..shop.client("client", []) };
    shop.plan.client(Client { arrivals: Arrivals::Poisson { per_second: 10.0 }, ..client });
    let (_, records) = records_of(shop.plan.build().unwrap(), seed);
    let mut cases = Vec::new();
    for record in &records {
        match record.kind {
            RecordKind::CaseStarted { key, .. } => cases.push((key, i32::MAX)),
            RecordKind::Measured { value, .. } => cases[record.case as usize].1 = value,
            _ => {}
        }
    }
    cases
}

#[test]
fn the_same_request_is_about_something_else_in_another_variant() {
    let (one, other) = (drawn(false, 1), drawn(true, 1));
    let both = |&(one, other): &(&(u32, i32), &(u32, i32))| one.1 < i32::MAX && other.1 < i32::MAX;
    let pairs: Vec<_> = one.iter().zip(&other).filter(both).collect();
    assert!(pairs.len() > 500, "only {} requests came through in both", pairs.len());
    assert!(pairs.iter().all(|(one, other)| one == other));
    assert_ne!(one, drawn(false, 2), "the seed makes no difference");
    for least in -10..=10 {
        assert!(one.iter().any(|&(_, amount)| amount == least), "{least} is never drawn");
    }
    assert!(one.iter().all(|&(key, amount)| key < 5 && (-10..=10).contains(&amount) || amount == i32::MAX));
}

#[test]
fn a_number_that_does_not_fit_turns_its_sign() {
    let mut shop = Shop::new(1);
    let large = number(i64::from(i32::MAX)).with(Operator::Times, number(i64::MAX));
    let flow = Flow::new().assign(shop.amount, large.clone());
    let flow = flow.measure(shop.seen, field(shop.amount));
    let small = number(0).with(Operator::Minus, large);
    let flow = flow.assign(shop.amount, small).measure(shop.seen, field(shop.amount));
    shop.plan.handler(shop.shop, shop.ask, flow);
    shop.numbered([0]);
    assert_eq!(shop.run().measured_at(ServiceId(0)), [i32::MAX, i32::MIN]);
}

/// A shop sends an invoice 5 s later, crashes at 2 s, and its link to billing is cut from 4 s to `mended`. When the
/// invoices arrive.
fn invoices(mended: u64) -> (Ran, ServiceId) {
    let mut shop = Shop::new(1);
    let billing = shop.service("billing");
    let [invoice, hello] = ["invoice", "hello"].map(|name| shop.plan.message_type(name));
    let to = Target::Service(billing);
    let later = Sending { after: Some(always(5000)), ..sending(to, invoice, MessageKind::Command) };
    let flow = Flow::new().send_with(later).send(to, hello);
    shop.plan.handler(shop.shop, shop.ask, flow);
    let notes = shop.notes();
    shop.plan.handler(billing, invoice, notes);
    shop.plan.handler(billing, hello, Flow::new());
    let (one, other) = (Place::Service(shop.shop), Place::Service(billing));
    shop.plan.fault(seconds(2), Act::Crash { place: one });
    shop.plan.fault(seconds(4), Act::Cut { one, other });
    shop.plan.fault(Time::ZERO + millis(mended), Act::Mend { one, other });
    shop.numbered([0]);
    (shop.run(), billing)
}

#[test]
fn what_is_sent_later_holds_up_what_is_sent_now_or_ends_with_its_sender() {
    let (ran, billing) = invoices(4500);
    assert_eq!(ran.measured_at(billing), [1], "the crash has stopped it");
    let taken: Vec<u64> = ran
        .records
        .iter()
        .filter(|record| record.place == Place::Service(billing) && record.kind == RecordKind::Delivered)
        .map(|record| record.time.nanos() / 1_000_000)
        .collect();
    assert_eq!(taken, [2, 5002]);
    assert_eq!(ran.count(|kind| *kind == RecordKind::OutOfOrder), 0, "it was meant to come later");
    let (ran, billing) = invoices(5500);
    assert_eq!(ran.measured_at(billing), [], "the network is judged when it leaves");
    assert_eq!(ran.world.ledger().lost_to(LossReason::Partition), 1);
}

#[test]
fn who_is_left_alone_goes_on_working() {
    let mut shop = Shop::new(1);
    let abandoned = || term(Term::Abandoned);
    let flow = Flow::new().measure(shop.seen, abandoned()).work_for(always(1000));
    let flow = flow.measure(shop.seen, abandoned()).reply();
    let helper = shop.service("helper");
    shop.plan.handler(helper, shop.ask, flow.clone());
    let flow = flow.work_for(always(1000)).measure(shop.seen, abandoned());
    shop.plan.handler(shop.shop, shop.ask, flow.call(helper, shop.ask, Some(millis(500)), true));
    let patient = shop.client("patient", [0]);
    let hasty = Client { patience: Some(always(100)), ..shop.client("hasty", [20_000]) };
    shop.plan.client(patient);
    shop.plan.client(hasty);
    let ran = shop.run();
    assert_eq!(ran.measured_at(ServiceId(0)), [0, 0, 0, 0, 1, 1], "a customer");
    assert_eq!(ran.measured_at(helper), [0, 1, 0, 1], "a caller, who waits half a second");
}
