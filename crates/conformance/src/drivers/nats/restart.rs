//! Recordings of several restarts, each looked at for itself.

use serde_json::{Map, Value, json};

use super::Verb;
use super::core::Core;
use super::server::Server;
use super::unsaid::Unsaid;
use crate::bench::Bench;
use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::{Step, Vector};

const MODES: &str = "modes";

/// Whether each restart has an entry of its own in `modes`.
pub(super) fn is_in_modes(vector: &Vector) -> bool {
    let modes = vector.observed.get(MODES).and_then(Value::as_object).map_or(0, Map::len);
    modes > 0 && vector.steps.iter().filter(|step| is_restart(step)).count() == modes
}

fn is_restart(step: &Step) -> bool {
    Verb::of(step) == Some(Verb::Restart)
}

/// Replays each stretch up to a restart on a server of its own.
pub(super) fn replay(vector: &Vector, unsaid: &mut Unsaid) -> Result<Replay, Stop> {
    let mut replay = Replay::default();
    let mut modes = Map::new();
    for stretch in vector.steps.split_inclusive(is_restart) {
        let Some(restart) = stretch.last().filter(|step| is_restart(step)) else { continue };
        let signal = restart.text_if("signal")?.unwrap_or("SIGTERM");
        let looked_at = vector.observed.get(MODES).and_then(|modes| modes.get(signal.to_lowercase()));
        let mut server = Server::new(vector, stretch, unsaid)?;
        server.run()?;
        let answers = server.after_restart(looked_at.and_then(Value::as_object), signal == "SIGKILL")?;
        modes.insert(signal.to_lowercase(), answers);
    }
    replay.set(MODES, modes);
    Ok(replay)
}

impl Server<'_> {
    /// What was looked at after a restart: a key names the stream by its beginning, or the core.
    fn after_restart(&mut self, looked_at: Option<&Map<String, Value>>, killed: bool) -> Result<Value, Stop> {
        let mut answers = Map::new();
        for key in looked_at.into_iter().flat_map(Map::keys) {
            let stream = self.streams.iter().position(|stream| key.starts_with(&stream.name));
            let answer = match stream {
                _ if key.starts_with("core") => json!(around_a_restart(killed)?),
                Some(stream) if key.ends_with("_after") => self.fetch_all(stream)?,
                Some(stream) if key.ends_with("_messages") => json!(self.streams[stream].len()),
                Some(_) => continue,
                None => json!("stream gone"),
            };
            answers.insert(key.clone(), answer);
        }
        Ok(answers.into())
    }

    /// Fetches whatever there is, once `ack_wait` is over: ids with how often they were delivered.
    fn fetch_all(&mut self, stream: usize) -> Result<Value, Stop> {
        let stream = &mut self.streams[stream];
        let Some(consumer) = stream.consumer("durable") else { return Ok(json!([])) };
        stream.wait_for_more(consumer);
        let member = stream.member(consumer, "durable");
        stream.bench.with(|channel, effects| channel.receive(member, u32::MAX, false, effects));
        let arrived = stream.bench.deliveries();
        let row = |bench: &Bench, message, delivery: u16| json!([bench.id(message), delivery]);
        Ok(arrived
            .iter()
            .map(|delivered| row(&stream.bench, delivered.message, delivered.delivery))
            .collect())
    }
}

/// What a core subscriber hears of a message before a restart, one while the server is down, and one after it.
fn around_a_restart(killed: bool) -> Result<Vec<String>, Stop> {
    let mut core = Core::new()?;
    core.subscribe("core", "c", None, true);
    core.bench.publish("c1", "c");
    core.bench.with(|channel, effects| if killed { channel.crash(effects) } else { channel.stop(effects) });
    core.bench.publish("c2", "c");
    core.bench.with(|channel, effects| channel.restart(effects));
    core.bench.publish("c3", "c");
    let heard = core.bench.deliveries();
    Ok(heard.iter().map(|delivered| core.bench.id(delivered.message).to_owned()).collect())
}
