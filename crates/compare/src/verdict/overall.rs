//! What there is to say about all contenders together: who answers fastest and at what cost, who keeps every promise,
//! and how much has to be up.

use super::{Claim, SLOW_MS, Teller, words};
use crate::render::shown;
use crate::row::Unit;
use crate::{Difference, Line};

pub(super) fn overall(teller: &Teller<'_>) -> Vec<Claim> {
    if teller.table.headers.len() < 2 {
        return Vec::new();
    }
    let mut claims = Vec::new();
    claims.extend(promises(teller));
    claims.extend(fastest(teller));
    claims.extend(must_be_up(teller));
    claims
}

/// Who keeps every promise.
fn promises(teller: &Teller<'_>) -> Option<Claim> {
    let line = teller.telling("promises_broken")?;
    let keeps = |&at: &usize| teller.is_whole(at) && line.cells[at].value == Some(0.0);
    let keepers: Vec<usize> = (0..line.cells.len()).filter(keeps).collect();
    let names: Vec<&str> = keepers.iter().map(|&at| teller.name(at)).collect();
    let text = match names[..] {
        [] => "None of them kept every promise.".into(),
        [name] => format!("Only {name} kept every promise."),
        _ => format!("Every promise was kept by {}.", words::listed(&names)),
    };
    let contender = keepers.first().copied().unwrap_or(teller.table.baseline);
    Some(Claim { contender, row: line.row.id.clone(), text })
}

/// Who answers fastest compared with the baseline, and what that costs; or whom the baseline outdoes.
fn fastest(teller: &Teller<'_>) -> Option<Claim> {
    let line = teller.telling("response_mean")?;
    let baseline = teller.table.baseline;
    let own = line.cells[baseline].value.filter(|_| teller.is_whole(baseline))?;
    let other = opposite(teller, line, own)?;
    let value = line.cells[other].value?;
    let (fast, slow) = if value < own { (other, baseline) } else { (baseline, other) };
    let (least, most) = (value.min(own), value.max(own));
    let (name, behind) = (teller.name(fast), teller.name(slow));
    let faster = if most >= LITTLE * least {
        format!("{} as fast as", words::times(most / least))
    } else {
        "a little faster than".into()
    };
    let [least, most] = [least, most].map(|value| shown(value, Unit::Milliseconds));
    let mut text = format!("{name} answers {faster} {behind} ({least} instead of {most})");
    // Differences are those of the contender that is not the baseline.
    let sign = if fast == other { 1.0 } else { -1.0 };
    if let Some((longer, which)) = cost(teller, other, sign) {
        text +=
            &format!(", and takes {} longer until all is done ({which})", shown(longer, Unit::Milliseconds));
    }
    let channels =
        teller.line("channels").and_then(|line| difference(line, other)).map_or(0.0, |it| it.value * sign);
    if channels > 0.0 {
        let plural = if channels == 1.0 { "" } else { "s" };
        text += &format!("; it needs {channels} more channel{plural}");
    }
    Some(Claim { contender: other, row: line.row.id.clone(), text: text + "." })
}

/// With whom the baseline, whose value is `own`, is compared: of those that differ from it, one that is nearly as fast
/// as the fastest and breaks the fewest promises; if none is faster than the baseline, the slowest.
fn opposite(teller: &Teller<'_>, line: &Line, own: f64) -> Option<usize> {
    let mut others: Vec<(usize, f64)> = Vec::new();
    for (at, cell) in line.cells.iter().enumerate() {
        let differs = cell.difference.is_some_and(|it| it.beyond_chance);
        others.extend(cell.value.filter(|_| differs && teller.is_whole(at)).map(|value| (at, value)));
    }
    others.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let &(_, least) = others.first()?;
    if least >= own {
        return others.last().map(|&(at, _)| at);
    }
    let broken =
        |at: usize| teller.line("promises_broken").and_then(|line| line.cells[at].value).unwrap_or(0.0);
    others.retain(|&(_, value)| value < own && value <= NEARLY * least);
    others.sort_by(|&(one, _), &(other, _)| broken(one).total_cmp(&broken(other)));
    others.first().map(|&(at, _)| at)
}

/// How much longer it takes until all is done: for half of the orders, or for the slowest, whichever is more.
fn cost(teller: &Teller<'_>, other: usize, sign: f64) -> Option<(f64, &'static str)> {
    let mut cost: Option<(f64, &str)> = None;
    for (row, which) in [("completion_p50", "median"), ("completion_p99", "99th percentile")] {
        let Some(difference) = teller.line(row).and_then(|line| difference(line, other)) else { continue };
        let longer = difference.value * sign;
        if difference.beyond_chance && longer > cost.map_or(SLOW_MS, |(known, _)| known) {
            cost = Some((longer, which));
        }
    }
    cost
}

/// Whose customers need more parts to be up than others'.
fn must_be_up(teller: &Teller<'_>) -> Option<Claim> {
    let line = teller.telling("must_be_up")?;
    let mut values: Vec<(usize, f64)> = Vec::new();
    for (at, cell) in line.cells.iter().enumerate().filter(|&(at, _)| teller.is_whole(at)) {
        values.extend(cell.value.map(|value| (at, value)));
    }
    values.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let (&(_, few), &(most, many)) = (values.first()?, values.last()?);
    if many == few {
        return None;
    }
    let least = values.iter().filter(|(_, value)| *value == few);
    let others: Vec<&str> = least.map(|&(at, _)| teller.name(at)).collect();
    let (name, others) = (teller.name(most), words::listed(&others));
    let parts = words::count(many, "part");
    let has = if many == 1.0 { "has" } else { "have" };
    let text =
        format!("{parts} {has} to be up so that {name} can say yes, {} for {others}.", words::whole(few));
    Some(Claim { contender: most, row: line.row.id.clone(), text })
}

fn difference(line: &Line, contender: usize) -> Option<&Difference> {
    line.cells[contender].difference.as_ref()
}

/// Who takes less than so many times as long is a little slower.
const LITTLE: f64 = 1.25;
/// Who takes at most so many times as long as the fastest is nearly as fast.
const NEARLY: f64 = 1.1;
