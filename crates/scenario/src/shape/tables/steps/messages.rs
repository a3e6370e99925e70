//! Work, and the steps with which messages set out.

use super::YES_OR_NO;
use super::values::{GIVEN_FIELDS, TAKEN_FIELDS};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{DISTRIBUTION, EXPRESSION, POSITIVE_DURATION};
use crate::shape::tables::field;
use crate::shape::tables::time::{CONSTANT, EMPIRICAL, EXPONENTIAL, LOGNORMAL, PARETO, TIME, UNIFORM};
use crate::shape::{Choice, Either, Field, Kind, Lines, Record, Role, Words, for_schema};

pub(super) static WORK: Record = Record {
    name: "work",
    what: "the step work",
    doc: for_schema("Keep the worker busy."),
    fields: &[field("work", &WORK_TIME, Required, "How long.")],
};

static WORK_TIME: Kind = Kind::Either(&Either {
    name: "work-time",
    what: "a duration or a distribution",
    doc: for_schema("How long the work takes: a time, or so many times as long."),
    kinds: &[&Kind::Line(&DISTRIBUTION), &Kind::Choice(&WORK_TIMES)],
});

static WORK_TIMES: Choice = Choice {
    name: "work-times",
    what: "how long work takes",
    records: &[&REPEATED, &CONSTANT, &UNIFORM, &EXPONENTIAL, &LOGNORMAL, &PARETO, &EMPIRICAL],
};

static REPEATED: Record = Record {
    name: "repeated-work",
    what: "work that is done several times",
    doc: for_schema("Work whose time depends on the message or on what is kept."),
    fields: &[
        field(
            "times",
            &Kind::Line(&EXPRESSION),
            Required,
            "How many times as long; below 1 there is no work.",
        ),
        field("for", &TIME, Optional, "How long once; if not given, as the service usually takes."),
    ],
};

pub(super) static CALL: Record = Record {
    name: "call",
    what: "the step call",
    doc: for_schema("Send a command to a service and wait for the answer."),
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
        field(
            "cancel",
            &Kind::Word(&YES_OR_NO),
            Default("no"),
            "Whether the other side is told, and stops, when nobody waits for its answer any more.",
        ),
        WITH,
        SCHEMA,
        field("take", &TAKEN_FIELDS, Optional, "The fields of the answer that are taken over."),
    ],
};

static ON_ERROR: Words = Words { what: "something to do on an error", words: &["fail", "continue"] };

const WITH: Field = field(
    "with",
    &GIVEN_FIELDS,
    Optional,
    "Fields that the message carries, besides those of the message in hand.",
);

const SCHEMA: Field = field(
    "schema",
    &Kind::Whole { least: 1, most: 65_535 },
    Default("1"),
    "The schema version of the message, which its receiver may be unable to read.",
);

const AFTER: Field = field(
    "after",
    &TIME,
    Optional,
    "How much later it leaves; a crash of the sender does not stop it. If not given, at once.",
);

pub(super) static SEND: Record = Record {
    name: "send",
    what: "the step send",
    doc: for_schema(
        "Send a command and go on at once. It fails if it goes into a channel that is down, and the channel tells its publishers.",
    ),
    fields: &[field("send", &Kind::Record(&SEND_DETAILS), Required, "What, and where to.")],
};

static SEND_DETAILS: Record = Record {
    name: "send-details",
    what: "a send",
    doc: for_schema("What to send, and where to."),
    fields: &[
        field("command", &Kind::Name(Role::Message), Required, "The type of the command."),
        field("to", &Kind::Name(Role::Target), Required, "The channel or service."),
        AFTER,
        WITH,
        SCHEMA,
    ],
};

pub(super) static PUBLISH: Record = Record {
    name: "publish",
    what: "the step publish",
    doc: for_schema(
        "Publish an event and go on at once. It fails if the channel is down and tells its publishers.",
    ),
    fields: &[field("publish", &Kind::Record(&PUBLISH_DETAILS), Required, "What, and on which channel.")],
};

static PUBLISH_DETAILS: Record = Record {
    name: "publish-details",
    what: "a publish",
    doc: for_schema("What to publish, and on which channel."),
    fields: &[
        field("event", &Kind::Name(Role::Message), Required, "The type of the event."),
        field("on", &Kind::Name(Role::Channel), Required, "The channel."),
        AFTER,
        WITH,
        SCHEMA,
    ],
};

pub(super) static REPLY: Record = Record {
    name: "reply",
    what: "the step reply",
    doc: for_schema("Answer whoever asked."),
    fields: &[field("reply", &ANSWER, Required, "What the answer says.")],
};

static ANSWER: Kind = Kind::Either(&Either {
    name: "answer",
    what: "a word for people, or a mapping with `with`",
    doc: for_schema("A word for people, such as accepted, or what the answer carries."),
    kinds: &[&Kind::Text(Lines::One), &Kind::Record(&ANSWER_DETAILS)],
});

static ANSWER_DETAILS: Record = Record {
    name: "answer-details",
    what: "an answer",
    doc: for_schema("What the answer carries."),
    fields: &[field(
        "with",
        &GIVEN_FIELDS,
        Required,
        "Its fields, besides those of the message in hand. Whoever asked takes those that it names under `take`.",
    )],
};
