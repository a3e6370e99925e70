//! What became of what customers were promised: what never came true, which promise was broken how often, and what was
//! done more than once.

use topology::Promise;

use super::{Claim, Teller, words};
use crate::Line;
use crate::listed::listed;

/// What customers were promised and did not get: in one sentence if it is one fact, else in one for each contender,
/// the worst first.
pub(super) fn never(teller: &Teller<'_>) -> Vec<Claim> {
    let mut lines: Vec<(&Line, Vec<(usize, f64)>)> = Vec::new();
    for line in teller.table.lines.iter().filter(|line| line.row.id.starts_with("missing:")) {
        let values = often(teller, line);
        if !values.is_empty() && teller.telling(&line.row.id).is_some() {
            lines.push((line, values));
        }
    }
    match &lines[..] {
        [] => Vec::new(),
        [(line, values)] => vec![of_one_fact(teller, line, values)],
        _ => of_several(teller, &lines),
    }
}

fn of_one_fact(teller: &Teller<'_>, line: &Line, values: &[(usize, f64)]) -> Claim {
    let fact = words::fact(line.row.id.trim_start_matches("missing:"));
    let text = match values {
        [(at, value)] => {
            let (number, were) = number(*value);
            format!("Of the requests that {} took in a run, {number} {were} never {fact}.", teller.name(*at))
        }
        _ => {
            let parts = listed(&grouped(teller, values, ""));
            format!("Of the requests taken in a run, {parts} were never {fact}.")
        }
    };
    Claim { contender: values.first().map_or(0, |&(at, _)| at), row: line.row.id.clone(), text }
}

fn of_several(teller: &Teller<'_>, lines: &[(&Line, Vec<(usize, f64)>)]) -> Vec<Claim> {
    let mut told: Vec<(f64, Claim)> = Vec::new();
    for contender in 0..teller.table.headers.len() {
        let (mut parts, mut row, mut most) = (Vec::new(), None, 0.0_f64);
        for (line, values) in lines {
            let Some(&(_, value)) = values.iter().find(|&&(at, _)| at == contender) else { continue };
            let (number, were) = number(value);
            let were = if row.is_none() { format!("{were} ") } else { String::new() };
            let fact = words::fact(line.row.id.trim_start_matches("missing:"));
            parts.push(format!("{number} {were}never {fact}"));
            row.get_or_insert_with(|| line.row.id.clone());
            most = most.max(value);
        }
        let Some(row) = row else { continue };
        let (name, parts) = (teller.name(contender), listed(&parts));
        let text = format!("Of the requests that {name} took in a run, {parts}.");
        told.push((most, Claim { contender, row, text }));
    }
    worst(told, NEVER_MAX)
}

/// Which promises were broken and how often, where it has not been said what is missing: those broken most, at most so
/// many.
pub(super) fn broken(teller: &Teller<'_>, most: usize) -> Vec<Claim> {
    let Some(first) = teller.study.contenders.first() else { return Vec::new() };
    let checks = &first.plan.checks;
    let mut told: Vec<(f64, Claim)> = Vec::new();
    for (at, check) in checks.iter().enumerate() {
        let row = if checks.len() > 1 { format!("broken:{}", at + 1) } else { "promises_broken".into() };
        let Some(line) = teller.telling(&row) else { continue };
        let mut values = teller.values(line);
        values
            .retain(|&(contender, value)| value > 0.0 && !is_said(teller, &check.promise, contender, value));
        let Some(&(contender, _)) = values.first() else { continue };
        let promise = if check.why.is_empty() { &check.name } else { check.why.trim_end_matches('.') };
        let part = |(at, (often, contenders)): (usize, &(String, Vec<usize>))| {
            let names = teller.named(contenders, 0);
            match at {
                0 => format!("{names} broke “{promise}” {often}"),
                _ => format!("{names} {}", often.trim_end_matches(" in a run")),
            }
        };
        let parts: Vec<String> = how_often(line, &values).iter().enumerate().map(part).collect();
        let greatest = values.iter().fold(0.0, |most: f64, &(_, value)| most.max(value));
        told.push((greatest, Claim { contender, row, text: listed(&parts) + "." }));
    }
    worst(told, most)
}

/// How often a promise was broken, and by whom.
fn how_often(line: &Line, values: &[(usize, f64)]) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for &(at, value) in values {
        // What is broken no more than once in a run is said by runs.
        let often = if value > 1.05 {
            format!("{} in a run", words::often(value))
        } else {
            words::in_runs(&line.cells[at].runs)
        };
        match groups.iter_mut().find(|(known, _)| *known == often) {
            Some((_, contenders)) => contenders.push(at),
            None => groups.push((often, vec![at])),
        }
    }
    groups
}

/// Whether a promise is said to be broken by saying of the contender what is missing.
fn is_said(teller: &Teller<'_>, promise: &Promise, contender: usize, count: f64) -> bool {
    let facts = &teller.study.contenders[contender].plan.facts;
    let missing = |fact: &str| {
        let line = teller.telling(&format!("missing:{fact}"))?;
        line.cells[contender].value.filter(|&value| is_often(value))
    };
    match promise {
        Promise::Within { reach, .. } => reach.iter().any(|fact| missing(&facts[fact.index()]).is_some()),
        // What is lost is what is missing.
        Promise::Lossless(_) => facts.iter().filter_map(|it| missing(it)).any(|it| is_as_much(it, count)),
        Promise::Never(_)
        | Promise::Always(_)
        | Promise::Finally(_)
        | Promise::Total(_)
        | Promise::Ordered(_) => false,
    }
}

/// What was done more than once, where no broken promise says as much.
pub(super) fn again(teller: &Teller<'_>) -> Option<Claim> {
    let line = teller.telling("done_twice")?;
    let mut values = often(teller, line);
    let is_broken = |contender: usize, value: f64| {
        teller.table.lines.iter().any(|line| {
            let is_promise = line.row.id.starts_with("broken:") || line.row.id == "promises_broken";
            let count = line.cells[contender].value.filter(|_| is_promise);
            count.is_some_and(|count| is_as_much(value, count)) && teller.telling(&line.row.id).is_some()
        })
    };
    values.retain(|&(contender, value)| !is_broken(contender, value));
    let &(contender, first) = values.first()?;
    let text = match &values[..] {
        [_] => {
            let requests = words::count(first, "request");
            format!("{} did something twice for {requests} in a run.", teller.name(contender))
        }
        _ => {
            let parts = listed(&grouped(teller, &values, " request"));
            format!("In a run something was done twice for {parts}.")
        }
    };
    Some(Claim { contender, row: line.row.id.clone(), text })
}

/// `203 in bus and pubsub`, with a word behind the first number.
fn grouped(teller: &Teller<'_>, values: &[(usize, f64)], what: &str) -> Vec<String> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for &(at, value) in values {
        let number = words::whole(value);
        match groups.iter_mut().find(|(known, _)| *known == number) {
            Some((_, contenders)) => contenders.push(at),
            None => groups.push((number, vec![at])),
        }
    }
    let part = |(at, (number, contenders)): (usize, &(String, Vec<usize>))| {
        let plural = if what.is_empty() || number == "1" || at > 0 { "" } else { "s" };
        let what = if at == 0 { what } else { "" };
        format!("{number}{what}{plural} in {}", teller.named(contenders, 0))
    };
    groups.iter().enumerate().map(part).collect()
}

/// The contenders of which a line counts at least one in a run, of those that were not stopped.
fn often(teller: &Teller<'_>, line: &Line) -> Vec<(usize, f64)> {
    let mut values = teller.values(line);
    values.retain(|&(_, value)| is_often(value));
    values
}

/// Whether it is often enough to be said as so many in a run; what is less is left to the table.
fn is_often(value: f64) -> bool {
    value >= 0.95
}

fn is_as_much(value: f64, count: f64) -> bool {
    (count - value).abs() <= AS_MUCH * value
}

/// A number of requests, and its verb.
fn number(value: f64) -> (String, &'static str) {
    let number = words::whole(value);
    let were = if number == "1" { "was" } else { "were" };
    (number, were)
}

/// The claims with the greatest figures, the greatest first.
fn worst(mut told: Vec<(f64, Claim)>, most: usize) -> Vec<Claim> {
    told.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    told.truncate(most);
    told.into_iter().map(|(_, claim)| claim).collect()
}

/// Of so many contenders it is said what they never did.
const NEVER_MAX: usize = 3;
/// As much is what differs by no more than this share.
const AS_MUCH: f64 = 0.05;
