//! The selected channel: what it holds and how it is set.

use channel::Takes;

/// A channel, as the panel shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelView {
    /// Its name.
    pub name: String,
    /// The name of the profile that it follows.
    pub kind: &'static str,
    /// Whether the list of other profiles is open.
    pub kinds: bool,
    /// What is counted for each group, as the columns of a table.
    pub columns: &'static [Column],
    /// Who shares the work.
    pub groups: Vec<GroupView>,
    /// How many messages it has put aside, if it does that.
    pub aside: Option<u64>,
    /// The pile that is open, with some of its messages.
    pub open: Option<PileView>,
    /// What can be set, in the profile's order.
    pub parameters: Vec<ParameterView>,
}

/// Messages of a channel that are in the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pile {
    /// They wait to be handed out.
    Ready,
    /// They are in somebody's hands, and not acknowledged.
    Held,
    /// They may be handed out only later.
    Later,
    /// They were sent to a subscriber who has not taken them up; the channel has nothing more to do with them.
    Sent,
    /// They were put aside.
    Aside,
}

/// A column of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub words: &'static str,
    /// What is counted.
    pub counts: Counts,
}

/// What is counted for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Messages that can be looked at.
    Pile(Pile),
    /// Rows of a table that are done.
    Done,
    /// Entries of a log that are not committed.
    Lag,
}

/// Subscribers that share the work.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    /// Its name.
    pub name: String,
    /// Who of it is not connected, in words.
    pub note: String,
    /// A figure for each column.
    pub figures: Vec<u64>,
    /// Where it has come to in a log.
    pub partitions: Vec<PartitionView>,
    /// How many partitions there are besides those.
    pub more_partitions: u64,
}

/// A partition of a log, as a group reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionView {
    /// Which.
    pub number: u16,
    /// The offset after the last entry.
    pub end: u64,
    /// The offset that the group is handed next.
    pub next: u64,
    /// The offset that it has committed, where it commits offsets.
    pub committed: Option<u64>,
    /// Whose it is, where partitions have owners.
    pub owner: String,
}

impl PartitionView {
    /// How many entries are not committed; where offsets are not committed, how many are not handed out.
    pub fn lag(&self) -> u64 {
        self.end.saturating_sub(self.committed.unwrap_or(self.next))
    }
}

/// A pile that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct PileView {
    /// Which.
    pub pile: Pile,
    /// Whose, as an index into [`ChannelView::groups`].
    pub group: usize,
    /// Its first messages.
    pub messages: Vec<MessageLine>,
    /// How many there are besides.
    pub more: u64,
}

/// A message in a pile.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageLine {
    /// Its type.
    pub name: String,
    /// The number of its case.
    pub case: u32,
    /// How long it has been as it is.
    pub age: String,
    /// How often it was handed out.
    pub deliveries: u16,
    /// Who has it and what becomes of it, if there is something to say.
    pub state: String,
}

/// What can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterView {
    /// Its key in scenario files.
    pub name: &'static str,
    /// The product's own name.
    pub real: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What the product does by itself.
    pub default: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What stands in its field: what is typed there, else its value.
    pub text: String,
    /// Whether its value is not what the product does by itself.
    pub changed: bool,
    /// What is wrong with what was typed.
    pub wrong: Option<String>,
}
