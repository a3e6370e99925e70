//! Redis: channels, lists and streams.
//!
//! - A step takes a millisecond, a `sleep` its time. An idle time of at most 20 ms is one that the script has
//!   waited for, because nobody asks for so little and means it to fail.
//! - A group that is read and that no step creates was there from the start of its stream.
//! - What a claim gives to who held it already is not written down as a delivery; `JUSTID` gives nothing.
//! - A call that waits ends when it gets something, when its time is over, or when its client does something
//!   else.
//! - `xadd_many` and `publish_many` number their messages on from the last.
//! - `start` with arguments is a new server with nothing in it; without, it is the one that was stopped.

mod answers;
mod facts;
mod lists;
mod pubsub;
mod reading;
mod server;
mod streams;

use kernel::Span;
use serde_json::{Value, json};

use super::Stop;
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::{Step, Vector};
use facts::Facts;
use reading::{bound, names, settings, start_of, text_of, wait};
use server::Server;
use streams::Given;

/// What a step takes.
const STEP: Span = Span::from_millis(1);

/// A bound on idle time up to which a script has waited as long as it takes.
const SURELY_WAITED_MS: u64 = 20;

pub(super) fn replay(vector: &Vector) -> Result<Replay, Stop> {
    let mut script = Script {
        vector,
        server: Server::new(vector, settings(vector, None)?)?,
        facts: Facts::new(vector),
        replay: Replay::default(),
        modes: json!({}),
        mode: None,
    };
    for step in &vector.steps {
        script.facts.at(step.number);
        script.server.pass(STEP);
        script.step(step)?;
        script.facts.look_at(&script.server);
    }
    script.end_mode()?;
    script.attach_the_rest();
    script.answer();
    Ok(script.replay)
}

/// The steps on their way through a server.
struct Script<'v> {
    vector: &'v Vector,
    server: Server,
    facts: Facts<'v>,
    replay: Replay,
    modes: Value,
    mode: Option<String>,
}

/// What the verbs begin with that need a stream.
const STREAM_VERBS: [&str; 11] = [
    "xgroup",
    "xread",
    "xack",
    "xautoclaim",
    "xclaim",
    "xdel",
    "xtrim",
    "xlen",
    "xrange",
    "xrevrange",
    "xsetid",
];

impl Script<'_> {
    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match step.op.as_str() {
            "sleep" | "wait" => self.server.pass(Span::from_millis(step.number("ms")?)),
            "start" => self.start(step)?,
            "stop" | "kill" | "crash_server" | "shutdown" => self.stop(step)?,
            "restart" => {
                self.stop(step)?;
                self.server.come_up();
            }
            "crash" | "disconnect" | "close" | "kill_client" => self.disconnect(step.text("who")?),
            "reconnect" | "connect" | "return" => self.server.reconnect(step.text("who")?),
            "complete" | "done" | "finish" => self.complete(step)?,
            "app_dlq" => {
                let id = step.text("id")?;
                self.facts.dead.push(id.to_owned());
                self.acknowledge(step, id)?;
            }
            // These only look.
            "xlen" | "xrange" | "xrevrange" | "llen" | "lrange" | "pubsub" | "note" | "check" | "observe" => {
            }
            remark if remark.contains(' ') => self.replay.remarks.push(remark.to_owned()),
            op if op.starts_with("xinfo") || op.starts_with("xpending") => {}
            op if op.starts_with('x') => self.stream_verb(step)?,
            op if op.contains("push") || op.contains("pop") || op.ends_with("move") => {
                self.list_verb(step)?
            }
            _ => self.channel_verb(step)?,
        }
        Ok(())
    }

    fn disconnect(&mut self, who: &str) {
        self.server.disconnect(who);
        self.facts.crashed(who);
    }

    /// A consumer says that it is done with something, and with it the entry is.
    fn complete(&mut self, step: &Step) -> Result<(), Stop> {
        let (who, id) = (step.text("who")?, step.text("id")?);
        self.facts.complete(who, id);
        self.acknowledge(step, id)
    }

    fn acknowledge(&mut self, step: &Step, id: &str) -> Result<(), Stop> {
        let stream = self.server.stream_of(step)?;
        if let Some(stream) = self.server.streams.get_mut(&stream) {
            let group = step.text_if("group")?.map_or_else(|| self.server.group.clone(), str::to_owned);
            let counted = stream.acknowledge(&group, step.text_if("who")?, id);
            self.facts.acknowledged(step.text_if("who")?, id, counted);
        }
        Ok(())
    }

    fn channel_verb(&mut self, step: &Step) -> Result<(), Stop> {
        match step.op.as_str() {
            "subscribe" | "psubscribe" => {
                let is_pattern = step.op.starts_with('p');
                let reads = step.flag_if("reads")?.unwrap_or(true);
                for name in names(step, &["channel", "pattern", "channels", "patterns"])? {
                    self.server.pubsub.subscribe(step.text("who")?, &name, is_pattern, reads);
                }
                self.facts.attached(step.text("who")?);
            }
            "unsubscribe" | "punsubscribe" => {
                let (is_pattern, who) = (step.op.starts_with('p'), step.text("who")?);
                let given = names(step, &["channel", "pattern", "channels", "patterns"]).unwrap_or_default();
                for name in &given {
                    self.server.pubsub.unsubscribe(who, Some(name), is_pattern);
                }
                if given.is_empty() {
                    self.server.pubsub.unsubscribe(who, None, is_pattern);
                }
            }
            "publish" => self.publish(step.text("channel")?, step.text("id")?),
            "publish_many" => {
                for id in self.facts.next_ids(step.number("n")?) {
                    self.publish(step.text("channel")?, &id);
                }
            }
            _ => return Err(step.unknown("redis")),
        }
        Ok(())
    }

    fn publish(&mut self, channel: &str, id: &str) {
        let (returned, rows) = self.server.pubsub.publish(channel, id);
        self.facts.published(id);
        self.facts.returned.push(returned);
        for (who, row) in rows {
            self.give(None, &who, row);
        }
    }

    fn list_verb(&mut self, step: &Step) -> Result<(), Stop> {
        let op = step.op.as_str();
        let key = |names: &[&str]| -> Result<String, Stop> {
            for name in names {
                if let Some(text) = step.text_if(name)? {
                    return Ok(text.to_owned());
                }
            }
            Err(step.wrong(names[0], "the key of a list"))
        };
        match op {
            "lpush" | "rpush" => {
                let list = key(&["key", "list", "queue"])?;
                for id in names(step, &["id", "ids"])? {
                    self.facts.published(&id);
                    let given = self.server.push(&list, &id, op)?;
                    self.pop(given);
                }
            }
            "brpop" | "rpop" | "blpop" | "lpop" => {
                let list = key(&["key", "list", "queue"])?;
                let waits = step.flag("blocks")? || step.raw("timeout_ms").is_some();
                let (who, count) = (step.text("who")?, step.number_if("count")?.unwrap_or(1));
                self.facts.attached(who);
                for _ in 0..count {
                    let given = self.server.pop(&list, who, waits && op.starts_with('b'), op)?;
                    self.pop(given);
                }
            }
            "lmove" | "blmove" | "rpoplpush" | "brpoplpush" => {
                let (from, to) = (key(&["src", "source", "from"])?, key(&["dst", "destination", "to"])?);
                let who = step.text("who")?;
                self.facts.attached(who);
                // It is taken out and put in by one command, so a crash finds it in the second list.
                for (who, id) in self.server.pop(&from, who, false, "rpop")? {
                    self.server.push(&to, &id, "lpush")?;
                    self.facts.moved_to(&to);
                    self.give(None, &who, json!({ "id": id }));
                }
            }
            _ => return Err(step.unknown("redis")),
        }
        Ok(())
    }

    /// What a pop gave is with the client only.
    fn pop(&mut self, given: Vec<(String, String)>) {
        for (who, id) in given {
            self.facts.in_hand(&who, &id);
            self.give(None, &who, json!({ "id": id }));
        }
    }

    fn stream_verb(&mut self, step: &Step) -> Result<(), Stop> {
        let name = self.server.stream_of(step)?;
        let group = step.text_if("group")?.map_or_else(|| self.server.group.clone(), str::to_owned);
        let op = step.op.as_str();
        if op == "xadd" || op == "xadd_many" {
            return self.add(step, &name);
        }
        if !self.server.streams.contains_key(&name) {
            // Nothing can be done with a stream that is not there; what is no verb is still none.
            return if STREAM_VERBS.iter().any(|verb| op.starts_with(verb)) {
                Ok(())
            } else {
                Err(step.unknown("redis"))
            };
        }
        if op.starts_with("xread") && !op.starts_with("xreadgroup") {
            return self.read_plain(step, &name);
        }
        let wait = wait(step)?;
        let most =
            step.number_if("count")?.map_or(u32::MAX, |count| u32::try_from(count).unwrap_or(u32::MAX));
        let Some(stream) = self.server.streams.get_mut(&name) else { return Ok(()) };
        match op {
            "xgroup_create" => stream.create_group(&group, &start_of(step)?),
            "xgroup_destroy" => stream.destroy_group(&group),
            "xgroup_setid" => stream.set_cursor(&group, &start_of(step)?),
            "xgroup_createconsumer" => {}
            "xgroup_delconsumer" => {
                let held = stream.forget(&group, step.text("who")?);
                self.facts.forgotten.push(held);
            }
            _ if op.starts_with("xreadgroup") => {
                let who = step.text("who")?;
                let cursor = step.text_if("cursor")?.unwrap_or(">");
                let given = if cursor == ">" {
                    stream.read_new(&group, who, most, wait)
                } else {
                    if most < stream.held_by(&group, who) {
                        return Err(Stop::Skip(
                            "XREADGROUP with a cursor and a COUNT that leaves out some of what is pending: the \
                             engine gives a member all of it"
                                .to_owned(),
                        ));
                    }
                    stream.read_pending(&group, who)
                };
                let waiting = stream.is_waiting(who);
                let Some(given) = given else {
                    self.facts.error(&format!("{op} {group}"), "NOGROUP");
                    return Ok(());
                };
                self.facts.read(step, waiting);
                let ids: Vec<String> = given.iter().map(|given| text_of(&given.row["id"])).collect();
                self.give_all(given);
                if op.contains("ack") {
                    for id in ids {
                        if let Some(stream) = self.server.streams.get_mut(&name) {
                            stream.acknowledge(&group, Some(who), &id);
                        }
                    }
                }
            }
            "xautoclaim" => return self.claim(step, &name, &group),
            "xack" => {
                for id in names(step, &["id", "ids"])? {
                    self.acknowledge(step, &id)?;
                }
            }
            "xdel" => {
                for id in names(step, &["id", "ids"])? {
                    stream.delete(&id);
                }
            }
            "xtrim" => {
                let bound = bound(step)?.ok_or_else(|| step.wrong("maxlen", "a number"))?;
                stream.trim(bound);
            }
            "xclaim" => {
                return Err(Stop::Skip("XCLAIM of single entries: the engine claims the oldest".to_owned()));
            }
            _ => return Err(step.unknown("redis")),
        }
        Ok(())
    }

    fn add(&mut self, step: &Step, name: &str) -> Result<(), Stop> {
        self.server.open_stream(name)?;
        let ids = match step.op.as_str() {
            "xadd" => names(step, &["id", "ids"])?,
            _ => self.facts.next_ids(step.number("n")?),
        };
        let entry_id = step.text_if("entry_id")?.unwrap_or("*");
        for id in ids {
            let Some(stream) = self.server.streams.get_mut(name) else { return Ok(()) };
            let given = stream.add(&id, entry_id, bound(step)?);
            let length = stream.len();
            match given {
                Some(given) => {
                    self.facts.published(&id);
                    self.facts.keyed(&id, step.text_if("key")?);
                    self.facts.lengths.push(length);
                    self.give_all(given);
                }
                None => self.facts.error(
                    &format!("xadd {entry_id}"),
                    "The ID specified in XADD is equal or smaller than the target stream top item",
                ),
            }
        }
        Ok(())
    }

    fn read_plain(&mut self, step: &Step, name: &str) -> Result<(), Stop> {
        let who = step.text("who")?;
        let cursor = match step.text_if("cursor")? {
            Some(cursor) if cursor.contains("last") || cursor.contains("seen") => None,
            Some(cursor) => Some(cursor),
            None => None,
        };
        let most =
            step.number_if("count")?.map_or(u32::MAX, |count| u32::try_from(count).unwrap_or(u32::MAX));
        self.facts.attached(who);
        let wait = wait(step)?;
        if let Some(stream) = self.server.streams.get_mut(name) {
            let given = stream.read_plain(who, cursor, most, wait);
            let waiting = stream.is_waiting(who);
            self.facts.read(step, waiting);
            self.give_all(given);
        }
        Ok(())
    }

    fn claim(&mut self, step: &Step, name: &str, group: &str) -> Result<(), Stop> {
        if step.text_if("start")?.is_some_and(|start| !matches!(start, "0" | "0-0")) {
            return Err(Stop::Skip("XAUTOCLAIM from a cursor: the engine claims from the oldest".to_owned()));
        }
        let idle = step.number_if("min_idle_ms")?.unwrap_or(0);
        if idle <= SURELY_WAITED_MS {
            self.server.pass(Span::from_millis(idle));
        }
        let most = step.number_if("count")?.unwrap_or(100);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let silent = step.flag("justid")?;
        let Some(stream) = self.server.streams.get_mut(name) else { return Ok(()) };
        match stream.claim(group, step.text("who")?, Span::from_millis(idle), most, silent) {
            Some((claimed, given)) => {
                self.facts.claimed(claimed);
                self.give_all(given);
            }
            None => self.facts.error(&format!("xautoclaim {group}"), "NOGROUP"),
        }
        Ok(())
    }

    fn give_all(&mut self, given: Vec<Given>) {
        for Given { group, who, row } in given {
            self.give(group.as_deref(), &who, row);
        }
    }

    /// Writes down that somebody got something, under the name that the recording uses.
    fn give(&mut self, group: Option<&str>, who: &str, row: Value) {
        let name = self.facts.name(group, who);
        self.facts.given(&name, who, &row);
        self.replay.row(&name, row);
    }

    fn start(&mut self, step: &Step) -> Result<(), Stop> {
        let arguments = step.text_if("args")?;
        let mode = step.text_if("mode")?;
        if arguments.is_none() && self.server.is_down {
            self.server.come_up();
            return Ok(());
        }
        self.end_mode()?;
        self.server = Server::new(self.vector, settings(self.vector, arguments)?)?;
        self.mode = mode.map(str::to_owned);
        Ok(())
    }

    /// The server goes down. What was observed of a store that no step fills was put in before.
    fn stop(&mut self, step: &Step) -> Result<(), Stop> {
        if !self.vector.steps.iter().any(|step| step.op.contains("push")) {
            for id in self.vector.unnamed("list") {
                self.server.push("list", &id, "lpush")?;
            }
        }
        self.server.pubsub.subscribe("subscriber", "c", false, true);
        let how = step.text_if("signal")?.or(step.text_if("mode")?).or(step.text_if("how")?);
        let killed = step.op == "kill" || how.is_some_and(|how| how.to_lowercase().contains("kill"));
        self.server.go_down(killed)
    }

    /// Looks at a server that was started for one mode, before the next is.
    fn end_mode(&mut self) -> Result<(), Stop> {
        let Some(mode) = self.mode.take() else { return Ok(()) };
        let asked = self.vector.observed.get("modes").and_then(|modes| modes.get(&mode));
        for question in asked.and_then(Value::as_object).into_iter().flat_map(Question::all) {
            match self.server.after_restart(question) {
                Some(answer) => self.modes[&mode][question.key] = answer,
                None => self.replay.unknown.push(format!("/modes/{mode}/{}", question.key)),
            }
        }
        Ok(())
    }

    /// Whoever is observed, and attached by no step, comes now and takes all there is.
    fn attach_the_rest(&mut self) {
        let asked = self.vector.observed.get("consumers").and_then(Value::as_object);
        let names: Vec<&String> = asked.into_iter().flat_map(|consumers| consumers.keys()).collect();
        for name in names {
            if self.facts.knows(name) {
                continue;
            }
            let Some(stream) = self.server.default_stream() else { continue };
            let given = if stream.has_group(name) && !stream.has_consumer(name) {
                let given = stream.read_new(name, name, u32::MAX, None).unwrap_or_default();
                for given in &given {
                    stream.acknowledge(name, Some(name), &text_of(&given.row["id"]));
                }
                given
            } else {
                stream.read_plain(name, Some("0"), u32::MAX, None)
            };
            self.give_all(given);
        }
    }

    fn answer(&mut self) {
        if self.modes.as_object().is_some_and(|modes| !modes.is_empty()) {
            self.replay.set("modes", self.modes.clone());
        }
        for question in Question::all(&self.vector.observed) {
            if !matches!(question.key, "consumers" | "modes") {
                let (facts, server) = (&self.facts, &mut self.server);
                let mut answer = |question: Question| answers::answer(question, self.vector, facts, server);
                self.replay.answer_or_parts(question, &mut answer);
                if question.key.starts_with("completion_order") {
                    self.replay.within.insert(question.key.to_owned(), self.facts.completion_order());
                }
            }
        }
    }
}
