//! The tables. Read them as the reference of the format: each row is a key, what stands under it, whether it
//! must be there, and what it means.

mod load;
mod parts;
mod promises;
mod steps;
mod time;

pub(crate) use parts::CHANNEL;

use super::Need::{Default, Optional, Required};
use super::{Either, Field, Kind, Lines, Need, Record, Role, for_schema};

/// The version of the format that is read.
pub(crate) const VERSION: u64 = 1;

const fn field(name: &'static str, kind: &'static Kind, need: Need, doc: &'static str) -> Field {
    Field { name, kind, need, doc: for_schema(doc) }
}

const fn list(of: &'static Kind) -> Kind {
    Kind::List { of, least: 0, most: usize::MAX }
}

/// The whole file.
pub(crate) static FILE: Kind = Kind::Record(&SCENARIO);

/// Its record.
pub(crate) static SCENARIO: Record = Record {
    name: "scenario",
    what: "a scenario",
    doc: for_schema("An event-driven system, what happens to it, and what it promises."),
    fields: &[
        field("signalbox", &Kind::Version, Required, "The version of this format, 1."),
        field("title", &Kind::Text(Lines::One), Required, "What it is called."),
        field("about", &Kind::Text(Lines::Many), Default(""), "What it shows, for who opens it."),
        field(
            "seed",
            &Kind::Whole { least: 0, most: u64::MAX },
            Default("42"),
            "Where chance begins: same seed, same run.",
        ),
        field("length", &Kind::Line(&super::languages::LENGTH), Default("60s"), "When the run ends."),
        field("speed", &Kind::Line(&super::languages::FACTOR), Optional, "How fast it is best played."),
        field("clients", &CLIENTS, Required, "Where work comes from."),
        field("services", &SERVICES, Required, "Who does the work."),
        field("links", &LINKS, Optional, "The network."),
        field("channels", &CHANNELS, Optional, "What messages pass through; calls need none."),
        field("checks", &CHECKS, Optional, "What is promised."),
        field("faults", &FAULTS, Optional, "What goes wrong."),
        field("handlers", &HANDLERS, Optional, "What services do with messages, in every variant."),
        field(
            "variants",
            &VARIANTS,
            Optional,
            "Architectures for the same work, to compare; without any there is one, `default`.",
        ),
    ],
};

static CLIENTS: Kind = Kind::Names(Role::Client, &Kind::Record(&load::CLIENT));
static SERVICES: Kind = Kind::Names(Role::Service, &Kind::Record(&load::SERVICE));
static LINKS: Kind = Kind::Record(&parts::LINKS);
static CHANNELS: Kind = Kind::Names(Role::Channel, &Kind::Record(&parts::CHANNEL));
static CHECKS: Kind = list(&Kind::Choice(&promises::CHECK));
static FAULTS: Kind = list(&Kind::Choice(&promises::FAULT));
static HANDLERS: Kind = Kind::Names(Role::Service, &Kind::Names(Role::Message, &steps::HANDLER));
static VARIANTS: Kind = Kind::Names(Role::Variant, &VARIANT_KIND);

/// One of the variants.
pub(crate) static VARIANT_KIND: Kind = Kind::Record(&VARIANT);

static VARIANT: Record = Record {
    name: "variant",
    what: "a variant",
    doc: for_schema("One architecture: what it adds to the parts above, and what it changes in them."),
    fields: &[
        field("about", &Kind::Text(Lines::Many), Default(""), "What is different here."),
        field(
            "cures",
            &CURED,
            Optional,
            "The variants whose failures this one cures: each of them breaks a check, and this holds all.",
        ),
        field("clients", &CLIENT_CHANGES, Optional, "Changes to the clients above, such as another target."),
        field("services", &SERVICE_CHANGES, Optional, "Changes to the services above, such as more workers."),
        field("links", &LINKS, Optional, "Changes to the network."),
        field("channels", &CHANNEL_CHANGES, Optional, "More channels, or changes to those above."),
        field("handlers", &HANDLERS, Optional, "More handlers, or others than those above."),
    ],
};

static CURED: Kind = Kind::Either(&Either {
    name: "cured",
    what: "a variant or a list of them",
    doc: for_schema("The name of a variant, or several."),
    kinds: &[&Kind::Name(Role::Variant), &list(&Kind::Name(Role::Variant))],
});

static CLIENT_CHANGES: Kind = Kind::Names(Role::Client, &Kind::Changes(&load::CLIENT));
static SERVICE_CHANGES: Kind = Kind::Names(Role::Service, &Kind::Changes(&load::SERVICE));
static CHANNEL_CHANGES: Kind = Kind::Names(Role::Channel, &Kind::Changes(&parts::CHANNEL));
