//! Clients and services.

use super::field;
use super::time::{TIME, TIMES};
use crate::line::arrivals::COUNT_MAX;
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{ARRIVALS, CARRIED, CLOCK, DURATION, POSITIVE_DURATION, RATE};
use crate::shape::{Choice, Either, Kind, Record, Role, Words, for_schema};

pub(super) static CLIENT: Record = Record {
    name: "client",
    what: "a client",
    doc: for_schema("Customers who send requests."),
    fields: &[
        field("arrivals", &ARRIVES, Required, "When the requests come."),
        field("sends", &Kind::Name(Role::Message), Required, "The type of message that each request is."),
        field(
            "to",
            &Kind::Name(Role::Target),
            Required,
            "A service, which answers, or a channel, which does not.",
        ),
        field(
            "patience",
            &TIME,
            Optional,
            "How long a customer waits for an answer; if not given, for ever.",
        ),
        field("from", &Kind::Line(&DURATION), Default("0s"), "When the first request may come."),
        field(
            "until",
            &Kind::Line(&POSITIVE_DURATION),
            Optional,
            "When the last request may come; if not given, the end.",
        ),
        field(
            "keys",
            &Kind::Whole { least: 1, most: 1_000_000 },
            Optional,
            "How many keys (accounts, products) the requests are about, one drawn for each; clients share \
             them. If not given, each request is a key of its own.",
        ),
        field("with", &WITH, Optional, "What the requests carry: fields with whole numbers."),
    ],
};

pub(super) static SERVICE: Record = Record {
    name: "service",
    what: "a service",
    doc: for_schema("A program with workers, each of which handles one message at a time."),
    fields: &[
        field(
            "workers",
            &Kind::Whole { least: 1, most: 10_000 },
            Default("1"),
            "How many messages it handles at a time.",
        ),
        field("inbox", &INBOX, Optional, "How many messages may wait; if not given, any number."),
        field("work", &TIME, Default("0s"), "How long a step `work` takes where it does not say."),
        field("clock", &Kind::Line(&CLOCK), Default("0s"), "By how much its clock is ahead, or behind."),
        field("store", &CELLS, Optional, "What it keeps over a crash, as in a database."),
        field("memory", &CELLS, Optional, "What it remembers until it crashes."),
    ],
};

static WITH: Kind = Kind::Names(Role::Field, &Kind::Line(&CARRIED));

static CELLS: Kind = Kind::Names(
    Role::Cell,
    &Kind::Either(&Either {
        name: "cell",
        what: "a scope such as `per case`, or a mapping with `per`",
        doc: for_schema("A whole number that a service keeps: one for each case, one for each key, or one."),
        kinds: &[&Kind::Word(&PER_WHAT), &Kind::Record(&CELL)],
    }),
);

static PER_WHAT: Words = Words { what: "a scope of cells", words: &["per case", "per key", "per service"] };

static CELL: Record = Record {
    name: "cell-details",
    what: "a cell",
    doc: for_schema("For what it is kept apart, for how long, and where it starts."),
    fields: &[
        field("per", &Kind::Word(&WHAT), Required, "For what it is kept apart."),
        field(
            "for",
            &Kind::Line(&POSITIVE_DURATION),
            Optional,
            "How long a value is kept after it was last stored; if not given, for ever.",
        ),
        field(
            "starts",
            &Kind::Whole { least: 0, most: i32::MAX as u64 },
            Default("0"),
            "What it is before anything is stored.",
        ),
    ],
};

static WHAT: Words = Words { what: "a scope of cells", words: &["case", "key", "service"] };

static INBOX: Kind = Kind::Whole { least: 0, most: 1_000_000_000 };

static ARRIVES: Kind = Kind::Either(&Either {
    name: "arrivals",
    what: "how requests arrive",
    doc: for_schema(
        "When requests come: by themselves at a rate or at given times, or from users who wait and think.",
    ),
    kinds: &[&Kind::Line(&ARRIVALS), &Kind::Choice(&WAYS_OF_ARRIVING), &TIMES],
});

static COUNT: Kind = Kind::Whole { least: 1, most: COUNT_MAX as u64 };

static WAYS_OF_ARRIVING: Choice = Choice {
    name: "way-of-arriving",
    what: "a way of arriving",
    records: &[&POISSON, &EVENLY, &BURST, &RAMP, &AT, &USERS],
};

static POISSON: Record = Record {
    name: "poisson",
    what: "Poisson arrivals",
    doc: for_schema("Independently of each other, so many per second on average."),
    fields: &[field("poisson", &Kind::Line(&RATE), Required, "The mean rate.")],
};

static EVENLY: Record = Record {
    name: "evenly",
    what: "constant arrivals",
    doc: for_schema("Evenly spaced."),
    fields: &[field("constant", &Kind::Line(&RATE), Required, "The rate.")],
};

static BURST: Record = Record {
    name: "burst",
    what: "bursts",
    doc: for_schema("Many at one moment, again and again."),
    fields: &[
        field("burst", &COUNT, Required, "How many at a time."),
        field("every", &Kind::Line(&POSITIVE_DURATION), Required, "The time between two bursts."),
    ],
};

static RAMP: Record = Record {
    name: "ramp",
    what: "a ramp",
    doc: for_schema("A rate that changes evenly from one value to another, and then stays."),
    fields: &[field("ramp", &Kind::Record(&RATES), Required, "From where to where.")],
};

static RATES: Record = Record {
    name: "rates",
    what: "the rates of a ramp",
    doc: for_schema("From where to where, and how fast."),
    fields: &[
        field("from", &Kind::Line(&RATE), Required, "The rate at the start."),
        field("to", &Kind::Line(&RATE), Required, "The rate at the end."),
        field("over", &Kind::Line(&POSITIVE_DURATION), Required, "How long the change takes."),
    ],
};

static AT: Record = Record {
    name: "at",
    what: "given times",
    doc: for_schema("At these times after the client's start."),
    fields: &[field("at", &TIMES, Required, "The times.")],
};

static USERS: Record = Record {
    name: "users",
    what: "users",
    doc: for_schema("A closed loop: each user sends, waits for the answer, thinks, and sends again."),
    fields: &[
        field("users", &COUNT, Required, "How many users."),
        field("thinking", &TIME, Required, "How long one thinks."),
    ],
};
