//! The story of a run: its records, found by case, by place and by cause.

use channel::Rules;
use kernel::Time;
use topology::{
    Act, ChannelId, Handler, MessageKind, Place, Plan, Record, RecordKind, RouteId, ServiceId, Step, TypeId,
};

/// The records of a run, indexed once, so that many questions can be asked about it.
#[derive(Clone, Debug)]
pub struct Story<'r> {
    pub(super) plan: &'r Plan,
    pub(super) records: &'r [Record],
    /// Where the records of each case begin in `of_cases`; one more than there are cases.
    begins: Vec<u32>,
    /// Positions of records, case after case, each case in order.
    of_cases: Vec<u32>,
    /// Positions of what was done to the system.
    acts: Vec<u32>,
    /// For each service, the positions of what its workers took up.
    taken: Vec<Vec<u32>>,
}

/// The copies of the messages of a case, by number, each with the number of the first copy.
#[derive(Debug)]
pub(super) struct Origins(Vec<(u32, u32)>);

impl Origins {
    /// The first copy of the message of which this is one.
    pub(super) fn of(&self, copy: u32) -> Option<u32> {
        let place = self.0.binary_search_by_key(&copy, |&(copy, _)| copy).ok()?;
        self.0.get(place).map(|&(_, origin)| origin)
    }
}

impl<'r> Story<'r> {
    /// Indexes the records of a run of this plan: all of them, from the first to the present, in order.
    pub fn new(plan: &'r Plan, records: &'r [Record]) -> Self {
        let mut counts: Vec<u32> = Vec::new();
        let (mut acts, mut taken) = (Vec::new(), vec![Vec::new(); plan.services.len()]);
        for (index, record) in records.iter().enumerate() {
            if let (RecordKind::Taken { .. }, Place::Service(service)) = (record.kind, record.place) {
                taken[service.index()].push(index as u32);
            }
            if let RecordKind::Act { .. } = record.kind {
                acts.push(index as u32);
            }
            if record.case != Record::NONE {
                let case = record.case as usize;
                if counts.len() <= case {
                    counts.resize(case + 1, 0);
                }
                counts[case] += 1;
            }
        }
        let mut begins = Vec::with_capacity(counts.len() + 1);
        let mut sum = 0;
        for count in &mut counts {
            begins.push(sum);
            sum += std::mem::replace(count, sum);
        }
        begins.push(sum);
        let mut of_cases = vec![0; sum as usize];
        for (index, record) in records.iter().enumerate() {
            if let Some(next) = counts.get_mut(record.case as usize) {
                of_cases[*next as usize] = index as u32;
                *next += 1;
            }
        }
        Story { plan, records, begins, of_cases, acts, taken }
    }

    /// How many cases there are.
    pub(super) fn cases(&self) -> u32 {
        self.begins.len() as u32 - 1
    }

    /// The records of a case, in order.
    pub fn case(&self, case: u32) -> impl DoubleEndedIterator<Item = &'r Record> + Clone + '_ {
        let case = case as usize;
        let range = match (self.begins.get(case), self.begins.get(case.saturating_add(1))) {
            (Some(&begin), Some(&end)) => begin as usize..end as usize,
            (_, _) => 0..0,
        };
        self.of_cases[range].iter().map(|&index| &self.records[index as usize])
    }

    /// The record of that number; none for 0.
    pub fn record(&self, number: u64) -> Option<&'r Record> {
        let first = self.records.first()?.number;
        let found = self.records.get(usize::try_from(number.checked_sub(first)?).ok()?)?;
        (found.number == number).then_some(found)
    }

    /// What led to a record.
    pub(super) fn cause(&self, record: &Record) -> Option<&'r Record> {
        self.record(record.cause)
    }

    /// A record and what led to it, one after the other.
    pub(super) fn causes(&self, record: &'r Record) -> impl Iterator<Item = &'r Record> + '_ {
        std::iter::successors(Some(record), |record| self.cause(record))
    }

    /// When the last record was made.
    pub(super) fn end(&self) -> Time {
        self.records.last().map_or(Time::ZERO, |record| record.time)
    }

    /// What was done to the system before a record, the latest first.
    pub(super) fn acts_before(&self, number: u64) -> impl Iterator<Item = (&'r Record, Act)> + '_ {
        let acts = self.acts.iter().rev().map(|&index| &self.records[index as usize]);
        acts.filter(move |record| record.number < number).filter_map(|record| {
            let RecordKind::Act { act } = record.kind else { return None };
            Some((record, act))
        })
    }

    /// What the workers of a service took up, the latest first.
    pub(super) fn taken(&self, service: ServiceId) -> impl DoubleEndedIterator<Item = &'r Record> + '_ {
        self.taken[service.index()].iter().rev().map(|&index| &self.records[index as usize])
    }

    /// The places in whose crash a place stops: itself, and for a channel within a process its publishers.
    fn stops_with(&self, place: Place, crashed: Place) -> bool {
        let within = match place {
            Place::Channel(channel) => {
                let plan = &self.plan.channels[channel.index()];
                let publishes = |service: &ServiceId| Place::Service(*service) == crashed;
                plan.rules.in_process && plan.publishers.iter().any(publishes)
            }
            Place::Client(_) | Place::Service(_) => false,
        };
        place == crashed || within
    }

    /// The latest crash that stopped a place before a record, and what brought it back before it.
    pub(super) fn crash(&self, place: Place, number: u64) -> Option<(&'r Record, Option<&'r Record>)> {
        let (mut crash, mut back) = (None, None);
        for (record, act) in self.acts_before(number) {
            match act {
                Act::Crash { place: crashed } if self.stops_with(place, crashed) => crash = Some(record),
                // What was brought back before has crashed since; an earlier crash is another one.
                Act::Restart { place: restarted } if self.stops_with(place, restarted) => {
                    if crash.is_some() {
                        break;
                    }
                    back = Some(record);
                }
                Act::Crash { .. }
                | Act::Restart { .. }
                | Act::Slow { .. }
                | Act::Cut { .. }
                | Act::Mend { .. }
                | Act::Rebuild { .. }
                | Act::Profile { .. } => {}
            }
        }
        Some((crash?, back))
    }

    /// The crash on whose account a place was down at some time from `since` until a record.
    pub(super) fn outage(&self, place: Place, since: Time, until: u64) -> Option<&'r Record> {
        let (crash, back) = self.crash(place, until)?;
        back.is_none_or(|back| back.time >= since).then_some(crash)
    }

    /// The act that made a service slow, as it was when a record was made.
    pub(super) fn slowed(&self, service: ServiceId, number: u64) -> Option<&'r Record> {
        for (record, act) in self.acts_before(number) {
            if let Act::Slow { service: slow, factor } = act
                && slow == service
            {
                return (factor > 1.0).then_some(record);
            }
        }
        None
    }

    /// The act that has cut a route, as it was when a record was made.
    pub(super) fn cut(&self, route: RouteId, number: u64) -> Option<&'r Record> {
        let route = &self.plan.routes[route.index()];
        let same =
            |one, other| (route.from, route.to) == (one, other) || (route.to, route.from) == (one, other);
        for (record, act) in self.acts_before(number) {
            match act {
                Act::Cut { one, other } if same(one, other) => return Some(record),
                Act::Mend { one, other } if same(one, other) => return None,
                Act::Crash { .. }
                | Act::Restart { .. }
                | Act::Slow { .. }
                | Act::Cut { .. }
                | Act::Mend { .. }
                | Act::Rebuild { .. }
                | Act::Profile { .. } => {}
            }
        }
        None
    }

    /// The profile and the rules of a channel, as they were when a record was made.
    pub(super) fn rules(&self, channel: ChannelId, number: u64) -> (&'static str, &'r Rules) {
        for (_, act) in self.acts_before(number) {
            if let Act::Profile { channel: other, number } = act
                && other == channel
                && let Some(chosen) = self.plan.alternatives.get(usize::from(number))
            {
                return (chosen.profile, &chosen.rules);
            }
        }
        let plan = &self.plan.channels[channel.index()];
        (plan.profile, &plan.rules)
    }

    /// The steps of a handler, with their positions in the program.
    pub(super) fn steps(&self, handler: &Handler) -> impl Iterator<Item = (u32, &'r Step)> + '_ {
        let start = handler.start as usize;
        let program = self.plan.program.iter().enumerate().skip(start);
        let later = self.plan.handlers.iter().map(|other| other.start).filter(|&other| other > handler.start);
        // After the last handler comes one step for messages without a handler.
        let end = later.min().unwrap_or(self.plan.program.len() as u32 - 1) as usize;
        program.take(end.saturating_sub(start)).map(|(index, step)| (index as u32, step))
    }

    /// The services that hear a type of message on its way to a target.
    pub(super) fn reaches(&self, to: Place, service: ServiceId, message_type: TypeId) -> bool {
        match to {
            Place::Service(other) => other == service,
            Place::Channel(channel) => {
                let plan = &self.plan.channels[channel.index()];
                let hears = plan.subscribers.iter().any(|subscriber| {
                    subscriber.service == service && subscriber.types.contains(&message_type)
                });
                hears
                    || plan.dead_letter_to.is_some_and(|to| {
                        to != channel && self.reaches(Place::Channel(to), service, message_type)
                    })
            }
            Place::Client(_) => false,
        }
    }

    /// Whether a type of message is a command or an event that was sent, and not an answer about one.
    pub(super) fn is_message(kind: MessageKind) -> bool {
        match kind {
            MessageKind::Command | MessageKind::Event => true,
            MessageKind::Reply | MessageKind::Acknowledgement | MessageKind::Cancellation => false,
        }
    }

    /// The copies of messages of a case, each with the number of the first copy.
    pub(super) fn origins(&self, case: u32) -> Origins {
        let mut origins = Origins(Vec::new());
        for record in self.case(case).filter(|record| record.message != Record::NONE) {
            let Err(place) = origins.0.binary_search_by_key(&record.message, |&(copy, _)| copy) else {
                continue;
            };
            let origin = if let RecordKind::Sent { origin, .. } = record.kind {
                origin
            } else {
                // A copy that a channel made goes on where the copy was that it was made from.
                let cause = self.cause(record).map_or(record.message, |cause| cause.message);
                let parent =
                    if let RecordKind::Duplicated { origin, .. } = record.kind { origin } else { cause };
                origins.of(parent).unwrap_or(parent)
            };
            origins.0.insert(place, (record.message, origin));
        }
        origins
    }

    /// How the message was taken up that a handler had in hand when it made a record.
    pub(super) fn taken_of(&self, record: &'r Record) -> Option<&'r Record> {
        let is_it = |it: &&Record| matches!(it.kind, RecordKind::Taken { .. }) && it.place == record.place;
        let mut before = self.case(record.case).rev().filter(|it| it.number <= record.number);
        let own = before.find(|it| is_it(it) && it.message == record.message);
        // A handler that is kept, or whose message was taken back, goes on with a copy of its own.
        own.or_else(|| self.causes(record).find(is_it))
    }

    /// How a message was last sent before a record, by its cause.
    pub(super) fn sent_before(&self, record: &'r Record) -> Option<(&'r Record, RouteId, MessageKind)> {
        self.causes(record).find_map(|record| {
            let RecordKind::Sent { route, kind, .. } = record.kind else { return None };
            Some((record, route, kind))
        })
    }
}
