//! What is known of each case, as long as anything about it can still change.

use kernel::Time;

/// How a customer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Customer {
    /// Waits.
    Waits,
    /// Was told yes, or does not ask.
    Promised,
    /// Was told no, or left.
    Declined,
}

/// How a case stands towards a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has not broken it, and may.
    Open,
    /// Its time was up, with something missing, while the customer still waited for an answer: a yes breaks
    /// the promise.
    Overdue,
    /// It has broken it, or never will.
    Decided,
}

/// A case.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    /// What it is about, or [`topology::Record::NONE`].
    pub(crate) key: u32,
    pub(crate) started: Time,
    pub(crate) customer: Customer,
    /// Whether nothing is left to do for it.
    pub(crate) over: bool,
    /// The number of the last record that set a fact of it or told what became of its customer; 0: none.
    pub(crate) last: u64,
    /// How many promises are open until their time is up.
    pub(crate) awaited: u16,
}

/// The cases that are not over, or that a promise still waits for. What is forgotten leaves its room to others.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// The columns of each row, one row after another.
    values: Vec<i32>,
    /// Whether a fact of the row was set again.
    again: Vec<bool>,
    /// How each row stands towards each promise.
    standings: Vec<Standing>,
    /// The rows that are free.
    vacant: Vec<u32>,
    /// Case and row, in the order of the cases; [`Rows::GONE`] in place of a row that was forgotten.
    index: Vec<(u32, u32)>,
    /// How many of the index are gone.
    gone: usize,
    /// The columns of a new row.
    fresh: Vec<i32>,
    facts: usize,
    checks: usize,
}

impl Rows {
    const GONE: u32 = u32::MAX;

    /// None yet; a new one has these columns.
    pub(crate) fn new(fresh: Vec<i32>, facts: usize, checks: usize) -> Self {
        Rows {
            rows: Vec::new(),
            values: Vec::new(),
            again: Vec::new(),
            standings: Vec::new(),
            vacant: Vec::new(),
            index: Vec::new(),
            gone: 0,
            fresh,
            facts,
            checks,
        }
    }

    /// A row for a case whose number is greater than any before.
    pub(crate) fn open(&mut self, row: Row) -> usize {
        let slot = match self.vacant.pop() {
            Some(slot) => slot as usize,
            None => {
                let slot = self.rows.len();
                self.rows.push(row.clone());
                self.values.resize((slot + 1) * self.fresh.len(), 0);
                self.again.resize((slot + 1) * self.facts, false);
                self.standings.resize((slot + 1) * self.checks, Standing::Open);
                slot
            }
        };
        self.index.push((row.number, slot as u32));
        self.rows[slot] = row;
        let begin = slot * self.fresh.len();
        self.values[begin..begin + self.fresh.len()].copy_from_slice(&self.fresh);
        self.again[slot * self.facts..(slot + 1) * self.facts].fill(false);
        self.standings[slot * self.checks..(slot + 1) * self.checks].fill(Standing::Open);
        slot
    }

    /// The row of a case, unless it was forgotten.
    pub(crate) fn find(&self, case: u32) -> Option<usize> {
        let at = self.position(case);
        let &(found, slot) = self.index.get(at)?;
        (found == case && slot != Self::GONE).then_some(slot as usize)
    }

    /// The row of the first case from a number on.
    pub(crate) fn first_from(&self, case: u32) -> Option<usize> {
        let known = |&&(_, slot): &&(u32, u32)| slot != Self::GONE;
        self.index[self.position(case)..].iter().find(known).map(|&(_, slot)| slot as usize)
    }

    /// Where a case stands in the index, or would. Numbers ascend, so it is not before where it would be if none
    /// behind it were forgotten; mostly none is, and it is there.
    fn position(&self, case: u32) -> usize {
        let Some(&(last, _)) = self.index.last() else { return 0 };
        if case > last {
            return self.index.len();
        }
        let first = (self.index.len() - 1).saturating_sub((last - case) as usize);
        if self.index[first].0 >= case {
            return first;
        }
        first + self.index[first..].partition_point(|&(number, _)| number < case)
    }

    /// Forgets a row if nothing about it can change any more.
    pub(crate) fn close_if_decided(&mut self, slot: usize) {
        let Row { number, over, awaited, .. } = self.rows[slot];
        if !over || awaited > 0 {
            return;
        }
        let at = self.position(number);
        self.index[at].1 = Self::GONE;
        self.vacant.push(slot as u32);
        self.gone += 1;
        if self.gone > 32 && self.gone > self.index.len() / 2 {
            self.index.retain(|&(_, slot)| slot != Self::GONE);
            self.gone = 0;
        }
    }

    pub(crate) fn row(&self, slot: usize) -> &Row {
        &self.rows[slot]
    }

    pub(crate) fn row_mut(&mut self, slot: usize) -> &mut Row {
        &mut self.rows[slot]
    }

    pub(crate) fn value(&self, slot: usize, column: usize) -> i32 {
        self.values[slot * self.fresh.len() + column]
    }

    pub(crate) fn value_mut(&mut self, slot: usize, column: usize) -> &mut i32 {
        &mut self.values[slot * self.fresh.len() + column]
    }

    /// Notes that a fact was set again. Returns whether it is the first time in this case.
    pub(crate) fn set_again(&mut self, slot: usize, fact: usize) -> bool {
        !std::mem::replace(&mut self.again[slot * self.facts + fact], true)
    }

    pub(crate) fn standing(&mut self, slot: usize, check: usize) -> &mut Standing {
        &mut self.standings[slot * self.checks + check]
    }

    /// Every row in use, in the order of the cases.
    pub(crate) fn slots(&self) -> Vec<usize> {
        let known = self.index.iter().filter(|&&(_, slot)| slot != Self::GONE);
        known.map(|&(_, slot)| slot as usize).collect()
    }

    /// How many rows there is room for.
    pub(crate) fn room(&self) -> usize {
        self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_grows_with_every_case() {
        let mut rows = Rows::new(vec![0; 3], 1, 1);
        let row = |number| Row {
            number,
            key: 0,
            started: Time::ZERO,
            customer: Customer::Promised,
            over: true,
            last: 0,
            awaited: 0,
        };
        let stays = rows.open(Row { over: false, ..row(0) });
        for number in 1..10_000 {
            let slot = rows.open(row(number));
            assert_eq!((rows.find(number), rows.first_from(1)), (Some(slot), Some(slot)));
            rows.close_if_decided(slot);
            rows.close_if_decided(stays);
            assert_eq!((rows.find(number), rows.find(0), rows.first_from(1)), (None, Some(stays), None));
        }
        assert!(rows.index.len() < 70, "{}", rows.index.len());
        assert_eq!((rows.room(), rows.slots()), (2, vec![stays]));
    }
}
