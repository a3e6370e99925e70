//! The simplest reading of what a recording leaves unsaid.

use serde_json::{Map, Value};

use crate::compare::compare;
use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::Vector;

/// One thing that may have been so although the recording does not say it.
pub(in crate::drivers) type Guess<P> = Box<dyn Fn(&mut P)>;

/// Replays by the plainest plan, and takes up guesses for as long as they bring the model closer to what was
/// observed, the best one first. So a recording is reproduced by as few guesses as possible, and one that no
/// guess explains fails where the closest reading parts from it.
pub(in crate::drivers) fn closest<P: Clone>(
    vector: &Vector,
    plain: P,
    guesses: &[Guess<P>],
    play: impl Fn(&P) -> Result<Replay, Stop>,
) -> Result<Replay, Stop> {
    let away = |replay: &Replay| compare(vector, replay).differences.len();
    let (mut plan, mut replay) = (plain.clone(), play(&plain)?);
    let mut distance = away(&replay);
    while distance > 0 {
        let before = distance;
        let from = plan.clone();
        for guess in guesses {
            let mut guessed = from.clone();
            guess(&mut guessed);
            // What the product does not have is no way to read it.
            let Ok(tried) = play(&guessed) else { continue };
            if away(&tried) < distance {
                (distance, plan, replay) = (away(&tried), guessed, tried);
            }
        }
        if distance == before {
            break;
        }
    }
    Ok(replay)
}

/// Every way to read all keys of an object, as long as they are few; with a key that has no answer there is none.
pub(in crate::drivers) fn every_object(
    inside: &Map<String, Value>,
    readings: impl Fn(&str, &Value) -> Vec<Value>,
) -> Vec<Value> {
    const READINGS_MAX: usize = 256;
    let mut objects = vec![Map::new()];
    for (key, value) in inside {
        let each = readings(key, value);
        let with = |object: &Map<String, Value>| -> Vec<Map<String, Value>> {
            let with = |value: &Value| {
                let mut object = object.clone();
                object.insert(key.clone(), value.clone());
                object
            };
            each.iter().map(with).collect()
        };
        objects = objects.iter().flat_map(with).take(READINGS_MAX).collect();
    }
    objects.into_iter().map(Value::Object).collect()
}
