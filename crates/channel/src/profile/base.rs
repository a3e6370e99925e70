//! What rows have in common: rules to start from, lengths of time, and what parameters take.

use kernel::Span;

use crate::routing::{Grammar, Partitioner};
use crate::{
    Absent, Acknowledgement, Audience, Backoff, Choice, Claim, Delivery, Exhausted, Expiry, HandsOut, Keeps,
    OnDisconnect, PublisherGets, Retention, Return, Routing, Rules, Survives, Takes,
};

/// Longer than any run: what takes so long never happens.
pub(super) const FOREVER: Span = Span::from_nanos(u64::MAX);

/// The longest time that a scenario may give where the product has no limit of its own.
pub(super) const LONGEST: Span = days(365);

/// The greatest number that a scenario may give where the product has no limit of its own.
pub(super) const MOST: u32 = 1_000_000_000;

/// A queue for one kind of consumer: each message is sent to one of them, in turn, and kept until it says so.
pub(super) const QUEUE: Rules = Rules {
    keeps: Keeps::Queue,
    audience: Audience::OneConsumer,
    routing: Routing::Bindings(Grammar::Everything),
    in_process: false,
    survives: Survives::Everything,
    length: None,
    newest_per_subject: None,
    time_to_live: None,
    expiry: Expiry::Anywhere,
    priorities: 0,
    duplicate_window: None,
    publisher_gets: PublisherGets::Confirm,
    delivery: ACKNOWLEDGED,
};

/// A broadcast: who listens now gets a copy, and nothing is kept.
pub(super) const BROADCAST: Rules = Rules {
    keeps: Keeps::Nothing,
    audience: Audience::EverySubscription,
    survives: Survives::Nothing,
    publisher_gets: PublisherGets::Nothing,
    delivery: UNACKNOWLEDGED,
    ..QUEUE
};

/// A log: each group reads all of it, at its own pace.
pub(super) const LOG: Rules = Rules {
    keeps: Keeps::Log { partitions: 1, partitioner: Partitioner::Murmur2, retention: Retention::Limits },
    audience: Audience::EverySubscription,
    ..QUEUE
};

/// Sent to a member in turn, held by it until it is done, and back at once if it breaks off.
pub(super) const ACKNOWLEDGED: Delivery = Delivery {
    hands_out: HandsOut::Push,
    choice: Choice::InTurn,
    claim: Claim::HandOut,
    acknowledgement: Acknowledgement::AfterWork,
    fenced: true,
    absent: Absent::Kept,
    prefetch: None,
    prefetch_per_worker: false,
    group_prefetch: None,
    one_per_key: false,
    on_disconnect: OnDisconnect::Returned,
    session_timeout: Span::ZERO,
    again_after: None,
    again_checked_every: Span::ZERO,
    timed_out_to: Return::OriginalPlace,
    rejected_to: Return::OriginalPlace,
    backoff: Backoff::NONE,
    delivery_limit: None,
    exhausted: Exhausted::Drop,
    heartbeat: seconds(60),
    unread_limit: None,
};

/// Sent and forgotten.
pub(super) const UNACKNOWLEDGED: Delivery = Delivery {
    acknowledgement: Acknowledgement::OnHandOut,
    absent: Absent::Lost,
    on_disconnect: OnDisconnect::Lost,
    ..ACKNOWLEDGED
};

/// Held until it is done, however long its holder is away: no broken connection is ever noticed.
pub(super) const HELD: Delivery = Delivery {
    hands_out: HandsOut::Pull { batch: 1 },
    choice: Choice::LongestWaiting,
    fenced: false,
    on_disconnect: OnDisconnect::Kept,
    heartbeat: FOREVER,
    ..ACKNOWLEDGED
};

/// Each time the same wait.
pub(super) const fn always(span: Span) -> Backoff {
    Backoff { first: span, factor: 1.0, most: span }
}

/// A sender that gives up after its last attempt gives up too if there was nobody to refuse the attempts: it
/// keeps a message for as long as all attempts and the waits between them can take.
pub(super) fn keep_as_long_as_attempts_last(rules: &mut Rules) {
    let delivery = &rules.delivery;
    let one = delivery.again_after.unwrap_or(Span::ZERO);
    rules.time_to_live = delivery
        .delivery_limit
        .map(|limit| (1..=limit).fold(one, |sum, attempt| sum + delivery.backoff.after(attempt) + one));
}

/// With n attempts in all, a message may come back n - 1 times.
pub(super) fn limit_to_attempts(delivery: &mut Delivery, attempts: Option<u32>) {
    delivery.delivery_limit = attempts.map(|attempts| attempts.saturating_sub(1));
}

pub(super) const fn millis(count: u64) -> Span {
    Span::from_millis(count)
}

pub(super) const fn seconds(count: u64) -> Span {
    millis(count * 1_000)
}

pub(super) const fn minutes(count: u64) -> Span {
    seconds(count * 60)
}

pub(super) const fn hours(count: u64) -> Span {
    minutes(count * 60)
}

pub(super) const fn days(count: u64) -> Span {
    hours(count * 24)
}

pub(super) const fn count(least: u32, most: u32) -> Takes {
    Takes::Count { least, most, or_none: false }
}

pub(super) const fn count_or_none(least: u32, most: u32) -> Takes {
    Takes::Count { least, most, or_none: true }
}

pub(super) const fn span(least: Span, most: Span) -> Takes {
    Takes::Span { least, most, or_none: false }
}

pub(super) const fn span_or_none(least: Span, most: Span) -> Takes {
    Takes::Span { least, most, or_none: true }
}
