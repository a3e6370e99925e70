//! Facts that never came about, and messages that were lost.

use analysis::{Question, Root};
use channel::Value;
use topology::{
    Cell, Expression, Flow, Habits, Link, LossReason, Operator, Place, Promise, RecordKind, Scope, Service,
    Target, Term,
};

use super::{Planted, Run, at, constant, crash_of, millis, says, text_of};

/// A shop publishes orders on a channel of this kind, and a mailer and an archive listen.
fn shop(
    kind: &'static str,
    values: &[(&str, Value)],
    times: &[u64],
    fault: impl FnOnce(&mut Planted),
) -> Run {
    let mut planted = Planted::new();
    let shop = planted.service("shop", 4, 5);
    let mailer = planted.service("mailer", 1, 100);
    let archive = planted.service("archive", 1, 10);
    assert_eq!((shop.0, mailer.0, archive.0), (1, 2, 3));
    let topic = planted.channel("orders", kind, values);
    let (place, placed) = (planted.plan.message_type("place"), planted.plan.message_type("placed"));
    let (mailed, archived) = (planted.plan.fact("mailed"), planted.plan.fact("archived"));
    planted.client(times, place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().work().publish(topic, placed).reply());
    planted.handle(mailer, placed, Flow::new().work().set(mailed));
    planted.handle(archive, placed, Flow::new().work().set(archived));
    planted.promise(Promise::Within { span: millis(3000), reach: vec![mailed] });
    fault(&mut planted);
    planted.run()
}

const MAILER: topology::ServiceId = topology::ServiceId(2);
const ARCHIVE: topology::ServiceId = topology::ServiceId(3);
const SHOP: topology::ServiceId = topology::ServiceId(1);
const ORDERS: Place = Place::Channel(topology::ChannelId(0));

#[test]
fn the_crash_of_another_subscriber_is_named() {
    let run = shop("redis-pubsub", &[], &[500, 1500], |planted| {
        planted.crash(MAILER, 1000, 2000);
        planted.crash(ARCHIVE, 1200, 1900);
        planted.distract(1300, 2000);
    });
    let why = run.missing(1, "mailed");
    assert_eq!(why.root, crash_of(MAILER));
    says(&why, &["case 1 is never mailed", "mailer crashed at 1.000 s", "orders is a redis-pubsub channel"]);
    assert_eq!(run.missing(1, "archived").root, crash_of(ARCHIVE));
    assert_eq!(run.broken().root, crash_of(MAILER));
}

#[test]
fn an_earlier_crash_of_the_same_subscriber_is_named() {
    let run = shop("redis-pubsub", &[], &[2500], |planted| {
        planted.crash(MAILER, 500, 900);
        planted.crash(MAILER, 2000, 3000);
        planted.crash(MAILER, 5000, 6000);
    });
    let why = run.missing(0, "mailed");
    assert_eq!(why.root, crash_of(MAILER));
    says(&why, &["mailer crashed at 2.000 s"]);
}

#[test]
fn a_loss_by_the_network_is_put_down_to_a_crash() {
    let run = shop("redis-pubsub", &[], &[1500], |planted| {
        let lossy = Link { loss: 1.0, ..Link::with_latency(constant(10)) };
        planted.plan.link(ORDERS, Place::Service(MAILER), lossy);
        planted.crash(MAILER, 200, 900);
        planted.distract(1400, 2000);
    });
    let why = run.missing(0, "mailed");
    let Root::Link(route) = why.root else { panic!("{why:#?}") };
    let route = &run.plan.routes[route.index()];
    assert_eq!((route.from, route.to), (ORDERS, Place::Service(MAILER)));
    says(&why, &["the network between orders and mailer loses 100 % of the messages"]);
}

#[test]
fn a_cut_is_put_down_to_the_network_as_it_always_is() {
    let run = shop("redis-pubsub", &[], &[1500], |planted| {
        let lossy = Link { loss: 0.0001, ..Link::with_latency(constant(10)) };
        planted.plan.link(ORDERS, Place::Service(MAILER), lossy);
        let cut = topology::Act::Cut { one: Place::Service(MAILER), other: ORDERS };
        planted.plan.fault(at(1000), cut);
        let other = topology::Act::Cut { one: Place::Service(ARCHIVE), other: ORDERS };
        planted.plan.fault(at(1100), other);
    });
    let cut = topology::Act::Cut { one: Place::Service(MAILER), other: ORDERS };
    assert_eq!(run.missing(0, "mailed").root, Root::Act(cut));
}

#[test]
fn an_acknowledgement_before_the_work_is_not_told() {
    let run = shop("celery", &[], &[1000], |planted| {
        planted.plan.consumers(topology::ChannelId(0), &[MAILER]);
        planted.slow(MAILER, 500, 10.0);
        planted.crash(MAILER, 1500, 3000);
        planted.crash(ARCHIVE, 1400, 3000);
    });
    let why = run.missing(0, "mailed");
    assert_eq!(why.root, crash_of(MAILER));
    says(&why, &["orders is a celery channel", "before the work"]);
    let lost =
        run.records.iter().find(|it| matches!(it.kind, RecordKind::Lost { missed: true, .. })).unwrap();
    assert_eq!(run.why(Question::Lost { message: lost.message }).root, crash_of(MAILER));
}

#[test]
fn the_crash_of_the_broker_is_put_down_to_its_consumer() {
    let run = shop("redis-pubsub", &[], &[1500], |planted| {
        planted.plan.fault(at(1000), topology::Act::Crash { place: ORDERS });
        planted.crash(MAILER, 300, 600);
        planted.distract(1000, 2000);
    });
    assert_eq!(run.missing(0, "mailed").root, Root::Act(topology::Act::Crash { place: ORDERS }));
}

#[test]
fn a_queue_that_is_not_kept_on_disk_is_not_told() {
    let values = [("durable", Value::Flag(false))];
    let run = shop("rabbitmq-classic", &values, &[1500], |planted| {
        planted.plan.consumers(topology::ChannelId(0), &[MAILER]);
        planted.crash(MAILER, 1000, 4000);
        planted.plan.fault(at(2000), topology::Act::Crash { place: ORDERS });
        planted.plan.fault(at(3000), topology::Act::Restart { place: ORDERS });
    });
    let why = run.missing(0, "mailed");
    assert_eq!(why.root, Root::Act(topology::Act::Crash { place: ORDERS }));
    says(&why, &["orders is a rabbitmq-classic channel: it comes back empty from a crash"]);
}

#[test]
fn a_backlog_is_put_down_to_a_crash_that_was_over_long_before() {
    // One request each 50 ms for one worker that takes 100 ms: the crash at 200 ms has nothing to do with it.
    let times: Vec<u64> = (0..200).map(|number| 3000 + number * 50).collect();
    let run = shop("rabbitmq-quorum", &[], &times, |planted| {
        planted.plan.consumers(topology::ChannelId(0), &[MAILER]);
        planted.crash(MAILER, 200, 500);
    });
    let why = run.broken();
    assert_eq!(why.root, Root::Service(MAILER));
    says(&why, &["mailer has 1 worker"]);
}

#[test]
fn a_backlog_after_a_crash_is_put_down_to_too_few_workers() {
    // It has time for each while it is up, and is behind only because it was down.
    let times: Vec<u64> = (0..80).map(|number| 1000 + number * 105).collect();
    let run = shop("rabbitmq-quorum", &[], &times, |planted| {
        planted.plan.consumers(topology::ChannelId(0), &[MAILER]);
        planted.crash(MAILER, 1500, 6000);
        planted.crash(ARCHIVE, 1400, 6100);
    });
    assert_eq!(run.broken().root, crash_of(MAILER));
}

#[test]
fn a_slow_consumer_is_put_down_to_the_crash_of_another() {
    let times: Vec<u64> = (0..60).map(|number| 1000 + number * 200).collect();
    let run = shop("rabbitmq-quorum", &[], &times, |planted| {
        planted.plan.consumers(topology::ChannelId(0), &[MAILER]);
        planted.slow(MAILER, 2000, 20.0);
        planted.crash(ARCHIVE, 1900, 9000);
    });
    assert_eq!(run.broken().root, Root::Act(topology::Act::Slow { service: MAILER, factor: 20.0 }));
}

#[test]
fn a_consumer_that_took_what_another_needs_is_not_named() {
    let run = shop("rabbitmq-quorum", &[], &[1000, 1100], |planted| planted.crash(MAILER, 3000, 4000));
    let case = u32::from(!run.records.iter().any(|it| it.case == 0 && it.place == Place::Service(ARCHIVE)));
    let why = run.missing(case, "mailed");
    assert_eq!(why.root, Root::Channel(topology::ChannelId(0)));
    says(&why, &["archive got this one instead of mailer"]);
}

#[test]
fn a_message_that_nobody_can_do_is_not_seen_in_front_of_the_others() {
    let mut planted = Planted::new();
    let clerk = planted.service("clerk", 1, 50);
    let queue = planted.channel("invoices", "rabbitmq-classic", &[("prefetch", Value::Count(1))]);
    let (book, bad) = (planted.plan.message_type("book"), planted.plan.message_type("book_unreadable"));
    let booked = planted.plan.fact("booked");
    planted.client(&[100, 2000, 2100], book, Target::Channel(queue));
    planted.client(&[1000], bad, Target::Channel(queue));
    planted.handle(clerk, book, Flow::new().work().set(booked));
    planted.handle(clerk, bad, Flow::new().work().fail());
    planted.distract(900, 2500);
    let run = planted.run();
    let last = run.records.iter().rev().find(|it| matches!(it.kind, RecordKind::CaseStarted { .. }));
    let case = last.unwrap().case;
    let why = run.missing(case, "booked");
    assert_eq!(why.root, Root::Handler(clerk, bad));
    assert!(text_of(&why).contains("book_unreadable of case 1"), "{}", text_of(&why));
    // Its own customer never asked for a booking, so that nobody waited for one to be sent.
    let own = run.missing(1, "booked");
    assert_eq!(own.root, Root::Handler(clerk, bad));
    assert!(!text_of(&own).contains("never sent"), "{}", text_of(&own));
}

/// A coordinator asks payment and then shipping, and crashes between the two.
fn saga(durable: bool, fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    let coordinator = planted.service("coordinator", 2, 5);
    let payment = planted.service("payment", 2, 50);
    let shipping = planted.service("shipping", 2, 400);
    let [place, charge, ship] = ["place", "charge", "ship"].map(|name| planted.plan.message_type(name));
    let (paid, shipped) = (planted.plan.fact("paid"), planted.plan.fact("shipped"));
    planted.client(&[1000], place, Target::Service(coordinator));
    let flow = Flow::new()
        .call(payment, charge, None, false)
        .work_for(constant(200))
        .call(shipping, ship, None, false);
    planted.plan.handler_with(coordinator, place, Habits { durable, ..Habits::default() }, flow.reply());
    planted.handle(payment, charge, Flow::new().work().set(paid));
    planted.handle(shipping, ship, Flow::new().work().set(shipped));
    fault(&mut planted);
    planted.run()
}

#[test]
fn a_coordinator_that_forgets_is_not_named() {
    let run = saga(false, |planted| {
        planted.crash(topology::ServiceId(1), 1200, 2000);
        planted.crash(topology::ServiceId(2), 1150, 2000);
        planted.crash(topology::ServiceId(3), 1250, 2000);
    });
    let why = run.missing(0, "shipped");
    assert_eq!(why.root, crash_of(topology::ServiceId(1)));
    says(&why, &["coordinator crashed at 1.200 s", "is not kept"]);
}

#[test]
fn a_coordinator_that_remembers_is_blamed_for_the_crash_of_another() {
    // It goes on where it was at 2 s, and finds shipping down.
    let run = saga(true, |planted| {
        planted.crash(topology::ServiceId(1), 1200, 2000);
        planted.crash(topology::ServiceId(3), 1900, 20_000);
    });
    assert_eq!(run.missing(0, "shipped").root, crash_of(topology::ServiceId(3)));
}

#[test]
fn a_join_whose_partner_never_comes_is_not_traced_to_it() {
    let mut planted = Planted::new();
    let [shop, packing, payment] = ["shop", "packing", "payment"].map(|name| planted.service(name, 2, 20));
    let [place, charge, pack, paid] =
        ["place", "charge", "pack", "paid_for"].map(|name| planted.plan.message_type(name));
    let packed = planted.plan.fact("packed");
    let cell = planted.plan.cell(Cell {
        name: "money_came".into(),
        service: packing,
        per: Scope::Case,
        kept: true,
        lasts: None,
        starts: 0,
    });
    planted.client(&[1000], place, Target::Service(shop));
    planted.handle(
        shop,
        place,
        Flow::new().send(Target::Service(payment), charge).send(Target::Service(packing), pack),
    );
    planted.handle(payment, charge, Flow::new().work_for(constant(500)).send(Target::Service(packing), paid));
    planted.handle(packing, paid, Flow::new().store(cell, Expression::Number(1)));
    let condition = Expression::Term(Term::Cell(cell));
    planted.handle(packing, pack, Flow::new().wait(condition, None, None).set(packed));
    planted.crash(payment, 1300, 2000);
    planted.crash(shop, 1300, 2000);
    planted.distract(1000, 2000);
    let run = planted.run();
    let why = run.missing(0, "packed");
    assert_eq!(why.root, crash_of(payment));
    assert!(text_of(&why).contains("packing waits until money_came"), "{}", text_of(&why));
}

#[test]
fn a_schema_that_nobody_reads_is_not_named() {
    let mut planted = Planted::new();
    let (shop, billing) = (planted.service("shop", 2, 5), planted.service("billing", 2, 5));
    let queue = planted.channel("orders", "rabbitmq-quorum", &[]);
    let [place, placed] = ["place", "placed"].map(|name| planted.plan.message_type(name));
    let (billed, schema) = (planted.plan.fact("billed"), planted.plan.field("schema"));
    planted.client(&[1000], place, Target::Service(shop));
    let (kind, after) = (topology::MessageKind::Event, None);
    let with = vec![(schema, Expression::Number(2))];
    let sending = topology::Sending { to: Target::Channel(queue), message_type: placed, kind, after, with };
    planted.handle(shop, place, Flow::new().send_with(sending).reply());
    let habits = Habits { reads: Some((1, 1)), ..Habits::default() };
    planted.plan.handler_with(billing, placed, habits, Flow::new().work().set(billed));
    planted.distract(900, 2000);
    let run = planted.run();
    let why = run.missing(0, "billed");
    assert_eq!(why.root, Root::Handler(billing, placed));
    says(&why, &["billing reads only version 1 of placed"]);
    assert!(text_of(&why).contains("shop sent version 2 of placed"), "{}", text_of(&why));
}

#[test]
fn a_branch_by_chance_is_put_down_to_a_crash() {
    let mut planted = Planted::new();
    let shop = planted.service("shop", 2, 5);
    let place = planted.plan.message_type("place");
    let gift = planted.plan.fact("gift");
    planted.client(&[1000], place, Target::Service(shop));
    planted.handle(
        shop,
        place,
        Flow::new().work().if_chance(0.0, Flow::new().set(gift), Flow::new()).reply(),
    );
    planted.crash(shop, 1500, 1600);
    assert_eq!(planted.run().missing(0, "gift").root, Root::Handler(shop, place));
}

#[test]
fn the_case_that_makes_the_difference_is_another() {
    let mut planted = Planted::new();
    let (shop, payment) = (planted.service("shop", 2, 5), planted.service("payment", 2, 5));
    let [place, charge] = ["place", "charge"].map(|name| planted.plan.message_type(name));
    let (accepted, paid) = (planted.plan.fact("accepted"), planted.plan.fact("paid"));
    planted.client(&[1000, 2000, 2100, 4000], place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().set(accepted).send(Target::Service(payment), charge).reply());
    planted.handle(payment, charge, Flow::new().work().set(paid));
    let total = Expression::holds(paid).with(Operator::Equal, Expression::holds(accepted));
    planted.promise(Promise::Total(total));
    planted.crash(payment, 1500, 3000);
    planted.crash(shop, 1400, 1450);
    let why = planted.run().broken();
    assert_eq!(why.root, crash_of(payment));
    says(&why, &["case 1 is not paid", "the first of 2 cases that make the difference"]);
}

#[test]
fn what_is_lost_on_a_channel_is_put_down_to_another_channel() {
    let mut planted = Planted::new();
    let shop = planted.plan.service(Service { inbox: Some(1), ..Service::named("shop").work(constant(5)) });
    let mailer = planted.service("mailer", 1, 10);
    let topic = planted.channel("news", "redis-pubsub", &[]);
    let [place, placed] = ["place", "placed"].map(|name| planted.plan.message_type(name));
    let mailed = planted.plan.fact("mailed");
    planted.client(&[1000, 3000], place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().publish(topic, placed).reply());
    planted.handle(mailer, placed, Flow::new().work().set(mailed));
    planted.promise(Promise::Lossless(Place::Channel(topic)));
    planted.crash(shop, 1500, 1600);
    planted.crash(mailer, 2500, 3500);
    let run = planted.run();
    let why = run.broken();
    assert_eq!(why.root, crash_of(mailer));
    says(&why, &["placed of case 1 was lost"]);
    let reasons = run.records.iter().filter(|it| {
        matches!(
            it.kind,
            RecordKind::Lost { reason: LossReason::ReceiverDown | LossReason::SubscriberAway, .. }
        )
    });
    assert_eq!(reasons.count(), 1);
    assert_eq!(SHOP, shop);
}

/// Payment is charged; shipping fails; the money is to be given back.
fn compensated(fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    let [shop, payment, bank] = ["shop", "payment", "bank"].map(|name| planted.service(name, 2, 50));
    let [place, charge, ship, refund] =
        ["place", "charge", "ship", "refund"].map(|it| planted.plan.message_type(it));
    let [paid, shipped, refunded] = ["paid", "shipped", "refunded"].map(|it| planted.plan.fact(it));
    planted.client(&[1000], place, Target::Service(shop));
    let back = Flow::new().send(Target::Service(bank), refund);
    let flow = Flow::new().call(payment, charge, None, false).undo(back).call(bank, ship, None, false);
    planted.handle(shop, place, flow.set(shipped).reply());
    planted.handle(payment, charge, Flow::new().work().set(paid));
    planted.handle(bank, ship, Flow::new().fail());
    planted.handle(bank, refund, Flow::new().work().set(refunded));
    let either = Expression::holds(shipped).with(Operator::Or, Expression::holds(refunded));
    planted.promise(Promise::Finally(Expression::holds(paid).with(Operator::Implies, either)));
    fault(&mut planted);
    planted.run()
}

#[test]
fn a_compensation_that_was_lost_is_put_down_to_what_it_was_for() {
    let run = compensated(|planted| {
        // It has refused to ship at 1090 ms, and is down when the refund comes.
        planted.crash(topology::ServiceId(3), 1095, 3000);
        planted.crash(topology::ServiceId(2), 1085, 3000);
        planted.distract(900, 3000);
    });
    let why = run.broken();
    assert_eq!(why.root, crash_of(topology::ServiceId(3)));
    says(&why, &["case 0 is not refunded"]);
}

#[test]
fn a_message_put_aside_is_not_traced_to_what_its_handler_asked() {
    let mut planted = Planted::new();
    let [clerk, bank, spare] = ["clerk", "bank", "spare"].map(|name| planted.service(name, 1, 20));
    let limit = [("delivery_limit", Value::Count(2))];
    let queue = planted.channel("invoices", "rabbitmq-quorum", &limit);
    let [book, transfer] = ["book", "transfer"].map(|name| planted.plan.message_type(name));
    let booked = planted.plan.fact("booked");
    planted.client(&[1000], book, Target::Channel(queue));
    planted.handle(clerk, book, Flow::new().call(bank, transfer, Some(millis(100)), false).set(booked));
    planted.handle(bank, transfer, Flow::new().work());
    planted.promise(Promise::Lossless(Place::Channel(queue)));
    planted.slow(bank, 900, 30.0);
    planted.crash(spare, 900, 2000);
    planted.distract(900, 3000);
    let run = planted.run();
    let why = run.broken();
    assert_eq!(why.root, Root::Act(topology::Act::Slow { service: bank, factor: 30.0 }));
    says(&why, &["book of case 0 was put aside at invoices", "at most 3 times"]);
    assert_eq!(run.missing(0, "booked").root, why.root);
}

#[test]
fn a_deadline_is_put_down_to_the_step_that_was_fast() {
    let mut planted = Planted::new();
    let [shop, stock, payment] = ["shop", "stock", "payment"].map(|name| planted.service(name, 2, 50));
    let [place, reserve, charge] = ["place", "reserve", "charge"].map(|it| planted.plan.message_type(it));
    let done = planted.plan.fact("done");
    planted.client(&[1000], place, Target::Service(shop));
    let both = Flow::new().call(stock, reserve, None, false).call(payment, charge, None, false).set(done);
    planted.handle(shop, place, Flow::new().deadline(constant(500), both, None).reply());
    planted.handle(stock, reserve, Flow::new().work());
    planted.handle(payment, charge, Flow::new().work());
    planted.slow(payment, 900, 40.0);
    planted.slow(stock, 900, 2.0);
    planted.distract(900, 3000);
    let run = planted.run();
    let slow = Root::Act(topology::Act::Slow { service: payment, factor: 40.0 });
    assert_eq!(run.missing(0, "done").root, slow);
    assert_eq!(run.refused(0).root, slow);
}

#[test]
fn a_compensation_that_was_refused_counts_as_done() {
    let mut planted = Planted::new();
    let [shop, payment, bank] = ["shop", "payment", "bank"].map(|name| planted.service(name, 2, 50));
    let [place, charge, refund] = ["place", "charge", "refund"].map(|it| planted.plan.message_type(it));
    let refunded = planted.plan.fact("refunded");
    planted.client(&[1000], place, Target::Service(shop));
    let back = Flow::new().call(bank, refund, None, false);
    planted.handle(shop, place, Flow::new().call(payment, charge, None, false).undo(back).fail());
    planted.handle(payment, charge, Flow::new().work());
    let by_chance = Flow::new().if_chance(1.0, Flow::new().fail(), Flow::new().set(refunded));
    planted.handle(bank, refund, by_chance);
    let why = planted.run().missing(0, "refunded");
    assert_eq!(why.root, Root::Handler(bank, refund));
    let text = text_of(&why);
    assert!(text.contains("bank gives up on refund without setting refunded"), "{text}");
    says(&why, &["shop does not ask for refund again"]);
}
