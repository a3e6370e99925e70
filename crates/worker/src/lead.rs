//! The lead: keeps what is known, hands out what is to be played, and tells the page.

use std::collections::VecDeque;
use std::sync::Arc;

use compare::render::Report;
use compare::{Sweep, Tally};
use serde_json::Value;

use crate::child::order;
use crate::pace::Pace;
use crate::{Ask, Format, Message, choices, commission};

/// So many messages lie before a child, so that it never waits for the next.
const AHEAD: usize = 2;

/// What the lead tells the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Tell {
    /// What can be chosen in the scenario that was opened, as HTML options.
    Paths {
        /// Parameters.
        paths: String,
        /// Rows.
        rows: String,
    },
    /// How far things are.
    Progress {
        /// Of all, 0 to 1.
        share: f64,
        /// In words, with the time left.
        words: String,
    },
    /// What is known.
    Html(String),
    /// The cases behind a cell.
    Behind(String),
    /// Nothing more will come.
    Over {
        /// Whether there would have been more.
        partial: bool,
    },
    /// What was asked cannot be done; what is known stays.
    Problem {
        /// The field of the form, empty if it is none of them.
        field: String,
        /// Why, for a person.
        words: String,
    },
    /// What is known, as a file.
    File {
        /// Its name.
        name: String,
        /// What it is.
        format: Format,
        /// What is in it.
        text: String,
    },
}

/// What the lead needs of the place it works in.
pub trait Surroundings {
    /// The clock, in milliseconds.
    fn now_ms(&self) -> f64;
    /// How many children can play at the same time.
    fn cores(&self) -> usize;
    /// Tells the page.
    fn tell(&mut self, tell: Tell);
    /// Ends the children there are, whatever they do, and starts so many, each with an order.
    fn start_children(&mut self, count: usize, order: &str);
    /// Says something to a child.
    fn say(&mut self, child: usize, message: Message);
}

/// Somebody who leads.
#[derive(Default)]
pub struct Lead {
    text: String,
    work: Option<Work>,
}

/// What is compared.
struct Work {
    tally: Tally,
    sweep: Option<(Sweep, String)>,
    /// Differences are taken to this contender.
    baseline: usize,
    order: String,
    /// How many messages with turns lie before each child; empty if there are none.
    children: Vec<usize>,
    running: bool,
    pace: Pace,
    /// The cells that were asked about and not answered yet, in that order: contender, row, run.
    asked: VecDeque<(usize, String, u64)>,
}

impl Lead {
    /// Does what the page asks.
    pub fn hear(&mut self, ask: Ask, around: &mut dyn Surroundings) {
        match ask {
            Ask::Open(text) => self.open(text, around),
            Ask::Begin(begin) => self.begin(&begin, around),
            ask @ (Ask::Cancel | Ask::Baseline(_) | Ask::Row(_) | Ask::Behind { .. } | Ask::Export(_)) => {
                if let Some(work) = &mut self.work {
                    work.hear(ask, around);
                }
            }
        }
    }

    fn open(&mut self, text: String, around: &mut dyn Surroundings) {
        around.start_children(0, "");
        *self = Lead { text, work: None };
        match compare::contenders(&self.text, &[]) {
            Ok((_, contenders)) => {
                let rows = contenders.first().map(|it| compare::rows(&it.plan)).unwrap_or_default();
                let rows = choices::rows(&rows, "response_p99");
                around.tell(Tell::Paths { paths: choices::paths(&self.text), rows });
            }
            Err(words) => around.tell(Tell::Problem { field: String::new(), words }),
        }
    }

    /// What is wrong with what is asked leaves everything as it is.
    fn begin(&mut self, begin: &Value, around: &mut dyn Surroundings) {
        let commission = match commission(&self.text, begin) {
            Ok(commission) => commission,
            Err(problem) => {
                let (field, words) = (problem.field.into(), problem.words);
                return around.tell(Tell::Problem { field, words });
            }
        };
        // Who compares with the same one again wants the same baseline.
        let before = self.work.as_ref().map(|work| work.name(work.baseline).to_owned());
        let contenders = &commission.study.contenders;
        let baseline = contenders.iter().position(|contender| Some(&contender.name) == before.as_ref());
        let jobs = begin.get("jobs").and_then(Value::as_u64).map_or(usize::MAX, |jobs| jobs.max(1) as usize);
        let work = self.work.insert(Work {
            baseline: baseline.unwrap_or(0),
            tally: Tally::new(Arc::new(commission.study)),
            sweep: commission.sweep,
            order: order(&self.text, begin),
            children: Vec::new(),
            running: true,
            pace: Pace::new(around.now_ms()),
            asked: VecDeque::new(),
        });
        let (_, turns) = work.tally.progress();
        let count = around.cores().min(jobs).min(usize::try_from(turns).unwrap_or(usize::MAX)).max(1);
        work.start_children(count, around);
        work.tell_progress(around);
        work.hand_out(around);
    }

    /// Takes what a child says.
    pub fn take(&mut self, child: usize, message: Message, around: &mut dyn Surroundings) {
        if let Some(work) = &mut self.work {
            work.take(child, message, around);
        }
    }

    /// A child broke down. Another one would do so at the same place, so everything ends; what is known is kept.
    pub fn broken(&mut self, words: String, around: &mut dyn Surroundings) {
        around.tell(Tell::Problem { field: String::new(), words });
        if let Some(work) = &mut self.work {
            work.end(around);
        }
    }
}

impl Work {
    fn hear(&mut self, ask: Ask, around: &mut dyn Surroundings) {
        match ask {
            Ask::Cancel if self.running => self.end(around),
            Ask::Baseline(contender) if contender < self.tally.study().contenders.len() => {
                self.baseline = contender;
                self.tell_report(around);
            }
            Ask::Row(row) if self.tally.study().row(&row).is_some() => {
                if let Some((_, drawn)) = &mut self.sweep {
                    *drawn = row;
                    self.tell_report(around);
                }
            }
            Ask::Behind { contender, row } if contender < self.tally.study().contenders.len() => {
                self.ask(contender, row, around);
            }
            Ask::Export(format) => around.tell(self.file(format)),
            Ask::Open(_)
            | Ask::Begin(_)
            | Ask::Cancel
            | Ask::Baseline(_)
            | Ask::Row(_)
            | Ask::Behind { .. } => {}
        }
    }

    fn name(&self, contender: usize) -> &str {
        self.tally.study().contenders.get(contender).map_or("", |contender| &contender.name)
    }

    fn start_children(&mut self, count: usize, around: &mut dyn Surroundings) {
        around.start_children(count, &self.order);
        self.children = vec![0; count];
        // Who could have answered is gone.
        self.asked.clear();
    }

    fn take(&mut self, child: usize, message: Message, around: &mut dyn Surroundings) {
        match message {
            Message::Found(list) => {
                if let Some(ahead) = self.children.get_mut(child) {
                    *ahead = ahead.saturating_sub(1);
                }
                list.into_iter().for_each(|(turn, found)| self.tally.take(turn, found));
                if self.running {
                    self.go_on(around);
                }
            }
            Message::Behind(list) => {
                if let Some((contender, row, number)) = self.asked.pop_front() {
                    let seed = self.tally.study().seed(contender, number);
                    around.tell(Tell::Behind(self.report().behind(contender, &row, seed, &list)));
                }
            }
            Message::Wrong(words) => {
                around.tell(Tell::Problem { field: String::new(), words });
                self.end(around);
            }
            Message::Order(_) | Message::Turns(_) | Message::Ask { .. } => {}
        }
    }

    fn go_on(&mut self, around: &mut dyn Surroundings) {
        self.hand_out(around);
        let is_idle = self.children.iter().all(|&ahead| ahead == 0);
        if self.tally.is_over() || is_idle {
            self.running = false;
            return self.tell_end(around);
        }
        let now = around.now_ms();
        if self.pace.is_progress_due(now) {
            self.tell_progress(around);
        }
        if self.pace.is_report_due(now) {
            self.tell_report(around);
        }
    }

    /// First one message to each child, then the next, so that nobody goes away empty-handed.
    fn hand_out(&mut self, around: &mut dyn Surroundings) {
        let (done, of) = self.tally.progress();
        let size = self.pace.batch(around.now_ms(), self.children.len(), done, of);
        for ahead in 0..AHEAD {
            for child in 0..self.children.len() {
                if self.children[child] > ahead {
                    continue;
                }
                let turns: Vec<_> = (0..size).map_while(|_| self.tally.next_turn()).collect();
                if turns.is_empty() {
                    return;
                }
                self.children[child] += 1;
                around.say(child, Message::Turns(turns));
            }
        }
    }

    /// Ends it here, whatever the children are doing.
    fn end(&mut self, around: &mut dyn Surroundings) {
        self.start_children(0, around);
        self.running = false;
        self.tell_end(around);
    }

    fn report(&self) -> Report<'_> {
        Report::of(&self.tally, self.baseline, self.sweep.as_ref().map(|(sweep, row)| (sweep, row.clone())))
    }

    fn tell_report(&mut self, around: &mut dyn Surroundings) {
        let before = around.now_ms();
        let mut report = self.report();
        // What still runs is not partial; how far it is stands beside it.
        report.table.partial &= !self.running;
        // Before a seed is complete there is nothing that could be compared.
        if report.table.seeds > 0 || !self.running {
            around.tell(Tell::Html(report.fragment()));
        }
        self.pace.reported(before, around.now_ms());
    }

    fn tell_progress(&self, around: &mut dyn Surroundings) {
        let (done, of) = self.tally.progress();
        let words = self.pace.words(around.now_ms(), done, of);
        around.tell(Tell::Progress { share: done as f64 / of.max(1) as f64, words });
    }

    fn tell_end(&mut self, around: &mut dyn Surroundings) {
        self.tell_report(around);
        around.tell(Tell::Over { partial: !self.tally.is_over() });
    }

    /// Asks a child what is behind a cell, in the run that is most like all of them.
    fn ask(&mut self, contender: usize, row: String, around: &mut dyn Surroundings) {
        let table = self.tally.table(self.baseline);
        let line = table.lines.iter().find(|line| line.row.id == row);
        let Some(cell) = line.and_then(|line| line.cells.get(contender)) else { return };
        let number = cell.typical.unwrap_or(0);
        if self.children.is_empty() {
            self.start_children(1, around);
        }
        around.say(0, Message::Ask { contender, row: row.clone(), number });
        self.asked.push_back((contender, row, number));
    }

    fn file(&self, format: Format) -> Tell {
        let report = self.report();
        let text = match format {
            Format::Json => report.json(),
            Format::Csv => report.csv(),
            Format::Markdown => report.markdown(),
            Format::Html => report.html(),
            Format::Svg => report.svg(),
        };
        let title = self.tally.study().title.to_lowercase();
        let words: Vec<&str> =
            title.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
        let what = if self.sweep.is_some() { "sweep" } else { "comparison" };
        let name = format!("{}-{what}.{}", words.join("-"), format.name());
        Tell::File { name: name.trim_start_matches('-').into(), format, text }
    }
}
