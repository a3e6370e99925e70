//! What is behind a cell: cases of one run that make its value what it is.

mod list;

use std::collections::BTreeSet;

use kernel::Time;
use topology::{Kinds, Record, RecordKind};

use crate::measure::Customers;
use crate::row::Source;
use crate::{Study, measure};
use list::List;

/// A case behind a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// The case; `None` where it is about the run as a whole.
    pub case: Option<u32>,
    /// When it happened.
    pub at: Time,
    /// What, in a sentence.
    pub words: String,
}

/// Plays a run again and lists the cases that make the value of a row what it is, the most telling first, at most
/// `most`; none where the row does not come from runs. `None` if `go_on` said no.
pub fn behind(
    study: &Study,
    contender: usize,
    row: &str,
    seed: u64,
    most: usize,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Behind>> {
    let from_runs = study.row(row).is_some_and(|at| study.rows[at].source == Source::Runs);
    let Some(contender) = study.contenders.get(contender).filter(|_| from_runs) else {
        return Some(Vec::new());
    };
    let wants = match row {
        "out_of_order" => Kinds::OUT_OF_ORDER,
        "messages_per_case" => Kinds::SENT,
        _ => Kinds::NONE,
    };
    let customers = Customers::new(&contender.plan);
    let telling = |record: &&Record| {
        matches!(record.kind, RecordKind::Act { .. })
            || match row {
                "lost" => customers.is_missing(record),
                "out_of_order" => record.kind == RecordKind::OutOfOrder,
                "done_twice" => customers.is_again(record),
                _ => false,
            }
    };
    let mut records: Vec<Record> = Vec::new();
    let mut sent: Vec<u32> = Vec::new();
    let from = Time::ZERO + study.settings.warm_up;
    let played = measure::played(&contender.plan, seed, from, wants, go_on, &mut |seen| {
        records.extend(seen.iter().filter(telling));
        for record in seen.iter().filter(|record| matches!(record.kind, RecordKind::Sent { .. })) {
            let case = record.case as usize;
            sent.resize(sent.len().max(case + 1), 0);
            sent[case] += 1;
        }
    })?;
    if row == "done_twice" {
        // A request counts once.
        let mut known: BTreeSet<u32> = BTreeSet::new();
        records.retain(|record| matches!(record.kind, RecordKind::Act { .. }) || known.insert(record.case));
    }
    let mut list = List { plan: &contender.plan, played: &played, records: &records, sent: &sent }.of(row);
    list.truncate(most);
    Some(list)
}
