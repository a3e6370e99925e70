//! What services do with messages.

mod blocks;
mod messages;
mod values;

use super::{field, list};
use crate::line::policy::{VERSIONS, versions};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::{Choice, Either, Kind, Language, Record, Words, for_schema};

/// What a service does with a message, and how.
pub(super) static HANDLER: Kind = Kind::Either(&Either {
    name: "handler",
    what: "a list of steps, or a mapping with `steps`",
    doc: for_schema("What a service does with a message: its steps, or more about how they are done."),
    kinds: &[&STEPS, &Kind::Record(&HABITS)],
});

static HABITS: Record = Record {
    name: "handler-with-habits",
    what: "a handler",
    doc: for_schema("The steps, and how they are done."),
    fields: &[
        field("steps", &STEPS, Required, "What it does."),
        field(
            "durable",
            &Kind::Word(&YES_OR_NO),
            Default("no"),
            "Its progress is kept, as by a workflow engine: after a crash it goes on with the step at which it was, \
             which is done again. The message counts as done as soon as it is taken up.",
        ),
        field(
            "worker",
            &Kind::Word(&WORKER),
            Default("held"),
            "What becomes of the worker while the handler waits for an answer, a time or a condition: it waits \
             too, or it does something else in the meantime.",
        ),
        field(
            "reads",
            &Kind::Line(&SCHEMA_VERSIONS),
            Optional,
            "Which schema versions of the message it understands, such as 1 or 1 to 2. Of another one it fails. \
             If not given, it understands whatever comes.",
        ),
    ],
};

static YES_OR_NO: Words = Words { what: "yes or no", words: &["yes", "no"] };
static WORKER: Words = Words { what: "something to do with a worker", words: &["held", "released"] };

static SCHEMA_VERSIONS: Language = Language {
    name: "schema-versions",
    expected: VERSIONS,
    pattern: for_schema(r"^[1-9][0-9]{0,4}(\s+to\s+[1-9][0-9]{0,4})?$"),
    examples: &["1", "1 to 2"],
    check: |text| versions(text).map(drop),
};

/// Steps in their order.
static STEPS: Kind = list(&STEP);

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
    records: &[
        &messages::WORK,
        &messages::CALL,
        &messages::SEND,
        &messages::PUBLISH,
        &messages::REPLY,
        &values::SET,
        &values::LET,
        &values::STORE,
        &values::REMEMBER,
        &values::FORGET,
        &values::MEASURE,
        &blocks::IF,
        &blocks::CHANCE,
        &blocks::WAIT,
        &blocks::TRY,
        &blocks::RETRY,
        &blocks::DEADLINE,
        &blocks::PARALLEL,
        &blocks::UNDO,
    ],
};
