//! Effects that came about twice.

use analysis::{Root, Why};
use channel::Value;
use topology::{
    Act, Cell, ChannelId, Expression, Flow, Jitter, Link, Operator, Place, Promise, Retry, Scope, ServiceId,
    Target, Term,
};

use super::{Planted, Run, at, constant, crash_of, millis, says, text_of};

const PAYMENT: ServiceId = ServiceId(1);
const QUEUE: ChannelId = ChannelId(0);

/// Charges wait in a channel of this kind for payment, which works so long on each.
fn charges(kind: &'static str, values: &[(&str, Value)], work: u64, fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    let payment = planted.service("payment", 2, work);
    let queue = planted.channel("charges", kind, values);
    assert_eq!((payment, queue), (PAYMENT, QUEUE));
    let charge = planted.plan.message_type("charge");
    let paid = planted.plan.fact("paid");
    planted.client(&[1000], charge, Target::Channel(queue));
    planted.handle(payment, charge, Flow::new().work().set(paid));
    let twice = Expression::compare(Term::Fact(paid), Operator::Above, 1);
    planted.promise(Promise::Never(twice));
    fault(&mut planted);
    planted.run()
}

#[test]
fn two_naive_pollers_are_not_named() {
    let naive = [("claim", Value::Choice(0)), ("poll_interval", Value::Span(millis(100)))];
    let run = charges("jobs-table", &naive, 700, |planted| {
        let second = planted.service("second", 2, 700);
        let (charge, paid) = (planted.plan.message_type("charge"), planted.plan.fact("paid"));
        planted.handle(second, charge, Flow::new().work().set(paid));
        planted.crash(second, 100, 300);
        planted.distract(900, 2500);
    });
    for why in [run.twice(0, "paid"), run.broken()] {
        assert_eq!(why.root, Root::Channel(QUEUE));
        says(&why, &["charges is a jobs-table channel", "two can take the same row"]);
    }
}

#[test]
fn a_visibility_timeout_shorter_than_the_work_is_not_named() {
    let short = [("visibility_timeout", Value::Span(millis(1000)))];
    let run = charges("sqs", &short, 1500, |planted| {
        planted.crash(PAYMENT, 100, 400);
        planted.distract(900, 3500);
    });
    let why = run.twice(0, "paid");
    assert_eq!(why.root, Root::Channel(QUEUE));
    says(&why, &["not acknowledged within 1 s", "charges is an sqs channel"]);
}

#[test]
fn a_service_that_became_slow_is_not_named() {
    let long = [("visibility_timeout", Value::Span(millis(1000)))];
    let run = charges("sqs", &long, 500, |planted| {
        planted.slow(PAYMENT, 900, 3.0);
        planted.distract(800, 3500);
    });
    let why = run.twice(0, "paid");
    assert_eq!(why.root, Root::Act(Act::Slow { service: PAYMENT, factor: 3.0 }));
    says(&why, &["payment became 3 times as slow at 0.900 s", "not acknowledged within 1 s"]);
}

#[test]
fn a_crash_after_the_work_is_not_named() {
    // It is paid at 1520 ms, and the crash comes before the acknowledgement.
    let mut planted = Planted::new();
    let payment = planted.service("payment", 2, 500);
    let queue = planted.channel("charges", "rabbitmq-quorum", &[]);
    let charge = planted.plan.message_type("charge");
    let paid = planted.plan.fact("paid");
    planted.client(&[1000], charge, Target::Channel(queue));
    planted.handle(payment, charge, Flow::new().work().set(paid).work_for(constant(300)));
    planted.crash(payment, 1600, 2000);
    planted.distract(1000, 3500);
    let why = planted.run().twice(0, "paid");
    assert_eq!(why.root, crash_of(payment));
    says(&why, &["payment crashed at 1.600 s", "comes back when it is gone"]);
}

#[test]
fn a_doubled_message_is_put_down_to_a_crash() {
    let run = charges("redis-pubsub", &[], 50, |planted| {
        let doubling = Link { duplication: 1.0, ..Link::with_latency(constant(10)) };
        planted.plan.link(Place::Channel(QUEUE), Place::Service(PAYMENT), doubling);
        planted.crash(PAYMENT, 100, 400);
        planted.distract(900, 3500);
    });
    let why = run.twice(0, "paid");
    let Root::Link(route) = why.root else { panic!("{why:#?}") };
    assert_eq!(run.plan.routes[route.index()].to, Place::Service(PAYMENT));
    says(&why, &["the network between charges and payment doubles 100 % of the messages"]);
}

#[test]
fn an_acknowledgement_lost_on_the_way_is_not_named() {
    let run = charges("rabbitmq-quorum", &[("heartbeat", Value::Span(millis(500)))], 50, |planted| {
        // The delivery arrives at 1020 ms; the acknowledgement leaves at 1070 ms into a network that is cut.
        let (one, other) = (Place::Service(PAYMENT), Place::Channel(QUEUE));
        planted.plan.fault(at(1040), Act::Cut { one, other });
        planted.plan.fault(at(1300), Act::Mend { one, other });
        planted.distract(900, 3500);
    });
    let why = run.twice(0, "paid");
    let cut = Act::Cut { one: Place::Service(PAYMENT), other: Place::Channel(QUEUE) };
    assert_eq!(why.root, Root::Act(cut));
}

/// A gateway asks payment to charge, and asks again when it has waited for 200 ms.
fn gateway(work: u64, fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    let payment = planted.service("payment", 4, work);
    let gateway = planted.service("gateway", 4, 5);
    let [order, charge] = ["order", "charge"].map(|name| planted.plan.message_type(name));
    let paid = planted.plan.fact("paid");
    planted.client(&[1000], order, Target::Service(gateway));
    let policy = Retry {
        attempts: Some(3),
        pause: millis(50),
        growth: 1.0,
        longest: millis(50),
        jitter: Jitter::None,
        budget: None,
    };
    let ask = Flow::new().call(payment, charge, Some(millis(200)), false);
    planted.handle(gateway, order, Flow::new().retry(policy, ask).reply());
    planted.handle(payment, charge, Flow::new().work().set(paid));
    fault(&mut planted);
    planted.run()
}

#[test]
fn a_retry_after_a_timeout_that_was_too_short_is_not_named() {
    let run = gateway(250, |planted| planted.distract(900, 3000));
    let why = run.twice(0, "paid");
    let order = run.plan.types.iter().position(|it| it.name == "order").unwrap() as u16;
    assert_eq!(why.root, Root::Timeout(ServiceId(2), topology::TypeId(order)));
    says(&why, &["gateway waits 200 ms for the answer", "payment works 190 ms on charge"]);
}

#[test]
fn a_retry_because_of_a_slow_service_is_put_down_to_the_timeout() {
    let run = gateway(100, |planted| {
        planted.slow(PAYMENT, 900, 2.5);
        planted.distract(900, 3000);
    });
    let why = run.twice(0, "paid");
    assert_eq!(why.root, Root::Act(Act::Slow { service: PAYMENT, factor: 2.5 }));
    says(&why, &["gateway waits 200 ms for the answer"]);
}

#[test]
fn an_answer_that_was_lost_is_put_down_to_slow_work() {
    let run = gateway(100, |planted| {
        // The charge arrives at 1020 ms, and the answer leaves at 1120 ms.
        let (one, other) = (Place::Service(PAYMENT), Place::Service(ServiceId(2)));
        planted.plan.fault(at(1100), Act::Cut { one, other });
        planted.plan.fault(at(1150), Act::Mend { one, other });
        planted.slow(PAYMENT, 5000, 3.0);
        planted.distract(900, 3000);
    });
    let why = run.twice(0, "paid");
    let cut = Act::Cut { one: Place::Service(PAYMENT), other: Place::Service(ServiceId(2)) };
    assert_eq!(why.root, Root::Act(cut));
}

#[test]
fn a_handler_that_does_it_twice_is_put_down_to_a_redelivery() {
    let mut planted = Planted::new();
    let payment = planted.service("payment", 1, 50);
    let queue = planted.channel("charges", "rabbitmq-quorum", &[]);
    let charge = planted.plan.message_type("charge");
    let paid = planted.plan.fact("paid");
    planted.client(&[1000], charge, Target::Channel(queue));
    planted.handle(payment, charge, Flow::new().work().set(paid).work().set(paid));
    planted.crash(payment, 3000, 4000);
    assert_eq!(planted.run().twice(0, "paid").root, Root::Handler(payment, charge));
}

#[test]
fn two_subscribers_that_both_act_are_put_down_to_the_network() {
    let mut planted = Planted::new();
    let (one, other) = (planted.service("one", 1, 50), planted.service("other", 1, 60));
    let topic = planted.channel("news", "redis-pubsub", &[]);
    let event = planted.plan.message_type("event");
    let paid = planted.plan.fact("paid");
    planted.client(&[1000], event, Target::Channel(topic));
    planted.handle(one, event, Flow::new().work().set(paid));
    planted.handle(other, event, Flow::new().work().set(paid));
    planted.distract(900, 2000);
    let why = planted.run().twice(0, "paid");
    assert_eq!(why.root, Root::Channel(topic));
    assert!(text_of(&why).contains("one and other both act"), "{}", text_of(&why));
}

#[test]
fn two_handlers_that_overwrite_each_other_are_not_named() {
    let mut planted = Planted::new();
    let accounts = planted.service("accounts", 2, 50);
    let deposit = planted.plan.message_type("deposit");
    let deposited = planted.plan.fact("deposited");
    let (read, per) = (planted.plan.field("read"), Scope::Service);
    let (name, service) = ("balance".into(), accounts);
    let balance = planted.plan.cell(Cell { name, service, per, kept: true, lasts: None, starts: 0 });
    planted.client(&[1000, 1020], deposit, Target::Service(accounts));
    let plus = Expression::Term(Term::Field(read)).with(Operator::Plus, Expression::Number(1));
    let flow = Flow::new().assign(read, Expression::Term(Term::Cell(balance))).work().store(balance, plus);
    planted.handle(accounts, deposit, flow.set(deposited).reply());
    let sides = (Expression::Term(Term::Cell(balance)), Expression::holds(deposited));
    planted.promise(Promise::Total(sides.0.with(Operator::Equal, sides.1)));
    planted.distract(900, 2000);
    let why = planted.run().broken();
    assert_eq!(why.root, Root::Handler(accounts, deposit));
    says(&why, &["reads balance before its work and writes it after"]);
}

/// That an order is done is kept for a while. The handler looks for it after something, and then does something else.
fn kept_for(lasts: u64, first: Flow, then: Flow) -> Why {
    let mut planted = Planted::new();
    let payment = planted.service("payment", 2, 1500);
    let short = [("visibility_timeout", Value::Span(millis(1000)))];
    let queue = planted.channel("charges", "sqs", &short);
    let charge = planted.plan.message_type("charge");
    let paid = planted.plan.fact("paid");
    let lasts = Some(millis(lasts));
    let (name, per) = ("done".into(), Scope::Case);
    let done = planted.plan.cell(Cell { name, service: payment, per, kept: true, lasts, starts: 0 });
    planted.client(&[1000], charge, Target::Channel(queue));
    let pays = then.store(done, Expression::Number(1)).set(paid);
    let looks = first.if_true(Expression::Term(Term::Cell(done)), Flow::new(), pays);
    planted.handle(payment, charge, looks);
    planted.run().twice(0, "paid")
}

#[test]
fn a_key_that_was_forgotten_is_put_down_to_looking_too_early() {
    let why = kept_for(300, Flow::new().work(), Flow::new());
    assert_eq!(why.root, Root::Channel(QUEUE));
    let text = text_of(&why);
    assert!(text.contains("payment remembers done for 300 ms only"), "{text}");
    assert!(!text.contains("looks at done before its work"), "{text}");
}

#[test]
fn looking_too_early_is_put_down_to_a_key_that_was_forgotten() {
    let why = kept_for(60_000, Flow::new(), Flow::new().work());
    assert_eq!(why.root, Root::Channel(QUEUE));
    let text = text_of(&why);
    assert!(text.contains("payment looks at done before its work, and keeps it after"), "{text}");
    assert!(!text.contains("remembers"), "{text}");
}

#[test]
fn a_small_excess_is_told_instead_of_the_great_one_after_it() {
    let mut planted = Planted::new();
    let (gateway, prices) = (planted.service("gateway", 4, 5), planted.service("prices", 4, 250));
    let [open, price] = ["open", "price"].map(|name| planted.plan.message_type(name));
    planted.client(&[1000, 3000], open, Target::Service(gateway));
    let (attempts, pause) = (Some(8), millis(50));
    let policy = Retry { attempts, pause, growth: 1.0, longest: pause, jitter: Jitter::None, budget: None };
    let ask = Flow::new().call(prices, price, Some(millis(400)), false);
    planted.handle(gateway, open, Flow::new().retry(policy, ask).reply());
    planted.handle(prices, price, Flow::new().work());
    // The first asks twice, as a part of what it sends is lost, and the second again and again.
    planted.crash(prices, 900, 1100);
    planted.crash(prices, 2900, 5900);
    let sides = (Expression::Term(Term::Messages), Expression::Term(Term::Requests));
    let twice = Expression::Number(2).with(Operator::Times, sides.1);
    planted.promise(Promise::Total(sides.0.with(Operator::AtMost, twice)));
    let why = planted.run().broken();
    says(&why, &["case 1 has led to 9 messages", "no other of 2 cases makes more of the difference"]);
}
