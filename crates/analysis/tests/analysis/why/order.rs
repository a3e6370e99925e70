//! Messages that overtook others, clocks that are wrong, and what a condition did not find.

use analysis::Root;
use topology::{
    Cell, Expression, Flow, Link, Operator, Place, Promise, Scope, Sending, Service, ServiceId, Target, Term,
};

use super::{Planted, Run, constant, crash_of, says, text_of};

const DESK: ServiceId = ServiceId(2);

/// A shop sends `created` and 30 ms later `failed` to a desk, which ignores a failure of what it does not know.
fn desk(workers: u16, work: u64, fault: impl FnOnce(&mut Planted)) -> Run {
    let mut planted = Planted::new();
    let (shop, desk) = (planted.service("shop", 2, 30), planted.service("desk", workers, work));
    let [place, created, failed] = ["place", "created", "failed"].map(|name| planted.plan.message_type(name));
    let (known, ignored) = (planted.plan.fact("known"), planted.plan.fact("ignored"));
    planted.client(&[1000], place, Target::Service(shop));
    let to = Target::Service(desk);
    planted.handle(shop, place, Flow::new().send(to, created).work().send(to, failed).reply());
    planted.handle(desk, created, Flow::new().work_for(constant(work)).set(known));
    let none = Flow::new();
    planted.handle(desk, failed, Flow::new().if_fact(known, 1, none, Flow::new().set(ignored)));
    planted.promise(Promise::Never(Expression::holds(ignored)));
    fault(&mut planted);
    planted.run()
}

#[test]
fn workers_side_by_side_are_not_named() {
    let run = desk(2, 100, |planted| planted.distract(900, 2000));
    let why = run.broken();
    assert_eq!(why.root, Root::Service(DESK));
    says(&why, &["case 0 is ignored", "desk has 2 workers"]);
    assert!(text_of(&why).contains("failed overtook created"), "{}", text_of(&why));
}

#[test]
fn a_parent_that_was_lost_is_taken_for_one_that_was_overtaken() {
    let run = desk(2, 5, |planted| {
        // It is down when `created` comes, and up when `failed` does.
        planted.crash(DESK, 1000, 1030);
        planted.distract(900, 2000);
    });
    assert_eq!(run.broken().root, crash_of(DESK));
}

#[test]
fn a_network_that_reorders_is_not_named() {
    let mut planted = Planted::new();
    let (shop, desk) = (planted.service("shop", 2, 1), planted.service("desk", 4, 1));
    let [place, first, second] = ["place", "first", "second"].map(|name| planted.plan.message_type(name));
    let arrivals: Vec<u64> = (0..20).map(|number| 1000 + number * 1000).collect();
    planted.client(&arrivals, place, Target::Service(shop));
    let uniform = kernel::Distribution::uniform(super::millis(10), super::millis(400));
    let link = Link { reordering: 1.0, ..Link::with_latency(uniform) };
    planted.plan.link(Place::Service(shop), Place::Service(desk), link);
    let to = Target::Service(desk);
    planted.handle(shop, place, Flow::new().send(to, first).work().send(to, second).reply());
    planted.handle(desk, first, Flow::new().work());
    planted.handle(desk, second, Flow::new().work());
    planted.promise(Promise::Ordered(Place::Service(desk)));
    planted.distract(900, 20_000);
    let run = planted.run();
    let why = run.broken();
    assert!(matches!(why.root, Root::Link(_)), "{why:#?}");
    says(&why, &["desk takes up first", "lets 100 % of the messages overtake others"]);
}

#[test]
fn a_redelivery_that_changes_the_order_is_put_down_to_the_network() {
    let mut planted = Planted::new();
    let (shop, desk) = (planted.service("shop", 2, 100), planted.service("desk", 1, 5));
    let queue = planted.channel("news", "rabbitmq-quorum", &[]);
    let [place, first, second] = ["place", "first", "second"].map(|name| planted.plan.message_type(name));
    let seen = planted.plan.fact("seen");
    planted.client(&[1000], place, Target::Service(shop));
    planted.handle(shop, place, Flow::new().publish(queue, first).work().publish(queue, second).reply());
    // The first attempt at `first` fails after `second` has come.
    let again = Expression::compare(Term::Delivery, Operator::Equal, 1);
    let slow = Flow::new().work_for(constant(200));
    planted.handle(desk, first, Flow::new().if_true(again, slow.fail(), Flow::new()).set(seen));
    planted.handle(desk, second, Flow::new().work());
    planted.promise(Promise::Ordered(Place::Service(desk)));
    planted.distract(900, 2000);
    let run = planted.run();
    let why = run.broken();
    assert_eq!(why.root, Root::Handler(desk, first));
    assert!(text_of(&why).contains("news hands out first again"), "{}", text_of(&why));
}

#[test]
fn a_clock_that_is_behind_is_put_down_to_the_order() {
    let mut planted = Planted::new();
    let exact = planted.service("exact", 1, 5);
    let behind = planted.plan.service(Service { clock: -5000, ..Service::named("behind").work(constant(5)) });
    let book = planted.service("book", 1, 5);
    let [one, two, note] = ["one", "two", "note"].map(|name| planted.plan.message_type(name));
    let (written, lost) = (planted.plan.field("written"), planted.plan.fact("lost"));
    let (name, per) = ("latest".into(), Scope::Service);
    let latest = planted.plan.cell(Cell { name, service: book, per, kept: true, lasts: None, starts: 0 });
    planted.client(&[1000], one, Target::Service(exact));
    planted.client(&[2000], two, Target::Service(behind));
    for (service, message_type) in [(exact, one), (behind, two)] {
        let with = vec![(written, Expression::Term(Term::Now))];
        let (to, kind, after) = (Target::Service(book), topology::MessageKind::Command, None);
        let sending = Sending { to, message_type: note, kind, after, with };
        planted.handle(service, message_type, Flow::new().send_with(sending).reply());
    }
    let newer =
        Expression::Term(Term::Field(written)).with(Operator::Above, Expression::Term(Term::Cell(latest)));
    let keep = Flow::new().store(latest, Expression::Term(Term::Field(written)));
    planted.handle(book, note, Flow::new().if_true(newer, keep, Flow::new().set(lost)));
    planted.promise(Promise::Never(Expression::holds(lost)));
    planted.crash(behind, 500, 900);
    planted.distract(900, 3000);
    let why = planted.run().broken();
    assert_eq!(why.root, Root::Service(behind));
    says(&why, &["the clock of behind is 5000 ms behind"]);
}
