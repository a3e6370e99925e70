//! The steps of a handler as a tree, before they are lowered.

use kernel::{Distribution, Span};

use crate::{ChannelId, FactId, MessageKind, ServiceId, Target, TypeId};

/// The steps of one handler, as a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow(pub(crate) Vec<Node>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Work(Option<Distribution>),
    Call { to: ServiceId, message_type: TypeId, timeout: Option<Span>, go_on: bool },
    Send { to: Target, message_type: TypeId, kind: MessageKind },
    Reply,
    Set(FactId),
    IfFact { fact: FactId, at_least: u16, then: Flow, otherwise: Flow },
    IfChance { probability: f64, then: Flow, otherwise: Flow },
    Fail,
}

impl Flow {
    /// No steps.
    pub fn new() -> Self {
        Flow::default()
    }

    fn with(mut self, node: Node) -> Self {
        self.0.push(node);
        self
    }

    /// Work as long as the service usually does.
    pub fn work(self) -> Self {
        self.with(Node::Work(None))
    }

    /// Work for a time of its own.
    pub fn work_for(self, time: Distribution) -> Self {
        self.with(Node::Work(Some(time)))
    }

    /// Ask a service and wait for the answer. On an error the handler fails, or goes on if `go_on`.
    pub fn call(self, to: ServiceId, message_type: TypeId, timeout: Option<Span>, go_on: bool) -> Self {
        self.with(Node::Call { to, message_type, timeout, go_on })
    }

    /// Send a command and go on at once.
    pub fn send(self, to: Target, message_type: TypeId) -> Self {
        self.with(Node::Send { to, message_type, kind: MessageKind::Command })
    }

    /// Publish an event on a channel.
    pub fn publish(self, on: ChannelId, event: TypeId) -> Self {
        self.with(Node::Send { to: Target::Channel(on), message_type: event, kind: MessageKind::Event })
    }

    /// Answer whoever asked.
    pub fn reply(self) -> Self {
        self.with(Node::Reply)
    }

    /// Count up a fact of the case.
    pub fn set(self, fact: FactId) -> Self {
        self.with(Node::Set(fact))
    }

    /// Go one way if the fact was set at least so often, else the other.
    pub fn if_fact(self, fact: FactId, at_least: u16, then: Flow, otherwise: Flow) -> Self {
        self.with(Node::IfFact { fact, at_least, then, otherwise })
    }

    /// Go one way with this probability, else the other.
    pub fn if_chance(self, probability: f64, then: Flow, otherwise: Flow) -> Self {
        self.with(Node::IfChance { probability, then, otherwise })
    }

    /// Give up.
    pub fn fail(self) -> Self {
        self.with(Node::Fail)
    }

    /// Shows every step, those of branches included.
    pub(crate) fn visit(&self, see: &mut impl FnMut(&Node)) {
        for node in &self.0 {
            see(node);
            if let Node::IfFact { then, otherwise, .. } | Node::IfChance { then, otherwise, .. } = node {
                then.visit(see);
                otherwise.visit(see);
            }
        }
    }
}
