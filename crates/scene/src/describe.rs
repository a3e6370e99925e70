//! Everything on the stage as text, for those who do not see it.

use std::fmt::Write;

mod channel;

use kernel::Time;
use topology::{ClientId, Outcome, Place, ServiceId, Target, WorkerState, World};

use crate::layout::Layout;
use crate::scenery::Scenery;

/// A sentence for each place: "payment: down for 3.2 s, 4 workers, 0 in inbox".
pub fn describe(world: &World, layout: &Layout, scenery: &Scenery) -> Vec<(Place, String)> {
    let sentence = |&place: &Place| {
        let mut words = match place {
            Place::Client(id) => client(world, scenery, id),
            Place::Service(id) => service(world, id),
            Place::Channel(id) => channel::words(world, id),
        };
        wrong(&mut words, world, scenery, place);
        (place, words)
    };
    layout.places().iter().map(sentence).collect()
}

fn client(world: &World, scenery: &Scenery, id: ClientId) -> String {
    let client = &world.plan().clients[id.index()];
    if let Target::Channel(_) = client.to {
        let sent = scenery.requests_of(Place::Client(id), world.now());
        return format!("{}: client, {sent} sent", client.name);
    }
    let waits = world.cases().filter(|case| case.client == id && case.outcome == Outcome::Waiting).count();
    let (answered, refused, gave_up) = world.departures(id);
    let name = &client.name;
    format!("{name}: client, {waits} waiting, {answered} answered, {refused} refused, {gave_up} gave up")
}

fn service(world: &World, id: ServiceId) -> String {
    let place = Place::Service(id);
    let mut words = format!("{}: service", world.plan().services[id.index()].name);
    let count = |wanted: WorkerState| world.workers(id).filter(|&state| state == wanted).count();
    let all = world.workers(id).len();
    let workers = if all == 1 { "worker" } else { "workers" };
    // Writing to a string does not fail, here and below.
    if world.is_up(place) {
        let (working, waiting) = (count(WorkerState::Working), count(WorkerState::Waiting));
        let _ = write!(words, ", {working} of {all} {workers} working, {waiting} waiting for a reply");
    } else {
        let _ = write!(words, ", down for {:.1} s, {all} {workers}", down_for(world, place));
    }
    let _ = write!(words, ", {} in inbox", world.inbox(id).len());
    let parked = world.parked(id);
    if parked > 0 {
        let handlers = if parked == 1 { "handler waits" } else { "handlers wait" };
        let _ = write!(words, ", {parked} {handlers} without a worker");
    }
    let slowness = world.slowness(id);
    if slowness != 1.0 {
        let _ = write!(words, ", {slowness} times slower");
    }
    words
}

fn down_for(world: &World, place: Place) -> f64 {
    world.now().since(world.since(place)).seconds()
}

/// What went wrong there so far, with reasons.
fn wrong(words: &mut String, world: &World, scenery: &Scenery, place: Place) {
    let now: Time = world.now();
    for (reason, count) in scenery.losses_at(place, now) {
        let what = if reason.is_missed() { "lost" } else { "needless" };
        let _ = write!(words, ", {count} {what} ({})", reason.words());
    }
    let tally = scenery.at_place(place, now);
    if tally.out_of_order > 0 {
        let _ = write!(words, ", {} out of order", tally.out_of_order);
    }
    if tally.twice > 0 {
        let _ = write!(words, ", {} effects twice", tally.twice);
    }
    for (index, route) in world.plan().routes.iter().enumerate() {
        let id = topology::RouteId(index as u16);
        let lost = if route.from == place { scenery.lost_on(id, now) } else { 0 };
        let to = world.plan().name_of(route.to);
        if lost > 0 {
            let _ = write!(words, ", {lost} lost on the way to {to}");
        }
        if route.from == place && world.is_cut(id) {
            let _ = write!(words, ", cut off from {to}");
        }
    }
}
