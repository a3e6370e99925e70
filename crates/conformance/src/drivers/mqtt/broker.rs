//! A broker: one channel, on which each session is a group of one member.

use channel::{Delivery, Group, GroupTerms, MemberTerms, Rules, Subscription, Survives, Tag};
use kernel::{Span, Time};

use crate::bench::{Bench, Delivered, NEW_GROUP, PLAIN_MEMBER};

/// How long a session is kept without a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Not at all: a clean session, and what MQTT 5 does unless told.
    No,
    /// So long (MQTT 5).
    For(Span),
    /// For ever (MQTT 3.1.1 without a clean session).
    Always,
}

/// A message as it is published.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) topic: String,
    pub(super) id: String,
    pub(super) quality: u8,
    pub(super) retained: bool,
    pub(super) expires_after: Option<Span>,
}

/// What goes out when a connection breaks.
pub(super) type Will = Message;

/// How a client wants its session to begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begin {
    /// Without what there was before.
    pub(super) clean: bool,
    pub(super) kept: Kept,
}

/// A connection, or one that was.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) connected: bool,
    pub(super) will: Option<Will>,
    /// It acknowledges what comes at once.
    pub(super) acknowledges: bool,
    /// What it has not acknowledged.
    pub(super) hand: Vec<(u32, Subscription, Tag)>,
    /// Whether another connection of the same client id cut it off.
    pub(super) taken_over: bool,
}

/// A session, or a client's part in a shared subscription.
#[derive(Clone, Debug)]
struct Session {
    client_id: String,
    share: Option<String>,
    kept: Kept,
    group: Group,
    member: Subscription,
    since: Time,
}

/// A delivery, as a client sees it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) who: String,
    pub(super) id: String,
    pub(super) topic: String,
    pub(super) quality: u8,
    pub(super) redelivered: bool,
    pub(super) retained: bool,
}

/// How a broker is set up.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) rules: Rules,
    /// How a session that is kept is served.
    pub(super) keeping: Delivery,
    /// It saves after each change, which the model does at intervals only.
    pub(super) saves_changes: bool,
}

/// The shortest interval between two saves.
pub(super) const SAVED_AGAIN: Span = Span::from_millis(1_000);

#[derive(Clone, Debug)]
pub(super) struct Broker {
    bench: Bench,
    /// How a session that is kept is served.
    keeping: Delivery,
    saves_changes: bool,
    sessions: Vec<Session>,
    shares: Vec<String>,
    /// What messages are about, by handle.
    topics: Vec<String>,
    pub(super) clients: Vec<Client>,
    pub(super) rows: Vec<Row>,
    /// Packets that were acknowledged with PUBREC and not yet with PUBCOMP, and how many PUBREL were sent.
    received: Vec<(String, String)>,
    pub(super) released: u32,
}

impl Broker {
    pub(super) fn new(terms: Terms) -> Broker {
        Broker {
            bench: Bench::new(terms.rules),
            keeping: terms.keeping,
            saves_changes: terms.saves_changes,
            sessions: Vec::new(),
            shares: Vec::new(),
            topics: Vec::new(),
            clients: Vec::new(),
            rows: Vec::new(),
            received: Vec::new(),
            released: 0,
        }
    }

    /// Another broker; what clients have seen stays.
    pub(super) fn begin_anew(&mut self, terms: Terms) {
        let mut fresh = Broker::new(terms);
        std::mem::swap(&mut fresh.clients, &mut self.clients);
        std::mem::swap(&mut fresh.rows, &mut self.rows);
        fresh.clients.iter_mut().for_each(|client| (client.connected, client.hand) = (false, Vec::new()));
        fresh.released = self.released;
        *self = fresh;
    }

    /// Connects a client; another connection with the same id is cut off. Returns whether there was a session.
    pub(super) fn connect(&mut self, client: Client, session: Begin) -> bool {
        if let Some(index) = self.connection(|other| other.id == client.id) {
            self.clients[index].taken_over = true;
            self.cut_off(index);
        }
        self.forget_expired();
        if session.clean {
            self.end_sessions(|session| session.client_id == client.id);
        }
        let id = client.id.clone();
        self.clients.retain(|other| other.name != client.name || other.id != client.id);
        self.clients.push(client);
        let members = self.members_of(&id);
        for &member in &members {
            self.bench.with(|channel, effects| channel.connect(member, effects));
            self.hand_out();
        }
        if members.is_empty() {
            self.begin_session(&id, None, session.kept);
        } else {
            self.released += self.received.iter().filter(|(client, _)| *client == id).count() as u32;
        }
        !members.is_empty()
    }

    /// The members that a client is, one for its session and one for each share.
    fn members_of(&self, id: &str) -> Vec<Subscription> {
        let own = self.sessions.iter().filter(|session| session.client_id == id);
        own.map(|session| session.member).collect()
    }

    /// Adds a group for a session, or for its part in a shared subscription.
    fn begin_session(&mut self, id: &str, share: Option<&str>, kept: Kept) -> Group {
        let number = share.map(|share| match self.shares.iter().position(|known| known == share) {
            Some(number) => number,
            None => {
                self.shares.push(share.to_owned());
                self.shares.len() - 1
            }
        });
        let terms = GroupTerms {
            delivery: (kept != Kept::No).then(|| self.keeping.clone()),
            exclusive: kept != Kept::Always,
            expires_after: if let Kept::For(span) = kept { span } else { Span::ZERO },
            share: number.map(|number| number as u16),
            ..NEW_GROUP
        };
        let group = self.bench.add_group(id, terms);
        let member = self.bench.subscribe(id, group, MemberTerms { ..PLAIN_MEMBER });
        self.sessions.push(Session {
            client_id: id.to_owned(),
            share: share.map(str::to_owned),
            kept,
            group,
            member,
            since: self.bench.now(),
        });
        group
    }

    fn end_sessions(&mut self, which: impl Fn(&Session) -> bool) {
        for session in self.sessions.iter().filter(|session| which(session)) {
            self.bench.with(|channel, effects| channel.remove_group(session.group, effects));
        }
        self.forget_expired();
    }

    fn forget_expired(&mut self) {
        let channel = &self.bench.channel;
        self.sessions.retain(|session| channel.has_group(session.group));
    }

    /// The connection of which this holds.
    pub(super) fn connection(&self, which: impl Fn(&Client) -> bool) -> Option<usize> {
        self.clients.iter().rposition(|client| client.connected && which(client))
    }

    /// Lets a client have what matches a filter, which may be shared: `$share/group/filter`.
    pub(super) fn subscribe(&mut self, client: usize, filter: &str, quality: u8) {
        let id = self.clients[client].id.clone();
        let (share, filter) = shared(filter);
        let known = self
            .sessions
            .iter()
            .find(|session| session.client_id == id && session.share.as_deref() == share)
            .map(|session| session.group);
        let kept = self
            .sessions
            .iter()
            .find(|session| session.client_id == id)
            .map_or(Kept::No, |session| session.kept);
        let group = known.unwrap_or_else(|| self.begin_session(&id, share, kept));
        self.bench.with(|channel, effects| channel.bind(group, filter, quality, effects));
        self.hand_out();
    }

    pub(super) fn unsubscribe(&mut self, client: usize, filter: &str) {
        let id = &self.clients[client].id;
        let (share, filter) = shared(filter);
        let of = |session: &&Session| session.client_id == *id && session.share.as_deref() == share;
        let group = self.sessions.iter().find(of).map(|session| session.group);
        if let Some(group) = group {
            self.bench.channel.unbind(group, filter);
        }
    }

    /// Publishes a message; one that is retained and has no content takes back the one before. Returns how many
    /// sessions it went to.
    pub(super) fn publish(&mut self, message: &Message) -> u32 {
        let subject = self.bench.channel.subject(&message.topic);
        if message.id.is_empty() && message.retained {
            self.bench.channel.clear_retained(subject);
            return 0;
        }
        self.topics.push(message.topic.clone());
        let receipt = self.bench.publish_with(&message.id, &message.topic, |publication| {
            publication.quality = message.quality;
            publication.retained = message.retained;
            publication.time_to_live = message.expires_after;
        });
        self.hand_out();
        receipt.groups
    }

    /// What came out of the channel goes to whoever is connected.
    fn hand_out(&mut self) {
        loop {
            let delivered = self.bench.deliveries();
            if delivered.is_empty() {
                return;
            }
            delivered.into_iter().for_each(|delivered| self.deliver(delivered));
        }
    }

    fn deliver(&mut self, delivered: Delivered) {
        let session = self.sessions.iter().find(|session| session.member == delivered.to);
        let Some(session) = session.cloned() else { return };
        let Some(index) = self.connection(|client| client.id == session.client_id) else { return };
        let client = &mut self.clients[index];
        // Who shares a subscription gets no retained messages.
        let unwanted = delivered.retained && session.share.is_some();
        if !unwanted {
            self.rows.push(Row {
                who: client.name.clone(),
                id: self.bench.id(delivered.message).to_owned(),
                topic: self.topics.get(delivered.message as usize).cloned().unwrap_or_default(),
                quality: delivered.quality,
                redelivered: delivered.redelivered,
                retained: delivered.retained,
            });
        }
        if let Some(tag) = delivered.tag {
            if unwanted || client.acknowledges {
                self.bench.acknowledge(delivered.to, tag);
            } else {
                client.hand.push((delivered.message, delivered.to, tag));
            }
        }
    }

    /// The ids of what a client has not acknowledged.
    pub(super) fn holds(&self, client: usize) -> Vec<String> {
        self.clients[client].hand.iter().map(|&(message, _, _)| self.bench.id(message).to_owned()).collect()
    }

    /// A client acknowledges a message, or the oldest that it holds. Returns false if it holds none.
    pub(super) fn acknowledge(&mut self, client: usize, id: Option<&str>) -> bool {
        let hand = &self.clients[client].hand;
        let is_it =
            |&(message, _, _): &(u32, Subscription, Tag)| id.is_none_or(|id| self.bench.id(message) == id);
        let Some(at) = hand.iter().position(is_it) else { return false };
        let (_, member, tag) = self.clients[client].hand.remove(at);
        self.bench.acknowledge(member, tag);
        self.hand_out();
        true
    }

    /// A client has noted the receipt of a message of quality 2, so that it is not sent again, only PUBREL is.
    pub(super) fn receive(&mut self, client: usize, id: &str) -> bool {
        let known = self.acknowledge(client, Some(id));
        if known {
            self.released += 1;
            self.received.push((self.clients[client].id.clone(), id.to_owned()));
        }
        known
    }

    pub(super) fn complete(&mut self, client: usize, id: &str) {
        let name = &self.clients[client].id;
        self.received.retain(|(client, received)| client != name || received != id);
    }

    /// Gives a client a will.
    pub(super) fn will(&mut self, client: usize, will: Will) {
        self.clients[client].will = Some(will);
    }

    pub(super) fn has_will(&self, client: usize) -> bool {
        self.clients[client].will.is_some()
    }

    /// A client says goodbye: nobody hears its will.
    pub(super) fn disconnect(&mut self, client: usize) {
        self.clients[client].will = None;
        self.cut_off(client);
    }

    /// A connection breaks, and the will of the client goes out.
    pub(super) fn cut_off(&mut self, client: usize) {
        let gone = &mut self.clients[client];
        (gone.connected, gone.hand) = (false, Vec::new());
        let (id, will) = (gone.id.clone(), gone.will.take());
        for member in self.members_of(&id) {
            self.bench.with(|channel, effects| channel.disconnect(member, effects));
        }
        self.forget_expired();
        if let Some(will) = will {
            self.publish(&will);
        }
    }

    pub(super) fn pass(&mut self, span: Span) {
        self.bench.pass(span);
        self.hand_out();
    }

    /// The broker goes down and comes up again. Sessions survive as messages do.
    pub(super) fn restart(&mut self, killed: bool) {
        if self.saves_changes {
            self.pass(SAVED_AGAIN);
        }
        let now = self.bench.now();
        let saved = match self.bench.channel.rules().survives {
            Survives::Nothing => None,
            Survives::Saved { every } if killed => {
                Some(Time::from_nanos(now.nanos() / every.nanos().max(1) * every.nanos().max(1)))
            }
            Survives::Saved { .. } | Survives::Marked | Survives::Everything => Some(Time::MAX),
        };
        self.bench
            .with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
        for index in 0..self.clients.len() {
            if self.clients[index].connected {
                self.disconnect(index);
            }
        }
        self.end_sessions(|session| saved.is_none_or(|saved| session.since >= saved));
        self.bench.with(|channel, effects| channel.restart(effects));
        self.hand_out();
    }
}

/// The group of a shared subscription with its filter, which together say who shares; and the filter.
fn shared(filter: &str) -> (Option<&str>, &str) {
    match filter.strip_prefix("$share/").and_then(|rest| Some((rest, rest.split_once('/')?.1))) {
        Some((share, filter)) => (Some(share), filter),
        None => (None, filter),
    }
}
