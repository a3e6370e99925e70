//! Keys: cases that are about the same thing.

use std::collections::BTreeMap;

use kernel::Distribution;
use topology::{
    Arrivals, Cell, Client, FieldValue, Flow, Link, Operator, Place, RecordKind, Scope, ServiceId, Target,
};

use super::{Shop, cell, field};
use crate::parts::{Given, Ran, millis, rules, seconds};

/// Many requests about three accounts, through a log with these settings to four workers that take different times.
fn read_by_four(keys: Option<u32>, profile: &'static str, given: &[(&str, Given)]) -> Ran {
    let mut shop = Shop::new(4);
    let jobs = shop.plan.channel("jobs", profile, rules(profile, given));
    let work = Distribution::exponential(millis(20));
    shop.plan.handler(shop.shop, shop.ask, Flow::new().work_for(work));
    let client = Client { to: Target::Channel(jobs), keys, ..shop.client("client", []) };
    let mut client = Client { arrivals: Arrivals::Poisson { per_second: 80.0 }, ..client };
    client.until = seconds(20);
    shop.plan.client(client);
    shop.run()
}

/// How many messages were taken up while another of the same key was in hand.
fn side_by_side(ran: &Ran) -> usize {
    let (mut keys, mut busy) = (Vec::new(), BTreeMap::new());
    let mut found = 0;
    for record in &ran.records {
        match record.kind {
            RecordKind::CaseStarted { key, .. } => keys.push(key),
            RecordKind::Taken { .. } => {
                let busy = busy.entry(keys[record.case as usize]).or_insert(0);
                found += usize::from(*busy > 0);
                *busy += 1;
            }
            RecordKind::Sent { kind: topology::MessageKind::Acknowledgement, .. } => {
                *busy.entry(keys[record.case as usize]).or_insert(0) -= 1;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn messages_about_one_account_lie_in_different_partitions() {
    let given = [("partitions", Given::Number(8)), ("enable_auto_commit", Given::No)];
    let ran = read_by_four(Some(3), "kafka", &given);
    assert_eq!(side_by_side(&ran), 0);
    assert_eq!(ran.world.ledger().out_of_order, 0);
    let ran = read_by_four(Some(3), "rabbitmq-quorum", &[]);
    assert!(side_by_side(&ran) > 500, "a queue with four workers keeps them apart as well");
}

/// Requests over a link that takes anything between nothing and half a second, and keeps no order.
fn overtaken(keys: Option<u32>) -> Ran {
    let mut shop = Shop::new(4);
    shop.plan.handler(shop.shop, shop.ask, Flow::new());
    let requests = Client { keys, ..shop.client("client", (0..500).map(|number| number * 20)) };
    let client = shop.plan.client(requests);
    let latency = Distribution::exponential(millis(50));
    let link = Link { reordering: 1.0, ..Link::with_latency(latency) };
    shop.plan.link(Place::Client(client), Place::Service(shop.shop), link);
    shop.run()
}

#[test]
fn a_later_request_about_the_same_overtakes_and_nobody_notices() {
    assert_eq!(
        overtaken(None).world.ledger().out_of_order,
        0,
        "cases of their own have an order of their own"
    );
    let ran = overtaken(Some(2));
    // Counted from outside: a request is late if one of its key that was made later came before it.
    let (mut keys, mut latest, mut late) = (Vec::new(), BTreeMap::new(), Vec::new());
    for record in &ran.records {
        match record.kind {
            RecordKind::CaseStarted { key, .. } => keys.push(key),
            RecordKind::Taken { .. } => {
                let latest = latest.entry(keys[record.case as usize]).or_insert(0);
                if record.case < *latest {
                    late.push(record.case);
                }
                *latest = record.case.max(*latest);
            }
            _ => {}
        }
    }
    let noticed = ran.records.iter().filter(|record| record.kind == RecordKind::OutOfOrder);
    let noticed: Vec<u32> = noticed.map(|record| record.case).collect();
    assert!(late.len() > 50, "only {} of 500", late.len());
    assert_eq!(noticed, late);
    assert_eq!(ran.world.ledger().out_of_order, late.len() as u64);
}

#[test]
fn accounts_of_two_clients_are_apart() {
    let mut shop = Shop::new(1);
    let balance = Cell {
        name: "balance".into(),
        service: shop.shop,
        per: Scope::Key,
        kept: true,
        lasts: None,
        starts: 100,
    };
    let balance = shop.plan.cell(balance);
    let flow = Flow::new().store(balance, cell(balance).with(Operator::Plus, field(shop.amount)));
    shop.plan.handler(shop.shop, shop.ask, flow);
    for (name, amount) in [("pays_in", 5), ("draws_out", -3)] {
        let fields = vec![(shop.amount, FieldValue::Number(amount))];
        let client = shop.client(name, (0..100).map(|number| number * 10));
        shop.plan.client(Client { fields, keys: Some(4), ..client });
    }
    let ran = shop.run();
    let mut expected: BTreeMap<u32, i64> = BTreeMap::new();
    for record in &ran.records {
        if let RecordKind::CaseStarted { client, key, .. } = record.kind {
            *expected.entry(key).or_insert(100) += if client.0 == 0 { 5 } else { -3 };
        }
    }
    assert_eq!(expected.len(), 4);
    let kept = ran.world.cells(ServiceId(0)).map(|view| match view.of {
        topology::KeptFor::Key(key) => (key, i64::from(view.value)),
        other => panic!("{other:?}"),
    });
    assert_eq!(kept.collect::<BTreeMap<_, _>>(), expected);
    assert_eq!(ran.world.cell_total(balance), 400 + 200);
}
