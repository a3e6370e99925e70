//! What consumers have in hand, and how they settle it.

use channel::{Rejection, Subscription, Tag};
use serde_json::Value;

use super::Verb;
use super::plan::Reader;
use super::server::Server;
use super::terms::{self, Settings};
use crate::drivers::Stop;
use crate::vector::Step;

/// A delivery that may still be settled.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    pub(super) stream: usize,
    pub(super) who: String,
    pub(super) member: Subscription,
    pub(super) id: String,
    pub(super) tag: Option<Tag>,
    pub(super) delivery: u16,
}

/// Deliveries in hand, the latest last.
pub(super) type Hands = Vec<Hand>;

impl Server<'_> {
    /// Takes deliveries in hand, and acknowledges at once what the recording does not settle later. What came
    /// by one fetch is treated alike.
    pub(super) fn take_in_hand(&mut self, hands: Hands, fetch: Option<&Step>) {
        let settled = |hand: &Hand| self.is_settled_later(hand, fetch);
        let (later, unsaid): (Hands, Hands) = hands.into_iter().partition(settled);
        let others_fetch = later.iter().any(|hand| self.somebody_fetches_before_settling(hand, fetch));
        if others_fetch && self.unsaid.is_so() {
            later.iter().for_each(|hand| self.acknowledge(hand));
        } else {
            self.hands.extend(later);
        }
        let Some(last) = unsaid.last() else { return };
        let crashes = self.crashes_before_next_fetch(fetch, &last.who);
        let again = unsaid.iter().any(|hand| self.is_recorded_again(&hand.id, hand.delivery));
        let mut keeps = crashes;
        if crashes != again && self.unsaid.is_so() {
            keeps = again;
        }
        if keeps {
            self.hands.extend(unsaid);
        } else {
            unsaid.iter().for_each(|hand| self.acknowledge(hand));
        }
    }

    fn is_settled_later(&self, hand: &Hand, fetch: Option<&Step>) -> bool {
        self.steps_after(fetch).any(|step| settles(step, hand))
    }

    /// Whether the step that settles a delivery may as well be about a later one.
    fn somebody_fetches_before_settling(&self, hand: &Hand, fetch: Option<&Step>) -> bool {
        let mut before = self.steps_after(fetch).take_while(|step| !settles(step, hand));
        fetch.is_some() && before.any(|step| Verb::of(step) == Some(Verb::Fetch))
    }

    fn steps_after(&self, fetch: Option<&Step>) -> impl Iterator<Item = &Step> {
        // What is pushed comes with no step of its own, and may be settled by any.
        let from = fetch.map_or(0, |fetch| fetch.number + 1);
        self.steps.iter().filter(move |step| step.number >= from)
    }

    fn crashes_before_next_fetch(&self, fetch: Option<&Step>, who: &str) -> bool {
        let own = |step: &&Step| matches!(step.text_if("who"), Ok(Some(other)) if other == who);
        let mut decisive = self.steps_after(fetch).filter(own).map(Verb::of);
        let next = decisive.find(|verb| matches!(verb, Some(Verb::Fetch | Verb::Crash)));
        next == Some(Some(Verb::Crash))
    }

    /// Whether a later delivery of a message was written down. What the fetch itself brought must come out right
    /// in any case.
    pub(super) fn is_recorded_again(&self, id: &str, delivery: u16) -> bool {
        let rows = self.vector.observed.get("consumers").and_then(Value::as_object);
        let mut rows =
            rows.into_iter().flat_map(|consumers| consumers.values()).filter_map(Value::as_array).flatten();
        rows.any(|row| {
            row["id"].as_str() == Some(id)
                && row["num_delivered"].as_u64().is_some_and(|later| later > u64::from(delivery))
        })
    }

    fn acknowledge(&mut self, hand: &Hand) {
        if let Some(tag) = hand.tag {
            self.streams[hand.stream].bench.acknowledge(hand.member, tag);
        }
    }

    /// Settles the latest delivery with the id that a step names; without an id, all in those hands.
    pub(super) fn settle(&mut self, step: &Step) -> Result<(), Stop> {
        let of_step = |hand: &Hand| settles(step, hand);
        let mut chosen: Hands = self.hands.iter().filter(|hand| of_step(hand)).cloned().collect();
        if step.has("id") {
            chosen = chosen.pop().into_iter().collect();
        }
        for hand in chosen {
            let Some(tag) = hand.tag else { continue };
            let how = match step.op.as_str() {
                "in_progress" => {
                    self.streams[hand.stream].bench.channel.extend(hand.member, tag);
                    continue;
                }
                "nak" | "nak_all" => {
                    Some(terms::span(step, "delay")?.map_or(Rejection::Requeue, Rejection::After))
                }
                "term" => Some(Rejection::Discard),
                _ => None,
            };
            self.hands.retain(|other| other.tag != hand.tag || other.stream != hand.stream);
            match how {
                Some(how) => {
                    self.streams[hand.stream].bench.reject(hand.member, tag, how);
                }
                None => self.acknowledge(&hand),
            }
        }
        Ok(())
    }

    /// What a consumer was given and no step says.
    pub(super) fn unsaid_settings(&mut self, reader: &Reader) -> Result<Settings, Stop> {
        let mut settings = Settings::new();
        let said = |name: &str| {
            self.steps.iter().any(|step| step.has(name)) || self.vector.config.contains_key(name)
        };
        let one_by_one = self.plan.is_read_one_by_one(reader, self.steps);
        if one_by_one && !said("max_ack_pending") && self.unsaid.is_so() {
            settings.extend(terms::setting("max_ack_pending", &Value::from(1))?);
        }
        let advisory = |key: &String| key.contains("advisor") || key.contains("max_deliver");
        if !said("max_deliver") && self.vector.observed.keys().any(advisory) {
            settings.extend(terms::setting("max_deliver", &Value::from(self.most_deliveries()))?);
        }
        for name in ["max_ack_pending", "max_deliver", "ack_wait"] {
            if let Some(value) = self.vector.config.get(name) {
                settings.extend(terms::setting(name, value)?);
            }
        }
        Ok(settings)
    }

    /// How often the message came that came most often.
    fn most_deliveries(&self) -> u64 {
        let consumers = self.vector.observed.get("consumers").and_then(Value::as_object);
        let rows = consumers.into_iter().flat_map(|consumers| consumers.values());
        let rows = rows.filter_map(Value::as_array).flatten();
        rows.filter_map(|row| row["num_delivered"].as_u64()).max().unwrap_or(1)
    }

    /// A step that is a sentence: `fetch 2, ack m1`.
    pub(super) fn in_words(&mut self, step: &Step) -> Result<(), Stop> {
        let Some((most, ids)) = fetch_and_ack(&step.op) else {
            self.books.not_understood.push(format!("step {} only says \"{}\"", step.number, step.op));
            return Ok(());
        };
        let Some(stream) = self.streams.first_mut() else { return Ok(()) };
        let consumer = match stream.consumer("durable") {
            Some(consumer) => consumer,
            None => stream.add_consumer("durable", None, Settings::new())?,
        };
        let member = stream.member(consumer, "durable");
        stream.bench.with(|channel, effects| channel.receive(member, most, false, effects));
        let arrived = stream.bench.deliveries();
        let hands: Hands = arrived.iter().map(|delivered| self.write_down(0, delivered)).collect();
        for hand in &hands {
            if ids.contains(&hand.id.as_str()) {
                self.acknowledge(hand);
            }
        }
        Ok(())
    }
}

/// Whether a step settles a delivery like this one.
fn settles(step: &Step, hand: &Hand) -> bool {
    let agrees = |name: &str, value: &str| match step.text_if(name) {
        Ok(Some(said)) => said == value,
        Ok(None) => true,
        Err(_) => false,
    };
    Verb::of(step) == Some(Verb::Settle) && agrees("id", &hand.id) && agrees("who", &hand.who)
}

/// How many are fetched, and which of them are acknowledged.
fn fetch_and_ack(words: &str) -> Option<(u32, Vec<&str>)> {
    let (fetch, ack) = words.split_once(", ack")?;
    let most = fetch.strip_prefix("fetch")?.trim().parse().ok()?;
    Some((most, ack.split([',', ' ']).filter(|id| !id.is_empty()).collect()))
}
