//! The steps of handlers.

use super::Step;
use super::parts::at;
use super::read::{duration, name, percent, whole};
use super::time::time;
use crate::diagnostic::{At, Problems};
use crate::tree::Node;

/// What can be read of a list of steps.
pub(super) fn read(node: &Node, problems: &mut Problems) -> Vec<At<Step>> {
    node.items().iter().filter_map(|item| Some(at(item, step(item, problems)?))).collect()
}

fn step(node: &Node, problems: &mut Problems) -> Option<Step> {
    if let Some(word) = node.text() {
        return match word {
            "work" => Some(Step::Work(None)),
            "reply" => Some(Step::Reply),
            "fail" => Some(Step::Fail),
            _ => None,
        };
    }
    // Where it is a step at all, its own key is one of these; `then` and `else` are not.
    let head = node.entries().iter().find(|entry| entry.key != "then" && entry.key != "else")?;
    let value = &head.node;
    match head.key.as_str() {
        "work" => Some(Step::Work(Some(time(Some(value), problems)?))),
        "call" => call(value),
        "send" => Some(Step::Send { command: name(value.field("command"))?, to: name(value.field("to"))? }),
        "publish" => Some(Step::Publish { event: name(value.field("event"))?, on: name(value.field("on"))? }),
        "reply" => Some(Step::Reply),
        "set" => Some(Step::Set(name(Some(value))?)),
        "if" => {
            let [then, otherwise] = branches(node, problems);
            let fact = name(Some(value)).or_else(|| name(value.field("fact")))?;
            let at_least = whole(value.field("at_least")).unwrap_or(1);
            Some(Step::If { fact, at_least, then, otherwise })
        }
        "chance" => {
            let [then, otherwise] = branches(node, problems);
            Some(Step::Chance { probability: percent(Some(value))?, then, otherwise })
        }
        _ => None,
    }
}

fn call(node: &Node) -> Option<Step> {
    Some(Step::Call {
        to: name(node.field("to"))?,
        send: name(node.field("send"))?,
        timeout: node.field("timeout").and_then(duration),
        go_on: node.field("on_error").and_then(Node::text) == Some("continue"),
    })
}

fn branches(node: &Node, problems: &mut Problems) -> [Vec<At<Step>>; 2] {
    ["then", "else"].map(|key| node.field(key).map(|steps| read(steps, problems)).unwrap_or_default())
}
