//! What may stand at the top and in a variant.

use super::read::{duration, duration_at, each, name, name_of, named, pair, percent, whole};
use super::time::{arrives, time, time_at};
use super::{Between, Channel, Client, Handler, Link, Links, Parts, Service, steps};
use crate::diagnostic::{At, Problems};
use crate::tree::Node;

pub(super) fn read(node: &Node, problems: &mut Problems) -> Parts {
    Parts {
        clients: named(node, "clients", |node| client(node, problems)),
        services: named(node, "services", |node| service(node, problems)),
        links: links(node.field("links"), problems),
        channels: named(node, "channels", channel),
        handlers: handlers(node, problems),
    }
}

fn client(node: &Node, problems: &mut Problems) -> Client {
    Client {
        arrivals: arrives(node.field("arrivals"), problems),
        sends: name(node.field("sends")),
        to: name(node.field("to")),
        patience: time_at(node.field("patience"), problems),
        from: duration_at(node.field("from")),
        until: duration_at(node.field("until")),
    }
}

fn service(node: &Node, problems: &mut Problems) -> Service {
    Service {
        workers: whole(node.field("workers")),
        inbox: whole(node.field("inbox")),
        work: time(node.field("work"), problems),
    }
}

fn links(node: Option<&Node>, problems: &mut Problems) -> Links {
    let Some(node) = node else { return Links::default() };
    let default = node.field("default").map(|node| link(node, problems)).unwrap_or_default();
    let between = each(node, "between", |node| {
        Some(Between { places: pair(node.field("places"))?, link: link(node, problems) })
    });
    Links { default, between }
}

fn link(node: &Node, problems: &mut Problems) -> Link {
    Link {
        latency: time(node.field("latency"), problems),
        loss: percent(node.field("loss")),
        duplication: percent(node.field("duplication")),
        reordering: percent(node.field("reordering")),
    }
}

fn channel(node: &Node) -> Channel {
    let parameters = node.entries().iter().filter(|entry| entry.key != "profile").map(name_of).collect();
    Channel {
        profile: name(node.field("profile")),
        prefetch: whole(node.field("prefetch")),
        delivery_limit: whole(node.field("delivery_limit")),
        max_length: whole(node.field("max_length")),
        overflow: node.field("overflow").and_then(|node| overflow(node.text()?)),
        durable: node.field("durable").and_then(|node| node.text()?.parse().ok()),
        heartbeat: node.field("heartbeat").and_then(duration),
        parameters,
    }
}

fn overflow(text: &str) -> Option<channel::Overflow> {
    match text {
        "drop-head" => Some(channel::Overflow::DropHead),
        "reject-publish" => Some(channel::Overflow::RejectPublish),
        _ => None,
    }
}

fn handlers(node: &Node, problems: &mut Problems) -> Vec<Handler> {
    let services = node.field("handlers").map_or(&[][..], Node::entries);
    let mut handlers = Vec::new();
    for service in services {
        for message in service.node.entries() {
            let steps = steps::read(&message.node, problems);
            handlers.push(Handler { service: name_of(service), message: name_of(message), steps });
        }
    }
    handlers
}

/// A part with a place, for those that stand in lists.
pub(super) fn at<T>(node: &Node, value: T) -> At<T> {
    At { place: node.place, value }
}
