//! Queueing theory: what a service with workers must do on average.

use kernel::{Distribution, Span, Time};
use topology::{Arrivals, Client, Flow, Link, PlanBuilder, RecordKind, Service, Target};

use crate::parts::{records_of, rules, seconds};

/// Mean waiting time, and mean number waiting, over many independent runs: mean and standard error.
struct Measured {
    wait: (f64, f64),
    /// Arrival rate times waiting time, minus the time-average number in the queue.
    little: (f64, f64),
}

const MEAN_WORK: Span = Span::from_millis(100);
const WARM_UP: f64 = 100.0;
const LENGTH: u64 = 1100;

fn measure(through: Option<&'static str>, workers: u16, per_second: f64) -> Measured {
    let runs: Vec<(f64, f64)> = (0..30).map(|seed| one_run(through, workers, per_second, seed)).collect();
    let waits: Vec<f64> = runs.iter().map(|run| run.0).collect();
    let gaps: Vec<f64> = runs.iter().map(|run| run.0 * per_second - run.1).collect();
    Measured { wait: mean_and_error(&waits), little: mean_and_error(&gaps) }
}

/// Straight to the service, or through a channel that hands out one message to each free worker.
fn one_run(through: Option<&'static str>, workers: u16, per_second: f64, seed: u64) -> (f64, f64) {
    let mut plan = PlanBuilder::new("M/M/c", seconds(LENGTH));
    plan.default_link(Link::with_latency(Distribution::constant(Span::ZERO)));
    let service =
        plan.service(Service::named("server").workers(workers).work(Distribution::exponential(MEAN_WORK)));
    let job = plan.message_type("job");
    let arrivals = Arrivals::Poisson { per_second };
    let to = through.map_or(Target::Service(service), |profile_name| {
        Target::Channel(plan.channel("jobs", profile_name, rules(profile_name, &[])))
    });
    plan.client(Client::named("source", arrivals, job, to));
    plan.handler(service, job, Flow::new().work());
    let (_, records) = records_of(plan.build().unwrap(), seed);

    let (mut arrived, mut waits) = (std::collections::BTreeMap::new(), Vec::new());
    let (mut waiting, mut area, mut last) = (std::collections::BTreeSet::new(), 0.0, 0.0);
    for record in &records {
        let now = record.time.seconds();
        if now > WARM_UP {
            area += waiting.len() as f64 * (now - f64::max(last, WARM_UP));
        }
        last = now;
        match record.kind {
            RecordKind::CaseStarted { .. } => {
                arrived.insert(record.case, record.time);
            }
            RecordKind::Queued => {
                waiting.insert(record.message);
            }
            RecordKind::Taken { .. } => {
                let since = record.time.since(arrived[&record.case]);
                waiting.remove(&record.message);
                if now > WARM_UP {
                    waits.push(since.seconds());
                }
            }
            _ => {}
        }
    }
    (
        waits.iter().sum::<f64>() / waits.len() as f64,
        area / (Time::from_nanos(0).seconds() + LENGTH as f64 - WARM_UP),
    )
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Mean wait in M/M/c by the Erlang C formula (Erlang 1917).
fn erlang_c_wait(workers: u16, per_second: f64) -> f64 {
    let c = f64::from(workers);
    let load = per_second * MEAN_WORK.seconds();
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..workers {
        term *= load / f64::from(k);
        sum += term;
    }
    let last = term * load / c * c / (c - load);
    last / (sum + last) / (c / MEAN_WORK.seconds() - per_second)
}

fn check(through: Option<&'static str>, workers: u16, per_second: f64) {
    let measured = measure(through, workers, per_second);
    let expected = erlang_c_wait(workers, per_second);
    let (wait, error) = measured.wait;
    assert!(
        (wait - expected).abs() < 3.0 * error,
        "{workers} workers at {per_second}/s: waited {wait:.5} s +- {error:.5}, Erlang C says {expected:.5} s"
    );
    // The check is worth something only if it is sharp.
    assert!(error < 0.1 * expected, "the standard error {error} is too large against {expected}");
    let (gap, error) = measured.little;
    assert!(gap.abs() < 3.0 * error, "Little's law: lambda W - Lq = {gap:.4} +- {error:.4}");
}

#[test]
fn one_worker_makes_customers_wait_too_long_or_too_short() {
    check(None, 1, 7.0);
}

#[test]
fn two_workers_share_the_queue_wrongly() {
    check(None, 2, 16.0);
}

#[test]
fn eight_workers_share_the_queue_wrongly() {
    check(None, 8, 70.0);
}

#[test]
fn workers_that_fetch_their_messages_wait_although_there_are_some() {
    for profile_name in ["redis-list", "sqs", "redis-streams", "jetstream"] {
        check(Some(profile_name), 2, 16.0);
    }
}

#[test]
fn a_queue_that_pushes_leaves_a_worker_idle() {
    check(Some("rabbitmq-classic"), 2, 16.0);
}
