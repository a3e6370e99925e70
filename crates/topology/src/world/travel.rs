//! Messages on their way: what a link does to them, and what happens where they arrive.

use channel::{Group, Subscription, Tag};
use kernel::{Span, Time};

use super::parts::{Asker, Happening, Message, MessageState, Report};
use super::values::Carries;
use super::{Halt, World};
use crate::{LossReason, MessageKind, Place, Record, RecordKind, RouteId, TypeId};

/// Marks the second of two copies in the key of a draw.
const DUPLICATE: u64 = 1 << 32;

/// A message about to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) case: u32,
    pub(super) route: RouteId,
    pub(super) message_type: TypeId,
    pub(super) kind: MessageKind,
    pub(super) asker: Asker,
    pub(super) ok: bool,
    pub(super) tag: Option<Tag>,
    pub(super) subscription: Subscription,
    /// Whose fields it has.
    pub(super) carries: Carries,
    /// The record that led to it.
    pub(super) cause: u64,
}

impl Draft {
    /// A message that nobody waits for.
    pub(super) fn new(
        case: u32,
        route: RouteId,
        message_type: TypeId,
        kind: MessageKind,
        cause: u64,
    ) -> Self {
        Draft {
            case,
            route,
            message_type,
            kind,
            asker: Asker::Nobody,
            ok: true,
            tag: None,
            subscription: Subscription(0),
            carries: Carries::Nothing,
            cause,
        }
    }
}

impl World {
    /// Makes a message and sets it on its way.
    #[inline]
    pub(super) fn send(&mut self, draft: Draft) -> u32 {
        let slot = self.draw_up(draft);
        self.depart(slot, draft.route);
        slot
    }

    /// Whether a service that sends along a route now learns that nothing gets into the channel at its end.
    #[inline]
    pub(super) fn is_refused(&self, route: RouteId) -> bool {
        let Place::Channel(channel) = self.plan.routes[route.index()].to else { return false };
        let engine = &self.channels[channel.index()].engine;
        (!engine.is_up() || self.routes[route.index()].cut) && engine.rules().refuses_when_down()
    }

    /// Makes a message whose channel refuses it: it is lost where it was refused, at once.
    #[cold]
    pub(super) fn send_in_vain(&mut self, draft: Draft) {
        let slot = self.draw_up(draft);
        let Draft { route, kind, .. } = draft;
        let (from, to) = (self.plan.routes[route.index()].from, self.plan.routes[route.index()].to);
        let origin = self.messages[slot].origin;
        self.emit_about(slot, from, RecordKind::Sent { route, kind, origin });
        if self.routes[route.index()].cut {
            self.dropped(slot, route, LossReason::Partition);
        } else {
            self.lose(slot, to, LossReason::BrokerDown);
        }
    }

    /// Makes a message and sets it on its way at a later moment. Until then it has no place in any order, and the
    /// network does nothing to it.
    pub(super) fn send_later(&mut self, draft: Draft, at: Time) {
        let slot = self.draw_up(draft);
        let here = self.plan.routes[draft.route.index()].from;
        let message = &mut self.messages[slot];
        (message.departed, message.arrives, message.ordinal) = (at, Time::MAX, Message::WITHOUT_ORDER);
        let (route, kind, origin) = (message.route, message.kind, message.origin);
        self.emit_about(slot, here, RecordKind::Sent { route, kind, origin });
        self.set_state(slot, MessageState::Travelling);
        self.schedule(at, Happening::Leave(slot));
    }

    /// A message leaves that was to leave later.
    pub(super) fn leave(&mut self, slot: u32) {
        let message = &self.messages[slot];
        if (message.state, message.departed, message.arrives)
            == (MessageState::Travelling, self.now, Time::MAX)
        {
            self.enter_link(slot, message.route);
        }
    }

    /// Makes a message.
    #[inline(always)]
    fn draw_up(&mut self, draft: Draft) -> u32 {
        let ordinal = self.cases[draft.case].made;
        self.cases[draft.case].made = ordinal.saturating_add(1);
        let slot = self.make(Message {
            number: self.messages_made,
            origin: self.messages_made,
            message_type: draft.message_type,
            kind: draft.kind,
            state: MessageState::Vacant,
            duplicate: false,
            ok: draft.ok,
            route: draft.route,
            deliveries: 0,
            departed: self.now,
            arrives: self.now,
            case: draft.case,
            ordinal,
            session: 0,
            cause: draft.cause,
            asker: draft.asker,
            tag: draft.tag,
            subscription: draft.subscription,
            handle: 0,
            group: Group(0),
            kept: false,
            report: Report::Nothing,
        });
        if !self.fields.is_empty() {
            self.fields.fill(slot, draft.carries);
        }
        if self.keys.is_used {
            self.keys.number(slot, self.cases[draft.case].entity);
        }
        slot
    }

    /// Puts a message into a slot and into the ledger. It gets the next number.
    #[inline]
    pub(super) fn make(&mut self, message: Message) -> u32 {
        if self.messages.len() >= World::LIVE_MESSAGES_MAX {
            self.halt(Halt::LiveMessages, self.plan.routes[message.route.index()].from);
        }
        if self.messages_made == Record::NONE - 1 {
            self.halt(Halt::Numbers, self.plan.routes[message.route.index()].from);
        }
        let case = message.case;
        let slot = self.messages.insert(Message { number: self.messages_made, ..message });
        self.messages_made = self.messages_made.saturating_add(1);
        self.cases[case].live += 1;
        self.ledger.published += 1;
        slot
    }

    /// A copy of a message, as a message of its own, which no channel answers for. It is nowhere yet.
    #[inline]
    pub(super) fn copy(&mut self, slot: u32) -> u32 {
        let copy = Message {
            state: MessageState::Vacant,
            tag: None,
            kept: false,
            report: Report::Nothing,
            ..self.messages[slot].clone()
        };
        let copy = self.make(copy);
        if !self.fields.is_empty() {
            self.fields.copy(slot, copy);
        }
        if self.keys.is_used {
            self.keys.copy(slot, copy);
        }
        copy
    }

    /// Sets a message on its way along a route; the link may lose, double or delay it.
    #[inline]
    pub(super) fn depart(&mut self, slot: u32, route: RouteId) {
        let here = self.plan.routes[route.index()].from;
        let message = &mut self.messages[slot];
        message.route = route;
        message.departed = self.now;
        let (kind, origin) = (message.kind, message.origin);
        self.emit_about(slot, here, RecordKind::Sent { route, kind, origin });
        self.set_state(slot, MessageState::Travelling);
        self.enter_link(slot, route);
    }

    /// What the link does to a message that leaves now.
    #[inline(always)]
    fn enter_link(&mut self, slot: u32, route: RouteId) {
        let case = self.messages[slot].case;
        let place = self.plan.place_index(self.plan.routes[route.index()].to);
        let hop = self.count(self.row.hops(case, place));
        let doubled = self.plan.link(route).duplication;
        if doubled > 0.0 && self.luck[place].duplication.draw(self.cases[case].key, hop).chance(doubled) {
            self.duplicate(slot, route, hop | DUPLICATE);
        }
        self.travel(slot, route, hop);
    }

    fn duplicate(&mut self, slot: u32, route: RouteId, hop: u64) {
        let copy = self.copy(slot);
        let (origin, from) = (self.messages[slot].number, self.plan.routes[route.index()].from);
        self.messages[copy].duplicate = true;
        self.ledger.duplicated += 1;
        self.emit_about(copy, from, RecordKind::Duplicated { route, origin });
        self.set_state(copy, MessageState::Travelling);
        self.travel(copy, route, hop);
    }

    /// The journey itself: loss, then how long it takes. Chance is keyed by how many messages of the case
    /// were sent to this place before.
    #[inline]
    fn travel(&mut self, slot: u32, route: RouteId, hop: u64) {
        let to = self.plan.routes[route.index()].to;
        let luck = &self.luck[self.plan.place_index(to)];
        let key = self.cases[self.messages[slot].case].key;
        let link = self.plan.link(route);
        if self.routes[route.index()].cut {
            return self.dropped(slot, route, LossReason::Partition);
        }
        if link.loss > 0.0 && luck.loss.draw(key, hop).chance(link.loss) {
            return self.dropped(slot, route, LossReason::Network);
        }
        let latency = link.latency.sample(luck.latency.draw(key, hop));
        let keeps_place = link.reordering < 1.0
            && !(link.reordering > 0.0 && luck.reordering.draw(key, hop).chance(link.reordering));
        let arrives = self.arrival(route, latency, keeps_place);
        self.messages[slot].arrives = arrives;
        self.schedule(arrives, Happening::Travel(slot));
    }

    /// When something that leaves now arrives; whatever keeps its place waits for what left before it.
    #[inline]
    pub(super) fn arrival(&mut self, route: RouteId, latency: Span, keeps_place: bool) -> Time {
        let arrives = self.now + latency;
        if !keeps_place {
            return arrives;
        }
        let last = &mut self.routes[route.index()].last;
        *last = arrives.max(*last);
        *last
    }

    /// The network loses a message. What a channel still holds comes back once the channel has noticed.
    fn dropped(&mut self, slot: u32, route: RouteId, reason: LossReason) {
        self.routes[route.index()].lost += 1;
        let from = self.plan.routes[route.index()].from;
        let message = &self.messages[slot];
        if message.kind == MessageKind::Acknowledgement {
            if let Some((delivery, _)) = self.handled_delivery(slot) {
                match self.messages[delivery].kept {
                    true => self.becomes_unreachable(delivery),
                    false => self.end_unanswered(delivery, self.messages[slot].ok),
                }
            }
            self.lose(slot, from, reason);
        } else if message.kept {
            self.emit_about(slot, from, RecordKind::Dropped);
            self.becomes_unreachable(slot);
        } else {
            self.lose(slot, from, reason);
        }
    }

    /// A message arrives, unless it was called back in the meantime.
    #[inline]
    pub(super) fn arrive(&mut self, slot: u32) {
        let message = &self.messages[slot];
        if message.state != MessageState::Travelling || message.arrives != self.now {
            return;
        }
        match self.plan.routes[message.route.index()].to {
            Place::Service(service) if message.kind == MessageKind::Reply => {
                self.reply_arrives(slot, service)
            }
            Place::Service(service) if message.kind == MessageKind::Cancellation => {
                self.cancellation_arrives(slot, service);
            }
            Place::Service(service) => self.arrive_at_service(slot, service),
            Place::Channel(channel) => self.arrive_at_channel(slot, channel),
            Place::Client(client) => {
                let (case, ok, cause) = (message.case, message.ok, message.cause);
                if self.answer_customer(case, ok, cause) {
                    self.deliver(slot, Place::Client(client));
                } else {
                    self.lose(slot, Place::Client(client), LossReason::TooLate);
                }
            }
        }
    }

    /// Answers whoever asked for this message, with yes or no.
    pub(super) fn answer(&mut self, slot: u32, ok: bool, cause: u64) {
        self.answer_with(slot, ok, Carries::Message(slot), cause);
    }

    /// Answers whoever asked for this message.
    pub(super) fn answer_with(&mut self, slot: u32, ok: bool, carries: Carries, cause: u64) {
        let message = &self.messages[slot];
        let (asker, case, message_type) = (message.asker, message.case, message.message_type);
        if asker == Asker::Nobody {
            return;
        }
        let back = self.plan.routes[message.route.index()].back;
        let here = self.plan.routes[back.index()].from;
        let about = (message.number, message_type);
        let cause = self.emit(cause, Some(case), Some(about), here, RecordKind::Answered { ok });
        let draft = Draft::new(case, back, message_type, MessageKind::Reply, cause);
        self.send(Draft { ok, asker, carries, ..draft });
    }
}
