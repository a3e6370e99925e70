//! Systems that several tests show, and how they are shown.

use std::sync::Arc;

use channel::profile;
use kernel::{Distribution, Span, Time};
use scene::{Layout, Picture, Scenery, View, frame};
use topology::{
    Act, Arrivals, ChannelId, Client, Flow, Link, Place, Plan, PlanBuilder, Record, Service, ServiceId,
    Target, World,
};

pub const WIDE: f64 = 1000.0 / 640.0;
pub const TALL: f64 = 390.0 / 500.0;

pub fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

pub fn at(milliseconds: u64) -> Time {
    Time::ZERO + millis(milliseconds)
}

/// A world that ran up to a time, with everything that is needed to show it.
pub struct Shown {
    pub world: World,
    pub layout: Layout,
    pub scenery: Scenery,
    pub records: Vec<Record>,
}

impl Shown {
    pub fn at(plan: Arc<Plan>, time: Time, aspect: f64) -> Shown {
        let layout = Layout::new(&plan, aspect);
        let mut world = World::new(plan, 42).record();
        world.run_until(time);
        let records = world.records().to_vec();
        let mut scenery = Scenery::default();
        records.iter().for_each(|record| scenery.take(record));
        Shown { world, layout, scenery, records }
    }

    pub fn picture(&self, view: View) -> Picture {
        let mut picture = Picture::default();
        frame(&self.world, &self.layout, &self.scenery, &self.records, &view, &mut picture);
        picture
    }

    /// The texts of a picture, in the order in which they are drawn.
    pub fn texts(&self, view: View) -> Vec<String> {
        self.picture(view).texts().map(|(text, _)| text.to_owned()).collect()
    }
}

/// How an order reaches payment and shipping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Architecture {
    Calls,
    Topic,
    Queues,
}

/// One order, three architectures; payment is down from 2 s to 6 s. Messages are on their way for 0.2 s.
pub fn order_placed(architecture: Architecture) -> PlanBuilder {
    let mut plan = PlanBuilder::new("order", at(20_000));
    plan.default_link(Link::with_latency(Distribution::constant(millis(200))));
    let orders = plan.service(Service::named("orders").workers(4));
    let place_order = plan.message_type("place_order");
    let shopper = Arrivals::Constant { per_second: 4.0 };
    let mut client = Client::named("shopper", shopper, place_order, Target::Service(orders));
    client.patience = Some(Distribution::constant(millis(2_500)));
    plan.client(client);
    let created = plan.message_type("order_created");
    let mut flow = Flow::new();
    let topic =
        (architecture == Architecture::Topic).then(|| channel(&mut plan, "order-events", "redis-pubsub"));
    for (name, command, fact) in [("payment", "charge", "paid"), ("shipping", "ship", "shipped")] {
        let work = Distribution::constant(millis(300));
        let service = plan.service(Service::named(name).workers(2).work(work));
        let effect = Flow::new().work().set(plan.fact(fact));
        if architecture == Architecture::Topic {
            plan.handler(service, created, effect);
            continue;
        }
        let command = plan.message_type(command);
        plan.handler(service, command, effect);
        if architecture == Architecture::Calls {
            flow = flow.call(service, command, Some(millis(1_000)), false);
        } else {
            let queue = channel(&mut plan, &format!("{name}-jobs"), "rabbitmq-quorum");
            flow = flow.send(Target::Channel(queue), command);
        }
    }
    if let Some(topic) = topic {
        flow = flow.publish(topic, created);
    }
    plan.handler(orders, place_order, flow.reply());
    plan.fault(at(2_000), Act::Crash { place: PAYMENT });
    plan.fault(at(6_000), Act::Restart { place: PAYMENT });
    plan
}

pub const PAYMENT: Place = Place::Service(ServiceId(1));
pub const SHIPPING: Place = Place::Service(ServiceId(2));
/// With [`Architecture::Queues`].
pub const SHIPPING_JOBS: Place = Place::Channel(ChannelId(1));

pub fn channel(plan: &mut PlanBuilder, name: &str, profile_name: &'static str) -> ChannelId {
    let mut rules = profile(profile_name).unwrap().rules.clone();
    rules.delivery.prefetch = (profile_name != "redis-pubsub").then_some(2);
    plan.channel(name, profile_name, rules)
}

pub fn shown(architecture: Architecture, milliseconds: u64) -> Shown {
    Shown::at(order_placed(architecture).build().unwrap(), at(milliseconds), WIDE)
}
