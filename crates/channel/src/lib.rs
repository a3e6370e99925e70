//! The delivery rules of every kind of channel: one engine, profiles as data.
//!
//! A real broker is a point in a space of rules: what it keeps, who gets a copy, when a message counts as
//! done, where it goes when it comes back. [`Rules`] is that space, [`PROFILES`] lists the points that people
//! know by name, and [`Channel`] is the one engine that follows any of them. A new broker is a new row.
//!
//! The face is imperative, in the brokers' own verbs. Time is an argument, and there is no network: who calls
//! decides when things happen, and carries out the [`Effect`]s.

mod effect;
mod engine;
mod parameter;
mod profile;
pub mod routing;
mod rules;

pub use effect::{
    Effect, Group, Loss, Position, Publication, Receipt, Rejection, Subject, Subscription, Tag,
};
pub use engine::{Channel, GroupTerms, HeldView, MemberTerms, Start};
pub use parameter::{Parameter, Takes, Value};
pub use profile::{PROFILES, Profile, profile};
#[cfg(feature = "stated")]
pub use profile::{Source, Statement};
pub use rules::{
    Absent, Acknowledgement, Assignor, Audience, Backoff, Bound, Choice, Claim, DeadLetterReason, Delivery,
    Exhausted, Expiry, HandsOut, Keeps, OnDisconnect, Overflow, PublisherGets, Retention, Return, Routing,
    Rules, Survives,
};
