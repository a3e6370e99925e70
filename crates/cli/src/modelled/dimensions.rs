//! The space of delivery rules in words: what a set of rules says along each of its dimensions.

use channel::routing::Grammar;
use channel::{
    Absent, Acknowledgement, Assignor, Audience, Choice, Claim, Exhausted, HandsOut, Keeps, OnDisconnect,
    Overflow, Parameter, Profile, PublisherGets, Retention, Return, Routing, Rules, Survives, Takes, Value,
};
use kernel::Span;

use super::figures::{count, time};

/// One way in which channels differ.
pub struct Dimension {
    /// Its name.
    pub name: &'static str,
    /// What rules say in it.
    pub words: fn(&Rules) -> String,
}

/// In the order in which a message meets them.
pub const DIMENSIONS: [Dimension; 11] = [
    Dimension { name: "keeps", words: keeps },
    Dimension { name: "hands out", words: hands_out },
    Dimension { name: "who gets a copy", words: who_gets_a_copy },
    Dimension { name: "acknowledgement", words: acknowledgement },
    Dimension { name: "comes again", words: comes_again },
    Dimension { name: "attempts", words: attempts },
    Dimension { name: "order", words: order },
    Dimension { name: "bounds", words: bounds },
    Dimension { name: "survives", words: survives },
    Dimension { name: "publisher gets", words: publisher_gets },
    Dimension { name: "duplicates", words: duplicates },
];

/// Longer than any run.
const FOREVER: Span = Span::from_nanos(u64::MAX);

/// Whether a parameter of the profile changes what it says in this dimension.
pub fn is_set_by_a_parameter(profile: &Profile, dimension: &Dimension) -> bool {
    let words = (dimension.words)(&profile.rules);
    let changes = |parameter: &'static Parameter| {
        let mut values = values(parameter.takes).into_iter();
        values.any(|value| (dimension.words)(&profile.with(&[(parameter, value)])) != words)
    };
    profile.parameters.iter().any(changes)
}

/// Values that lead anywhere a parameter can lead.
fn values(takes: Takes) -> Vec<Value> {
    let none = |or_none: bool| or_none.then_some(Value::None);
    match takes {
        Takes::Count { least, most, or_none } => {
            none(or_none).into_iter().chain([Value::Count(least), Value::Count(most)]).collect()
        }
        Takes::Span { least, most, or_none } => {
            none(or_none).into_iter().chain([Value::Span(least), Value::Span(most)]).collect()
        }
        Takes::Flag => vec![Value::Flag(true), Value::Flag(false)],
        Takes::Choice(words) => (0..words.len()).map(Value::Choice).collect(),
    }
}

fn keeps(rules: &Rules) -> String {
    let place = if rules.in_process { "in the memory of its publisher" } else { "in a queue" };
    match rules.keeps {
        Keeps::Nothing => "nothing".to_owned(),
        Keeps::Queue if rules.delivery.claim != Claim::HandOut => "as rows of a table".to_owned(),
        Keeps::Queue => match rules.delivery.acknowledgement {
            Acknowledgement::OnHandOut => format!("{place}, until handed out"),
            Acknowledgement::BeforeWork => format!("{place}, until taken up"),
            Acknowledgement::AfterWork | Acknowledgement::Offset { .. } => format!("{place}, until done"),
        },
        Keeps::Log { partitions, retention, .. } => {
            let log = match rules.delivery.choice {
                Choice::Partition(_) if partitions == 1 => "as a log in 1 partition".to_owned(),
                Choice::Partition(_) => format!("as a log in {} partitions", count(partitions.into())),
                Choice::InTurn
                | Choice::InTurnAlsoAbsent
                | Choice::Random
                | Choice::LongestWaiting
                | Choice::SingleActive => "as a log".to_owned(),
            };
            match retention {
                Retention::Limits => log,
                Retention::Interest => format!("{log}, until every group is done"),
                Retention::WorkQueue => format!("{log}, until done"),
            }
        }
    }
}

fn hands_out(rules: &Rules) -> String {
    match rules.delivery.hands_out {
        HandsOut::Push => "as soon as there is room".to_owned(),
        HandsOut::Pull { batch: 1 } => "when asked, one at a time".to_owned(),
        HandsOut::Pull { batch } => format!("when asked, up to {} at a time", count(batch)),
        HandsOut::Poll { every, batch: 1 } => format!("a look every {}, one row", time(every)),
        HandsOut::Poll { every, batch } => {
            format!("a look every {}, up to {} rows", time(every), count(batch))
        }
    }
}

fn who_gets_a_copy(rules: &Rules) -> String {
    let pattern = match rules.routing {
        Routing::ConsistentHash => return "one subscription, chosen by the key".to_owned(),
        Routing::Bindings(Grammar::Everything | Grammar::Exact) => "",
        Routing::Bindings(Grammar::Amqp) => " whose pattern fits (AMQP)",
        Routing::Bindings(Grammar::Mqtt) => " whose pattern fits (MQTT)",
        Routing::Bindings(Grammar::Nats) => " whose pattern fits (NATS)",
        Routing::Bindings(Grammar::RedisGlob) => " whose pattern fits (Redis)",
    };
    match (rules.audience, chosen(rules)) {
        (Audience::OneConsumer, _) if rules.publisher_gets == PublisherGets::Reply => {
            "who is called".to_owned()
        }
        (Audience::OneConsumer, chosen) => format!("one consumer{pattern}: {chosen}"),
        // Where subscribers do not share the work, nobody has to be chosen.
        (Audience::EverySubscription, _) if rules.delivery.choice == Choice::InTurn => {
            format!("every subscription{pattern}")
        }
        (Audience::EverySubscription, chosen) => {
            format!("every subscription{pattern}; of a group one: {chosen}")
        }
    }
}

/// Which of several that share the work.
fn chosen(rules: &Rules) -> &'static str {
    match (rules.delivery.claim, rules.delivery.choice) {
        (Claim::HandOut, Choice::InTurn) => "each in turn",
        (Claim::HandOut, Choice::InTurnAlsoAbsent) => "each in turn, also one that is away",
        (Claim::HandOut, Choice::Random) => "any of them",
        (Claim::HandOut, Choice::LongestWaiting) => "who has waited longest",
        (Claim::HandOut, Choice::Partition(Assignor::Range)) => "the owner of the partition (range)",
        (Claim::HandOut, Choice::Partition(Assignor::RoundRobin)) => {
            "the owner of the partition (round robin)"
        }
        (Claim::HandOut, Choice::Partition(Assignor::CooperativeSticky)) => {
            "the owner of the partition (cooperative sticky)"
        }
        (Claim::HandOut, Choice::SingleActive) => "the first that is there",
        (Claim::Naive, _) => "everybody who looks before it is done",
        (Claim::ConditionalUpdate, _) => "who updates the row first",
        (Claim::ForUpdate, _) => "who locks the row first; the others wait",
        (Claim::SkipLocked, _) => "who locks the row first; the others take the next",
        (Claim::UpdateSubselect, _) => "who updates the row, and who waited for that",
        (Claim::UpdateSubselectRechecked, _) => "who updates the row first; the others find nothing",
    }
}

fn acknowledgement(rules: &Rules) -> String {
    let by = if rules.delivery.fenced { "by its holder" } else { "by whoever held it" };
    match rules.delivery.acknowledgement {
        Acknowledgement::OnHandOut => "none: handed out is done".to_owned(),
        Acknowledgement::BeforeWork => "before the work".to_owned(),
        Acknowledgement::AfterWork => format!("after the work, {by}"),
        Acknowledgement::Offset { automatic: None } => "by offset, after the work".to_owned(),
        Acknowledgement::Offset { automatic: Some(every) } => {
            format!("by offset, every {}, done or not", time(every))
        }
    }
}

fn comes_again(rules: &Rules) -> String {
    let reasons = [on_disconnect(rules), on_time(rules), on_rejection(rules)];
    let reasons: Vec<String> = reasons.into_iter().flatten().collect();
    match rules.delivery.on_disconnect {
        _ if !reasons.is_empty() => reasons.join("; "),
        _ if rules.delivery.acknowledgement == Acknowledgement::OnHandOut => "never".to_owned(),
        OnDisconnect::Kept => "never by itself: it stays with its holder".to_owned(),
        OnDisconnect::Returned | OnDisconnect::KeptForOwner | OnDisconnect::Lost => "never".to_owned(),
    }
}

fn on_disconnect(rules: &Rules) -> Option<String> {
    let delivery = &rules.delivery;
    match delivery.on_disconnect {
        _ if delivery.acknowledgement == Acknowledgement::OnHandOut => None,
        OnDisconnect::Returned if delivery.session_timeout > Span::ZERO => {
            Some(format!("{} after its holder is gone", time(delivery.session_timeout)))
        }
        OnDisconnect::Returned => Some("when its holder is gone".to_owned()),
        OnDisconnect::KeptForOwner => Some("when its holder is back".to_owned()),
        OnDisconnect::Kept | OnDisconnect::Lost => None,
    }
}

fn on_time(rules: &Rules) -> Option<String> {
    let delivery = &rules.delivery;
    let after = delivery.again_after.filter(|_| delivery.acknowledgement != Acknowledgement::OnHandOut)?;
    let looked = match delivery.again_checked_every {
        Span::ZERO => String::new(),
        every => format!(", looked for every {}", time(every)),
    };
    let place = match delivery.timed_out_to {
        Return::OriginalPlace | Return::WithHolder => "",
        Return::Head => ", to the front",
        Return::Tail | Return::TailUnlessLimited => ", to the end",
        Return::ByAttempts => ", behind what was tried less often",
    };
    Some(format!("unacknowledged for {}{looked}{place}", time(after)))
}

fn on_rejection(rules: &Rules) -> Option<String> {
    let delivery = &rules.delivery;
    let may_be_rejected = match delivery.acknowledgement {
        Acknowledgement::OnHandOut | Acknowledgement::BeforeWork => false,
        Acknowledgement::AfterWork | Acknowledgement::Offset { .. } => delivery.delivery_limit != Some(0),
    };
    let place = match delivery.rejected_to {
        _ if !may_be_rejected => return None,
        Return::WithHolder => return None,
        Return::OriginalPlace => "to its place",
        Return::Head => "to the front",
        Return::Tail => "to the end",
        Return::TailUnlessLimited if delivery.delivery_limit.is_some() => "to its place",
        Return::TailUnlessLimited => "to the end",
        Return::ByAttempts => "behind what was tried less often",
    };
    let backoff = delivery.backoff;
    let when = match backoff.after(1) {
        Span::ZERO => "at once".to_owned(),
        first if backoff.after(2) == first => format!("after {}", time(first)),
        first => {
            let (factor, most) = (backoff.factor, time(backoff.most));
            format!("after {}, then {factor} times as long each, at most {most}", time(first))
        }
    };
    Some(format!("failed: {when}, {place}"))
}

fn attempts(rules: &Rules) -> String {
    let reasons = [on_disconnect(rules), on_time(rules), on_rejection(rules)];
    let end = match rules.delivery.exhausted {
        Exhausted::DeadLetter => "then put aside",
        Exhausted::Stays => "then it stays, and nobody gets it",
        Exhausted::Drop => "then dropped",
    };
    match rules.delivery.delivery_limit {
        _ if reasons.iter().all(Option::is_none) => "one".to_owned(),
        None => "no limit".to_owned(),
        Some(again) => format!("{}, {end}", count(again.saturating_add(1))),
    }
}

fn order(rules: &Rules) -> String {
    let again = on_time(rules).is_some() || on_rejection(rules).is_some();
    let words = match (rules.keeps, rules.delivery.choice) {
        _ if rules.delivery.one_per_key => "by key: one waits until the one before is done",
        (_, Choice::Partition(_)) => "in a partition, and so by key",
        (_, Choice::SingleActive) => "as published, one consumer at a time",
        (Keeps::Nothing, _) if rules.publisher_gets == PublisherGets::Reply => "none: each is for itself",
        (Keeps::Nothing, _) => "as published, to each subscriber",
        (Keeps::Queue | Keeps::Log { .. }, _) if rules.priorities > 0 => "by priority, then as published",
        (Keeps::Queue | Keeps::Log { .. }, _) if again => {
            "as published; several consumers or a return break it"
        }
        (Keeps::Queue | Keeps::Log { .. }, _) => "as published; several consumers break it",
    };
    words.to_owned()
}

fn bounds(rules: &Rules) -> String {
    let delivery = &rules.delivery;
    let overflow = |overflow: Overflow| match overflow {
        Overflow::DropHead => "then the oldest goes",
        Overflow::RejectPublish => "then a new one is refused",
        Overflow::DropNew => "then a new one is dropped unseen",
    };
    let holder = if delivery.prefetch_per_worker { "worker" } else { "consumer" };
    let limits = [
        rules.length.map(|bound| format!("{} waiting, {}", count(bound.max), overflow(bound.overflow))),
        rules.newest_per_subject.map(|newest| format!("the newest {} of each subject", count(newest))),
        rules.time_to_live.map(|time_to_live| format!("each for {}", time(time_to_live))),
        delivery.prefetch.map(|held| format!("{} held by each {holder}", count(held))),
        delivery.group_prefetch.map(|held| format!("{} held in all", count(held))),
        delivery.unread_limit.map(|unread| format!("{} unread, then cut off", count(unread))),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    if limits.is_empty() { "none".to_owned() } else { limits.join("; ") }
}

fn survives(rules: &Rules) -> String {
    match rules.survives {
        Survives::Nothing => "nothing".to_owned(),
        Survives::Saved { every: FOREVER } => "all after a stop in order; nothing after a crash".to_owned(),
        Survives::Saved { every } => {
            format!("all after a stop in order; the last save (every {}) after a crash", time(every))
        }
        Survives::Marked => "persistent messages; after a crash all are marked as redelivered".to_owned(),
        Survives::Everything => "all".to_owned(),
    }
}

fn publisher_gets(rules: &Rules) -> String {
    let word = match rules.publisher_gets {
        PublisherGets::Nothing => "nothing",
        PublisherGets::ReceiverCount => "the number of receivers",
        PublisherGets::Confirm => "that the broker has it",
        PublisherGets::Reply => "the answer",
        PublisherGets::Transaction => "that its own transaction is committed",
    };
    match rules.delivery.absent {
        Absent::Refused => format!("{word}, or a refusal where nobody listens"),
        Absent::Lost | Absent::Kept => word.to_owned(),
    }
}

fn duplicates(rules: &Rules) -> String {
    match rules.duplicate_window {
        None => "passed on".to_owned(),
        Some(FOREVER) => "stored once".to_owned(),
        Some(window) => format!("stored once within {}", time(window)),
    }
}
