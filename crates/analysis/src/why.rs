//! The why-chain: from a wrong outcome back through causes to its root.
//!
//! ```text
//!  outcome <- record <- record <- ... <- root: what was done to the system,
//!                  what did not happen         or what the plan says,
//!                  (looked for forwards)       or what the customer did
//! ```
//!
//! Each record names the one that led to it. Where the cause is that something did *not* happen (a message that did
//! not come, an answer that came too late), it is looked for forwards, from the last moment at which all was well.
//! Where an act such as a crash was needed for the outcome, it is the root, and the rule that let it through stands
//! before it. Otherwise the rule is the root.

mod back;
mod blame;
mod broken;
mod channels;
mod effects;
mod missing;
mod order;
mod program;
mod story;
mod waiting;
mod words;
mod workers;

use topology::{Act, ChannelId, ClientId, FactId, Plan, Record, RouteId, ServiceId, TypeId};

use crate::{Violation, sentence};
pub use story::Story;
use words::past;

/// What somebody asks about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why a promise was broken: the position of the check in the plan, and what broke it.
    Broken {
        /// Which of [`Plan::checks`].
        check: usize,
        /// What broke it.
        violation: Violation,
    },
    /// Why a copy of a message was lost or put aside: its number.
    Lost {
        /// The number of the copy.
        message: u32,
    },
    /// Why a fact of a case was set more than once.
    Twice {
        /// The number of the case.
        case: u32,
        /// Which fact.
        fact: FactId,
    },
    /// Why a fact of a case was never set.
    Missing {
        /// The number of the case.
        case: u32,
        /// Which fact.
        fact: FactId,
    },
    /// Why a customer was refused, or lost patience.
    Refused {
        /// The number of the case.
        case: u32,
    },
}

/// The answer: a chain from what was asked about to its root.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// In one sentence: the outcome and its root.
    pub summary: String,
    /// From the outcome to the root; the last is the root. What rests on records goes back in time.
    pub links: Vec<Link>,
    /// What the last link says, as a value.
    pub root: Root,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// In a sentence that names services, messages and times.
    pub text: String,
    /// The record it rests on; `None` where it rests on what did not happen, or on the plan.
    pub record: Option<Record>,
}

/// Where a chain ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Root {
    /// Something was done to the system.
    Act(Act),
    /// What a channel does with messages.
    Channel(ChannelId),
    /// The network on a route: it loses, doubles or reorders messages, or takes its time.
    Link(RouteId),
    /// How many workers a service has, how much room, and how long its work takes.
    Service(ServiceId),
    /// How a handler is written.
    Handler(ServiceId, TypeId),
    /// How long a handler waits for an answer or sets itself a deadline.
    Timeout(ServiceId, TypeId),
    /// How long a client's customers wait.
    Patience(ClientId),
    /// A customer asked for it, and all went as planned.
    Customer(ClientId),
    /// A limit of the simulation was reached.
    Halted,
    /// The records do not tell. They are not all there, or they are not of this plan.
    Unknown,
}

impl Root {
    /// Its kind in files: lower case.
    pub fn name(self) -> &'static str {
        match self {
            Root::Act(_) => "act",
            Root::Channel(_) => "channel",
            Root::Link(_) => "link",
            Root::Service(_) => "service",
            Root::Handler(..) => "handler",
            Root::Timeout(..) => "timeout",
            Root::Patience(_) => "patience",
            Root::Customer(_) => "customer",
            Root::Halted => "halted",
            Root::Unknown => "unknown",
        }
    }
}

/// Answers a question from the records of a run: all of them, from the first to the present, in order.
pub fn explain(plan: &Plan, records: &[Record], question: &Question) -> Why {
    Story::new(plan, records).explain(question)
}

impl Story<'_> {
    /// Answers a question.
    pub fn explain(&self, question: &Question) -> Why {
        let mut inquiry = Inquiry::new(self);
        match *question {
            Question::Broken { check, violation } => inquiry.broken(check, violation),
            Question::Lost { message } => inquiry.lost_message(message),
            Question::Twice { case, fact } => inquiry.twice(case, fact, u64::MAX),
            Question::Missing { case, fact } => inquiry.never_set(case, fact),
            Question::Refused { case } => inquiry.turned_away(case),
        }
        inquiry.finish()
    }
}

/// An answer in the making.
struct Inquiry<'s, 'r> {
    story: &'s Story<'r>,
    plan: &'r Plan,
    /// Which case is asked about; of others the texts say so.
    case: u32,
    /// In half a sentence, what is asked about.
    outcome: String,
    links: Vec<Link>,
    /// The rule that let an act through, for the summary.
    rule: String,
    root: Option<(Root, String)>,
    /// How often the inquiry may still turn to something else, so that it ends.
    turns: u32,
}

impl<'s, 'r> Inquiry<'s, 'r> {
    fn new(story: &'s Story<'r>) -> Self {
        Inquiry {
            story,
            plan: story.plan,
            case: Record::NONE,
            outcome: String::new(),
            links: Vec::new(),
            rule: String::new(),
            root: None,
            turns: 200,
        }
    }

    /// Says what is asked about.
    fn asks(&mut self, case: u32, outcome: String) {
        if self.outcome.is_empty() {
            (self.case, self.outcome) = (case, outcome);
        }
    }

    /// Whether there is anything left to do. Counts.
    fn goes_on(&mut self) -> bool {
        self.turns = self.turns.saturating_sub(1);
        self.root.is_none() && self.turns > 0
    }

    /// A link that rests on a record, in the record's own words.
    fn note(&mut self, record: &Record) {
        let text = format!("{}, at {}", sentence(record, self.plan), record.time);
        self.note_as(record, text);
    }

    /// A link that rests on a record, in other words.
    fn note_as(&mut self, record: &Record, mut text: String) {
        if self.links.iter().any(|link| link.record.is_some_and(|known| known.number == record.number)) {
            return;
        }
        if record.case != self.case && record.case != Record::NONE && self.case != Record::NONE {
            text.push_str(&format!(" (case {})", record.case));
        }
        // What rests on a later record than the one before stands there for what it says only.
        let last = self.links.iter().rev().find_map(|link| link.record);
        let in_order = last.is_none_or(|last| record.number < last.number);
        self.links.push(Link { text, record: in_order.then_some(*record) });
    }

    /// A link that rests on what did not happen.
    fn say(&mut self, text: String) {
        self.links.push(Link { text, record: None });
    }

    /// A rule that let an act through.
    fn rule(&mut self, text: String) {
        // The first is the nearest to what went wrong.
        if self.rule.is_empty() {
            self.rule.clone_from(&text);
        }
        self.say(text);
    }

    /// The chain ends with something that was done to the system.
    fn act(&mut self, record: &Record) {
        let (text, root) = past(record, self.plan);
        if self.root.is_none() {
            for link in &mut self.links {
                link.record = link.record.filter(|known| known.number > record.number);
            }
            let text = format!("{text} at {}", record.time);
            self.links.push(Link { text: text.clone(), record: Some(*record) });
            self.root = Some((root, text));
        }
    }

    /// The chain ends with the plan, or with what a customer did.
    fn end(&mut self, root: Root, text: String) {
        if self.root.is_none() {
            self.say(text.clone());
            self.root = Some((root, text));
        }
    }

    fn finish(mut self) -> Why {
        if self.root.is_none() {
            self.end(Root::Unknown, "the records do not tell more".into());
        }
        let (root, text) = self.root.unwrap_or((Root::Unknown, String::new()));
        let rule = if self.rule.is_empty() { String::new() } else { format!("; {}", self.rule) };
        Why { summary: format!("{}: {text}{rule}.", self.outcome), links: self.links, root }
    }
}
