//! Handlers that say something twice or too late.

use crate::diagnostic::{At, Problems};
use crate::document::{Handler, Step};
use crate::whole::Whole;

/// Looks at every handler.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    for handler in &whole.handlers {
        Walk { handler, problems }.steps(&handler.steps, 0);
    }
}

struct Walk<'w> {
    handler: &'w Handler,
    problems: &'w mut Problems,
}

impl Walk<'_> {
    /// How often it may have replied after these steps; `None` if they always end with `fail`.
    fn steps(&mut self, steps: &[At<Step>], mut replies: u32) -> Option<u32> {
        for (index, step) in steps.iter().enumerate() {
            match self.step(step, replies) {
                Some(after) => replies = after,
                None => {
                    self.unreachable(steps.get(index + 1));
                    return None;
                }
            }
        }
        Some(replies)
    }

    fn step(&mut self, step: &At<Step>, replies: u32) -> Option<u32> {
        match &step.value {
            Step::Fail => None,
            Step::Reply => {
                if replies == 1 {
                    let (service, message) = self.names();
                    let text = format!("{service} may reply to {message} twice");
                    self.problems.warning(
                        step.place,
                        text,
                        "only the first reply counts: remove one of them",
                    );
                }
                Some(replies + 1)
            }
            Step::If { then, otherwise, .. } | Step::Chance { then, otherwise, .. } => {
                let (then, otherwise) = (self.steps(then, replies), self.steps(otherwise, replies));
                then.max(otherwise)
            }
            Step::Work(_) | Step::Call { .. } | Step::Send { .. } | Step::Publish { .. } | Step::Set(_) => {
                Some(replies)
            }
        }
    }

    fn unreachable(&mut self, step: Option<&At<Step>>) {
        let Some(step) = step else { return };
        let (service, message) = self.names();
        let text = format!("{service} never gets to this step of {message}");
        self.problems.warning(
            step.place,
            text,
            "the step before it always fails: remove this one, or branch",
        );
    }

    fn names(&self) -> (&str, &str) {
        (&self.handler.service.value, &self.handler.message.value)
    }
}
