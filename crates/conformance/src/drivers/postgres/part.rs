//! One part of a script: a table, those who poll it, and what they did.

use std::collections::BTreeMap;

use channel::Value as Setting;
use kernel::{Span, Time};
use serde_json::{Map, Value, json};

use super::table::{Got, Table};
use super::verbs::{claim_of, free_claim, is_guarded, is_ordinary, rules, times};
use crate::drivers::{self, Stop};
use crate::question::{Moment, Question};
use crate::vector::{Step, Vector};

/// What a step takes.
const STEP: Span = Span::from_millis(1);

/// What a poller's statements take beside its work: two round trips and a commit that is written to disk.
const STATEMENTS: Span = Span::from_millis(2);

/// A part, as it is played and afterwards.
#[derive(Clone, Debug)]
pub(super) struct Part<'v> {
    vector: &'v Vector,
    pub(super) steps: &'v [Step],
    pub(super) table: Table,
    unlogged: Option<Table>,
    claim: &'static str,
    /// Who got what, with the step.
    pub(super) got: Vec<(usize, Got)>,
    /// What each statement counted.
    pub(super) counts: Vec<Count>,
    /// Ids in the order in which they were done.
    pub(super) done: Vec<String>,
    pub(super) reaped: Vec<String>,
    /// Inserts, whether they were refused or not.
    pub(super) inserts: u64,
    /// How often a job had been tried when somebody got it last.
    pub(super) attempts_seen: u32,
    /// What polls gave that a key of the recording asks for.
    pub(super) asked: BTreeMap<String, Option<String>>,
    /// Whether somebody had to wait.
    pub(super) waited: BTreeMap<String, bool>,
    slept: bool,
    freely: bool,
    retried: Vec<String>,
    /// Steps that are remarks in words.
    pub(super) remarks: Vec<String>,
    /// What jobs are ordered by.
    pub(super) keys: BTreeMap<String, String>,
}

/// What a statement counted.
#[derive(Clone, Debug)]
pub(super) struct Count {
    pub(super) step: usize,
    pub(super) who: Option<String>,
    pub(super) id: Option<String>,
    pub(super) verb: &'static str,
    pub(super) rows: u32,
}

impl<'v> Part<'v> {
    pub(super) fn new(vector: &'v Vector, steps: &'v [Step]) -> Result<Part<'v>, Stop> {
        let claim = steps.iter().find_map(claim_of).unwrap_or_else(|| free_claim(vector, steps));
        let rules = rules(steps, claim)?;
        let unlogged = vector.unnamed("unlogged");
        let unlogged = if unlogged.is_empty() {
            None
        } else {
            let rules = drivers::rules("jobs-table", &[("unlogged", Setting::Flag(true))])?;
            let mut table = Table::new(rules, Time::ZERO);
            unlogged.iter().for_each(|id| {
                table.insert(id);
            });
            Some(table)
        };
        Ok(Part {
            vector,
            steps,
            table: Table::new(rules, Time::ZERO),
            unlogged,
            claim,
            got: Vec::new(),
            counts: Vec::new(),
            done: Vec::new(),
            reaped: Vec::new(),
            inserts: 0,
            attempts_seen: 0,
            asked: BTreeMap::new(),
            waited: BTreeMap::new(),
            slept: false,
            freely: false,
            retried: Vec::new(),
            remarks: Vec::new(),
            keys: BTreeMap::new(),
        })
    }

    /// Plays the steps, and polls where a question asks for it.
    pub(super) fn run(&mut self, questions: &[Question]) -> Result<(), Stop> {
        let polls = self.polls(questions);
        let steps = self.steps;
        let mut n = 0;
        while n < steps.len() {
            let number = steps[n].number;
            self.polled(&polls, |moment| matches!(moment, Moment::Before(at) if at.first() == Some(&number)));
            let got = self.table.pass(STEP);
            self.take(number, got);
            let next = n + self.step(n)?;
            let last = steps[next - 1].number;
            self.polled(&polls, |moment| matches!(moment, Moment::After(at) if at.last() == Some(&last)));
            n = next;
        }
        self.retry_refused();
        self.polled(&polls, |moment| *moment == Moment::End);
        self.attach_the_rest();
        Ok(())
    }

    /// Who polls when because a key says what they got, although no step lets them.
    fn polls(&self, questions: &[Question]) -> Vec<(String, String, Moment)> {
        let mut polls = Vec::new();
        for who in self.strangers() {
            let mut later = None;
            for question in questions.iter().filter(|question| question.names(&who) && question.is_text()) {
                let moment = question.moment(self.steps);
                if let Moment::After(steps) = &moment {
                    later = Some(Moment::Before(steps.clone()));
                }
                polls.push((question.key.to_owned(), who.clone(), moment));
            }
            // What is asked without a time was before what is asked with one.
            for (_, _, moment) in polls.iter_mut().filter(|(_, poller, _)| *poller == who) {
                if *moment == Moment::End
                    && let Some(later) = &later
                {
                    *moment = later.clone();
                }
            }
        }
        polls
    }

    /// Consumers of the recording whom no step of this part names.
    fn strangers(&self) -> Vec<String> {
        let asked = self.vector.observed.get("consumers").and_then(Value::as_object);
        let acts = |step: &Step, name: &str| match step.raw("who") {
            Some(Value::String(who)) => who == name,
            Some(Value::Array(all)) => all.iter().any(|who| who.as_str() == Some(name)),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
        };
        let names = asked.into_iter().flat_map(Map::keys);
        names.filter(|name| !self.steps.iter().any(|step| acts(step, name))).cloned().collect()
    }

    fn polled(&mut self, polls: &[(String, String, Moment)], now: impl Fn(&Moment) -> bool) {
        for (key, who, _) in polls.iter().filter(|(_, _, moment)| now(moment)) {
            let got = self.poll(who);
            self.asked.insert(key.clone(), got);
        }
    }

    /// Polls and claims in whatever way this part claims. Returns what it got.
    fn poll(&mut self, who: &str) -> Option<String> {
        let number = self.steps.last().map_or(0, |step| step.number);
        let got = self.table.poll(who);
        let id = got.iter().find(|got| got.who == who).map(|got| got.id.clone());
        if let Some(id) = &id {
            self.attempts_seen = self.table.attempts(id);
            if self.claim == "conditional_update" {
                self.table.claim(who, id);
            }
        }
        self.take(number, got);
        id
    }

    fn attach_the_rest(&mut self) {
        for who in self.strangers() {
            // More than there are rows would be for ever.
            for _ in 0..self.table.rows().len() {
                let Some(id) = self.poll(&who) else { break };
                self.finish(&who, &id, false);
            }
        }
    }

    fn finish(&mut self, who: &str, id: &str, guarded: bool) -> u32 {
        let before = self.table.status(id);
        let (count, got) = self.table.finish(who, id, guarded);
        if before != "done" && self.table.status(id) == "done" {
            self.done.push(id.to_owned());
        }
        self.take(self.steps.last().map_or(0, |step| step.number), got);
        count
    }

    fn take(&mut self, step: usize, got: Vec<Got>) {
        for got in got {
            *self.waited.entry(got.who.clone()).or_insert(false) |= got.waited;
            self.got.push((step, got));
        }
    }

    fn count(&mut self, step: &Step, verb: &'static str, rows: u32) {
        let text = |key: &str| step.raw(key).and_then(Value::as_str).map(str::to_owned);
        self.counts.push(Count { step: step.number, who: text("who"), id: text("id"), verb, rows });
    }

    /// Plays a step. Returns how many were played: those that come in rounds are played together.
    fn step(&mut self, n: usize) -> Result<usize, Stop> {
        let step = &self.steps[n];
        let number = step.number;
        match step.op.as_str() {
            "sleep" | "wait" | "work" => {
                self.slept = true;
                let got = self.table.pass(Span::from_millis(step.number("ms")?));
                self.take(number, got);
            }
            "insert" | "insert_on_conflict" => {
                let id = step.text("id")?;
                let inserted = self.table.insert(id);
                self.inserts += 1;
                if let Some(key) = step.text_if("key")? {
                    self.keys.insert(id.to_owned(), key.to_owned());
                }
                self.count(step, "insert", u32::from(inserted));
                if !inserted {
                    self.retried.push(id.to_owned());
                }
            }
            "claim_cas" => return self.compare_and_set(n),
            "claim_committed" => {
                let (who, id) = (step.text("who")?, self.next_for(step)?);
                let rows = id.map_or(0, |id| self.table.claim(who, &id).0);
                self.count(step, "claim", rows);
            }
            "claim" | "claim_in_tx" => {
                let who = step.text("who")?;
                let id = self.next_for(step)?;
                if self.table.is_waiting(who) {
                    self.waited.insert(who.to_owned(), true);
                }
                if step.op == "claim" && step.raw("variant").is_none() && self.claim == "conditional_update" {
                    let rows = id.map_or(0, |id| self.table.claim(who, &id).0);
                    self.count(step, "claim", rows);
                }
            }
            "select" | "select_pending" | "select_for_update" | "select_for_update_skip_locked" => {
                let who = step.text("who")?;
                self.next_for(step)?;
                if self.table.is_waiting(who) {
                    self.waited.insert(who.to_owned(), true);
                }
            }
            "commit" => self.commit(step)?,
            "rollback" => {
                let got = self.table.disconnect(step.text("who")?);
                self.take(number, got);
            }
            "complete" | "done" | "finish" => {
                let rows = self.finish(step.text("who")?, step.text("id")?, is_guarded(step));
                self.count(step, "update", rows);
            }
            op if op.starts_with("update") => {
                let rows = self.finish(step.text("who")?, step.text("id")?, is_guarded(step));
                self.count(step, "update", rows);
            }
            "fail" | "release" | "update_pending" => {
                let got = self.table.fail(step.text("who")?, step.text("id")?);
                self.take(number, got);
            }
            "crash" | "disconnect" | "kill" => {
                let got = self.table.disconnect(step.text("who")?);
                self.take(number, got);
            }
            "naive_select_then_crash" | "select_then_crash" | "effect_then_crash_before_commit" => {
                self.next_for(step)?;
                let got = self.table.disconnect(step.text("who")?);
                self.take(number, got);
            }
            "reconnect" | "connect" | "note" | "count" | "check" | "observe" => {}
            "reaper" | "reap" => {
                let idle = Span::from_millis(step.number("timeout_ms")?);
                if !self.slept {
                    let got = self.table.pass(idle);
                    self.take(number, got);
                }
                let (reaped, got) = self.table.reap(idle);
                self.reaped.extend(reaped);
                self.take(number, got);
            }
            "run_pollers" => self.run_pollers(step)?,
            "stop" | "kill_server" => self.stop(step)?,
            "start" => {
                self.table.come_up();
                self.unlogged.iter_mut().for_each(Table::come_up);
            }
            op if times(op).is_some() => self.poll_times(times(op).unwrap_or(0)),
            remark if remark.contains(' ') => self.remarks.push(remark.to_owned()),
            _ => return Err(step.unknown("postgres")),
        }
        Ok(1)
    }

    /// Somebody polls. If the step names a row, those before it were done.
    fn next_for(&mut self, step: &Step) -> Result<Option<String>, Stop> {
        let (who, wanted) = (step.text("who")?, step.text_if("id")?);
        loop {
            let got = self.table.poll(who);
            let Some(id) = got.iter().find(|got| got.who == who).map(|got| got.id.clone()) else {
                self.take(step.number, got);
                return Ok(None);
            };
            let before = wanted.is_some_and(|wanted| wanted != id && self.table.status(wanted) == "pending");
            if before && self.table.has(wanted.unwrap_or_default()) && step.op == "claim_in_tx" {
                self.finish(who, &id, false);
                continue;
            }
            self.attempts_seen = self.table.attempts(&id);
            self.take(step.number, got);
            return Ok(Some(id));
        }
    }

    /// SELECT, then UPDATE .. WHERE status = 'pending': all who name the same row have looked before the first
    /// of them updates it.
    fn compare_and_set(&mut self, n: usize) -> Result<usize, Stop> {
        let id = self.steps[n].raw("id");
        let round: Vec<&Step> = self.steps[n..]
            .iter()
            .take_while(|step| step.op == "claim_cas" && step.raw("id") == id)
            .collect();
        let mut seen = Vec::new();
        for step in &round {
            let who = step.text("who")?;
            let got = self.table.poll(who);
            seen.push(got.into_iter().find(|got| got.who == who));
        }
        for (step, seen) in round.iter().zip(seen) {
            let rows = match &seen {
                Some(got) => self.table.claim(&got.who, &got.id).0,
                None => 0,
            };
            self.count(step, "claim", rows);
            if rows > 0 {
                self.take(step.number, seen.into_iter().collect());
            }
        }
        Ok(round.len())
    }

    /// Whoever has a row commits: its claim where that is what the transaction was about, else its work.
    fn commit(&mut self, step: &Step) -> Result<(), Stop> {
        let who = step.text("who")?;
        let Some((_, got)) = self.got.iter().rev().find(|(_, got)| got.who == who) else { return Ok(()) };
        let id = got.id.clone();
        let claims = self.steps.iter().any(|step| step.op == "claim");
        if claims {
            let (rows, got) = self.table.claim(who, &id);
            self.count(step, "claim", rows);
            self.take(step.number, got);
        } else {
            self.finish(who, &id, false);
        }
        Ok(())
    }

    /// Pollers that run by themselves until nothing is pending.
    fn run_pollers(&mut self, step: &Step) -> Result<(), Stop> {
        let names: Vec<String> = match step.raw("who") {
            Some(Value::Array(names)) => {
                names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
            }
            Some(Value::String(name)) => vec![name.clone()],
            _ => return Err(step.wrong("who", "the names of the pollers")),
        };
        let work: Vec<u64> = match step.raw("work_ms").or_else(|| self.vector.config.get("work_ms")) {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_u64).collect(),
            Some(Value::Number(one)) => one.as_u64().into_iter().collect(),
            _ => return Err(step.wrong("work_ms", "how long each works")),
        };
        self.freely = true;
        let takes =
            |n: usize| Span::from_millis(work.get(n).or(work.last()).copied().unwrap_or(1)) + STATEMENTS;
        let mut busy: Vec<(Time, usize, Option<String>)> =
            (0..names.len()).map(|n| (self.table.now(), n, None)).collect();
        while let Some(next) = busy.iter().enumerate().min_by_key(|(_, (at, n, _))| (*at, *n)).map(|(n, _)| n)
        {
            let (at, n, working) = busy.swap_remove(next);
            self.table.pass_until(at);
            if let Some(id) = working {
                self.finish(&names[n], &id, false);
            }
            let got = self.table.poll(&names[n]);
            let id = got.first().map(|got| got.id.clone());
            self.take(step.number, got);
            if id.is_some() {
                busy.push((at + takes(n), n, id));
            }
        }
        Ok(())
    }

    /// One poller, so many times; what is called `m` and a number succeeds.
    fn poll_times(&mut self, times: usize) {
        for _ in 0..times {
            let Some(id) = self.poll("poller") else { break };
            if is_ordinary(&id) {
                self.finish("poller", &id, false);
            } else {
                let got = self.table.fail("poller", &id);
                self.take(0, got);
            }
        }
    }

    fn stop(&mut self, step: &Step) -> Result<(), Stop> {
        let how = step.text_if("mode")?.or(step.text_if("signal")?).unwrap_or("clean");
        let killed = step.op.contains("kill") || how.to_lowercase().contains("kill");
        self.table.go_down(killed);
        self.unlogged.iter_mut().for_each(|table| table.go_down(killed));
        Ok(())
    }

    fn retry_refused(&mut self) {
        for id in std::mem::take(&mut self.retried) {
            if self.poll("poller").as_ref() == Some(&id) {
                self.finish("poller", &id, false);
            }
            let inserted = self.table.insert(&id);
            self.inserts += 1;
            let step = self.steps.last().map_or(0, |step| step.number);
            self.counts.push(Count {
                step,
                who: None,
                id: Some(id),
                verb: "insert",
                rows: u32::from(inserted),
            });
        }
    }

    /// Whether pollers ran freely, and nothing kept two of them from the same row.
    pub(super) fn claims_nothing_freely(&self) -> bool {
        self.freely && self.claim == "naive"
    }

    /// The rows of the consumers. One who only looked is listed with nothing.
    pub(super) fn consumers(&self) -> Map<String, Value> {
        let mut consumers: Map<String, Value> = Map::new();
        for (_, got) in &self.got {
            let rows = consumers.entry(got.who.clone()).or_insert_with(|| json!([]));
            if let Value::Array(rows) = rows {
                rows.push(json!({ "id": got.id }));
            }
        }
        consumers
    }

    pub(super) fn unlogged(&self) -> &[String] {
        self.unlogged.as_ref().map_or(&[], Table::rows)
    }
}
