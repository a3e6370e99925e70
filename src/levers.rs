//! The levers of a part: what a person can do to it now.

use channel::Keeps;
use topology::{Act, ChannelId, Place, Plan, ServiceId, World};

/// How many times as long a slowed service takes.
const SLOW_FACTOR: f32 = 5.0;

/// A button that does something to the system.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// What it says.
    pub label: String,
    /// What tests call it.
    pub test_id: &'static str,
    /// What it does.
    pub act: Act,
    /// Whether it undoes what went wrong.
    pub mends: bool,
}

/// What can be done to a part as things are.
pub fn levers(world: &World, place: Place) -> Vec<Lever> {
    let mut levers = Vec::new();
    match place {
        Place::Client(_) => {}
        Place::Service(service) => {
            levers.extend([up_or_down(world, place), pace(world, service)]);
            levers.extend(rebuild(world, service));
        }
        Place::Channel(_) => levers.push(up_or_down(world, place)),
    }
    levers.extend(neighbours(world.plan(), place).into_iter().map(|other| network(world, place, other)));
    levers
}

/// Crash, or start again.
pub fn up_or_down(world: &World, place: Place) -> Lever {
    let name = world.plan().name_of(place);
    if world.is_up(place) {
        Lever { label: format!("Crash {name}"), test_id: "crash", act: Act::Crash { place }, mends: false }
    } else {
        Lever {
            label: format!("Restart {name}"),
            test_id: "restart-part",
            act: Act::Restart { place },
            mends: true,
        }
    }
}

fn pace(world: &World, service: ServiceId) -> Lever {
    let name = world.plan().name_of(Place::Service(service));
    if world.slowness(service) == 1.0 {
        let act = Act::Slow { service, factor: SLOW_FACTOR };
        Lever { label: format!("Slow {name} {SLOW_FACTOR}×"), test_id: "slow", act, mends: false }
    } else {
        let act = Act::Slow { service, factor: 1.0 };
        Lever { label: format!("{name} at usual speed"), test_id: "usual-speed", act, mends: true }
    }
}

/// Whoever keeps something and reads from a log can forget it and read everything again.
fn rebuild(world: &World, service: ServiceId) -> Option<Lever> {
    let plan = world.plan();
    let keeps = plan.cells.iter().any(|cell| cell.service == service);
    let reads_log = plan.channels.iter().enumerate().any(|(index, channel)| {
        let rules = world.channel(ChannelId(index as u16)).rules();
        matches!(rules.keeps, Keeps::Log { .. }) && channel.subscribers.iter().any(|it| it.service == service)
    });
    let label = format!("Rebuild {}", plan.name_of(Place::Service(service)));
    let act = Act::Rebuild { service };
    (keeps && reads_log).then_some(Lever { label, test_id: "rebuild", act, mends: false })
}

fn network(world: &World, one: Place, other: Place) -> Lever {
    let plan = world.plan();
    let name = plan.name_of(other);
    if is_cut(world, one, other) {
        let act = Act::Mend { one, other };
        Lever { label: format!("Mend link to {name}"), test_id: "mend", act, mends: true }
    } else {
        let act = Act::Cut { one, other };
        Lever { label: format!("Cut link to {name}"), test_id: "cut", act, mends: false }
    }
}

fn is_cut(world: &World, one: Place, other: Place) -> bool {
    let between = |(_, route): &(usize, &topology::Route)| (route.from, route.to) == (one, other);
    let found = world.plan().routes.iter().enumerate().find(between);
    found.is_some_and(|(index, _)| world.is_cut(topology::RouteId(index as u16)))
}

/// The parts that something is sent to or comes from, each once, in the plan's order.
fn neighbours(plan: &Plan, place: Place) -> Vec<Place> {
    plan.places().filter(|&other| plan.routes.iter().any(|it| (it.from, it.to) == (place, other))).collect()
}
