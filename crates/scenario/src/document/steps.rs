//! The steps of handlers.

mod read;

use kernel::{Distribution, Span};
use topology::Retry;

use super::{Mention, Named};
use crate::diagnostic::At;
use crate::line::expression::Formula;
use crate::whole::Verb;

pub(super) use read::handler;

/// Steps, one after another.
pub(crate) type Steps = Vec<At<Step>>;

/// Names, each with the value that it is given.
pub(crate) type Values = Vec<Named<At<Formula>>>;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Work {
        time: Option<Distribution>,
        times: Option<At<Formula>>,
    },
    Call(Call),
    Send(Sending),
    Publish(Sending),
    /// What the answer carries.
    Reply(Values),
    /// Facts, each counted up by a value.
    Set(Values),
    /// Fields of the message in hand.
    Let(Values),
    /// Cells that survive a crash.
    Store(Values),
    /// Cells that do not.
    Remember(Values),
    Forget(At<String>),
    /// Figures.
    Measure(Values),
    If {
        condition: At<Formula>,
        then: Steps,
        otherwise: Steps,
    },
    Chance {
        probability: f64,
        then: Steps,
        otherwise: Steps,
    },
    Wait {
        until: Option<At<Formula>>,
        time: Option<Distribution>,
        otherwise: Option<Steps>,
    },
    Try {
        steps: Steps,
        otherwise: Steps,
    },
    Retry {
        policy: Retry,
        steps: Steps,
    },
    Deadline {
        time: Distribution,
        steps: Steps,
        otherwise: Option<Steps>,
    },
    Parallel(Vec<Steps>),
    Undo(Steps),
    Fail,
}

/// A command whose answer is waited for.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub to: At<String>,
    pub send: At<String>,
    pub timeout: Option<Span>,
    pub go_on: bool,
    pub cancels: bool,
    /// Fields of the command.
    pub with: Values,
    /// Fields of the answer.
    pub take: Vec<At<String>>,
}

/// A command or an event that is not waited for.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    pub message: At<String>,
    pub to: At<String>,
    pub after: Option<Distribution>,
    /// Fields of the message.
    pub with: Values,
}

impl Step {
    /// The steps inside this one, each list with whether it is done whenever this one is and nothing fails.
    pub fn blocks(&self) -> Vec<(&[At<Step>], bool)> {
        match self {
            Step::If { then, otherwise, .. } | Step::Chance { then, otherwise, .. } => {
                vec![(then, false), (otherwise, false)]
            }
            Step::Try { steps, otherwise } => vec![(steps, true), (otherwise, false)],
            Step::Retry { steps, .. } => vec![(steps, true)],
            Step::Undo(steps) => vec![(steps, false)],
            Step::Deadline { steps, otherwise, .. } => {
                vec![(steps, true), (otherwise.as_deref().unwrap_or_default(), false)]
            }
            Step::Parallel(branches) => branches.iter().map(|steps| (steps.as_slice(), true)).collect(),
            Step::Wait { otherwise, .. } => vec![(otherwise.as_deref().unwrap_or_default(), false)],
            Step::Work { .. } | Step::Call(_) | Step::Send(_) | Step::Publish(_) | Step::Reply(_) => {
                Vec::new()
            }
            Step::Set(_) | Step::Let(_) | Step::Store(_) | Step::Remember(_) | Step::Forget(_) => Vec::new(),
            Step::Measure(_) | Step::Fail => Vec::new(),
        }
    }

    /// How a message sets out, which, and where to.
    pub fn sending(&self) -> Option<(Verb, &At<String>, &At<String>)> {
        match self {
            Step::Call(call) => Some((Verb::Call, &call.send, &call.to)),
            Step::Send(sending) => Some((Verb::Send, &sending.message, &sending.to)),
            Step::Publish(sending) => Some((Verb::Publish, &sending.message, &sending.to)),
            Step::Work { .. } | Step::Reply(_) | Step::Set(_) | Step::Let(_) | Step::Store(_) => None,
            Step::Remember(_) | Step::Forget(_) | Step::Measure(_) | Step::If { .. } => None,
            Step::Chance { .. } | Step::Wait { .. } | Step::Try { .. } | Step::Retry { .. } => None,
            Step::Deadline { .. } | Step::Parallel(_) | Step::Undo(_) | Step::Fail => None,
        }
    }

    /// Whether what it sends leaves later.
    pub fn is_delayed(&self) -> bool {
        matches!(
            self,
            Step::Send(Sending { after: Some(_), .. }) | Step::Publish(Sending { after: Some(_), .. })
        )
    }

    /// The fields that it gives to what it sends.
    pub fn given(&self) -> &[Named<At<Formula>>] {
        match self {
            Step::Call(call) => &call.with,
            Step::Send(sending) | Step::Publish(sending) => &sending.with,
            Step::Reply(with) => with,
            Step::Work { .. } | Step::Set(_) | Step::Let(_) | Step::Store(_) | Step::Remember(_) => &[],
            Step::Forget(_) | Step::Measure(_) | Step::If { .. } | Step::Chance { .. } => &[],
            Step::Wait { .. } | Step::Try { .. } | Step::Retry { .. } | Step::Deadline { .. } => &[],
            Step::Parallel(_) | Step::Undo(_) | Step::Fail => &[],
        }
    }

    /// Shows the names and expressions of this step, without those of the steps inside.
    pub fn mentions<'a>(&'a self, see: &mut dyn FnMut(Mention<'a>)) {
        let (values, mention): (&[_], fn(&'a At<String>) -> Mention<'a>) = match self {
            Step::Set(values) => (values, Mention::Sets),
            Step::Let(values) => (values, Mention::Gives),
            Step::Store(values) => (values, Mention::Stores),
            Step::Remember(values) => (values, Mention::Remembers),
            Step::Measure(values) => {
                return values.iter().for_each(|it| see(Mention::Measures(&it.name, &it.value)));
            }
            Step::Forget(cell) => return see(Mention::Forgets(cell)),
            Step::Call(call) => {
                call.take.iter().for_each(|field| see(Mention::Takes(field)));
                (&call.with, Mention::Gives)
            }
            Step::Send(sending) | Step::Publish(sending) => (&sending.with, Mention::Gives),
            Step::Reply(with) => (with, Mention::Gives),
            Step::Work { times: Some(formula), .. }
            | Step::If { condition: formula, .. }
            | Step::Wait { until: Some(formula), .. } => return see(Mention::Asks(formula)),
            Step::Work { times: None, .. } | Step::Wait { until: None, .. } => return,
            Step::Chance { .. } | Step::Try { .. } | Step::Retry { .. } | Step::Deadline { .. } => return,
            Step::Parallel(_) | Step::Undo(_) | Step::Fail => return,
        };
        for Named { name, value } in values {
            see(mention(name));
            see(Mention::Asks(value));
        }
    }
}

/// Shows every step, those inside of others included.
pub(crate) fn visit<'a>(steps: &'a [At<Step>], see: &mut dyn FnMut(&'a At<Step>)) {
    for step in steps {
        see(step);
        step.value.blocks().into_iter().for_each(|(steps, _)| visit(steps, see));
    }
}
