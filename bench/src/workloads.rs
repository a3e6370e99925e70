//! The three workloads, written once over an event list with draws.

use std::collections::VecDeque;

/// An event list and the draws, in nanoseconds and payloads of 32 bits.
pub trait Parts {
    /// Empty, with the mean of each entity's exponential (seconds).
    fn new(entities: &[f64]) -> Self;
    /// Schedules.
    fn push(&mut self, time: u64, payload: u32);
    /// Takes the earliest.
    fn pop(&mut self) -> Option<(u64, u32)>;
    /// An exponential of an entity, for a case; ns.
    fn exponential(&mut self, entity: usize, case: u64) -> u64;
    /// The lognormal with median 5 ms and sigma 0.5 of an entity, for a case; ns.
    fn lognormal(&mut self, entity: usize, case: u64) -> u64;
    /// Uniform below 1024.
    fn process(&mut self, case: u64) -> u32;
}

/// What a run came to.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub occurrences: u64,
    /// The mean that theory knows, seconds: sojourn, end-to-end, or the final time.
    pub figure: f64,
}

impl Outcome {
    /// Compares with theory; small sizes, which serve to warm up, are not compared.
    pub fn verify(self, workload: u32, size: u64) {
        let (expected, tolerance) = match workload {
            1 => (5.0, 0.03),
            2 => (0.028_999, 0.02),
            _ => (size as f64 / 1024.0, 0.01),
        };
        let off = (self.figure / expected - 1.0).abs();
        assert!(
            size < 100_000 || off < tolerance || self.figure.is_nan(),
            "W{workload}: {} instead of {expected}",
            self.figure
        );
    }
}

pub fn run<P: Parts>(workload: u32, size: u64) -> Outcome {
    match workload {
        1 => single_server::<P>(size),
        2 => fan_out::<P>(size),
        _ => phold::<P>(size),
    }
}

const SECOND: f64 = 1e9;

fn single_server<P: Parts>(customers: u64) -> Outcome {
    let mut parts = P::new(&[1.0 / 0.8, 1.0]);
    let mut line = VecDeque::with_capacity(256);
    let (mut arrived, mut served, mut occurrences, mut sojourn) = (0, 0, 0, 0);
    let first = parts.exponential(0, 0);
    parts.push(first, 0);
    while let Some((now, payload)) = parts.pop() {
        occurrences += 1;
        if payload == 0 {
            arrived += 1;
            if arrived < customers {
                let gap = parts.exponential(0, arrived);
                parts.push(now + gap, 0);
            }
            line.push_back(now);
            if line.len() > 1 {
                continue;
            }
        } else {
            sojourn += line.pop_front().map_or(0, |since| now - since);
            if line.is_empty() {
                continue;
            }
        }
        let work = parts.exponential(1, served);
        served += 1;
        parts.push(now + work, 1);
    }
    Outcome { occurrences, figure: sojourn as f64 / SECOND / customers as f64 }
}

const SUBSCRIBERS: u32 = 8;
const PUBLISH: u32 = 0;
const DELIVER: u32 = 1 << 30;
const DONE: u32 = 2 << 30;
const MESSAGE_BITS: u32 = 27;

fn fan_out<P: Parts>(messages: u64) -> Outcome {
    let mut means = vec![0.007; SUBSCRIBERS as usize];
    means.push(0.01);
    let mut parts = P::new(&means);
    let publisher = SUBSCRIBERS as usize;
    let mut published = Vec::with_capacity(messages as usize);
    let mut lines: Vec<VecDeque<u32>> = vec![VecDeque::new(); SUBSCRIBERS as usize];
    let (mut occurrences, mut total) = (0, 0);
    let first = parts.exponential(publisher, 0);
    parts.push(first, PUBLISH);
    while let Some((now, payload)) = parts.pop() {
        occurrences += 1;
        let subscriber = payload >> MESSAGE_BITS & 7;
        let line = subscriber as usize;
        match payload >> 30 {
            0 => {
                let message = published.len() as u32;
                published.push(now);
                for subscriber in 0..SUBSCRIBERS {
                    let latency = parts.lognormal(subscriber as usize, u64::from(message));
                    parts.push(now + latency, DELIVER | subscriber << MESSAGE_BITS | message);
                }
                if u64::from(message) + 1 < messages {
                    let gap = parts.exponential(publisher, u64::from(message) + 1);
                    parts.push(now + gap, PUBLISH);
                }
                continue;
            }
            1 => {
                lines[line].push_back(payload & ((1 << MESSAGE_BITS) - 1));
                if lines[line].len() > 1 {
                    continue;
                }
            }
            _ => {
                if let Some(message) = lines[line].pop_front() {
                    total += now - published[message as usize];
                }
            }
        }
        if let Some(&message) = lines[line].front() {
            let work = parts.exponential(line, u64::from(message));
            parts.push(now + work, DONE | subscriber << MESSAGE_BITS);
        }
    }
    let deliveries = messages * u64::from(SUBSCRIBERS);
    Outcome { occurrences, figure: total as f64 / SECOND / deliveries as f64 }
}

fn phold<P: Parts>(most: u64) -> Outcome {
    let mut parts = P::new(&[1.0]);
    let mut counters = vec![0u32; 1024];
    for process in 0..1024 {
        let first = parts.exponential(0, u64::from(process));
        parts.push(first, process);
    }
    let (mut occurrences, mut end) = (0, 0);
    while occurrences < most {
        let Some((now, process)) = parts.pop() else { break };
        occurrences += 1;
        end = now;
        counters[process as usize] += 1;
        let case = occurrences + 1024;
        let to = parts.process(case);
        let gap = parts.exponential(0, case);
        parts.push(now + gap, to);
    }
    Outcome { occurrences, figure: end as f64 / SECOND }
}
