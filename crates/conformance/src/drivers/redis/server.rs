//! One Redis server: its streams, lists and channels share a clock, and go down together.

use std::collections::BTreeMap;

use channel::Value as Setting;
use kernel::{Span, Time};
use serde_json::{Value, json};

use super::lists::List;
use super::pubsub::Pubsub;
use super::streams::Stream;
use crate::drivers::{self, Stop};
use crate::question::Question;
use crate::vector::{Step, Vector};

/// How a server was started.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// What it keeps over a restart.
    pub(super) kept: Vec<(&'static str, Setting)>,
    /// How many messages a subscriber may leave unread.
    pub(super) unread: Option<u32>,
}

/// A server with its data.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) streams: BTreeMap<String, Stream>,
    pub(super) pubsub: Pubsub,
    /// The group that is meant where none is named.
    pub(super) group: String,
    pub(super) is_down: bool,
    lists: BTreeMap<String, List>,
    /// At which end items are put into each list.
    pushed_left: BTreeMap<String, bool>,
    /// Groups that no step creates.
    groups: Vec<String>,
    /// The stream that is meant where none is named.
    stream: String,
    settings: Settings,
    /// What a client library will subscribe to again.
    remembered: BTreeMap<String, Vec<(String, bool)>>,
    now: Time,
}

impl Server {
    pub(super) fn new(vector: &Vector, settings: Settings) -> Result<Server, Stop> {
        let unread: Vec<(&str, Setting)> = settings
            .unread
            .map(|most| ("client_output_buffer_limit", Setting::Count(most)))
            .into_iter()
            .collect();
        let rules = drivers::rules("redis-pubsub", &unread)?;
        let named = |key: &str| -> Vec<String> {
            let mut names = Vec::new();
            for name in vector.steps.iter().filter_map(|step| step.raw(key).and_then(Value::as_str)) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            names
        };
        let first = |names: &[String], otherwise: &str| {
            names.first().cloned().unwrap_or_else(|| otherwise.to_owned())
        };
        let mut groups = named("group");
        let group = first(&groups, "g");
        if groups.is_empty() {
            groups.push(group.clone());
        }
        let created = |name: &str| {
            let mut creating = vector.steps.iter().filter(|step| step.op == "xgroup_create");
            creating.any(|step| step.raw("group").and_then(Value::as_str).unwrap_or(&group) == name)
        };
        groups.retain(|name| !created(name));
        Ok(Server {
            streams: BTreeMap::new(),
            pubsub: Pubsub::new(rules, Time::ZERO),
            is_down: false,
            lists: BTreeMap::new(),
            pushed_left: BTreeMap::new(),
            groups,
            group,
            stream: first(&named("stream"), "s"),
            settings,
            remembered: BTreeMap::new(),
            now: Time::ZERO,
        })
    }

    pub(super) fn pass(&mut self, span: Span) {
        self.now += span;
        self.streams.values_mut().for_each(|stream| stream.pass_until(self.now));
        self.lists.values_mut().for_each(|list| list.pass_until(self.now));
        self.pubsub.pass_until(self.now);
    }

    /// The name of the stream that a step is about. A group is created with its stream.
    pub(super) fn stream_of(&mut self, step: &Step) -> Result<String, Stop> {
        let name = match step.text_if("stream")? {
            Some(name) => name.to_owned(),
            None => self.stream.clone(),
        };
        if step.op == "xgroup_create" {
            self.open_stream(&name)?;
        }
        Ok(name)
    }

    /// A stream exists from its first entry, or its first group, on.
    pub(super) fn open_stream(&mut self, name: &str) -> Result<(), Stop> {
        if !self.streams.contains_key(name) {
            let rules = drivers::rules("redis-streams", &self.settings.kept)?;
            let mut stream = Stream::new(rules, self.now);
            self.groups.iter().for_each(|group| stream.create_group(group, "0"));
            self.streams.insert(name.to_owned(), stream);
        }
        Ok(())
    }

    pub(super) fn default_stream(&mut self) -> Option<&mut Stream> {
        self.streams.get_mut(&self.stream)
    }

    /// Puts an item into a list, which may be new.
    pub(super) fn push(&mut self, name: &str, id: &str, verb: &str) -> Result<Vec<(String, String)>, Stop> {
        let left = verb.starts_with('l');
        let known = *self.pushed_left.entry(name.to_owned()).or_insert(left);
        if known != left {
            return Err(Stop::Skip(format!("the list {name} is filled at both ends, which no profile does")));
        }
        if !self.lists.contains_key(name) {
            let rules = drivers::rules("redis-list", &self.settings.kept)?;
            self.lists.insert(name.to_owned(), List::new(rules, self.now));
        }
        Ok(self.lists.get_mut(name).map(|list| list.push(id)).unwrap_or_default())
    }

    /// Takes an item out at the other end.
    pub(super) fn pop(
        &mut self,
        name: &str,
        who: &str,
        waits: bool,
        verb: &str,
    ) -> Result<Vec<(String, String)>, Stop> {
        let right = verb.contains('r') && !verb.starts_with("bl");
        let pushed_left = *self.pushed_left.entry(name.to_owned()).or_insert(right);
        if pushed_left != right {
            return Err(Stop::Skip(format!("the list {name} is used as a stack, which no profile does")));
        }
        if !self.lists.contains_key(name) {
            let rules = drivers::rules("redis-list", &self.settings.kept)?;
            self.lists.insert(name.to_owned(), List::new(rules, self.now));
        }
        Ok(self.lists.get_mut(name).map(|list| list.pop(who, waits)).unwrap_or_default())
    }

    /// The items of a list; none, if there is no such list.
    pub(super) fn items(&self, name: &str) -> Option<Vec<String>> {
        self.lists.get(name).map(List::items)
    }

    pub(super) fn list_names(&self) -> Vec<String> {
        self.lists.keys().cloned().collect()
    }

    pub(super) fn disconnect(&mut self, who: &str) {
        self.streams.values_mut().for_each(|stream| stream.disconnect(who));
        self.lists.values_mut().for_each(|list| list.disconnect(who));
        let remembered = self.pubsub.disconnect(who);
        self.remembered.insert(who.to_owned(), remembered);
    }

    /// A client library subscribes again by itself when it has a connection again.
    pub(super) fn reconnect(&mut self, who: &str) {
        for (pattern, is_pattern) in self.remembered.remove(who).unwrap_or_default() {
            self.pubsub.subscribe(who, &pattern, is_pattern, true);
        }
    }

    pub(super) fn go_down(&mut self, killed: bool) -> Result<(), Stop> {
        self.is_down = true;
        self.streams.values_mut().for_each(|stream| stream.go_down(killed));
        self.lists.values_mut().for_each(|list| list.go_down(killed));
        self.pubsub.go_down(killed);
        // Groups are kept in the same file as entries: what comes back without its file is a new stream.
        let rules = drivers::rules("redis-streams", &self.settings.kept)?;
        let lost = match rules.survives {
            channel::Survives::Nothing => true,
            channel::Survives::Saved { .. } => killed,
            channel::Survives::Marked | channel::Survives::Everything => false,
        };
        if lost && self.streams.values().all(|stream| stream.len() == 0) {
            self.streams.clear();
        }
        Ok(())
    }

    pub(super) fn come_up(&mut self) {
        self.is_down = false;
        self.streams.values_mut().for_each(Stream::come_up);
        self.lists.values_mut().for_each(List::come_up);
        self.pubsub.come_up();
    }

    /// What one finds after a restart.
    pub(super) fn after_restart(&mut self, question: Question) -> Option<Value> {
        let group = self.group.clone();
        let stream = self.stream.clone();
        let stream = self.streams.get_mut(&stream).filter(|stream| stream.has_group(&group));
        match question.key {
            "list" => {
                let any = self.lists.values().next().map(List::items);
                Some(question.ids(&self.items("list").or(any).unwrap_or_default()))
            }
            "group_error" => Some(stream.map_or_else(|| json!("NOGROUP"), |_| Value::Null)),
            "subscriber" => {
                let connected = self.pubsub.is_connected("subscriber");
                // What redis-py says of a broken connection.
                Some(json!(if connected { "connected" } else { "ConnectionError" }))
            }
            "publish_after_restart_reaches" => Some(json!(self.pubsub.publish("c", "").0)),
            key if key.ends_with("pending") => {
                let rows = stream.map(|stream| stream.pending(&group)).unwrap_or_default();
                Some(question.rows(&rows, "times_delivered"))
            }
            key if key.starts_with("next") => {
                let given = stream.and_then(|stream| stream.read_new(&group, "next", 1, None));
                let ids: Vec<String> = given
                    .into_iter()
                    .flatten()
                    .filter_map(|given| Some(given.row["id"].as_str()?.to_owned()))
                    .collect();
                Some(question.ids(&ids))
            }
            key => {
                let named = self.streams.get(key).or_else(|| self.streams.get(&self.stream));
                let asks = key == "stream" || key.starts_with("xlen") || self.streams.contains_key(key);
                asks.then(|| question.ids(&named.map(Stream::entries).unwrap_or_default()))
            }
        }
    }
}
