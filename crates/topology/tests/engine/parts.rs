//! Systems that several tests run.

use std::sync::Arc;

use channel::profile;
use kernel::{Distribution, Span, Time};
use topology::{
    Act, Arrivals, ChannelId, Client, Flow, Link, Place, Plan, PlanBuilder, Record, Service, Target, World,
};

pub fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

pub fn seconds(seconds: u64) -> Time {
    Time::ZERO + Span::from_millis(seconds * 1000)
}

pub fn records_of(plan: Arc<Plan>, seed: u64) -> (World, Vec<Record>) {
    let mut world = World::new(plan, seed).record();
    world.run_until(Time::MAX);
    let records = world.records().to_vec();
    (world, records)
}

/// How an order reaches payment, inventory and notification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Architecture {
    Calls,
    PubSub,
    Queues,
}

/// The main job of the product: one order, three architectures; payment is down from 20 s to 30 s.
pub fn order_placed(architecture: Architecture) -> PlanBuilder {
    let mut plan = PlanBuilder::new("order", seconds(60));
    plan.default_link(Link::with_latency(Distribution::constant(millis(10))));
    let orders = plan.service(Service::named("orders").workers(8));
    let work = Distribution::lognormal(millis(80), millis(300));
    let steps = [
        ("payment", 4, work, "charge", "paid"),
        ("inventory", 4, Distribution::exponential(millis(30)), "reserve", "reserved"),
        ("notification", 2, Distribution::lognormal(millis(100), millis(500)), "email", "emailed"),
    ];
    let place_order = plan.message_type("place_order");
    let shopper = Arrivals::Poisson { per_second: 5.0 };
    let mut client = Client::named("shopper", shopper, place_order, Target::Service(orders));
    client.until = seconds(45);
    client.patience = Some(Distribution::constant(millis(3000)));
    plan.client(client);
    let created = plan.message_type("order_created");
    let mut flow = Flow::new();
    let mut events = None;
    for (name, workers, work, command, fact) in steps {
        let service = plan.service(Service::named(name).workers(workers).work(work));
        let fact = plan.fact(fact);
        let effect = Flow::new().work().set(fact);
        match architecture {
            Architecture::Calls => {
                let command = plan.message_type(command);
                plan.handler(service, command, effect);
                flow = flow.call(service, command, Some(millis(500)), false);
            }
            Architecture::PubSub => plan.handler(service, created, effect),
            Architecture::Queues => {
                let command = plan.message_type(command);
                plan.handler(service, command, effect);
                let queue = channel(&mut plan, &format!("{name}-jobs"), "rabbitmq-quorum");
                flow = flow.send(Target::Channel(queue), command);
            }
        }
    }
    if architecture == Architecture::PubSub {
        let topic = *events.get_or_insert_with(|| channel(&mut plan, "order-events", "redis-pubsub"));
        flow = flow.publish(topic, created);
    }
    plan.handler(orders, place_order, flow.reply());
    let payment = Place::Service(topology::ServiceId(1));
    plan.fault(seconds(20), Act::Crash { place: payment });
    plan.fault(seconds(30), Act::Restart { place: payment });
    plan
}

pub fn channel(plan: &mut PlanBuilder, name: &str, profile_name: &'static str) -> ChannelId {
    let mut rules = profile(profile_name).unwrap().rules.clone();
    rules.delivery.prefetch = (profile_name != "redis-pubsub").then_some(4);
    plan.channel(name, profile_name, rules)
}
