//! Questions about the run: the records up to the moment in question are made again, read, and forgotten.

use std::rc::Rc;

use analysis::{Question, Why};
use kernel::{Span, Time};
use player::{Command, Player};
use topology::{Record, RecordKind};

use super::Session;
use crate::deeds;
use crate::snapshot::{Inquiry, InquiryLine, Moment, Sheet, Wrong};

/// How many outcomes are listed.
const LINES_MAX: usize = 100;
/// So long before a moment time stops, at most: enough to see what leads to it.
const LEAD_SECONDS: f64 = 1.0;

impl Session {
    /// Explains one outcome.
    pub(super) fn ask(&mut self, question: Question, until: Time) {
        let Some(player) = self.player() else { return };
        let Some(world) = player.rerun(until) else { return self.refuse_to_look_back(until) };
        let why = analysis::explain(world.plan(), world.records(), &question);
        let back = self.inquiry.as_ref().and_then(|open| open.back.or(open.listed));
        let title = title(&question, player);
        self.show_inquiry(Open { back, listed: None, inquiry: Rc::new(chain(title, why, back)) });
    }

    /// Lists the outcomes of a kind up to now.
    pub(super) fn list(&mut self, wrong: Wrong) {
        let Some(player) = self.player() else { return };
        let found = match wrong {
            Wrong::Broken(check) => Some(broken(player, check)),
            Wrong::Lost(_) | Wrong::PutAside | Wrong::Refused | Wrong::GaveUp | Wrong::Twice(_) => {
                happened(player, wrong)
            }
        };
        match found {
            Some(inquiry) => {
                self.show_inquiry(Open { back: None, listed: Some(wrong), inquiry: Rc::new(inquiry) });
            }
            None => self.refuse_to_look_back(player.world().now()),
        }
    }

    fn show_inquiry(&mut self, open: Open) {
        self.inquiry = Some(open);
        self.sheet = Sheet::Inquiry;
    }

    fn refuse_to_look_back(&mut self, until: Time) {
        self.notice = Some(format!(
            "There are more than {} records up to {}: go to an earlier time, and ask there.",
            crate::figures::count(Player::RERUN_RECORDS_MAX as u64),
            crate::figures::instant(until),
        ));
    }

    /// Stands still at a moment, with its place selected and its case followed. What is read stays open.
    pub(super) fn go_to(&mut self, moment: Moment) {
        let Some(player) = self.player() else { return };
        let lead = if moment.before { player.speed().min(LEAD_SECONDS) } else { 0.0 };
        let nanos = moment.time.nanos().saturating_sub(Span::from_seconds(lead).nanos());
        self.command(Command::Pause);
        self.command(Command::Seek(Time::from_nanos(nanos)));
        if moment.place.is_some() {
            self.mark(moment.place);
        }
        if moment.case.is_some() {
            self.follow(moment.case);
        }
    }

    /// Follows a case, or lets it go.
    pub(super) fn follow(&mut self, case: Option<u32>) {
        self.followed = case;
        if let Some(stage) = &mut self.stage {
            stage.follow(case);
        }
        for stage in self.lanes.stages() {
            stage.follow(case);
        }
    }
}

/// An inquiry that is open.
pub(super) struct Open {
    /// The list that it came from, or is.
    back: Option<Wrong>,
    listed: Option<Wrong>,
    pub inquiry: Rc<Inquiry>,
}

fn title(question: &Question, player: &Player) -> String {
    let plan = player.world().plan();
    let fact = |fact: topology::FactId| &plan.facts[fact.index()];
    match *question {
        Question::Broken { check, .. } => format!("Why is this broken? {}", plan.checks[check].name),
        Question::Lost { .. } => "Why is this message missing?".into(),
        Question::Twice { case, fact: id } => format!("Why is case {case} {} twice?", fact(id)),
        Question::Missing { case, fact: id } => format!("Why is case {case} not {}?", fact(id)),
        Question::Refused { case } => format!("Why did customer {case} not get it?"),
    }
}

fn chain(title: String, why: Why, back: Option<Wrong>) -> Inquiry {
    let lines = why.links.into_iter().map(|link| InquiryLine {
        text: link.text,
        moment: link.record.map(|record| moment_of(&record, false)),
        ask: None,
    });
    Inquiry { title, summary: why.summary, back, is_chain: true, lines: lines.collect(), more: 0 }
}

/// The moment of a record.
fn moment_of(record: &Record, before: bool) -> Moment {
    let case = (record.case != Record::NONE).then_some(record.case);
    Moment { time: record.time, before, place: Some(record.place), case }
}

/// What broke a promise.
fn broken(player: &Player, check: usize) -> Inquiry {
    let state = player.fold().checks().into_iter().nth(check);
    let (shown, all) = state.map_or_else(Default::default, |state| (state.broken_by, state.violations));
    let lines: Vec<InquiryLine> =
        shown.iter().take(LINES_MAX).map(|violation| InquiryLine::of_violation(check, violation)).collect();
    let more = all.saturating_sub(lines.len() as u64);
    Inquiry { title: heading(Wrong::Broken(check), player), lines, more, ..Inquiry::default() }
}

/// What has happened of a kind, the first of it first.
fn happened(player: &Player, wrong: Wrong) -> Option<Inquiry> {
    let world = player.rerun(player.world().now())?;
    let mut list = Inquiry { title: heading(wrong, player), ..Inquiry::default() };
    for record in world.records() {
        let Some(question) = question(wrong, record) else { continue };
        if list.lines.len() == LINES_MAX {
            list.more += 1;
            continue;
        }
        list.lines.push(InquiryLine {
            text: deeds::sentence(record, player),
            moment: Some(moment_of(record, true)),
            ask: Some((question, record.time)),
        });
    }
    Some(list)
}

/// What can be asked about a record, if it is of this kind.
fn question(wrong: Wrong, record: &Record) -> Option<Question> {
    let (case, message) = (record.case, record.message);
    match (wrong, record.kind) {
        (Wrong::Lost(wanted), RecordKind::Lost { reason, .. }) if reason == wanted => {
            Some(Question::Lost { message })
        }
        (Wrong::PutAside, RecordKind::DeadLettered { .. }) => Some(Question::Lost { message }),
        (Wrong::Refused, RecordKind::CaseRefused) | (Wrong::GaveUp, RecordKind::CaseGaveUp) => {
            Some(Question::Refused { case })
        }
        (Wrong::Twice(wanted), RecordKind::FactSet { fact, before, .. }) if fact == wanted && before > 0 => {
            Some(Question::Twice { case, fact })
        }
        _ => None,
    }
}

fn heading(wrong: Wrong, player: &Player) -> String {
    let plan = player.world().plan();
    match wrong {
        Wrong::Broken(check) => format!("What broke {}", plan.checks[check].name),
        Wrong::Lost(reason) => format!("Lost: {}", reason.words()),
        Wrong::PutAside => "Put aside".into(),
        Wrong::Refused => "Customers who were refused".into(),
        Wrong::GaveUp => "Customers who gave up".into(),
        Wrong::Twice(fact) => format!("{} twice or more", plan.facts[fact.index()]),
    }
}
