//! The delivery rules of every kind of channel: one engine, profiles as data.
//!
//! A real broker is a point in a space of rules: what it keeps, who gets a copy, when a message counts as
//! done, where it goes when it comes back. [`Rules`] is that space, [`PROFILES`] lists the points that people
//! know by name, and [`Channel`] is the one engine that follows any of them. A new broker is a new row.
//!
//! The face is imperative, in the brokers' own verbs, and knows neither time nor network: who calls decides
//! when things happen, and carries out the [`Effect`]s.
//!
//! ```
//! use channel::{Channel, Effect, profile};
//!
//! let mut queue = Channel::new(profile("rabbitmq-quorum").unwrap().rules.clone());
//! let worker = queue.subscribe(&[0]);
//! let mut effects = Vec::new();
//! queue.publish(17, 0, &mut effects);
//! assert_eq!(effects, [Effect::Deliver { to: worker, message: 17, tag: Some(1), redelivered: false }]);
//! effects.clear();
//! queue.disconnect(worker, &mut effects); // it crashed with the message in hand
//! queue.connect(worker, &mut effects);
//! assert_eq!(effects[1], Effect::Deliver { to: worker, message: 17, tag: Some(2), redelivered: true });
//! ```

mod engine;
mod profile;
mod rules;

pub use engine::{Channel, Effect, Subscription, Tag};
pub use profile::{PROFILES, Profile, profile};
pub use rules::{
    Absent, Acknowledgement, Audience, Bound, DeadLetterReason, Overflow, PublisherGets, Return, Rules,
};
