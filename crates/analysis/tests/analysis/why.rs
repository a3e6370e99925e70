//! The why-chain: causes are planted, and have to be named as the root; others lie beside them and are innocent.

mod effects;
mod missing;
mod order;
mod presets;
mod refused;

use std::sync::Arc;

use analysis::{Fold, Link, Question, Root, Story, Why};
use channel::{Rules, Value, profile};
use kernel::{Distribution, Span, Time};
use topology::{
    Act, Arrivals, ChannelId, Check, Client, ClientId, Flow, Place, Plan, PlanBuilder, Promise, Record,
    Service, ServiceId, Target, TypeId, World,
};

pub fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

pub fn at(moment: u64) -> Time {
    Time::ZERO + millis(moment)
}

pub fn constant(time: u64) -> Distribution {
    Distribution::constant(millis(time))
}

/// A plan in the making: half a minute, with links that take 10 ms and make no mistakes.
pub struct Planted {
    pub plan: PlanBuilder,
    /// A service that nobody needs and that has every fault there is.
    pub innocent: ServiceId,
}

impl Planted {
    pub fn new() -> Self {
        let mut plan = PlanBuilder::new("planted", at(30_000));
        plan.default_link(topology::Link::with_latency(constant(10)));
        let innocent = plan.service(Service::named("innocent").work(constant(10)));
        Planted { plan, innocent }
    }

    /// A service whose work takes so many milliseconds.
    pub fn service(&mut self, name: &str, workers: u16, work: u64) -> ServiceId {
        let service = Service::named(name).work(constant(work));
        self.plan.service(Service { workers, ..service })
    }

    /// Requests at these milliseconds.
    pub fn client(&mut self, times: &[u64], sends: TypeId, to: Target) -> ClientId {
        let arrivals = Arrivals::Times { at: times.iter().copied().map(millis).collect() };
        self.plan.client(Client::named("shopper", arrivals, sends, to))
    }

    /// A channel as the profile has it, with these parameters.
    pub fn channel(&mut self, name: &str, kind: &'static str, values: &[(&str, Value)]) -> ChannelId {
        let profile = profile(kind).unwrap();
        let values: Vec<_> =
            values.iter().map(|&(name, value)| (profile.parameter(name).unwrap(), value)).collect();
        let rules: Rules = profile.with(&values);
        self.plan.channel(name, kind, rules)
    }

    pub fn crash(&mut self, service: ServiceId, from: u64, to: u64) {
        let place = Place::Service(service);
        self.plan.fault(at(from), Act::Crash { place });
        self.plan.fault(at(to), Act::Restart { place });
    }

    pub fn slow(&mut self, service: ServiceId, from: u64, factor: f32) {
        self.plan.fault(at(from), Act::Slow { service, factor });
    }

    /// The innocent service crashes and is slow just when something else goes wrong.
    pub fn distract(&mut self, from: u64, to: u64) {
        self.crash(self.innocent, from, to);
        self.slow(self.innocent, from, 50.0);
    }

    pub fn handle(&mut self, service: ServiceId, message_type: TypeId, flow: Flow) {
        self.plan.handler(service, message_type, flow);
    }

    pub fn promise(&mut self, promise: Promise) {
        self.plan.check(Check { name: "the promise".into(), why: String::new(), promise });
    }

    pub fn run(self) -> Run {
        let plan = self.plan.build().unwrap();
        let mut world = World::new(plan.clone(), 1).record();
        world.run_until(Time::MAX);
        Run { records: world.records().to_vec(), plan }
    }
}

/// A run with all its records.
pub struct Run {
    pub plan: Arc<Plan>,
    pub records: Vec<Record>,
}

impl Run {
    /// The answer to a question, which holds together.
    pub fn why(&self, question: Question) -> Why {
        let why = Story::new(&self.plan, &self.records).explain(&question);
        holds_together(&why, &self.records);
        why
    }

    /// Why the first promise was broken for the first time.
    pub fn broken(&self) -> Why {
        let mut fold = Fold::new(&self.plan);
        self.records.iter().for_each(|record| fold.take(record));
        fold.pass(self.plan.length);
        let violation = fold.checks()[0].first().unwrap();
        self.why(Question::Broken { check: 0, violation })
    }

    pub fn missing(&self, case: u32, fact: &str) -> Why {
        self.why(Question::Missing { case, fact: self.fact(fact) })
    }

    pub fn twice(&self, case: u32, fact: &str) -> Why {
        self.why(Question::Twice { case, fact: self.fact(fact) })
    }

    pub fn refused(&self, case: u32) -> Why {
        self.why(Question::Refused { case })
    }

    fn fact(&self, name: &str) -> topology::FactId {
        let index = self.plan.facts.iter().position(|known| known == name).unwrap();
        topology::FactId(index as u16)
    }
}

/// Links go back in time, rest on records of the run, and end with a root.
pub fn holds_together(why: &Why, records: &[Record]) {
    assert!(!why.links.is_empty() && why.root != Root::Unknown, "{why:#?}");
    let mut last = u64::MAX;
    for Link { text, record } in &why.links {
        assert!(!text.is_empty());
        if let Some(record) = record {
            assert_eq!(records[record.number as usize - 1], *record, "{why:#?}");
            assert!(record.number < last, "goes forwards in time: {why:#?}");
            last = record.number;
        }
    }
    let end = why.links.last().unwrap().record;
    if let Root::Act(act) = why.root {
        assert_eq!(end.unwrap().kind, topology::RecordKind::Act { act });
    } else {
        assert_eq!(end, None, "the plan is no record: {why:#?}");
    }
}

pub fn crash_of(service: ServiceId) -> Root {
    Root::Act(Act::Crash { place: Place::Service(service) })
}

pub fn text_of(why: &Why) -> String {
    let texts: Vec<&str> = why.links.iter().map(|link| link.text.as_str()).collect();
    texts.join("\n")
}

/// A summary speaks of services and times, and says the root last.
pub fn says(why: &Why, parts: &[&str]) {
    for part in parts {
        assert!(why.summary.contains(part), "no {part:?} in {:?}\n{}", why.summary, text_of(why));
    }
}
