//! The workloads on the kernel: its agenda, its distributions, its keyed streams.

use kernel::{Agenda, Distribution, Purpose, Span, Stream, Time};

use crate::workloads::Parts;

pub struct OnKernel {
    agenda: Agenda,
    work: Vec<(Distribution, Stream)>,
    latency: Vec<(Distribution, Stream)>,
    processes: Stream,
}

impl Parts for OnKernel {
    fn new(entities: &[f64]) -> Self {
        // sigma 0.5: p99 = median * exp(0.5 * 2.326...).
        let latency = Distribution::lognormal(Span::from_millis(5), Span::from_seconds(0.005 * 3.199_995));
        let work = |(index, &mean): (usize, &f64)| {
            let stream = Stream::new(42, Purpose::Work, &index.to_string());
            (Distribution::exponential(Span::from_seconds(mean)), stream)
        };
        let way = |index: usize| (latency.clone(), Stream::new(42, Purpose::Latency, &index.to_string()));
        OnKernel {
            agenda: Agenda::default(),
            work: entities.iter().enumerate().map(work).collect(),
            latency: (0..entities.len()).map(way).collect(),
            processes: Stream::new(42, Purpose::Branch, "process"),
        }
    }

    #[inline]
    fn push(&mut self, time: u64, payload: u32) {
        self.agenda.push(Time::from_nanos(time), payload);
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, u32)> {
        self.agenda.pop().map(|(time, payload)| (time.nanos(), payload))
    }

    #[inline]
    fn exponential(&mut self, entity: usize, case: u64) -> u64 {
        let (distribution, stream) = &self.work[entity];
        distribution.sample(stream.draw(case, 0)).nanos()
    }

    #[inline]
    fn lognormal(&mut self, entity: usize, case: u64) -> u64 {
        let (distribution, stream) = &self.latency[entity];
        distribution.sample(stream.draw(case, 0)).nanos()
    }

    #[inline]
    fn process(&mut self, case: u64) -> u32 {
        self.processes.draw(case, 0).below(1024)
    }
}
