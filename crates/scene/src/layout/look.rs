//! What a channel is drawn as, and where the parts of it stand in its card. Its rules decide, whatever its
//! profile is called.
//!
//! ```text
//!  queue: a rack    exchange: a junction    log: tapes                     table: rows
//!  ┌─┬─┬─┬─┐          ┌ order.* ─┬─┬─┬─┐    p0 128 ┌─┬─┬─┬─┬─┬─┐ 134      ○ ➤ #12 pending
//!  ├─┼─┼─┼─┤ ready   ▐┤          └─┴─┴─┘    mail       ▶░░░░░░  3         ● ➤ #11 running [1]
//!  └─┴─┴─┴─┘ out      └ payment ─┬─┬─┬─┐    stock           ▶   0
//!                                └─┴─┴─┘
//! ```

use channel::{Audience, Claim, Exhausted, Keeps, Routing, Rules};
use kernel::{Span, Time};
use topology::{ChannelId, GroupPlan, Plan, World};

use super::Orientation;
use super::rack::{Rack, RackShape};
use crate::geometry::{Point, Rect, point};

/// What a channel is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bar at which messages part, because it keeps none.
    Topic,
    /// A rack in which messages wait for one group.
    Queue,
    /// A junction with a branch to a rack for each group.
    Exchange,
    /// A tape for each partition, with a lane for each group.
    Log,
    /// A table with a row for each message.
    Table,
}

/// Everything that decides how a channel is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    pub(crate) kind: Kind,
    groups: usize,
    pub(crate) partitions: usize,
    /// How many messages may be ready for each group.
    pub(crate) bound: Option<usize>,
    /// Whether a message can be put off.
    pub(crate) delays: bool,
    /// Whether keys are shared out among the groups.
    pub(crate) keyed: bool,
    /// Whether it lives inside whoever publishes.
    pub(crate) in_process: bool,
    /// Whether what is put aside lies beside the channel.
    pub(crate) siding: bool,
    /// How long the branches of a junction are, for what is written on them.
    branch: f64,
}

/// Size of what is written on a branch.
pub(crate) const BRANCH_SIZE: f64 = 11.0;
/// So many letters of it are shown, and so many where branches stand side by side.
const BRANCH_LETTERS_MAX: usize = 18;
const BRANCH_LETTERS_MAX_TALL: usize = 15;
/// How thick a junction is.
pub(crate) const JUNCTION: f64 = 10.0;
/// Entries that a tape shows: those at its end.
pub(crate) const CELLS: usize = 12;
pub(crate) const CELL: f64 = 13.0;
/// Rows that a table shows.
pub(crate) const ROWS: usize = 7;

const BRANCH_MIN: f64 = 52.0;
/// Where racks stand side by side, a branch is so long.
const DROP: f64 = 52.0;
/// From one rack to the next.
const RACK_PITCH: f64 = 50.0;
const COLUMN_GAP: f64 = 16.0;
/// Room below the last rack for its figures.
const FIGURES: f64 = 17.0;
const TAPE_LEFT: f64 = 84.0;
const TAPE_RIGHT: f64 = 88.0;
const TAPE_HIGH: f64 = 15.0;
const TAPE_PAD: f64 = 6.0;
const LANE: f64 = 13.0;
const ROW: f64 = 15.0;
const TABLE_WIDE: f64 = 190.0;
/// Groups beyond this are counted together.
const RACKS_MAX: usize = 8;
const COLUMNS_MAX: usize = 5;
const LANES_MAX: usize = 4;
const TAPES_MAX: usize = 8;
/// A log does not become higher than this by showing a third partition or another one after it.
const LOG_HIGH: f64 = 340.0;

impl Look {
    /// As a plan says.
    pub(crate) fn planned(plan: &Plan, id: ChannelId) -> Look {
        let channel = &plan.channels[id.index()];
        Look::of(plan, id, &channel.rules, &channel.groups)
    }

    /// As a world has come to: a channel may follow other rules by now.
    pub(crate) fn present(world: &World, id: ChannelId) -> Look {
        Look::of(world.plan(), id, world.channel(id).rules(), world.groups(id))
    }

    fn of(plan: &Plan, id: ChannelId, rules: &Rules, groups: &[GroupPlan]) -> Look {
        let (delivery, channel) = (&rules.delivery, &plan.channels[id.index()]);
        let (kind, partitions) = match rules.keeps {
            Keeps::Nothing => (Kind::Topic, 0),
            Keeps::Log { partitions, .. } => (Kind::Log, usize::from(partitions)),
            Keeps::Queue if rules.audience == Audience::EverySubscription || groups.len() > 1 => {
                (Kind::Exchange, 0)
            }
            Keeps::Queue if delivery.claim != Claim::HandOut => (Kind::Table, 0),
            Keeps::Queue => (Kind::Queue, 0),
        };
        let mut letters = 0;
        for group in groups {
            let first = group.bindings.first().map_or(0, String::len);
            let more = if group.bindings.len() > 1 { 3 } else { 0 };
            letters = letters.max(first + more).max(group.name.len());
        }
        let branch = letters.min(BRANCH_LETTERS_MAX) as f64 * BRANCH_SIZE * 0.6 + 18.0;
        Look {
            kind,
            groups: groups.len(),
            partitions,
            bound: rules.length.map(|bound| bound.max as usize),
            delays: delivery.backoff.first > Span::ZERO && !is_never(delivery.backoff.first),
            keyed: rules.routing == Routing::ConsistentHash,
            in_process: rules.in_process,
            siding: delivery.exhausted == Exhausted::DeadLetter && channel.dead_letter_to.is_none(),
            branch: branch.max(BRANCH_MIN),
        }
    }

    /// How many groups are shown one by one.
    pub(crate) fn lanes(&self, orientation: Orientation) -> usize {
        self.groups.min(match (self.kind, orientation) {
            (Kind::Exchange, Orientation::Wide) => RACKS_MAX,
            (Kind::Exchange, Orientation::Tall) => COLUMNS_MAX,
            (Kind::Log, _) => LANES_MAX,
            (Kind::Topic | Kind::Queue | Kind::Table, _) => 1,
        })
    }

    /// How many partitions are shown one by one.
    pub(crate) fn tapes(&self) -> usize {
        let fit = (LOG_HIGH / self.tape_pitch()) as usize;
        self.partitions.min(fit.clamp(2, TAPES_MAX))
    }

    fn tape_pitch(&self) -> f64 {
        TAPE_HIGH + self.lanes(Orientation::Wide) as f64 * LANE + 2.0 * TAPE_PAD
    }

    /// Width and height of the card of a channel whose name is so wide.
    pub(crate) fn size(&self, name: f64, subscribers: usize, orientation: Orientation) -> (f64, f64) {
        let lanes = self.lanes(orientation).max(1) as f64;
        let long = 30.0 * subscribers.max(2) as f64;
        let rack = self.rack_shape(orientation);
        match (self.kind, orientation) {
            (Kind::Topic, Orientation::Wide) => (10.0, long),
            (Kind::Topic, Orientation::Tall) => (long.max(2.0 * name + 36.0), 10.0),
            (Kind::Queue, _) => (rack.width(), rack.height()),
            (Kind::Exchange, Orientation::Wide) => {
                let high = (lanes - 1.0) * RACK_PITCH + rack.height() + FIGURES;
                (JUNCTION + self.branch + rack.width(), high)
            }
            (Kind::Exchange, Orientation::Tall) => {
                let wide = lanes * (rack.width() + COLUMN_GAP) - COLUMN_GAP;
                (wide, JUNCTION + DROP + rack.height())
            }
            (Kind::Log, _) => {
                let high = self.tapes().max(1) as f64 * self.tape_pitch();
                (TAPE_LEFT + CELLS as f64 * CELL + TAPE_RIGHT, high)
            }
            (Kind::Table, _) => (TABLE_WIDE, ROWS as f64 * ROW + 9.0),
        }
    }

    /// How many letters there is room for on a branch.
    pub(crate) fn branch_letters(&self, orientation: Orientation) -> usize {
        match orientation {
            Orientation::Wide => BRANCH_LETTERS_MAX,
            Orientation::Tall => BRANCH_LETTERS_MAX_TALL,
        }
    }

    fn rack_shape(&self, orientation: Orientation) -> RackShape {
        match (self.kind, orientation) {
            (Kind::Exchange, Orientation::Wide) => RackShape::ROW,
            (Kind::Exchange, Orientation::Tall) => RackShape::COLUMN,
            (Kind::Topic | Kind::Queue | Kind::Log | Kind::Table, _) => RackShape::queue(self.delays),
        }
    }

    /// The rack of a group: of the only one, or of one of several in the order in which they stand.
    pub(crate) fn rack(&self, card: Rect, lane: usize, orientation: Orientation) -> Rack {
        let (shape, lane) = (self.rack_shape(orientation), lane as f64);
        match (self.kind, orientation) {
            (Kind::Exchange, Orientation::Wide) => {
                shape.at(card.right() - shape.width(), card.y + lane * RACK_PITCH)
            }
            (Kind::Exchange, Orientation::Tall) => {
                shape.at(card.x + lane * (shape.width() + COLUMN_GAP), card.bottom() - shape.height())
            }
            (Kind::Topic | Kind::Queue | Kind::Log | Kind::Table, _) => shape.at(card.x, card.y),
        }
    }

    /// The tape of a partition.
    pub(crate) fn tape(&self, card: Rect, index: usize) -> Rect {
        let y = card.y + TAPE_PAD + index as f64 * self.tape_pitch();
        Rect { x: card.x + TAPE_LEFT, y, width: CELLS as f64 * CELL, height: TAPE_HIGH }
    }

    /// Where the lane of a group below a tape begins.
    pub(crate) fn lane(tape: Rect, lane: usize) -> Point {
        point(tape.x, tape.bottom() + 1.0 + (lane as f64 + 0.5) * LANE)
    }

    /// A row of a table.
    pub(crate) fn row(card: Rect, index: usize) -> Rect {
        Rect { y: card.y + 4.5 + index as f64 * ROW, height: ROW, ..card }
    }
}

/// Whether a wait is so long that it means: never.
pub(crate) fn is_never(wait: Span) -> bool {
    wait.nanos() > Time::MAX.nanos()
}
