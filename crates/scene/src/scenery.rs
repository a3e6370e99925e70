//! What stays on the stage after it happened: counts of losses and other marks, and how much runs on each
//! route. Folded from every record; everything else is read from the world.

use std::collections::VecDeque;

use kernel::{Span, Time};
use topology::{FactId, LossReason, Place, Record, RecordKind, RouteId, TypeId};

/// Counts by place and route, as they were at any time up to the latest record.
#[derive(Clone, Debug, Default)]
pub struct Scenery {
    /// In order.
    counts: Vec<((Spot, Mark), Vec<Entry>)>,
    departures: Vec<VecDeque<(Time, TypeId)>>,
    /// The number of the latest record.
    latest: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Place(Place),
    Route(RouteId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Started,
    Lost(LossReason),
    OutOfOrder,
    Twice(FactId),
}

/// The count from one record on.
#[derive(Clone, Copy, Debug)]
struct Entry {
    number: u64,
    time: Time,
    count: u64,
}

/// What has gone wrong at a place so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages lost there, and missed.
    pub lost: u64,
    /// Messages taken up after a later one of their case.
    pub out_of_order: u64,
    /// Facts set again.
    pub twice: u64,
}

/// Beyond so many entries for one count, older ones are thinned out: after seeking back that far, the count
/// is a little too low.
const ENTRIES_MAX: usize = 20_000;
/// The latest departures on a route that its flow is computed from.
const DEPARTURES_MAX: usize = 96;

/// How much runs on a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flow {
    /// Messages per simulated second.
    pub(crate) per_second: f64,
    /// The type of most of them.
    pub(crate) message_type: TypeId,
    /// When the last of them set out.
    pub(crate) latest: Time,
}

impl Scenery {
    /// Takes a record in. Records that were taken before, after a step back, replace what followed them.
    pub fn take(&mut self, record: &Record) {
        if record.number <= self.latest {
            self.forget_from(record);
        }
        self.latest = record.number;
        let here = Spot::Place(record.place);
        if let RecordKind::Sent { route, .. } = record.kind {
            self.depart(route, record);
        } else if let RecordKind::CaseStarted { .. } = record.kind {
            self.count(here, Mark::Started, record);
        } else if let RecordKind::Lost { reason, route, .. } = record.kind {
            let on_the_way = matches!(reason, LossReason::Network | LossReason::Partition);
            self.count(if on_the_way { Spot::Route(route) } else { here }, Mark::Lost(reason), record);
        } else if record.kind == RecordKind::OutOfOrder {
            self.count(here, Mark::OutOfOrder, record);
        } else if let RecordKind::FactSet { fact, before, .. } = record.kind
            && before > 0
        {
            self.count(here, Mark::Twice(fact), record);
        }
    }

    /// Back to an empty stage.
    pub fn reset(&mut self) {
        *self = Scenery::default();
    }

    /// What has gone wrong at a place up to a time.
    pub fn at_place(&self, place: Place, now: Time) -> Tally {
        self.tally(Spot::Place(place), now)
    }

    /// How many messages were lost at a place up to a time, by reason.
    pub fn losses_at(&self, place: Place, now: Time) -> impl Iterator<Item = (LossReason, u64)> + '_ {
        self.marks(Spot::Place(place), now).filter_map(|(mark, count)| match mark {
            Mark::Lost(reason) => Some((reason, count)),
            Mark::Started | Mark::OutOfOrder | Mark::Twice(_) => None,
        })
    }

    /// How many messages were lost on a route up to a time.
    pub fn lost_on(&self, route: RouteId, now: Time) -> u64 {
        self.tally(Spot::Route(route), now).lost
    }

    /// How many requests came from a client up to a time.
    pub(crate) fn requests_of(&self, client: Place, now: Time) -> u64 {
        let started = self.find(Spot::Place(client), Mark::Started);
        started.map_or(0, |index| count_at(&self.counts[index].1, now))
    }

    /// What ran on a route during the time before `now`.
    pub(crate) fn flow(&self, route: RouteId, now: Time, during: Span) -> Option<Flow> {
        let departures = self.departures.get(route.index())?;
        let recent = departures.iter().filter(|(at, _)| *at <= now && now.since(*at) <= during);
        let mut by_type: Vec<(usize, TypeId)> = Vec::new();
        let mut count = 0_usize;
        let (mut oldest, mut latest) = (now, Time::ZERO);
        for &(at, message_type) in recent {
            match by_type.iter_mut().find(|(_, known)| *known == message_type) {
                Some((count, _)) => *count += 1,
                None => by_type.push((1, message_type)),
            }
            count += 1;
            oldest = oldest.min(at);
            latest = latest.max(at);
        }
        let (_, message_type) = by_type.into_iter().max()?;
        // Where the list is full it reaches less far back than was asked for.
        let full = count == DEPARTURES_MAX;
        let during = if full { now.since(oldest) } else { during };
        let seconds = during.seconds().min(now.seconds()).max(1e-9);
        Some(Flow { per_second: count as f64 / seconds, message_type, latest })
    }

    fn tally(&self, spot: Spot, now: Time) -> Tally {
        let mut tally = Tally::default();
        for (mark, count) in self.marks(spot, now) {
            match mark {
                Mark::Started => {}
                Mark::Lost(reason) => tally.lost += if reason.is_missed() { count } else { 0 },
                Mark::OutOfOrder => tally.out_of_order += count,
                Mark::Twice(_) => tally.twice += count,
            }
        }
        tally
    }

    fn marks(&self, spot: Spot, now: Time) -> impl Iterator<Item = (Mark, u64)> + '_ {
        let first = self.counts.partition_point(|((earlier, _), _)| *earlier < spot);
        let here = self.counts[first..].iter().take_while(move |((other, _), _)| *other == spot);
        here.map(move |((_, mark), entries)| (*mark, count_at(entries, now))).filter(|&(_, count)| count > 0)
    }

    /// Where the counts of a mark are, or where they would be.
    fn find(&self, spot: Spot, mark: Mark) -> Result<usize, usize> {
        self.counts.binary_search_by(|(known, _)| known.cmp(&(spot, mark)))
    }

    fn count(&mut self, spot: Spot, mark: Mark, record: &Record) {
        let index = self.find(spot, mark).unwrap_or_else(|index| {
            self.counts.insert(index, ((spot, mark), Vec::new()));
            index
        });
        let entries = &mut self.counts[index].1;
        let count = entries.last().map_or(0, |last| last.count) + 1;
        entries.push(Entry { number: record.number, time: record.time, count });
        if entries.len() > ENTRIES_MAX {
            let mut index = 0;
            entries.retain(|_| {
                index += 1;
                index > ENTRIES_MAX / 2 || index % 2 == 0
            });
        }
    }

    fn depart(&mut self, route: RouteId, record: &Record) {
        if self.departures.len() <= route.index() {
            self.departures.resize_with(route.index() + 1, VecDeque::new);
        }
        let departures = &mut self.departures[route.index()];
        if departures.len() == DEPARTURES_MAX {
            departures.pop_front();
        }
        departures.push_back((record.time, record.message_type));
    }

    fn forget_from(&mut self, record: &Record) {
        for (_, entries) in &mut self.counts {
            entries.truncate(entries.partition_point(|entry| entry.number < record.number));
        }
        for departures in &mut self.departures {
            departures.retain(|(at, _)| *at < record.time);
        }
    }
}

fn count_at(entries: &[Entry], now: Time) -> u64 {
    let after = entries.partition_point(|entry| entry.time <= now);
    after.checked_sub(1).map_or(0, |last| entries[last].count)
}
