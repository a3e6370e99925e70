//! The player: a run that a person can start, stop, speed up, wind and disturb.
//!
//! Whatever a person does is a [`Command`], a plain value: buttons, keys, links and tests send the same ones.
//! Time is an argument: whoever owns a clock calls [`Player::advance`] with how much has passed, and with a
//! question that the player asks from time to time: may I go on? So it never holds a page longer than that
//! allows.
//!
//! ```
//! use kernel::{Span, Time};
//! use player::{Command, Player};
//! # let plan = topology::PlanBuilder::new("nothing", Time::from_nanos(1_000_000_000)).build().unwrap();
//! let mut player = Player::new(plan, 42);
//! player.command(Command::SetSpeed(0.5));
//! player.command(Command::Play);
//! player.advance(Span::from_millis(100), &mut || true);
//! assert_eq!(player.world().now(), Time::ZERO + Span::from_millis(50));
//! ```

mod command;
mod setting;
mod transport;

pub use command::{Command, Deed, Intervention};
pub use setting::{Change, ChangeTo, Given, Setting};
pub use transport::{Player, Progress};
