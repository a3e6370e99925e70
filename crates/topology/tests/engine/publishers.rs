//! What whoever publishes learns of a channel that is down or cut off.

use channel::PROFILES;
use kernel::Time;
use topology::{
    Act, Arrivals, Client, Flow, Jitter, Link, LossReason, Place, PlanBuilder, RecordKind, Retry, Sending,
    Service, Target,
};

use crate::parts::{DONE, Ran, always, millis, records_of, rules, seconds};

/// What a shop does with each order, given the step that sends a charge.
type Does = fn(Flow) -> Flow;

/// Ten orders, one every 100 ms, of which each has the payment charged through a channel. Unless the fault is another,
/// the channel is down from 350 ms to 850 ms.
fn orders(profile_name: &'static str, later: bool, cut: bool, does: Does) -> Ran {
    let mut plan = PlanBuilder::new("orders", seconds(60));
    plan.default_link(Link::with_latency(always(1)));
    let (place, charge) = (plan.message_type("place"), plan.message_type("charge"));
    let (caught, done) = (plan.fact("caught"), plan.fact("done"));
    assert_eq!(done, DONE);
    let charges = plan.channel("charges", profile_name, rules(profile_name, &[]));
    let shop = plan.service(Service::named("shop").workers(10));
    let payment = plan.service(Service::named("payment").work(always(1)));
    let sends = Sending {
        to: Target::Channel(charges),
        message_type: charge,
        kind: topology::MessageKind::Command,
        after: later.then(|| always(1)),
        with: Vec::new(),
    };
    plan.handler(shop, place, does(Flow::new().send_with(sends)).reply());
    plan.handler(payment, charge, Flow::new().work().set(done));
    assert_eq!(caught, topology::FactId(0));
    let at = (0..10).map(|index| millis(index * 100)).collect();
    plan.client(Client::named("shopper", Arrivals::Times { at }, place, Target::Service(shop)));
    let (channel, shop) = (Place::Channel(charges), Place::Service(shop));
    let (breaks, heals) = match cut {
        true => (Act::Cut { one: shop, other: channel }, Act::Mend { one: shop, other: channel }),
        false => (Act::Crash { place: channel }, Act::Restart { place: channel }),
    };
    plan.fault(Time::ZERO + millis(350), breaks);
    plan.fault(Time::ZERO + millis(850), heals);
    let (world, records) = records_of(plan.build().unwrap(), 1);
    assert!(world.ledger().balances(), "{profile_name}");
    Ran { world, records }
}

/// When customers were told no, in milliseconds.
fn refused(ran: &Ran) -> Vec<u64> {
    ran.when(|kind| *kind == RecordKind::CaseRefused)
}

fn insists(send: Flow) -> Flow {
    let pause = millis(200);
    let (attempts, growth, longest, jitter, budget) = (None, 1.0, pause, Jitter::None, None);
    Flow::new().retry(Retry { attempts, pause, growth, longest, jitter, budget }, send)
}

#[test]
fn a_customer_is_told_yes_while_the_broker_is_down() {
    let mut told = 0;
    for profile in &PROFILES {
        let rules = &profile.rules;
        let ran = orders(profile.name, false, false, |send| send);
        if rules.refuses_when_down() {
            told += 1;
            assert_eq!(refused(&ran), [402, 502, 602, 702, 802], "{}", profile.name);
            assert!(ran.world.ledger().lost_to(LossReason::BrokerDown) >= 5, "{}", profile.name);
        } else {
            assert!(refused(&ran).is_empty(), "{} tells its publishers nothing", profile.name);
        }
    }
    assert!((10..PROFILES.len()).contains(&told), "{told}");
}

#[test]
fn a_broker_that_is_cut_off_refuses_nobody() {
    let ran = orders("rabbitmq-quorum", false, true, |send| send);
    assert_eq!(refused(&ran), [402, 502, 602, 702, 802]);
    assert_eq!(ran.world.ledger().lost_to(LossReason::Partition), 5);
    let ran = orders("nats", false, true, |send| send);
    assert!(refused(&ran).is_empty());
    assert_eq!(ran.world.ledger().lost_to(LossReason::Partition), 5);
}

#[test]
fn a_retry_does_not_get_its_message_into_the_queue_after_the_restart() {
    let ran = orders("rabbitmq-quorum", false, false, insists);
    assert!(refused(&ran).is_empty());
    assert_eq!(ran.times_of(DONE), [1; 10]);
    // Three, two, two, one and one attempt are in vain.
    assert_eq!(ran.world.ledger().lost_to(LossReason::BrokerDown), 9);
}

#[test]
fn a_send_that_fails_is_not_caught_by_the_block_around_it() {
    let caught = topology::FactId(0);
    let ran = orders("jobs-table", false, false, |send| {
        Flow::new().attempt(send, Flow::new().set(topology::FactId(0)))
    });
    assert!(refused(&ran).is_empty());
    assert_eq!(ran.times_of(caught), [0, 0, 0, 0, 1, 1, 1, 1, 1, 0]);
    assert_eq!(ran.times_of(DONE), [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn what_leaves_later_fails_at_once() {
    let ran = orders("rabbitmq-quorum", true, false, |send| send);
    assert!(refused(&ran).is_empty());
    assert_eq!(ran.world.ledger().lost_to(LossReason::BrokerDown), 5);
}

#[test]
fn a_branch_whose_send_fails_leaves_its_handler_waiting() {
    let ran = orders("rabbitmq-quorum", false, false, |send| {
        Flow::new().parallel(vec![Flow::new().pause(always(50)), send])
    });
    assert_eq!(refused(&ran), [402, 502, 602, 702, 802]);
    assert_eq!(ran.world.tasks().count(), 0);
}
