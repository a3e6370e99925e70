//! The steps, one after the other.

use channel::Takes;
use kernel::Span;
use serde_json::{Value, json};

use super::broker::{Begin, Broker, Client, Kept, Message, SAVED_AGAIN, Terms, Will};
use super::facts;
use super::plan::{self, Plan};
use crate::drivers::{Stop, profile_of, rules};
use crate::replay::Replay;
use crate::vector::{Step, Vector};

/// A recording while it is played.
pub(super) struct Stage<'a> {
    pub(super) vector: &'a Vector,
    plan: &'a Plan,
    pub(super) broker: Broker,
    /// What was published: id, quality, and to how many sessions it went.
    pub(super) published: Vec<(String, u8, u32)>,
    /// How many deliveries there were, and what each client held, after each step.
    pub(super) scenes: Vec<Scene>,
    /// What each client was told of its session when it connected last.
    pub(super) sessions: Vec<(String, bool)>,
    problems: Vec<(usize, String)>,
}

/// What it looked like after a step.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) rows: usize,
    pub(super) held: Vec<(String, Vec<String>)>,
}

/// Plays a recording as the plan reads it.
pub(super) fn play(vector: &Vector, plan: &Plan) -> Result<Replay, Stop> {
    let modes = modes(vector);
    let terms_at_first = terms(vector, modes.first().map(|(_, mode)| mode.as_str()))?;
    let mut stage = Stage {
        vector,
        plan,
        broker: Broker::new(terms_at_first),
        published: Vec::new(),
        scenes: Vec::new(),
        sessions: Vec::new(),
        problems: Vec::new(),
    };
    for step in &vector.steps {
        if let Some((_, mode)) = modes.iter().skip(1).find(|(first, _)| *first == step.number) {
            stage.let_clients_work();
            stage.broker.begin_anew(terms(vector, Some(mode))?);
        }
        stage.step(step)?;
        stage.look();
    }
    stage.let_clients_work();
    let mut replay = Replay::default();
    for row in &stage.broker.rows {
        let written = json!({
            "id": row.id,
            "qos": row.quality,
            "redelivered": row.redelivered,
            "retained": row.retained,
            "topic": row.topic,
        });
        replay.row(&row.who, written);
    }
    for (number, problem) in &stage.problems {
        replay.row(&format!("step {number}"), json!(problem));
    }
    facts::answer(&stage, &mut replay);
    Ok(replay)
}

/// Where a restart says in which mode the broker runs, each mode is a broker of its own: it begins with the first
/// step in the name of a client that is called after it.
fn modes(vector: &Vector) -> Vec<(usize, String)> {
    let restarts = vector.steps.iter().filter(|step| step.op == "restart");
    let mut modes: Vec<(usize, String)> = Vec::new();
    let mut from = 0;
    for (step, mode) in restarts.filter_map(|step| Some((step.number, step.raw("mode")?.as_str()?))) {
        let of_mode =
            |step: &&Step| step.raw("who").and_then(Value::as_str).is_some_and(|who| who.starts_with(mode));
        let first = vector.steps[from..step].iter().find(of_mode).map_or(from, |step| step.number);
        modes.push((first, mode.to_owned()));
        from = step + 1;
    }
    modes
}

/// The rules that `config` and the name of a mode ask for, and how sessions are served that are kept.
fn terms(vector: &Vector, mode: Option<&str>) -> Result<Terms, Stop> {
    let profile = profile_of("mqtt")?;
    let mut values: Vec<(&str, channel::Value)> = Vec::new();
    if let Some(mode) = mode {
        let off = ["no_persistence", "without_persistence", "persistence_false", "persistence_off"];
        let on = mode.contains("persisten") && !off.iter().any(|word| mode.contains(word));
        values.push(("persistence", channel::Value::Flag(on)));
        if mode.contains("autosave") {
            values.push(("autosave_interval", channel::Value::Span(SAVED_AGAIN)));
        }
    }
    for (key, value) in &vector.config {
        let Some(parameter) = profile.parameter(key) else { continue };
        let wanted = match parameter.takes {
            Takes::Count { .. } => {
                value.as_u64().and_then(|count| u32::try_from(count).ok()).map(channel::Value::Count)
            }
            Takes::Flag => value.as_bool().map(channel::Value::Flag),
            Takes::Span { .. } => {
                value.as_f64().map(|seconds| channel::Value::Span(Span::from_seconds(seconds)))
            }
            Takes::Choice(_) => None,
        };
        values.extend(wanted.map(|value| (parameter.name, value)));
    }
    // Persistence first: other parameters say more about it.
    values.sort_by_key(|(name, _)| *name != "persistence");
    let keeping =
        rules("mqtt", &[values.as_slice(), &[("clean_session", channel::Value::Flag(false))]].concat())?;
    let saves_changes = mode.is_some_and(|mode| mode.contains("autosave"));
    Ok(Terms { rules: rules("mqtt", &values)?, keeping: keeping.delivery, saves_changes })
}

impl Stage<'_> {
    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match step.op.as_str() {
            "connect" | "reconnect" => self.connect(step)?,
            "subscribe" => self.subscribe(step)?,
            "unsubscribe" => {
                if let Some(client) = self.client(step)? {
                    self.broker.unsubscribe(client, filter(step)?);
                }
            }
            "publish" => self.publish(step)?,
            "publish_many" => {
                for n in 1..=step.number("n")? {
                    let message = Message { id: format!("m{n}"), ..self.message(step, "t")? };
                    self.send(&message);
                }
            }
            "puback" | "ack" => {
                if let Some(client) = self.client(step)? {
                    let known = self.broker.acknowledge(client, Some(step.text("id")?));
                    self.expect(step, known, "it does not hold this message");
                }
            }
            "pubrec" => {
                if let Some(client) = self.client(step)? {
                    let known = self.broker.receive(client, step.text("id")?);
                    self.expect(step, known, "it does not hold this message");
                }
            }
            "pubcomp" => {
                if let Some(client) = self.client(step)? {
                    self.broker.complete(client, step.text("id")?);
                }
            }
            "disconnect" | "close" => {
                if let Some(client) = self.client(step)? {
                    self.broker.disconnect(client);
                }
            }
            "crash" | "kill" => {
                if let Some(client) = self.client(step)? {
                    self.give_will(client, "crashed");
                    self.broker.cut_off(client);
                }
            }
            "sleep" | "wait" => self.broker.pass(Span::from_millis(step.number("ms")?)),
            "restart" => {
                let killed = step.text_if("signal")?.is_some_and(|signal| signal.ends_with("KILL"));
                self.broker.restart(killed);
            }
            // Part of the protocol that changes nothing here, and a summary of steps that were written down.
            "pubrel" | "ping" | "subscribe_again" => {}
            remark if remark.contains(' ') => {}
            _ => return Err(step.unknown("MQTT")),
        }
        Ok(())
    }

    fn expect(&mut self, step: &Step, holds: bool, otherwise: &str) {
        if !holds {
            self.problems.push((step.number, otherwise.to_owned()));
        }
    }

    /// The connection of whoever does a step.
    fn client(&mut self, step: &Step) -> Result<Option<usize>, Stop> {
        let who = step.text("who")?;
        let found = self.broker.connection(|client| client.name == who);
        self.expect(step, found.is_some(), "it is not connected");
        Ok(found)
    }

    /// The client id of somebody: the name, unless it is that of a client whose name it continues with a number.
    fn client_id(&self, step: &Step, who: &str) -> String {
        if let Some(id) = step.raw("client_id").and_then(Value::as_str) {
            return id.to_owned();
        }
        let base = who.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let known = base != who && self.broker.connection(|client| client.name == base).is_some();
        if self.plan.numbered && known { base.to_owned() } else { who.to_owned() }
    }

    fn connect(&mut self, step: &Step) -> Result<(), Stop> {
        let who = step.text("who")?;
        let id = self.client_id(step, who);
        let clean = plan::is_clean(step);
        let kept = match (plan::is_v5(step), plan::session_expiry(step)) {
            (false, _) if clean => Kept::No,
            (false, _) => Kept::Always,
            (true, Some(seconds)) if seconds >= f64::from(u32::MAX) => Kept::Always,
            (true, Some(seconds)) if seconds > 0.0 => Kept::For(Span::from_seconds(seconds)),
            (true, None) if self.plan.kept.contains(who) => Kept::Always,
            (true, Some(_) | None) => Kept::No,
        };
        let same_id = self.broker.connection(|client| client.name == id || client.name == who);
        if let Some(before) = same_id {
            self.give_will(before, "taken_over");
        }
        let client = Client {
            name: who.to_owned(),
            id,
            connected: true,
            will: step.raw("will").map(|will| self.stated_will(will)),
            acknowledges: self.plan.acknowledge.contains(who),
            ..Client::default()
        };
        let present = self.broker.connect(client, Begin { clean, kept });
        if let Some(said) = step.flag_if("session_present")? {
            self.expect(step, said == present, &format!("session_present is {present}"));
        }
        self.sessions.retain(|(known, _)| known != who);
        self.sessions.push((who.to_owned(), present));
        Ok(())
    }

    fn stated_will(&self, will: &Value) -> Will {
        let text = |keys: [&str; 3]| keys.into_iter().find_map(|key| will.get(key)).and_then(Value::as_str);
        Message {
            topic: text(["topic", "will_topic", "to"]).unwrap_or("will").to_owned(),
            id: text(["id", "payload", "message"]).unwrap_or("will").to_owned(),
            quality: will.get("qos").and_then(Value::as_u64).map_or(1, |quality| quality as u8),
            retained: will.get("retain").and_then(Value::as_bool).unwrap_or(false),
            expires_after: None,
        }
    }

    /// Where somebody listens to wills and no step states them, each client has one that says what happened.
    fn give_will(&mut self, client: usize, id: &str) {
        let Some(filter) = plan::will_filter(self.vector).filter(|_| !self.broker.has_will(client)) else {
            return;
        };
        let topic = filter.replace(['+', '#'], &self.broker.clients[client].name);
        let id = id.to_owned();
        self.broker.will(client, Message { topic, id, quality: 1, retained: false, expires_after: None });
    }

    fn subscribe(&mut self, step: &Step) -> Result<(), Stop> {
        let Some(client) = self.client(step)? else { return Ok(()) };
        let quality = step.number_if("qos")?.unwrap_or(0).min(2) as u8;
        if let Some(filters) = step.raw("filters").and_then(Value::as_array) {
            for filter in filters {
                let own = filter.get("qos").and_then(Value::as_u64).map_or(quality, |quality| quality as u8);
                let text = filter.as_str().or_else(|| filter.get("filter")?.as_str());
                self.broker.subscribe(client, text.unwrap_or_default(), own);
            }
        } else {
            self.broker.subscribe(client, filter(step)?, quality);
        }
        Ok(())
    }

    fn publish(&mut self, step: &Step) -> Result<(), Stop> {
        let message = self.message(step, step.text("topic")?)?;
        if self.is_same_packet(step, &message) {
            self.published.push((message.id, message.quality, 0));
        } else {
            self.send(&message);
        }
        Ok(())
    }

    fn send(&mut self, message: &Message) {
        let groups = self.broker.publish(message);
        self.published.push((message.id.clone(), message.quality, groups));
    }

    fn message(&self, step: &Step, topic: &str) -> Result<Message, Stop> {
        let id = step.text_if("id")?.unwrap_or("").to_owned();
        let keys =
            ["expiry", "message_expiry", "message_expiry_interval", "message_expiry_s", "expires_after"];
        let stated =
            keys.into_iter().find_map(|key| step.raw(key)).and_then(Value::as_f64).map(Span::from_seconds);
        Ok(Message {
            topic: step.text_if("topic")?.unwrap_or(topic).to_owned(),
            quality: step.number_if("qos")?.unwrap_or(0).min(2) as u8,
            retained: step.flag("retain")?,
            expires_after: stated.or_else(|| named_expiry(&id)),
            id,
        })
    }

    /// Whether a publication is a packet that the publisher sends again, not a new one: of several that repeat
    /// an id the first is, where no step says so.
    fn is_same_packet(&self, step: &Step, message: &Message) -> bool {
        if message.quality < 2 || message.id.is_empty() {
            return false;
        }
        if step.raw("same_packet_id").or_else(|| step.raw("dup")) == Some(&Value::Bool(true)) {
            return true;
        }
        let is_repeat = |index: usize| {
            let (id, quality, _) = &self.published[index];
            *quality == 2 && self.published[..index].iter().any(|(before, _, _)| before == id)
        };
        let is_first = !(0..self.published.len()).any(is_repeat);
        is_first && self.published.iter().any(|(id, quality, _)| *quality == 2 && *id == message.id)
    }

    fn look(&mut self) {
        let connected =
            (0..self.broker.clients.len()).filter(|&client| self.broker.clients[client].connected);
        let held =
            connected.map(|client| (self.broker.clients[client].name.clone(), self.broker.holds(client)));
        self.scenes.push(Scene { rows: self.broker.rows.len(), held: held.collect() });
    }

    /// What a recording does in the end without saying so: clients that were seen to get more than may be in
    /// flight acknowledge, oldest first.
    fn let_clients_work(&mut self) {
        loop {
            let wanting: Vec<usize> = (0..self.broker.clients.len())
                .filter(|&client| self.broker.clients[client].connected && self.got_more(client))
                .collect();
            let mut worked = false;
            for client in wanting {
                worked |= self.broker.acknowledge(client, None);
            }
            if !worked {
                break;
            }
        }
    }

    fn got_more(&self, client: usize) -> bool {
        let name = &self.broker.clients[client].name;
        let seen = self.vector.consumer(name).and_then(Value::as_array).map_or(0, Vec::len);
        self.broker.rows.iter().filter(|row| row.who == *name).count() < seen
    }
}

fn filter(step: &Step) -> Result<&str, Stop> {
    match step.text_if("filter")? {
        Some(filter) => Ok(filter),
        None => step.text("topic"),
    }
}

/// How long a message lives that is called `.._expiry_1s..` or `.._expiry_500ms..`.
fn named_expiry(id: &str) -> Option<Span> {
    let said = id.split("expiry_").nth(1)?.split('_').next()?;
    let (number, in_millis) = match (said.strip_suffix("ms"), said.strip_suffix('s')) {
        (Some(number), _) => (number, true),
        (None, Some(number)) => (number, false),
        (None, None) => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some(Span::from_seconds(if in_millis { number / 1e3 } else { number }))
}
