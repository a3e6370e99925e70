//! As many requests as can be served: does twice as much get done by twice the workers?
//!
//! How many that is, a trial tells: whose workers are busiest for a request. A constant share of what they can do comes
//! evenly then, so that little is left to chance: a warm-up, and a window in which is counted what is done.

use std::sync::Arc;

use kernel::{Span, Time};
use topology::{Arrivals, Kinds, Plan, ServiceId, WorkerState, World};

use super::trial;
use crate::measure::{Customers, drive};

/// For which share of their time the busiest workers are to be busy.
const BUSY: f64 = 0.9;
/// How many requests the workers as planned are to do in the window, about.
const DONE_LEAST: f64 = 1_000.0;
/// But not more than this.
const DONE_MOST: f64 = 10_000.0;
/// How many times as long as a request takes the window is at least.
const WINDOW_LEAST: f64 = 4.0;
/// How many times as long as the window everything is.
const LENGTH: f64 = 1.5;
/// How many times the trial is looked at, at most.
const LOOKS_MOST: u32 = 500_000;

/// Values: requests done a second and requests made a second, with the workers as planned and with twice as many; NaN if
/// nobody is ever busy.
pub(super) fn play(plan: &Plan, seed: u64, go_on: &mut dyn FnMut() -> bool) -> Option<Vec<f64>> {
    let Some(load) = Load::of(plan, seed, go_on)? else { return Some(vec![f64::NAN; 4]) };
    let mut values = Vec::new();
    for workers in [1, 2] {
        values.extend(served(crowded(plan, &load, workers), seed, go_on)?);
    }
    Some(values)
}

/// How many requests are done a second, and how many are made.
fn served(plan: Plan, seed: u64, go_on: &mut dyn FnMut() -> bool) -> Option<[f64; 2]> {
    let plan = Arc::new(plan);
    let from = Time::from_nanos((plan.length.nanos() as f64 / LENGTH * (LENGTH - 1.0)) as u64);
    let mut customers = Customers::new(&plan);
    let mut world = World::new(plan, seed).record_only(Customers::WANTS);
    drive(&mut world, Time::MAX, go_on, &mut |records| {
        records.iter().for_each(|record| customers.take(record));
    })?;
    let seconds = world.now().since(from).seconds();
    let done = customers.list.iter().filter(|it| it.is_done() && it.done >= from).count();
    let came = customers.list.iter().filter(|it| it.started >= from).count();
    let per_second = |count: usize| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
    Some([per_second(done), per_second(came)])
}

/// How many requests the workers as planned are to get.
struct Load {
    /// So many a second of each client.
    per_second: Vec<f64>,
    /// For so long.
    window: Span,
}

impl Load {
    /// `Some(None)` if nobody is ever busy.
    fn of(plan: &Plan, seed: u64, go_on: &mut dyn FnMut() -> bool) -> Option<Option<Load>> {
        let plan = Arc::new(trial::as_planned(plan));
        let mut customers = Customers::new(&plan);
        let mut world = World::new(plan.clone(), seed).record_only(Kinds::CASES);
        let busy_workers = |world: &World, service: usize| {
            let workers = world.workers(ServiceId(service as u16));
            workers.filter(|state| *state != WorkerState::Idle).count() as f64
        };
        // For how many seconds a worker is busy, all workers of a service together; and how many of them are.
        let mut busy: Vec<(f64, f64)> = vec![(0.0, 0.0); plan.services.len()];
        let mut before = Time::ZERO;
        for look in 0..LOOKS_MOST {
            let more = world.step(Time::MAX);
            let seconds = world.now().since(before).seconds();
            before = world.now();
            for (service, (sum, now)) in busy.iter_mut().enumerate() {
                *sum += *now * seconds;
                *now = busy_workers(&world, service);
            }
            world.records().iter().for_each(|record| customers.take(record));
            world.clear_records();
            if !more {
                break;
            }
            if look % 4096 == 0 && !go_on() {
                return None;
            }
        }
        let by_worker = busy.iter().zip(&plan.services).map(|((sum, _), it)| sum / f64::from(it.workers));
        let busiest = by_worker.fold(0.0, f64::max);
        let requests = customers.list.len() as f64;
        if busiest <= 0.0 || requests <= 0.0 {
            return Some(None);
        }
        let mut of_client = vec![0.0; plan.clients.len()];
        let (mut over, mut taken) = (0.0, 0.0);
        for customer in &customers.list {
            of_client[customer.client.index()] += 1.0;
            if customer.ended < Time::MAX {
                over += 1.0;
                taken += customer.ended.since(customer.started).seconds();
            }
        }
        let per_second = requests / busiest * BUSY;
        let long_enough = if over > 0.0 { taken / over * WINDOW_LEAST } else { 0.0 };
        let window = (DONE_LEAST / per_second).max(long_enough).min(DONE_MOST / per_second);
        Some(Some(Load {
            per_second: of_client.into_iter().map(|count| count / busiest * BUSY).collect(),
            window: Span::from_nanos((window * 1e9) as u64),
        }))
    }
}

/// The plan with so many requests, and perhaps with more of each service and as many more requests.
fn crowded(plan: &Plan, load: &Load, workers: u16) -> Plan {
    let mut crowded = plan.clone();
    crowded.length = Time::ZERO + load.window.scaled(LENGTH);
    for (client, &per_second) in crowded.clients.iter_mut().zip(&load.per_second) {
        client.from = Time::ZERO;
        client.until = if per_second > 0.0 { Time::MAX } else { Time::ZERO };
        client.arrivals = Arrivals::Constant { per_second: per_second.max(1e-3) * f64::from(workers) };
    }
    crowded.faults.clear();
    for service in &mut crowded.services {
        service.workers = service.workers.saturating_mul(workers);
        service.inbox = service.inbox.map(|room| room.saturating_mul(u32::from(workers)));
    }
    for channel in &mut crowded.channels {
        // Who is pushed to is one consumer, whatever its workers: more of it have room for more.
        let delivery = &mut channel.rules.delivery;
        if !delivery.prefetch_per_worker {
            delivery.prefetch = delivery.prefetch.map(|room| room.saturating_mul(u32::from(workers)));
        }
    }
    crowded
}
