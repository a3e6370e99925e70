//! MQTT: clients with sessions, on one channel.
//!
//! A session is a group of one member, and a client's part in a shared subscription is another. Wills and the
//! second connection of a client are the driver's, as the profile says; so is what becomes of a session when the
//! broker restarts, which follows from what becomes of messages. A recording is read like this:
//!
//! - A client is called by its client id, unless a step gives another.
//! - A clean session ends with its connection; another of MQTT 3.1.1 lasts for ever, one of MQTT 5 as long as its
//!   expiry says, which is not at all where it is not said.
//! - A client acknowledges what a step says. One that was observed to get more than may be in flight acknowledges
//!   the oldest it holds, at the end.
//! - `session_present` in a step is what the client was told, and is held against the model.
//! - A message whose name says so expires (`m1_expiry_1s`). One without a name and with `retain` is empty, and
//!   takes back the retained one.
//! - Where somebody subscribes to wills (`will/#`) and no step states them, every client has one, which says what
//!   happened: `crashed` or `taken_over`.
//! - Steps do not say which packet id a publisher uses: the first publication of quality 2 that repeats an id is
//!   the same packet again, later ones are new.
//! - Where restarts have a `mode`, each mode is a broker of its own, and its name says whether it has
//!   `persistence` and whether it saves after each change (`autosave`).
//! - A verb of several words is a remark, and `subscribe_again` sums up what was written down before.
//!
//! Guesses, tried only where the plainest reading does not give what was observed: that a session of MQTT 5 is
//! kept; that a client acknowledges at once; that a client whose name continues another's with a number is its
//! second connection.

mod broker;
mod facts;
mod plan;
mod play;

use super::Stop;
use super::rabbitmq::search;
use crate::replay::Replay;
use crate::vector::Vector;
use plan::Plan;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let guesses = plan::guesses(vector);
    search::closest(vector, Plan::default(), &guesses, |plan| play::play(vector, plan))
}
