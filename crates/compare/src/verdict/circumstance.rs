//! Under which circumstances contenders were run: "with payment down for 10 s".

use kernel::{Span, Time};
use topology::{Act, Arrivals, Client, Place, Plan};

use super::words;
use crate::Study;
use crate::listed::listed;
use crate::render::shown;
use crate::row::Unit;

/// What all contenders were up against, for the beginning of a sentence: `With payment down for 10 s, `; empty if
/// nothing was wrong, or not the same for all.
pub(super) fn circumstance(study: &Study) -> String {
    let mut phrases: Option<Vec<String>> = None;
    for contender in &study.contenders {
        let known = of_plan(&contender.plan);
        match &mut phrases {
            None => phrases = Some(known),
            Some(phrases) => phrases.retain(|phrase| known.contains(phrase)),
        }
    }
    let phrases = phrases.unwrap_or_default();
    if phrases.is_empty() || phrases.len() > PHRASES_MAX {
        return String::new();
    }
    format!("With {}, ", listed(&phrases))
}

fn of_plan(plan: &Plan) -> Vec<String> {
    let mut phrases = faults(plan);
    let network = |share: fn(&topology::Link) -> f64, what: &str| {
        let shares = plan.routes.iter().map(|route| share(&plan.links[usize::from(route.link)]));
        let most = shares.fold(0.0, f64::max);
        (most > 0.0).then(|| format!("{} of messages {what}", shown(most, Unit::Share)))
    };
    phrases.extend(network(|link| link.loss, "lost"));
    phrases.extend(network(|link| link.duplication, "arriving twice"));
    phrases.extend(plan.clients.iter().filter_map(|client| crowd(plan, client)));
    phrases
}

/// What is done to the system, each with its end. What is done several times is said once.
fn faults(plan: &Plan) -> Vec<String> {
    let mut phrases: Vec<(String, Vec<String>)> = Vec::new();
    for (at, fault) in plan.faults.iter().enumerate() {
        let end = plan.faults[at + 1..].iter().find(|later| later.act.ends(fault.act)).map(|later| later.at);
        let lasting = match end {
            Some(end) => format!("for {}", end.since(fault.at)),
            None if fault.at == Time::ZERO => "all the time".into(),
            None => format!("from {} on", fault.at.since(Time::ZERO)),
        };
        let name = |place| plan.name_of(place);
        let (what, lasting) = match fault.act {
            Act::Crash { place: Place::Client(_) } | Act::Restart { .. } | Act::Mend { .. } => continue,
            Act::Crash { place } => (format!("{} down", name(place)), lasting),
            Act::Slow { factor, .. } if factor <= 1.0 => continue,
            Act::Slow { service, factor } => {
                let name = name(Place::Service(service));
                (format!("{name} {} as slow", words::times(f64::from(factor))), lasting)
            }
            Act::Cut { one, other } => {
                (format!("nothing getting through between {} and {}", name(one), name(other)), lasting)
            }
            Act::Rebuild { service } => {
                let at = fault.at.since(Time::ZERO);
                (format!("{} rebuilt", name(Place::Service(service))), format!("at {at}"))
            }
            Act::Profile { channel, .. } => {
                (format!("other rules for {}", name(Place::Channel(channel))), lasting)
            }
        };
        match phrases.iter_mut().find(|(known, _)| *known == what) {
            Some((_, times)) => times.push(lasting),
            None => phrases.push((what, vec![lasting])),
        }
    }
    phrases.into_iter().map(|(what, times)| format!("{what} {}", together(&times))).collect()
}

/// `for 10 s`, `twice for 10 s`, `for 10 s and for 8 s`.
fn together(times: &[String]) -> String {
    match times {
        [one, others @ ..] if !others.is_empty() && others.iter().all(|other| other == one) => {
            format!("{} {one}", words::often(times.len() as f64))
        }
        _ => listed(times),
    }
}

/// Customers who do not come evenly.
fn crowd(plan: &Plan, client: &Client) -> Option<String> {
    let passing = client.from > Time::ZERO && client.until < plan.length;
    let while_it_lasts = || {
        let (from, until) = (client.from.since(Time::ZERO), client.until.since(Time::ZERO));
        format!("from {from} to {until}")
    };
    match &client.arrivals {
        Arrivals::Burst { count, every } if Time::ZERO + *every < plan.length => {
            Some(format!("{} at once every {every}", words::count(f64::from(*count), "customer")))
        }
        Arrivals::Burst { count, .. } => {
            Some(format!("{} at once", words::count(f64::from(*count), "customer")))
        }
        Arrivals::Poisson { per_second } | Arrivals::Constant { per_second } if passing => {
            Some(format!("{} more customers a second {}", shown(*per_second, Unit::Count), while_it_lasts()))
        }
        Arrivals::Ramp { from_per_second, to_per_second, over } => {
            let [from, to] = [from_per_second, to_per_second].map(|rate| shown(*rate, Unit::Count));
            let over: Span = *over;
            Some(format!("customers going from {from} to {to} a second over {over}"))
        }
        Arrivals::Poisson { .. }
        | Arrivals::Constant { .. }
        | Arrivals::Times { .. }
        | Arrivals::Users { .. } => None,
    }
}

/// More circumstances are not listed: nobody could say what came of which.
const PHRASES_MAX: usize = 4;
