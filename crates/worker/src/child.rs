//! A child: makes the study that the lead made, and plays what it is given.

use compare::Study;
use serde_json::{Value, json};

use crate::{Message, commission};

/// So many cases behind a cell are looked for.
const CASES_MAX: usize = 12;

/// Somebody who plays.
pub struct Child {
    study: Study,
}

/// What a child needs in order to make the study: the scenario, and what the page asked for.
pub(crate) fn order(text: &str, begin: &Value) -> String {
    json!({ "text": text, "begin": begin }).to_string()
}

impl Child {
    /// From the lead's order.
    ///
    /// # Errors
    /// If it cannot be read, which the lead would have noticed.
    pub fn new(order: &str) -> Result<Child, String> {
        let order: Value = serde_json::from_str(order).map_err(|error| error.to_string())?;
        let text = order["text"].as_str().unwrap_or_default();
        let commission = commission(text, &order["begin"]).map_err(|problem| problem.words)?;
        Ok(Child { study: commission.study })
    }

    /// Does what the lead says. It is never asked to stop: the lead ends it.
    pub fn answer(&self, message: &Message) -> Option<Message> {
        let go_on = &mut || true;
        match message {
            Message::Turns(turns) => {
                let mut list = Vec::with_capacity(turns.len());
                for &turn in turns {
                    list.push((turn, self.study.play(turn, go_on)?));
                }
                Some(Message::Found(list))
            }
            Message::Ask { contender, row, number } => {
                let seed = self.study.seed(*contender, *number);
                let list = compare::behind(&self.study, *contender, row, seed, CASES_MAX, go_on)?;
                Some(Message::Behind(list))
            }
            Message::Order(_) | Message::Found(_) | Message::Behind(_) | Message::Wrong(_) => None,
        }
    }
}
