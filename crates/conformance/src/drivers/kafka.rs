//! Kafka: a topic is a channel with partitions, a consumer group a group of it.
//!
//! What the recordings of this product do not say, and how they are read then:
//!
//! - `subscribe` stands for joining the group and polling until nothing more comes; whoever is there goes on
//!   polling, and gets what is produced later. If the steps have polls of a consumer, it takes what these take.
//! - `produce` without a partitioner takes that of librdkafka; `subscribe` without `auto.offset.reset` begins with
//!   the first entry, and without `enable.auto.commit` commits by steps only, as the scripts do.
//! - With `enable.auto.offset.store: false` nothing is committed that no step stores.
//! - A group of the same name is the same group, or another one of a script that calls all its groups alike.
//! - A consumer whose next step is a seek back, or a step in words about a message (`processing of m2 not
//!   finished`), has polled up to that message. One that then crashes, or sleeps at once, may have polled fewer
//!   than there were, and so may one that is closed and subscribes again by the same name or a longer one.
//! - `processing of m2 not finished` takes longer than the commit interval. While a consumer sleeps or works it
//!   does not poll, and the client leaves the group by itself after `max.poll.interval.ms`.
//! - A partition that is sought back is fetched anew, which takes longer than what is there of the others. The
//!   script ends with its last seek back.
//! - If `observed` lists partitions by partitioner, each of them was used for an equal share of the messages with
//!   keys, one after the other. Where chance decided (no key, no partition), a partition is what was recorded.
//! - A step in words that is not understood does nothing. If the rest then does not agree, the recording is
//!   skipped because of that step.
//! - The rows of a consumer are as they came, or by partition and offset.

mod cluster;
mod groups;
mod observed;
mod poll;
mod settings;

use super::nats::unsaid::{Unsaid, but_for};
use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::{Step, Vector};

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut not_understood = Vec::new();
    let replay = Unsaid::settle(vector, |unsaid| {
        let mut cluster = cluster::Cluster::new(vector, unsaid);
        cluster.run()?;
        not_understood = std::mem::take(&mut cluster.not_understood);
        Ok(cluster.replay())
    })?;
    but_for(vector, replay, &not_understood)
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    CreateTopic,
    Produce,
    ProduceMany,
    Subscribe,
    Assign,
    Poll,
    Commit,
    Seek,
    SeekBack,
    Close,
    Crash,
    Sleep,
    /// The script only looked, or waited for the broker.
    Look,
    /// A step in words: that a message is being worked on, or a summary of several steps.
    Words,
}

impl Verb {
    fn of(step: &Step) -> Option<Verb> {
        Some(match step.op.as_str() {
            "create_topic" | "create_topics" | "topic" => Verb::CreateTopic,
            "produce" => Verb::Produce,
            "produce_many" => Verb::ProduceMany,
            "subscribe" | "join" | "reconnect" | "return" => Verb::Subscribe,
            "assign" => Verb::Assign,
            "poll" | "consume" => Verb::Poll,
            "commit" | "commit_sync" | "commit_offsets" | "store" | "store_offsets" | "store_offset" => {
                Verb::Commit
            }
            "seek" | "replay" => Verb::Seek,
            "seek_back" => Verb::SeekBack,
            "close" | "leave" | "unsubscribe" => Verb::Close,
            "crash" | "kill" | "disconnect" => Verb::Crash,
            "sleep" | "wait" => Verb::Sleep,
            "flush" | "list_offsets" | "watermarks" | "describe" | "committed" => Verb::Look,
            words if words.contains([' ', '_']) => Verb::Words,
            _ => return None,
        })
    }

    /// The verb of a step and the place where it is wrong if there is none.
    fn read(step: &Step) -> Result<Verb, Stop> {
        Verb::of(step).ok_or_else(|| step.unknown("Kafka"))
    }
}
