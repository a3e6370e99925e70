//! Links and channels.

use super::{field, list};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{PATTERN, PERCENT, SUBJECT};
use crate::shape::{Either, Field, Kind, Need, OTHERS, Record, Role, for_schema};

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

pub(crate) static CHANNEL: Record = Record {
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
            "consumers",
            &SERVICES,
            Optional,
            "Who listens, also to what is put aside there; otherwise every service that handles a type that is \
             sent there.",
        ),
        field(
            "groups",
            &GROUPS,
            Optional,
            "Services that share the work under a name: each message goes to one of them. Other services \
             form groups as the profile says.",
        ),
        field(
            "bindings",
            &BINDINGS,
            Optional,
            "Which messages a group or service gets: one pattern or several, in the grammar of the profile. \
             Who has none gets the types that it handles.",
        ),
        field(
            "subjects",
            &SUBJECTS,
            Optional,
            "What a message type is called where patterns are compared with it; otherwise by its own name.",
        ),
        field(
            "dead_letter",
            &Kind::Name(Role::Channel),
            Optional,
            "The channel on which what is put aside is published anew; otherwise it lies beside the channel.",
        ),
        field(OTHERS, &Kind::Parameter, Optional, ""),
    ],
};

static GROUPS: Kind = Kind::Names(Role::Group, &SERVICES);
static SERVICES: Kind = Kind::List { of: &Kind::Name(Role::Service), least: 1, most: 1_000 };
static BINDINGS: Kind = Kind::Names(
    Role::Hearer,
    &Kind::Either(&Either {
        name: "patterns",
        what: "a pattern or a list of patterns",
        doc: for_schema("One pattern or several."),
        kinds: &[&Kind::Line(&PATTERN), &PATTERNS],
    }),
);
static PATTERNS: Kind = Kind::List { of: &Kind::Line(&PATTERN), least: 1, most: 100 };
static SUBJECTS: Kind = Kind::Names(Role::Message, &Kind::Line(&SUBJECT));
