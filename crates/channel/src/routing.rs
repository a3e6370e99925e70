//! Stub; the real one is being written.
#![allow(missing_docs, clippy::todo, unused_variables)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar { Everything, Exact, Amqp, Mqtt, Nats, RedisGlob }
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitioner { Murmur2, Crc32, Fnv1a32 }
