//! NATS: subjects without a memory, and JetStream, which keeps streams.
//!
//! A core subscription is a group of its own on one channel, a queue group is a group with several members. A
//! stream is a channel with a log, and each of its consumers is a group with rules of its own.
//!
//! What the recordings of this product do not say, and how they are read then:
//!
//! - Which stream and which consumer a fetch is for, and when that consumer was added: see [`plan`]. Whether
//!   pullers share a consumer is tried both ways where their names do not tell.
//! - What was fetched counts as acknowledged at once, unless a later step settles it by its id, or whoever
//!   fetched it crashes before it fetches again. If the recording shows the opposite (it came again, or did
//!   not), or if somebody fetches before the step that settles it, that is tried too.
//! - Before a consumer's last fetch, time has passed until what was put off comes again, and until what was held
//!   does if the recording shows it again. Before a publication to a stream with `max_age`, time may have passed
//!   until what is stored is too old.
//! - A fetch that finds nothing may wait for what is published later. It ends with its first message, or stays
//!   open for as many as it asked for, one at a time in turn with the others that wait. The last fetches of a
//!   script may have been written down when they ended, behind what they had waited for.
//! - If several fetch from a consumer, or one message at a time, and no step says its `max_ack_pending`, it may be
//!   1. If the recording speaks of an advisory, the consumer had a `max_deliver`: as often as any message came.
//! - If `modes` has one entry for each restart, each stretch up to a restart is a recording of its own, with the
//!   signal for a name, and what was looked at comes after it and after `ack_wait`. A core subscriber around it
//!   is sent `c1` before, `c2` meanwhile, and `c3` afterwards.
//! - Without `add_stream`, a stream is called like its subject; one whose name begins with `mem` is in memory.
//! - Where an error of a request, or of a second consumer of a work queue, was looked at and no step makes it, it
//!   was made at the end.
//! - A step in words that is not understood does nothing. If the rest then does not agree, the recording is
//!   skipped because of that step.
//! - A subscriber that hears the same message by two subscriptions has them as they came, or one subscription
//!   after the other.

mod core;
mod errors;
mod observed;
mod plan;
mod restart;
mod server;
mod settle;
mod stream;
mod terms;
pub(super) mod unsaid;
mod waiting;

use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::{Step, Vector};
use unsaid::Unsaid;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut not_understood = Vec::new();
    let replay = Unsaid::settle(vector, |unsaid| {
        if restart::is_in_modes(vector) {
            return restart::replay(vector, unsaid);
        }
        let called_before = waiting::called_before(&vector.steps).filter(|_| unsaid.is_so());
        let steps = called_before.as_deref().unwrap_or(&vector.steps);
        let mut server = server::Server::new(vector, steps, unsaid)?;
        server.run()?;
        not_understood = std::mem::take(&mut server.books.not_understood);
        Ok(server.replay())
    })?;
    unsaid::but_for(vector, replay, &not_understood)
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    AddStream,
    DeleteStream,
    Purge,
    DeleteMessage,
    AddConsumer,
    DeleteConsumer,
    PublishToStream,
    Publish,
    PublishMany,
    Request,
    Subscribe,
    SubscribeToStream,
    Unsubscribe,
    Fetch,
    Settle,
    Disconnect,
    Crash,
    Reconnect,
    Restart,
    Sleep,
    /// The script only looked.
    Look,
    /// A step in words: a sentence, or a summary of several steps.
    Words,
}

impl Verb {
    fn of(step: &Step) -> Option<Verb> {
        Some(match step.op.as_str() {
            "add_stream" | "create_stream" | "stream" => Verb::AddStream,
            "delete_stream" => Verb::DeleteStream,
            "purge_stream" | "purge" => Verb::Purge,
            "delete_msg" | "delete_message" => Verb::DeleteMessage,
            "consumer" | "add_consumer" | "create_consumer" | "ephemeral" | "pull_subscribe" => {
                Verb::AddConsumer
            }
            "delete_consumer" => Verb::DeleteConsumer,
            "js_publish" => Verb::PublishToStream,
            "publish" | "pub" => Verb::Publish,
            "publish_many" => Verb::PublishMany,
            "request" => Verb::Request,
            "subscribe" | "sub" | "queue_subscribe" => Verb::Subscribe,
            "js_subscribe" | "push_subscribe" => Verb::SubscribeToStream,
            "unsubscribe" | "drain" => Verb::Unsubscribe,
            "fetch" | "fetch_all" | "fetch_waiting" | "fetch_and_ack" | "next_msg" | "pull" => Verb::Fetch,
            "ack" | "ack_sync" | "ack_all" | "nak" | "nak_all" | "term" | "in_progress" => Verb::Settle,
            "disconnect" | "close" | "leave" => Verb::Disconnect,
            "crash" | "kill" => Verb::Crash,
            "reconnect" | "connect" | "return" => Verb::Reconnect,
            "restart" => Verb::Restart,
            "sleep" | "wait" => Verb::Sleep,
            "stream_info" | "consumer_info" | "flush" => Verb::Look,
            words if words.contains([' ', '_']) => Verb::Words,
            _ => return None,
        })
    }
}
