//! PostgreSQL: a table of jobs that workers poll, and LISTEN and NOTIFY.

use kernel::Span;

use crate::routing::Grammar;
use crate::{
    Claim, Delivery, Exhausted, HandsOut, OnDisconnect, Parameter, Profile, PublisherGets, Return, Routing,
    Rules, Survives, Takes,
};

use super::base::{
    ACKNOWLEDGED, BROADCAST, FOREVER, LONGEST, MOST, QUEUE, always, count, count_or_none, limit_to_attempts,
    millis, seconds, span, span_or_none,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, recorded};

pub(super) const JOBS_TABLE: Profile = Profile {
    name: "jobs-table",
    product: "PostgreSQL 15.18, a table of jobs that workers poll, READ COMMITTED",
    about: "Jobs are rows, written in the publisher's own transaction; workers look for pending ones again \
            and again, and how they claim a row decides whether two of them do the same job.",
    rules: Rules {
        publisher_gets: PublisherGets::Transaction,
        delivery: Delivery {
            hands_out: HandsOut::Poll { every: seconds(1), batch: 1 },
            claim: Claim::SkipLocked,
            exhausted: Exhausted::DeadLetter,
            heartbeat: NOTICED,
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "claim",
            real: "claim",
            takes: Takes::Choice(&[
                "naive",
                "conditional_update",
                "for_update",
                "skip_locked",
                "update_subselect",
                "update_subselect_rechecked",
            ]),
            default: "skip_locked",
            about: "How a worker claims a row: not at all; by UPDATE .. WHERE status = 'pending'; by SELECT \
                    .. FOR UPDATE; the same with SKIP LOCKED; by UPDATE .. WHERE id = (SELECT ..), without \
                    or with the status checked once more.",
            set: |rules, value| {
                let (claim, held) = match value.choice() {
                    0 => (Claim::Naive, Row::Free),
                    1 => (Claim::ConditionalUpdate, Row::Claimed),
                    2 => (Claim::ForUpdate, Row::Locked),
                    3 => (Claim::SkipLocked, Row::Locked),
                    4 => (Claim::UpdateSubselect, Row::Claimed),
                    _ => (Claim::UpdateSubselectRechecked, Row::Claimed),
                };
                rules.delivery.claim = claim;
                held.apply(&mut rules.delivery);
            },
        },
        Parameter {
            name: "poll_interval",
            real: "poll_interval",
            takes: span(millis(1), LONGEST),
            default: "1s",
            about: "How long a worker waits before it looks again when it has found nothing.",
            set: |rules, value| {
                if let (HandsOut::Poll { every, .. }, Some(interval)) =
                    (&mut rules.delivery.hands_out, value.span())
                {
                    *every = interval;
                }
            },
        },
        Parameter {
            name: "batch",
            real: "LIMIT",
            takes: count(1, 1_000_000),
            default: "1",
            about: "How many rows a worker takes at a time.",
            set: |rules, value| {
                if let (HandsOut::Poll { batch, .. }, Some(count)) =
                    (&mut rules.delivery.hands_out, value.count())
                {
                    *batch = count;
                }
            },
        },
        Parameter {
            name: "lease",
            real: "locked_until",
            takes: span_or_none(millis(1), LONGEST),
            default: "none",
            about: "For how long a claim, committed before the work, holds: after that the row is pending \
                    again, although its worker may only be slow.",
            set: |rules, value| {
                if let Some(lease) = value.span() {
                    rules.delivery.again_after = Some(lease);
                    Row::Claimed.apply(&mut rules.delivery);
                }
            },
        },
        Parameter {
            name: "reaper_interval",
            real: "reaper_interval",
            takes: span_or_none(millis(1), LONGEST),
            default: "none",
            about: "How often a reaper looks for rows whose lease is over; `none`: workers see it by \
                    themselves.",
            set: |rules, value| rules.delivery.again_checked_every = value.span().unwrap_or_default(),
        },
        Parameter {
            name: "fenced",
            real: "fenced",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the last UPDATE names who claimed the row, so that a worker whose lease is over \
                    cannot mark it as done. A lock in an open transaction needs no such thing.",
            set: |rules, value| rules.delivery.fenced |= value.is_on(),
        },
        Parameter {
            name: "max_attempts",
            real: "attempts",
            takes: count_or_none(1, MOST),
            default: "none",
            about: "How often a job is tried in all; after that it is dead.",
            set: |rules, value| limit_to_attempts(&mut rules.delivery, value.count()),
        },
        Parameter {
            name: "retry_delay",
            real: "run_at",
            takes: span_or_none(millis(1), LONGEST),
            default: "none",
            about: "How long a job that failed waits before it is tried again.",
            set: |rules, value| rules.delivery.backoff = always(value.span().unwrap_or_default()),
        },
        Parameter {
            name: "order_by",
            real: "ORDER BY",
            takes: Takes::Choice(&["id", "attempts"]),
            default: "id",
            about: "Which row comes first: the oldest, or the one that was tried least often.",
            set: |rules, value| {
                let to = if value.choice() == 0 { Return::OriginalPlace } else { Return::ByAttempts };
                (rules.delivery.rejected_to, rules.delivery.timed_out_to) = (to, to);
            },
        },
        Parameter {
            name: "on_conflict_do_nothing",
            real: "ON CONFLICT DO NOTHING",
            takes: Takes::Flag,
            default: "false",
            about: "Whether a unique key refuses a second row for the same message.",
            set: |rules, value| rules.duplicate_window = value.is_on().then_some(FOREVER),
        },
        Parameter {
            name: "unlogged",
            real: "UNLOGGED",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the table is written without a log: faster, and empty after a crash.",
            set: |rules, value| {
                rules.survives =
                    if value.is_on() { Survives::Saved { every: FOREVER } } else { Survives::Everything };
            },
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Naive: two workers that look before either is done both do the job, and the database tells both \
             that all is well.",
            &["postgres.jobs_naive_lockstep", "postgres.jobs_naive_free_running"],
        ),
        recorded(
            "Conditional update: one of two gets the row, the other has looked in vain.",
            &["postgres.jobs_conditional_update"],
        ),
        recorded(
            "For update: the second worker waits until the first has committed, and takes the next row.",
            &["postgres.jobs_for_update_no_skip"],
        ),
        recorded(
            "Skip locked: the second worker takes the next row at once; while nothing crashes each job is \
             done once, and who is faster does more.",
            &["postgres.jobs_skip_locked_lockstep", "postgres.jobs_skip_locked_free"],
        ),
        recorded(
            "Update with a sub-select: the second worker waits for the first and then claims the same row; \
             with the status checked once more it comes away with nothing.",
            &["postgres.jobs_update_subselect_traps"],
        ),
        recorded(
            "A worker's crash in an open transaction gives the row back at once; a claim that was committed \
             holds until a lease or a reaper ends it; naive, the row was pending all the time.",
            &["postgres.jobs_crash_of_poller"],
        ),
        recorded(
            "In an open transaction a crash rolls back the count of attempts too: a job that kills its \
             worker is tried for ever.",
            &["postgres.jobs_crash_of_poller"],
        ),
        recorded(
            "A job that fails comes first again and blocks all others, unless there is a limit on attempts \
             or an order by attempts.",
            &["postgres.jobs_poison"],
        ),
        recorded(
            "A second row for the same message is refused by a unique key, for as long as the first is \
             there.",
            &["postgres.jobs_publisher_duplicates"],
        ),
        recorded(
            "Workers look for pending rows, so one that is committed late is found: by `id > last` it would \
             be passed over.",
            &["postgres.outbox_cursor_gap"],
        ),
        recorded(
            "Committed rows survive a stop and a crash, open claims do not; an unlogged table is empty after \
             a crash.",
            &["postgres.restart_what_survives"],
        ),
        recorded(
            "A lease that is shorter than the work gives the row to a second worker; only a last UPDATE that \
             names its owner tells the first that it came too late.",
            &[],
        ),
        chosen(
            "Workers claim with SKIP LOCKED in the transaction of the work.",
            "the documents name it for tables used as queues (SELECT, the locking clause); there is no \
             default",
        ),
        chosen("A worker looks every second, for one row.", "a usual choice; there is no default"),
        chosen(
            "A lost answer of the database is noticed after 60 s.",
            "by a time limit of the client; the server itself would take hours (tcp_keepalives_idle)",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "An outbox that is read by a cursor (`id > last`), which loses rows that are committed late.",
        "Isolation levels other than READ COMMITTED, deadlocks, and locks that are waited for in vain.",
        "What polling costs the database: dead rows, vacuum, indexes.",
        "LISTEN and NOTIFY to wake workers: another profile, on another channel.",
        "Replicas, and a failover that loses what was not replicated.",
    ],
};

/// How a row is a worker's while it works on it.
enum Row {
    /// Not at all: whoever is done with it says so.
    Free,
    /// By a lock: with the connection the transaction ends, and nothing that is said later counts.
    Locked,
    /// By a claim that was committed, and is no connection's business any more.
    Claimed,
}

impl Row {
    fn apply(self, delivery: &mut Delivery) {
        (delivery.fenced, delivery.on_disconnect, delivery.heartbeat) = match self {
            Row::Free => (false, OnDisconnect::Returned, NOTICED),
            Row::Locked => (true, OnDisconnect::Returned, NOTICED),
            Row::Claimed => (false, OnDisconnect::Kept, FOREVER),
        };
    }
}

/// When a client gives up a connection on which an answer was lost.
const NOTICED: Span = seconds(60);

pub(super) const NOTIFY: Profile = Profile {
    name: "postgres-notify",
    product: "PostgreSQL 15.18, LISTEN and NOTIFY",
    about: "A broadcast out of a transaction: who listens when it is committed is told, for everybody else \
            the message is lost.",
    rules: Rules {
        routing: Routing::Bindings(Grammar::Exact),
        publisher_gets: PublisherGets::Transaction,
        ..BROADCAST
    },
    parameters: &[],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "Each session that listens when the transaction is committed gets the message, in the order of \
             the commits; who comes late or is away gets nothing, and a transaction that is rolled back says \
             nothing.",
            &["postgres.listen_notify"],
        ),
        recorded("Nothing survives a restart.", &["postgres.restart_what_survives"]),
        chosen(
            "The publisher learns nothing of the listeners.",
            "the documents describe no answer that would count or name them",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Equal messages of one transaction, which become one.",
        "The queue of 8 GB that fills when a session listens and stays in a transaction: NOTIFY then fails.",
        "Messages are shorter than 8,000 bytes.",
        "Transactions that notify wait for each other when they are committed.",
    ],
};
