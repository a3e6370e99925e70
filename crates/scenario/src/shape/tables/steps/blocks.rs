//! Steps with other steps inside.

use super::STEPS;
use crate::line::policy::{ATTEMPTS, GROWTH, attempts, growth};
use crate::shape::Need::{Default, Optional, Required};
use crate::shape::languages::{DISTRIBUTION, DURATION, EXPRESSION, PERCENT, POSITIVE_DURATION};
use crate::shape::tables::field;
use crate::shape::tables::time::{CONSTANT, EMPIRICAL, EXPONENTIAL, LOGNORMAL, PARETO, TIME, UNIFORM};
use crate::shape::{Choice, Either, Kind, Language, Record, Role, Words, for_schema};

pub(super) static IF: Record = Record {
    name: "if",
    what: "the step if",
    doc: for_schema("Go one way if something is true, else the other."),
    fields: &[
        field("if", &CONDITION, Required, "The condition."),
        field("then", &STEPS, Required, "What to do if it is true."),
        field("else", &STEPS, Optional, "What to do otherwise."),
    ],
};

static CONDITION: Kind = Kind::Either(&Either {
    name: "condition",
    what: "an expression, such as `paid > 1`",
    doc: for_schema("An expression that is true, or a fact that was set at least so often."),
    kinds: &[&Kind::Line(&EXPRESSION), &Kind::Record(&FACT_COUNT)],
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

pub(super) static CHANCE: Record = Record {
    name: "chance",
    what: "the step chance",
    doc: for_schema("Go one way with a probability, else the other."),
    fields: &[
        field("chance", &Kind::Line(&PERCENT), Required, "How probable the first way is."),
        field("then", &STEPS, Required, "What to do then."),
        field("else", &STEPS, Optional, "What to do otherwise."),
    ],
};

pub(super) static WAIT: Record = Record {
    name: "wait",
    what: "the step wait",
    doc: for_schema("Wait for a time, or until something is true of what the service keeps."),
    fields: &[
        field("wait", &WAIT_FOR, Required, "For what."),
        field("else", &STEPS, Optional, "What to do when the time is over; if not given, it fails."),
    ],
};

static WAIT_FOR: Kind = Kind::Either(&Either {
    name: "wait-for",
    what: "a duration, a distribution, or a mapping with `until`",
    doc: for_schema("A time, or a condition."),
    kinds: &[&Kind::Line(&DISTRIBUTION), &Kind::Choice(&WAITS)],
});

static WAITS: Choice = Choice {
    name: "waits",
    what: "something to wait for",
    records: &[&UNTIL, &CONSTANT, &UNIFORM, &EXPONENTIAL, &LOGNORMAL, &PARETO, &EMPIRICAL],
};

static UNTIL: Record = Record {
    name: "until",
    what: "a wait",
    doc: for_schema("Wait until something is true of what the service keeps."),
    fields: &[
        field(
            "until",
            &Kind::Line(&EXPRESSION),
            Required,
            "The condition; it names cells that other handlers of the service store.",
        ),
        field("for", &TIME, Optional, "How long at most; if not given, for ever."),
    ],
};

pub(super) static TRY: Record = Record {
    name: "try",
    what: "the step try",
    doc: for_schema("If one of the steps fails, undo what they did and go the other way."),
    fields: &[
        field("try", &STEPS, Required, "What may fail."),
        field("else", &STEPS, Optional, "What to do then; if not given, it goes on."),
    ],
};

pub(super) static RETRY: Record = Record {
    name: "retry",
    what: "the step retry",
    doc: for_schema("If one of the steps fails, do them again; after the last attempt it fails."),
    fields: &[
        field("retry", &Kind::Record(&POLICY), Required, "How often, and after which pauses."),
        field("steps", &STEPS, Required, "What may fail."),
    ],
};

static POLICY: Record = Record {
    name: "retry-policy",
    what: "a retry",
    doc: for_schema("How often something is tried, and when again."),
    fields: &[
        field("attempts", &Kind::Line(&TRIES), Required, "How many attempts there are, with the first one."),
        field("pause", &Kind::Line(&DURATION), Default("0s"), "The pause before the second attempt."),
        field(
            "growth",
            &Kind::Number(&RATIO),
            Default("1"),
            "How many times as long each pause is as the one before; 2 doubles it.",
        ),
        field("longest", &Kind::Line(&POSITIVE_DURATION), Optional, "The longest pause."),
        field(
            "jitter",
            &Kind::Word(&JITTER),
            Default("none"),
            "What chance makes of a pause: nothing; anything up to all of it; anything from half to all of it.",
        ),
        field(
            "budget",
            &Kind::Line(&PERCENT),
            Optional,
            "How many retries there may be for each first attempt, over all messages of the service; if not \
             given, any number.",
        ),
    ],
};

static JITTER: Words = Words { what: "a kind of jitter", words: &["none", "full", "half"] };

static TRIES: Language = Language {
    name: "attempts",
    expected: ATTEMPTS,
    pattern: for_schema(r"^([1-9][0-9]{0,4}|forever)$"),
    examples: &["3", "forever"],
    check: |text| attempts(text).map(drop),
};

static RATIO: Language = Language {
    name: "growth",
    expected: GROWTH,
    pattern: for_schema(r"^[0-9]+(\.[0-9]+)?$"),
    examples: &["2"],
    check: |text| growth(text).map(drop),
};

pub(super) static DEADLINE: Record = Record {
    name: "deadline",
    what: "the step deadline",
    doc: for_schema("If the steps are not done after this time, give up whatever is in progress."),
    fields: &[
        field("deadline", &TIME, Required, "How long they may take."),
        field("steps", &STEPS, Required, "What has to be done by then."),
        field("else", &STEPS, Optional, "What to do when the time is over; if not given, it fails."),
    ],
};

pub(super) static PARALLEL: Record = Record {
    name: "parallel",
    what: "the step parallel",
    doc: for_schema("Do several things at once, and wait until all are done. If one fails, the others end."),
    fields: &[field("parallel", &BRANCHES, Required, "Lists of steps.")],
};

static BRANCHES: Kind = Kind::List { of: &STEPS, least: 1, most: 100 };

pub(super) static UNDO: Record = Record {
    name: "undo",
    what: "the step undo",
    doc: for_schema(
        "How to undo what was done until here. It is done if the handler, or the `try` around it, fails later; \
         what was done last is undone first.",
    ),
    fields: &[field("undo", &STEPS, Required, "What to do then.")],
};
