//! Links and channels.

use super::{field, list};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{PERCENT, POSITIVE_DURATION};
use crate::shape::{Field, Kind, Need, Record, Role, Words, for_schema};

pub(super) static LINKS: Record = Record {
    name: "links",
    what: "the network",
    doc: for_schema("How messages travel."),
    fields: &[
        field("default", &Kind::Record(&LINK), Optional, "Wherever nothing else is said."),
        field("between", &BETWEEN_ALL, Optional, "Between two places, both ways."),
    ],
};

static BETWEEN_ALL: Kind = list(&Kind::Record(&BETWEEN));

static LINK: Record = Record {
    name: "link",
    what: "a link",
    doc: for_schema("The network between two places."),
    fields: &[
        latency(Default("1ms")),
        share("loss", Default("0%"), "How many messages are lost."),
        share("duplication", Default("0%"), "How many messages arrive twice."),
        share("reordering", Default("0%"), "How many messages may overtake others or be overtaken."),
    ],
};

static BETWEEN: Record = Record {
    name: "between",
    what: "a link between two places",
    doc: for_schema("The network between two places, both ways; what is not given is as in `default`."),
    fields: &[
        field("places", &PAIR, Required, "The two places."),
        latency(Optional),
        share("loss", Optional, "How many messages are lost."),
        share("duplication", Optional, "How many messages arrive twice."),
        share("reordering", Optional, "How many messages may overtake others or be overtaken."),
    ],
};

const fn latency(need: Need) -> Field {
    field("latency", &super::time::TIME, need, "How long a message travels.")
}

const fn share(name: &'static str, need: Need, doc: &'static str) -> Field {
    field(name, &SHARE, need, doc)
}

static SHARE: Kind = Kind::Line(&PERCENT);

/// Two places that messages go between.
pub(super) static PAIR: Kind = Kind::List { of: &Kind::Name(Role::Place), least: 2, most: 2 };

pub(super) static CHANNEL: Record = Record {
    name: "channel",
    what: "a channel",
    doc: for_schema("What messages pass through. Which parameters there are depends on the profile."),
    fields: &[
        field(
            "profile",
            &Kind::Profile,
            Required,
            "The product whose rules it follows, such as rabbitmq-quorum.",
        ),
        field(
            "prefetch",
            &COUNT,
            Optional,
            "How many unacknowledged messages one service may hold; if not given, any number.",
        ),
        field(
            "delivery_limit",
            &COUNT,
            Optional,
            "How often a message may come back before it is put aside; if not given, for ever.",
        ),
        field("max_length", &COUNT, Optional, "How many messages may wait; if not given, any number."),
        field(
            "overflow",
            &Kind::Word(&OVERFLOW),
            Default("drop-head"),
            "What gives way when max_length is reached.",
        ),
        field(
            "durable",
            &Kind::Flag,
            Default("true"),
            "Whether waiting messages survive a crash of the broker.",
        ),
        field(
            "heartbeat",
            &Kind::Line(&POSITIVE_DURATION),
            Default("60s"),
            "How long it takes to notice a broken connection.",
        ),
    ],
};

static COUNT: Kind = Kind::Whole { least: 1, most: 1_000_000_000 };
static OVERFLOW: Words = Words { what: "a way to overflow", words: &["drop-head", "reject-publish"] };
