//! Checks and faults.

use super::field;
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{DURATION, EXPRESSION, FACTOR, POSITIVE_DURATION};
use crate::shape::{Choice, Field, Kind, Lines, Record, Role, for_schema};

pub(super) static CHECK: Choice = Choice {
    name: "check",
    what: "a check",
    records: &[&NEVER, &ALWAYS, &FINALLY, &WITHIN, &TOTAL, &ORDERED, &LOSSLESS],
};

const WHY: Field = field("why", &Kind::Text(Lines::One), Default(""), "Why anybody wants it.");

static NEVER: Record = Record {
    name: "never",
    what: "a check",
    doc: for_schema("A promise that something is never true of any case."),
    fields: &[field("never", &Kind::Line(&EXPRESSION), Required, "What must not be."), WHY],
};

static ALWAYS: Record = Record {
    name: "always",
    what: "a check",
    doc: for_schema("A promise that something is true of every case after every change."),
    fields: &[field("always", &Kind::Line(&EXPRESSION), Required, "What must be."), WHY],
};

static FINALLY: Record = Record {
    name: "finally",
    what: "a check",
    doc: for_schema("A promise that something is true of every case once nothing is left to do for it."),
    fields: &[field("finally", &Kind::Line(&EXPRESSION), Required, "What must be in the end."), WHY],
};

static WITHIN: Record = Record {
    name: "within",
    what: "a check",
    doc: for_schema("A promise to whoever was told yes: so long after the case began, these facts are true."),
    fields: &[
        field("within", &Kind::Line(&POSITIVE_DURATION), Required, "How long after the case began."),
        field("reach", &FACTS, Required, "Which facts."),
        WHY,
    ],
};

static TOTAL: Record = Record {
    name: "total",
    what: "a check",
    doc: for_schema("A promise about the sums over all cases at the end: what is = what is expected."),
    fields: &[field("total", &Kind::Line(&EXPRESSION), Required, "What must be true of the sums."), WHY],
};

static ORDERED: Record = Record {
    name: "ordered",
    what: "a check",
    doc: for_schema(
        "A promise that a service takes up the messages of each key in the order in which they were made.",
    ),
    fields: &[field("ordered", &Kind::Name(Role::Service), Required, "Who."), WHY],
};

static LOSSLESS: Record = Record {
    name: "lossless",
    what: "a check",
    doc: for_schema("A promise that no message is lost or put aside at a service or channel."),
    fields: &[field("lossless", &Kind::Name(Role::Target), Required, "Where."), WHY],
};

static FACTS: Kind = Kind::List { of: &Kind::Name(Role::Fact), least: 1, most: 100 };

pub(super) static FAULT: Choice =
    Choice { name: "fault", what: "a fault", records: &[&CRASH, &SLOW, &CUT, &REBUILD] };

const AT: Field = field("at", &BEGIN, Required, "When it begins.");
const FOR: Field = field("for", &LASTS, Optional, "How long it lasts; if not given, for ever.");

static BEGIN: Kind = Kind::Line(&DURATION);
static LASTS: Kind = Kind::Line(&POSITIVE_DURATION);

static CRASH: Record = Record {
    name: "crash",
    what: "a crash",
    doc: for_schema("A service or channel stops at once and loses what it had in memory."),
    fields: &[field("crash", &Kind::Name(Role::Target), Required, "Who."), AT, FOR],
};

static SLOW: Record = Record {
    name: "slow",
    what: "a slow-down",
    doc: for_schema("The work of a service takes so many times as long."),
    fields: &[
        field("slow", &Kind::Name(Role::Service), Required, "Who."),
        field("by", &Kind::Line(&FACTOR), Required, "How many times as long."),
        AT,
        FOR,
    ],
};

static CUT: Record = Record {
    name: "cut",
    what: "a cut",
    doc: for_schema("What is sent between two places, either way, is lost."),
    fields: &[field("cut", &super::parts::PAIR, Required, "The two places."), AT, FOR],
};

static REBUILD: Record = Record {
    name: "rebuild",
    what: "a rebuild",
    doc: for_schema(
        "A service forgets all that it keeps and reads every log from its beginning: a projection is rebuilt.",
    ),
    fields: &[field("rebuild", &Kind::Name(Role::Service), Required, "Who."), AT],
};
