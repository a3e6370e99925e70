//! A small world for each kind of channel: orders publishes, others listen.

use std::sync::Arc;

use channel::{
    Audience, Backoff, Bound, Claim, HandsOut, Overflow, Routing, Rules, profile, routing::Grammar,
};
use kernel::Distribution;
use topology::{
    Act, Arrivals, ChannelId, Client, Flow, Link, Place, Plan, PlanBuilder, Service, ServiceId, Target,
    TypeId,
};

use crate::parts::{at, millis};

/// What a listener does, and how.
#[derive(Clone, Copy)]
pub struct Listener {
    pub name: &'static str,
    pub workers: u16,
    pub work: u64,
    /// How often its handler gives up, 0 to 1.
    pub fails: f64,
}

pub const fn listener(name: &'static str, workers: u16, work: u64) -> Listener {
    Listener { name, workers, work, fails: 0.0 }
}

/// A plan being made, with one channel.
pub struct Making {
    pub plan: PlanBuilder,
    pub channel: ChannelId,
    pub listeners: Vec<ServiceId>,
    orders: ServiceId,
    place_order: TypeId,
    published: Vec<TypeId>,
}

/// The rules of a profile, changed.
pub fn rules(name: &str, change: impl FnOnce(&mut Rules)) -> Rules {
    let mut rules = profile(name).unwrap().rules.clone();
    change(&mut rules);
    rules
}

/// The named profile says nothing here: only the rules are to count.
pub const NAMELESS: &str = "nameless";
pub const CHANNEL: ChannelId = ChannelId(0);

/// Five orders a second, each published once for every type; messages travel for 0.2 s.
pub fn making(rules: Rules, types: &[&str], listeners: &[Listener]) -> Making {
    let mut plan = PlanBuilder::new("kind", at(600_000));
    plan.default_link(Link::with_latency(Distribution::constant(millis(200))));
    let orders = plan.service(Service::named("orders").workers(4));
    let place_order = plan.message_type("place_order");
    let arrivals = Arrivals::Constant { per_second: 5.0 };
    plan.client(Client::named("shopper", arrivals, place_order, Target::Service(orders)));
    let channel = plan.channel("order-events", NAMELESS, rules);
    let published: Vec<TypeId> = types.iter().map(|name| plan.message_type(name)).collect();
    let listeners = listeners.iter().map(|it| {
        let work = Distribution::constant(millis(it.work));
        let service = plan.service(Service::named(it.name).workers(it.workers).work(work));
        for &heard in &published {
            let flow = Flow::new().work();
            let fails = |flow: Flow| flow.if_chance(it.fails, Flow::new().fail(), Flow::new());
            plan.handler(service, heard, if it.fails > 0.0 { fails(flow) } else { flow });
        }
        service
    });
    let listeners = listeners.collect();
    Making { plan, channel, listeners, orders, place_order, published }
}

impl Making {
    pub fn done(mut self) -> Arc<Plan> {
        let publish = |flow: Flow, &event: &TypeId| flow.publish(self.channel, event);
        let flow = self.published.iter().fold(Flow::new(), publish);
        self.plan.handler(self.orders, self.place_order, flow.reply());
        self.plan.build().unwrap()
    }

    /// The second listener is down from 3 s on.
    pub fn second_away(mut self) -> Self {
        let place = Place::Service(self.listeners[1]);
        self.plan.fault(at(3_000), Act::Crash { place });
        self
    }
}

const CREATED: &[&str] = &["order_created"];

pub fn topic() -> Making {
    let both = [listener("billing", 2, 100), listener("mail", 1, 100)];
    making(rules("redis-pubsub", |_| {}), CREATED, &both).second_away()
}

pub fn bus() -> Making {
    making(rules("in-memory-bus", |_| {}), CREATED, &[listener("billing", 2, 100), listener("mail", 1, 100)])
}

/// Two services take from it, both slowly; some of what they take they cannot do.
pub fn queue(bound: Option<u32>) -> Making {
    let change = |rules: &mut Rules| {
        rules.delivery.prefetch = Some(2);
        rules.delivery.delivery_limit = Some(2);
        rules.delivery.backoff = Backoff { first: millis(2_000), factor: 1.0, most: millis(2_000) };
        rules.length = bound.map(|max| Bound { max, overflow: Overflow::RejectPublish, slack: 0 });
    };
    let slow = |name| Listener { fails: 0.5, ..listener(name, 1, 500) };
    making(rules("rabbitmq-quorum", change), CREATED, &[slow("billing"), slow("reserve")])
}

pub const LONG_PATTERN: &str = "payment.failed.fraud.suspected";

/// Three queues at one exchange; the second's consumer is down from 3 s on.
pub fn exchange() -> Making {
    let change = |rules: &mut Rules| {
        rules.audience = Audience::EverySubscription;
        rules.routing = Routing::Bindings(Grammar::Amqp);
        rules.delivery.prefetch = Some(2);
    };
    let three = [listener("billing", 2, 300), listener("mail", 1, 300), listener("fraud", 1, 900)];
    let types = ["order.created", "order.paid", LONG_PATTERN];
    let mut making = making(rules("rabbitmq-classic", change), &types, &three);
    making.plan.group(making.channel, "to look at", &[making.listeners[2]]);
    making.plan.binding(making.channel, "billing", "order.*");
    making.plan.binding(making.channel, "mail", "order.#");
    making.plan.binding(making.channel, "mail", "refund.#");
    making.plan.binding(making.channel, "to look at", LONG_PATTERN);
    making.second_away()
}

/// An exchange with more queues than can be shown one by one, each of which has a name of its own.
pub fn crowded_exchange() -> Making {
    let change = |rules: &mut Rules| {
        rules.routing = Routing::Bindings(Grammar::Amqp);
        rules.delivery.exhausted = channel::Exhausted::DeadLetter;
    };
    let names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let listeners = names.map(|name| listener(name, 1, 2_000));
    let mut making = making(rules("rabbitmq-quorum", change), &[LONG_PATTERN], &listeners);
    for (index, name) in names.iter().enumerate() {
        let queue = format!("everything about {name}");
        making.plan.group(making.channel, &queue, &[making.listeners[index]]);
        making.plan.binding(making.channel, &queue, LONG_PATTERN);
        making.plan.binding(making.channel, &queue, "refund.#");
    }
    making
}

/// A log in partitions, and two groups; the first has four consumers.
pub fn partitions(count: u16) -> Making {
    let change = |rules: &mut Rules| {
        if let channel::Keeps::Log { partitions, .. } = &mut rules.keeps {
            *partitions = count;
        }
    };
    making(rules("kafka", change), CREATED, &[listener("billing", 4, 700), listener("search", 1, 250)])
}

/// A log with two subjects, of which the second group wants one.
pub fn stream() -> Making {
    let both = [listener("billing", 1, 300), listener("mail", 1, 150)];
    let mut making = making(rules("jetstream", |_| {}), &["order.created", "order.paid"], &both);
    making.plan.binding(making.channel, "billing", ">");
    making.plan.binding(making.channel, "mail", "*.paid");
    making
}

/// A table that three workers poll.
pub fn table(claim: Claim) -> Making {
    let change = |rules: &mut Rules| {
        rules.delivery.claim = claim;
        rules.delivery.hands_out = HandsOut::Poll { every: millis(100), batch: 1 };
        rules.delivery.backoff = Backoff { first: millis(2_000), factor: 1.0, most: millis(2_000) };
        rules.delivery.delivery_limit = Some(1);
    };
    let billing = Listener { fails: 0.4, ..listener("billing", 3, 900) };
    making(rules("jobs-table", change), CREATED, &[billing])
}

/// Every kind, with what it is called.
pub fn all() -> Vec<(&'static str, Arc<Plan>)> {
    vec![
        ("topic", topic().done()),
        ("bus", bus().done()),
        ("queue", queue(None).done()),
        ("bounded queue", queue(Some(3)).done()),
        ("exchange", exchange().done()),
        ("crowded exchange", crowded_exchange().done()),
        ("three partitions", partitions(3).done()),
        ("twelve partitions", partitions(12).done()),
        ("stream", stream().done()),
        ("naive table", table(Claim::Naive).done()),
        ("locked table", table(Claim::SkipLocked).done()),
    ]
}
