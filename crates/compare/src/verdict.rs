//! The verdict: what the table says, in sentences that are built from its figures.

mod circumstance;
mod overall;
mod words;

use crate::render::shown;
use crate::row::{Better, Source, Unit};
use crate::{Line, Study, Table};

/// A sentence of the verdict, with the cell that it is taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// About which contender; the first, if the same is true of several.
    pub contender: usize,
    /// By which row, its id.
    pub row: String,
    /// The sentence.
    pub text: String,
}

/// What a table says about each contender, the first contender first, and then about all of them. Only what differs
/// beyond chance is said: from the baseline, or from the best.
pub fn verdict(study: &Study, table: &Table) -> Vec<Claim> {
    let teller = Teller { table, circumstance: circumstance::circumstance(study) };
    let count = table.headers.len();
    let most = match count {
        0..=4 => 3,
        5..=8 => 2,
        _ => 1,
    };
    let mut claims: Vec<Claim> = Vec::new();
    for contender in (0..count).filter(|&at| teller.is_whole(at)) {
        let mut said = 0;
        for topic in TOPICS {
            if said == most || claims.len() == CLAIMS_MAX {
                break;
            }
            let Some((row, text)) = topic(&teller, contender) else { continue };
            said += 1;
            // What is true of several is said of the first, for all.
            if !claims.iter().any(|known| known.text == text) {
                claims.push(Claim { contender, row, text });
            }
        }
    }
    let overall = overall::overall(&teller);
    // Who is compared with the baseline at the end is not also compared with the best before.
    claims.retain(|claim| {
        claim.row != "response_mean"
            || overall.iter().all(|last| (last.contender, &last.row) != (claim.contender, &claim.row))
    });
    claims.extend(overall);
    // Parts are counted, knocked out and slowed under circumstances of their own.
    if let Some(first) = claims.first_mut().filter(|first| teller.is_of_runs(&first.row)) {
        first.text = teller.under_the_circumstances(&first.text);
    }
    if count > 1 {
        claims.splice(0..0, teller.unsaid(claims.is_empty()));
    }
    claims
}

/// Says something about a contender, with the row that it is taken from; `None` if it is not worth saying.
type Topic = fn(&Teller<'_>, usize) -> Option<(String, String)>;

/// In the order in which they matter.
const TOPICS: [Topic; 6] = [served, never, again, late, broken, slow];

/// What sentences are built from.
struct Teller<'a> {
    table: &'a Table,
    circumstance: String,
}

impl<'a> Teller<'a> {
    /// A line in which something differs beyond chance. With one contender there is nothing to differ from.
    fn telling(&self, row: &str) -> Option<&'a Line> {
        let line = self.line(row)?;
        let tells = line.differs || line.cells.iter().any(|cell| cell.best) || line.cells.len() == 1;
        tells.then_some(line)
    }

    fn line(&self, row: &str) -> Option<&'a Line> {
        self.table.lines.iter().find(|line| line.row.id == row)
    }

    fn is_of_runs(&self, row: &str) -> bool {
        self.line(row).is_some_and(|line| line.row.source == Source::Runs)
    }

    fn name(&self, contender: usize) -> &'a str {
        &self.table.headers[contender].name
    }

    /// Whether no run of a contender was stopped; of others the notes speak.
    fn is_whole(&self, contender: usize) -> bool {
        self.table.headers[contender].halted == 0
    }

    /// That no figure of the runs differs beyond chance; or, where nothing has been said, which ones do.
    fn unsaid(&self, nothing_said: bool) -> Option<Claim> {
        let of_runs = self.table.lines.iter().filter(|line| line.row.source == Source::Runs);
        let differing: Vec<&Line> = of_runs.filter(|line| self.telling(&line.row.id).is_some()).collect();
        let text = match (self.table.seeds, differing.is_empty()) {
            (0 | 1, _) => "Fewer than two seeds cannot tell a difference from chance.".into(),
            (seeds, true) => self
                .under_the_circumstances(&format!("In {seeds} runs of each nothing differs beyond chance.")),
            (_, false) if nothing_said => {
                let names: Vec<&str> = differing.iter().map(|line| line.row.name.as_str()).collect();
                format!("What differs beyond chance: {}.", words::listed(&names))
            }
            (_, false) => return None,
        };
        let line = differing.first().copied().or(self.table.lines.first())?;
        Some(Claim { contender: self.table.baseline, row: line.row.id.clone(), text })
    }

    /// A sentence that begins with what all were up against.
    fn under_the_circumstances(&self, text: &str) -> String {
        let begins_with_a_name = self.table.headers.iter().any(|header| text.starts_with(&header.name));
        let mut letters = text.chars();
        match letters.next() {
            Some(first) if !self.circumstance.is_empty() && !begins_with_a_name => {
                format!("{}{}{}", self.circumstance, first.to_lowercase(), letters.as_str())
            }
            Some(_) | None => format!("{}{text}", self.circumstance),
        }
    }

    /// The names of all contenders of which the same is to be said as of this one; `None` if it is the same of all,
    /// so that it tells nothing.
    fn alike(&self, line: &Line, contender: usize, say: &dyn Fn(f64) -> String) -> Option<String> {
        let said = |at: usize| line.cells[at].value.map(say);
        let same = |&at: &usize| self.is_whole(at) && said(at) == said(contender);
        let names: Vec<&str> = (0..line.cells.len()).filter(same).map(|at| self.name(at)).collect();
        (names.len() == 1 || names.len() < line.cells.len()).then(|| words::listed(&names))
    }

    /// The contender with the best value of a line.
    fn best(&self, line: &'a Line) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (at, cell) in line.cells.iter().enumerate() {
            let Some(value) = cell.value.filter(|_| cell.best) else { continue };
            let leads = best.is_none_or(|(_, best)| match line.row.better {
                Better::Less => value < best,
                Better::More => value > best,
            });
            if leads {
                best = Some((at, value));
            }
        }
        best
    }

    /// The time of a contender that is not among the best and is far from them, by at least so many milliseconds;
    /// with the best.
    fn far_off(&self, line: &'a Line, contender: usize, least_ms: f64) -> Option<(f64, usize, f64)> {
        let (best, least) = self.best(line)?;
        let cell = &line.cells[contender];
        let value = cell.value.filter(|_| !cell.best && self.is_whole(contender))?;
        (value >= FAR * least && value - least >= least_ms).then_some((value, best, least))
    }
}

/// What customers were told, above all while something was down.
fn served(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    let (line, say): (_, &dyn Fn(f64) -> String) = if let Some(line) = teller.telling("taken_while_down") {
        let meanwhile =
            if teller.circumstance.is_empty() { "while something was wrong" } else { "meanwhile" };
        let whom = format!("customers who came {meanwhile}");
        (line, &move |share| {
            let only = if share > 0.0 && share < 0.5 { "only " } else { "" };
            format!("said yes to {only}{}", words::share_of(share, &whom))
        })
    } else {
        (teller.telling("turned_away")?, &|share| match share {
            0.0 => "turned nobody away".into(),
            1.0 => "turned everybody away".into(),
            share => format!("turned away {}", words::share_of(share, "customers")),
        })
    };
    let said = say(line.cells[contender].value?);
    let names = teller.alike(line, contender, say)?;
    Some((line.row.id.clone(), format!("{names} {said}.")))
}

/// What customers were promised and did not get.
fn never(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    let (mut row, mut parts) = (None, Vec::new());
    for line in &teller.table.lines {
        let Some(fact) = line.row.id.strip_prefix("missing:") else { continue };
        let value = teller.telling(&line.row.id).and_then(|line| line.cells[contender].value);
        let Some(value) = value.filter(|&value| value > 0.0) else { continue };
        let number = words::whole(value);
        let was = if row.is_some() {
            ""
        } else if number == "1" {
            "was "
        } else {
            "were "
        };
        parts.push(format!("{number} {was}never {fact}"));
        row.get_or_insert_with(|| line.row.id.clone());
    }
    Some((
        row?,
        format!("Of the orders that {} took in a run, {}.", teller.name(contender), words::listed(&parts)),
    ))
}

/// What was done more than once.
fn again(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    let line = teller.telling("done_twice")?;
    let value = line.cells[contender].value.filter(|&value| value >= OFTEN)?;
    let orders = words::count(value, "order");
    Some((
        line.row.id.clone(),
        format!("{} did something twice for {orders} in a run.", teller.name(contender)),
    ))
}

/// How late it was until everything was true, or done: of all that were far later than the best, in one sentence.
fn late(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    for (row, before, behind) in LATE {
        let Some(line) = teller.telling(row) else { continue };
        let mut times: Vec<(f64, String, Vec<&str>)> = Vec::new();
        let mut is_late = false;
        for at in 0..line.cells.len() {
            let Some((value, _, _)) = teller.far_off(line, at, LATE_MS) else { continue };
            is_late |= at == contender;
            let time = shown(value, Unit::Milliseconds);
            match times.iter_mut().find(|(_, known, _)| *known == time) {
                Some((_, _, names)) => names.push(teller.name(at)),
                None => times.push((value, time, vec![teller.name(at)])),
            }
        }
        if times.is_empty() {
            continue;
        }
        times.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
        let in_words =
            |(_, time, names): &(f64, String, Vec<&str>)| format!("{time} in {}", words::listed(names));
        let times: Vec<String> = times.iter().map(in_words).collect();
        return is_late.then(|| (row.into(), format!("{before} {} {behind}.", words::listed(&times))));
    }
    None
}

/// Rows that say how late it was, and the sentence about them; it is about the first in which somebody was late.
const LATE: [(&str, &str, &str); 3] = [
    ("staleness_p99", "After the yes it took up to", "until what was promised was true (99 of 100 orders)"),
    ("drain", "After the last customer came it took", "until everything was done"),
    ("completion_p99", "It took up to", "until all was done (99 of 100 orders)"),
];

/// Promises that were broken, where it has not been said how.
fn broken(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    let line = teller.telling("promises_broken")?;
    let value = line.cells[contender].value.filter(|&value| value > 0.0)?;
    if never(teller, contender).is_some() {
        return None;
    }
    let often = words::often(value);
    Some((line.row.id.clone(), format!("{} broke a promise {often} in a run.", teller.name(contender))))
}

/// How long customers waited, of those who waited far longer than with the best. The baseline is compared at the end.
fn slow(teller: &Teller<'_>, contender: usize) -> Option<(String, String)> {
    if contender == teller.table.baseline {
        return None;
    }
    let line = teller.telling("response_mean")?;
    let (value, best, least) = teller.far_off(line, contender, SLOW_MS)?;
    let [value, least] = [value, least].map(|value| shown(value, Unit::Milliseconds));
    let (name, best) = (teller.name(contender), teller.name(best));
    Some((line.row.id.clone(), format!("{name} answered in {value} on average, {best} in {least}.")))
}

/// What is worth a sentence is so many times as much as the best.
const FAR: f64 = 1.5;
/// By so much later than with the best something has to be done that it is worth a sentence.
const LATE_MS: f64 = 1000.0;
/// By so much longer than with the best a customer has to wait.
const SLOW_MS: f64 = 20.0;
/// What is done twice less often than this in a run is not worth a sentence.
const OFTEN: f64 = 0.5;
/// More sentences are not read.
const CLAIMS_MAX: usize = 20;
