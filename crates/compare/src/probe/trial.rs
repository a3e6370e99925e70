//! The plan of an experiment: fewer customers, and one thing wrong from the beginning to the end.

use kernel::{Span, Time};
use topology::{Act, Arrivals, Client, Plan, PlannedFault, ServiceId};

use super::part::Part;

/// How many times as long a slow service takes.
const SLOWER: f32 = 3.0;
/// So many customers are enough to see what hangs on a part,
const ENOUGH: f64 = 200.0;
/// and so many of each client,
const ENOUGH_OF_EACH: f64 = 20.0;
/// but they come for so long at least,
const ARRIVALS_LEAST: Span = Span::from_millis(5_000);
/// and what they want may take so long.
const SETTLING: Span = Span::from_millis(30_000);

/// With nothing wrong.
pub(super) fn as_planned(plan: &Plan) -> Plan {
    let mut trial = plan.clone();
    let until = enough_by(plan);
    for client in &mut trial.clients {
        client.until = client.until.min(until);
    }
    trial.length = plan.length.min(Time::from_nanos(2 * until.nanos()) + SETTLING);
    trial.faults.clear();
    trial.checks.clear();
    trial
}

/// With a part that is down.
pub(super) fn down(plan: &Plan, part: Part) -> Plan {
    let acts = part.places(plan).into_iter().map(|place| Act::Crash { place });
    with(as_planned(plan), acts.collect())
}

/// With a service that takes longer.
pub(super) fn slow(plan: &Plan, service: ServiceId) -> Plan {
    with(as_planned(plan), vec![Act::Slow { service, factor: SLOWER }])
}

fn with(mut trial: Plan, acts: Vec<Act>) -> Plan {
    trial.faults.extend(acts.into_iter().map(|act| PlannedFault { at: Time::ZERO, act }));
    trial
}

/// When enough customers have come, of every client.
fn enough_by(plan: &Plan) -> Time {
    const STEPS: u64 = 64;
    let length = plan.length.nanos();
    let is_enough = |time: Time| {
        let come = |client: &Client| expected(client, time);
        let of_each = plan.clients.iter().all(|it| come(it) >= ENOUGH_OF_EACH.min(expected(it, plan.length)));
        of_each && plan.clients.iter().map(come).sum::<f64>() >= ENOUGH
    };
    let times = (1..STEPS).map(|step| Time::from_nanos(length / STEPS * step));
    let found = times.filter(|time| time.since(Time::ZERO) >= ARRIVALS_LEAST).find(|&time| is_enough(time));
    found.unwrap_or(plan.length)
}

/// How many customers of a client are expected to come before a time.
fn expected(client: &Client, time: Time) -> f64 {
    let span = time.min(client.until).since(client.from);
    let seconds = span.seconds();
    if time < client.from {
        return 0.0;
    }
    match &client.arrivals {
        Arrivals::Poisson { per_second } | Arrivals::Constant { per_second } => per_second * seconds,
        Arrivals::Burst { count, every } => f64::from(*count) * (1.0 + (span.nanos() / every.nanos()) as f64),
        Arrivals::Ramp { from_per_second, to_per_second, over } => {
            let rising = seconds.min(over.seconds());
            let share = if over.nanos() > 0 { rising / over.seconds() } else { 1.0 };
            let reached = from_per_second + (to_per_second - from_per_second) * share;
            (from_per_second + reached) / 2.0 * rising + to_per_second * (seconds - rising)
        }
        Arrivals::Times { at } => at.iter().filter(|&&after| after <= span).count() as f64,
        Arrivals::Users { count, think } => {
            // How long an answer takes is not known: a second, say.
            let round = 1.0 + think.mean().map_or(0.0, Span::seconds);
            f64::from(*count) * seconds / round
        }
    }
}
