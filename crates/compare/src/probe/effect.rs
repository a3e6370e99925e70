//! What a run did for customers, and who did it.

use std::sync::Arc;

use kernel::Time;
use topology::{Kinds, Outcome, Place, Plan, RecordKind, ServiceId, Target, World};

use super::part::Part;
use crate::measure::{Customers, drive};

/// What a run did for customers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect {
    /// How many requests there were.
    pub(super) requests: f64,
    /// How many of them wait for an answer.
    pub(super) asked: f64,
    /// How long those waited who were told yes, all together, in milliseconds.
    waited: f64,
    /// How many of each client were told yes.
    answered: Vec<f64>,
    /// How many facts each service has made true: for each service, for each fact.
    facts: Vec<f64>,
}

impl Effect {
    /// Plays a run to its end.
    pub(super) fn play(plan: Plan, seed: u64, go_on: &mut dyn FnMut() -> bool) -> Option<Effect> {
        let plan = Arc::new(plan);
        let mut customers = Customers::new(&plan);
        let mut facts = vec![0.0; plan.services.len() * plan.facts.len()];
        let mut world = World::new(plan.clone(), seed).record_only(Kinds::CASES.and(Kinds::FACTS));
        drive(&mut world, Time::MAX, go_on, &mut |records| {
            for record in records {
                customers.take(record);
                if let (Place::Service(service), RecordKind::FactSet { fact, count, before: 0 }) =
                    (record.place, record.kind)
                    && count > 0
                {
                    facts[service.index() * plan.facts.len() + fact.index()] += 1.0;
                }
            }
        })?;
        let mut effect =
            Effect { requests: 0.0, asked: 0.0, waited: 0.0, answered: vec![0.0; plan.clients.len()], facts };
        for customer in &customers.list {
            effect.requests += 1.0;
            effect.asked += f64::from(u8::from(customer.outcome != Outcome::NotAsked));
            if customer.outcome == Outcome::Answered {
                effect.answered[customer.client.index()] += 1.0;
                effect.waited += customer.left.since(customer.started).millis();
            }
        }
        Some(effect)
    }

    /// As numbers that can be sent anywhere.
    pub(super) fn values(&self) -> Vec<f64> {
        let mut values = vec![self.requests, self.asked, self.waited];
        values.extend(&self.answered);
        values.extend(&self.facts);
        values
    }

    /// What [`Effect::values`] has made numbers of.
    pub(super) fn of(values: &[f64], plan: &Plan) -> Option<Effect> {
        let (sums, rest) = values.split_at_checked(3)?;
        let (answered, facts) = rest.split_at_checked(plan.clients.len())?;
        Some(Effect {
            requests: sums[0],
            asked: sums[1],
            waited: sums[2],
            answered: answered.to_vec(),
            facts: facts.to_vec(),
        })
    }

    /// How long a customer waits for a yes, on average, in milliseconds.
    pub(super) fn response(&self) -> f64 {
        self.waited / self.answered.iter().sum::<f64>()
    }

    /// The share of the customers who ask who are told yes.
    pub(super) fn taken(&self) -> f64 {
        self.answered.iter().sum::<f64>() / self.asked
    }

    /// The share of what others than `part` do for customers in this run that is not done in `without`: answers, and
    /// facts, each compared by itself, so that what is only done because something failed makes up for nothing. NaN
    /// where the others do nothing. By request, because in a closed loop customers who are refused come again sooner.
    pub(super) fn missing_in(&self, without: &Effect, part: Part, plan: &Plan) -> f64 {
        let (mut done, mut left) = (0.0, 0.0);
        let mut compare = |by: ServiceId, usually: f64, now: f64| {
            if part != Part::Service(by) && usually > 0.0 {
                let usually = usually / self.requests;
                done += usually;
                left += usually.min(now / without.requests);
            }
        };
        for (index, client) in plan.clients.iter().enumerate() {
            if let Target::Service(service) = client.to {
                compare(service, self.answered[index], without.answered[index]);
            }
        }
        for service in 0..plan.services.len() {
            let by = ServiceId(service as u16);
            for at in service * plan.facts.len()..(service + 1) * plan.facts.len() {
                compare(by, self.facts[at], without.facts[at]);
            }
        }
        if without.requests > 0.0 { 1.0 - left / done } else { f64::NAN }
    }
}
