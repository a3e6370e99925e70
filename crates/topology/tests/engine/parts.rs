//! Systems that several tests run.

use std::sync::Arc;

use channel::{Rules, Takes, Value, profile};
use kernel::{Distribution, Span, Time};
use topology::{
    Act, Arrivals, ChannelId, Client, FactId, Flow, Link, Place, Plan, PlanBuilder, Record, RecordKind,
    Service, ServiceId, Target, TypeId, World,
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

/// What a scenario writes for a parameter.
pub enum Given {
    Number(u32),
    Millis(u64),
    Word(&'static str),
    Yes,
    No,
}

/// The rules of a profile with some of its parameters.
pub fn rules(profile_name: &str, given: &[(&str, Given)]) -> Rules {
    let row = profile(profile_name).unwrap();
    let values = given.iter().map(|(name, given)| {
        let parameter = row.parameter(name).unwrap();
        let value = match (given, parameter.takes) {
            (Given::Number(count), _) => Value::Count(*count),
            (Given::Millis(count), _) => Value::Span(millis(*count)),
            (Given::Yes, _) => Value::Flag(true),
            (Given::No, _) => Value::Flag(false),
            (Given::Word(word), Takes::Choice(words)) => {
                Value::Choice(words.iter().position(|known| known == word).unwrap())
            }
            (Given::Word(word), _) => panic!("{name} does not take {word}"),
        };
        (parameter, value)
    });
    row.with(&values.collect::<Vec<_>>())
}

/// A client whose jobs go through one channel to services, which set the fact `begun` before their work and
/// `done` after it. The links take 1 ms and make no mistakes.
///
/// ```text
/// client --job--> jobs --> first, second ...
/// ```
pub struct Line {
    pub plan: PlanBuilder,
    pub job: TypeId,
    pub jobs: ChannelId,
    pub services: Vec<ServiceId>,
}

pub const BEGUN: FactId = FactId(0);
pub const DONE: FactId = FactId(1);

pub fn line(profile_name: &'static str, rules: Rules, services: &[(&str, u16, Distribution)]) -> Line {
    let mut plan = PlanBuilder::new(profile_name, seconds(100));
    let job = plan.message_type("job");
    let (begun, done) = (plan.fact("begun"), plan.fact("done"));
    assert_eq!((begun, done), (BEGUN, DONE));
    let jobs = plan.channel("jobs", profile_name, rules);
    let services = services.iter().map(|(name, workers, work)| {
        let service = plan.service(Service::named(name).workers(*workers).work(work.clone()));
        plan.handler(service, job, Flow::new().set(begun).work().set(done));
        service
    });
    let services = services.collect();
    Line { plan, job, jobs, services }
}

impl Line {
    /// One job at each of these times.
    pub fn jobs_at(&mut self, at: impl IntoIterator<Item = u64>) {
        let at = at.into_iter().map(millis).collect();
        self.plan.client(Client::named(
            "client",
            Arrivals::Times { at },
            self.job,
            Target::Channel(self.jobs),
        ));
    }

    /// A place is down from one time to another; for ever if they are the same.
    pub fn down(&mut self, place: Place, from: u64, to: u64) {
        self.plan.fault(Time::ZERO + millis(from), Act::Crash { place });
        if to > from {
            self.plan.fault(Time::ZERO + millis(to), Act::Restart { place });
        }
    }

    pub fn run(self) -> Ran {
        let (world, records) = records_of(self.plan.build().unwrap(), 1);
        Ran { world, records }
    }
}

/// A run that is over.
pub struct Ran {
    pub world: World,
    pub records: Vec<Record>,
}

impl Ran {
    /// How often a fact was set at a service, by case.
    pub fn times_at(&self, service: ServiceId, fact: FactId) -> Vec<usize> {
        self.times(fact, |place| place == Place::Service(service))
    }

    /// How often a fact was set, by case.
    pub fn times_of(&self, fact: FactId) -> Vec<usize> {
        self.times(fact, |_| true)
    }

    fn times(&self, wanted: FactId, at: impl Fn(Place) -> bool) -> Vec<usize> {
        let started = |record: &&Record| matches!(record.kind, RecordKind::CaseStarted { .. });
        let mut times = vec![0; self.records.iter().filter(started).count()];
        for record in &self.records {
            if matches!(record.kind, RecordKind::FactSet { fact, .. } if fact == wanted) && at(record.place) {
                times[record.case as usize] += 1;
            }
        }
        times
    }

    /// When something of this kind happened, in milliseconds.
    pub fn when(&self, wanted: impl Fn(&RecordKind) -> bool) -> Vec<u64> {
        let these = self.records.iter().filter(|record| wanted(&record.kind));
        these.map(|record| record.time.nanos() / 1_000_000).collect()
    }
}

pub fn always(count: u64) -> Distribution {
    Distribution::constant(millis(count))
}
