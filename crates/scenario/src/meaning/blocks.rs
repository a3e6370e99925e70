//! Blocks of steps that do not do what was meant: what never fails is never undone, what nobody gives up is never
//! cancelled.

use kernel::{Distribution, Shape, Span};
use topology::Step as Lowered;

use crate::diagnostic::{At, Problems};
use crate::document::{Call, Handler, Step, visit};
use crate::index::{Index, joined};
use crate::units::duration_text;
use crate::whole::{PartKind, Whole};

/// Looks at every handler.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    let cancelled = cancelled(whole);
    for handler in &whole.handlers {
        undos(handler, problems);
        let is_cancelled = cancelled.contains_key(&joined(&handler.service.value, &handler.message.value));
        let around = Around { given_up: is_cancelled, ..Around::default() };
        Walk { handler, problems, whole }.steps(&handler.steps, around, false);
    }
}

/// The handlers that somebody calls and may cancel.
fn cancelled(whole: &Whole<'_>) -> Index<'static> {
    let mut cancelled = Index::new();
    for handler in &whole.handlers {
        visit(&handler.steps, &mut |step| {
            if let Step::Call(call) = &step.value
                && call.cancels
            {
                cancelled.insert(joined(&call.to.value, &call.send.value), 0);
            }
        });
    }
    cancelled
}

/// A handler remembers what it has done in a fixed number of bits.
fn undos(handler: &Handler, problems: &mut Problems) {
    let mut count = 0;
    visit(&handler.steps, &mut |step| {
        if let Step::Undo(_) = step.value {
            count += 1;
            if count == Lowered::UNDOS_MAX + 1 {
                let (service, message) = (&handler.service.value, &handler.message.value);
                let text =
                    format!("{service} has more than {} steps `undo` for {message}", Lowered::UNDOS_MAX);
                problems.error(step.place, text, "join some of them, or leave a part to another handler");
            }
        }
    });
}

/// What stands around a step.
#[derive(Clone, Copy, Default)]
struct Around {
    retries: usize,
    deadlines: usize,
    /// The shortest deadline, where it is always the same.
    deadline: Option<Span>,
    /// Whether anything can end a call before its answer comes.
    given_up: bool,
    /// It is done to undo something.
    undoing: bool,
    /// How many retries and deadlines stand around what fails if this fails: there it is undone.
    tried: (usize, usize),
}

struct Walk<'w> {
    handler: &'w Handler,
    problems: &'w mut Problems,
    whole: &'w Whole<'w>,
}

impl Walk<'_> {
    /// From the last to the first, because it matters what comes `later`: whether that can fail.
    fn steps(&mut self, steps: &[At<Step>], around: Around, mut later: bool) {
        for step in steps.iter().rev() {
            self.step(step, around, later);
            later = later || self.can_fail(&step.value);
        }
    }

    fn step(&mut self, step: &At<Step>, around: Around, later: bool) {
        match &step.value {
            Step::Call(call) => self.call(step, call, around),
            Step::Retry { steps, .. } => {
                self.deep(step, "retry", around.retries);
                self.futile(step, steps, "`retry` can fail, so that they are done once");
                self.steps(steps, Around { retries: around.retries + 1, ..around }, later);
            }
            Step::Deadline { time, steps, otherwise } => {
                self.deep(step, "deadline", around.deadlines);
                let inner = self.deadline(step, time, around);
                self.steps(steps, inner, later || otherwise.is_none());
                self.steps(otherwise.as_deref().unwrap_or_default(), around, later);
            }
            Step::Parallel(branches) => self.parallel(step, branches, around, later),
            Step::Undo(steps) => self.undo(step, steps, around, later),
            Step::Try { steps, otherwise } => {
                let tried = (around.retries, around.deadlines);
                self.futile(step, steps, "`try` can fail, so that it changes nothing");
                self.steps(steps, Around { tried, ..around }, later);
                self.steps(otherwise, around, later);
            }
            Step::If { .. } | Step::Chance { .. } | Step::Wait { .. } => {
                for (steps, _) in step.value.blocks() {
                    self.steps(steps, around, later);
                }
            }
            Step::Work { .. } | Step::Send(_) | Step::Publish(_) | Step::Reply(_) | Step::Set(_) => {}
            Step::Let(_) | Step::Store(_) | Step::Remember(_) | Step::Forget(_) => {}
            Step::Measure(_) | Step::Fail => {}
        }
    }

    fn call(&mut self, step: &At<Step>, call: &Call, around: Around) {
        if call.cancels && call.timeout.is_none() && !around.given_up {
            let (service, to) = (&self.handler.service.value, &call.to.value);
            let text = format!("{service} never gives up this call of {to}, so that it is never cancelled");
            self.problems.warning(step.place, text, "add `timeout:` to it, or put a `deadline` around it");
        }
    }

    /// A block for what fails, around steps that do not.
    fn futile(&mut self, step: &At<Step>, steps: &[At<Step>], what: &str) {
        if !self.any_can_fail(steps) {
            let help = "a call with `on_error: continue` does not fail: leave that out, or remove the block";
            self.problems.warning(step.place, format!("none of the steps of this {what}"), help);
        }
    }

    /// The engine keeps a few of each for every task.
    fn deep(&mut self, step: &At<Step>, what: &str, level: usize) {
        if level == Lowered::LEVELS_MAX {
            let text = format!("more than {} steps `{what}` stand in one another", Lowered::LEVELS_MAX);
            self.problems.error(step.place, text, "make it flatter, or leave a part to another handler");
        }
    }

    fn deadline(&mut self, step: &At<Step>, time: &Distribution, around: Around) -> Around {
        let own = if let Shape::Constant { value } = time.shape() { Some(*value) } else { None };
        if let (Some(own), Some(outer)) = (own, around.deadline)
            && own >= outer
        {
            let (own, outer) = (duration_text(own), duration_text(outer));
            let text = format!("this deadline of {own} never passes: the one around it does, after {outer}");
            self.problems.warning(step.place, text, "make it shorter, or remove it");
        }
        let deadline = own.into_iter().chain(around.deadline).min();
        Around { deadline, deadlines: around.deadlines + 1, given_up: true, ..around }
    }

    fn parallel(&mut self, step: &At<Step>, branches: &[Vec<At<Step>>], around: Around, later: bool) {
        if let [_] = branches {
            let help = "add a second list of steps, or write these without `parallel`";
            self.problems.warning(step.place, "one branch alone is not parallel to anything", help);
        }
        let failing = branches.iter().filter(|steps| self.any_can_fail(steps)).count();
        for steps in branches {
            let others = failing > usize::from(self.any_can_fail(steps));
            let inner = Around { given_up: around.given_up || others, ..around };
            self.steps(steps, inner, later || others);
        }
    }

    fn undo(&mut self, step: &At<Step>, steps: &[At<Step>], around: Around, later: bool) {
        if around.undoing {
            let help = "move its steps out; what undoes something is not undone itself";
            self.problems.error(step.place, "an `undo` stands in an `undo`", help);
        } else if !later {
            let text = "nothing that can fail comes after this `undo`, so that it is never done";
            let help = "a call, a send into a channel, `fail`, or a wait or deadline without `else` can fail: put it before that";
            self.problems.warning(step.place, text, help);
        }
        let (retries, deadlines) = around.tried;
        self.steps(steps, Around { undoing: true, retries, deadlines, deadline: None, ..around }, true);
    }

    fn any_can_fail(&self, steps: &[At<Step>]) -> bool {
        steps.iter().any(|step| self.can_fail(&step.value))
    }

    /// Whether a handler can fail at a step, as far as its service does not crash.
    fn can_fail(&self, step: &Step) -> bool {
        match step {
            Step::Fail => true,
            Step::Call(call) => !call.go_on,
            Step::Wait { until, time, otherwise } => match otherwise {
                Some(otherwise) => self.any_can_fail(otherwise),
                None => until.is_some() && time.is_some(),
            },
            Step::Deadline { otherwise: None, .. } => true,
            Step::Deadline { otherwise: Some(otherwise), steps, .. } => {
                self.any_can_fail(otherwise) || self.any_can_fail(steps)
            }
            Step::Try { otherwise, .. } => self.any_can_fail(otherwise),
            Step::Retry { policy, steps } => policy.attempts.is_some() && self.any_can_fail(steps),
            Step::If { .. } | Step::Chance { .. } | Step::Parallel(_) => {
                step.blocks().iter().any(|(steps, _)| self.any_can_fail(steps))
            }
            Step::Send(sending) | Step::Publish(sending) => {
                sending.after.is_none() && self.refuses(&sending.to.value)
            }
            Step::Work { .. } | Step::Reply(_) | Step::Set(_) => false,
            Step::Let(_) | Step::Store(_) | Step::Remember(_) | Step::Forget(_) | Step::Measure(_) => false,
            Step::Undo(_) => false,
        }
    }

    /// Whether sending to a place may fail: into any channel, since under other rules its publishers may be told.
    fn refuses(&self, to: &str) -> bool {
        matches!(self.whole.kind(to), Some((PartKind::Channel, _)))
    }
}
