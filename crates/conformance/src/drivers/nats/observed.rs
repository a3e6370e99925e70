//! What was looked at besides the deliveries, answered from what the model did.

use std::ops::Range;

use channel::{Bound, Keeps, Overflow};
use kernel::Span;
use serde_json::{Map, Value, json};

use super::server::Server;
use super::stream::{Consumer, Stream};
use crate::bench::{Bench, NEW_GROUP};
use crate::question::Question;
use crate::replay::Replay;
use crate::vector::Step;

impl Server<'_> {
    /// What happened, in the form of the recording.
    pub(super) fn replay(mut self) -> Replay {
        let mut replay = Replay::default();
        replay.answer("consumers", vec![self.consumers(false), self.consumers(true)]);
        let vector = self.vector;
        for question in Question::all(&vector.observed).filter(|question| question.key != "consumers") {
            let answers = self.answers(&question, &mut replay.unknown);
            replay.answer(question.key, answers);
        }
        replay
    }

    /// The rows of each consumer: as they came, or those of one subscription after those of another.
    fn consumers(&self, by_subscription: bool) -> Value {
        let listed = self.books.rows.iter().filter(|(who, _)| !self.is_elsewhere(who));
        let sorted = listed.map(|(who, rows)| {
            let mut rows = rows.clone();
            if by_subscription {
                rows.sort_by_key(|row| row.by);
            }
            (who.clone(), rows.into_iter().map(|row| row.row).collect::<Value>())
        });
        sorted.collect::<Map<_, _>>().into()
    }

    /// Whether what somebody got was not listed, but looked at in another form.
    fn is_elsewhere(&self, who: &str) -> bool {
        let listed =
            self.vector.observed.get("consumers").is_some_and(|consumers| consumers.get(who).is_some());
        let mut others = Question::all(&self.vector.observed).filter(|question| question.key != "consumers");
        !listed
            && others.any(|other| other.names(who) || other.inside().iter().any(|inside| inside.key == who))
    }

    /// Everything that a key may mean; nothing, if the model has no answer.
    fn answers(&mut self, question: &Question, unknown: &mut Vec<String>) -> Vec<Value> {
        let key = question.key;
        if key == "errors" {
            return vec![self.errors()];
        }
        if question.is_text() && (question.says("request") || question.says("responder")) {
            return self.requests(question);
        }
        if let Some(answers) = self.after_some_time(key) {
            return answers;
        }
        if let Some(limit) = key.strip_prefix("client_pending_limit_").and_then(|limit| limit.parse().ok()) {
            return vec![self.client_with_limit(limit, question)];
        }
        if question.is_object() {
            return self.objects(question, unknown);
        }
        if question.says("advis") {
            let after: Vec<u16> = self.streams.iter().flat_map(Stream::given_up_after).collect();
            return vec![if question.is_list() { json!(after) } else { json!(after.len()) }];
        }
        if question.says("lost") || question.says("miss") {
            return self.missed(question);
        }
        if question.says("again") || question.says("twice") || question.says("redeliver") {
            return self.again(question);
        }
        if question.is_list() {
            return self.lists(question);
        }
        if question.is_flag() && (question.says("disconnected") || question.says("cut")) {
            let who = self.named(question);
            return who.map(|who| json!(self.core.is_cut_off(&who))).into_iter().collect();
        }
        if question.is_number() && (question.says("received") || question.says("got")) {
            let who = self.named(question);
            return who.map(|who| json!(self.rows_of(&who, 0..usize::MAX).len())).into_iter().collect();
        }
        let says = |word: &&str| question.says(word);
        let in_stream = question.says("stream") && ["in", "messages", "msgs"].iter().any(says);
        if question.is_number() && (in_stream || ["left", "stored", "remain"].iter().any(says)) {
            let named = self.streams.iter().find(|stream| question.names(&stream.name));
            return named.or(self.streams.last()).map(|stream| json!(stream.len())).into_iter().collect();
        }
        Vec::new()
    }

    fn lists(&self, question: &Question) -> Vec<Value> {
        let says = |words: &[&str]| words.iter().any(|word| question.says(word));
        let rows = self.vector.observed.get(question.key).and_then(Value::as_array);
        let first = rows.and_then(|rows| rows.first());
        if says(&["share"]) {
            return self.shares(question);
        }
        if first.is_some_and(Value::is_number) {
            let deliveries = |id: &str| {
                let own = self.books.delivered.iter().filter(|(_, _, other, _)| other == id);
                json!(own.map(|(_, _, _, delivery)| delivery).collect::<Vec<_>>())
            };
            let named = self.books.published.iter().find(|(_, id)| question.names(id));
            return named.map(|(_, id)| deliveries(id)).into_iter().collect();
        }
        if says(&["acks", "confirm"]) && first.is_some_and(Value::is_array) {
            return vec![self.books.answers.clone().into()];
        }
        if says(&["order", "deliver", "sequence", "max", "with"]) {
            return self.orders(question);
        }
        match self.named(question) {
            Some(who) if says(&["got", "received", "fetched", "waiting", "after", "before"]) => {
                self.stretches().map(|stretch| question.ids(&self.rows_of(&who, stretch))).collect()
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// How many messages each member of the first queue group got. Chance decides, so what was written down holds if
    /// it fits what was written down of the members; if it does not, the model has no shares like that. Without a
    /// queue group it is how many everybody got.
    fn shares(&self, question: &Question) -> Vec<Value> {
        let queue = |step: &Step| step.text_if("queue").ok().flatten().map(str::to_owned);
        let Some(first) = self.steps.iter().find_map(queue) else {
            return vec![self.books.rows.values().map(Vec::len).collect()];
        };
        let members = self.steps.iter().filter(|step| queue(step).as_ref() == Some(&first));
        let members = members.filter_map(|step| step.text_if("who").ok().flatten());
        let rows = |who| self.vector.consumer(who).and_then(Value::as_array).map_or(0, Vec::len);
        let shares: Value = members.map(rows).collect();
        let written = self.vector.observed.get(question.key);
        vec![if written == Some(&shares) { shares } else { json!([]) }]
    }

    /// Stretches of the script that something may have been looked at for: all of it, from some step on, up to
    /// some step.
    fn stretches(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let steps = self.vector.steps.len();
        let from = (1..steps).map(move |first| first..steps);
        std::iter::once(0..steps).chain(from).chain((1..steps).map(|last| 0..last))
    }

    /// The consumer that a key names, in any case.
    fn named(&self, question: &Question) -> Option<String> {
        self.books.rows.keys().find(|who| question.names(who)).cloned().or_else(|| {
            let mut subscribers = self.steps.iter().filter_map(|step| step.text_if("who").ok().flatten());
            subscribers.find(|who| question.names(who)).map(str::to_owned)
        })
    }

    /// The ids that somebody got during some of the steps.
    fn rows_of(&self, who: &str, steps: Range<usize>) -> Vec<String> {
        self.fields_of(who, "id", steps)
    }

    fn fields_of(&self, who: &str, field: &str, steps: Range<usize>) -> Vec<String> {
        let rows = self.books.rows.get(who).into_iter().flatten().filter(|row| steps.contains(&row.at));
        rows.map(|row| row.row[field].as_str().unwrap_or("?").to_owned()).collect()
    }

    /// What was delivered more than once: each time, or each message once.
    fn again(&self, question: &Question) -> Vec<Value> {
        let all = self.books.delivered.iter().filter(|(_, _, _, delivery)| *delivery > 1);
        let each: Vec<&str> = all.map(|(_, _, id, _)| id.as_str()).collect();
        let mut distinct = each.clone();
        distinct.sort_unstable();
        distinct.dedup();
        vec![question.ids(&each), question.ids(&distinct)]
    }

    /// `<consumer>_after_<n>ms`: whether a consumer is there still.
    fn after_some_time(&mut self, key: &str) -> Option<Vec<Value>> {
        let (name, time) = key.rsplit_once("_after_")?;
        let millis = time.strip_suffix("ms")?.parse().ok()?;
        let added =
            self.streams.iter().any(|stream| stream.consumers.iter().any(|consumer| consumer.name == name));
        if !added {
            return None;
        }
        self.pass(Span::from_millis(millis));
        let there = self.streams.iter().any(|stream| stream.consumer(name).is_some());
        Some(if there {
            vec![json!("there"), json!("exists"), json!("present")]
        } else {
            vec![json!("deleted")]
        })
    }

    /// A client library that keeps so many messages for a subscription and drops what comes beyond: a queue of
    /// its own that drops the newest.
    fn client_with_limit(&self, limit: u32, question: &Question) -> Value {
        let mut rules = self.core.bench.channel.rules().clone();
        rules.keeps = Keeps::Queue;
        rules.delivery.absent = channel::Absent::Kept;
        rules.length = Some(Bound { max: limit.max(1), overflow: Overflow::DropNew, slack: 0 });
        let mut client = Bench::new(rules);
        let group = client.add_group("client", NEW_GROUP);
        client.with(|channel, effects| channel.bind(group, ">", 1, effects));
        let sent = self.books.published.len();
        self.books.published.iter().for_each(|(subject, id)| {
            client.publish(id, subject);
        });
        let kept: Vec<&str> = client.channel.ready(group).map(|message| client.id(message)).collect();
        let dropped = sent > kept.len();
        let mut answers = Map::new();
        for inside in question.inside() {
            let answer = match inside.key {
                "received_n" => json!(kept.len()),
                "first" => json!(kept[..kept.len().min(2)]),
                "error_callback" => json!(if dropped { vec!["SlowConsumerError"] } else { Vec::new() }),
                // It is the library that drops, and the server does not notice.
                "still_connected" => json!(true),
                _ => continue,
            };
            answers.insert(inside.key.to_owned(), answer);
        }
        answers.into()
    }

    /// Several answers in one: for each stream, of a consumer's state, or for each who got something.
    fn objects(&self, question: &Question, unknown: &mut Vec<String>) -> Vec<Value> {
        let inside = question.inside();
        let stored = question.says("stored");
        if !stored && inside.iter().any(|inside| self.books.rows.contains_key(inside.key)) {
            let counts = ["got", "received", "deliver", "fetched", "count", "share"];
            let counts = counts.iter().any(|word| question.says(word));
            if !inside.iter().all(|inside| inside.is_list() || inside.is_number() && counts) {
                return Vec::new();
            }
            let heard = |(field, stretch): (&str, Range<usize>)| {
                let got = |inside: &Question| inside.ids(&self.fields_of(inside.key, field, stretch.clone()));
                inside.iter().map(|inside| (inside.key.to_owned(), got(inside))).collect::<Map<_, _>>().into()
            };
            let ids = self.stretches().map(|stretch| ("id", stretch));
            return ids.chain(self.stretches().map(|stretch| ("subject", stretch))).map(heard).collect();
        }
        let mut answers = Map::new();
        for inside in inside {
            match self.inside(question, &inside) {
                Some(answer) => {
                    answers.insert(inside.key.to_owned(), answer);
                }
                None => unknown.push(format!("/{}/{}", question.key, inside.key)),
            }
        }
        if answers.is_empty() { Vec::new() } else { vec![answers.into()] }
    }

    fn inside(&self, question: &Question, inside: &Question) -> Option<Value> {
        if question.says("stored") {
            let stream = self.streams.iter().find(|stream| stream.name.eq_ignore_ascii_case(inside.key))?;
            return Some(if inside.is_list() { json!(stream.stored) } else { json!(stream.len()) });
        }
        if question.says("consumer") {
            let stream = self.streams.last()?;
            let group = stream.consumers.last()?.group;
            let channel = &stream.bench.channel;
            return match inside.key {
                "num_pending" => Some(json!(channel.ready(group).count())),
                "num_ack_pending" => Some(json!(channel.held_len(group))),
                _ => None,
            };
        }
        let heard = self.core.heard_by(inside.key)?;
        let ids: Vec<&str> = heard.iter().map(|&message| self.core.bench.id(message)).collect();
        Some(inside.ids(&ids))
    }

    /// The order in which a consumer's messages came, to whomever, as ids or with how often each was delivered. The
    /// key names the consumer or its stream, or how many it may have in hand; else it may be any.
    fn orders(&self, question: &Question) -> Vec<Value> {
        let consumers =
            || self.streams.iter().flat_map(|stream| stream.consumers.iter().map(move |one| (stream, one)));
        let usual = crate::drivers::profile_of("jetstream")
            .ok()
            .and_then(|profile| profile.rules.delivery.group_prefetch);
        let number = question.words().iter().find_map(|word| word.parse::<u32>().ok());
        let without = question.says("without") || question.says("default") || question.says("unlimited");
        // The first of these by which the key speaks of any.
        let speaks = |by: usize, stream: &Stream, consumer: &Consumer| match by {
            0 => question.names(&consumer.name) || question.names(&stream.name),
            1 => number.is_some() && consumer.max_ack_pending == number,
            2 => without && consumer.max_ack_pending == usual,
            _ => true,
        };
        let by = (0..3)
            .find(|&by| consumers().any(|(stream, consumer)| speaks(by, stream, consumer)))
            .unwrap_or(3);
        let spoken_of = consumers().filter(|(stream, consumer)| speaks(by, stream, consumer));
        spoken_of
            .flat_map(|(stream, consumer)| {
                let own = self
                    .books
                    .delivered
                    .iter()
                    .filter(|(of, by, _, _)| *of == stream.name && *by == consumer.name);
                let rows: Vec<(&str, u16)> =
                    own.map(|(_, _, id, delivery)| (id.as_str(), *delivery)).collect();
                let ids: Vec<&str> = rows.iter().map(|(id, _)| *id).collect();
                [json!(ids), json!(rows)]
            })
            .collect()
    }

    /// What somebody did not get of what was published under the subjects that he subscribed to; if the key names
    /// nobody, any of those who missed something.
    fn missed(&self, question: &Question) -> Vec<Value> {
        let missed_by = |who: &str| {
            let got = self.rows_of(who, 0..usize::MAX);
            let reads = |subject: &str| {
                let readers = self.streams.iter().filter(|stream| stream.takes(subject));
                self.core.wants(who, subject) || readers.into_iter().any(|stream| stream.is_read_by(who))
            };
            let wanted = self.books.published.iter().filter(|(subject, _)| reads(subject));
            let missed = wanted.map(|(_, id)| id.as_str()).filter(|id| !got.iter().any(|got| got == id));
            question.ids(&missed.collect::<Vec<&str>>())
        };
        match self.named(question) {
            Some(who) => vec![missed_by(&who)],
            None => self.books.rows.keys().map(|who| missed_by(who)).collect(),
        }
    }
}
