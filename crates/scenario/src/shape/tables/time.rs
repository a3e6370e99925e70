//! How long things take: a line, or a mapping with the same words.

use super::field;
use crate::shape::Need::Required;
use crate::shape::languages::{DISTRIBUTION, DURATION, POSITIVE_DURATION, RANGE, TAIL};
use crate::shape::{Choice, Either, Kind, Record, for_schema};

/// A length of time that may be drawn by chance.
pub(super) static TIME: Kind = Kind::Either(&Either {
    name: "time",
    what: "a duration or a distribution",
    doc: for_schema("How long something takes: always the same, or drawn from a distribution."),
    kinds: &[&Kind::Line(&DISTRIBUTION), &Kind::Choice(&DISTRIBUTIONS)],
});

/// A list of lengths of time.
pub(super) static TIMES: Kind = Kind::List { of: &Kind::Line(&DURATION), least: 1, most: 100_000 };

static DISTRIBUTIONS: Choice = Choice {
    name: "distribution",
    what: "a distribution",
    records: &[&CONSTANT, &UNIFORM, &EXPONENTIAL, &LOGNORMAL, &PARETO, &EMPIRICAL],
};

pub(super) static CONSTANT: Record = Record {
    name: "constant",
    what: "a constant",
    doc: for_schema("Always the same."),
    fields: &[field("constant", &Kind::Line(&DURATION), Required, "The value.")],
};

pub(super) static UNIFORM: Record = Record {
    name: "uniform",
    what: "a uniform distribution",
    doc: for_schema("Every value between two is as likely as another."),
    fields: &[field("uniform", &BOUNDS, Required, "The least and the greatest value.")],
};

static BOUNDS: Kind = Kind::Either(&Either {
    name: "bounds",
    what: "two durations, such as 10ms..20ms",
    doc: for_schema("The least and the greatest value."),
    kinds: &[&Kind::Line(&RANGE), &Kind::Record(&LOW_AND_HIGH)],
});

static LOW_AND_HIGH: Record = Record {
    name: "low-and-high",
    what: "low and high",
    doc: for_schema("The least and the greatest value."),
    fields: &[
        field("low", &Kind::Line(&DURATION), Required, "The least value."),
        field("high", &Kind::Line(&DURATION), Required, "The greatest value."),
    ],
};

pub(super) static EXPONENTIAL: Record = Record {
    name: "exponential",
    what: "an exponential distribution",
    doc: for_schema("Without memory: how much longer it takes does not depend on how long it took."),
    fields: &[field("exponential", &MEAN, Required, "The mean.")],
};

static MEAN: Kind = Kind::Either(&Either {
    name: "mean",
    what: "the mean, such as 30ms",
    doc: for_schema("The mean."),
    kinds: &[&Kind::Line(&DURATION), &Kind::Record(&MEAN_RECORD)],
});

static MEAN_RECORD: Record = Record {
    name: "mean-record",
    what: "the mean",
    doc: for_schema("The mean."),
    fields: &[field("mean", &Kind::Line(&DURATION), Required, "The mean.")],
};

pub(super) static LOGNORMAL: Record = Record {
    name: "lognormal",
    what: "a lognormal distribution",
    doc: for_schema("Most are near the median, a few are far above: what service times look like."),
    fields: &[field("lognormal", &Kind::Record(&PERCENTILES), Required, "Two percentiles.")],
};

static PERCENTILES: Record = Record {
    name: "percentiles",
    what: "median and p99",
    doc: for_schema("Two percentiles, as monitoring shows them."),
    fields: &[
        field("median", &Kind::Line(&POSITIVE_DURATION), Required, "Half are below this."),
        field("p99", &Kind::Line(&POSITIVE_DURATION), Required, "99 of 100 are below this."),
    ],
};

pub(super) static PARETO: Record = Record {
    name: "pareto",
    what: "a Pareto distribution",
    doc: for_schema("A power-law tail: very long times are rare, but not rare enough."),
    fields: &[field("pareto", &Kind::Record(&TAIL_RECORD), Required, "The minimum and the tail.")],
};

static TAIL_RECORD: Record = Record {
    name: "tail",
    what: "minimum and shape",
    doc: for_schema("The least value and how fast the tail falls."),
    fields: &[
        field("minimum", &Kind::Line(&POSITIVE_DURATION), Required, "The least value."),
        field(
            "shape",
            &Kind::Number(&TAIL),
            Required,
            "The exponent of the tail; at most 1 means that there is no mean.",
        ),
    ],
};

pub(super) static EMPIRICAL: Record = Record {
    name: "empirical",
    what: "an empirical distribution",
    doc: for_schema("One of the values that were measured, each as likely as another."),
    fields: &[field("empirical", &TIMES, Required, "What was measured.")],
};
