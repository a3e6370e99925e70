//! What happened in the course of a script, for whoever asks about it afterwards.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::server::Server;
use super::streams::Claimed;
use crate::vector::{Step, Vector};

/// Everything that a recording may ask about.
#[derive(Clone, Debug)]
pub(super) struct Facts<'v> {
    vector: &'v Vector,
    step: usize,
    /// Each id that was stored or sent, with the step.
    pub(super) sent: Vec<(usize, String)>,
    pub(super) keys: BTreeMap<String, String>,
    /// What each PUBLISH returned.
    pub(super) returned: Vec<u32>,
    /// The length of the stream after each XADD.
    pub(super) lengths: Vec<usize>,
    /// Each reading call, and whether it had to wait.
    pub(super) reads: Vec<(usize, bool)>,
    pub(super) claims: Vec<(usize, Claimed)>,
    pub(super) acknowledgements: Vec<Acknowledged>,
    /// How many entries each deleted consumer held.
    pub(super) forgotten: Vec<usize>,
    pub(super) dead: Vec<String>,
    pub(super) errors: Vec<Value>,
    pub(super) rows: Vec<Given>,
    /// Since which number of messages a client has been there.
    pub(super) since: BTreeMap<String, usize>,
    completed: Vec<(usize, String, String)>,
    crashes: Vec<(usize, String)>,
    in_hand: Vec<(usize, String, String)>,
    /// The list that LMOVE moves to.
    pub(super) second_list: Option<String>,
    /// What was pending in each group, and stored in each stream, after each step.
    pub(super) looks: Vec<Look>,
    groups_of: BTreeMap<String, BTreeSet<String>>,
}

/// How things stood after a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    pub(super) pending: BTreeMap<String, Vec<Value>>,
    pub(super) entries: BTreeMap<String, Vec<String>>,
    pub(super) lag: BTreeMap<String, u64>,
    pub(super) unread: BTreeMap<String, Vec<String>>,
}

/// Who got what when.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) step: usize,
    pub(super) name: String,
    who: String,
    pub(super) id: String,
    pub(super) row: Value,
}

/// An XACK, and whether it counted.
#[derive(Clone, Debug)]
pub(super) struct Acknowledged {
    pub(super) step: usize,
    pub(super) who: Option<String>,
    pub(super) id: String,
    pub(super) counted: bool,
}

impl<'v> Facts<'v> {
    pub(super) fn new(vector: &'v Vector) -> Facts<'v> {
        let mut groups_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for step in &vector.steps {
            let text = |key| step.raw(key).and_then(Value::as_str);
            if let (Some(who), Some(group)) = (text("who"), text("group")) {
                groups_of.entry(who.to_owned()).or_default().insert(group.to_owned());
            }
        }
        Facts {
            vector,
            step: 0,
            sent: Vec::new(),
            keys: BTreeMap::new(),
            returned: Vec::new(),
            lengths: Vec::new(),
            reads: Vec::new(),
            claims: Vec::new(),
            acknowledgements: Vec::new(),
            forgotten: Vec::new(),
            dead: Vec::new(),
            errors: Vec::new(),
            rows: Vec::new(),
            since: BTreeMap::new(),
            completed: Vec::new(),
            crashes: Vec::new(),
            in_hand: Vec::new(),
            second_list: None,
            looks: Vec::new(),
            groups_of,
        }
    }

    pub(super) fn at(&mut self, step: usize) {
        self.step = step;
    }

    /// Remembers how things stand after this step.
    pub(super) fn look_at(&mut self, server: &Server) {
        let mut look = Look::default();
        for (name, stream) in &server.streams {
            look.entries.insert(name.clone(), stream.entries());
            for group in stream.groups() {
                look.pending.entry(group.clone()).or_default().extend(stream.pending(&group));
                look.unread.entry(group.clone()).or_default().extend(stream.unread(&group));
                *look.lag.entry(group.clone()).or_insert(0) += stream.lag(&group);
            }
        }
        self.looks.push(look);
    }

    pub(super) fn published(&mut self, id: &str) {
        self.sent.push((self.step, id.to_owned()));
    }

    /// Ids of so many more messages: they are numbered on.
    pub(super) fn next_ids(&self, count: u64) -> Vec<String> {
        let number = |(_, id): &(usize, String)| id.strip_prefix('m')?.parse::<u64>().ok();
        let last = self.sent.iter().filter_map(number).max().unwrap_or(0);
        (1..=count).map(|n| format!("m{}", last.saturating_add(n))).collect()
    }

    pub(super) fn keyed(&mut self, id: &str, key: Option<&str>) {
        if let Some(key) = key {
            self.keys.insert(id.to_owned(), key.to_owned());
        }
    }

    pub(super) fn attached(&mut self, who: &str) {
        self.since.entry(who.to_owned()).or_insert(self.sent.len());
    }

    pub(super) fn read(&mut self, step: &Step, waiting: bool) {
        self.reads.push((step.number, waiting));
    }

    pub(super) fn claimed(&mut self, claimed: Claimed) {
        self.claims.push((self.step, claimed));
    }

    pub(super) fn acknowledged(&mut self, who: Option<&str>, id: &str, counted: bool) {
        let (who, id) = (who.map(str::to_owned), id.to_owned());
        self.acknowledgements.push(Acknowledged { step: self.step, who, id, counted });
    }

    pub(super) fn error(&mut self, at: &str, error: &str) {
        self.errors.push(json!({ "at": at, "error": error }));
    }

    pub(super) fn complete(&mut self, who: &str, id: &str) {
        self.completed.push((self.step, who.to_owned(), id.to_owned()));
    }

    pub(super) fn crashed(&mut self, who: &str) {
        self.crashes.push((self.step, who.to_owned()));
    }

    pub(super) fn in_hand(&mut self, who: &str, id: &str) {
        self.in_hand.push((self.step, who.to_owned(), id.to_owned()));
    }

    pub(super) fn moved_to(&mut self, list: &str) {
        self.second_list = Some(list.to_owned());
    }

    pub(super) fn given(&mut self, name: &str, who: &str, row: &Value) {
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        let (name, who, row) = (name.to_owned(), who.to_owned(), row.clone());
        self.rows.push(Given { step: self.step, name, who, id, row });
    }

    /// The name of a consumer in the recording: its own, or its group's where several groups have one like it.
    pub(super) fn name(&self, group: Option<&str>, who: &str) -> String {
        let asked = |name: &str| self.vector.consumer(name).is_some();
        if let Some(group) = group {
            let both = ["/", ":", ".", "_", "-", "@", " "];
            let both =
                both.iter().flat_map(|mark| [format!("{group}{mark}{who}"), format!("{who}{mark}{group}")]);
            if let Some(name) = both.into_iter().find(|name| asked(name)) {
                return name;
            }
            let shared = self.groups_of.get(who).is_some_and(|groups| groups.len() > 1);
            if asked(group) && (shared || !asked(who)) {
                return group.to_owned();
            }
        }
        who.to_owned()
    }

    /// Whether some step does something in the name of this consumer.
    pub(super) fn knows(&self, name: &str) -> bool {
        let acts = |step: &Step| step.raw("who").and_then(Value::as_str) == Some(name);
        self.vector.steps.iter().any(acts) || self.rows.iter().any(|given| given.name == name)
    }

    /// The rows that a consumer got.
    pub(super) fn rows_of(&self, name: &str) -> Vec<&Given> {
        self.rows.iter().filter(|given| given.name == name).collect()
    }

    /// Messages in the order in which they were done: where a step says so, else when they were given, unless
    /// the consumer crashed with them in hand.
    pub(super) fn completion_order(&self) -> Vec<String> {
        let mut order: Vec<(usize, usize, &str)> = Vec::new();
        for (n, (step, _, id)) in self.completed.iter().enumerate() {
            order.push((*step, n, id));
        }
        for (n, given) in self.rows.iter().enumerate() {
            let said = self.completed.iter().any(|(_, who, id)| *who == given.who && *id == given.id);
            let crashed = self.crashes.iter().any(|(step, who)| *who == given.who && *step > given.step);
            if !said && !crashed {
                order.push((given.step, n, &given.id));
            }
        }
        order.sort_unstable();
        let mut ids: Vec<String> = Vec::new();
        for (_, _, id) in order {
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        }
        ids
    }

    /// What clients had taken out of a list, and had not completed, when they crashed.
    pub(super) fn crashed_with(&self) -> Vec<String> {
        let lost = |(taken, who, id): &&(usize, String, String)| {
            self.crashes.iter().any(|(step, crashed)| {
                crashed == who
                    && step > taken
                    && !self.completed.iter().any(|(done, by, what)| by == who && what == id && done < step)
            })
        };
        self.in_hand.iter().filter(lost).map(|(_, _, id)| id.clone()).collect()
    }

    /// Everything that was stored or sent, after so many others, and that this consumer never got.
    pub(super) fn missed_by(&self, name: &str, since: usize) -> Vec<String> {
        let got = self.ids_of(name);
        let sent = self.sent.iter().skip(since).map(|(_, id)| id);
        sent.filter(|id| !got.contains(id.as_str())).cloned().collect()
    }

    /// The ids of what a consumer got.
    pub(super) fn ids_of(&self, name: &str) -> BTreeSet<&str> {
        self.rows.iter().filter(|given| given.name == name).map(|given| given.id.as_str()).collect()
    }
}
