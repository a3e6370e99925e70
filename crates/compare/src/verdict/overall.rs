//! What there is to say about all contenders together: who answers fastest and at what cost, who keeps every promise,
//! and how much has to be up.

use super::{Claim, Teller, words};
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
    let (mut keepers, mut breakers) = (Vec::new(), Vec::new());
    for (at, value) in teller.values(line) {
        if value == 0.0 { keepers.push(at) } else { breakers.push(at) }
    }
    let names = teller.named(&keepers, 0);
    let text = match (keepers.len(), breakers.len()) {
        (0, _) => "None of them kept every promise.".into(),
        (1, _) => format!("Only {names} kept every promise."),
        (kept, broken) if broken > 0 && broken < kept && kept > FEW => {
            format!("All but {} kept every promise.", teller.named(&breakers, 0))
        }
        _ => format!("Every promise was kept by {names}."),
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
    let cost = cost(teller, other, sign).filter(|_| teller.is_finished(fast));
    if let Some((longer, which)) = cost {
        text +=
            &format!(", and takes {} longer until all is done ({which})", shown(longer, Unit::Milliseconds));
    }
    let channels =
        teller.line("channels").and_then(|line| difference(line, other)).map_or(0.0, |it| it.value * sign);
    if channels > 0.0 {
        let plural = if channels == 1.0 { "" } else { "s" };
        text += &format!("; it needs {channels} more channel{plural}");
    }
    text.push('.');
    let broken = teller.line("promises_broken").map(|line| &line.cells[fast]);
    if let Some(cell) = broken.filter(|cell| cell.value.is_some_and(|value| value > 0.0)) {
        text += &format!(" But it broke promises {}.", words::in_runs(&cell.runs));
    }
    Some(Claim { contender: other, row: line.row.id.clone(), text })
}

/// With whom the baseline, whose value is `own`, is compared: of those that are faster beyond chance, the fastest that
/// keeps every promise, or, if none does, one that is nearly as fast as the fastest and breaks the fewest; if none is
/// faster than the baseline, the slowest.
fn opposite(teller: &Teller<'_>, line: &Line, own: f64) -> Option<usize> {
    let mut others = teller.values(line);
    others.retain(|&(at, _)| line.cells[at].difference.is_some_and(|it| it.beyond_chance));
    others.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let &(_, least) = others.first()?;
    if least >= own {
        return others.last().map(|&(at, _)| at);
    }
    others.retain(|&(_, value)| value < own);
    let broken =
        |at: usize| teller.line("promises_broken").and_then(|line| line.cells[at].value).unwrap_or(0.0);
    if let Some(&(keeper, _)) = others.iter().find(|&&(at, _)| broken(at) == 0.0) {
        return Some(keeper);
    }
    others.retain(|&(_, value)| value <= NEARLY * least);
    others.sort_by(|&(one, _), &(other, _)| broken(one).total_cmp(&broken(other)));
    others.first().map(|&(at, _)| at)
}

/// How much longer it takes until all is done: for half of the requests, or for the slowest, whichever is more.
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
    let mut values = teller.values(line);
    values.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let (&(_, few), &(_, many)) = (values.first()?, values.last()?);
    if many == few {
        return None;
    }
    let with = |wanted: f64| -> Vec<usize> {
        values.iter().filter(|(_, value)| *value == wanted).map(|&(at, _)| at).collect()
    };
    let (most, least) = (with(many), with(few));
    let name = teller.named(&most, 0);
    let says = if most.len() == 1 { "says" } else { "say" };
    let (parts, are) = (words::count(many, "part"), if many == 1.0 { "is" } else { "are" });
    let others = teller.named(&least, most.len());
    let needs = if least.len() == 1 { "needs" } else { "need" };
    let few = if few == 0.0 { "none".into() } else { words::whole(few) };
    let text = format!("{name} {says} yes only while {parts} {are} up; {others} {needs} {few}.");
    Some(Claim { contender: *most.first()?, row: line.row.id.clone(), text })
}

fn difference(line: &Line, contender: usize) -> Option<&Difference> {
    line.cells[contender].difference.as_ref()
}

/// By so much longer it has to take until all is done that it is worth saying.
const SLOW_MS: f64 = 20.0;
/// More than so many are not listed if those who are not among them are fewer.
const FEW: usize = 3;
/// Who takes less than so many times as long is a little slower.
const LITTLE: f64 = 1.25;
/// Who takes at most so many times as long as the fastest is nearly as fast.
const NEARLY: f64 = 1.1;
