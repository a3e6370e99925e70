//! Distributions and arrivals, in either form.

use kernel::Distribution;
use topology::Arrivals;

use super::read::{duration, whole};
use crate::diagnostic::{At, Problems, Wrong};
use crate::line::{arrivals, distribution};
use crate::tree::Node;
use crate::units;

/// A distribution; a line has been checked before, a mapping may still be wrong as a whole.
pub(super) fn time(node: Option<&Node>, problems: &mut Problems) -> Option<Distribution> {
    let node = node?;
    match node.text() {
        Some(line) => distribution::read(line).ok(),
        None => reported(node, of_mapping(node)?, problems),
    }
}

/// A distribution with its place.
pub(super) fn time_at(node: Option<&Node>, problems: &mut Problems) -> Option<At<Distribution>> {
    Some(At { place: node?.place, value: time(node, problems)? })
}

/// How requests arrive.
pub(super) fn arrives(node: Option<&Node>, problems: &mut Problems) -> Option<At<Arrivals>> {
    let node = node?;
    let value = match node.text() {
        Some(line) => arrivals::read(line).ok()?,
        None => {
            let read = arrivals_of(node, problems)?;
            reported(node, read, problems)?
        }
    };
    Some(At { place: node.place, value })
}

fn reported<T>(node: &Node, read: Result<T, Wrong>, problems: &mut Problems) -> Option<T> {
    read.map_err(|wrong| problems.error(node.place, wrong.message, wrong.help)).ok()
}

/// `None` if a part is missing or wrong, which has been reported.
fn of_mapping(node: &Node) -> Option<Result<Distribution, Wrong>> {
    let [entry] = node.entries() else { return None };
    let value = &entry.node;
    let part = |key: &str| value.field(key).and_then(duration);
    match entry.key.as_str() {
        "constant" => Some(Ok(Distribution::constant(duration(value)?))),
        "uniform" => match value.text() {
            // A range on a line has been checked as a whole.
            Some(range) => Some(Ok(distribution::read(&format!("uniform {range}")).ok()?)),
            None => Some(distribution::uniform(part("low")?, part("high")?)),
        },
        "exponential" => Some(distribution::exponential(duration(value).or_else(|| part("mean"))?)),
        "lognormal" => Some(distribution::lognormal(part("median")?, part("p99")?)),
        "pareto" => {
            let shape = units::read_number(value.field("shape")?.text()?, distribution::SHAPE).ok()?;
            Some(distribution::pareto(part("minimum")?, shape))
        }
        "empirical" => {
            let values: Option<Vec<_>> = value.items().iter().map(duration).collect();
            Some(Ok(Distribution::empirical(&values?)))
        }
        _ => None,
    }
}

fn arrivals_of(node: &Node, problems: &mut Problems) -> Option<Result<Arrivals, Wrong>> {
    let times = |node: &Node| node.items().iter().map(duration).collect::<Option<Vec<_>>>();
    if !node.items().is_empty() {
        return Some(arrivals::at(times(node)?));
    }
    let entry = node.entries().iter().find(|entry| arrivals::NAMES.contains(&entry.key.as_str()))?;
    let value = &entry.node;
    let rate = |node: Option<&Node>| units::rate(node?.text()?).ok();
    match entry.key.as_str() {
        "poisson" => Some(arrivals::poisson(rate(Some(value))?)),
        "constant" => Some(arrivals::constant(rate(Some(value))?)),
        "burst" => Some(arrivals::burst(whole(Some(value))?, duration(node.field("every")?)?)),
        "ramp" => {
            let over = duration(value.field("over")?)?;
            Some(arrivals::ramp(rate(value.field("from"))?, rate(value.field("to"))?, over))
        }
        "at" => Some(arrivals::at(times(value)?)),
        "users" => Some(arrivals::users(whole(Some(value))?, time(node.field("thinking"), problems)?)),
        _ => None,
    }
}
