//! Ten times the requests: how much gets done, and how much more with twice the workers?

use std::sync::Arc;

use kernel::{Span, Time};
use topology::{Arrivals, Kinds, Plan, World};

use crate::measure::{Customers, drive};

/// How many times as many requests come.
const TIMES: f64 = 10.0;
/// They come in a tenth of the time, but not in less than this, unless it is planned so.
const LENGTH_LEAST: Span = Span::from_millis(10_000);

/// Values, of the second half of the time in which customers come: requests completely done a second, and requests
/// made a second.
pub(super) fn play(
    plan: &Plan,
    seed: u64,
    workers: u16,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<f64>> {
    let plan = Arc::new(crowded(plan, workers));
    let half = Time::from_nanos(plan.length.nanos() / 2);
    let mut customers = Customers::new(&plan);
    let mut world = World::new(plan, seed).record_only(Kinds::CASES);
    drive(&mut world, Time::MAX, go_on, &mut |records| {
        records.iter().for_each(|record| customers.take(record));
    })?;
    let seconds = world.now().since(half).seconds();
    let of_half = |time: Time| time >= half && time < Time::MAX;
    let done = customers.list.iter().filter(|it| it.is_done() && of_half(it.ended)).count();
    let came = customers.list.iter().filter(|it| of_half(it.started)).count();
    let per_second = |count: usize| if seconds > 0.0 { count as f64 / seconds } else { f64::NAN };
    Some(vec![per_second(done), per_second(came)])
}

/// The plan with ten times the requests in a shorter time, in which everybody comes as much earlier, up to the last
/// request, and perhaps with more of each service.
fn crowded(plan: &Plan, workers: u16) -> Plan {
    let mut crowded = plan.clone();
    let last = plan.clients.iter().map(|client| client.until).max().unwrap_or(Time::MAX).min(plan.length);
    let share = (LENGTH_LEAST.nanos() as f64 / last.nanos() as f64).clamp(1.0 / TIMES, 1.0);
    let sooner = |time: Time| Time::from_nanos((time.nanos() as f64 * share) as u64);
    crowded.length = sooner(last);
    for client in &mut crowded.clients {
        client.from = sooner(client.from);
        if client.until < Time::MAX {
            client.until = sooner(client.until);
        }
        client.arrivals = more(&client.arrivals, share);
    }
    crowded.faults.clear();
    crowded.checks.clear();
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

/// Arrivals that are ten times as many, where all times become `share` as long.
fn more(arrivals: &Arrivals, share: f64) -> Arrivals {
    match arrivals {
        Arrivals::Poisson { per_second } => Arrivals::Poisson { per_second: per_second * TIMES },
        Arrivals::Constant { per_second } => Arrivals::Constant { per_second: per_second * TIMES },
        Arrivals::Burst { count, every } => {
            let every = every.scaled(share).max(Span::from_nanos(1));
            Arrivals::Burst { count: (f64::from(*count) * TIMES * share) as u32, every }
        }
        Arrivals::Ramp { from_per_second, to_per_second, over } => Arrivals::Ramp {
            from_per_second: from_per_second * TIMES,
            to_per_second: to_per_second * TIMES,
            over: over.scaled(share),
        },
        Arrivals::Times { at } => {
            let together = (TIMES * share + 0.5) as usize;
            let sooner = at.iter().map(|span| span.scaled(share));
            Arrivals::Times { at: sooner.flat_map(|span| std::iter::repeat_n(span, together)).collect() }
        }
        Arrivals::Users { count, think } => {
            Arrivals::Users { count: (f64::from(*count) * TIMES) as u32, think: think.clone() }
        }
    }
}
