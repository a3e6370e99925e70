//! The engine against what must be true of it: queueing theory, conservation, repeatability, and what
//! people know of each channel.

mod architectures;
mod conservation;
mod parts;
mod queueing;
mod repeatability;
