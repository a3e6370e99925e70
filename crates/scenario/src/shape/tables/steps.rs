//! The steps of handlers.

use super::{field, list};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{PERCENT, POSITIVE_DURATION};
use crate::shape::{Choice, Either, Kind, Lines, Record, Role, Words, for_schema};

/// What a service does with a message.
pub(super) static STEPS: Kind = list(&STEP);

static STEP: Kind = Kind::Either(&Either {
    name: "step",
    what: "a step",
    doc: for_schema("One thing that a service does with a message."),
    kinds: &[&Kind::Word(&WORDS), &Kind::Choice(&STEP_RECORDS)],
});

static WORDS: Words = Words { what: "a step", words: &["work", "reply", "fail"] };

static STEP_RECORDS: Choice = Choice {
    name: "step-with-details",
    what: "a step",
    records: &[&WORK, &CALL, &SEND, &PUBLISH, &REPLY, &SET, &IF, &CHANCE],
};

static WORK: Record = Record {
    name: "work",
    what: "the step work",
    doc: for_schema("Keep the worker busy."),
    fields: &[field("work", &super::time::TIME, Required, "How long.")],
};

static CALL: Record = Record {
    name: "call",
    what: "the step call",
    doc: for_schema("Send a command to a service and wait for the answer; the worker waits too."),
    fields: &[field("call", &Kind::Record(&CALL_DETAILS), Required, "Whom, with what.")],
};

static CALL_DETAILS: Record = Record {
    name: "call-details",
    what: "a call",
    doc: for_schema("Whom to call, with what, and what happens if nobody answers."),
    fields: &[
        field("to", &Kind::Name(Role::Service), Required, "The service."),
        field("send", &Kind::Name(Role::Message), Required, "The type of the command."),
        field(
            "timeout",
            &Kind::Line(&POSITIVE_DURATION),
            Optional,
            "How long to wait; if not given, for ever.",
        ),
        field(
            "on_error",
            &Kind::Word(&ON_ERROR),
            Default("fail"),
            "What to do when it is refused, fails or takes too long.",
        ),
    ],
};

static ON_ERROR: Words = Words { what: "something to do on an error", words: &["fail", "continue"] };

static SEND: Record = Record {
    name: "send",
    what: "the step send",
    doc: for_schema("Send a command and go on at once."),
    fields: &[field("send", &Kind::Record(&SEND_DETAILS), Required, "What, and where to.")],
};

static SEND_DETAILS: Record = Record {
    name: "send-details",
    what: "a send",
    doc: for_schema("What to send, and where to."),
    fields: &[
        field("command", &Kind::Name(Role::Message), Required, "The type of the command."),
        field("to", &Kind::Name(Role::Target), Required, "The channel or service."),
    ],
};

static PUBLISH: Record = Record {
    name: "publish",
    what: "the step publish",
    doc: for_schema("Publish an event and go on at once."),
    fields: &[field("publish", &Kind::Record(&PUBLISH_DETAILS), Required, "What, and on which channel.")],
};

static PUBLISH_DETAILS: Record = Record {
    name: "publish-details",
    what: "a publish",
    doc: for_schema("What to publish, and on which channel."),
    fields: &[
        field("event", &Kind::Name(Role::Message), Required, "The type of the event."),
        field("on", &Kind::Name(Role::Channel), Required, "The channel."),
    ],
};

static REPLY: Record = Record {
    name: "reply",
    what: "the step reply",
    doc: for_schema("Answer whoever asked."),
    fields: &[field("reply", &Kind::Text(Lines::One), Required, "A word for people, such as accepted.")],
};

static SET: Record = Record {
    name: "set",
    what: "the step set",
    doc: for_schema("Note that something is now true of the case; each time it is counted."),
    fields: &[field("set", &Kind::Name(Role::Fact), Required, "The fact.")],
};

static IF: Record = Record {
    name: "if",
    what: "the step if",
    doc: for_schema("Go one way if a fact is true of the case, else the other."),
    fields: &[
        field("if", &FACT_TEST, Required, "The fact."),
        field("then", &STEPS, Required, "What to do if it is true."),
        field("else", &STEPS, Optional, "What to do otherwise."),
    ],
};

static FACT_TEST: Kind = Kind::Either(&Either {
    name: "fact-test",
    what: "a fact",
    doc: for_schema("A fact that was set at least once, or at least so often."),
    kinds: &[&Kind::Name(Role::Fact), &Kind::Record(&FACT_COUNT)],
});

static FACT_COUNT: Record = Record {
    name: "fact-count",
    what: "a fact with a number",
    doc: for_schema("A fact that was set at least so often."),
    fields: &[
        field("fact", &Kind::Name(Role::Fact), Required, "The fact."),
        field("at_least", &Kind::Whole { least: 1, most: 65_535 }, Default("1"), "How often, at least."),
    ],
};

static CHANCE: Record = Record {
    name: "chance",
    what: "the step chance",
    doc: for_schema("Go one way with a probability, else the other."),
    fields: &[
        field("chance", &Kind::Line(&PERCENT), Required, "How probable the first way is."),
        field("then", &STEPS, Required, "What to do then."),
        field("else", &STEPS, Optional, "What to do otherwise."),
    ],
};
