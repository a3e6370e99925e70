//! Steps with which something is noted, kept or measured.

use crate::shape::Need::Required;
use crate::shape::languages::EXPRESSION;
use crate::shape::tables::field;
use crate::shape::{Either, Kind, Record, Role, for_schema};

/// Fields that something is given.
pub(super) static GIVEN_FIELDS: Kind = Kind::Names(Role::Field, &VALUE);
/// Fields that are taken over.
pub(super) static TAKEN_FIELDS: Kind = Kind::List { of: &Kind::Name(Role::Field), least: 1, most: 100 };

static VALUE: Kind = Kind::Line(&EXPRESSION);

pub(super) static SET: Record = Record {
    name: "set",
    what: "the step set",
    doc: for_schema("Note that something is now true of the case; each time it is counted."),
    fields: &[field(
        "set",
        &FACTS,
        Required,
        "The fact; or facts, each with the amount that it is counted up by.",
    )],
};

static FACTS: Kind = Kind::Either(&Either {
    name: "facts",
    what: "a fact, or a mapping from facts to amounts",
    doc: for_schema("A fact, or facts with amounts. What is below 0 counts as 0."),
    kinds: &[&Kind::Name(Role::Fact), &Kind::Names(Role::Fact, &VALUE)],
});

pub(super) static LET: Record = Record {
    name: "let",
    what: "the step let",
    doc: for_schema(
        "Change fields of the message in hand. What is sent from here on carries them; a redelivery begins anew.",
    ),
    fields: &[field("let", &GIVEN_FIELDS, Required, "The fields with their values.")],
};

static CELLS: Kind = Kind::Either(&Either {
    name: "cells",
    what: "a cell, or a mapping from cells to values",
    doc: for_schema("A cell, which is then 1, or cells with values."),
    kinds: &[&Kind::Name(Role::Cell), &Kind::Names(Role::Cell, &VALUE)],
});

pub(super) static STORE: Record = Record {
    name: "store",
    what: "the step store",
    doc: for_schema("Keep values that survive a crash: in cells that stand under `store:` of the service."),
    fields: &[field("store", &CELLS, Required, "The cells with their values.")],
};

pub(super) static REMEMBER: Record = Record {
    name: "remember",
    what: "the step remember",
    doc: for_schema("Keep values until the service crashes: in cells that stand under `memory:` of it."),
    fields: &[field("remember", &CELLS, Required, "The cells with their values.")],
};

pub(super) static FORGET: Record = Record {
    name: "forget",
    what: "the step forget",
    doc: for_schema("Let a cell be as it was at the start."),
    fields: &[field("forget", &Kind::Name(Role::Cell), Required, "The cell.")],
};

pub(super) static MEASURE: Record = Record {
    name: "measure",
    what: "the step measure",
    doc: for_schema(
        "Note values for people and checks, such as how stale something is; they change nothing.",
    ),
    fields: &[field("measure", &FIGURES, Required, "The figures with their values.")],
};

static FIGURES: Kind = Kind::Names(Role::Figure, &VALUE);
