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

/// How often a handler may have replied.
#[derive(Clone, Copy)]
struct Replies {
    /// When these steps are done; `None` if they always fail.
    done: Option<u32>,
    /// Anywhere in them, so that it is also what may be true when they fail.
    most: u32,
}

impl Replies {
    fn so_far(replies: u32) -> Self {
        Replies { done: Some(replies), most: replies }
    }

    /// Either of two ways was gone.
    fn or(self, other: Replies) -> Self {
        Replies { done: self.done.max(other.done), most: self.most.max(other.most) }
    }
}

impl Walk<'_> {
    fn steps(&mut self, steps: &[At<Step>], before: u32) -> Replies {
        let mut replies = Replies::so_far(before);
        for (index, step) in steps.iter().enumerate() {
            let Some(done) = replies.done else {
                self.unreachable(&steps[index]);
                break;
            };
            let after = self.step(step, done);
            replies = Replies { done: after.done, most: replies.most.max(after.most) };
        }
        replies
    }

    fn step(&mut self, step: &At<Step>, before: u32) -> Replies {
        let unchanged = Replies::so_far(before);
        match &step.value {
            Step::Fail => Replies { done: None, ..unchanged },
            Step::Reply(_) => {
                if before == 1 {
                    let (service, message) = self.names();
                    let text = format!("{service} may reply to {message} twice");
                    self.problems.warning(
                        step.place,
                        text,
                        "only the first reply counts: remove one of them",
                    );
                }
                Replies::so_far(before + 1)
            }
            Step::If { then, otherwise, .. } | Step::Chance { then, otherwise, .. } => {
                self.steps(then, before).or(self.steps(otherwise, before))
            }
            Step::Wait { otherwise: Some(otherwise), .. } => unchanged.or(self.steps(otherwise, before)),
            Step::Try { steps, otherwise } | Step::Deadline { steps, otherwise: Some(otherwise), .. } => {
                let tried = self.steps(steps, before);
                tried.or(self.steps(otherwise, tried.most))
            }
            Step::Retry { steps, .. } | Step::Deadline { steps, otherwise: None, .. } => {
                self.steps(steps, before)
            }
            Step::Parallel(branches) => {
                let mut all = unchanged;
                for steps in branches {
                    let one = self.steps(steps, all.most);
                    all = Replies { done: all.done.and(one.done), most: one.most };
                }
                all
            }
            Step::Undo(steps) => {
                // They are done later, or not at all.
                self.steps(steps, before);
                unchanged
            }
            Step::Work { .. } | Step::Call(_) | Step::Send(_) | Step::Publish(_) => unchanged,
            Step::Set(_) | Step::Let(_) | Step::Store(_) | Step::Remember(_) => unchanged,
            Step::Forget(_) | Step::Measure(_) | Step::Wait { otherwise: None, .. } => unchanged,
        }
    }

    fn unreachable(&mut self, step: &At<Step>) {
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
