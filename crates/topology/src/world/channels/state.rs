//! What is true now of a channel: its engine, its groups and members, and the copies that it answers for.

use std::collections::{BTreeMap, VecDeque};

use channel::{
    Acknowledgement, Audience, Channel, Choice, Claim, DeadLetterReason, Delivery, Group, GroupTerms,
    HandsOut, Keeps, MemberTerms, Return, Rules, Subject, Subscription,
};
use kernel::{Purpose, Stream, Time};

use crate::{ChannelId, GroupPlan, Plan, TypeId};

#[derive(Clone, Debug)]
pub(crate) struct ChannelState {
    pub(crate) engine: Channel,
    /// The profile that its rules were made from.
    pub(crate) profile: &'static str,
    pub(crate) groups: Vec<GroupPlan>,
    /// By the number of their subscription.
    pub(crate) members: Vec<Member>,
    /// By type of message.
    pub(crate) subjects: Vec<Subject>,
    pub(crate) copies: Copies,
    /// The slots of the copies that the channel answers for, by [`ChannelState::key`]; where handles are slots
    /// it is not needed.
    pub(crate) kept: BTreeMap<u64, u32>,
    /// Whether the work begins with asking the channel for the message.
    pub(crate) claims: bool,
    pub(crate) awaits: Awaits,
    /// For when the next look at it is scheduled; [`Time::MAX`]: not at all.
    pub(crate) scheduled: Time,
    /// When it last went down or came up.
    pub(crate) since: Time,
    pub(crate) dead_lettered: u64,
    /// The latest of them, oldest first.
    pub(crate) dead_letters: VecDeque<DeadLetter>,
}

/// A subscription: a service, or one worker of it where each is a consumer with a loop of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Which of the channel's subscribers.
    pub(crate) subscriber: u16,
    pub(crate) worker: Option<u16>,
    /// Whether a message of its loop is being worked on; the next one waits for it, so that a loop keeps order.
    pub(crate) busy: bool,
}

/// What a handle names, and of which copies a message consists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copies {
    /// A queue with one group: the message itself waits and is handed out. Its handle is its slot.
    Same,
    /// A table polled by one group: the same, but one row may be in several hands, and be done more than once.
    /// So its handle is its number, which is never used again.
    Row,
    /// Each group has a copy of its own, which the channel keeps for it. Handles are numbers.
    PerGroup,
    /// Nothing is kept: a copy is made when it is sent.
    Passing,
}

/// What a channel waits to hear of a delivery that it needs no acknowledgement for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaits {
    Nothing,
    /// That it was read: a subscriber that leaves too much unread is cut off.
    Reading,
    /// That its consumer is done with it, and asks for the next.
    Work,
}

/// A message that was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number in the run.
    pub message: u32,
    /// Its type.
    pub message_type: TypeId,
    /// The number of its case.
    pub case: u32,
    /// Why.
    pub reason: DeadLetterReason,
    /// When.
    pub at: Time,
}

impl ChannelState {
    /// How many dead letters are kept for looking at.
    pub(crate) const DEAD_LETTERS_MAX: usize = 100;

    /// An empty channel with its groups, whose members are all connected.
    pub(crate) fn new(
        plan: &Plan,
        id: ChannelId,
        (profile, rules): (&'static str, &Rules),
        now: Time,
        seed: u64,
    ) -> Self {
        let groups = plan.groups_of(id, rules);
        let copies = Copies::of(rules, groups.len());
        // The engine makes a copy for each group only where it is told that everybody gets one.
        let audience = if copies == Copies::PerGroup { Audience::EverySubscription } else { rules.audience };
        let chance = Stream::new(seed, Purpose::Delivery, &plan.channels[id.index()].name);
        let engine = Channel::new(Rules { audience, ..rules.clone() }, chance.draw(0, 0).bits());
        let mut state = ChannelState {
            engine,
            profile,
            groups,
            members: Vec::new(),
            subjects: Vec::new(),
            copies,
            kept: BTreeMap::new(),
            claims: false,
            awaits: Awaits::Nothing,
            scheduled: Time::MAX,
            since: Time::ZERO,
            dead_lettered: 0,
            dead_letters: VecDeque::new(),
        };
        state.note_rules(rules);
        // An empty channel has no effects.
        let mut effects = Vec::new();
        state.engine.advance(now, &mut effects);
        state.form_groups(plan, id, rules, &mut effects);
        state.subjects = plan.types.iter().map(|known| state.engine.subject(&known.subject)).collect();
        debug_assert!(effects.is_empty());
        state
    }

    fn form_groups(&mut self, plan: &Plan, id: ChannelId, rules: &Rules, effects: &mut Vec<channel::Effect>) {
        for planned in &self.groups {
            let group = self.engine.add_group(GroupTerms::default());
            for pattern in &planned.bindings {
                self.engine.bind(group, pattern, 1, effects);
            }
            for &subscriber in &planned.subscribers {
                let service = plan.channels[id.index()].subscribers[usize::from(subscriber)].service;
                let workers = plan.services[service.index()].workers;
                let loops = if has_loops(rules) { (0..workers).map(Some).collect() } else { vec![None] };
                for worker in loops {
                    let share = if worker.is_none() { workers } else { 1 };
                    let terms = MemberTerms { prefetch: prefetch_of(share, rules), ..MemberTerms::default() };
                    self.engine.subscribe(group, terms, effects);
                    self.members.push(Member { subscriber, worker, busy: false });
                }
            }
        }
    }

    /// Works out what the rules mean for how messages are treated.
    pub(crate) fn note_rules(&mut self, rules: &Rules) {
        let delivery = &rules.delivery;
        self.claims =
            delivery.claim != Claim::HandOut || delivery.acknowledgement == Acknowledgement::BeforeWork;
        self.awaits = match delivery.hands_out {
            HandsOut::Pull { .. } | HandsOut::Poll { .. } => Awaits::Work,
            HandsOut::Push if delivery.unread_limit.is_some() => Awaits::Reading,
            HandsOut::Push => Awaits::Nothing,
        };
    }

    /// Whether other rules can take over what is kept under these.
    pub(crate) fn can_follow(&self, plan: &Plan, id: ChannelId, rules: &Rules) -> bool {
        let now = self.engine.rules();
        let same_log = match (now.keeps, rules.keeps) {
            (Keeps::Nothing, Keeps::Nothing) | (Keeps::Queue, Keeps::Queue) => true,
            (Keeps::Log { partitions: one, .. }, Keeps::Log { partitions: other, .. }) => one == other,
            (Keeps::Nothing | Keeps::Queue | Keeps::Log { .. }, _) => false,
        };
        let groups = plan.groups_of(id, rules);
        same_log
            && prefetch_of(1, now) == prefetch_of(1, rules)
            && books(&now.delivery) == books(&rules.delivery)
            && self.copies == Copies::of(rules, groups.len())
            && self.groups == groups
            && now.routing == rules.routing
    }

    /// Where a copy is found in [`ChannelState::kept`].
    pub(crate) fn key(handle: u32, group: Group) -> u64 {
        u64::from(handle) << 16 | u64::from(group.0)
    }

    /// The members that a subscriber has.
    pub(crate) fn members_of(&self, subscriber: u16) -> impl Iterator<Item = Subscription> + '_ {
        let of_it =
            self.members.iter().enumerate().filter(move |(_, member)| member.subscriber == subscriber);
        of_it.map(|(index, _)| Subscription(index as u16))
    }

    /// The member of a subscription; none for one that the channel had under earlier rules.
    #[inline]
    pub(crate) fn member(&self, who: Subscription) -> Option<&Member> {
        self.members.get(usize::from(who.0))
    }

    pub(crate) fn note_dead_letter(&mut self, letter: DeadLetter) {
        self.dead_lettered += 1;
        if self.dead_letters.len() == Self::DEAD_LETTERS_MAX {
            self.dead_letters.pop_front();
        }
        self.dead_letters.push_back(letter);
    }
}

impl Copies {
    fn of(rules: &Rules, groups: usize) -> Self {
        let delivery = &rules.delivery;
        let shared = rules.audience == Audience::OneConsumer && groups == 1;
        match rules.keeps {
            Keeps::Nothing if delivery.acknowledgement == Acknowledgement::OnHandOut => Copies::Passing,
            Keeps::Queue if shared && delivery.claim == Claim::HandOut => Copies::Same,
            Keeps::Queue if shared => Copies::Row,
            Keeps::Nothing | Keeps::Queue | Keeps::Log { .. } => Copies::PerGroup,
        }
    }

    /// Whether the published message itself is what the channel keeps.
    pub(crate) fn is_message_itself(self) -> bool {
        matches!(self, Copies::Same | Copies::Row)
    }
}

/// What decides how an engine keeps its books of who has what.
fn books(delivery: &Delivery) -> impl PartialEq {
    let by_offset = matches!(delivery.acknowledgement, Acknowledgement::Offset { .. });
    let by_owner = matches!(delivery.choice, Choice::Partition(_));
    let by_attempts = delivery.rejected_to == Return::ByAttempts;
    let asks = delivery.hands_out != HandsOut::Push;
    (delivery.claim, delivery.one_per_key, by_offset, by_owner, by_attempts, asks)
}

/// The limit of a member that stands for so many workers, if it is another than the group's.
fn prefetch_of(workers: u16, rules: &Rules) -> Option<u32> {
    let each = rules.delivery.prefetch.filter(|_| rules.delivery.prefetch_per_worker);
    each.map(|each| each.saturating_mul(workers.into()))
}

/// Whether each worker of a service is a consumer with a loop of its own.
fn has_loops(rules: &Rules) -> bool {
    rules.delivery.hands_out != HandsOut::Push || matches!(rules.delivery.choice, Choice::Partition(_))
}
