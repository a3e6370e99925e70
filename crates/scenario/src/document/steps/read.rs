//! Steps out of the tree.

use topology::{Habits, Jitter, Operator, Retry};

use super::{Call, Sending, Step, Steps, Values};
use crate::diagnostic::{At, Problems};
use crate::document::Named;
use crate::document::parts::at;
use crate::document::read::{duration, formula, name, name_of, percent, whole};
use crate::document::time::time;
use crate::line::expression::Formula;
use crate::line::policy::{attempts, growth, versions};
use crate::tree::Node;
use crate::units::{DURATION_MAX, duration_text};

/// What a service does with a message, and how: steps alone, or with habits.
pub(in crate::document) fn handler(node: &Node, problems: &mut Problems) -> (Habits, Steps) {
    let Some(list) = node.field("steps") else { return (Habits::default(), steps(node, problems)) };
    let habits = Habits {
        durable: is(node, "durable", "yes"),
        released: is(node, "worker", "released"),
        reads: node.field("reads").and_then(|reads| versions(reads.text()?).ok()),
    };
    (habits, steps(list, problems))
}

fn steps(node: &Node, problems: &mut Problems) -> Steps {
    node.items().iter().filter_map(|item| Some(at(item, step(item, problems)?))).collect()
}

fn step(node: &Node, problems: &mut Problems) -> Option<Step> {
    if let Some(word) = node.text() {
        return match word {
            "work" => Some(Step::Work { time: None, times: None }),
            "reply" => Some(Step::Reply(Vec::new())),
            "fail" => Some(Step::Fail),
            _ => None,
        };
    }
    // Where it is a step at all, its own key is the one that is not of its blocks.
    let of_blocks = ["then", "else", "steps"];
    let head = node.entries().iter().find(|entry| !of_blocks.contains(&entry.key.as_str()))?;
    let value = &head.node;
    let mut block = |key: &str| node.field(key).map(|list| steps(list, problems));
    match head.key.as_str() {
        "if" => {
            let (then, otherwise) = (block("then")?, block("else").unwrap_or_default());
            Some(Step::If { condition: condition(value)?, then, otherwise })
        }
        "chance" => {
            let (then, otherwise) = (block("then")?, block("else").unwrap_or_default());
            Some(Step::Chance { probability: percent(Some(value))?, then, otherwise })
        }
        "try" => {
            let (steps, otherwise) = (block("try")?, block("else").unwrap_or_default());
            Some(Step::Try { steps, otherwise })
        }
        "undo" => Some(Step::Undo(block("undo")?)),
        "parallel" => Some(Step::Parallel(value.items().iter().map(|list| steps(list, problems)).collect())),
        "deadline" => {
            let (steps, otherwise) = (block("steps")?, block("else"));
            Some(Step::Deadline { time: time(Some(value), problems)?, steps, otherwise })
        }
        "retry" => {
            let steps = block("steps")?;
            Some(Step::Retry { policy: policy(value, problems)?, steps })
        }
        "wait" => {
            let otherwise = block("else");
            wait(node, value, otherwise, problems)
        }
        "work" => work(value, problems),
        "call" => call(value, problems),
        "send" => sending(value, ["command", "to"], problems).map(Step::Send),
        "publish" => sending(value, ["event", "on"], problems).map(Step::Publish),
        "reply" => Some(Step::Reply(with(value, problems))),
        "set" => Some(Step::Set(values(value))),
        "let" => Some(Step::Let(values(value))),
        "store" => Some(Step::Store(values(value))),
        "remember" => Some(Step::Remember(values(value))),
        "forget" => Some(Step::Forget(name(Some(value))?)),
        "measure" => Some(Step::Measure(values(value))),
        _ => None,
    }
}

fn work(node: &Node, problems: &mut Problems) -> Option<Step> {
    let Some(times) = node.field("times") else {
        return Some(Step::Work { time: Some(time(Some(node), problems)?), times: None });
    };
    let own = match node.field("for") {
        Some(own) => Some(time(Some(own), problems)?),
        None => None,
    };
    Some(Step::Work { time: own, times: Some(formula(times)?) })
}

fn call(node: &Node, problems: &mut Problems) -> Option<Step> {
    Some(Step::Call(Call {
        to: name(node.field("to"))?,
        send: name(node.field("send"))?,
        timeout: node.field("timeout").and_then(duration),
        go_on: is(node, "on_error", "continue"),
        cancels: is(node, "cancel", "yes"),
        with: with(node, problems),
        take: node
            .field("take")
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(|it| name(Some(it)))
            .collect(),
    }))
}

fn sending(node: &Node, [what, whom]: [&str; 2], problems: &mut Problems) -> Option<Sending> {
    let after = node.field("after").and_then(|after| time(Some(after), problems));
    let (message, to) = (name(node.field(what))?, name(node.field(whom))?);
    Some(Sending { message, to, after, with: with(node, problems) })
}

/// The fields that a message is given. Its schema version is one of them.
fn with(node: &Node, problems: &mut Problems) -> Values {
    let mut fields = node.field("with").map(values).unwrap_or_default();
    if let Some(schema) = node.entry("schema") {
        if let Some(known) = fields.iter().find(|field| field.name.value == "schema") {
            let message = "the schema version of this message is given twice";
            problems.error(
                schema.place,
                message,
                format!("it also stands in line {}", known.name.place.line),
            );
        }
        if let Some(version) = whole(Some(&schema.node)) {
            let value = At { place: schema.node.place, value: Formula::Number(version) };
            fields.push(Named { name: name_of(schema), value });
        }
    }
    fields
}

/// Names with their values; a name alone is given 1.
fn values(node: &Node) -> Values {
    let mut values = Vec::new();
    if let Some(name) = name(Some(node)) {
        let value = At { place: name.place, value: Formula::Number(1) };
        values.push(Named { name, value });
    }
    for entry in node.entries() {
        values.extend(formula(&entry.node).map(|value| Named { name: name_of(entry), value }));
    }
    values
}

/// An expression, or a fact that was set at least so often.
fn condition(node: &Node) -> Option<At<Formula>> {
    let Some(fact) = node.field("fact") else { return formula(node) };
    let fact = name(Some(fact))?;
    let at_least = whole(node.field("at_least")).unwrap_or(1);
    let sides = [Formula::Name { name: fact.value, offset: 0 }, Formula::Number(at_least)];
    let [one, other] = sides.map(Box::new);
    Some(At { place: fact.place, value: Formula::Binary(Operator::AtLeast, one, other) })
}

fn wait(node: &Node, value: &Node, otherwise: Option<Steps>, problems: &mut Problems) -> Option<Step> {
    let (until, time) = match value.field("until") {
        Some(until) => {
            let time = match value.field("for") {
                Some(most) => Some(time(Some(most), problems)?),
                None => None,
            };
            (Some(formula(until)?), time)
        }
        None => (None, Some(time(Some(value), problems)?)),
    };
    let can_be_late = until.is_some() && time.is_some();
    if let Some(entry) = node.entry("else").filter(|_| !can_be_late) {
        let (message, help) = match until {
            None => {
                ("a pause always ends, so that this `else` is never done", "remove it, or say `until:` what")
            }
            Some(_) => {
                ("this waits for ever, so that its `else` is never done", "say `for:` how long it waits")
            }
        };
        problems.warning(entry.place, message, help);
    }
    Some(Step::Wait { until, time, otherwise: otherwise.filter(|_| can_be_late) })
}

fn policy(node: &Node, problems: &mut Problems) -> Option<Retry> {
    let duration_of = |key: &str| node.field(key).and_then(duration);
    let (pause, longest) = (duration_of("pause"), duration_of("longest"));
    let policy = Retry {
        attempts: attempts(node.field("attempts")?.text()?).ok()?,
        pause: pause.unwrap_or_default(),
        growth: node.field("growth").and_then(|node| growth(node.text()?).ok()).unwrap_or(1.0),
        longest: longest.unwrap_or(DURATION_MAX),
        jitter: match node.field("jitter").and_then(Node::text) {
            Some("full") => Jitter::Full,
            Some("half") => Jitter::Half,
            Some(_) | None => Jitter::None,
        },
        budget: percent(node.field("budget")),
    };
    let place = |key: &str| node.entry(key).map_or(node.place, |entry| entry.node.place);
    if policy.attempts.is_none() && policy.pause.nanos() == 0 {
        problems.error(
            place("attempts"),
            "this is tried for ever without a pause",
            "add `pause:`, such as 100ms, or say how many `attempts:` there are",
        );
    }
    if policy.attempts == Some(1) {
        let message = "one attempt is no retry: the first counts too";
        problems.warning(place("attempts"), message, "expected at least 2, or remove the `retry`");
    }
    if policy.longest < policy.pause {
        let message = format!("the longest pause is shorter than the first, {}", duration_text(policy.pause));
        problems.error(place("longest"), message, "make `longest` longer, or `pause` shorter");
    }
    if policy.budget == Some(0.0) {
        let help = "expected more than 0%, or remove the `retry`";
        problems.error(place("budget"), "a budget of nothing allows no retry", help);
    }
    Some(policy)
}

/// Whether this word stands under a key.
fn is(node: &Node, key: &str, word: &str) -> bool {
    node.field(key).and_then(Node::text) == Some(word)
}
