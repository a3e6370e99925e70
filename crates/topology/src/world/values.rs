//! Values: the fields that messages carry, and what expressions make of them and of what services keep.
//!
//! ```text
//!  client's fields --> message --taken up--> task's copy --send, call, reply--> message ...
//!                                 Let changes it ^     ^ With changes what is sent next
//! ```
//!
//! Fields lie in rows beside the messages and tasks. A plan without fields has no rows, and pays nothing.

use kernel::{Purpose, Stream};

use super::World;
use super::parts::{Asker, Outcome, Task, TaskState};
use crate::{
    Client, ExpressionId, FactId, FieldId, FieldValue, FigureId, Place, Plan, RecordKind, Step, Term,
};

/// The fields of all messages and tasks.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// How many a message has.
    width: usize,
    /// Which of them is the schema version.
    schema: Option<usize>,
    /// Of each message, by its slot.
    messages: Vec<i32>,
    /// Of each task, by its slot.
    tasks: Vec<i32>,
    /// What is sent next has these instead of what the message in hand has.
    with: Vec<(FieldId, i32)>,
    /// Chance, by field.
    luck: Vec<Stream>,
}

/// Whose fields a new message has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Carries {
    /// All are 0.
    Nothing,
    /// Those of the message in hand, as its task has them.
    Task(u32),
    /// Those of a message.
    Message(u32),
}

impl Fields {
    /// The field of this name is the schema version of a message.
    const SCHEMA: &str = "schema";

    pub(super) fn of(plan: &Plan, seed: u64) -> Self {
        Fields {
            width: plan.fields.len(),
            schema: plan.fields.iter().position(|name| name == Self::SCHEMA),
            messages: Vec::new(),
            tasks: Vec::new(),
            with: Vec::new(),
            luck: plan.fields.iter().map(|name| Stream::new(seed, Purpose::Field, name)).collect(),
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.width == 0
    }

    /// A new message gets its fields. Its schema version is not inherited.
    pub(super) fn fill(&mut self, slot: u32, carries: Carries) {
        let row = self.message_row(slot);
        match carries {
            Carries::Nothing => self.messages[row..row + self.width].fill(0),
            Carries::Task(task) => {
                let from = task as usize * self.width;
                self.messages[row..row + self.width].copy_from_slice(&self.tasks[from..from + self.width]);
            }
            Carries::Message(other) => self.copy(other, slot),
        }
        if let Some(schema) = self.schema {
            self.messages[row + schema] = 1;
        }
        for (field, value) in self.with.drain(..) {
            self.messages[row + field.index()] = value;
        }
    }

    /// A copy of a message carries the same.
    pub(super) fn copy(&mut self, from: u32, to: u32) {
        let row = self.message_row(to);
        let from = from as usize * self.width;
        self.messages.copy_within(from..from + self.width, row);
    }

    /// A task has a copy of what its message carries.
    fn take_up(&mut self, task: u32, message: u32) {
        let row = self.task_row(task);
        let from = message as usize * self.width;
        self.tasks[row..row + self.width].copy_from_slice(&self.messages[from..from + self.width]);
    }

    /// Where the row of a message begins; there is room for it.
    fn message_row(&mut self, slot: u32) -> usize {
        let row = slot as usize * self.width;
        if self.messages.len() < row + self.width {
            self.messages.resize(row + self.width, 0);
        }
        row
    }

    fn task_row(&mut self, slot: u32) -> usize {
        let row = slot as usize * self.width;
        if self.tasks.len() < row + self.width {
            self.tasks.resize(row + self.width, 0);
        }
        row
    }

    /// The row of a message.
    pub(super) fn row(&self, slot: u32) -> &[i32] {
        let row = slot as usize * self.width;
        &self.messages[row..row + self.width]
    }

    /// Gives a message a row that was kept.
    pub(super) fn set_row(&mut self, slot: u32, values: &[i32]) {
        let row = self.message_row(slot);
        self.messages[row..row + self.width].copy_from_slice(values);
    }

    /// A field of the message that a task has in hand.
    fn in_hand(&self, task: u32, field: usize) -> i32 {
        self.tasks[task as usize * self.width + field]
    }
}

/// The nearest whole number that fits.
pub(super) fn narrow(value: i64) -> i32 {
    value.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

impl World {
    /// The value of an expression for a task.
    pub(super) fn value(&self, task: u32, expression: ExpressionId) -> i64 {
        self.plan.expressions[expression.index()].value(&|term| self.term(task, term))
    }

    fn number(&self, task: u32, expression: ExpressionId) -> i32 {
        narrow(self.value(task, expression))
    }

    fn term(&self, task: u32, term: Term) -> i64 {
        let Task { message, service, .. } = self.tasks[task];
        let case = self.messages[message].case;
        match term {
            Term::Fact(fact) => i64::from(self.counters[self.row.fact(case, fact.index())]),
            Term::Field(field) => i64::from(self.fields.in_hand(task, field.index())),
            Term::Cell(cell) => i64::from(self.cell_value(cell, self.instance_of(cell, case))),
            Term::Client(client) => i64::from(self.cases[case].client == client),
            Term::Now => {
                let clock = self.plan.services[service.index()].clock;
                (self.now.nanos() / 1_000_000) as i64 + i64::from(clock)
            }
            Term::Delivery => i64::from(self.messages[message].deliveries.max(1)),
            Term::Abandoned => i64::from(self.is_abandoned(task)),
            // What only checks can ask for.
            Term::Figure(_)
            | Term::Answered
            | Term::Refused
            | Term::GaveUp
            | Term::Requests
            | Term::Messages => 0,
        }
    }

    /// Whether whoever asked a task waits no longer. Who was answered has not left.
    fn is_abandoned(&self, task: u32) -> bool {
        let handler = self.handler_of(task);
        let Task { message, answered, .. } = self.tasks[handler];
        let message = &self.messages[message];
        // A crash counts as an answer, but only a real one leaves nobody waiting in vain.
        let answered = answered && !self.is_cut_off(handler);
        match message.asker {
            Asker::Nobody => false,
            Asker::Customer => match self.cases[message.case].outcome {
                Outcome::Waiting => false,
                Outcome::Vacant | Outcome::NotAsked | Outcome::Answered => !answered,
                Outcome::Refused | Outcome::GaveUp => true,
            },
            Asker::Task { slot, request } => {
                let asking = &self.tasks[slot];
                let waits = asking.state == TaskState::Waiting && asking.request == request;
                !answered && !waits
            }
        }
    }

    /// What a request carries: the same in every variant.
    pub(super) fn carry_request(&mut self, client: &Client, key: u64) {
        for &(field, value) in &client.fields {
            let value = match value {
                FieldValue::Number(number) => number,
                FieldValue::Between { least, most } => {
                    let count = (i64::from(most) - i64::from(least)).max(0) as u64 + 1;
                    let bits = self.fields.luck[field.index()].draw(key, 0).bits() >> 32;
                    let drawn = (bits * count) >> 32;
                    narrow(i64::from(least) + drawn as i64)
                }
                FieldValue::Request => narrow(super::clients::request_of(key) as i64 + 1),
            };
            self.fields.with.push((field, value));
        }
    }

    /// A task begins with what its message carries.
    #[inline]
    pub(super) fn take_fields(&mut self, task: u32, message: u32) {
        if !self.fields.is_empty() {
            self.fields.take_up(task, message);
        }
    }

    /// A branch begins with a copy of what the message in hand carries by now.
    pub(super) fn branch_fields(&mut self, parent: u32, branch: u32) {
        let (from, width) = (parent as usize * self.fields.width, self.fields.width);
        let row = self.fields.task_row(branch);
        self.fields.tasks.copy_within(from..from + width, row);
    }

    /// Whether a handler understands the schema version of its message; it makes a record if it does not.
    pub(super) fn understands(&mut self, task: u32, reads: (i32, i32)) -> bool {
        let schema = self.fields.schema.map_or(1, |schema| self.fields.in_hand(task, schema));
        let understood = (reads.0..=reads.1).contains(&schema);
        if !understood {
            self.note(task, RecordKind::Unreadable { schema });
        }
        understood
    }

    /// A caller takes fields over from the answer to its call.
    pub(super) fn take_over(&mut self, task: u32, reply: u32) {
        let plan = self.plan.clone();
        let Some(takes) = plan.takes.get(usize::from(self.tasks[task].asked.takes)) else { return };
        for field in takes {
            let at = task as usize * self.fields.width + field.index();
            self.fields.tasks[at] = self.fields.row(reply)[field.index()];
        }
    }

    /// What is sent next has this in a field.
    pub(super) fn carry(&mut self, task: u32, field: FieldId, value: ExpressionId) {
        let value = self.number(task, value);
        self.fields.with.push((field, value));
    }

    /// Nothing is sent after all.
    pub(super) fn carry_nothing(&mut self) {
        self.fields.with.clear();
    }

    /// The message in hand has this in a field from now on.
    pub(super) fn assign(&mut self, task: u32, field: FieldId, value: ExpressionId) {
        let value = self.number(task, value);
        let row = self.fields.task_row(task);
        self.fields.tasks[row + field.index()] = value;
    }

    /// Counts up a fact of the case: by 1, or by an amount.
    pub(super) fn set_fact(&mut self, task: u32, fact: FactId, amount: ExpressionId) {
        let amount = if amount == Step::NOTHING { 1 } else { self.value(task, amount) };
        let case = self.messages[self.tasks[task].message].case;
        let count = &mut self.counters[self.row.fact(case, fact.index())];
        let before = *count;
        *count = before.saturating_add(amount.clamp(0, i64::from(u16::MAX)) as u16);
        let kind = RecordKind::FactSet { fact, count: *count, before };
        self.note(task, kind);
    }

    /// Notes a value for people.
    pub(super) fn measure(&mut self, task: u32, figure: FigureId, value: ExpressionId) {
        let value = self.number(task, value);
        self.note(task, RecordKind::Measured { figure, value });
    }

    /// Makes a record of what a handler did, which leads to what it does next.
    pub(super) fn note(&mut self, task: u32, kind: RecordKind) {
        let Task { message, service, cause, .. } = self.tasks[task];
        let about = &self.messages[message];
        let (case, about) = (about.case, (about.number, about.message_type));
        self.tasks[task].cause = self.emit(cause, Some(case), Some(about), Place::Service(service), kind);
    }
}
