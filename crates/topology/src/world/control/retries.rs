//! Retries: what failed is tried again, after a pause, as often as its policy and its budget allow.

use kernel::{Span, Time};

use crate::world::World;
use crate::{Jitter, RecordKind, Retry, ServiceId, Step};

impl World {
    /// A first attempt begins, which earns retries where there is a budget.
    #[inline(never)]
    pub(in crate::world) fn begin_attempts(&mut self, task: u32, policy: u16, level: u8) {
        self.control(task).attempts[usize::from(level)] = 1;
        if let Some(share) = self.plan.retries[usize::from(policy)].budget {
            let tokens = &mut self.budgets[usize::from(policy)];
            *tokens = (*tokens + share).min(Retry::BUDGET_MOST);
        }
    }

    /// Something failed: the handler tries again after a pause, or goes on where it gives up. Returns whether it
    /// goes on at once.
    #[inline(never)]
    pub(in crate::world) fn retry(
        &mut self,
        task: u32,
        number: u16,
        level: u8,
        (back, give_up): (u32, u32),
    ) -> bool {
        let again = self.take_again(task);
        if again < Time::MAX {
            // A crash came into the pause.
            self.sleep(task, again.max(self.now));
            return false;
        }
        let attempt = self.control(task).attempts[usize::from(level)].saturating_add(1);
        let most = self.plan.retries[usize::from(number)].attempts;
        if most.is_some_and(|most| attempt > u32::from(most)) || !self.spend(number) {
            if give_up == Step::FAIL {
                self.fail(task);
                return false;
            }
            self.tasks[task].step = give_up;
            return true;
        }
        self.control(task).attempts[usize::from(level)] = attempt;
        let told = attempt.min(u32::from(u16::MAX)) as u16;
        self.note(task, RecordKind::Retried { attempt: told });
        let pause = self.pause_before(task, number, attempt);
        if pause == Span::ZERO {
            self.tasks[task].step = back;
            return true;
        }
        self.sleep(task, self.now + pause);
        false
    }

    /// The budgets of a service are in its memory: after a crash they are as they were at the start.
    pub(in crate::world) fn lose_budgets(&mut self, service: ServiceId) {
        let plan = self.plan.clone();
        for (index, handler) in plan.handlers.iter().enumerate().filter(|(_, it)| it.service == service) {
            let end = plan.handlers.get(index + 1).map_or(plan.program.len(), |next| next.start as usize);
            for step in &plan.program[handler.start as usize..end] {
                if let Step::Begin { policy, .. } = *step {
                    self.budgets[usize::from(policy)] = Retry::BUDGET_MOST;
                }
            }
        }
    }

    /// Takes a retry from the budget of a policy. Returns whether there was one.
    fn spend(&mut self, policy: u16) -> bool {
        if self.plan.retries[usize::from(policy)].budget.is_none() {
            return true;
        }
        let tokens = &mut self.budgets[usize::from(policy)];
        let enough = *tokens >= 1.0;
        if enough {
            *tokens -= 1.0;
        }
        enough
    }

    fn pause_before(&self, task: u32, policy: u16, attempt: u32) -> Span {
        let policy = &self.plan.retries[usize::from(policy)];
        let whole = policy.pause_before(attempt);
        match policy.jitter {
            Jitter::None => whole,
            Jitter::Full => whole.scaled(self.draw_of(task).unit()),
            Jitter::Half => whole.scaled(0.5 + 0.5 * self.draw_of(task).unit()),
        }
    }
}

impl Retry {
    /// The pause before an attempt, from the second on, without jitter.
    pub fn pause_before(&self, attempt: u32) -> Span {
        let mut pause = self.pause.min(self.longest);
        if self.growth > 1.0 && pause > Span::ZERO {
            for _ in 2..attempt {
                pause = pause.scaled(self.growth).min(self.longest);
                if pause == self.longest {
                    break;
                }
            }
        }
        pause
    }
}
