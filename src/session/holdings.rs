//! What a channel holds: figures for each group, and the messages behind a figure.

use channel::{Acknowledgement, Channel, Claim, DeadLetterReason, Exhausted, Group, HeldView, Keeps, Rules};
use kernel::{Span, Time};
use topology::{ChannelId, GroupPlan, Message, MessageState, Place, World};

use crate::figures;
use crate::snapshot::{Column, Counts, GroupView, MessageLine, PartitionView, Pile, PileView};

/// How many messages of a pile are shown.
const MESSAGES_MAX: usize = 50;
/// How many partitions of a log are shown.
const PARTITIONS_MAX: u16 = 16;

const fn pile(words: &'static str, pile: Pile) -> Column {
    Column { words, counts: Counts::Pile(pile) }
}

const LATER: Column = pile("later", Pile::Later);
const HELD: Column = pile("in hand", Pile::Held);
const UNREAD: Column = pile("unread", Pile::Ready);

const QUEUE: &[Column] = &[pile("ready", Pile::Ready), HELD, LATER];
const TABLE: &[Column] = &[
    pile("pending", Pile::Ready),
    pile("running", Pile::Held),
    LATER,
    Column { words: "done", counts: Counts::Done },
];
const OFFSETS: &[Column] = &[UNREAD, HELD, Column { words: "lag", counts: Counts::Lag }];
const STREAM: &[Column] = &[UNREAD, HELD, LATER];
const PASSING: &[Column] = &[pile("unread", Pile::Sent)];

/// What there is to count under these rules.
pub(super) fn columns(rules: &Rules) -> &'static [Column] {
    match rules.keeps {
        Keeps::Queue if rules.delivery.claim != Claim::HandOut => TABLE,
        Keeps::Queue => QUEUE,
        Keeps::Log { .. } if commits(rules) => OFFSETS,
        Keeps::Log { .. } => STREAM,
        Keeps::Nothing => PASSING,
    }
}

fn commits(rules: &Rules) -> bool {
    matches!(rules.delivery.acknowledgement, Acknowledgement::Offset { .. })
}

/// A channel of a world.
#[derive(Clone, Copy)]
pub(super) struct Holder<'w> {
    pub world: &'w World,
    pub id: ChannelId,
}

impl<'w> Holder<'w> {
    fn engine(self) -> &'w Channel {
        self.world.channel(self.id)
    }

    /// How many messages it has put aside; `None` if it does no such thing.
    pub fn aside(self) -> Option<u64> {
        let count = self.world.dead_lettered(self.id);
        let puts_aside = self.engine().rules().delivery.exhausted == Exhausted::DeadLetter;
        (puts_aside || count > 0).then_some(count)
    }

    pub fn groups(self) -> Vec<GroupView> {
        let columns = columns(self.engine().rules());
        let groups = self.world.groups(self.id).iter().enumerate();
        groups.map(|(index, plan)| self.group(Group(index as u16), plan, columns)).collect()
    }

    fn group(self, group: Group, plan: &GroupPlan, columns: &[Column]) -> GroupView {
        let partitions = self.engine().partitions();
        let shown = partitions.min(PARTITIONS_MAX);
        GroupView {
            name: plan.name.clone(),
            note: self.note(group, plan),
            figures: columns.iter().map(|column| self.figure(group, plan, column.counts)).collect(),
            partitions: (0..shown).map(|number| self.partition(group, number)).collect(),
            more_partitions: u64::from(partitions - shown),
        }
    }

    /// What is unusual about a group.
    fn note(self, group: Group, plan: &GroupPlan) -> String {
        let mut notes = Vec::new();
        let subscribers = &self.world.plan().channels[self.id.index()].subscribers;
        for &subscriber in &plan.subscribers {
            if !self.world.is_listening(self.id, subscriber) {
                let service = subscribers[usize::from(subscriber)].service;
                notes.push(format!("{} is away", self.world.plan().name_of(Place::Service(service))));
            }
        }
        if plan.subscribers.is_empty() {
            notes.push("nobody reads it".into());
        }
        let spent = self.engine().spent_len(group);
        if spent > 0 {
            notes.push(format!("{} given up, and kept", figures::count(spent.into())));
        }
        notes.join(", ")
    }

    fn figure(self, group: Group, plan: &GroupPlan, counts: Counts) -> u64 {
        let engine = self.engine();
        let count = match counts {
            Counts::Done => return engine.done_len(group),
            Counts::Lag => {
                return (0..engine.partitions()).map(|number| self.partition(group, number).lag()).sum();
            }
            // The length of what is unread in a log does not ask which subjects a group wants.
            Counts::Pile(Pile::Ready) if engine.partitions() > 0 => engine.ready(group).count(),
            Counts::Pile(Pile::Ready) => engine.ready_len(group),
            Counts::Pile(Pile::Held) => engine.held_len(group),
            Counts::Pile(Pile::Later) => engine.delayed_len(group),
            Counts::Pile(Pile::Sent) => {
                let mut count = 0;
                self.sent(plan, &mut |_| count += 1);
                count
            }
            Counts::Pile(Pile::Aside) => return self.world.dead_lettered(self.id),
        };
        count as u64
    }

    fn partition(self, group: Group, number: u16) -> PartitionView {
        let engine = self.engine();
        let (next, committed) = engine.offsets(group, number);
        let owner = engine.owner(group, number).map_or_else(String::new, |who| self.who(who));
        let committed = commits(engine.rules()).then_some(committed);
        PartitionView { number, end: engine.end(number), next, committed, owner }
    }

    /// Shows messages that were sent to a group, which has not taken them up: what lies in inboxes, first to come
    /// first, and then what is on its way.
    fn sent(self, plan: &GroupPlan, see: &mut dyn FnMut(&Message)) {
        let world = self.world;
        for &index in &plan.subscribers {
            let subscriber = &world.plan().channels[self.id.index()].subscribers[usize::from(index)];
            for slot in world.inbox(subscriber.service) {
                let message = world.message(slot);
                if message.route == subscriber.route {
                    see(message);
                }
            }
            for (_, message) in world.messages() {
                if message.route == subscriber.route && message.state == MessageState::Travelling {
                    see(message);
                }
            }
        }
    }

    /// The messages of a pile, if there is such a group.
    pub fn pile(self, pile: Pile, group: usize) -> Option<PileView> {
        let (world, plan) = (self.world, self.world.groups(self.id).get(group)?);
        let number = Group(group as u16);
        let all = self.figure(number, plan, Counts::Pile(pile));
        let mut messages = Vec::new();
        match pile {
            Pile::Ready | Pile::Later => {
                // What may be handed out only later comes behind what is ready.
                let ready = self.figure(number, plan, Counts::Pile(Pile::Ready)) as usize;
                let first = if pile == Pile::Ready { 0 } else { ready };
                let end = if pile == Pile::Ready { ready } else { usize::MAX };
                for (index, slot) in world.waiting_in(self.id, number).enumerate() {
                    if index >= end || messages.len() == MESSAGES_MAX {
                        break;
                    }
                    if index >= first {
                        let message = world.message(slot);
                        messages.push(self.line(message, message.departed, String::new()));
                    }
                }
            }
            Pile::Held => {
                for held in world.held_in(self.id, number) {
                    if messages.len() == MESSAGES_MAX {
                        break;
                    }
                    messages.push(self.held(held));
                }
            }
            Pile::Sent => self.sent(plan, &mut |message| {
                if messages.len() < MESSAGES_MAX {
                    messages.push(self.sent_line(message));
                }
            }),
            Pile::Aside => messages = self.dead_letters(),
        }
        let more = all.saturating_sub(messages.len() as u64);
        Some(PileView { pile, group, messages, more })
    }

    fn line(self, message: &Message, since: Time, state: String) -> MessageLine {
        MessageLine {
            name: self.world.plan().types[message.message_type.index()].name.clone(),
            case: self.world.case_of(message).number,
            age: self.age(since),
            deliveries: message.deliveries,
            state,
        }
    }

    fn sent_line(self, message: &Message) -> MessageLine {
        let to = self.world.plan().name_of(self.world.plan().routes[message.route.index()].to);
        let place = if message.state == MessageState::Inbox { "in the inbox of" } else { "on its way to" };
        self.line(message, message.departed, format!("{place} {to}"))
    }

    fn held(self, (slot, held): (u32, HeldView)) -> MessageLine {
        let (message, who) = (self.world.message(slot), self.who(held.by));
        let mut state = match message.state {
            MessageState::Travelling => format!("on its way to {who}"),
            MessageState::Inbox => format!("in the inbox of {who}"),
            MessageState::AtWork => format!("in work at {who}"),
            MessageState::Handled if commits(self.engine().rules()) => {
                format!("done at {who}, not committed")
            }
            MessageState::Handled => format!("done at {who}, its acknowledgement is on its way"),
            MessageState::Unreachable => format!("with {who}, who will not answer"),
            MessageState::Vacant | MessageState::Ready => format!("with {who}"),
        };
        if held.needless {
            state.push_str("; another has done it already");
        }
        // A log does not know how often an entry was read.
        let deliveries = if commits(self.engine().rules()) { message.deliveries } else { held.delivery };
        MessageLine { deliveries, ..self.line(message, held.since, state) }
    }

    /// The latest first.
    fn dead_letters(self) -> Vec<MessageLine> {
        let letters = self.world.dead_letters(self.id);
        let first = letters.len().saturating_sub(MESSAGES_MAX);
        let mut lines = Vec::new();
        for letter in letters.skip(first) {
            let why = match letter.reason {
                DeadLetterReason::DeliveryLimit => "it came back too often",
                DeadLetterReason::LengthLimit => "the queue was full",
                DeadLetterReason::Expired => "its time was over",
                DeadLetterReason::Rejected => "it was rejected for good",
            };
            let line = MessageLine {
                name: self.world.plan().types[letter.message_type.index()].name.clone(),
                case: letter.case,
                age: self.age(letter.at),
                deliveries: 0,
                state: why.into(),
            };
            lines.insert(0, line);
        }
        lines
    }

    fn age(self, since: Time) -> String {
        let now = self.world.now();
        figures::span(if since > now { Span::ZERO } else { now.since(since) })
    }

    /// A subscription as a person knows it.
    fn who(self, who: channel::Subscription) -> String {
        let Some((service, worker)) = self.world.subscriber_of(self.id, who) else { return String::new() };
        let name = self.world.plan().name_of(Place::Service(service));
        match worker {
            Some(worker) if self.world.workers(service).len() > 1 => format!("{name}, worker {}", worker + 1),
            Some(_) | None => name.into(),
        }
    }
}
