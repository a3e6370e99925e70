//! The verdict: what the table says, in sentences that are built from its figures.

mod circumstance;
mod overall;
mod promises;
mod words;

use crate::listed::listed;
use crate::render::shown;
use crate::row::{Better, Source, Unit};
use crate::{Line, Study, Table};

/// A sentence of the verdict, with the cell that it is taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// About which contender; the first, if it is about several.
    pub contender: usize,
    /// By which row, its id.
    pub row: String,
    /// The sentence.
    pub text: String,
}

/// What a table says: what customers were told, what became of what they were promised, how late it was, and what that
/// costs. Only what differs beyond chance is said: from the baseline, or from the best.
pub fn verdict(study: &Study, table: &Table) -> Vec<Claim> {
    let teller = Teller { study, table, circumstance: circumstance::circumstance(study) };
    let mut claims: Vec<Claim> = Vec::new();
    claims.extend(served(&teller));
    let never = promises::never(&teller);
    let broken = promises::broken(&teller, PROMISES_MAX - never.len());
    claims.extend(never.into_iter().chain(broken));
    let late = late(&teller);
    let overall = overall::overall(&teller);
    if claims.len() + late.iter().len() + overall.len() < CLAIMS_MAX {
        claims.extend(promises::again(&teller));
    }
    claims.extend(late.into_iter().chain(overall));
    // Parts are counted, knocked out and slowed under circumstances of their own.
    if let Some(first) = claims.first_mut().filter(|first| teller.is_of_runs(&first.row)) {
        first.text = teller.under_the_circumstances(&first.text);
    }
    if table.headers.len() > 1 {
        claims.splice(0..0, teller.unsaid(claims.is_empty()));
    }
    claims
}

/// What sentences are built from.
struct Teller<'a> {
    study: &'a Study,
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

    /// The values of a line, of the contenders that were not stopped.
    fn values(&self, line: &Line) -> Vec<(usize, f64)> {
        let cells = line.cells.iter().enumerate().filter(|&(at, _)| self.is_whole(at));
        cells.filter_map(|(at, cell)| Some((at, cell.value?))).collect()
    }

    /// These contenders by name, or `the others` where they are all that have not been named.
    fn named(&self, contenders: &[usize], named: usize) -> String {
        let whole = (0..self.table.headers.len()).filter(|&at| self.is_whole(at)).count();
        if contenders.len() > 1 && named > 0 && named + contenders.len() == whole {
            return "the others".into();
        }
        listed(&contenders.iter().map(|&at| self.name(at)).collect::<Vec<_>>())
    }

    /// Whether a contender keeps nearly all promises in the end. Of others a time until it has done so is the end of the
    /// run, and what became of the promises is said otherwise.
    fn is_finished(&self, contender: usize) -> bool {
        let unfinished = self.line("unfinished").and_then(|line| line.cells[contender].value);
        unfinished.is_none_or(|share| share < UNFINISHED)
    }

    /// Whether there is anybody who waits for an answer.
    fn somebody_asks(&self) -> bool {
        ["turned_away", "taken_while_down", "response_mean"].iter().any(|row| self.line(row).is_some())
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
                let names: Vec<String> =
                    differing.iter().map(|line| format!("“{}”", line.row.name)).collect();
                format!("Beyond chance they differ only in {}.", listed(&names))
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

    /// The contenders that are not among the best and far later than they are, with their times.
    fn far_off(&self, line: &'a Line) -> Vec<(usize, f64)> {
        let Some((_, least)) = self.best(line) else { return Vec::new() };
        let mut late = self.values(line);
        late.retain(|&(at, value)| {
            self.is_finished(at) && !line.cells[at].best && value >= FAR * least && value - least >= LATE_MS
        });
        late
    }
}

/// What customers were told, above all while something was down: the worst first.
fn served(teller: &Teller<'_>) -> Option<Claim> {
    let (line, is_taken) = match teller.telling("taken_while_down") {
        Some(line) => (line, true),
        None => (teller.telling("turned_away")?, false),
    };
    let whom = match (is_taken, teller.circumstance.is_empty()) {
        (true, true) => "customers who came while something was wrong",
        (true, false) => "customers who came meanwhile",
        (false, _) => "customers",
    };
    let mut groups: Vec<(f64, String, Vec<usize>)> = Vec::new();
    for (at, share) in teller.values(line) {
        let said = words::share_of(share, whom);
        match groups.iter_mut().find(|(_, known, _)| *known == said) {
            Some((_, _, names)) => names.push(at),
            None => groups.push((share, said, vec![at])),
        }
    }
    if groups.len() < 2 && line.cells.len() > 1 {
        return None;
    }
    groups.sort_by(
        |(one, ..), (other, ..)| {
            if is_taken { one.total_cmp(other) } else { other.total_cmp(one) }
        },
    );
    let (mut text, mut named) = (String::new(), 0);
    for (share, said, contenders) in &groups {
        let names = teller.named(contenders, named);
        text += &match (named, is_taken, *share) {
            (0, true, share) if share > 0.0 && share < 0.5 => format!("{names} said yes to only {said}"),
            (0, true, _) => format!("{names} said yes to {said}"),
            (0, false, 0.0) => format!("{names} turned nobody away"),
            (0, false, 1.0) => format!("{names} turned everybody away"),
            (0, false, _) => format!("{names} turned away {said}"),
            (_, true, share) => format!("; {names} to {}", words::share(share)),
            (_, false, 0.0) => format!("; {names} turned nobody away"),
            (_, false, share) => format!("; {names} {}", words::share(share)),
        };
        named += contenders.len();
    }
    let contender = *groups.first()?.2.first()?;
    Some(Claim { contender, row: line.row.id.clone(), text: text + "." })
}

/// How late it was until everything was true, or done, with all that were far later than the best.
fn late(teller: &Teller<'_>) -> Option<Claim> {
    for (row, asked, not_asked, behind) in LATE {
        let Some(line) = teller.telling(row) else { continue };
        let mut times: Vec<(f64, String, Vec<usize>)> = Vec::new();
        for (at, value) in teller.far_off(line) {
            let time = shown(value, Unit::Milliseconds);
            match times.iter_mut().find(|(_, known, _)| *known == time) {
                Some((_, _, contenders)) => contenders.push(at),
                None => times.push((value, time, vec![at])),
            }
        }
        times.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
        let Some((_, _, first)) = times.first() else { continue };
        let in_words = |(_, time, contenders): &(f64, String, Vec<usize>)| {
            format!("{time} in {}", teller.named(contenders, 0))
        };
        let (contender, before) = (*first.first()?, if teller.somebody_asks() { asked } else { not_asked });
        let times: Vec<String> = times.iter().map(in_words).collect();
        let text = format!("{before} {} {behind}.", listed(&times));
        return Some(Claim { contender, row: row.into(), text });
    }
    None
}

/// Rows that say how late it was, and the sentence about them, where somebody waits for an answer and where nobody
/// does; it is about the first row in which somebody was late.
const LATE: [(&str, &str, &str, &str); 3] = [
    (
        "staleness_p99",
        "After the yes it took up to",
        "After a request it took up to",
        "until what was promised was true (99 of 100 requests)",
    ),
    (
        "drain",
        "After the last request it took",
        "After the last request it took",
        "until the last promise was kept",
    ),
    ("completion_p99", "It took up to", "It took up to", "until all was done (99 of 100 requests)"),
];

/// If this share of the promises is never kept, so is the 99th percentile.
const UNFINISHED: f64 = 0.01;
/// What is worth a sentence is so many times as much as the best.
const FAR: f64 = 1.5;
/// By so much later than with the best something has to be done that it is worth a sentence.
const LATE_MS: f64 = 1000.0;
/// So many sentences at most are about promises that were not kept.
const PROMISES_MAX: usize = 4;
/// With so many sentences there is no room for what matters less.
const CLAIMS_MAX: usize = 8;
