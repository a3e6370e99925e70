//! A channel in words: what the stage draws of it.

use std::fmt::Write;

use channel::{Group, Subscription};
use topology::{ChannelId, Place, World};

use super::down_for;
use crate::layout::{Kind, Look};
use crate::waiting::{Beside, Hands, Idle, Pattern, Waiting};

/// "events: log, partition 0: 42 entries, billing is 3 behind, owned by billing 2".
pub(super) fn words(world: &World, id: ChannelId) -> String {
    let (plan, place, look) =
        (&world.plan().channels[id.index()], Place::Channel(id), Look::present(world, id));
    let mut words = String::new();
    // Writing to a string does not fail, here and below.
    let _ = write!(words, "{}: ", plan.name);
    match look.kind {
        Kind::Topic => topic(&mut words, world, id),
        Kind::Queue => queue(&mut words, world, id, &look),
        Kind::Exchange => exchange(&mut words, world, id, &look),
        Kind::Log => log(&mut words, world, id, &look),
        Kind::Table => table(&mut words, world, id),
    }
    let dead = world.dead_lettered(id);
    if dead > 0 || look.siding {
        // What belongs to one of several groups ends before.
        let end = if matches!(look.kind, Kind::Exchange | Kind::Log) { "; " } else { ", " };
        let _ = write!(words, "{end}{dead} dead letters");
    }
    if look.in_process {
        for service in &plan.publishers {
            let _ = write!(words, ", inside {}", world.plan().services[service.index()].name);
        }
    }
    if !world.is_up(place) {
        let _ = write!(words, ", down for {:.1} s", down_for(world, place));
    }
    words
}

fn topic(words: &mut String, world: &World, id: ChannelId) {
    let all = world.plan().channels[id.index()].subscribers.len();
    let listening = (0..all as u16).filter(|&index| world.is_listening(id, index)).count();
    let _ = write!(words, "topic, {listening} of {all} subscribers listening");
}

fn queue(words: &mut String, world: &World, id: ChannelId, look: &Look) {
    let _ = write!(words, "queue, ");
    group(words, world, id, Group(0), look);
}

/// What waits for a group.
fn group(words: &mut String, world: &World, id: ChannelId, group: Group, look: &Look) {
    let Waiting { ready, held, later } = Waiting::of(world, id, group);
    let _ = write!(words, "{ready} ready");
    if let Some(bound) = look.bound {
        let _ = write!(words, " of at most {bound}");
    }
    let _ = write!(words, ", {held} unacknowledged");
    if later > 0 {
        let _ = write!(words, ", {later} later");
    }
}

fn exchange(words: &mut String, world: &World, id: ChannelId, look: &Look) {
    words.push_str("exchange");
    for (index, planned) in world.groups(id).iter().enumerate() {
        let number = Group(index as u16);
        let first = &planned.bindings[..planned.bindings.len().min(1)];
        let pattern = Pattern { bindings: first, most: usize::MAX, keyed: look.keyed };
        let _ = write!(words, "; {} ({pattern}", planned.name);
        for pattern in planned.bindings.iter().skip(1) {
            let _ = write!(words, ", {pattern}");
        }
        words.push_str("): ");
        group(words, world, id, number, look);
        let engine = world.channel(id);
        if !engine.members(number).any(|who| engine.is_connected(who)) {
            words.push_str(", away");
        }
    }
}

fn log(words: &mut String, world: &World, id: ChannelId, look: &Look) {
    words.push_str("log");
    let engine = world.channel(id);
    let shown = look.tapes() as u16;
    for partition in 0..shown {
        let _ = write!(words, "; partition {partition}: {} entries", engine.entries_len(partition));
        for (index, planned) in world.groups(id).iter().enumerate() {
            let group = Group(index as u16);
            let (_, lag) = engine.unread(group, partition);
            let _ = write!(words, ", {} is {lag} behind", planned.name);
            let out = Waiting::out_of(world, id, group, partition);
            if out > 0 {
                let _ = write!(words, " with {out} unacknowledged");
            }
            if let Some(owner) = engine.owner(group, partition) {
                words.push_str(", owned by ");
                consumer(words, world, id, owner);
            }
        }
    }
    let more = engine.partitions() - shown;
    if more > 0 {
        let _ = write!(words, "; {more} more partitions");
    }
    for group in (0..world.groups(id).len() as u16).map(Group) {
        let (idle, beside) = (Idle { world, channel: id, group }, Beside { world, channel: id, group });
        if idle.is_any() {
            let _ = write!(words, "; {idle}");
        }
        if beside.is_any() {
            let _ = write!(words, "; {beside}");
        }
    }
}

/// A consumer by name: "billing 2".
fn consumer(words: &mut String, world: &World, id: ChannelId, who: Subscription) {
    let Some((service, worker)) = world.subscriber_of(id, who) else { return };
    words.push_str(&world.plan().services[service.index()].name);
    if let Some(worker) = worker {
        let _ = write!(words, " {}", worker + 1);
    }
}

fn table(words: &mut String, world: &World, id: ChannelId) {
    let hands = Hands::of(world, id, Group(0));
    let Waiting { ready, later, .. } = Waiting::of(world, id, Group(0));
    let _ = write!(words, "jobs table, {ready} pending");
    if hands.looks > 0 {
        let _ = write!(words, ", looked at {} times", hands.looks);
    }
    let _ = write!(words, ", {} running", hands.running);
    if later > 0 {
        let _ = write!(words, ", {later} later");
    }
    let _ = write!(words, ", {} done", world.channel(id).done_len(Group(0)));
}
