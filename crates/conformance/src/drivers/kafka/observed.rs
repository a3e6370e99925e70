//! What was looked at besides the deliveries, answered from what the model did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::cluster::{Cluster, Produced, Row};
use super::groups::{Consumer, Shares};
use crate::question::Question;
use crate::replay::Replay;

impl Cluster<'_> {
    /// What happened, in the form of the recording.
    pub(super) fn replay(mut self) -> Replay {
        let mut replay = Replay { copies_vary: self.is_shared(), ..Replay::default() };
        replay.answer("consumers", vec![self.lists(false), self.lists(true)]);
        let vector = self.vector;
        for question in Question::all(&vector.observed).filter(|question| question.key != "consumers") {
            let answers = self.answers(&question);
            replay.answer(question.key, answers);
        }
        replay
    }

    /// Whether a group had several members at a time. How much they poll before they are told to stop is a
    /// matter of timing.
    fn is_shared(&self) -> bool {
        self.groups.iter().any(|group| group.shares.iter().any(|shares| shares.of.len() > 1))
    }

    /// The rows of each consumer: as they came, or by partition and offset.
    fn lists(&self, sorted: bool) -> Value {
        let mut lists: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for consumer in &self.consumers {
            lists.entry(&consumer.who).or_default();
        }
        for row in &self.rows {
            lists.entry(&self.consumers[row.consumer].who).or_default().push(row);
        }
        let mut all = Map::new();
        for (who, mut rows) in lists {
            if self.is_elsewhere(who) || !self.has_real_entries(who) {
                continue;
            }
            if sorted {
                rows.sort_by_key(|row| row.position);
            }
            let row = |row: &&Row| {
                let (partition, offset) = (row.position.partition(), row.position.offset());
                let produced = self.produced.iter().find(|produced| produced.position == row.position);
                let key = produced.and_then(|produced| produced.key.as_deref());
                json!({ "id": row.id, "partition": partition, "offset": offset, "key": key })
            };
            all.insert(who.to_owned(), rows.iter().map(row).collect());
        }
        all.into()
    }

    /// Whether what was written down of somebody are entries of the topics. Where who got what is a matter of chance
    /// this is what has to hold; if it does not, the model knows of nobody who got that.
    fn has_real_entries(&self, who: &str) -> bool {
        let rows = self.vector.consumer(who).and_then(Value::as_array);
        let entry = |produced: &Produced, row: &Value| {
            row["id"].as_str() == Some(&produced.id)
                && row["partition"].as_u64().is_none_or(|at| at == u64::from(produced.position.partition()))
                && row["offset"].as_u64().is_none_or(|at| at == produced.position.offset())
        };
        let mut varying = rows.into_iter().flatten().filter(|_| !self.vector.varies.is_empty());
        varying.all(|row| self.produced.iter().any(|produced| entry(produced, row)))
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
    fn answers(&mut self, question: &Question) -> Vec<Value> {
        let words = question.words();
        if question.is_object() {
            return self.objects(question);
        }
        if question.says("event") {
            return self.events(question);
        }
        if question.is_text() {
            return self.texts(question);
        }
        if question.is_flag() {
            return self.flags(question).map(Value::Bool).into_iter().collect();
        }
        if question.says("alone") {
            let alone = self.shares().find(|shares| shares.of.len() == 1);
            return alone
                .and_then(|shares| shares.of.values().next())
                .map(|owned| json!(owned))
                .into_iter()
                .collect();
        }
        if question.is_list() && (question.says("split") || question.says("consumer")) {
            return self.counts(question).into_iter().collect();
        }
        if question.says("lost") || question.says("miss") {
            // Without unfinished work the model cannot tell what the script counts as lost.
            let known = !self.unfinished.is_empty();
            return known.then(|| question.ids(&self.lost(question))).into_iter().collect();
        }
        if question.says("duplicate")
            || question.says("twice")
            || question.says("again")
            || question.says("redeliver")
        {
            return self.again(question);
        }
        if let Some(partition) =
            words.iter().find_map(|word| word.strip_prefix("partition")?.parse::<u16>().ok())
        {
            let ids = self.distinct(question, partition);
            return vec![question.ids(&ids)];
        }
        if question.is_number() {
            return self.numbers(question).into_iter().map(|number| json!(number)).collect();
        }
        Vec::new()
    }

    /// How the groups' partitions were shared out, in order.
    fn shares(&self) -> impl Iterator<Item = &Shares> {
        self.groups.iter().flat_map(|group| &group.shares)
    }

    /// The consumer that a key names.
    fn named(&self, question: &Question) -> Option<usize> {
        let named = |consumer: &Consumer| question.names(&consumer.who);
        self.consumers.iter().position(named)
    }

    /// Partitions of keys, for each partitioner.
    fn objects(&self, question: &Question) -> Vec<Value> {
        let mut found: BTreeMap<&str, BTreeMap<&str, BTreeSet<u16>>> = BTreeMap::new();
        for produced in &self.produced {
            if let Some(key) = &produced.key {
                let by_key = found.entry(&produced.partitioner).or_default();
                by_key.entry(key).or_default().insert(produced.position.partition());
            }
        }
        match (question.says("key"), found.len()) {
            (true, 1) if question.inside().iter().all(|inside| !inside.is_object()) => {
                found.values().map(|by_key| json!(by_key)).collect()
            }
            (true, 1..) => vec![json!(found)],
            (true, 0) | (false, _) => Vec::new(),
        }
    }

    /// What a client was told of its partitions. It learns of the last change only if it is asked once more.
    fn events(&self, question: &Question) -> Vec<Value> {
        let Some(consumer) = self.named(question) else { return Vec::new() };
        let events = &self.consumers[consumer].events;
        let before = events.split_last().filter(|(last, _)| **last == "assign").map(|(_, before)| before);
        std::iter::once(json!(events)).chain(before.map(|before| json!(before))).collect()
    }

    /// What a client was answered.
    fn texts(&mut self, question: &Question) -> Vec<Value> {
        let put_out = self.consumers.iter().position(|consumer| consumer.put_out);
        let Some(put_out) = put_out.map(|put_out| self.named(question).unwrap_or(put_out)) else {
            return Vec::new();
        };
        if question.says("commit") {
            let last = self.rows.iter().rev().find(|row| row.consumer == put_out).and_then(|row| row.tag);
            let (group, member) = (self.consumers[put_out].group, self.consumers[put_out].member);
            let counted = last.is_some_and(|tag| self.bench_of(group).acknowledge(member, tag));
            return vec![if counted { Value::Null } else { json!("UNKNOWN_MEMBER_ID") }];
        }
        if question.says("poll") {
            let told = self.consumers[put_out].put_out;
            return vec![if told { json!("_MAX_POLL_EXCEEDED") } else { Value::Null }];
        }
        Vec::new()
    }

    fn flags(&self, question: &Question) -> Option<bool> {
        if question.says("order") && question.says("key") {
            return Some(self.keeps_order_of_keys());
        }
        if question.says("all") && question.says("received") {
            let got = |id: &str| self.rows.iter().any(|row| row.id == id);
            return Some(self.produced.iter().all(|produced| got(&produced.id)));
        }
        if question.says("takeover") || question.says("session") {
            return self.takeover_fits(question);
        }
        if question.says("delivered") {
            let named = self.produced.iter().find(|produced| question.names(&produced.id))?;
            return Some(self.rows.iter().filter(|row| row.id == named.id).count() > 1);
        }
        None
    }

    /// Whether each consumer got the messages of a key in the order in which they were produced.
    fn keeps_order_of_keys(&self) -> bool {
        (0..self.consumers.len()).all(|consumer| {
            let mut last: BTreeMap<(&str, &str), usize> = BTreeMap::new();
            self.rows.iter().filter(|row| row.consumer == consumer).all(|row| {
                let place = self.produced.iter().position(|produced| produced.position == row.position);
                let Some((place, key)) =
                    place.and_then(|place| Some((place, self.produced[place].key.as_deref()?)))
                else {
                    return true;
                };
                let with = self.produced[place].partitioner.as_str();
                last.insert((key, with), place).is_none_or(|before| before < place)
            })
        })
    }

    /// Whether the partitions of a member that left or crashed went to others when the key says: before its session
    /// could have ended, or not before.
    fn takeover_fits(&self, question: &Question) -> Option<bool> {
        let lost_one = |pair: &[Shares]| pair[0].of.keys().any(|member| !pair[1].of.contains_key(member));
        let group = self.groups.iter().find(|group| group.shares.windows(2).any(lost_one))?;
        let gone = group.shares.windows(2).rposition(lost_one)? + 1;
        let last = group.shares.last()?;
        let next = self.rows.get(last.after_rows).map_or(last.at, |row| row.at);
        let waited = next.since(group.shares[gone].at);
        let says = |words: &[&str]| question.words().iter().any(|word| words.contains(&word.as_str()));
        let soon = says(&["close", "under", "before", "within"]) && !says(&["no", "not", "nothing", "none"]);
        Some((waited < group.session_timeout) == soon)
    }

    /// How many partitions each member has, the fewest first: with as many members as the key says, else as were
    /// listed, else when there were most.
    fn counts(&self, question: &Question) -> Option<Value> {
        let said = question.words().iter().find_map(|word| word.parse::<usize>().ok());
        let listed = self.vector.observed.get(question.key)?.as_array()?.len();
        let with_members = self.shares().find(|shares| shares.of.len() == said.unwrap_or(listed));
        let most = self.shares().max_by_key(|shares| shares.of.len()).filter(|_| said.is_none());
        let shares = with_members.or(most);
        let mut counts: Vec<usize> =
            shares.into_iter().flat_map(|shares| shares.of.values()).map(Vec::len).collect();
        counts.sort_unstable();
        Some(json!(counts))
    }

    /// Messages whose work was not finished and that did not come again.
    fn lost(&self, question: &Question) -> Vec<&str> {
        let named = self.named(question);
        let of = self.unfinished.iter().filter(|(consumer, _)| named.is_none_or(|named| named == *consumer));
        let gone = of.filter(|(consumer, id)| {
            let group = self.consumers[*consumer].group;
            !self.rows.iter().any(|row| row.consumer != *consumer && row.group == group && row.id == *id)
        });
        gone.map(|(_, id)| id.as_str()).collect()
    }

    /// What a group was given once more: after somebody joined and until the next change, if the key says so, else
    /// at any time. A number counts deliveries, or messages.
    fn again(&self, question: &Question) -> Vec<Value> {
        let changes: Vec<&Shares> = self.groups.iter().flat_map(|group| &group.shares).collect();
        let mut range = 0..self.rows.len();
        if question.says("join")
            && let Some(joined) = changes.iter().position(|shares| shares.of.len() > 1)
        {
            let end = changes.get(joined + 1).map_or(self.rows.len(), |next| next.after_rows);
            range = changes[joined].after_rows..end;
        }
        let before = |at: usize| {
            let row = &self.rows[at];
            self.rows[..at].iter().any(|other| other.group == row.group && other.position == row.position)
        };
        let again: Vec<&str> = range.filter(|at| before(*at)).map(|at| self.rows[at].id.as_str()).collect();
        let mut distinct = again.clone();
        let mut seen = BTreeSet::new();
        distinct.retain(|id| seen.insert(*id));
        vec![question.ids(&again), question.ids(&distinct)]
    }

    /// What somebody got of a partition, each message once.
    fn distinct(&self, question: &Question, partition: u16) -> Vec<&str> {
        let who = self.named(question).or(self.consumers.len().checked_sub(1));
        let mut seen = BTreeSet::new();
        let own =
            self.rows.iter().filter(|row| Some(row.consumer) == who && row.position.partition() == partition);
        own.map(|row| row.id.as_str()).filter(|id| seen.insert(*id)).collect()
    }

    /// Copies of a message, stored or delivered; or entries of the topic, by the offset of its end or all of them.
    fn numbers(&self, question: &Question) -> Vec<usize> {
        if let Some(named) = self.produced.iter().find(|produced| question.names(&produced.id)) {
            let stored = self.produced.iter().filter(|produced| produced.id == named.id).count();
            let delivered = self.rows.iter().filter(|row| row.id == named.id).count();
            return if question.says("deliver") { vec![delivered] } else { vec![stored] };
        }
        let Some(topic) = self.topics.first() else { return Vec::new() };
        let channel = &topic.bench.channel;
        if ["watermark", "end"].iter().any(|word| question.says(word)) {
            return (0..channel.partitions()).map(|partition| channel.end(partition) as usize).collect();
        }
        if ["stored", "left", "remain", "log"].iter().any(|word| question.says(word)) {
            return vec![(0..channel.partitions()).map(|partition| channel.entries(partition).count()).sum()];
        }
        Vec::new()
    }
}
