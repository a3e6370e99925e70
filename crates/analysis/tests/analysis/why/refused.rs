//! Customers who were refused, or lost patience.

use analysis::Root;
use topology::{Act, Client, ClientId, Flow, Habits, Jitter, Place, Retry, Service, ServiceId, Target};

use super::{Planted, Run, at, constant, crash_of, millis, says, text_of};

const SHOP: ServiceId = ServiceId(1);
const PAYMENT: ServiceId = ServiceId(2);
const STOCK: ServiceId = ServiceId(3);

/// A shop asks payment and then stock, and waits for each 300 ms at most.
fn chain(times: &[u64], patience: Option<u64>, fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    planted.service("shop", 30, 5);
    planted.service("payment", 2, 50);
    planted.service("stock", 2, 50);
    let [place, charge, reserve] = ["place", "charge", "reserve"].map(|name| planted.plan.message_type(name));
    let arrivals = topology::Arrivals::Times { at: times.iter().copied().map(millis).collect() };
    let client = Client::named("shopper", arrivals, place, Target::Service(SHOP));
    planted.plan.client(Client { patience: patience.map(constant), ..client });
    let wait = Some(millis(300));
    planted.handle(
        SHOP,
        place,
        Flow::new().call(PAYMENT, charge, wait, false).call(STOCK, reserve, wait, false),
    );
    planted.handle(PAYMENT, charge, Flow::new().work());
    planted.handle(STOCK, reserve, Flow::new().work());
    fault(&mut planted);
    planted.run()
}

#[test]
fn the_service_that_was_down_is_not_the_one_named() {
    let run = chain(&[1000], None, |planted| {
        planted.crash(STOCK, 900, 2000);
        // Payment has answered when it crashes.
        planted.crash(PAYMENT, 1095, 2000);
        planted.distract(900, 2000);
    });
    let why = run.refused(0);
    assert_eq!(why.root, crash_of(STOCK));
    says(&why, &["customer 0 of shopper was refused", "stock crashed at 0.900 s"]);
}

#[test]
fn a_durable_handler_that_goes_on_later_hides_the_crash_that_refused_its_customer() {
    let mut planted = Planted::new();
    planted.service("shop", 4, 500);
    let place = planted.plan.message_type("place");
    let arrivals = topology::Arrivals::Times { at: vec![millis(1000)] };
    planted.plan.client(Client::named("shopper", arrivals, place, Target::Service(SHOP)));
    let durable = Habits { durable: true, ..Habits::default() };
    planted.plan.handler_with(SHOP, place, durable, Flow::new().work().reply());
    planted.crash(SHOP, 1200, 2000);
    let why = planted.run().refused(0);
    assert_eq!(why.root, crash_of(SHOP));
    says(&why, &["customer 0 of shopper was refused", "shop crashed at 1.200 s"]);
}

#[test]
fn a_slow_service_behind_a_timeout_is_not_named() {
    let run = chain(&[1000], None, |planted| {
        planted.slow(PAYMENT, 500, 20.0);
        planted.slow(STOCK, 400, 30.0);
        planted.crash(STOCK, 2000, 3000);
    });
    let why = run.refused(0);
    assert_eq!(why.root, Root::Act(Act::Slow { service: PAYMENT, factor: 20.0 }));
    assert!(text_of(&why).contains("shop has waited too long for an answer"), "{}", text_of(&why));
}

#[test]
fn a_queue_in_front_of_a_service_is_put_down_to_the_timeout() {
    // Twenty at once, for two workers that take 50 ms: the last would wait for half a second.
    let run = chain(&[1000; 20], None, |planted| planted.distract(900, 2000));
    let refused = run.records.iter().find(|it| it.kind == topology::RecordKind::CaseRefused).unwrap();
    let why = run.refused(refused.case);
    assert_eq!(why.root, Root::Service(PAYMENT));
    says(&why, &["payment has 2 workers"]);
}

#[test]
fn a_full_inbox_is_put_down_to_a_crash() {
    let mut planted = Planted::new();
    let inbox = Some(1);
    let shop = planted.plan.service(Service { inbox, ..Service::named("shop").work(constant(100)) });
    let place = planted.plan.message_type("place");
    planted.client(&[1000, 1010, 1020, 1030], place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().work());
    planted.crash(shop, 3000, 4000);
    planted.crash(planted.innocent, 900, 2000);
    let why = planted.run().refused(3);
    assert_eq!(why.root, Root::Service(shop));
    says(&why, &["the inbox of shop has room for 1 messages"]);
}

#[test]
fn a_full_inbox_of_a_slow_service_is_put_down_to_its_size() {
    let mut planted = Planted::new();
    let inbox = Some(1);
    let shop = planted.plan.service(Service { inbox, ..Service::named("shop").work(constant(10)) });
    let place = planted.plan.message_type("place");
    planted.client(&[1000, 1010, 1050, 1090], place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().work());
    planted.slow(shop, 500, 30.0);
    planted.distract(900, 2000);
    let why = planted.run().refused(3);
    assert_eq!(why.root, Root::Act(Act::Slow { service: shop, factor: 30.0 }));
}

#[test]
fn a_customer_without_patience_is_put_down_to_a_service() {
    let run = chain(&[1000], Some(40), |planted| {
        planted.crash(PAYMENT, 5000, 6000);
        planted.distract(900, 2000);
    });
    let why = run.refused(0);
    assert_eq!(why.root, Root::Patience(ClientId(0)));
    says(&why, &["customer 0 of shopper gave up", "wait 40 ms"]);
}

#[test]
fn a_customer_who_left_because_of_a_slow_service_is_put_down_to_impatience() {
    let run = chain(&[1000], Some(200), |planted| {
        planted.slow(STOCK, 900, 5.0);
        planted.slow(PAYMENT, 5000, 5.0);
        planted.distract(900, 2000);
    });
    assert_eq!(run.refused(0).root, Root::Act(Act::Slow { service: STOCK, factor: 5.0 }));
}

#[test]
fn a_cut_behind_a_timeout_is_not_named() {
    let (one, other) = (topology::Place::Service(SHOP), topology::Place::Service(STOCK));
    let run = chain(&[1000], None, |planted| {
        planted.plan.fault(super::at(900), Act::Cut { one, other });
        planted.slow(STOCK, 800, 50.0);
    });
    assert_eq!(run.refused(0).root, Root::Act(Act::Cut { one, other }));
}

#[test]
fn a_branch_that_failed_is_put_down_to_the_other() {
    let mut planted = Planted::new();
    let [shop, payment, stock] = ["shop", "payment", "stock"].map(|name| planted.service(name, 2, 50));
    let [place, charge, reserve] = ["place", "charge", "reserve"].map(|it| planted.plan.message_type(it));
    planted.client(&[1000], place, Target::Service(shop));
    let branch = |to, what| Flow::new().call(to, what, Some(millis(300)), false);
    let both = Flow::new().parallel(vec![branch(payment, charge), branch(stock, reserve)]);
    planted.handle(shop, place, both.reply());
    planted.handle(payment, charge, Flow::new().work());
    planted.handle(stock, reserve, Flow::new().work());
    planted.slow(stock, 900, 20.0);
    planted.slow(payment, 900, 3.0);
    planted.distract(900, 3000);
    let why = planted.run().refused(0);
    assert_eq!(why.root, Root::Act(Act::Slow { service: stock, factor: 20.0 }));
    says(&why, &["shop waits 300 ms for the answer"]);
}

#[test]
fn a_wait_that_ended_in_vain_is_put_down_to_the_one_who_waited() {
    let mut planted = Planted::new();
    let [shop, desk, payment] = ["shop", "desk", "payment"].map(|name| planted.service(name, 2, 20));
    let [place, ask, charge, paid] =
        ["place", "ask", "charge", "paid_for"].map(|name| planted.plan.message_type(name));
    let (name, per) = ("money_came".into(), topology::Scope::Case);
    let cell = topology::Cell { name, service: desk, per, kept: true, lasts: None, starts: 0 };
    let cell = planted.plan.cell(cell);
    planted.client(&[1000], place, Target::Service(shop));
    let flow = Flow::new().send(Target::Service(payment), charge).call(desk, ask, None, false);
    planted.handle(shop, place, flow.reply());
    planted.handle(payment, charge, Flow::new().work().send(Target::Service(desk), paid));
    planted.handle(desk, paid, Flow::new().store(cell, topology::Expression::Number(1)));
    let come = topology::Expression::Term(topology::Term::Cell(cell));
    planted.handle(desk, ask, Flow::new().wait(come, Some(constant(800)), None));
    planted.slow(payment, 900, 100.0);
    planted.slow(desk, 900, 2.0);
    planted.distract(900, 3000);
    let why = planted.run().refused(0);
    assert_eq!(why.root, Root::Act(Act::Slow { service: payment, factor: 100.0 }));
    assert!(text_of(&why).contains("desk waits until money_came"), "{}", text_of(&why));
}

#[test]
fn attempts_that_take_all_the_time_are_not_counted() {
    let mut planted = Planted::new();
    let shop = planted.service("shop", 1, 400);
    let place = planted.plan.message_type("place");
    let times = topology::Arrivals::Times { at: vec![millis(1000)] };
    let client = Client::named("shopper", times, place, Target::Service(shop));
    planted.plan.client(Client { patience: Some(constant(1500)), ..client });
    let (pause, longest) = (millis(10), millis(10));
    let policy = Retry { attempts: Some(9), pause, growth: 1.0, longest, jitter: Jitter::None, budget: None };
    planted.handle(shop, place, Flow::new().retry(policy, Flow::new().work().fail()));
    let why = planted.run().refused(0);
    assert_eq!(why.root, Root::Patience(ClientId(0)));
    // From 1010 ms on each attempt takes 400 ms, with 10 ms between them.
    says(&why, &["customers of shopper wait 1.500 s", "shop is at attempt 4 of place by then"]);
}

#[test]
fn a_worker_that_waits_for_a_slow_service_is_overlooked_behind_a_short_message() {
    let mut planted = Planted::new();
    let shop = planted.service("shop", 2, 50);
    let payment = planted.service("payment", 2, 100);
    let [browse, check_out, charge] =
        ["browse", "check_out", "charge"].map(|name| planted.plan.message_type(name));
    planted.client(&[1000], check_out, Target::Service(shop));
    // Two workers are enough for these, and one is not.
    let times = topology::Arrivals::Times { at: (0..60).map(|it| millis(1000 + 40 * it)).collect() };
    let client = Client::named("visitor", times, browse, Target::Service(shop));
    planted.plan.client(Client { patience: Some(constant(300)), ..client });
    planted.handle(shop, browse, Flow::new().work().reply());
    planted.handle(shop, check_out, Flow::new().call(payment, charge, None, false).reply());
    planted.handle(payment, charge, Flow::new().work());
    planted.slow(payment, 900, 20.0);
    planted.distract(900, 3000);
    let run = planted.run();
    let left = run.records.iter().find(|it| it.kind == topology::RecordKind::CaseGaveUp).unwrap();
    let why = run.refused(left.case);
    assert_eq!(why.root, Root::Act(Act::Slow { service: payment, factor: 20.0 }), "{}", text_of(&why));
}

#[test]
fn the_broker_that_was_down_is_not_found_behind_a_refused_order() {
    for (kind, fault, heals) in [("rabbitmq-quorum", 900, 2000), ("jobs-table", 500, 1500)] {
        let mut planted = Planted::new();
        planted.service("shop", 4, 5);
        planted.service("payment", 2, 50);
        let [place, charge] = ["place", "charge"].map(|name| planted.plan.message_type(name));
        let charges = planted.channel("charges", kind, &[]);
        planted.client(&[1000], place, Target::Service(SHOP));
        // It tries again once, also in vain.
        let again = Retry {
            attempts: Some(2),
            pause: millis(50),
            growth: 1.0,
            longest: millis(50),
            jitter: Jitter::None,
            budget: None,
        };
        let sends = Flow::new().send(Target::Channel(charges), charge);
        planted.handle(SHOP, place, Flow::new().work().retry(again, sends).reply());
        planted.handle(PAYMENT, charge, Flow::new().work());
        let broker = Place::Channel(charges);
        planted.plan.fault(at(fault), Act::Crash { place: broker });
        planted.plan.fault(at(heals), Act::Restart { place: broker });
        planted.distract(900, 2000);
        let why = planted.run().refused(0);
        assert_eq!(why.root, Root::Act(Act::Crash { place: broker }), "{kind}");
        says(&why, &["customer 0 of shopper was refused", "charges crashed at"]);
    }
}
