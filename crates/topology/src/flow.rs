//! The steps of a handler as a tree, before they are lowered.

use kernel::{Distribution, Span};

use crate::{
    CellId, ChannelId, Expression, FactId, FieldId, FigureId, MessageKind, Operator, Retry, ServiceId,
    Target, Term, TypeId,
};

/// The steps of one handler, as a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow(pub(crate) Vec<Node>);

/// A command to a service whose answer is waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Whom.
    pub to: ServiceId,
    /// With what.
    pub message_type: TypeId,
    /// How long to wait; `None`: for ever.
    pub timeout: Option<Span>,
    /// Whether the handler goes on if the call fails; otherwise it fails as well.
    pub go_on: bool,
    /// Whether the other side is told, and stops, when nobody waits any more.
    pub cancels: bool,
    /// What the command carries, besides the fields of the message in hand.
    pub with: Vec<(FieldId, Expression)>,
    /// Which fields to take over from the answer.
    pub takes: Vec<FieldId>,
}

impl Call {
    /// A call that waits for ever, and fails the handler if it fails.
    pub fn new(to: ServiceId, message_type: TypeId) -> Self {
        let (with, takes) = (Vec::new(), Vec::new());
        Call { to, message_type, timeout: None, go_on: false, cancels: false, with, takes }
    }
}

/// A message that nobody waits for an answer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// Where to.
    pub to: Target,
    /// What.
    pub message_type: TypeId,
    /// Whether it asks for something or tells that something happened.
    pub kind: MessageKind,
    /// How much later it leaves; a crash does not stop it.
    pub after: Option<Distribution>,
    /// What it carries, besides the fields of the message in hand.
    pub with: Vec<(FieldId, Expression)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Work { time: Option<Distribution>, times: Option<Expression> },
    Call(Call),
    Send(Sending),
    Reply(Vec<(FieldId, Expression)>),
    Set { fact: FactId, amount: Option<Expression> },
    Let(FieldId, Expression),
    Store(CellId, Expression),
    Forget(CellId),
    Measure(FigureId, Expression),
    If { condition: Expression, then: Flow, otherwise: Flow },
    IfChance { probability: f64, then: Flow, otherwise: Flow },
    Wait { until: Option<Expression>, time: Option<Distribution>, otherwise: Option<Flow> },
    Try { steps: Flow, otherwise: Flow },
    Retry { policy: Retry, steps: Flow },
    Deadline { time: Distribution, steps: Flow, otherwise: Option<Flow> },
    Parallel(Vec<Flow>),
    Undo(Flow),
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
        self.with(Node::Work { time: None, times: None })
    }

    /// Work for a time of its own.
    pub fn work_for(self, time: Distribution) -> Self {
        self.with(Node::Work { time: Some(time), times: None })
    }

    /// Work so many times as long as one drawn time: the service's, or one of its own. Below 1 it is no work.
    pub fn work_times(self, time: Option<Distribution>, times: Expression) -> Self {
        self.with(Node::Work { time, times: Some(times) })
    }

    /// Ask a service and wait for the answer. On an error the handler fails, or goes on if `go_on`.
    pub fn call(self, to: ServiceId, message_type: TypeId, timeout: Option<Span>, go_on: bool) -> Self {
        self.call_with(Call { timeout, go_on, ..Call::new(to, message_type) })
    }

    /// Ask a service and wait for the answer.
    pub fn call_with(self, call: Call) -> Self {
        self.with(Node::Call(call))
    }

    /// Send a command and go on at once. It fails where a channel that tells its publishers is down or cut off.
    pub fn send(self, to: Target, message_type: TypeId) -> Self {
        let (kind, with) = (MessageKind::Command, Vec::new());
        self.send_with(Sending { to, message_type, kind, after: None, with })
    }

    /// Publish an event on a channel. It fails as sending does.
    pub fn publish(self, on: ChannelId, event: TypeId) -> Self {
        let (kind, with) = (MessageKind::Event, Vec::new());
        self.send_with(Sending { to: Target::Channel(on), message_type: event, kind, after: None, with })
    }

    /// Send or publish, now or later.
    pub fn send_with(self, sending: Sending) -> Self {
        self.with(Node::Send(sending))
    }

    /// Answer whoever asked.
    pub fn reply(self) -> Self {
        self.reply_with(Vec::new())
    }

    /// Answer whoever asked, with these fields.
    pub fn reply_with(self, with: Vec<(FieldId, Expression)>) -> Self {
        self.with(Node::Reply(with))
    }

    /// Count up a fact of the case.
    pub fn set(self, fact: FactId) -> Self {
        self.with(Node::Set { fact, amount: None })
    }

    /// Count up a fact of the case by an amount, of which what is below 0 counts as 0.
    pub fn set_by(self, fact: FactId, amount: Expression) -> Self {
        self.with(Node::Set { fact, amount: Some(amount) })
    }

    /// From now on the message in hand has this in a field.
    pub fn assign(self, field: FieldId, value: Expression) -> Self {
        self.with(Node::Let(field, value))
    }

    /// Keep a value.
    pub fn store(self, cell: CellId, value: Expression) -> Self {
        self.with(Node::Store(cell, value))
    }

    /// Keep nothing any more.
    pub fn forget(self, cell: CellId) -> Self {
        self.with(Node::Forget(cell))
    }

    /// Note a value for people.
    pub fn measure(self, figure: FigureId, value: Expression) -> Self {
        self.with(Node::Measure(figure, value))
    }

    /// Go one way if the condition is true, else the other.
    pub fn if_true(self, condition: Expression, then: Flow, otherwise: Flow) -> Self {
        self.with(Node::If { condition, then, otherwise })
    }

    /// Go one way if the fact was set at least so often, else the other.
    pub fn if_fact(self, fact: FactId, at_least: u16, then: Flow, otherwise: Flow) -> Self {
        let condition = Expression::compare(Term::Fact(fact), Operator::AtLeast, i64::from(at_least));
        self.if_true(condition, then, otherwise)
    }

    /// Go one way with this probability, else the other.
    pub fn if_chance(self, probability: f64, then: Flow, otherwise: Flow) -> Self {
        self.with(Node::IfChance { probability, then, otherwise })
    }

    /// Wait for a time.
    pub fn pause(self, time: Distribution) -> Self {
        self.with(Node::Wait { until: None, time: Some(time), otherwise: None })
    }

    /// Wait until a condition over the service's own cells and the message's fields is true; for ever, or for a
    /// time, after which it goes the other way, or fails if there is none.
    pub fn wait(self, until: Expression, time: Option<Distribution>, otherwise: Option<Flow>) -> Self {
        self.with(Node::Wait { until: Some(until), time, otherwise })
    }

    /// If one of the steps fails, undo what they did and go the other way.
    pub fn attempt(self, steps: Flow, otherwise: Flow) -> Self {
        self.with(Node::Try { steps, otherwise })
    }

    /// If one of the steps fails, do them again.
    pub fn retry(self, policy: Retry, steps: Flow) -> Self {
        self.with(Node::Retry { policy, steps })
    }

    /// If the steps are not done after this time, give them up and go the other way, or fail if there is none.
    pub fn deadline(self, time: Distribution, steps: Flow, otherwise: Option<Flow>) -> Self {
        self.with(Node::Deadline { time, steps, otherwise })
    }

    /// Do all of them at once, and wait until all are done. If one fails, the others end, and so does this.
    pub fn parallel(self, branches: Vec<Flow>) -> Self {
        self.with(Node::Parallel(branches))
    }

    /// What was done until here is undone by these steps, if the handler (or the step `attempt` around this one)
    /// fails later. The last is undone first.
    pub fn undo(self, steps: Flow) -> Self {
        self.with(Node::Undo(steps))
    }

    /// Give up.
    pub fn fail(self) -> Self {
        self.with(Node::Fail)
    }

    /// Shows every step, those of branches included.
    pub(crate) fn visit(&self, see: &mut impl FnMut(&Node)) {
        for node in &self.0 {
            see(node);
            for branch in node.branches() {
                branch.visit(see);
            }
        }
    }
}

impl Node {
    /// The flows inside of it.
    fn branches(&self) -> Vec<&Flow> {
        match self {
            Node::If { then, otherwise, .. } | Node::IfChance { then, otherwise, .. } => {
                vec![then, otherwise]
            }
            Node::Try { steps, otherwise } => vec![steps, otherwise],
            Node::Wait { otherwise, .. } => otherwise.iter().collect(),
            Node::Retry { steps, .. } | Node::Undo(steps) => vec![steps],
            Node::Deadline { steps, otherwise, .. } => [steps].into_iter().chain(otherwise).collect(),
            Node::Parallel(branches) => branches.iter().collect(),
            Node::Work { .. }
            | Node::Call(_)
            | Node::Send(_)
            | Node::Reply(_)
            | Node::Set { .. }
            | Node::Let(..)
            | Node::Store(..)
            | Node::Forget(_)
            | Node::Measure(..)
            | Node::Fail => Vec::new(),
        }
    }
}
