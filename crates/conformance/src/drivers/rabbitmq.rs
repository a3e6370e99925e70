//! RabbitMQ: exchanges, queues and their consumers, on one channel for each queue.
//!
//! A recording of RabbitMQ says what was published, consumed, acknowledged and rejected. It seldom says how its
//! queues and exchanges were declared. It is read like this:
//!
//! - A queue exists from the first step that names it; one that is bound to an exchange by no step, from the start.
//! - A queue is a quorum queue if its name says so, or if deliveries from it carry `delivery_count`; it is durable,
//!   unless its name begins with `tmp`, `temp` or `trans`.
//! - If a queue for dead letters is looked at (`dlq..`, `dead..`), every queue leads there, unless its name says
//!   that it does not (`nodlx`).
//! - An exchange is what its name says, else what is published to it: with headers, a headers exchange; without
//!   keys, a fan-out exchange; else a topic exchange. One whose name says that it is missing (`no_such..`) is.
//! - Bindings that no step makes follow from names and from what came, as `bindings::guess` says.
//! - `x-` arguments in `config`, for all queues or below the name of one, count as if declared.
//! - A verb of several words is a remark.
//! - Who was observed although no step attaches it has looked into the queue of that name at the end; else it has
//!   taken, at the end, what was left in the first queue that had anything; or, if steps settle messages in
//!   nobody's name, it takes and settles these.
//! - A consumer of which more deliveries were observed than it has room for acknowledges the oldest it holds, at
//!   the end, or when a step settles what it does not hold yet. One that fetched goes on fetching.
//! - A restart of which `modes` tells empties every queue that it left, in order to look.
//! - A step that cannot be done, because nobody holds the message, is a difference.
//!
//! Beyond that there is a short list of guesses (`guesses::all`): a limit on deliveries, the kind, priorities,
//! length or time to live of a queue, a single active consumer, an alternate exchange, one exchange for a queue
//! where ids went through several, another try later by a second queue, and how somebody unnamed consumes. They
//! are tried only where the plainest reading does not give what was observed, and each must bring the model closer
//! to it (`search::closest`); if none does the recording fails. A guess says how the broker was set up, never what
//! it did: that is the engine's.

mod bindings;
mod broker;
mod clients;
mod exchange;
mod facts;
mod guesses;
mod plan;
mod play;
mod queue;
pub(super) mod search;

use super::Stop;
use crate::replay::Replay;
use crate::vector::Vector;
use plan::Plan;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let plan = Plan::of(vector);
    let guesses = guesses::all(vector, &plan);
    search::closest(vector, plan, &guesses, |plan| play::play(vector, plan))
}
